"""When to check an article again."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.cadence.picture import CHART_PATH, chart
from schedules.cadence import MAX_CHECK_INTERVAL, MIN_CHECK_INTERVAL, CheckRate, next_check
from schedules.cadence.budget import THRESHOLD_RANGE, next_threshold
from schedules.cadence.edit_rate import (
    DEFAULT_DECAY,
    HORIZON_HOURS,
    EditRate,
    HostPrior,
    after_check,
    decay,
)
from schedules.cadence.fit import EditInterval, refit
from schedules.cadence.plan import MAX_RETRY_INTERVAL, NextCheck, next_retry, plan_check
from schedules.cadence.timetable import TimetableError, by_timetable, interval, valid_cron

NOON = datetime(2026, 5, 14, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
AVERAGE_EDIT_RATE = EditRate(0.8, 0.8)

ages = st.timedeltas(timedelta(0), timedelta(days=4000))
edit_rates = st.builds(EditRate, st.floats(0.05, 50), st.floats(0.01, 500))


def planned(
    age: timedelta, *, edits: int = 0, edit_rate: EditRate = AVERAGE_EDIT_RATE
) -> NextCheck:
    born_at = NOON - age
    return plan_check(
        edit_rate,
        HostPrior(),
        now=NOON,
        born_at=born_at,
        first_seen_at=born_at,
        edits=edits,
        check_rate=CheckRate(),
    )


def test_a_young_article_is_checked_often_and_an_old_one_rarely() -> None:
    intervals = [planned(timedelta(hours=hours)).at - NOON for hours in (0, 1, 8, 48, 2000)]
    assert intervals == sorted(intervals)
    assert intervals[0] < timedelta(minutes=10)
    assert intervals[-1] == MAX_CHECK_INTERVAL


@given(edit_rates, ages, st.floats(0, 1))
def test_the_next_check_lies_between_floor_and_ceiling(
    edit_rate: EditRate, age: timedelta, threshold: float
) -> None:
    assert MIN_CHECK_INTERVAL <= next_check(edit_rate, age, threshold) - age <= MAX_CHECK_INTERVAL


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


@given(edit_rates, st.floats(0, 1000), st.floats(1e-4, 5))
def test_an_unchanged_check_lowers_the_edit_rate_and_an_edit_raises_it(
    edit_rate: EditRate, start: float, mass: float
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


def test_an_edit_shortens_the_check_interval() -> None:
    age = timedelta(hours=8)
    edited, _ = after_check(AVERAGE_EDIT_RATE, age - HOUR, age, was_edited=True)
    quiet, _ = after_check(AVERAGE_EDIT_RATE, age - HOUR, age, was_edited=False)
    assert planned(age, edit_rate=edited).at - NOON < (planned(age, edit_rate=quiet).at - NOON) / 2


def test_a_publisher_that_edits_more_is_checked_more_often() -> None:
    busy, lazy = (
        HostPrior(edits=60, expected_edits=20).prior(),
        HostPrior(edits=2, expected_edits=20).prior(),
    )
    assert planned(HOUR, edit_rate=busy).at < planned(HOUR, edit_rate=lazy).at


def test_the_reason_is_a_sentence() -> None:
    reason = planned(2 * HOUR, edits=2, edit_rate=EditRate(2, 1)).reason
    assert reason == (
        "2 h old, edited twice; this publisher edits 25 % of its articles after 2 h; next check 12:15"
    )


def test_an_article_first_seen_old_is_checked_within_a_day() -> None:
    born_at = NOON - timedelta(days=700)
    check = plan_check(
        AVERAGE_EDIT_RATE,
        HostPrior(),
        now=NOON,
        born_at=born_at,
        first_seen_at=NOON,
        edits=0,
        check_rate=CheckRate(),
    )
    assert check.at - NOON == timedelta(days=1)


def test_floor_and_ceiling_follow_the_settings() -> None:
    check_rate = CheckRate(floor=timedelta(minutes=30), ceiling=timedelta(hours=6))
    intervals = [
        next_check(AVERAGE_EDIT_RATE, age, check_rate.threshold, check_rate=check_rate) - age
        for age in (timedelta(0), timedelta(days=90))
    ]
    assert intervals == [timedelta(minutes=30), timedelta(hours=6)]


@pytest.mark.parametrize(
    ("planned", "direction"),
    [(200.0, 1), (50.0, -1), (100.0, 0)],
    ids=["too many", "too few", "as is"],
)
def test_the_threshold_moves_towards_the_budget(planned: float, direction: int) -> None:
    threshold = next_threshold(0.03, planned=planned, budget=100.0)
    assert (threshold > 0.03) - (threshold < 0.03) == direction


@given(st.floats(1e-4, 0.6), st.floats(0, 1e9), st.floats(0, 1e9))
def test_the_threshold_stays_within_its_bounds(
    threshold: float, planned: float, budget: float
) -> None:
    assert (
        THRESHOLD_RANGE[0]
        <= next_threshold(threshold, planned=planned, budget=budget)
        <= THRESHOLD_RANGE[1]
    )


def test_failures_back_off_to_a_day() -> None:
    intervals = [next_retry(failures, now=NOON).at - NOON for failures in (1, 2, 3, 60)]
    assert intervals == [*(timedelta(minutes=m) for m in (10, 20, 40)), MAX_RETRY_INTERVAL]


@pytest.mark.parametrize(("tau", "q"), [(0.5, 1.9), (2.0, 1.3)])
def test_refit_recovers_the_decay_from_observed_edits(tau: float, q: float) -> None:
    """Edits at the quantiles of a given decay, each observed within a tenth of its age."""
    true = decay(edits_a_day=1.0, tau=tau, q=q)
    ages = [true.age_after(0, true.mass(0, HORIZON_HOURS) * (n + 0.5) / 600) for n in range(600)]
    sightings = [EditInterval(age * 0.95, age * 1.05) for age in ages]
    refit_decay = refit(DEFAULT_DECAY, sightings, [(0.0, HORIZON_HOURS, 600)])
    shares = [
        refit_decay.mass(0, hours) / refit_decay.mass(0, HORIZON_HOURS) for hours in (1, 6, 24)
    ]
    expected_shares = [true.mass(0, hours) / true.mass(0, HORIZON_HOURS) for hours in (1, 6, 24)]
    assert shares == pytest.approx(expected_shares, abs=0.05)


def test_a_few_observations_change_the_decay_little() -> None:
    refit_decay = refit(DEFAULT_DECAY, [EditInterval(100.0, 101.0)] * 3, [(0.0, HORIZON_HOURS, 5)])
    assert refit_decay.mass(0, 24) / refit_decay.mass(0, HORIZON_HOURS) == pytest.approx(
        DEFAULT_DECAY.mass(0, 24) / DEFAULT_DECAY.mass(0, HORIZON_HOURS), abs=0.15
    )


@pytest.mark.parametrize(
    ("text", "wait"),
    [
        ("30m", timedelta(minutes=30)),
        ("2 h", timedelta(hours=2)),
        ("0 * * * *", timedelta(hours=1)),
        ("30 13 * * *", timedelta(minutes=90)),
        ("0 0 30 2 *", timedelta(days=365)),
        ("0 12 * * 4", timedelta(days=7)),  # that day is a Thursday
        ("0 13 * * 1-5", timedelta(hours=1)),
        ("0 12 * * 7", timedelta(days=3)),
        ("0 12 * * 0", timedelta(days=3)),
        ("0 12 * * sat", timedelta(days=2)),
    ],
)
def test_a_timetable_gives_the_next_check(text: str, wait: timedelta) -> None:
    assert by_timetable(text, now=NOON).at - NOON == wait


@pytest.mark.parametrize("text", ["", "often", "5", "1s", "10 weeks", "-5m"])
def test_an_invalid_interval_lists_valid_ones(text: str) -> None:
    with pytest.raises(TimetableError, match=r"30s, 10m, 2h, 1d|shorter than 10 s"):
        interval(text)


@pytest.mark.parametrize(
    "text", ["* * * *", "61 * * * *", "a b c d e", "", "* * * * 8", "* * * * 5-1"]
)
def test_an_invalid_cron_line_is_rejected(text: str) -> None:
    with pytest.raises(TimetableError, match="is not a cron line"):
        valid_cron(text)


def test_the_chart_in_the_docs_matches_the_current_cadence() -> None:
    assert CHART_PATH.read_text(encoding="utf-8") == chart(CheckRate())
