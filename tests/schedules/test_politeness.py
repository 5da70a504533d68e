"""One request at a time per host, its delay, and pauses when it fails or asks for one."""

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from sqlite_utils import Database

from schedules.daemon.runner import look_at_due
from schedules.hosts.network import Network
from schedules.hosts.politeness import FIRST_PAUSE, LONGEST_PAUSE, TROUBLE, Hosts, pause_after
from scraper.fetch import Limits
from scraper.http.robots import robots_from
from storage.queue import watches as watch
from storage.queue.hosts import host_state, stored_robots
from tests.conftest import Answer, Clock, Looker, Site, article_html

NOON = datetime(2026, 5, 14, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("failures", "asked", "is_refusal", "seconds"),
    [
        (1, None, True, 60),
        (2, None, True, 120),
        (1, 5, True, 5),
        (3, 5, True, 240),
        (1, 3600, True, 3600),
        (1, None, False, None),
        (TROUBLE, None, False, 60),
        (TROUBLE + 1, None, False, 120),
        (60, None, False, LONGEST_PAUSE.total_seconds()),
    ],
)
def test_a_pause_grows_with_the_failures(
    failures: int, asked: int | None, is_refusal: bool, seconds: float | None
) -> None:
    header = timedelta(seconds=asked) if asked else None
    pause = pause_after(failures, asked=header, is_refusal=is_refusal)
    assert (pause.total_seconds() if pause else None) == seconds


def test_an_answer_closes_the_circuit_again() -> None:
    clock = Clock()
    hosts = Hosts(clock.now, sleep=clock.sleep)
    hosts.failed("a", "it answers 503", is_refusal=True)
    assert hosts.pause("a") > FIRST_PAUSE * 0.99
    hosts.answered("a")
    assert hosts.pause("a") == timedelta(0)


def test_two_looks_at_one_host_wait_for_each_other_and_its_delay() -> None:
    clock = Clock()
    hosts = Hosts(clock.now, timedelta(seconds=3), clock.sleep)
    together: list[int] = []
    inside = 0

    async def look() -> None:
        nonlocal inside
        async with hosts.turn("a"):
            inside += 1
            together.append(inside)
            await asyncio.sleep(0)
            inside -= 1

    async def both() -> None:
        await asyncio.gather(look(), look(), look())

    asyncio.run(both())
    assert together == [1, 1, 1]
    assert [round(seconds) for seconds in clock.slept] == [3, 3]


def test_a_clock_set_back_makes_no_long_wait() -> None:
    clock = Clock()
    hosts = Hosts(clock.now, timedelta(seconds=3), clock.sleep)

    async def look_back() -> None:
        async with hosts.turn("a"):
            pass
        clock.skip(days=-400)
        async with hosts.turn("a"):
            pass

    asyncio.run(look_back())
    assert sum(clock.slept) < 4


def passes(look: Looker, db: Database) -> int:
    """One pass over what is due, with what is known of hosts kept in the database."""

    async def work(network: Network) -> int:
        network.db = db
        return await look_at_due(db, network, jobs=4, report=lambda checked: None)

    return look.run(work)


def test_a_host_that_answers_503_is_left_alone_with_one_row(
    site: Site, look: Looker, db: Database
) -> None:
    for number in range(5):
        site.answers[f"/{number}"] = Answer(status=503)
        watch.watch_article(db, f"{site.url}/{number}", at=look.clock.now())
    assert passes(look, db) == 1
    assert passes(look, db) == 0
    state = host_state(db, "127.0.0.1")
    assert state.reason == "it answers 503 (once)"
    assert db["fetches"].count == 1


def test_the_circuit_closes_when_the_host_answers_again(
    site: Site, look: Looker, db: Database
) -> None:
    for number in range(5):
        site.answers[f"/{number}"] = Answer(status=503)
        watch.watch_article(db, f"{site.url}/{number}", at=look.clock.now())
    passes(look, db)
    for number in range(5):
        site.page(f"/{number}", article_html(f"Story {number} of the day"))
    look.clock.skip(hours=7)
    assert passes(look, db) == 5
    assert host_state(db, "127.0.0.1").failures == 0


@pytest.mark.parametrize("value", ["900", "Thu, 14 May 2026 12:15:00 GMT"])
def test_retry_after_is_kept_by_the_next_run(
    site: Site, look: Looker, db: Database, value: str
) -> None:
    site.answers["/a"] = Answer(status=429, headers={"Retry-After": value})
    watch.watch_article(db, site.url + "/a", at=look.clock.now())
    passes(look, db)
    site.page("/b", article_html())
    watch.watch_article(db, site.url + "/b", at=look.clock.now())
    assert passes(look, db) == 0
    look.clock.skip(minutes=16)
    assert passes(look, db) == 2


def test_three_dead_connections_open_the_circuit(site: Site, look: Looker, db: Database) -> None:
    for number in range(6):
        site.answers[f"/{number}"] = Answer(b"x" * 99, cut=3)
        watch.watch_article(db, f"{site.url}/{number}", at=look.clock.now())
    assert passes(look, db) == TROUBLE


def test_robots_are_asked_for_once_a_day_whatever_the_number_of_runs(
    site: Site, look: Looker, db: Database
) -> None:
    url = site.page("/a", article_html())
    for _ in range(3):
        watch.watch_article(db, url, at=look.clock.now())
        passes(look, db)
    assert Counter(site.paths()) == {"/robots.txt": 1, "/a": 3}
    look.clock.skip(hours=25)
    watch.watch_article(db, url, at=look.clock.now())
    passes(look, db)
    assert Counter(site.paths())["/robots.txt"] == 2


def test_a_host_without_readable_robots_is_asked_for_nothing_else(
    site: Site, look: Looker, db: Database
) -> None:
    site.answers["/robots.txt"] = Answer(status=500)
    for number in range(3):
        watch.watch_article(db, site.page(f"/{number}", article_html()), at=look.clock.now())
    passes(look, db)
    passes(look, db)
    assert site.paths() == ["/robots.txt"]
    assert stored_robots(db, site.url.removeprefix("http://")) is not None


def test_robots_that_fail_for_a_month_forbid_nothing_any_more() -> None:
    late = robots_from(500, b"", now=NOON, failing_since=NOON - timedelta(days=31))
    assert late.allows("https://example.org/a")
    early = robots_from(None, b"", now=NOON, failing_since=NOON - timedelta(days=29))
    assert not early.allows("https://example.org/a")


def test_a_redirect_to_another_host_waits_for_that_host_s_turn(site: Site, look: Looker) -> None:
    """The other host is this machine by its name."""
    there = site.page("/b", article_html()).replace("127.0.0.1", "localhost")
    site.answers["/a"] = Answer(status=302, headers={"Location": there})
    order: list[str] = []

    async def work(network: Network) -> None:
        network.fetcher.resolve = lambda host: ["93.184.215.14"]  # not private, as it seems

        async def hold() -> None:
            async with network.hosts.turn("localhost"):
                order.append("held")
                await asyncio.sleep(0.05)
                order.append("freed")

        async def fetch() -> None:
            await asyncio.sleep(0.01)
            page = await network.get(site.url + "/a")
            order.append(f"got {page.status}")

        await asyncio.gather(hold(), fetch())

    look.run(work)
    assert order == ["held", "freed", "got 200"]


def test_a_page_too_large_is_not_its_host_s_failure(site: Site, db: Database, clock: Clock) -> None:
    small = Looker(db, clock, limits=Limits(body=100))
    for number in range(5):
        watch.watch_article(db, site.page(f"/{number}", article_html()), at=clock.now())
    assert passes(small, db) == 5
    assert host_state(db, "127.0.0.1").failures == 0


def test_robots_that_ask_for_a_pause_have_it(site: Site, look: Looker, db: Database) -> None:
    site.answers["/robots.txt"] = Answer(status=503, headers={"Retry-After": "7200"})
    watch.watch_article(db, site.page("/a", article_html()), at=look.clock.now())
    passes(look, db)
    look.clock.skip(minutes=100)
    passes(look, db)
    assert site.paths() == ["/robots.txt"]
