"""The threshold and the decay, adjusted to the budget and to the observed edits."""

import math
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from schedules.cadence import (
    CHECKS_PER_ARTICLE,
    CHECKS_TIMES_THRESHOLD,
    MAX_CHECK_INTERVAL,
    MIN_CHECK_INTERVAL,
    CheckRate,
)
from schedules.cadence.edit_rate import DEFAULT_DECAY, HORIZON_HOURS, Decay
from schedules.cadence.fit import EditInterval, refit
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
# The fit takes the newest edits; with fewer than the minimum it would follow chance.
MAX_FIT_EDITS, MIN_FIT_EDITS = 1000, 50
FIT_WATCHED_FOR = timedelta(days=90)
THRESHOLD_RANGE = (1e-4, 0.6)
MAX_FIRST_THRESHOLD = 0.5
# How strongly the threshold answers when more or fewer checks are planned than the budget allows.
FEEDBACK_EXPONENT = 0.3
# The most by which it changes in one step: a batch of new articles must not push it to an extreme.
MAX_THRESHOLD_FACTOR = 1.5


@dataclass(frozen=True, slots=True)
class Budget:
    """How many checks the user allows: per article in its first 30 days, or per day in all.

    `checks_per_day` takes precedence if it is given. No interval is below the floor or above the ceiling.
    """

    checks_per_article: float = CHECKS_PER_ARTICLE
    checks_per_day: float | None = None
    floor: timedelta = MIN_CHECK_INTERVAL
    ceiling: timedelta = MAX_CHECK_INTERVAL


def next_threshold(threshold: float, *, planned: float, budget: float) -> float:
    """The threshold, one step closer to the one at which the planned checks meet the budget.

    `planned` and `budget` are checks in the same time.

    >>> next_threshold(0.03, planned=100, budget=100)
    0.03
    """
    low_bound, high_bound = THRESHOLD_RANGE
    if budget <= 0:
        return high_bound
    step = math.pow(planned / budget, FEEDBACK_EXPONENT) if planned > 0 else 1.0
    step = min(max(step, 1 / MAX_THRESHOLD_FACTOR), MAX_THRESHOLD_FACTOR)
    return min(max(threshold * step, low_bound), high_bound)


def budget_at(age: timedelta, checks: float, decay: Decay = DEFAULT_DECAY) -> float:
    """The checks per day that an article of this age may have, of `checks` in its first 30 days.

    >>> round(budget_at(timedelta(0), 24)), round(budget_at(timedelta(days=2), 24), 1)
    (299, 0.9)
    """
    hours = age / timedelta(hours=1)
    if hours > HORIZON_HOURS:
        return 0.0
    return checks * 24 * decay.rate(hours) / decay.mass(0, HORIZON_HOURS)


def current_check_rate(db: Database, budget: Budget) -> CheckRate:
    """The check rate as stored, or as it is before the first update."""
    return _check_rate_of(stored_check_rate(db), budget)


def _check_rate_of(stored: StoredCheckRate | None, budget: Budget) -> CheckRate:
    if stored is None:
        threshold = min(CHECKS_TIMES_THRESHOLD / budget.checks_per_article, MAX_FIRST_THRESHOLD)
        return CheckRate(threshold, DEFAULT_DECAY, budget.floor, budget.ceiling)
    decay = Decay(stored.scale, stored.tau, stored.q)
    return CheckRate(stored.threshold, decay, budget.floor, budget.ceiling)


def update_check_rate(db: Database, budget: Budget, *, now: datetime) -> CheckRate:
    """The check rate from now on: a new threshold every ten minutes, a new decay every day.

    The result is stored. An update that lies in the future counts as none: the clock was set back.
    """
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
    update = StoredCheckRate(
        check_rate.threshold, decay.scale, decay.tau, decay.q, to_text(now), fitted_at
    )
    store_check_rate(db, update)
    return check_rate


def _updated_threshold(db: Database, check_rate: CheckRate, budget: Budget, now: datetime) -> float:
    allowed_checks = _allowed_checks_per_day(db, check_rate.decay, budget, now)
    if not allowed_checks:  # no article is young enough to have a budget
        return check_rate.threshold
    planned = planned_checks_per_day(db)
    return next_threshold(check_rate.threshold, planned=planned, budget=allowed_checks)


def _allowed_checks_per_day(db: Database, decay: Decay, budget: Budget, now: datetime) -> float:
    if budget.checks_per_day is not None:
        return budget.checks_per_day
    ages = article_ages(db, now, max_age=timedelta(hours=HORIZON_HOURS))
    return sum(count * budget_at(age, budget.checks_per_article, decay) for age, count in ages)


def _fit_decay(db: Database, now: datetime) -> Decay:
    intervals = edit_age_intervals(db, limit=MAX_FIT_EDITS)
    if len(intervals) < MIN_FIT_EDITS:
        return DEFAULT_DECAY
    spans = watched_spans(db, since=to_text(now - FIT_WATCHED_FOR))
    return refit(DEFAULT_DECAY, [EditInterval(start, end) for start, end in intervals], spans)
