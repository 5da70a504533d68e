"""The decay, fitted to observed edits."""

import pytest

from schedules.cadence.edit_rate import DEFAULT_DECAY, HORIZON_HOURS, decay
from schedules.cadence.fit import EXPONENT_CANDIDATES, TAU_CANDIDATES, EditInterval, refit

ALL_LIFE = [(0.0, HORIZON_HOURS, 600)]


def shares(shape: object) -> list[float]:
    """The shares of a life's edits that come in the first 1, 6 and 24 hours."""
    return [shape.mass(0, hours) / shape.mass(0, HORIZON_HOURS) for hours in (1, 6, 24)]  # type: ignore[attr-defined]


@pytest.mark.parametrize(("tau", "q"), [(0.5, 1.9), (2.0, 1.3)])
def test_refit_recovers_the_decay_from_observed_edits(tau: float, q: float) -> None:
    """Edits at the quantiles of a given decay, each observed within a tenth of its age."""
    true = decay(edits_a_day=1.0, tau=tau, q=q)
    ages = [true.age_after(0, true.mass(0, HORIZON_HOURS) * (n + 0.5) / 600) for n in range(600)]
    edits = [EditInterval(age * 0.95, age * 1.05) for age in ages]
    assert shares(refit(DEFAULT_DECAY, edits, ALL_LIFE)) == pytest.approx(shares(true), abs=0.05)


def test_a_fit_keeps_the_edits_per_day() -> None:
    edits = [EditInterval(300.0, 301.0)] * 200
    fitted = refit(DEFAULT_DECAY, edits, ALL_LIFE)
    assert fitted != DEFAULT_DECAY
    assert fitted.mass(0, 24) == pytest.approx(DEFAULT_DECAY.mass(0, 24))


def test_a_few_observations_change_the_decay_little() -> None:
    fitted = refit(DEFAULT_DECAY, [EditInterval(100.0, 101.0)] * 3, [(0.0, HORIZON_HOURS, 5)])
    assert shares(fitted)[2] == pytest.approx(shares(DEFAULT_DECAY)[2], abs=0.15)


def test_without_an_observation_the_decay_stays() -> None:
    assert shares(refit(DEFAULT_DECAY, [], [])) == pytest.approx(shares(DEFAULT_DECAY), abs=0.02)


def test_edits_of_articles_watched_only_when_young_do_not_steepen_the_decay() -> None:
    """Nobody could have seen later ones."""
    true = DEFAULT_DECAY
    ages = [true.age_after(0, true.mass(0, 24) * (n + 0.5) / 300) for n in range(300)]
    edits = [EditInterval(age * 0.95, age * 1.05) for age in ages]
    young = refit(DEFAULT_DECAY, edits, [(0.0, 24.0, 300)])
    assert shares(young)[2] == pytest.approx(shares(true)[2], abs=0.05)
    whole_life = refit(DEFAULT_DECAY, edits, [(0.0, HORIZON_HOURS, 300)])
    assert shares(whole_life)[2] > shares(young)[2] + 0.05


def test_the_candidates_range_from_steep_to_flat() -> None:
    assert (TAU_CANDIDATES[0], TAU_CANDIDATES[-1]) == pytest.approx((0.125, 8.0))
    assert (EXPONENT_CANDIDATES[0], EXPONENT_CANDIDATES[-1]) == pytest.approx((1.1, 2.3))


def test_spans_count_by_their_articles() -> None:
    edits = [EditInterval(10.0, 11.0)] * 100
    many_old = refit(DEFAULT_DECAY, edits, [(0.0, 24.0, 1), (24.0, HORIZON_HOURS, 1000)])
    many_young = refit(DEFAULT_DECAY, edits, [(0.0, 24.0, 1000), (24.0, HORIZON_HOURS, 1)])
    assert shares(many_old)[2] > shares(many_young)[2]
