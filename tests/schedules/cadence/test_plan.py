"""The next check of one article, and the sentence that explains it."""

from datetime import UTC, datetime, timedelta

import pytest

from schedules.cadence import CheckRate, next_check
from schedules.cadence.edit_rate import EditRate, HostPrior
from schedules.cadence.plan import (
    NextCheck,
    next_gone_check,
    next_retry,
    plan_check,
    within_bounds,
)
from schedules.cadence.wording import clock_text, duration_text, share_text

NOON = datetime(2026, 5, 14, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
AVERAGE_EDIT_RATE = EditRate(0.8, 0.8)


def plan(
    age: timedelta,
    *,
    watched_for: timedelta | None = None,
    edits: int = 0,
    edit_rate: EditRate = AVERAGE_EDIT_RATE,
    host_prior: HostPrior | None = None,
    check_rate: CheckRate | None = None,
) -> NextCheck:
    return plan_check(
        edit_rate,
        host_prior or HostPrior(),
        now=NOON,
        born_at=NOON - age,
        first_seen_at=NOON - (age if watched_for is None else watched_for),
        edits=edits,
        check_rate=check_rate or CheckRate(),
    )


def test_the_reason_is_a_sentence() -> None:
    reason = plan(2 * HOUR, edits=2, edit_rate=EditRate(2, 1)).reason
    assert (
        reason
        == "2 h old, edited twice; this publisher edits 25 % of its articles after 2 h; next check 12:15"
    )


@pytest.mark.parametrize(
    ("edits", "text"),
    [(0, "no edit yet"), (1, "edited once"), (2, "edited twice"), (5, "edited 5 times")],
)
def test_the_reason_gives_the_number_of_edits(edits: int, text: str) -> None:
    assert f"old, {text}; this" in plan(HOUR, edits=edits).reason


def test_the_reason_gives_the_share_that_the_publisher_edits_later() -> None:
    assert (
        "edits 77 % of its articles after 60 min" in plan(HOUR, host_prior=HostPrior(95, 5)).reason
    )
    assert "edits under 1 % of its articles after 40 d" in plan(40 * DAY).reason


def test_the_next_check_is_the_one_of_the_cadence() -> None:
    assert plan(8 * HOUR).at == NOON - 8 * HOUR + next_check(
        AVERAGE_EDIT_RATE, 8 * HOUR, CheckRate().threshold
    )


@pytest.mark.parametrize(
    ("watched_for", "interval"),
    [
        (0 * HOUR, DAY),
        (6 * HOUR, DAY),
        (2 * DAY, 6 * DAY),
        (200 * DAY, 30 * DAY),
        (350 * DAY, 30 * DAY),
    ],
)
def test_an_article_first_checked_when_old_is_checked_within_a_day_at_first(
    watched_for: timedelta, interval: timedelta
) -> None:
    assert plan(700 * DAY, watched_for=watched_for).at - NOON == interval


def test_an_article_watched_for_half_its_life_has_no_first_ceiling() -> None:
    assert plan(20 * DAY, watched_for=10 * DAY).at - NOON == 30 * DAY
    assert plan(20 * DAY, watched_for=9 * DAY).at - NOON == 27 * DAY
    assert plan(4 * DAY, watched_for=2 * DAY).at - NOON > 9 * DAY
    assert plan(4 * DAY, watched_for=1.9 * DAY).at - NOON < 6 * DAY


def test_the_first_ceiling_does_not_exceed_the_users() -> None:
    check = plan(700 * DAY, watched_for=0 * DAY, check_rate=CheckRate(ceiling=6 * HOUR))
    assert check.at - NOON == 6 * HOUR


def test_a_date_in_the_future_counts_as_now() -> None:
    assert plan(-5 * HOUR).at == plan(0 * HOUR).at
    assert plan(-5 * HOUR).reason.startswith("0 s old")


@pytest.mark.parametrize(
    ("age", "ceiling", "is_rare"),
    [
        (HOUR, 30 * DAY, False),
        (40 * DAY, 30 * DAY, True),
        (40 * DAY, DAY, True),
        (0 * HOUR, HOUR, False),
    ],
)
def test_a_check_after_a_week_or_at_the_ceiling_is_rare(
    age: timedelta, ceiling: timedelta, is_rare: bool
) -> None:
    assert plan(age, check_rate=CheckRate(ceiling=ceiling)).is_rare is is_rare


@pytest.mark.parametrize(
    ("failures", "minutes"), [(1, 10), (2, 20), (3, 40), (8, 1280), (9, 1440), (60, 1440)]
)
def test_failures_back_off_to_a_day(failures: int, minutes: int) -> None:
    assert next_retry(failures, now=NOON).at - NOON == timedelta(minutes=minutes)


def test_a_retry_says_how_many_checks_failed() -> None:
    assert (
        next_retry(1, now=NOON).reason == "the last check showed no article; next check in 10 min"
    )
    assert (
        next_retry(2, now=NOON).reason
        == "the last 2 checks showed no article; next check in 20 min"
    )


def test_a_gone_article_is_never_checked_less_than_weekly() -> None:
    check = next_gone_check(90 * DAY, now=NOON)
    assert check == NextCheck(
        NOON + 7 * DAY, "the article is gone; next check in 7 d", is_rare=False
    )


@pytest.mark.parametrize(
    ("wait", "expected"),
    [(timedelta(minutes=1), timedelta(minutes=2)), (40 * DAY, 30 * DAY)],
    ids=["floor", "ceiling"],
)
def test_a_check_beyond_the_bounds_is_moved_and_says_so(
    wait: timedelta, expected: timedelta
) -> None:
    moved = within_bounds(NextCheck(NOON + wait, "why"), CheckRate(), now=NOON)
    assert moved.at - NOON == expected
    assert (
        moved.reason
        == f"why (moved to {clock_text(NOON + expected, NOON)} by your floor or ceiling)"
    )


def test_a_check_within_the_bounds_stays() -> None:
    check = NextCheck(NOON + HOUR, "why", is_rare=True)
    assert within_bounds(check, CheckRate(), now=NOON) is check


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (119, "119 s"), (120, "2 min"), (7199, "120 min"), (7200, "2 h"), (172_799, "48 h"),
        (172_800, "2 d"), (8_640_000, "100 d"),
    ],
)  # fmt: skip
def test_a_duration_has_its_largest_unit(seconds: int, text: str) -> None:
    assert duration_text(timedelta(seconds=seconds)) == text


@pytest.mark.parametrize(
    ("wait", "text"),
    [
        (HOUR, "13:00"),
        (DAY, "15 May 12:00"),
        (-14 * DAY, "30 Apr 12:00"),
        (365 * DAY, "14 May 2027 12:00"),
    ],
)
def test_a_time_has_its_day_and_year_only_if_they_differ(wait: timedelta, text: str) -> None:
    assert clock_text(NOON + wait, NOON) == text


def test_a_time_is_given_in_utc() -> None:
    seoul = NOON.astimezone(datetime.strptime("+0900", "%z").tzinfo)
    assert clock_text(seoul, seoul) == "12:00"


def test_a_share_below_a_per_cent_is_not_a_figure() -> None:
    assert (share_text(0.01), share_text(0.0099), share_text(1.0)) == ("1 %", "under 1 %", "100 %")
