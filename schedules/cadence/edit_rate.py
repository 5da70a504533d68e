"""How much an article is edited: a belief that its looks sharpen.

An article's edits come at λ·g(t) an hour, t hours after its publication: g is the same for all
and falls with age, λ is the article's own and unknown. The belief about λ is a Gamma distribution.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

# The life of an article, in hours: what comes later is too rare to learn from.
HORIZON_HOURS = 30 * 24.0
# Beyond this the belief is certain for every purpose, and its moments lose their last digits.
MAX_GAMMA_SHAPE = 1e4


@dataclass(frozen=True, slots=True)
class Decay:
    """g(t) = scale·(t + tau)^−q: edits an hour of an average article, `t` and `tau` in hours."""

    scale: float
    tau: float
    q: float

    def mass(self, start: float, end: float) -> float:
        """The edits that an average article has between two ages.

        >>> round(decay(edits_a_day=0.5).mass(0, 24), 3)
        0.5
        """
        power = 1 - self.q
        return (
            self.scale
            / -power
            * (math.pow(start + self.tau, power) - math.pow(end + self.tau, power))
        )

    def rate(self, age: float) -> float:
        """The edits an hour of an average article at this age."""
        return self.scale * math.pow(age + self.tau, -self.q)

    def age_after(self, start: float, mass: float) -> float:
        """The age at which `mass` more edits have come since `start`; infinite where none do."""
        power = 1 - self.q
        rest = math.pow(start + self.tau, power) + power / self.scale * mass
        return math.pow(rest, 1 / power) - self.tau if rest > 0 else math.inf


def decay(*, edits_a_day: float, tau: float = 1.0, q: float = 1.5) -> Decay:
    """The baseline with so many edits of an average article in its first 24 hours."""
    return Decay(edits_a_day / Decay(1.0, tau, q).mass(0, 24), tau, q)


@dataclass(frozen=True, slots=True)
class EditRate:
    """Gamma(a, b) about λ: a/b is the rate to be expected, against the average article's 1."""

    a: float
    b: float

    def chance_of_edit(self, mass: float) -> float:
        """The chance that an edit came while an average article would have had `mass` of them."""
        return 1 - math.pow(self.b / (self.b + mass), self.a)

    def mass_until(self, chance: float) -> float:
        """The mass after which an unseen edit has this chance (the inverse of `unseen`)."""
        return self.b * (math.pow(1 - chance, -1 / self.a) - 1)

    def after_no_edit(self, mass: float) -> "EditRate":
        """The belief after a look that saw no edit: exact, as no edit has the chance e^(−λ·mass)."""
        return replace(self, b=self.b + mass)

    def after_edit(self, mass: float) -> "EditRate":
        """The belief after a look that saw an edit: one or more, nobody knows how many.

        That is a difference of two Gamma densities; the answer is the Gamma with its mean and
        variance. Where hardly any time had passed the two are one, and the limit is Gamma(a + 1, b).
        """
        a, b, b_after = self.a, self.b, self.b + mass
        if mass < 1e-6 * b:
            return EditRate(min(a + 1, MAX_GAMMA_SHAPE), b)
        no_edit_chance = math.pow(b / b_after, a)
        mean = (a / b - no_edit_chance * a / b_after) / (1 - no_edit_chance)
        square = (a * (a + 1) / b**2 - no_edit_chance * a * (a + 1) / b_after**2) / (
            1 - no_edit_chance
        )
        variance = square - mean**2
        if variance <= mean**2 / MAX_GAMMA_SHAPE:
            return EditRate(MAX_GAMMA_SHAPE, MAX_GAMMA_SHAPE / mean)
        return EditRate(mean**2 / variance, mean / variance)


@dataclass(frozen=True, slots=True)
class EditInterval:
    """An edit that came between two looks, at these ages in hours."""

    start: float
    end: float


TAU_CANDIDATES = tuple(0.125 * 2 ** (step / 2) for step in range(13))
EXPONENT_CANDIDATES = tuple(1.1 + step / 10 for step in range(13))
# The baseline it started with counts as much as so many edits seen.
PRIOR_DECAY_EDITS = 50


def refit(
    start: Decay,
    edit_intervals: Sequence[EditInterval],
    watched_spans: Sequence[tuple[float, float, int]],
) -> Decay:
    """The baseline whose course in age is the likeliest for the edits that were seen.

    `watched` are (first age, last age in hours, how many articles were watched between). The likelihood is
    that of a Poisson process seen through intervals, its level left free; the answer has the
    edits a day of `start`, since levels are what the beliefs are about. `start` weighs as
    PSEUDO_EDITS edits, so that a few sightings move little.
    """
    first_day_mass = start.mass(0, 24)
    typical_ages = [
        start.age_after(0, start.mass(0, HORIZON_HOURS) * (at + 0.5) / 20) for at in range(20)
    ]

    def likelihood(shape: Decay) -> float:
        """Of the course alone: where within its watched life each edit fell."""
        total_mass = (
            sum(count * shape.mass(first, last) for first, last, count in watched_spans) or 1.0
        )
        edits_likelihood = sum(
            math.log(max(shape.mass(s.start, s.end), 1e-300)) for s in edit_intervals
        )
        prior = sum(
            math.log(shape.rate(age) / shape.mass(0, HORIZON_HOURS)) for age in typical_ages
        )
        return (
            edits_likelihood
            - len(edit_intervals) * math.log(total_mass)
            + prior * PRIOR_DECAY_EDITS / len(typical_ages)
        )

    shapes = [
        decay(edits_a_day=first_day_mass, tau=tau, q=q)
        for tau in TAU_CANDIDATES
        for q in EXPONENT_CANDIDATES
    ]
    return max([start, *shapes], key=likelihood)
