"""Work is taken by one process at a time, host by host."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database

from storage.database import open_database, writing
from storage.queue import watches as watch
from storage.queue.hosts import HostState, keep_host_state
from storage.queue.leases import (
    PER_HOST,
    Work,
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
    db: Database,
    *,
    now: datetime = NOON,
    limit: int = 9,
    busy: tuple[str, ...] = (),
    lessee: str = "me",
    begun: datetime | None = None,
) -> list[Work]:
    return lease_work(db, lessee=lessee, now=now, lease=LEASE, limit=limit, busy=busy, begun=begun)


def hosts(work: list[Work]) -> list[str]:
    return [one.host for one in work]


def watch_one(db: Database, url: str, *, minutes: int = 0) -> None:
    watch.watch_article(db, url, at=NOON - timedelta(minutes=minutes))


def test_a_host_is_one_process_s_until_the_lease_ends(db: Database, other: Database) -> None:
    watch_one(db, "https://a.example/1")
    assert hosts(lease(db)) == ["a.example"]
    assert lease(other, lessee="you") == []
    assert hosts(lease(other, lessee="you", now=NOON + LEASE)) == ["a.example"]


def test_a_lease_from_before_the_clock_was_set_back_does_not_hold(db: Database) -> None:
    watch_one(db, "https://a.example/1")
    lease(db, now=NOON + timedelta(days=300))
    assert hosts(lease(db)) == ["a.example"]


def test_a_released_host_is_free_and_its_state_kept(db: Database, other: Database) -> None:
    watch_one(db, "https://a.example/1")
    lease(db)
    release_host(db, "a.example", HostState(asked_at=NOON), lessee="me")
    (work,) = lease(other, lessee="you")
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
    assert lease(other, lessee="you") == []


def test_after_the_clock_was_set_back_what_was_seen_in_the_future_is_due(db: Database) -> None:
    watch_one(db, "https://a.example/1")
    db.execute("update articles set checked_at = '2031-01-01', next_check_at = '2031-01-02'")
    assert lease(db) == []
    assert make_due_after_clock_change(db, now=NOON, slack=timedelta(hours=1)) == 1
    assert hosts(lease(db)) == ["a.example"]


def test_a_host_that_was_lost_is_not_given_back_a_second_time(db: Database) -> None:
    """A lease that ran out belongs to whoever took it since."""
    watch_one(db, "https://a.example/1")
    lease(db)
    lease(db, lessee="you", now=NOON + LEASE)
    release_host(db, "a.example", HostState(failures=9), lessee="me")
    assert lease(db, now=NOON + LEASE) == []


def test_a_process_takes_up_again_what_it_could_not_give_back(db: Database) -> None:
    """The database was locked when it tried."""
    watch_one(db, "https://a.example/1")
    lease(db)
    assert hosts(lease(db)) == ["a.example"]


def test_a_pause_from_a_clock_that_was_wrong_does_not_hold(db: Database) -> None:
    watch_one(db, "https://a.example/1")
    with writing(db):
        keep_host_state(db, "a.example", HostState(not_before=NOON + timedelta(days=400)))
    (work,) = lease(db)
    assert work.state.not_before is None


def test_one_pass_looks_once_at_each(db: Database) -> None:
    watch_one(db, "https://a.example/1")
    watch_one(db, "https://b.example/1")
    db.execute(
        "update articles set checked_at = '2026-05-14T12:00:01.000Z' where host = 'a.example'"
    )
    assert hosts(lease(db, now=NOON + LEASE, begun=NOON)) == ["b.example"]


@pytest.mark.parametrize(
    "statement",
    [
        "update articles set next_check_at = '2031-01-01T00:00:00.000Z'",
        "insert into watches (url, kind, added_at, next_check_at) values ('https://b.example/rss', 'feed', '', '2031-01-01T00:00:00.000Z')",
        "insert into watches (url, kind, added_at, checked_at, next_check_at) values ('https://b.example/rss', 'feed', '', '2031-01-01', '2031-01-01T00:00:00.000Z')",
    ],
    ids=["never looked at", "a new source", "a source"],
)
def test_nothing_waits_for_years_after_the_clock_was_set_back(db: Database, statement: str) -> None:
    watch_one(db, "https://a.example/1")
    db.execute(statement)
    make_due_after_clock_change(db, now=NOON, slack=timedelta(hours=1))
    waiting = "select count(*) from (select next_check_at as at from articles union all select next_check_at from watches) where at > '2027'"
    assert db.execute(waiting).fetchone() == (0,)
