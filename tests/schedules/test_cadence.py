"""When to look again."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.cadence.picture import PICTURE, picture
from schedules.cadence import (
    CEILING,
    FLOOR,
    PRICES,
    RETRY_CEILING,
    START,
    Habits,
    NextCheck,
    Pace,
    after_look,
    next_check,
    next_price,
    plan,
    retry,
)
from schedules.cadence.edit_rate import HORIZON, Belief, Sighting, baseline, refit
from schedules.cadence.timetable import TimetableError, by_timetable, checked_cron, interval

NOON = datetime(2026, 5, 14, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
AVERAGE = Belief(0.8, 0.8)

ages = st.timedeltas(timedelta(0), timedelta(days=4000))
beliefs = st.builds(Belief, st.floats(0.05, 50), st.floats(0.01, 500))


def planned(age: timedelta, *, edits: int = 0, belief: Belief = AVERAGE) -> NextCheck:
    born = NOON - age
    return plan(
        belief, Habits(), now=NOON, born_at=born, first_seen_at=born, edits=edits, pace=Pace()
    )


def test_a_young_article_is_looked_at_often_and_an_old_one_rarely() -> None:
    waits = [planned(timedelta(hours=hours)).at - NOON for hours in (0, 1, 8, 48, 2000)]
    assert waits == sorted(waits)
    assert waits[0] < timedelta(minutes=10)
    assert waits[-1] == CEILING


@given(beliefs, ages, st.floats(0, 1))
def test_the_next_look_lies_between_floor_and_ceiling(
    belief: Belief, age: timedelta, price: float
) -> None:
    assert FLOOR <= next_check(belief, age, price) - age <= CEILING


@given(beliefs, ages, st.floats(0.001, 0.5))
def test_a_look_is_due_when_the_chance_of_an_unseen_edit_is_the_price(
    belief: Belief, age: timedelta, price: float
) -> None:
    due = next_check(belief, age, price)
    chance = belief.unseen(START.mass(age / HOUR, due / HOUR))
    early, late = due - age == FLOOR, due - age >= timedelta(days=7)
    assert late or early or chance == pytest.approx(price, abs=1e-3)
    assert not early or chance >= price - 1e-3
    assert not late or chance <= price + 1e-3


@given(beliefs, st.floats(0, 1000), st.floats(1e-4, 5))
def test_a_quiet_look_lowers_the_rate_and_an_edit_raises_it(
    belief: Belief, start: float, mass: float
) -> None:
    rate = belief.a / belief.b
    quiet, edited = belief.after_quiet(mass), belief.after_edit(mass)
    assert quiet.a / quiet.b < rate <= edited.a / edited.b * (1 + 1e-9)


@given(beliefs, st.floats(1e-4, 5))
def test_what_the_two_answers_say_adds_up_to_what_was_believed(belief: Belief, mass: float) -> None:
    """The law of total expectation: the mean rate, weighed by the chance of each answer."""
    chance = belief.unseen(mass)
    quiet, edited = belief.after_quiet(mass), belief.after_edit(mass)
    mean = chance * edited.a / edited.b + (1 - chance) * quiet.a / quiet.b
    assert mean == pytest.approx(belief.a / belief.b, rel=1e-4)


def test_an_edit_brings_the_looks_closer_for_a_while() -> None:
    age = timedelta(hours=8)
    edited, _ = after_look(AVERAGE, age - HOUR, age, was_edited=True)
    quiet, _ = after_look(AVERAGE, age - HOUR, age, was_edited=False)
    assert planned(age, belief=edited).at - NOON < (planned(age, belief=quiet).at - NOON) / 2


def test_a_publisher_that_edits_more_is_looked_at_more() -> None:
    busy, lazy = Habits(edited=60, expected=20).prior(), Habits(edited=2, expected=20).prior()
    assert planned(HOUR, belief=busy).at < planned(HOUR, belief=lazy).at


def test_the_reason_is_a_sentence() -> None:
    told = planned(2 * HOUR, edits=2, belief=Belief(2, 1)).reason
    assert told == "2 h old, edited twice; this publisher edits 25 % after 2 h: next look 12:15"


def test_an_article_found_old_is_visited_within_a_day_at_first() -> None:
    born = NOON - timedelta(days=700)
    check = plan(
        AVERAGE, Habits(), now=NOON, born_at=born, first_seen_at=NOON, edits=0, pace=Pace()
    )
    assert check.at - NOON == timedelta(days=1)


def test_floor_and_ceiling_are_the_user_s() -> None:
    pace = Pace(floor=timedelta(minutes=30), ceiling=timedelta(hours=6))
    waits = [
        next_check(AVERAGE, age, pace.price, pace=pace) - age
        for age in (timedelta(0), timedelta(days=90))
    ]
    assert waits == [timedelta(minutes=30), timedelta(hours=6)]


@pytest.mark.parametrize(
    ("planned", "moves"), [(200.0, 1), (50.0, -1), (100.0, 0)], ids=["too many", "too few", "as is"]
)
def test_the_price_moves_towards_the_budget(planned: float, moves: int) -> None:
    price = next_price(0.03, planned=planned, budget=100.0)
    assert (price > 0.03) - (price < 0.03) == moves


@given(st.floats(1e-4, 0.6), st.floats(0, 1e9), st.floats(0, 1e9))
def test_the_price_stays_within_its_bounds(price: float, planned: float, budget: float) -> None:
    assert PRICES[0] <= next_price(price, planned=planned, budget=budget) <= PRICES[1]


def test_failures_back_off_to_a_day() -> None:
    waits = [retry(failures, now=NOON).at - NOON for failures in (1, 2, 3, 60)]
    assert waits == [*(timedelta(minutes=m) for m in (10, 20, 40)), RETRY_CEILING]


@pytest.mark.parametrize(("tau", "q"), [(0.5, 1.9), (2.0, 1.3)])
def test_the_course_of_edits_is_found_again_in_what_was_seen(tau: float, q: float) -> None:
    """Edits at the quantiles of a known course, each seen within a tenth of its age."""
    true = baseline(edits_a_day=1.0, tau=tau, q=q)
    ages = [true.age_after(0, true.mass(0, HORIZON) * (n + 0.5) / 600) for n in range(600)]
    sightings = [Sighting(age * 0.95, age * 1.05) for age in ages]
    found = refit(START, sightings, [(0.0, HORIZON, 600)])
    shares = [found.mass(0, hours) / found.mass(0, HORIZON) for hours in (1, 6, 24)]
    wanted = [true.mass(0, hours) / true.mass(0, HORIZON) for hours in (1, 6, 24)]
    assert shares == pytest.approx(wanted, abs=0.05)


def test_a_few_sightings_move_the_course_little() -> None:
    found = refit(START, [Sighting(100.0, 101.0)] * 3, [(0.0, HORIZON, 5)])
    assert found.mass(0, 24) / found.mass(0, HORIZON) == pytest.approx(
        START.mass(0, 24) / START.mass(0, HORIZON), abs=0.15
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
def test_a_timetable_is_kept(text: str, wait: timedelta) -> None:
    assert by_timetable(text, now=NOON).at - NOON == wait


@pytest.mark.parametrize("text", ["", "often", "5", "1s", "10 weeks", "-5m"])
def test_an_interval_that_is_none_says_what_may_be_written(text: str) -> None:
    with pytest.raises(TimetableError, match=r"30s, 10m, 2h, 1d|shorter than 10 s"):
        interval(text)


@pytest.mark.parametrize(
    "text", ["* * * *", "61 * * * *", "a b c d e", "", "* * * * 8", "* * * * 5-1"]
)
def test_a_cron_line_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(TimetableError, match="is no cron line"):
        checked_cron(text)


def test_the_picture_of_the_docs_is_what_is_decided_today() -> None:
    assert PICTURE.read_text(encoding="utf-8") == picture(Pace())
