"""Work is taken by one process at a time, host by host."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database

from storage.articles.watch import watch_article
from storage.database import open_database, write_transaction
from storage.queue.hosts import HostState, store_host_state
from storage.queue.leases import (
    MAX_ARTICLES_PER_LEASE,
    HostWork,
    lease_work,
    make_due_after_clock_change,
    release_host,
)
from storage.queue.watches import watch_source

NOON = datetime(2026, 5, 14, 12, tzinfo=UTC)
LEASE_DURATION = timedelta(minutes=10)


@pytest.fixture
def other_db(db: Database, tmp_path: Path) -> Iterator[Database]:
    """The same database, as a second process opens it."""
    second = open_database(tmp_path / "variorum.db")
    yield second
    second.close()


def lease(
    db: Database,
    *,
    now: datetime = NOON,
    limit: int = 9,
    busy: tuple[str, ...] = (),
    holder: str = "me",
    pass_started_at: datetime | None = None,
) -> list[HostWork]:
    return lease_work(
        db,
        holder=holder,
        now=now,
        lease=LEASE_DURATION,
        limit=limit,
        busy=busy,
        pass_started_at=pass_started_at,
    )


def hosts(work: list[HostWork]) -> list[str]:
    return [host_work.host for host_work in work]


def watch_one(db: Database, url: str, *, minutes: int = 0) -> None:
    watch_article(db, url, at=NOON - timedelta(minutes=minutes))


def test_a_leased_host_belongs_to_one_process_until_the_lease_ends(
    db: Database, other_db: Database
) -> None:
    watch_one(db, "https://a.example/1")
    assert hosts(lease(db)) == ["a.example"]
    assert lease(other_db, holder="you") == []
    assert hosts(lease(other_db, holder="you", now=NOON + LEASE_DURATION)) == ["a.example"]


def test_a_lease_from_before_the_clock_was_set_back_does_not_hold(db: Database) -> None:
    watch_one(db, "https://a.example/1")
    lease(db, now=NOON + timedelta(days=300))
    assert hosts(lease(db)) == ["a.example"]


def test_a_released_host_is_free_and_keeps_its_state(db: Database, other_db: Database) -> None:
    watch_one(db, "https://a.example/1")
    lease(db)
    release_host(db, "a.example", HostState(requested_at=NOON), holder="me")
    (work,) = lease(other_db, holder="you")
    assert work.state.requested_at == NOON


def test_a_host_in_backoff_is_not_leased(db: Database) -> None:
    watch_one(db, "https://a.example/1")
    with write_transaction(db):
        state = HostState(
            failures=1, backoff_until=NOON + timedelta(hours=1), reason="it answered 503"
        )
        store_host_state(db, "a.example", state)
    assert lease(db) == []
    assert hosts(lease(db, now=NOON + timedelta(hours=1))) == ["a.example"]


def test_the_longest_overdue_host_is_first_and_busy_hosts_are_excluded(db: Database) -> None:
    for host, minutes in (("a", 5), ("b", 30), ("c", 10)):
        watch_one(db, f"https://{host}.example/1", minutes=minutes)
    assert hosts(lease(db, limit=2, busy=("b.example",))) == ["c.example", "a.example"]


def test_a_lease_has_a_limited_number_of_articles_and_the_hosts_sources(db: Database) -> None:
    for number in range(MAX_ARTICLES_PER_LEASE + 5):
        watch_one(db, f"https://a.example/{number}", minutes=number)
    watch_source(db, "https://a.example/rss", "feed", at=NOON)
    (work,) = lease(db)
    assert len(work.articles) == MAX_ARTICLES_PER_LEASE
    assert work.articles[0][1] == f"https://a.example/{MAX_ARTICLES_PER_LEASE + 4}"
    assert [source["kind"] for source in work.sources] == ["feed"]


def test_a_source_on_a_leased_host_is_not_leased(db: Database, other_db: Database) -> None:
    watch_source(db, "https://a.example/rss", "feed", at=NOON)
    assert hosts(lease(db)) == ["a.example"]
    assert lease(other_db, holder="you") == []


def test_after_the_clock_is_set_back_articles_checked_in_the_future_are_due(db: Database) -> None:
    watch_one(db, "https://a.example/1")
    db.execute("update articles set checked_at = '2031-01-01', next_check_at = '2031-01-02'")
    assert lease(db) == []
    assert make_due_after_clock_change(db, now=NOON, slack=timedelta(hours=1)) == 1
    assert hosts(lease(db)) == ["a.example"]


def test_an_expired_lease_cannot_be_released_from_its_new_holder(db: Database) -> None:
    """A lease that ran out belongs to whoever took it since."""
    watch_one(db, "https://a.example/1")
    lease(db)
    lease(db, holder="you", now=NOON + LEASE_DURATION)
    release_host(db, "a.example", HostState(failures=9), holder="me")
    assert lease(db, now=NOON + LEASE_DURATION) == []


def test_a_process_leases_again_a_host_it_could_not_release(db: Database) -> None:
    """The database was locked when it tried."""
    watch_one(db, "https://a.example/1")
    lease(db)
    assert hosts(lease(db)) == ["a.example"]


def test_a_pause_set_by_a_wrong_clock_does_not_hold(db: Database) -> None:
    watch_one(db, "https://a.example/1")
    with write_transaction(db):
        store_host_state(db, "a.example", HostState(backoff_until=NOON + timedelta(days=400)))
    (work,) = lease(db)
    assert work.state.backoff_until is None


def test_one_pass_leases_each_article_once(db: Database) -> None:
    watch_one(db, "https://a.example/1")
    watch_one(db, "https://b.example/1")
    db.execute(
        "update articles set checked_at = '2026-05-14T12:00:01.000Z' where host = 'a.example'"
    )
    assert hosts(lease(db, now=NOON + LEASE_DURATION, pass_started_at=NOON)) == ["b.example"]


@pytest.mark.parametrize(
    "statement",
    [
        "update articles set next_check_at = '2031-01-01T00:00:00.000Z'",
        "insert into watches (url, kind, added_at, next_check_at) values ('https://b.example/rss', 'feed', '', '2031-01-01T00:00:00.000Z')",
        "insert into watches (url, kind, added_at, checked_at, next_check_at) values ('https://b.example/rss', 'feed', '', '2031-01-01', '2031-01-01T00:00:00.000Z')",
    ],
    ids=["a new article", "a new source", "a source"],
)
def test_nothing_is_scheduled_years_ahead_after_the_clock_is_set_back(
    db: Database, statement: str
) -> None:
    watch_one(db, "https://a.example/1")
    db.execute(statement)
    make_due_after_clock_change(db, now=NOON, slack=timedelta(hours=1))
    future_query = "select count(*) from (select next_check_at as at from articles union all select next_check_at from watches) where at > '2027'"
    assert db.execute(future_query).fetchone() == (0,)
