"""When to look again: a pure function of what is known."""

import math
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from schedules.cadence.edit_rate import HORIZON_HOURS, Decay, EditRate, decay

# An article is looked at when the chance of an unseen edit reaches the price of a look, which is
# one for all: then the last look spent on each catches as much (`benchmarks/cadence/compare.py`).
DEFAULT_DECAY = decay(edits_a_day=0.5)
PRIOR_SHAPE = 0.8
MIN_CHECK_INTERVAL = timedelta(minutes=2)
MAX_CHECK_INTERVAL = timedelta(days=30)
# Where hardly an edit is to be expected any more, a rare visit: a version that stands is not lost
# by coming late. After a week at the latest, then after three times the age.
RARE_CHECK_INTERVAL = timedelta(days=7)
RARE_CHECK_AGE_FACTOR = 3
FIRST_CHECK_INTERVAL = timedelta(days=1)
# The price that gives so many looks per article; feedback does the rest.
CHECKS_TIMES_THRESHOLD = 2 / 3
CHECKS_PER_ARTICLE = 24.0
THRESHOLD_RANGE = (1e-4, 0.6)
# How hard the price answers when more or fewer looks are planned than the budget allows.
FEEDBACK_EXPONENT = 0.3
# At most by this factor at once: many articles that come at a time are no reason to lose all measure.
MAX_THRESHOLD_FACTOR = 1.5
# A publisher counts as average until it has shown this much.
PRIOR_HOST_EDITS = 5

# A look that saw no article is repeated after this, then after twice as long each time.
FIRST_RETRY_INTERVAL = timedelta(minutes=10)
MAX_RETRY_INTERVAL = timedelta(days=1)
GONE_CHECK_INTERVAL = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class CheckRate:
    """What is the same for all articles: the price of a look, the course of edits, the bounds."""

    threshold: float = CHECKS_TIMES_THRESHOLD / CHECKS_PER_ARTICLE
    decay: Decay = DEFAULT_DECAY
    floor: timedelta = MIN_CHECK_INTERVAL
    ceiling: timedelta = MAX_CHECK_INTERVAL


@dataclass(frozen=True, slots=True)
class HostPrior:
    """What the looks at one publisher have shown: the edits seen, and those that the average
    publisher would have had."""

    edits: float = 0.0
    expected_edits: float = 0.0

    @property
    def ratio(self) -> float:
        """Its edits against the average publisher's."""
        return (self.edits + PRIOR_HOST_EDITS) / (self.expected_edits + PRIOR_HOST_EDITS)

    def prior(self) -> EditRate:
        """What is believed of an article before its first look."""
        return EditRate(PRIOR_SHAPE, PRIOR_SHAPE / self.ratio)


@dataclass(frozen=True, slots=True)
class NextCheck:
    """When to look next and, in a sentence, why then."""

    at: datetime
    reason: str
    is_rare: bool = False


def next_check(
    edit_rate: EditRate, age: timedelta, threshold: float, *, check_rate: CheckRate | None = None
) -> timedelta:
    """The age at which to look next at an article of this age.

    That is when the chance of an unseen edit reaches `price` (0 to 1): with the course of edits
    g(t) = c·(t + τ)^−q and λ ~ Gamma(a, b) that chance is 1 − (b / (b + G))^a, with G the mass of g
    between the two ages. Never sooner than the floor, never later than the rare visit.

    >>> wait = next_check(EditRate(0.8, 0.8), timedelta(hours=2), 0.03) - timedelta(hours=2)
    >>> duration_text(wait)
    '35 min'
    """
    check_rate = check_rate or CheckRate()
    hours = age / timedelta(hours=1)
    due = check_rate.decay.age_after(
        hours, edit_rate.mass_until(min(max(threshold, 0.0), 0.999999))
    )
    rare_wait = min(max(RARE_CHECK_INTERVAL, age * RARE_CHECK_AGE_FACTOR), check_rate.ceiling)
    if math.isinf(due) or due - hours > rare_wait / timedelta(hours=1):
        return age + max(rare_wait, check_rate.floor)
    return age + max(timedelta(hours=due - hours), check_rate.floor)


def after_check(
    edit_rate: EditRate,
    last_seen_age: timedelta,
    now: timedelta,
    *,
    was_edited: bool,
    decay: Decay = DEFAULT_DECAY,
) -> tuple[EditRate, float]:
    """The belief after a look, and the edits that the average article has in that time.

    `seen` is the age at the last look that saw the article, `now` that at this one.
    """
    start = last_seen_age / timedelta(hours=1)
    mass = decay.mass(start, max(start, now / timedelta(hours=1)))
    return (edit_rate.after_edit(mass) if was_edited else edit_rate.after_no_edit(mass)), mass


def next_threshold(threshold: float, *, planned: float, budget: float) -> float:
    """The price moved towards the budget: looks planned and allowed, both in the same time.

    >>> next_threshold(0.03, planned=100, budget=100)
    0.03
    """
    if budget <= 0:
        return THRESHOLD_RANGE[1]
    low_bound, high_bound = THRESHOLD_RANGE
    step = math.pow(planned / budget, FEEDBACK_EXPONENT) if planned > 0 else 1.0
    return min(
        max(threshold * min(max(step, 1 / MAX_THRESHOLD_FACTOR), MAX_THRESHOLD_FACTOR), low_bound),
        high_bound,
    )


def budget_at(age: timedelta, checks: float, decay: Decay = DEFAULT_DECAY) -> float:
    """The looks a day that an article of this age may have, of `looks` in its first 30 days.

    >>> round(budget_at(timedelta(0), 24)), round(budget_at(timedelta(days=2), 24), 1)
    (299, 0.9)
    """
    hours = age / timedelta(hours=1)
    return (
        checks * 24 * decay.rate(hours) / decay.mass(0, HORIZON_HOURS)
        if hours <= HORIZON_HOURS
        else 0.0
    )


def plan_check(
    edit_rate: EditRate,
    host_prior: HostPrior,
    *,
    now: datetime,
    born_at: datetime,
    first_seen_at: datetime,
    edits: int,
    check_rate: CheckRate,
) -> NextCheck:
    """The next look at an article that was seen just now; `edits` are those seen so far.

    One that was old when it was first seen is visited sooner at first: its own course is not known.

    >>> noon = datetime(2026, 5, 14, 12, tzinfo=UTC)
    >>> born = noon - timedelta(hours=2)
    >>> known = {"born_at": born, "first_seen_at": born, "edits": 2}
    >>> plan_check(EditRate(2, 1), HostPrior(), now=noon, **known, check_rate=CheckRate()).reason
    '2 h old, edited twice; this publisher edits 25 % after 2 h: next look 12:15'
    """
    age = max(now - born_at, timedelta(0))
    watched_for = max(now - first_seen_at, timedelta(0))
    if watched_for < age / 2:
        young_ceiling = max(FIRST_CHECK_INTERVAL, watched_for * RARE_CHECK_AGE_FACTOR)
        check_rate = replace(check_rate, ceiling=min(check_rate.ceiling, young_ceiling))
    due = next_check(edit_rate, age, check_rate.threshold, check_rate=check_rate)
    hours = age / timedelta(hours=1)
    later_chance = host_prior.prior().chance_of_edit(
        check_rate.decay.mass(hours, max(hours, HORIZON_HOURS))
    )
    edits_text = {0: "no edit seen", 1: "edited once", 2: "edited twice"}.get(
        edits, f"edited {edits} times"
    )
    at = born_at + due if now >= born_at else now + due
    reason = (
        f"{duration_text(age)} old, {edits_text}; this publisher edits {_percent(later_chance)} after {duration_text(age)}:"
        f" next look {clock_text(at, now)}"
    )
    return NextCheck(at, reason, is_rare=at - now >= min(RARE_CHECK_INTERVAL, check_rate.ceiling))


def next_retry(failures: int, *, now: datetime) -> NextCheck:
    """The next try after looks in a row that saw no article."""
    wait = min(FIRST_RETRY_INTERVAL * 2 ** min(failures - 1, 10), MAX_RETRY_INTERVAL)
    checks = "look" if failures == 1 else "looks"
    reason = f"{failures} {checks} without an article: next try in {duration_text(wait)}"
    return NextCheck(now + wait, reason)


def within_bounds(check: NextCheck, check_rate: CheckRate, *, now: datetime) -> NextCheck:
    """The next look, neither sooner nor later than the user allows."""
    at = min(max(check.at, now + check_rate.floor), now + check_rate.ceiling)
    return (
        check
        if at == check.at
        else NextCheck(at, f"{check.reason} (at {clock_text(at, now)}, by your bounds)")
    )


def next_gone_check(*, now: datetime) -> NextCheck:
    """The next look at an article that is gone."""
    return NextCheck(
        now + GONE_CHECK_INTERVAL, f"gone; looked at again in {duration_text(GONE_CHECK_INTERVAL)}"
    )


def clock_text(at: datetime, now: datetime) -> str:
    """A time as one says it now: the day only where it is another; UTC.

    >>> noon = datetime(2026, 5, 14, 12, tzinfo=UTC)
    >>> clock_text(noon + timedelta(hours=3), noon), clock_text(noon + timedelta(days=3), noon)
    ('15:00', '17 May 12:00')
    """
    at, now = at.astimezone(UTC), now.astimezone(UTC)
    if at.date() == now.date():
        return f"{at:%H:%M}"
    return f"{at.day} {at:%b %H:%M}" if at.year == now.year else f"{at.day} {at:%b %Y %H:%M}"


def duration_text(duration: timedelta) -> str:
    """A duration in its largest sensible unit.

    >>> duration_text(timedelta(minutes=90)), duration_text(timedelta(days=3, hours=2)), duration_text(timedelta(seconds=5))
    ('90 min', '3 d', '5 s')
    """
    seconds = duration.total_seconds()
    for limit, size, unit in ((120, 1, "s"), (2 * 3600, 60, "min"), (2 * 86400, 3600, "h")):
        if seconds < limit:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds / 86400:.0f} d"


def _percent(share: float) -> str:
    return f"{share:.0%}".replace("%", " %") if share >= 0.01 else "under 1 %"
