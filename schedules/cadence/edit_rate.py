"""How often an article is edited: an estimate that each check sharpens.

An article's edits are a Poisson process with the rate λ·g(t), t hours after its publication. The decay g
is the same for all articles and falls with age. The edit rate λ is the article's own and unknown; what
the checks show of it is a Gamma distribution.
"""

import math
from dataclasses import dataclass, replace
from datetime import timedelta

# The part of an article's life that is learned from: later edits are too rare.
HORIZON_HOURS = 30 * 24.0
# Beyond this shape the estimate is certain for every purpose, and its moments lose their last digits.
MAX_GAMMA_SHAPE = 1e4
# Below this share of `b` the two Gamma densities of `after_edit` are one to the last digits.
MIN_MASS_SHARE = 1e-6
# The shape of the estimate before an article's first check.
PRIOR_SHAPE = 0.8
# A publisher counts as average until its edits outweigh this many.
PRIOR_HOST_EDITS = 5


@dataclass(frozen=True, slots=True)
class Decay:
    """g(t) = scale·(t + tau)^−q: the edits per hour of an average article, `t` and `tau` in hours.

    A point process with this kernel is the Omori–Utsu law of aftershocks.
    """

    scale: float
    tau: float
    q: float

    def mass(self, start: float, end: float) -> float:
        """The edits of an average article between two ages in hours.

        >>> round(decay(edits_a_day=0.5).mass(0, 24), 3)
        0.5
        """
        power = 1 - self.q
        fall = math.pow(start + self.tau, power) - math.pow(end + self.tau, power)
        return self.scale / -power * fall

    def rate(self, age: float) -> float:
        """The edits per hour of an average article at this age in hours."""
        return self.scale * math.pow(age + self.tau, -self.q)

    def age_after(self, start: float, mass: float) -> float:
        """The age in hours when an average article has had `mass` more edits; infinite if it never has."""
        power = 1 - self.q
        rest = math.pow(start + self.tau, power) + power / self.scale * mass
        return math.pow(rest, 1 / power) - self.tau if rest > 0 else math.inf


def decay(*, edits_a_day: float, tau: float = 1.0, q: float = 1.5) -> Decay:
    """The decay that gives an average article `edits_a_day` edits in its first 24 hours."""
    return Decay(edits_a_day / Decay(1.0, tau, q).mass(0, 24), tau, q)


DEFAULT_DECAY = decay(edits_a_day=0.5)


@dataclass(frozen=True, slots=True)
class EditRate:
    """λ ~ Gamma(shape a, rate b): its mean is a/b, that of the average article is 1."""

    a: float
    b: float

    def chance_of_edit(self, mass: float) -> float:
        """The chance of an edit in the time in which an average article has `mass` edits.

        That is 1 − E[e^(−λ·mass)].
        """
        return 1 - math.pow(self.b / (self.b + mass), self.a)

    def mass_until(self, chance: float) -> float:
        """The mass at which an edit has this chance (the inverse of `chance_of_edit`)."""
        return self.b * (math.pow(1 - chance, -1 / self.a) - 1)

    def after_no_edit(self, mass: float) -> "EditRate":
        """The estimate after a check without an edit: exact, since the chance of none is e^(−λ·mass)."""
        return replace(self, b=self.b + mass)

    def after_edit(self, mass: float) -> "EditRate":
        """The estimate after a check with an edit: one or more, nobody knows how many.

        The exact posterior is a difference of two Gamma densities. The result is the Gamma with its
        mean and variance. If hardly any time has passed it is the limit, Gamma(a + 1, b).
        """
        a, b, b_after = self.a, self.b, self.b + mass
        if mass < MIN_MASS_SHARE * b:
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
class HostPrior:
    """The observed edits of one publisher, and those that an average publisher would have had."""

    edits: float = 0.0
    expected_edits: float = 0.0

    @property
    def ratio(self) -> float:
        """How many times as often as the average publisher this one edits."""
        return (self.edits + PRIOR_HOST_EDITS) / (self.expected_edits + PRIOR_HOST_EDITS)

    def prior(self) -> EditRate:
        """The edit rate of an article of this publisher before its first check."""
        return EditRate(PRIOR_SHAPE, PRIOR_SHAPE / self.ratio)


def after_check(
    edit_rate: EditRate,
    last_seen_age: timedelta,
    age: timedelta,
    *,
    was_edited: bool,
    decay: Decay = DEFAULT_DECAY,
) -> tuple[EditRate, float]:
    """The estimate after a check at this age, and the edits of an average article since the last one.

    `last_seen_age` is the age at the last check that showed the article.
    """
    start = last_seen_age / timedelta(hours=1)
    mass = decay.mass(start, max(start, age / timedelta(hours=1)))
    return (edit_rate.after_edit(mass) if was_edited else edit_rate.after_no_edit(mass)), mass
