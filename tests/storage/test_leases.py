"""Work is taken by one process at a time, host by host."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database

from schedules.hosts.politeness import wait_before
from storage.articles.watch import watch_article
from storage.database import open_database, write_transaction
from storage.queue.clock import make_due_after_clock_change
from storage.queue.hosts import HostState, store_host_state
from storage.queue.leases import (
    MAX_ARTICLES_PER_LEASE,
    MAX_PLAUSIBLE_BACKOFF,
    HostWork,
    LeaseClaim,
    lease_host,
    lease_work,
    leased_hosts,
    release_host,
)
from storage.queue.uptime import Uptime
from storage.queue.watches import watch_source
from storage.timestamps import to_text

NOON = datetime(2026, 5, 14, 12, tzinfo=UTC)
LEASE_DURATION = timedelta(minutes=10)
SECOND = timedelta(seconds=1)


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
    claim = claim_of(holder, now)
    return lease_work(db, claim, limit=limit, busy=busy, pass_started_at=pass_started_at)


def claim_of(holder: str, now: datetime, boot: str = "boot") -> LeaseClaim:
    """A claim of a machine that was booted at noon and whose clock is right."""
    return LeaseClaim(holder, now, Uptime(boot, (now - NOON).total_seconds()), LEASE_DURATION)


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
    assert lease(other_db, holder="you", now=NOON + LEASE_DURATION - SECOND) == []
    assert hosts(lease(other_db, holder="you", now=NOON + LEASE_DURATION)) == ["a.example"]


def test_a_lease_of_a_machine_whose_clock_was_set_back_does_not_hold(db: Database) -> None:
    watch_one(db, "https://a.example/1")
    lease_host(db, "a.example", claim_of("you", NOON + timedelta(days=300), boot="another"))
    assert hosts(lease(db)) == ["a.example"]


@pytest.mark.parametrize("set_by", [timedelta(hours=-3), -SECOND, timedelta(0), SECOND, timedelta(hours=3)], ids=str)  # fmt: skip
def test_a_lease_holds_whatever_time_of_day_another_process_reads(
    db: Database, other_db: Database, set_by: timedelta
) -> None:
    watch_one(db, "https://a.example/1", minutes=300)
    assert hosts(lease(db)) == ["a.example"]
    claim = LeaseClaim("you", NOON + set_by, Uptime("boot", 1.0), LEASE_DURATION)
    assert lease_work(other_db, claim, limit=9) == []
    assert lease_host(other_db, "a.example", claim) is None
    late_claim = replace(claim, uptime=Uptime("boot", LEASE_DURATION.total_seconds()))
    assert lease_host(other_db, "a.example", late_claim) is not None


def test_a_released_host_is_free_and_keeps_its_state(db: Database, other_db: Database) -> None:
    watch_one(db, "https://a.example/1")
    lease(db)
    release_host(db, "a.example", HostState(requested_at=NOON), holder="me")
    (work,) = lease(other_db, holder="you")
    assert work.state.requested_at == NOON


@pytest.mark.parametrize("set_by", [-3600, -3, 0, 3, 3600, 86_400], ids=str)
def test_a_process_keeps_its_distance_from_the_request_of_another_clock(
    db: Database, other_db: Database, set_by: float
) -> None:
    """Somebody set the clock, and one of two daemons has not noticed yet, or never does as it was by little."""
    watch_one(db, "https://a.example/1")
    lease(db)
    state = HostState(requested_at=NOON, requested_uptime=Uptime("boot", 100.0))
    release_host(db, "a.example", state, holder="me")
    now = NOON + timedelta(seconds=set_by + 0.25)
    found = lease_host(
        other_db, "a.example", LeaseClaim("you", now, Uptime("boot", 100.25), LEASE_DURATION)
    )
    assert found is not None
    delay = timedelta(seconds=1)
    wait = wait_before(now=now, last_ended_at=found.requested_at, delay=delay, backoff_until=None)
    assert timedelta(seconds=0.75) <= wait <= delay


def test_a_request_of_another_boot_is_as_old_as_the_clock_says(db: Database) -> None:
    state = HostState(requested_at=NOON, requested_uptime=Uptime("boot", 100.0))
    assert state.on_clock(NOON + timedelta(minutes=1), Uptime("another", 100.5)) == state


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


def test_nothing_is_leased_beyond_the_limit(db: Database) -> None:
    watch_one(db, "https://a.example/1", minutes=5)
    watch_one(db, "https://b.example/1")
    assert lease(db, limit=0) == []
    assert hosts(lease(db, limit=1)) == ["a.example"]


def test_only_what_is_due_is_leased(db: Database) -> None:
    watch_one(db, "https://a.example/1", minutes=-1)
    watch_one(db, "https://a.example/2")
    watch_source(db, "https://a.example/rss", "feed", at=NOON + timedelta(minutes=1))
    watch_source(db, "https://b.example/rss", "feed", at=NOON + timedelta(minutes=1))
    (work,) = lease(db)
    assert [url for _, url in work.articles] == ["https://a.example/2"]
    assert work.sources == ()
    assert hosts(lease(db, now=NOON + timedelta(minutes=1), busy=("a.example",))) == ["b.example"]


def test_a_paused_article_or_source_is_not_leased(db: Database) -> None:
    watch_one(db, "https://a.example/1")
    watch_source(db, "https://b.example/rss", "feed", at=NOON)
    db.execute("update articles set state = 'paused'")
    db.execute("update watches set state = 'paused'")
    assert lease(db) == []


def test_a_finished_or_gone_article_is_leased_when_it_is_due(db: Database) -> None:
    watch_one(db, "https://a.example/1")
    watch_one(db, "https://b.example/1")
    db.execute("update articles set state = 'gone' where host = 'a.example'")
    db.execute("update articles set state = 'finished' where host = 'b.example'")
    assert hosts(lease(db)) == ["a.example", "b.example"]


def test_a_host_is_as_overdue_as_its_longest_overdue_source_or_article(db: Database) -> None:
    watch_one(db, "https://a.example/1", minutes=10)
    watch_source(db, "https://b.example/rss", "feed", at=NOON - timedelta(minutes=20))
    watch_one(db, "https://b.example/1")
    watch_source(db, "https://c.example/rss", "feed", at=NOON - timedelta(minutes=5))
    watch_one(db, "https://c.example/1", minutes=30)
    assert hosts(lease(db)) == ["c.example", "b.example", "a.example"]


def test_the_sources_of_the_longest_overdue_hosts_are_leased_within_the_limit(
    db: Database,
) -> None:
    for host, minutes in (("a", 1), ("b", 3), ("c", 2)):
        for name in ("rss", "map"):
            watch_source(
                db, f"https://{host}.example/{name}", "feed", at=NOON - timedelta(minutes=minutes)
            )
    work = lease(db, limit=2)
    assert hosts(work) == ["b.example", "c.example"]
    assert [len(host_work.sources) for host_work in work] == [2, 2]


def test_a_source_on_a_host_in_backoff_is_not_leased(db: Database) -> None:
    watch_source(db, "https://a.example/rss", "feed", at=NOON)
    watch_source(db, "https://b.example/rss", "feed", at=NOON)
    with write_transaction(db):
        store_host_state(db, "a.example", HostState(backoff_until=NOON + timedelta(hours=1)))
        store_host_state(db, "b.example", HostState(failures=1, backoff_until=NOON))
    assert hosts(lease(db)) == ["b.example"]
    assert hosts(lease(db, now=NOON + timedelta(hours=1), busy=("b.example",))) == ["a.example"]


def test_a_source_checked_since_the_pass_began_is_not_leased_again(db: Database) -> None:
    watch_source(db, "https://a.example/rss", "feed", at=NOON)
    db.execute("update watches set checked_at = '2026-05-14T12:00:01.000Z'")
    later = NOON + timedelta(minutes=1)
    assert lease(db, now=later, pass_started_at=NOON) == []
    assert hosts(lease(db, now=later, pass_started_at=later)) == ["a.example"]


def lease_one(db: Database, *, now: datetime = NOON, holder: str = "me") -> HostState | None:
    return lease_host(db, "a.example", claim_of(holder, now))


def test_one_host_is_leased_with_its_state_though_nothing_is_due(db: Database) -> None:
    with write_transaction(db):
        store_host_state(db, "a.example", HostState(failures=2, requested_at=NOON))
    assert lease_one(db) == HostState(failures=2, requested_at=NOON)
    assert leased_hosts(db) == [("a.example", "me")]


def test_one_host_is_not_leased_while_another_process_holds_it(db: Database) -> None:
    assert lease_one(db) is not None
    assert lease_one(db, holder="you") is None
    assert lease_one(db, holder="you", now=NOON + LEASE_DURATION - SECOND) is None
    assert lease_one(db, holder="you", now=NOON + LEASE_DURATION) is not None
    assert leased_hosts(db) == [("a.example", "you")]


def test_a_process_leases_one_host_again_that_it_holds(db: Database) -> None:
    assert lease_one(db) is not None
    assert lease_one(db) is not None


def test_only_a_backoff_set_by_a_wrong_clock_is_dropped(db: Database) -> None:
    for backoff, is_kept in (
        (MAX_PLAUSIBLE_BACKOFF, True),
        (MAX_PLAUSIBLE_BACKOFF + SECOND, False),
    ):
        with write_transaction(db):
            store_host_state(db, "a.example", HostState(backoff_until=NOON + backoff))
        state = lease_one(db)
        assert state is not None
        assert (state.backoff_until is not None) is is_kept


def test_released_hosts_are_not_leased(db: Database) -> None:
    lease_one(db)
    lease_host(db, "b.example", claim_of("me", NOON))
    assert leased_hosts(db) == [("a.example", "me"), ("b.example", "me")]
    release_host(db, "a.example", HostState(), holder="me")
    assert leased_hosts(db) == [("b.example", "me")]
    release_host(db, "unknown.example", HostState(), holder="me")
    assert lease_one(db, holder="you") is not None


SLACK = timedelta(hours=1)


@pytest.mark.parametrize(
    ("statement", "value"),
    [
        ("update articles set checked_at = ?", "checked_at"),
        ("update articles set next_check_at = ?", "next_check_at"),
        ("update watches set checked_at = ?", "checked_at"),
        ("update watches set next_check_at = ?", "next_check_at"),
    ],
)
def test_times_beyond_the_slack_are_set_to_now(db: Database, statement: str, value: str) -> None:
    watch_one(db, "https://a.example/1")
    watch_source(db, "https://a.example/rss", "feed", at=NOON)
    table = statement.split()[1]
    for beyond, count in ((timedelta(0), 0), (SECOND, 1)):
        db.execute(statement, [to_text(NOON + SLACK + beyond)])
        assert make_due_after_clock_change(db, now=NOON, slack=SLACK) == count
    assert db.execute(f"select {value} from {table}").fetchone() == (to_text(NOON),)


def test_a_check_that_was_made_keeps_its_next_time_after_the_clock_is_set_back(
    db: Database,
) -> None:
    """The next check may well be days away."""
    watch_one(db, "https://a.example/1")
    watch_source(db, "https://a.example/rss", "feed", at=NOON)
    for table in ("articles", "watches"):
        db.execute(
            f"update {table} set checked_at = ?, next_check_at = ?",
            [to_text(NOON), to_text(NOON + timedelta(days=9))],
        )
    assert make_due_after_clock_change(db, now=NOON, slack=SLACK) == 0


def test_a_paused_article_stays_as_it_is_after_the_clock_is_set_back(db: Database) -> None:
    watch_one(db, "https://a.example/1")
    future = to_text(NOON + timedelta(days=9))
    db.execute("update articles set state = 'paused', checked_at = ?", [future])
    assert make_due_after_clock_change(db, now=NOON, slack=SLACK) == 0


def test_a_waiting_notification_is_sent_after_the_clock_is_set_back(db: Database) -> None:
    watch_one(db, "https://a.example/1")
    add_notifications(db, [NOON + SLACK, NOON + SLACK + SECOND, None])
    assert make_due_after_clock_change(db, now=NOON, slack=SLACK) == 1
    times = [
        row[0] for row in db.execute("select next_attempt_at from outbox order by id").fetchall()
    ]
    assert times == [to_text(NOON + SLACK), to_text(NOON), to_text(NOON + timedelta(days=9))]


def add_notifications(db: Database, attempts: list[datetime | None]) -> None:
    """A notification for each of these times; one that is delivered already for None."""
    at = to_text(NOON)
    for number in (1, 2):
        db.execute(
            "insert into versions (article_id, number, seen_at, last_seen_at, headline, body, content_hash, extractor)"
            " values (1, ?, ?, ?, 'Story', 'text', '', '1')",
            [number, at, at],
        )
    edit = db.execute(
        "insert into edits (article_id, from_version, to_version, seen_after, seen_at, field, op, kind, old, new)"
        " values (1, 1, 2, ?, ?, 'body', 'replace', 'wording', 'a', 'b')",
        [at, at],
    ).lastrowid
    for number, next_attempt_at in enumerate(attempts):
        db.execute(
            "insert into outbox (edit_id, channel, created_at, next_attempt_at, delivered_at) values (?, ?, ?, ?, ?)",
            [
                edit,
                f"channel {number}",
                at,
                to_text(next_attempt_at or NOON + timedelta(days=9)),
                None if next_attempt_at else at,
            ],
        )
