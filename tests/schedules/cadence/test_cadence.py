"""When to check an article again."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedules.cadence import MAX_CHECK_INTERVAL, MIN_CHECK_INTERVAL, CheckRate, next_check
from schedules.cadence.edit_rate import DEFAULT_DECAY, EditRate, HostPrior

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
AVERAGE_EDIT_RATE = EditRate(0.8, 0.8)
QUIET_EDIT_RATE = EditRate(0.05, 100)

ages = st.timedeltas(timedelta(0), timedelta(days=4000))
edit_rates = st.builds(EditRate, st.floats(0.05, 50), st.floats(0.01, 500))


def interval_at(
    age: timedelta,
    edit_rate: EditRate = AVERAGE_EDIT_RATE,
    threshold: float = 0.03,
    check_rate: CheckRate | None = None,
) -> timedelta:
    return next_check(edit_rate, age, threshold, check_rate=check_rate) - age


def test_a_young_article_is_checked_often_and_an_old_one_rarely() -> None:
    intervals = [interval_at(hours * HOUR) for hours in (0, 1, 8, 48, 2000)]
    assert intervals == sorted(intervals)
    assert intervals[0] < timedelta(minutes=10)
    assert intervals[-1] == MAX_CHECK_INTERVAL


@given(edit_rates, ages, st.floats(0, 1))
def test_the_next_check_lies_between_floor_and_ceiling(
    edit_rate: EditRate, age: timedelta, threshold: float
) -> None:
    assert MIN_CHECK_INTERVAL <= interval_at(age, edit_rate, threshold) <= MAX_CHECK_INTERVAL


@given(edit_rates, ages, st.floats(0.001, 0.5))
def test_a_check_is_due_when_the_chance_of_an_unrecorded_edit_reaches_the_threshold(
    edit_rate: EditRate, age: timedelta, threshold: float
) -> None:
    due = next_check(edit_rate, age, threshold)
    chance = edit_rate.chance_of_edit(DEFAULT_DECAY.mass(age / HOUR, due / HOUR))
    early, late = due - age == MIN_CHECK_INTERVAL, due - age >= timedelta(days=7)
    assert late or early or chance == pytest.approx(threshold, abs=1e-3)
    assert not early or chance >= threshold - 1e-3
    assert not late or chance <= threshold + 1e-3


@pytest.mark.parametrize(
    ("age", "ceiling", "interval"),
    [
        (0.5 * DAY, 30 * DAY, 7 * DAY),
        (2 * DAY, 30 * DAY, 7 * DAY),
        (4 * DAY, 30 * DAY, 12 * DAY),
        (20 * DAY, 30 * DAY, 30 * DAY),
        (20 * DAY, 90 * DAY, 60 * DAY),
        (4 * DAY, 3 * DAY, 3 * DAY),
    ],
)
def test_an_article_that_is_hardly_edited_is_checked_after_a_week_or_three_times_its_age(
    age: timedelta, ceiling: timedelta, interval: timedelta
) -> None:
    assert interval_at(age, QUIET_EDIT_RATE, check_rate=CheckRate(ceiling=ceiling)) == interval


@pytest.mark.parametrize("threshold", [1.0, 7.0])
def test_a_threshold_of_one_or_more_is_never_reached(threshold: float) -> None:
    assert interval_at(DAY, threshold=threshold) == 7 * DAY


@pytest.mark.parametrize("threshold", [0.0, -1.0])
def test_a_threshold_of_zero_or_less_is_reached_at_once(threshold: float) -> None:
    assert interval_at(DAY, threshold=threshold) == MIN_CHECK_INTERVAL


def test_the_floor_holds_even_above_the_ceiling() -> None:
    check_rate = CheckRate(floor=2 * DAY, ceiling=DAY)
    assert interval_at(40 * DAY, QUIET_EDIT_RATE, check_rate=check_rate) == 2 * DAY


def test_floor_and_ceiling_follow_the_settings() -> None:
    check_rate = CheckRate(floor=timedelta(minutes=30), ceiling=6 * HOUR)
    assert interval_at(0 * HOUR, check_rate=check_rate) == timedelta(minutes=30)
    assert interval_at(90 * DAY, check_rate=check_rate) == 6 * HOUR


def test_a_publisher_that_edits_more_is_checked_more_often() -> None:
    busy, lazy = HostPrior(60, 20).prior(), HostPrior(2, 20).prior()
    assert interval_at(HOUR, busy) < interval_at(HOUR, lazy) / 2


def test_an_edit_shortens_the_check_interval() -> None:
    mass = DEFAULT_DECAY.mass(7, 8)
    edited, unchanged = AVERAGE_EDIT_RATE.after_edit(mass), AVERAGE_EDIT_RATE.after_no_edit(mass)
    assert interval_at(8 * HOUR, edited) < interval_at(8 * HOUR, unchanged) / 2


@given(edit_rates, st.floats(1e-4, 5))
def test_an_unchanged_check_lowers_the_edit_rate_and_an_edit_raises_it(
    edit_rate: EditRate, mass: float
) -> None:
    rate = edit_rate.a / edit_rate.b
    quiet, edited = edit_rate.after_no_edit(mass), edit_rate.after_edit(mass)
    assert quiet.a / quiet.b < rate <= edited.a / edited.b * (1 + 1e-9)


@given(edit_rates, st.floats(1e-4, 5))
def test_the_expected_posterior_rate_equals_the_prior_rate(
    edit_rate: EditRate, mass: float
) -> None:
    """The law of total expectation: the mean rate, weighed by the chance of each answer."""
    chance = edit_rate.chance_of_edit(mass)
    quiet, edited = edit_rate.after_no_edit(mass), edit_rate.after_edit(mass)
    mean = chance * edited.a / edited.b + (1 - chance) * quiet.a / quiet.b
    assert mean == pytest.approx(edit_rate.a / edit_rate.b, rel=1e-4)
