"""Announcements: a row per edit and channel, delivered at least once and in order per article."""

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
from schedules.daemon.delivery import DOWN_AFTER, DeliveryError, Outbox, deliver
from schedules.settings import Settings
from storage.queue.outbox import Audience, undelivered
from tests.conftest import Clock, Looker, Site, article_html

NOON = datetime(2026, 5, 14, 12, tzinfo=UTC)
DESK = Audience("desk")
WORDS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")


@dataclass
class Receiver:
    """A channel that fails where `fails` says so, and keeps what it took."""

    audience: Audience = DESK
    digest: timedelta | None = None
    fails: Any = field(default=lambda edits: False)
    tried: list[list[int]] = field(default_factory=list)
    taken: list[dict[str, Any]] = field(default_factory=list)

    async def send(self, edits: Sequence[dict[str, Any]]) -> None:
        self.tried.append([edit["delivery"] for edit in edits])
        if self.fails(edits):
            raise DeliveryError("down for repairs")
        self.taken += edits


def edit_pages(site: Site, look: Looker, paths: Sequence[str], *audiences: Audience) -> None:
    """Articles, each edited four times, looked at in turn."""
    for word in WORDS:
        for path in paths:
            url = site.page(path, article_html(f"Story {path} of the day").replace("Monday", word))
            settings = Settings(audiences=audiences or (DESK,))
            look.run(lambda network, url=url, settings=settings: check(look.db, url, network, settings=settings))  # type: ignore[misc]  # fmt: skip
            look.clock.skip(minutes=10)


def send(db: Database, channel: Receiver, clock: Clock, *, passes: int = 1) -> None:
    for _ in range(passes):
        asyncio.run(deliver(db, channel, clock.now))
        clock.skip(hours=2)


def test_each_edit_waits_for_each_channel(site: Site, look: Looker) -> None:
    edit_pages(site, look, ["/a"], DESK, Audience("wire"))
    rows = look.db.execute("select channel, count(*) from outbox group by channel").fetchall()
    assert rows == [("desk", 4), ("wire", 4)]


@pytest.mark.parametrize(
    ("audience", "wants"),
    [
        (Audience("c"), True),
        (Audience("c", hosts=("example.org",)), True),
        (Audience("c", hosts=("ample.org",)), False),
        (Audience("c", fields=("headline",)), False),
        (Audience("c", fields=("headline", "body")), True),
        (Audience("c", kinds=("number",)), True),
        (Audience("c", kinds=("wording",)), False),
        (Audience("c", silent_only=True), True),
    ],
)
def test_an_audience_wants_some_edits(audience: Audience, wants: bool) -> None:
    edit = {"field": "body", "kind": "number", "disclosed": 0}
    assert audience.wants(edit, "www.example.org") is wants


@pytest.mark.parametrize("disclosed", [1, None])
def test_silent_means_known_to_be_silent(disclosed: int | None) -> None:
    edit = {"field": "body", "kind": "number", "disclosed": disclosed}
    assert not Audience("c", silent_only=True).wants(edit, "example.org")


def test_edits_are_sent_one_by_one_in_order_and_marked(site: Site, look: Looker) -> None:
    edit_pages(site, look, ["/a", "/b"])
    channel = Receiver()
    send(look.db, channel, look.clock, passes=2)
    assert channel.tried == [[number] for number in range(1, 9)]
    assert undelivered(look.db) == []


def test_a_failure_holds_back_the_article_and_not_the_others(site: Site, look: Looker) -> None:
    edit_pages(site, look, ["/a", "/b"])
    channel = Receiver(fails=lambda edits: edits[0]["url"].endswith("/a"))
    send(look.db, channel, look.clock)
    assert {edit["url"][-2:] for edit in channel.taken} == {"/b"}
    assert channel.tried[0] == [1]
    (row,) = undelivered(look.db)
    assert (row["waiting"], row["attempts"], row["last_error"]) == (4, 1, "down for repairs")
    channel.fails = lambda edits: False
    send(look.db, channel, look.clock)
    assert [edit["new"] for edit in channel.taken if edit["url"].endswith("/a")] == list(WORDS[1:])


def test_two_processes_do_not_send_one_edit_twice(db: Database) -> None:
    add_edits(db, articles=3, edits=3)
    clock = Clock(NOON)

    class Slow(Receiver):
        async def send(self, edits: Sequence[dict[str, Any]]) -> None:
            await asyncio.sleep(0)
            await Receiver.send(self, edits)

    channel = Slow()

    async def both() -> None:
        for _ in range(3):
            await asyncio.gather(*(deliver(db, channel, clock.now) for _ in range(2)))

    asyncio.run(both())
    assert sorted(edit["delivery"] for edit in channel.taken) == list(range(1, 10))


def test_a_dead_channel_is_tried_a_few_times_and_left_for_later(site: Site, look: Looker) -> None:
    edit_pages(site, look, [f"/{number}" for number in range(6)])
    channel = Receiver(fails=lambda edits: True)
    send(look.db, channel, look.clock)
    assert len(channel.tried) == DOWN_AFTER


@given(st.lists(st.booleans(), min_size=1, max_size=30))
def test_whatever_fails_each_edit_comes_once_and_in_order(
    outcomes: list[bool],
) -> None:
    """By the receiver's own book: taken deliveries per article only grow."""
    from storage.database import open_nowhere

    db = open_nowhere()
    clock = Clock()
    add_edits(db, articles=3, edits=4)
    fates = iter(outcomes)
    channel = Receiver(fails=lambda edits: next(fates, False))
    send(db, channel, clock, passes=len(outcomes) + 1)
    deliveries = [edit["delivery"] for edit in channel.taken]
    assert sorted(deliveries) == list(range(1, 13))
    for article in (1, 2, 3):
        its = [edit["delivery"] for edit in channel.taken if edit["article_id"] == article]
        assert its == sorted(its)


def test_a_channel_that_cannot_work_is_a_failure_that_is_told(db: Database) -> None:
    add_edits(db, articles=1, edits=1)
    clock = Clock(NOON)

    def broken(edits: object) -> bool:
        raise ValueError("https://hush/")

    asyncio.run(deliver(db, Receiver(fails=broken), clock.now))
    assert undelivered(db)[0]["last_error"] == "it cannot be sent (ValueError)"


def test_a_channel_that_is_down_is_left_alone_for_longer_each_time(db: Database) -> None:
    add_edits(db, articles=9, edits=1)
    clock = Clock(NOON)
    channel = Receiver(fails=lambda edits: True)
    outbox = Outbox(db, clock.now, (channel,))

    async def passes() -> list[int]:
        counts = []
        for _ in range(4):
            await outbox.until_sent()
            counts.append(len(channel.tried))
            clock.skip(seconds=2.5)
        return counts

    assert asyncio.run(passes()) == [3, 6, 6, 9]


def test_a_digest_gathers_edits_until_the_oldest_is_old_enough(site: Site, look: Looker) -> None:
    edit_pages(site, look, ["/a"])
    channel = Receiver(digest=timedelta(hours=1))
    asyncio.run(deliver(look.db, channel, look.clock.now))
    assert channel.tried == []
    look.clock.skip(hours=1)
    asyncio.run(deliver(look.db, channel, look.clock.now))
    assert channel.tried == [[1, 2, 3, 4]]


def test_a_channel_that_hangs_holds_up_neither_others_nor_the_end(db: Database) -> None:
    add_edits(db, articles=1, edits=2)
    db.execute("insert into outbox (edit_id, channel, created_at, next_attempt_at) select edit_id, 'stuck', created_at, next_attempt_at from outbox")  # fmt: skip
    clock = Clock(NOON)

    class Stuck(Receiver):
        async def send(self, edits: Sequence[dict[str, Any]]) -> None:
            await asyncio.Event().wait()

    quick, stuck = Receiver(), Stuck(Audience("stuck"))

    async def begin_and_stop() -> None:
        outbox = Outbox(db, clock.now, (stuck, quick))
        outbox.begin()
        while len(quick.taken) < 2:
            await asyncio.sleep(0)
        await outbox.stop()

    asyncio.run(begin_and_stop())
    assert [row["channel"] for row in undelivered(db)] == ["stuck"]


def add_edits(db: Database, *, articles: int, edits: int) -> None:
    """Rows as looks write them, without the looks."""
    at = "2026-05-14T11:00:00.000Z"
    for article in range(1, articles + 1):
        db.execute("insert into articles (id, url, host, first_seen_at) values (?, ?, 'a', ?)", [article, f"https://a/{article}", at])  # fmt: skip
    for number in range(2, edits + 2):
        for article in range(1, articles + 1):
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
