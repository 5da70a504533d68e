"""Notifications: a row per edit and channel, delivered at least once and in order per article."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlite_utils import Database

from schedules.check import check
from schedules.check.settings import CheckSettings
from schedules.delivery import CHANNEL_DOWN_AFTER, Deliveries, DeliveryError, deliver
from storage.queue.outbox import ChannelFilter, undelivered
from tests.support.checker import Checker, Clock
from tests.support.pages import article_html
from tests.support.site import Site

NOON = datetime(2026, 5, 14, 12, tzinfo=UTC)
DESK_FILTER = ChannelFilter("desk")
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")


@dataclass
class Receiver:
    """A channel that fails if `fails` says so, and keeps what it accepted."""

    channel_filter: ChannelFilter = DESK_FILTER
    digest: timedelta | None = None
    address: int = 0
    fails: Any = field(default=lambda edits: False)
    attempts: list[list[int]] = field(default_factory=list)
    delivered_edits: list[dict[str, Any]] = field(default_factory=list)

    async def send(self, edits: Sequence[dict[str, Any]]) -> None:
        self.attempts.append([edit["delivery"] for edit in edits])
        if self.fails(edits):
            raise DeliveryError("down for repairs")
        self.delivered_edits += edits


def edit_pages(
    site: Site, checker: Checker, paths: Sequence[str], *channel_filters: ChannelFilter
) -> None:
    """Articles, each edited four times and checked in turn."""
    for word in WEEKDAYS:
        for path in paths:
            url = site.page(path, article_html(f"Story {path} of the day").replace("Monday", word))
            settings = CheckSettings(channel_filters=channel_filters or (DESK_FILTER,))
            checker.run(lambda network, url=url, settings=settings: check(checker.db, url, network, settings=settings))  # type: ignore[misc]  # fmt: skip
            checker.clock.skip(minutes=10)


def send(db: Database, channel: Receiver, clock: Clock, *, passes: int = 1) -> None:
    for _ in range(passes):
        asyncio.run(deliver(db, channel, clock.now))
        clock.skip(hours=2)


def test_each_edit_is_queued_for_each_channel(site: Site, checker: Checker) -> None:
    edit_pages(site, checker, ["/a"], DESK_FILTER, ChannelFilter("wire"))
    rows = checker.db.execute("select channel, count(*) from outbox group by channel").fetchall()
    assert rows == [("desk", 4), ("wire", 4)]


@pytest.mark.parametrize(
    ("channel_filter", "is_wanted"),
    [
        (ChannelFilter("c"), True),
        (ChannelFilter("c", hosts=("example.org",)), True),
        (ChannelFilter("c", hosts=("ample.org",)), False),
        (ChannelFilter("c", fields=("headline",)), False),
        (ChannelFilter("c", fields=("headline", "body")), True),
        (ChannelFilter("c", kinds=("number",)), True),
        (ChannelFilter("c", kinds=("wording",)), False),
        (ChannelFilter("c", silent_only=True), True),
    ],
)
def test_a_channel_filter_selects_edits(channel_filter: ChannelFilter, is_wanted: bool) -> None:
    edit = {"field": "body", "kind": "number", "disclosed": 0}
    assert channel_filter.wants(edit, "www.example.org") is is_wanted


@pytest.mark.parametrize("disclosed", [1, None])
def test_silent_only_excludes_edits_with_unknown_disclosure(disclosed: int | None) -> None:
    edit = {"field": "body", "kind": "number", "disclosed": disclosed}
    assert not ChannelFilter("c", silent_only=True).wants(edit, "example.org")


def test_edits_are_sent_one_at_a_time_in_order_and_marked_delivered(
    site: Site, checker: Checker
) -> None:
    edit_pages(site, checker, ["/a", "/b"])
    channel = Receiver()
    send(checker.db, channel, checker.clock, passes=2)
    assert channel.attempts == [[number] for number in range(1, 9)]
    assert undelivered(checker.db) == []


def test_a_failure_holds_back_only_its_own_article(site: Site, checker: Checker) -> None:
    edit_pages(site, checker, ["/a", "/b"])
    channel = Receiver(fails=lambda edits: edits[0]["url"].endswith("/a"))
    send(checker.db, channel, checker.clock)
    assert {edit["url"][-2:] for edit in channel.delivered_edits} == {"/b"}
    assert channel.attempts[0] == [1]
    (row,) = undelivered(checker.db)
    assert (row["waiting"], row["attempts"], row["last_error"]) == (4, 1, "down for repairs")
    channel.fails = lambda edits: False
    send(checker.db, channel, checker.clock)
    assert [edit["new"] for edit in channel.delivered_edits if edit["url"].endswith("/a")] == list(
        WEEKDAYS[1:]
    )


def test_two_processes_do_not_send_one_edit_twice(db: Database) -> None:
    add_edits(db, articles=3, edits=3)
    clock = Clock(NOON)

    class SlowReceiver(Receiver):
        async def send(self, edits: Sequence[dict[str, Any]]) -> None:
            await asyncio.sleep(0)
            await Receiver.send(self, edits)

    channel = SlowReceiver()

    async def deliver_twice() -> None:
        for _ in range(3):
            await asyncio.gather(*(deliver(db, channel, clock.now) for _ in range(2)))

    asyncio.run(deliver_twice())
    assert sorted(edit["delivery"] for edit in channel.delivered_edits) == list(range(1, 10))


def test_a_dead_channel_is_tried_a_few_times_per_pass(site: Site, checker: Checker) -> None:
    edit_pages(site, checker, [f"/{number}" for number in range(6)])
    channel = Receiver(fails=lambda edits: True)
    send(checker.db, channel, checker.clock)
    assert len(channel.attempts) == CHANNEL_DOWN_AFTER


@given(st.lists(st.booleans(), min_size=1, max_size=30))
def test_despite_failures_each_edit_is_delivered_once_in_order(
    outcomes: list[bool],
) -> None:
    """By the receiver's own record: the delivery ids of an article only grow."""
    from storage.database import open_in_memory

    db = open_in_memory()
    clock = Clock()
    add_edits(db, articles=3, edits=4)
    failures = iter(outcomes)
    channel = Receiver(fails=lambda edits: next(failures, False))
    send(db, channel, clock, passes=len(outcomes) + 1)
    deliveries = [edit["delivery"] for edit in channel.delivered_edits]
    assert sorted(deliveries) == list(range(1, 13))
    for article in (1, 2, 3):
        article_deliveries = [
            edit["delivery"] for edit in channel.delivered_edits if edit["article_id"] == article
        ]
        assert article_deliveries == sorted(article_deliveries)


def test_an_exception_in_a_channel_is_recorded_as_a_failure(db: Database) -> None:
    add_edits(db, articles=1, edits=1)
    clock = Clock(NOON)

    def raise_error(edits: object) -> bool:
        raise ValueError("https://hush/")

    asyncio.run(deliver(db, Receiver(fails=raise_error), clock.now))
    assert (
        undelivered(db)[0]["last_error"] == "the channel failed with ValueError; check its settings"
    )


def test_a_channel_that_is_down_backs_off(db: Database) -> None:
    add_edits(db, articles=9, edits=1)
    clock = Clock(NOON)
    channel = Receiver(fails=lambda edits: True)
    outbox = Deliveries(db, clock.now, (channel,))

    async def passes() -> list[int]:
        counts = []
        for _ in range(4):
            await outbox.send_due()
            counts.append(len(channel.attempts))
            clock.skip(seconds=2.5)
        return counts

    assert asyncio.run(passes()) == [3, 6, 6, 9]


def test_a_digest_is_sent_once_its_oldest_edit_is_old_enough(site: Site, checker: Checker) -> None:
    edit_pages(site, checker, ["/a"])
    channel = Receiver(digest=timedelta(hours=1))
    asyncio.run(deliver(checker.db, channel, checker.clock.now))
    assert channel.attempts == []
    checker.clock.skip(hours=1)
    asyncio.run(deliver(checker.db, channel, checker.clock.now))
    assert channel.attempts == [[1, 2, 3, 4]]


def test_a_hanging_channel_blocks_neither_others_nor_shutdown(db: Database) -> None:
    add_edits(db, articles=1, edits=2)
    db.execute("insert into outbox (edit_id, channel, created_at, next_attempt_at) select edit_id, 'stuck', created_at, next_attempt_at from outbox")  # fmt: skip
    clock = Clock(NOON)

    class StuckReceiver(Receiver):
        async def send(self, edits: Sequence[dict[str, Any]]) -> None:
            await asyncio.Event().wait()

    quick_channel, stuck_channel = Receiver(), StuckReceiver(ChannelFilter("stuck"))

    async def begin_and_stop() -> None:
        outbox = Deliveries(db, clock.now, (stuck_channel, quick_channel))
        outbox.begin()
        while len(quick_channel.delivered_edits) < 2:
            await asyncio.sleep(0)
        await outbox.stop()

    asyncio.run(begin_and_stop())
    assert [row["channel"] for row in undelivered(db)] == ["stuck"]


def add_address(db: Database, address: int) -> None:
    """The same notifications for a further address of the channel."""
    db.execute(
        "insert into outbox (edit_id, channel, address, created_at, next_attempt_at)"
        " select edit_id, channel, ?, created_at, next_attempt_at from outbox where address = 0",
        [address],
    )


def test_each_address_of_a_channel_is_queued(site: Site, checker: Checker) -> None:
    edit_pages(site, checker, ["/a"], ChannelFilter("desk", addresses=3))
    rows = checker.db.execute("select address, count(*) from outbox group by address").fetchall()
    assert rows == [(0, 4), (1, 4), (2, 4)]


@pytest.mark.parametrize("digest", [None, timedelta(minutes=1)], ids=["single", "digest"])
def test_a_dead_address_repeats_nothing_to_another(db: Database, digest: timedelta | None) -> None:
    add_edits(db, articles=2, edits=3)
    add_address(db, 1)
    clock = Clock(NOON)
    live = Receiver(digest=digest)
    dead = Receiver(digest=digest, address=1, fails=lambda edits: True)
    for _ in range(5):
        asyncio.run(Deliveries(db, clock.now, (dead, live)).send_due())
        clock.skip(hours=2)
    assert [edit["delivery"] for edit in live.delivered_edits] == [1, 2, 3, 4, 5, 6]
    assert [row["waiting"] for row in undelivered(db)] == [6]
    dead.fails = lambda edits: False
    for _ in range(2):
        asyncio.run(Deliveries(db, clock.now, (dead, live)).send_due())
        clock.skip(hours=2)
    assert [edit["delivery"] for edit in dead.delivered_edits] == [7, 8, 9, 10, 11, 12]
    assert len(live.delivered_edits) == 6


def test_a_digest_is_the_same_message_when_it_is_tried_again(db: Database) -> None:
    add_edits(db, articles=2, edits=2)
    clock = Clock(NOON)
    channel = Receiver(digest=timedelta(minutes=1), fails=lambda edits: True)
    send(db, channel, clock)
    add_later_edit(db, article=1, version=3)
    add_later_edit(db, article=3, version=1)
    channel.fails = lambda edits: False
    send(db, channel, clock, passes=2)
    assert channel.attempts == [[1, 2, 3, 4], [1, 2, 3, 4], [5, 6]]


class KilledError(BaseException):
    """The process is killed: nothing after the send is done."""


@pytest.mark.parametrize("digest", [None, timedelta(minutes=1)], ids=["single", "digest"])
def test_a_kill_while_sending_loses_nothing_and_keeps_the_message(
    db: Database, digest: timedelta | None
) -> None:
    add_edits(db, articles=1, edits=2)
    clock = Clock(NOON)

    def kill(edits: object) -> bool:
        raise KilledError

    channel = Receiver(digest=digest, fails=kill)
    with pytest.raises(KilledError):
        asyncio.run(deliver(db, channel, clock.now))
    add_later_edit(db, article=1, version=3)
    channel.fails = lambda edits: False
    asyncio.run(deliver(db, channel, clock.now))
    assert len(channel.attempts) == 1  # another process may still be sending
    clock.skip(minutes=3)
    send(db, channel, clock, passes=3)
    assert channel.attempts[1] == channel.attempts[0]
    assert [edit["delivery"] for edit in channel.delivered_edits] == [1, 2, 3]


def test_a_command_sends_all_that_waits(db: Database) -> None:
    """More notifications wait than are taken at a time, and nobody runs a daemon."""
    add_edits(db, articles=250, edits=1)
    channel = Receiver()
    asyncio.run(Deliveries(db, Clock(NOON).now, (channel,)).send_due())
    assert len(channel.attempts) == 250
    assert undelivered(db) == []


def test_many_messages_that_wait_stay_whole(db: Database) -> None:
    """More notifications wait than are taken at a time: no message is cut in two."""
    add_edits(db, articles=1, edits=60)
    clock = Clock(NOON)
    channel = Receiver(digest=timedelta(minutes=1), fails=lambda edits: True)
    send(db, channel, clock)
    add_edits(db, articles=120, edits=1, first_article=2)
    send(db, channel, clock, passes=2)
    channel.attempts.clear()
    channel.fails = lambda edits: False
    send(db, channel, clock, passes=4)
    assert sorted(n for message in channel.attempts for n in message) == list(range(1, 181))
    assert channel.attempts[0] == list(range(1, 61))


def add_later_edit(db: Database, *, article: int, version: int) -> None:
    add_edits(db, articles=1, edits=1, first_article=article, first_version=version)


def add_edits(
    db: Database, *, articles: int, edits: int, first_article: int = 1, first_version: int = 1
) -> None:
    """Rows as checks write them, without the checks."""
    at = "2026-05-14T11:00:00.000Z"
    numbers = range(first_article, first_article + articles)
    for article in numbers:
        db.execute("insert or ignore into articles (id, url, host, first_seen_at) values (?, ?, 'a', ?)", [article, f"https://a/{article}", at])  # fmt: skip
    for number in range(first_version + 1, first_version + edits + 1):
        for article in numbers:
            db.execute(
                "insert into versions (article_id, number, seen_at, last_seen_at, headline, body, content_hash, extractor)"
                " values (?, ?, ?, ?, 'Story', 'text', '', '1')",
                [article, number - 1, at, at],
            )
            edit = db.execute(
                "insert into edits (article_id, from_version, to_version, seen_after, seen_at, field, op, kind, old, new)"
                " values (?, ?, ?, ?, ?, 'body', 'replace', 'wording', 'a', 'b')",
                [article, number - 1, number - 1, at, at],
            ).lastrowid
            db.execute("insert into outbox (edit_id, channel, created_at, next_attempt_at) values (?, 'desk', ?, ?)", [edit, at, at])  # fmt: skip
