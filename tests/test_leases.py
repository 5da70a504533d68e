"""Work is taken by one process at a time, host by host."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database

from storage import watch
from storage.database import open_database, writing
from storage.hosts import HostState, keep_host_state
from storage.leases import (
    PER_HOST,
    Work,
    extend_lease,
    lease_work,
    make_due_after_clock_change,
    release_host,
)

NOON = datetime(2026, 5, 14, 12, tzinfo=UTC)
LEASE = timedelta(minutes=10)


@pytest.fixture
def other(db: Database, tmp_path: Path) -> Iterator[Database]:
    """The same database, as a second process opens it."""
    second = open_database(tmp_path / "variorum.db")
    yield second
    second.close()


def lease(
    db: Database, *, now: datetime = NOON, limit: int = 9, busy: tuple[str, ...] = ()
) -> list[Work]:
    return lease_work(db, lessee="me", now=now, lease=LEASE, limit=limit, busy=busy)


def hosts(work: list[Work]) -> list[str]:
    return [one.host for one in work]


def watch_one(db: Database, url: str, *, minutes: int = 0) -> None:
    watch.watch_article(db, url, at=NOON - timedelta(minutes=minutes))


def test_a_host_is_one_process_s_until_the_lease_ends(db: Database, other: Database) -> None:
    watch_one(db, "https://a.example/1")
    assert hosts(lease(db)) == ["a.example"]
    assert lease(other) == []
    assert hosts(lease(other, now=NOON + LEASE)) == ["a.example"]


def test_a_lease_that_is_renewed_holds_on(db: Database, other: Database) -> None:
    watch_one(db, "https://a.example/1")
    lease(db)
    extend_lease(db, "a.example", now=NOON + LEASE / 2, lease=LEASE)
    assert lease(other, now=NOON + LEASE) == []


def test_a_lease_from_before_the_clock_was_set_back_does_not_hold(db: Database) -> None:
    watch_one(db, "https://a.example/1")
    lease(db, now=NOON + timedelta(days=300))
    assert hosts(lease(db)) == ["a.example"]


def test_a_released_host_is_free_and_its_state_kept(db: Database, other: Database) -> None:
    watch_one(db, "https://a.example/1")
    lease(db)
    release_host(db, "a.example", HostState(asked_at=NOON))
    (work,) = lease(other)
    assert work.state.asked_at == NOON


def test_a_host_that_is_left_alone_is_not_taken_before_that_ends(db: Database) -> None:
    watch_one(db, "https://a.example/1")
    with writing(db):
        state = HostState(failures=1, not_before=NOON + timedelta(hours=1), reason="it answers 503")
        keep_host_state(db, "a.example", state)
    assert lease(db) == []
    assert hosts(lease(db, now=NOON + timedelta(hours=1))) == ["a.example"]


def test_the_longest_overdue_host_comes_first_and_busy_ones_not_at_all(db: Database) -> None:
    for host, minutes in (("a", 5), ("b", 30), ("c", 10)):
        watch_one(db, f"https://{host}.example/1", minutes=minutes)
    assert hosts(lease(db, limit=2, busy=("b.example",))) == ["c.example", "a.example"]


def test_a_host_gives_so_many_articles_at_a_time_and_its_sources(db: Database) -> None:
    for number in range(PER_HOST + 5):
        watch_one(db, f"https://a.example/{number}", minutes=number)
    watch.watch_source(db, "https://a.example/rss", "feed", at=NOON)
    (work,) = lease(db)
    assert len(work.articles) == PER_HOST
    assert work.articles[0][1] == f"https://a.example/{PER_HOST + 4}"
    assert [source["kind"] for source in work.sources] == ["feed"]


def test_a_source_on_a_leased_host_is_not_taken(db: Database, other: Database) -> None:
    watch.watch_source(db, "https://a.example/rss", "feed", at=NOON)
    assert hosts(lease(db)) == ["a.example"]
    assert lease(other) == []


def test_after_the_clock_was_set_back_what_was_seen_in_the_future_is_due(db: Database) -> None:
    watch_one(db, "https://a.example/1")
    db.execute("update articles set checked_at = '2031-01-01', next_check_at = '2031-01-02'")
    assert lease(db) == []
    assert make_due_after_clock_change(db, now=NOON, slack=timedelta(hours=1)) == 1
    assert hosts(lease(db)) == ["a.example"]
