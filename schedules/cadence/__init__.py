"""When to check an article: the chance of an unseen edit decides."""

import math
from dataclasses import dataclass
from datetime import timedelta

from schedules.cadence.edit_rate import DEFAULT_DECAY, Decay, EditRate

MIN_CHECK_INTERVAL = timedelta(minutes=2)
MAX_CHECK_INTERVAL = timedelta(days=30)
# Old articles are hardly ever edited. They are still checked: after a week at the latest, then
# after three times their age. A check that comes late loses no version that stays up.
RARE_CHECK_INTERVAL = timedelta(days=7)
RARE_CHECK_AGE_FACTOR = 3
# The threshold that leads to this many checks per article; `next_threshold` corrects it from there.
CHECKS_TIMES_THRESHOLD = 2 / 3
CHECKS_PER_ARTICLE = 24.0
MAX_CHANCE = 0.999999


@dataclass(frozen=True, slots=True)
class CheckRate:
    """What all articles share: the threshold (0 to 1), the decay of edits, and the bounds of an interval.

    One threshold for all spends checks best: the last check of each article then catches the same
    number of edits (`python -m benchmarks cadence`).
    """

    threshold: float = CHECKS_TIMES_THRESHOLD / CHECKS_PER_ARTICLE
    decay: Decay = DEFAULT_DECAY
    floor: timedelta = MIN_CHECK_INTERVAL
    ceiling: timedelta = MAX_CHECK_INTERVAL


def next_check(
    edit_rate: EditRate, age: timedelta, threshold: float, *, check_rate: CheckRate | None = None
) -> timedelta:
    """The age of the next check of an article that is checked at this age.

    The check is due when the chance of an unseen edit reaches `threshold` (0 to 1). With
    λ ~ Gamma(a, b) and the decay g(t) = scale·(t + τ)^−q that chance is 1 − (b / (b + G))^a, where G
    is the mass of g between the two ages. The interval is never below the floor and never above
    RARE_CHECK_INTERVAL or three times the age, whichever is longer.

    >>> interval = next_check(EditRate(0.8, 0.8), timedelta(hours=2), 0.03) - timedelta(hours=2)
    >>> round(interval / timedelta(minutes=1))
    35
    """
    check_rate = check_rate or CheckRate()
    hours = age / timedelta(hours=1)
    mass = edit_rate.mass_until(min(max(threshold, 0.0), MAX_CHANCE))
    wait_hours = check_rate.decay.age_after(hours, mass) - hours
    rare_wait = min(max(RARE_CHECK_INTERVAL, age * RARE_CHECK_AGE_FACTOR), check_rate.ceiling)
    if math.isinf(wait_hours) or wait_hours > rare_wait / timedelta(hours=1):
        return age + max(rare_wait, check_rate.floor)
    return age + max(timedelta(hours=wait_hours), check_rate.floor)
