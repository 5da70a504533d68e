"""Timetables that a user gives an article or source."""

from datetime import UTC, datetime, timedelta

import pytest

from schedules.cadence.timetable import (
    MIN_TIMETABLE_INTERVAL,
    TimetableError,
    by_timetable,
    interval,
    valid_cron,
    valid_interval,
)

NOON = datetime(2026, 5, 14, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "wait"),
    [
        ("30m", timedelta(minutes=30)),
        ("2 h", timedelta(hours=2)),
        ("90s", timedelta(seconds=90)),
        ("5 min", timedelta(minutes=5)),
        ("2d", timedelta(days=2)),
        ("0 * * * *", timedelta(hours=1)),
        ("30 13 * * *", timedelta(minutes=90)),
        ("0 0 30 2 *", timedelta(days=365)),
        ("0 12 * * 4", timedelta(days=7)),  # that day is a Thursday
        ("0 13 * * 1-5", timedelta(hours=1)),
        ("0 13 * * 5-5", timedelta(hours=25)),
        ("0 13 * * 1-7/3", timedelta(hours=1)),  # Monday, Thursday, Sunday
        ("0 13 * * 2-7/3", timedelta(hours=25)),  # Tuesday, Friday
        ("0 12 * * 7", timedelta(days=3)),
        ("0 12 * * 0", timedelta(days=3)),
        ("0 12 * * 6,7", timedelta(days=2)),
        ("0 12 * * sat", timedelta(days=2)),
        ("0 13 * * */2", timedelta(hours=1)),  # Sunday, Tuesday, Thursday, Saturday
        ("0 12 20 * 6", timedelta(days=2)),  # the 20th, and each Saturday
        ("0 12 15 * 6", timedelta(days=1)),
        ("0 12 */2 * 6", timedelta(days=9)),  # a Saturday with an odd date
    ],
)
def test_a_timetable_gives_the_next_check(text: str, wait: timedelta) -> None:
    assert by_timetable(text, now=NOON).at - NOON == wait


def test_the_reason_gives_the_timetable_and_the_time() -> None:
    assert by_timetable("30m", now=NOON).reason == "timetable 30m; next check 12:30"
    assert (
        by_timetable("0 0 * * *", now=NOON).reason == "timetable 0 0 * * *; next check 15 May 00:00"
    )


def test_a_valid_timetable_is_stored_without_blanks_around_it() -> None:
    assert valid_interval(" 10m ") == "10m"
    assert valid_cron(" 0 * * * * ") == "0 * * * *"


def test_the_shortest_interval_is_valid() -> None:
    assert interval("10s") == MIN_TIMETABLE_INTERVAL


@pytest.mark.parametrize("text", ["", "often", "5", "10 weeks", "-5m", "1234567s"])
def test_an_invalid_interval_lists_valid_ones(text: str) -> None:
    with pytest.raises(TimetableError, match=r"not an interval; .*30s, 10m, 2h, 1d"):
        valid_interval(text)


@pytest.mark.parametrize("text", ["1s", "9s"])
def test_a_short_interval_is_rejected_with_the_shortest(text: str) -> None:
    with pytest.raises(TimetableError, match="shorter than 10 s; write a longer interval"):
        valid_interval(text)


@pytest.mark.parametrize(
    "text",
    [
        "* * * *",
        "61 * * * *",
        "a b c d e",
        "",
        "* * * * 8",
        "* * * * 5-1",
        "* * * * 1-5/0",
        "* * * * 0-8",
        "* * * * *-5",
        "0 0 30 2 *",
        "0 0 31 4,6 *",
    ],
)
def test_an_invalid_cron_line_is_rejected(text: str) -> None:
    with pytest.raises(TimetableError, match="is not a cron line"):
        valid_cron(text)
