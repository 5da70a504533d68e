"""The estimate of how often an article is edited."""

import math
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedules.cadence.edit_rate import (
    DEFAULT_DECAY,
    MAX_GAMMA_SHAPE,
    PRIOR_SHAPE,
    Decay,
    EditRate,
    HostPrior,
    after_check,
    decay,
)

HOUR = timedelta(hours=1)
edit_rates = st.builds(EditRate, st.floats(0.05, 50), st.floats(0.01, 500))
decays = st.builds(Decay, st.floats(0.01, 10), st.floats(0.1, 10), st.floats(1.1, 2.5))


def test_the_mass_of_the_decay_is_its_integral() -> None:
    """For scale 1, tau 1, q 2 the mass between s and e is 1/(s + 1) − 1/(e + 1)."""
    assert Decay(1.0, 1.0, 2.0).mass(1, 3) == pytest.approx(1 / 2 - 1 / 4)


@given(decays, st.floats(0, 500))
def test_the_rate_is_the_slope_of_the_mass(shape: Decay, age: float) -> None:
    step = 1e-4 * (age + shape.tau)
    assert shape.mass(age, age + step) / step == pytest.approx(shape.rate(age), rel=1e-3)


@given(decays, st.floats(0, 500), st.floats(0, 1))
def test_the_age_after_a_mass_has_that_mass_before_it(
    shape: Decay, start: float, share: float
) -> None:
    mass = share * shape.mass(start, start + 1000)
    assert shape.mass(start, shape.age_after(start, mass)) == pytest.approx(
        mass, rel=1e-3, abs=1e-9
    )


def test_a_mass_that_the_decay_never_reaches_takes_forever() -> None:
    shape = Decay(1.0, 1.0, 2.0)  # its whole mass is 1
    assert shape.age_after(0, 0.99) == pytest.approx(99)
    assert shape.age_after(0, 1.0) == math.inf
    assert shape.age_after(0, 1.5) == math.inf


def test_a_decay_is_named_by_the_edits_of_its_first_day() -> None:
    shape = decay(edits_a_day=2.0, tau=3.0, q=1.2)
    assert (shape.tau, shape.q) == (3.0, 1.2)
    assert shape.mass(0, 24) == pytest.approx(2.0)


def test_the_average_article_has_an_edit_rate_of_one() -> None:
    prior = HostPrior().prior()
    assert (prior.a, prior.b) == (PRIOR_SHAPE, PRIOR_SHAPE)


def test_the_chance_of_an_edit_follows_from_the_gamma_distribution() -> None:
    """Gamma(1, 1): 1 − 1/(1 + mass)."""
    assert EditRate(1, 1).chance_of_edit(1.0) == pytest.approx(0.5)
    assert EditRate(2, 3).chance_of_edit(3.0) == pytest.approx(0.75)


@given(edit_rates, st.floats(0.001, 0.9))
def test_the_mass_until_a_chance_has_that_chance(edit_rate: EditRate, chance: float) -> None:
    assert edit_rate.chance_of_edit(edit_rate.mass_until(chance)) == pytest.approx(chance)


def test_a_check_without_an_edit_adds_its_mass() -> None:
    assert EditRate(2.0, 3.0).after_no_edit(0.5) == EditRate(2.0, 3.5)


def test_a_check_with_an_edit_gives_the_gamma_of_the_posterior_moments() -> None:
    """Gamma(1, 1) and mass 1: the posterior 2·(e^−λ − e^−2λ) has mean 3/2 and variance 5/4."""
    edited = EditRate(1, 1).after_edit(1.0)
    assert (edited.a, edited.b) == pytest.approx((1.8, 1.2))


@given(edit_rates)
def test_an_edit_in_hardly_any_time_counts_as_exactly_one(edit_rate: EditRate) -> None:
    exact = edit_rate.after_edit(1e-12 * edit_rate.b)
    assert (exact.a, exact.b) == pytest.approx((edit_rate.a + 1, edit_rate.b))
    near = edit_rate.after_edit(1e-4 * edit_rate.b)
    assert (near.a, near.b) == pytest.approx((edit_rate.a + 1, edit_rate.b), rel=0.05)


@pytest.mark.parametrize("mass", [1e-9, 1.0])
def test_the_shape_stays_below_its_maximum(mass: float) -> None:
    edited = EditRate(2 * MAX_GAMMA_SHAPE, 2 * MAX_GAMMA_SHAPE).after_edit(mass)
    assert edited.a == MAX_GAMMA_SHAPE


@pytest.mark.parametrize("mean", [0.25, 0.5, 4.0])
def test_a_certain_estimate_keeps_its_mean(mean: float) -> None:
    edited = EditRate(2 * MAX_GAMMA_SHAPE, 2 * MAX_GAMMA_SHAPE / mean).after_edit(1.0)
    assert edited.a == MAX_GAMMA_SHAPE
    assert edited.a / edited.b == pytest.approx(mean, rel=1e-3)


def test_an_uncertain_estimate_may_have_any_mean() -> None:
    edited = EditRate(0.5 * MAX_GAMMA_SHAPE, 2 * MAX_GAMMA_SHAPE).after_edit(1e5)
    assert edited.a == pytest.approx(0.5 * MAX_GAMMA_SHAPE, rel=1e-3)


@pytest.mark.parametrize(
    ("edits", "expected_edits", "ratio"),
    [(0, 0, 1.0), (15, 5, 2.0), (0, 5, 0.5)],
    ids=["unknown", "edits more", "edits less"],
)
def test_a_publisher_counts_as_average_until_its_edits_say_otherwise(
    edits: float, expected_edits: float, ratio: float
) -> None:
    host_prior = HostPrior(edits, expected_edits)
    assert host_prior.ratio == pytest.approx(ratio)
    assert host_prior.prior().a / host_prior.prior().b == pytest.approx(ratio)


def test_a_check_counts_the_mass_since_the_article_was_last_seen() -> None:
    start = EditRate(1.0, 1.0)
    expected_mass = DEFAULT_DECAY.mass(2, 5)
    unchanged, mass = after_check(start, 2 * HOUR, 5 * HOUR, was_edited=False)
    assert mass == pytest.approx(expected_mass)
    assert unchanged == start.after_no_edit(mass)
    edited, _ = after_check(start, 2 * HOUR, 5 * HOUR, was_edited=True)
    assert edited == start.after_edit(mass)


def test_a_clock_set_back_counts_no_mass() -> None:
    _, mass = after_check(EditRate(1.0, 1.0), 5 * HOUR, 2 * HOUR, was_edited=False)
    assert mass == 0.0


def test_a_check_uses_the_decay_it_is_given() -> None:
    shape = decay(edits_a_day=3.0)
    _, mass = after_check(EditRate(1.0, 1.0), 0 * HOUR, 24 * HOUR, was_edited=False, decay=shape)
    assert mass == pytest.approx(3.0)
