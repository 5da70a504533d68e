"""When to look again."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedules.cadence import CEILING, FLOOR, next_check
from schedules.politeness import retry_after, wait_before

NOON = datetime(2026, 5, 14, 12, tzinfo=UTC)


def test_a_young_article_is_looked_at_often_and_an_old_one_rarely() -> None:
    waits = [
        next_check(now=NOON, born_at=NOON - timedelta(hours=hours)).at - NOON
        for hours in (0, 1, 8, 48, 2000)
    ]
    assert waits == sorted(waits)
    assert (waits[0], waits[-1]) == (FLOOR, CEILING)


def test_an_edit_brings_the_looks_closer() -> None:
    born = NOON - timedelta(days=2)
    quiet = next_check(now=NOON, born_at=born)
    edited = next_check(now=NOON, born_at=born, changed_at=NOON - timedelta(minutes=30))
    assert edited.at < quiet.at
    assert "last edit 30 min ago" in edited.reason


def test_failures_back_off_to_a_day() -> None:
    waits = [next_check(now=NOON, born_at=NOON, failures=n).at - NOON for n in (1, 2, 3, 60)]
    assert waits == [
        timedelta(minutes=10),
        timedelta(minutes=20),
        timedelta(minutes=40),
        timedelta(days=1),
    ]


@given(st.timedeltas(), st.none() | st.timedeltas(), st.integers(0, 10**6), st.booleans())
def test_the_next_look_is_always_later_and_within_the_ceiling(
    age: timedelta, since: timedelta | None, failures: int, gone: bool
) -> None:
    def past(span: timedelta) -> datetime:
        return NOON - max(min(span, timedelta(days=9000)), timedelta(days=-9000))

    check = next_check(
        now=NOON,
        born_at=past(age),
        changed_at=past(since) if since is not None else None,
        failures=failures,
        gone=gone,
    )
    assert FLOOR <= check.at - NOON <= CEILING


@pytest.mark.parametrize(
    ("value", "wait"),
    [
        ("120", timedelta(seconds=120)),
        (" 0 ", timedelta(0)),
        ("Thu, 14 May 2026 12:05:00 GMT", timedelta(minutes=5)),
        ("Thu, 14 May 2026 11:00:00 GMT", timedelta(0)),
        ("99999999999999", timedelta(hours=24)),
        ("soon", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_is_read_in_both_forms(value: str | None, wait: timedelta | None) -> None:
    assert retry_after(value, now=NOON) == wait


def test_a_host_is_left_alone_until_both_delay_and_pause_are_over() -> None:
    later = NOON + timedelta(seconds=90)
    assert wait_before(now=NOON, last_end=None, delay=timedelta(9), not_before=None) == timedelta(0)
    assert wait_before(
        now=NOON, last_end=NOON, delay=timedelta(seconds=5), not_before=later
    ) == timedelta(seconds=90)
