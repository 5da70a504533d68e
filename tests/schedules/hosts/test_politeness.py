"""One request at a time per host, its delay, and pauses when it fails or asks for one."""

import asyncio
import contextlib
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from sqlite_utils import Database

from schedules.daemon.runner import check_due
from schedules.hosts.network import Network
from schedules.hosts.politeness import (
    FIRST_BACKOFF,
    MAX_BACKOFF,
    OPEN_CIRCUIT_AFTER,
    Hosts,
    backoff_after_failure,
    backoff_after_refusal,
    retry_after,
    wait_before,
)
from scraper.fetch import Limits
from scraper.http.addresses import AllowedHosts
from scraper.http.robots import robots_from
from storage.articles.watch import watch_article
from storage.queue.hosts import HostState, host_state, stored_robots
from storage.queue.uptime import Uptime
from tests.support.checker import Checker, Clock
from tests.support.pages import article_html
from tests.support.site import Answer, Site

NOON = datetime(2026, 5, 14, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("failures", "requested_wait", "seconds"),
    [
        (1, None, 60),
        (2, None, 120),
        (1, 5, 5),
        (2, 5, 120),
        (3, 5, 240),
        (1, 3600, 3600),
        (2, 3600, 3600),
        (60, None, MAX_BACKOFF.total_seconds()),
    ],
)
def test_the_backoff_grows_with_the_refusals(
    failures: int, requested_wait: int | None, seconds: float
) -> None:
    header = timedelta(seconds=requested_wait) if requested_wait else None
    assert backoff_after_refusal(failures, header).total_seconds() == seconds


@pytest.mark.parametrize(
    ("failures", "seconds"),
    [
        (1, None),
        (OPEN_CIRCUIT_AFTER - 1, None),
        (OPEN_CIRCUIT_AFTER, 60),
        (OPEN_CIRCUIT_AFTER + 1, 120),
        (60, MAX_BACKOFF.total_seconds()),
    ],
)
def test_failures_back_off_from_the_third_in_a_row_on(failures: int, seconds: float | None) -> None:
    backoff = backoff_after_failure(failures)
    assert (backoff.total_seconds() if backoff else None) == seconds


def test_a_success_closes_the_circuit() -> None:
    clock = Clock()
    hosts = Hosts(clock.now, sleep=clock.sleep)
    hosts.record_refusal("a", "it answered 503")
    assert hosts.backoff("a") > FIRST_BACKOFF * 0.99
    hosts.record_success("a")
    assert hosts.backoff("a") == timedelta(0)


def test_requests_to_one_host_run_one_at_a_time_with_a_delay() -> None:
    clock = Clock()
    hosts = Hosts(clock.now, timedelta(seconds=3), clock.sleep)
    concurrent_counts: list[int] = []
    open_requests = 0

    async def request_once() -> None:
        nonlocal open_requests
        async with hosts.slot("a"):
            open_requests += 1
            concurrent_counts.append(open_requests)
            await asyncio.sleep(0)
            open_requests -= 1

    async def request_thrice() -> None:
        await asyncio.gather(request_once(), request_once(), request_once())

    asyncio.run(request_thrice())
    assert concurrent_counts == [1, 1, 1]
    assert [round(seconds) for seconds in clock.sleeps] == [3, 3]


def test_a_clock_set_back_does_not_cause_a_long_wait() -> None:
    clock = Clock()
    hosts = Hosts(clock.now, timedelta(seconds=3), clock.sleep)

    async def request_twice() -> None:
        async with hosts.slot("a"):
            pass
        clock.skip(days=-400)
        async with hosts.slot("a"):
            pass

    asyncio.run(request_twice())
    assert sum(clock.sleeps) < 4


def run_pass(checker: Checker, db: Database) -> int:
    """One pass over what is due, with the state of hosts kept in the database."""

    async def work(network: Network) -> int:
        network.db = db
        return await check_due(db, network, jobs=4, report=lambda checked: None)

    return checker.run(work)


def test_a_host_that_answers_503_backs_off_after_one_row(
    site: Site, checker: Checker, db: Database
) -> None:
    for number in range(5):
        site.answers[f"/{number}"] = Answer(status=503)
        watch_article(db, f"{site.url}/{number}", at=checker.clock.now())
    assert run_pass(checker, db) == 1
    assert run_pass(checker, db) == 0
    state = host_state(db, "127.0.0.1")
    assert state.reason == "it answered 503 (once)"
    assert db["fetches"].count == 1


def test_the_circuit_closes_when_the_host_recovers(
    site: Site, checker: Checker, db: Database
) -> None:
    for number in range(5):
        site.answers[f"/{number}"] = Answer(status=503)
        watch_article(db, f"{site.url}/{number}", at=checker.clock.now())
    run_pass(checker, db)
    for number in range(5):
        site.page(f"/{number}", article_html(f"Story {number} of the day"))
    checker.clock.skip(hours=7)
    assert run_pass(checker, db) == 5
    assert host_state(db, "127.0.0.1").failures == 0


@pytest.mark.parametrize("value", ["900", "Thu, 14 May 2026 12:15:00 GMT"])
def test_retry_after_is_obeyed_by_the_next_run(
    site: Site, checker: Checker, db: Database, value: str
) -> None:
    site.answers["/a"] = Answer(status=429, headers={"Retry-After": value})
    watch_article(db, site.url + "/a", at=checker.clock.now())
    run_pass(checker, db)
    site.page("/b", article_html())
    watch_article(db, site.url + "/b", at=checker.clock.now())
    assert run_pass(checker, db) == 0
    checker.clock.skip(minutes=16)
    assert run_pass(checker, db) == 2


def test_three_failed_connections_open_the_circuit(
    site: Site, checker: Checker, db: Database
) -> None:
    for number in range(6):
        site.answers[f"/{number}"] = Answer(b"x" * 99, cut=3)
        watch_article(db, f"{site.url}/{number}", at=checker.clock.now())
    assert run_pass(checker, db) == OPEN_CIRCUIT_AFTER


def test_robots_txt_is_fetched_once_a_day_across_runs(
    site: Site, checker: Checker, db: Database
) -> None:
    url = site.page("/a", article_html())
    for _ in range(3):
        watch_article(db, url, at=checker.clock.now())
        run_pass(checker, db)
    assert Counter(site.paths()) == {"/robots.txt": 1, "/a": 3}
    checker.clock.skip(hours=25)
    watch_article(db, url, at=checker.clock.now())
    run_pass(checker, db)
    assert Counter(site.paths())["/robots.txt"] == 2


def test_a_host_with_failing_robots_txt_gets_no_other_request(
    site: Site, checker: Checker, db: Database
) -> None:
    site.answers["/robots.txt"] = Answer(status=500)
    for number in range(3):
        watch_article(db, site.page(f"/{number}", article_html()), at=checker.clock.now())
    run_pass(checker, db)
    run_pass(checker, db)
    assert site.paths() == ["/robots.txt"]
    assert stored_robots(db, site.url.removeprefix("http://")) is not None


def test_robots_txt_that_fails_for_a_month_allows_everything() -> None:
    after_31_days = robots_from(500, b"", now=NOON, failing_since=NOON - timedelta(days=31))
    assert after_31_days.allows("https://example.org/a")
    after_29_days = robots_from(None, b"", now=NOON, failing_since=NOON - timedelta(days=29))
    assert not after_29_days.allows("https://example.org/a")


def test_a_redirect_to_another_host_waits_for_that_hosts_slot(site: Site, checker: Checker) -> None:
    """The other host is this machine by its name."""
    other_url = site.page("/b", article_html()).replace("127.0.0.1", "localhost")
    site.answers["/a"] = Answer(status=302, headers={"Location": other_url})
    order: list[str] = []

    async def work(network: Network) -> None:
        network.fetcher.pools.allowed = AllowedHosts.of(["127.0.0.0/8", "::1"])

        async def hold() -> None:
            async with network.hosts.slot("localhost"):
                order.append("held")
                await asyncio.sleep(0.05)
                order.append("freed")

        async def fetch() -> None:
            await asyncio.sleep(0.01)
            page = await network.get(site.url + "/a")
            order.append(f"got {page.status}")

        await asyncio.gather(hold(), fetch())

    checker.run(work)
    assert order == ["held", "freed", "got 200"]


def test_a_page_too_large_is_not_a_host_failure(site: Site, db: Database, clock: Clock) -> None:
    small_checker = Checker(db, clock, limits=Limits(body=100))
    for number in range(5):
        watch_article(db, site.page(f"/{number}", article_html()), at=clock.now())
    assert run_pass(small_checker, db) == 5
    assert host_state(db, "127.0.0.1").failures == 0


def test_retry_after_on_robots_txt_is_obeyed(site: Site, checker: Checker, db: Database) -> None:
    site.answers["/robots.txt"] = Answer(status=503, headers={"Retry-After": "7200"})
    watch_article(db, site.page("/a", article_html()), at=checker.clock.now())
    run_pass(checker, db)
    checker.clock.skip(minutes=100)
    run_pass(checker, db)
    assert site.paths() == ["/robots.txt"]


@pytest.mark.parametrize(
    ("last_ended_at", "backoff_until", "seconds"),
    [
        (None, None, 0),
        (NOON, None, 5),
        (NOON - timedelta(seconds=2), None, 3),
        (NOON - timedelta(seconds=9), None, 0),
        (NOON + timedelta(days=9), None, 5),
        (NOON, NOON + timedelta(seconds=30), 30),
        (NOON, NOON + timedelta(seconds=3), 5),
        (None, NOON - timedelta(seconds=3), 0),
    ],
)
def test_the_wait_is_for_the_delay_and_the_backoff(
    last_ended_at: datetime | None, backoff_until: datetime | None, seconds: int
) -> None:
    wait = wait_before(
        now=NOON,
        last_ended_at=last_ended_at,
        delay=timedelta(seconds=5),
        backoff_until=backoff_until,
    )
    assert wait == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("٣", None),
        ("0", 0),
        (" 120 ", 120),
        ("86401", 86400),
        ("9" * 400, 86400),
        ("Thu, 14 May 2026 12:15:00 GMT", 900),
        ("Thu, 14 May 2026 12:15:00 -0000", 900),
        ("Thu, 14 May 2026 21:15:00 +0900", 900),
        ("Thu, 14 May 2026 11:00:00 GMT", 0),
        ("Thu, 28 May 2026 12:00:00 GMT", 86400),
        ("Thu, 14 May 99999999999999999999 12:15:00 GMT", None),
        ("Thu, 14 May 2026 12:15:00 +99999999999999999999", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(value: str | None, seconds: int | None) -> None:
    wait = retry_after(value, now=NOON)
    assert (wait.total_seconds() if wait is not None else None) == seconds


def test_the_reason_counts_the_failures_in_a_row() -> None:
    hosts = Hosts(lambda: NOON)
    reasons = []
    for _ in range(3):
        hosts.record_failure("a", "no answer")
        reasons.append(hosts.backoff_reason("a"))
    assert reasons == [
        "no answer (once)",
        "no answer (2 times in a row)",
        "no answer (3 times in a row)",
    ]
    assert hosts.backoff("a") == FIRST_BACKOFF


def test_a_host_without_a_backoff_has_none_left() -> None:
    hosts = Hosts(lambda: NOON)
    assert hosts.backoff("a") == timedelta(0)
    hosts.resume("a", HostState(backoff_until=NOON - timedelta(hours=1)))
    assert hosts.backoff("a") == timedelta(0)
    assert hosts.backoff_reason("a") == "it asked for a pause"


def test_a_success_forgets_the_failures_but_not_the_last_request() -> None:
    hosts, boot = Hosts(lambda: NOON), Uptime("boot", 9.0)
    hosts.resume("a", HostState(2, NOON, "no answer", NOON, boot))
    hosts.record_success("a")
    assert hosts.forget("a") == HostState(requested_at=NOON, requested_uptime=boot)


def test_a_request_is_remembered_by_the_clock_and_by_the_uptime() -> None:
    hosts = Hosts(lambda: NOON, uptime=lambda: Uptime("boot", 9.0))

    async def request() -> None:
        async with hosts.slot("a"):
            pass

    asyncio.run(request())
    state = HostState(requested_at=NOON, requested_uptime=Uptime("boot", 9.0))
    assert hosts.forget("a") == state


def test_a_hosts_state_is_resumed_and_given_back() -> None:
    hosts = Hosts(lambda: NOON)
    state = HostState(2, NOON + timedelta(hours=1), "no answer", NOON)
    hosts.resume("a", state)
    assert hosts.backoff("a") == timedelta(hours=1)
    assert hosts.forget("a") == state
    assert hosts.forget("a") == HostState()


def test_a_host_is_not_forgotten_during_a_request() -> None:
    clock = Clock()
    hosts = Hosts(clock.now, sleep=clock.sleep)

    async def forget_in_slot() -> HostState:
        hosts.resume("a", HostState(failures=2))
        async with hosts.slot("a"):
            hosts.forget("a")
            return hosts.host("a").state

    assert asyncio.run(forget_in_slot()).failures == 2


def test_the_longer_of_the_delay_and_the_crawl_delay_holds() -> None:
    clock = Clock()
    hosts = Hosts(clock.now, timedelta(seconds=3), clock.sleep)

    async def request_with(crawl_delay: float) -> None:
        hosts.host("a").crawl_delay = timedelta(seconds=crawl_delay)
        async with hosts.slot("a"):
            pass

    async def request_thrice() -> None:
        for crawl_delay in (0, 9, 1):
            await request_with(crawl_delay)

    asyncio.run(request_thrice())
    assert [round(seconds) for seconds in clock.sleeps] == [9, 3]


def test_a_failed_request_counts_for_the_delay() -> None:
    clock = Clock()
    hosts = Hosts(clock.now, timedelta(seconds=3), clock.sleep)

    async def fail_and_retry() -> None:
        with contextlib.suppress(ValueError):
            async with hosts.slot("a"):
                raise ValueError
        async with hosts.slot("a"):
            pass

    asyncio.run(fail_and_retry())
    assert [round(seconds) for seconds in clock.sleeps] == [3]


def test_the_next_run_keeps_the_delay_since_the_last_request(
    site: Site, db: Database, clock: Clock
) -> None:
    checker = Checker(db, clock, delay=timedelta(seconds=30))
    watch_article(db, site.page("/a", article_html()), at=clock.now())
    run_pass(checker, db)
    clock.sleeps.clear()
    watch_article(db, site.page("/b", article_html("Another story of the day")), at=clock.now())
    assert run_pass(checker, db) == 1
    assert 20 < sum(clock.sleeps) < 31
