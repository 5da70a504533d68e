"""The price of a look and the course of edits, moved with what the looks show."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from schedules.cadence import (
    CEILING,
    FLOOR,
    LOOKS_PER_ARTICLE,
    LOOKS_TIMES_PRICE,
    START,
    Pace,
    budget_at,
    next_price,
)
from schedules.cadence.edit_rate import HORIZON, Baseline, Sighting, refit
from storage.database import Database
from storage.queue.check_rate import (
    StoredPace,
    ages,
    looks_planned,
    sightings,
    store_pace,
    stored_pace,
    watched_spans,
)
from storage.timestamps import moment

MOVE_EVERY = timedelta(minutes=10)
FIT_EVERY = timedelta(days=1)
# The fit takes the newest sightings; with fewer than this it would follow chance.
FIT_FROM, FIT_LEAST = 1000, 50


@dataclass(frozen=True, slots=True)
class Budget:
    """What looks may cost: so many for each article in its first 30 days, or so many a day in all
    (where `looks_per_day` is given, it holds), and never closer or rarer than the bounds."""

    looks_per_article: float = LOOKS_PER_ARTICLE
    looks_per_day: float | None = None
    floor: timedelta = FLOOR
    ceiling: timedelta = CEILING


def current_pace(db: Database, budget: Budget) -> Pace:
    """The pace as stored, or as it begins."""
    return _pace_of(stored_pace(db), budget)


def _pace_of(stored: StoredPace | None, budget: Budget) -> Pace:
    if stored is None:
        price = min(LOOKS_TIMES_PRICE / budget.looks_per_article, 0.5)
        return Pace(price, START, budget.floor, budget.ceiling)
    course = Baseline(stored.scale, stored.tau, stored.q)
    return Pace(stored.price, course, budget.floor, budget.ceiling)


def move_pace(db: Database, budget: Budget, *, now: datetime) -> Pace:
    """The pace for the looks to come; every ten minutes the price moves, every day the course is fitted."""
    stored = stored_pace(db)
    pace = _pace_of(stored, budget)
    if stored and moment(now - MOVE_EVERY) < stored.moved_at <= moment(now):
        return pace
    fitted_at = stored.fitted_at if stored else moment(now)
    if not moment(now - FIT_EVERY) < fitted_at <= moment(now):
        pace = replace(pace, course=_fitted(db, now))
        fitted_at = moment(now)
    if stored is not None:
        pace = replace(pace, price=_moved_price(db, pace, budget, now))
    course = pace.course
    store_pace(
        db, StoredPace(pace.price, course.scale, course.tau, course.q, moment(now), fitted_at)
    )
    return pace


def _moved_price(db: Database, pace: Pace, budget: Budget, now: datetime) -> float:
    if budget.looks_per_day is not None:
        allowed = budget.looks_per_day
    else:
        allowed = sum(
            count * budget_at(age, budget.looks_per_article, pace.course)
            for age, count in ages(db, now, younger=timedelta(hours=HORIZON))
        )
    if not allowed:  # nothing young enough to have a budget: nothing to learn a price from
        return pace.price
    return next_price(pace.price, planned=looks_planned(db), budget=allowed)


def _fitted(db: Database, now: datetime) -> Baseline:
    found = sightings(db, limit=FIT_FROM)
    if len(found) < FIT_LEAST:
        return START
    spans = watched_spans(db, since=moment(now - timedelta(days=90)))
    return refit(START, [Sighting(start, end) for start, end in found], spans)
