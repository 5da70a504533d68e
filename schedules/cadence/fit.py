"""The decay of edits with age, fitted to the observed edits."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from schedules.cadence.edit_rate import HORIZON_HOURS, Decay, decay

TAU_CANDIDATES = tuple(0.125 * 2 ** (step / 2) for step in range(13))
EXPONENT_CANDIDATES = tuple(1.1 + step / 10 for step in range(13))
# The decay that the fit begins with weighs as much as this many edits.
PRIOR_DECAY_EDITS = 50
# The ages at which that decay is compared with a candidate.
PRIOR_AGE_COUNT = 20
MIN_MASS = 1e-300


@dataclass(frozen=True, slots=True)
class EditInterval:
    """An edit that came between two checks, at these ages in hours."""

    start: float
    end: float


def refit(
    start: Decay,
    edit_intervals: Sequence[EditInterval],
    watched_spans: Sequence[tuple[float, float, int]],
) -> Decay:
    """The decay whose shape makes the observed edits most likely; `start` or one of the candidates.

    `watched_spans` are (first age, last age, how many articles were watched between), in hours. The
    likelihood is that of a Poisson process observed in intervals, with its level left free. The
    result has the edits per day of `start`, since levels belong to the edit rates. `start` weighs as
    PRIOR_DECAY_EDITS edits, so that a few observations change little.
    """
    edits_a_day = start.mass(0, 24)
    typical_ages = _typical_ages(start)
    shapes = [
        decay(edits_a_day=edits_a_day, tau=tau, q=q)
        for tau in TAU_CANDIDATES
        for q in EXPONENT_CANDIDATES
    ]
    return max(
        [start, *shapes],
        key=lambda shape: _log_likelihood(shape, edit_intervals, watched_spans, typical_ages),
    )


def _typical_ages(start: Decay) -> list[float]:
    """The ages in hours that divide the edits of an average article into equal parts."""
    mass = start.mass(0, HORIZON_HOURS)
    return [
        start.age_after(0, mass * (at + 0.5) / PRIOR_AGE_COUNT) for at in range(PRIOR_AGE_COUNT)
    ]


def _log_likelihood(
    shape: Decay,
    edit_intervals: Sequence[EditInterval],
    watched_spans: Sequence[tuple[float, float, int]],
    typical_ages: Sequence[float],
) -> float:
    """Of the shape alone: where in the watched life of its article each edit fell."""
    watched_mass = sum(count * shape.mass(first, last) for first, last, count in watched_spans)
    edits_likelihood = sum(
        math.log(max(shape.mass(edit.start, edit.end), MIN_MASS)) for edit in edit_intervals
    )
    life_mass = shape.mass(0, HORIZON_HOURS)
    prior = sum(math.log(shape.rate(age) / life_mass) for age in typical_ages)
    return (
        edits_likelihood
        - len(edit_intervals) * math.log(watched_mass or 1.0)
        + prior * PRIOR_DECAY_EDITS / len(typical_ages)
    )
