"""The next check depends on what this one saw, the user and the host."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from schedules.cadence import CheckRate
from schedules.cadence.plan import FIRST_CHECK_INTERVAL
from schedules.check.schedule import MAX_ARTICLE_AGE, PENDING_RECHECK_WITHIN, with_next_check
from scraper.article import Article
from storage.articles.result import CheckResult, Fetch, Plan
from storage.articles.state import ArticleState, FailedCheck, Schedule, StoredVersion, Trouble
from storage.diff.noise.exclusions import Exclusions, PendingLine
from storage.timestamps import to_text

URL = "https://example.org/news/1"
NOON = datetime(2026, 5, 14, 12, tzinfo=UTC)
YEARS_AGO = NOON - timedelta(days=900)


def state(
    *,
    status: str = "active",
    first_seen_at: datetime = YEARS_AGO,
    published_at: datetime | None = None,
    pending: bool = False,
    failures: int = 0,
    every: str | None = None,
    due_at: datetime | None = None,
) -> ArticleState:
    """The state of an article that was seen until now."""
    at = to_text(first_seen_at)
    article = Article(URL, "Bridge", published_at=published_at)
    failed = FailedCheck(at, 500, "failed")
    return ArticleState(
        1, URL, status,
        StoredVersion(1, article, "hash", "3", 1, at, to_text(NOON - timedelta(hours=1))),
        exclusions=Exclusions(pending=(PendingLine("new", "old"),) if pending else ()),
        trouble=Trouble((failed,) * failures),
        schedule=Schedule(at, every=every, next_check_at=to_text(due_at) if due_at else None),
    )  # fmt: skip


def planned(
    before: ArticleState,
    outcome: str = "unchanged",
    *,
    wait: timedelta | None = None,
    pending: bool = False,
    unconfirmed: bool = False,
) -> CheckResult:
    result = CheckResult(
        URL, outcome, (Fetch(URL, NOON),), 1,
        pending={"new": "old"} if pending else {}, sketch="" if unconfirmed else None,
    )  # fmt: skip
    return with_next_check(before, result, now=NOON, wait=wait, check_rate=CheckRate())


def delay(plan: Plan) -> timedelta:
    assert plan.next_check_at is not None
    return plan.next_check_at - NOON


def test_a_young_article_counts_the_edits_expected_since_its_last_check() -> None:
    result = planned(state(first_seen_at=NOON - timedelta(hours=2)))
    assert result.plan.expected_edits > 0


def test_an_article_first_seen_years_ago_is_not_checked_within_a_day() -> None:
    assert delay(planned(state()).plan) > FIRST_CHECK_INTERVAL


@pytest.mark.parametrize(("failures", "minutes"), [(0, 10), (1, 20), (2, 40), (3, 80)])
def test_each_failure_doubles_the_wait(failures: int, minutes: int) -> None:
    assert delay(planned(state(failures=failures), "failed").plan) == timedelta(minutes=minutes)


def test_a_failed_check_says_nothing_about_the_edit_rate() -> None:
    result = planned(state(), "failed")
    assert (result.plan.edit_rate, result.plan.expected_edits) == (None, 0.0)
    assert planned(state()).plan.edit_rate is not None


@pytest.mark.parametrize(
    ("gone_for", "expected"),
    [(0, timedelta(hours=3)), (24, timedelta(days=1)), (400, timedelta(days=7))],
    ids=["just now", "since yesterday", "for weeks"],
)
@pytest.mark.parametrize("outcome", ["gone", "failed"])
def test_a_gone_article_is_checked_again_within_hours_and_then_within_days(
    outcome: str, gone_for: int, expected: timedelta
) -> None:
    gone = FailedCheck(to_text(NOON - timedelta(hours=gone_for)), 404, "gone")
    before = replace(state(status="gone"), trouble=Trouble((gone,)))
    assert delay(planned(before, outcome).plan) == expected


@pytest.mark.parametrize(
    ("hours", "is_sooner"), [(1, False), (30, True)], ids=["a short failure", "a long one"]
)
def test_after_long_trouble_an_article_is_checked_again_within_as_long(
    hours: int, is_sooner: bool
) -> None:
    failed = FailedCheck(to_text(NOON - timedelta(hours=hours)), 500, "failed")
    plan = planned(replace(state(), trouble=Trouble((failed,)))).plan
    assert (delay(plan) == timedelta(hours=hours)) is is_sooner
    assert ("trouble" in (plan.reason or "")) is is_sooner


def test_an_unconfirmed_change_is_checked_again_in_minutes() -> None:
    plan = planned(state(), "failed", unconfirmed=True).plan
    assert delay(plan) == timedelta(minutes=5)
    assert "confirm" in (plan.reason or "")


def test_a_first_pending_change_is_checked_again_within_the_hour() -> None:
    assert delay(planned(state()).plan) > PENDING_RECHECK_WITHIN
    assert delay(planned(state(), pending=True).plan) == PENDING_RECHECK_WITHIN


def test_a_change_that_stays_pending_brings_no_more_checks() -> None:
    """A page with a new line at every check would be checked hourly for years."""
    assert delay(planned(state(pending=True), pending=True).plan) > PENDING_RECHECK_WITHIN


def test_the_users_timetable_comes_first() -> None:
    assert delay(planned(state(every="2 h"), "failed").plan) == timedelta(hours=2)


@pytest.mark.parametrize(("wait", "expected"), [(timedelta(minutes=1), 10), (timedelta(hours=1), 60)])  # fmt: skip
def test_a_host_may_only_delay_the_next_check(wait: timedelta, expected: int) -> None:
    assert delay(planned(state(), "blocked", wait=wait).plan) == timedelta(minutes=expected)


@pytest.mark.parametrize(
    ("due_at", "expected"),
    [(None, None), (NOON + timedelta(hours=1), None), (NOON - timedelta(seconds=90), 90.0)],
    ids=["never due", "before it is due", "late"],
)
def test_only_a_due_check_is_late(due_at: datetime | None, expected: float | None) -> None:
    assert planned(state(due_at=due_at)).plan.late_seconds == expected


@pytest.mark.parametrize(
    ("published_at", "expected"),
    [
        (None, NOON - timedelta(days=2)),
        (NOON - timedelta(days=5), NOON - timedelta(days=5)),
        (NOON - timedelta(days=1), NOON - timedelta(days=2)),
        (NOON - timedelta(days=9_000), NOON - MAX_ARTICLE_AGE),
    ],
    ids=["no time", "published before", "published after it was seen", "an absurd time"],
)
def test_an_article_is_born_when_published_if_that_is_plausible(
    published_at: datetime | None, expected: datetime
) -> None:
    before = state(first_seen_at=NOON - timedelta(days=2), published_at=published_at)
    assert planned(before).plan.born_at == expected


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        (state(), "finished"),
        (state(every="2 h"), "active"),
        (state(first_seen_at=NOON - timedelta(hours=2)), "active"),
        (state(status="paused"), None),
    ],
    ids=["old and quiet", "with a timetable", "young", "paused"],
)
def test_an_old_quiet_article_is_finished(before: ArticleState, expected: str | None) -> None:
    assert planned(before).status == expected
