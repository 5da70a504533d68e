"""When to look again: a pure function of what is known."""

import math
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from schedules.cadence.edit_rate import HORIZON, Baseline, Belief, baseline

# An article is looked at when the chance of an unseen edit reaches the price of a look, which is
# one for all: then the last look spent on each catches as much (`benchmarks/cadence/compare.py`).
START = baseline(edits_a_day=0.5)
SHAPE = 0.8
FLOOR = timedelta(minutes=2)
CEILING = timedelta(days=30)
# Where hardly an edit is to be expected any more, a rare visit: a version that stands is not lost
# by coming late. After a week at the latest, then after three times the age.
RARE = timedelta(days=7)
RARE_SHARE_OF_AGE = 3
FIRST_VISIT = timedelta(days=1)
# The price that gives so many looks per article; feedback does the rest.
LOOKS_TIMES_PRICE = 2 / 3
LOOKS_PER_ARTICLE = 24.0
PRICES = (1e-4, 0.6)
# How hard the price answers when more or fewer looks are planned than the budget allows.
FEEDBACK = 0.3
# At most by this factor at once: many articles that come at a time are no reason to lose all measure.
MAX_STEP = 1.5
# A publisher counts as average until it has shown this much.
PSEUDO_EDITS = 5

# A look that saw no article is repeated after this, then after twice as long each time.
RETRY = timedelta(minutes=10)
RETRY_CEILING = timedelta(days=1)
GONE_INTERVAL = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Pace:
    """What is the same for all articles: the price of a look, the course of edits, the bounds."""

    price: float = LOOKS_TIMES_PRICE / LOOKS_PER_ARTICLE
    course: Baseline = START
    floor: timedelta = FLOOR
    ceiling: timedelta = CEILING


@dataclass(frozen=True, slots=True)
class Habits:
    """What the looks at one publisher have shown: the edits seen, and those that the average
    publisher would have had."""

    edited: float = 0.0
    expected: float = 0.0

    @property
    def ratio(self) -> float:
        """Its edits against the average publisher's."""
        return (self.edited + PSEUDO_EDITS) / (self.expected + PSEUDO_EDITS)

    def prior(self) -> Belief:
        """What is believed of an article before its first look."""
        return Belief(SHAPE, SHAPE / self.ratio)


@dataclass(frozen=True, slots=True)
class NextCheck:
    """When to look next and, in a sentence, why then."""

    at: datetime
    reason: str
    is_rare: bool = False


def next_check(
    belief: Belief, age: timedelta, price: float, *, pace: Pace | None = None
) -> timedelta:
    """The age at which to look next at an article of this age.

    That is when the chance of an unseen edit reaches `price` (0 to 1): with the course of edits
    g(t) = c·(t + τ)^−q and λ ~ Gamma(a, b) that chance is 1 − (b / (b + G))^a, with G the mass of g
    between the two ages. Never sooner than the floor, never later than the rare visit.

    >>> wait = next_check(Belief(0.8, 0.8), timedelta(hours=2), 0.03) - timedelta(hours=2)
    >>> span(wait)
    '35 min'
    """
    pace = pace or Pace()
    hours = age / timedelta(hours=1)
    due = pace.course.age_after(hours, belief.mass_until(min(max(price, 0.0), 0.999999)))
    rarely = min(max(RARE, age * RARE_SHARE_OF_AGE), pace.ceiling)
    if math.isinf(due) or due - hours > rarely / timedelta(hours=1):
        return age + max(rarely, pace.floor)
    return age + max(timedelta(hours=due - hours), pace.floor)


def after_look(
    belief: Belief, seen: timedelta, now: timedelta, *, was_edited: bool, course: Baseline = START
) -> tuple[Belief, float]:
    """The belief after a look, and the edits that the average article has in that time.

    `seen` is the age at the last look that saw the article, `now` that at this one.
    """
    start = seen / timedelta(hours=1)
    mass = course.mass(start, max(start, now / timedelta(hours=1)))
    return (belief.after_edit(mass) if was_edited else belief.after_quiet(mass)), mass


def next_price(price: float, *, planned: float, budget: float) -> float:
    """The price moved towards the budget: looks planned and allowed, both in the same time.

    >>> next_price(0.03, planned=100, budget=100)
    0.03
    """
    if budget <= 0:
        return PRICES[1]
    low, high = PRICES
    step = math.pow(planned / budget, FEEDBACK) if planned > 0 else 1.0
    return min(max(price * min(max(step, 1 / MAX_STEP), MAX_STEP), low), high)


def budget_at(age: timedelta, looks: float, course: Baseline = START) -> float:
    """The looks a day that an article of this age may have, of `looks` in its first 30 days.

    >>> round(budget_at(timedelta(0), 24)), round(budget_at(timedelta(days=2), 24), 1)
    (299, 0.9)
    """
    hours = age / timedelta(hours=1)
    return looks * 24 * course.rate(hours) / course.mass(0, HORIZON) if hours <= HORIZON else 0.0


def plan(
    belief: Belief,
    habits: Habits,
    *,
    now: datetime,
    born_at: datetime,
    first_seen_at: datetime,
    edits: int,
    pace: Pace,
) -> NextCheck:
    """The next look at an article that was seen just now; `edits` are those seen so far.

    One that was old when it was first seen is visited sooner at first: its own course is not known.

    >>> noon = datetime(2026, 5, 14, 12, tzinfo=UTC)
    >>> born = noon - timedelta(hours=2)
    >>> known = {"born_at": born, "first_seen_at": born, "edits": 2}
    >>> plan(Belief(2, 1), Habits(), now=noon, **known, pace=Pace()).reason
    '2 h old, edited twice; this publisher edits 25 % after 2 h: next look 12:15'
    """
    age = max(now - born_at, timedelta(0))
    watched = max(now - first_seen_at, timedelta(0))
    if watched < age / 2:
        patience = max(FIRST_VISIT, watched * RARE_SHARE_OF_AGE)
        pace = replace(pace, ceiling=min(pace.ceiling, patience))
    due = next_check(belief, age, pace.price, pace=pace)
    hours = age / timedelta(hours=1)
    later = habits.prior().unseen(pace.course.mass(hours, max(hours, HORIZON)))
    told = {0: "no edit seen", 1: "edited once", 2: "edited twice"}.get(
        edits, f"edited {edits} times"
    )
    at = born_at + due if now >= born_at else now + due
    reason = (
        f"{span(age)} old, {told}; this publisher edits {_percent(later)} after {span(age)}:"
        f" next look {clock(at, now)}"
    )
    return NextCheck(at, reason, is_rare=at - now >= min(RARE, pace.ceiling))


def retry(failures: int, *, now: datetime) -> NextCheck:
    """The next try after looks in a row that saw no article."""
    wait = min(RETRY * 2 ** min(failures - 1, 10), RETRY_CEILING)
    looks = "look" if failures == 1 else "looks"
    reason = f"{failures} {looks} without an article: next try in {span(wait)}"
    return NextCheck(now + wait, reason)


def within(check: NextCheck, pace: Pace, *, now: datetime) -> NextCheck:
    """The next look, neither sooner nor later than the user allows."""
    at = min(max(check.at, now + pace.floor), now + pace.ceiling)
    return (
        check
        if at == check.at
        else NextCheck(at, f"{check.reason} (at {clock(at, now)}, by your bounds)")
    )


def visit_gone(*, now: datetime) -> NextCheck:
    """The next look at an article that is gone."""
    return NextCheck(now + GONE_INTERVAL, f"gone; looked at again in {span(GONE_INTERVAL)}")


def clock(at: datetime, now: datetime) -> str:
    """A time as one says it now: the day only where it is another; UTC.

    >>> noon = datetime(2026, 5, 14, 12, tzinfo=UTC)
    >>> clock(noon + timedelta(hours=3), noon), clock(noon + timedelta(days=3), noon)
    ('15:00', '17 May 12:00')
    """
    at, now = at.astimezone(UTC), now.astimezone(UTC)
    if at.date() == now.date():
        return f"{at:%H:%M}"
    return f"{at.day} {at:%b %H:%M}" if at.year == now.year else f"{at.day} {at:%b %Y %H:%M}"


def span(duration: timedelta) -> str:
    """A duration in its largest sensible unit.

    >>> span(timedelta(minutes=90)), span(timedelta(days=3, hours=2)), span(timedelta(seconds=5))
    ('90 min', '3 d', '5 s')
    """
    seconds = duration.total_seconds()
    for limit, size, unit in ((120, 1, "s"), (2 * 3600, 60, "min"), (2 * 86400, 3600, "h")):
        if seconds < limit:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds / 86400:.0f} d"


def _percent(share: float) -> str:
    return f"{share:.0%}".replace("%", " %") if share >= 0.01 else "under 1 %"
