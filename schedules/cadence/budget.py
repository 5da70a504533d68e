"""The price of a look and the course of edits, moved with what the looks show."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from schedules.cadence import (
    CHECKS_PER_ARTICLE,
    CHECKS_TIMES_THRESHOLD,
    DEFAULT_DECAY,
    MAX_CHECK_INTERVAL,
    MIN_CHECK_INTERVAL,
    CheckRate,
    budget_at,
    next_threshold,
)
from schedules.cadence.edit_rate import HORIZON_HOURS, Decay, EditInterval, refit
from storage.database import Database
from storage.queue.check_rate import (
    StoredCheckRate,
    article_ages,
    edit_age_intervals,
    planned_checks_per_day,
    store_check_rate,
    stored_check_rate,
    watched_spans,
)
from storage.timestamps import to_text

THRESHOLD_UPDATE_EVERY = timedelta(minutes=10)
DECAY_FIT_EVERY = timedelta(days=1)
# The fit takes the newest sightings; with fewer than this it would follow chance.
MAX_FIT_EDITS, MIN_FIT_EDITS = 1000, 50


@dataclass(frozen=True, slots=True)
class Budget:
    """What looks may cost: so many for each article in its first 30 days, or so many a day in all
    (where `looks_per_day` is given, it holds), and never closer or rarer than the bounds."""

    checks_per_article: float = CHECKS_PER_ARTICLE
    checks_per_day: float | None = None
    floor: timedelta = MIN_CHECK_INTERVAL
    ceiling: timedelta = MAX_CHECK_INTERVAL


def current_check_rate(db: Database, budget: Budget) -> CheckRate:
    """The pace as stored, or as it begins."""
    return _check_rate_of(stored_check_rate(db), budget)


def _check_rate_of(stored: StoredCheckRate | None, budget: Budget) -> CheckRate:
    if stored is None:
        threshold = min(CHECKS_TIMES_THRESHOLD / budget.checks_per_article, 0.5)
        return CheckRate(threshold, DEFAULT_DECAY, budget.floor, budget.ceiling)
    decay = Decay(stored.scale, stored.tau, stored.q)
    return CheckRate(stored.threshold, decay, budget.floor, budget.ceiling)


def update_check_rate(db: Database, budget: Budget, *, now: datetime) -> CheckRate:
    """The pace for the looks to come; every ten minutes the price moves, every day the course is fitted."""
    stored = stored_check_rate(db)
    check_rate = _check_rate_of(stored, budget)
    if stored and to_text(now - THRESHOLD_UPDATE_EVERY) < stored.adjusted_at <= to_text(now):
        return check_rate
    fitted_at = stored.fitted_at if stored else to_text(now)
    if not to_text(now - DECAY_FIT_EVERY) < fitted_at <= to_text(now):
        check_rate = replace(check_rate, decay=_fit_decay(db, now))
        fitted_at = to_text(now)
    if stored is not None:
        check_rate = replace(check_rate, threshold=_updated_threshold(db, check_rate, budget, now))
    decay = check_rate.decay
    store_check_rate(
        db,
        StoredCheckRate(
            check_rate.threshold, decay.scale, decay.tau, decay.q, to_text(now), fitted_at
        ),
    )
    return check_rate


def _updated_threshold(db: Database, check_rate: CheckRate, budget: Budget, now: datetime) -> float:
    if budget.checks_per_day is not None:
        allowed_checks = budget.checks_per_day
    else:
        allowed_checks = sum(
            count * budget_at(age, budget.checks_per_article, check_rate.decay)
            for age, count in article_ages(db, now, max_age=timedelta(hours=HORIZON_HOURS))
        )
    if not allowed_checks:  # nothing young enough to have a budget: nothing to learn a price from
        return check_rate.threshold
    return next_threshold(
        check_rate.threshold, planned=planned_checks_per_day(db), budget=allowed_checks
    )


def _fit_decay(db: Database, now: datetime) -> Decay:
    intervals = edit_age_intervals(db, limit=MAX_FIT_EDITS)
    if len(intervals) < MIN_FIT_EDITS:
        return DEFAULT_DECAY
    spans = watched_spans(db, since=to_text(now - timedelta(days=90)))
    return refit(DEFAULT_DECAY, [EditInterval(start, end) for start, end in intervals], spans)
