"""Requests that are made politely: robots.txt, slots, backoff and redirects."""

import asyncio
import contextlib
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from schedules.hosts.network import Network
from schedules.processes import InProcess, WorkEndedError
from scraper.errors import AnswerError, FetchError, RefusedError, ScraperError
from scraper.fetch import Limits, Response
from scraper.http.addresses import AllowedHosts
from scraper.http.robots import RETRY_ROBOTS_AFTER
from scraper.recognise import Verdict
from storage.queue.hosts import HostState
from storage.queue.typed_hosts import remember_typed
from tests.support.checker import Checker
from tests.support.pages import article_html
from tests.support.site import Answer, Site

NOON = datetime(2026, 5, 14, 12, tzinfo=UTC)
HOST = "127.0.0.1"


def serve_robots(site: Site, rules: str) -> None:
    site.answers["/robots.txt"] = Answer(f"User-agent: *\n{rules}\n".encode())


def refusal(checker: Checker, url: str) -> Verdict | None:
    return checker.run(lambda network: network.refusal(url))


def test_an_address_that_robots_txt_allows_is_not_refused(site: Site, checker: Checker) -> None:
    serve_robots(site, "Disallow: /private")
    assert refusal(checker, site.url + "/a") is None


def test_an_address_that_robots_txt_disallows_is_refused(site: Site, checker: Checker) -> None:
    serve_robots(site, "Disallow: /private")
    assert refusal(checker, site.url + "/private/a") == Verdict(
        "refused", "robots.txt disallows this address"
    )


MANY_RULES = "\n".join(f"Disallow: /*closed{number}*{number}" for number in range(3_000))


def test_many_rules_are_obeyed_as_few_are(site: Site, checker: Checker) -> None:
    serve_robots(site, f"{MANY_RULES}\nCrawl-delay: 7")
    remember_typed(checker.db, [site.url], at=NOON)
    paths = ("/a", "/closed2999/2999", "/a")

    async def work(network: Network) -> list[Verdict | None]:
        network.db = checker.db
        verdicts = [await network.refusal(site.url + path) for path in paths]
        assert network.hosts.host(HOST).crawl_delay == timedelta(seconds=7)
        return verdicts

    for _ in range(2):  # from the site, and from the database
        allowed, refused, again = checker.run(work)
        assert (allowed, again) == (None, None)
        assert refused == Verdict("refused", "robots.txt disallows this address")
    assert site.paths() == ["/robots.txt"]


class EndsWork(InProcess):
    """A reader that is ended whenever it works."""

    async def run(self, work: Callable[[], Any], *, size: int, about: str) -> Any:
        raise WorkEndedError("reading was ended")


def test_nothing_is_requested_under_rules_that_take_too_long(site: Site, checker: Checker) -> None:
    serve_robots(site, MANY_RULES)

    async def work(network: Network) -> Verdict | None:
        network.reader = EndsWork()
        return await network.refusal(site.url + "/a")

    verdict = checker.run(work)
    assert verdict is not None
    assert (verdict.outcome, verdict.reason) == (
        "failed",
        "cannot read robots.txt: reading was ended",
    )


def test_an_address_is_not_requested_if_the_rules_for_it_take_too_long(
    site: Site, checker: Checker
) -> None:
    serve_robots(site, MANY_RULES)

    async def work(network: Network) -> list[Verdict | None]:
        verdicts = [await network.refusal(site.url + "/a")]
        network.reader = EndsWork()
        return [*verdicts, await network.refusal(site.url + "/a")]

    assert checker.run(work) == [None, Verdict("refused", "robots.txt disallows this address")]


def test_a_host_whose_robots_txt_fails_gets_no_request(site: Site, checker: Checker) -> None:
    site.answers["/robots.txt"] = Answer(status=500)
    verdict = refusal(checker, site.url + "/a")
    assert verdict is not None
    assert (verdict.outcome, verdict.wait) == ("failed", RETRY_ROBOTS_AFTER)


def test_a_host_that_asks_for_a_long_pause_is_refused_with_the_reason(
    site: Site, checker: Checker
) -> None:
    async def work(network: Network) -> Verdict | None:
        network.hosts.record_refusal(HOST, "it answered 429", requested_wait=timedelta(minutes=5))
        return await network.refusal(site.url + "/a")

    verdict = checker.run(work)
    assert verdict is not None
    assert verdict.outcome == "blocked"
    assert verdict.reason == ("backing off from 127.0.0.1 for 300 s more: it answered 429 (once)")
    assert verdict.wait is not None
    assert verdict.wait == pytest.approx(timedelta(minutes=5), abs=timedelta(seconds=1))
    assert site.paths() == []


def test_a_short_pause_is_waited_for(site: Site, checker: Checker) -> None:
    async def work(network: Network) -> Verdict | None:
        network.hosts.record_refusal(HOST, "it answered 429", requested_wait=timedelta(seconds=20))
        return await network.refusal(site.url + "/a")

    assert checker.run(work) is None
    assert round(sum(checker.clock.sleeps)) == 20


@pytest.mark.parametrize(
    ("answer", "failures", "backoff"),
    [
        (Answer(status=200), 0, 0),
        (Answer(status=404), 0, 0),
        (Answer(status=499), 0, 0),
        (Answer(status=500), 3, 60),
        (Answer(status=502), 3, 60),
        (Answer(status=429), 3, 240),
        (Answer(status=503, headers={"Retry-After": "900"}), 3, 900),
        (Answer(b"x" * 99, cut=3), 3, 60),
        (Answer(status=302, headers={"Location": "/a"}), 0, 0),
    ],
    ids=["200", "404", "499", "500", "502", "429", "503", "cut off", "redirects to itself"],
)
def test_an_answer_counts_as_a_success_or_a_failure_of_the_host(
    site: Site, checker: Checker, answer: Answer, failures: int, backoff: int
) -> None:
    """After two failures in a row."""
    site.answers["/a"] = answer

    async def work(network: Network) -> HostState:
        await network.refusal(site.url + "/a")
        for _ in range(2):
            network.hosts.record_failure(HOST, "it answered 500")
        with contextlib.suppress(ScraperError):
            await network.get(site.url + "/a")
        return network.hosts.host(HOST).state

    state = checker.run(work)
    assert state.failures == failures
    wait = state.backoff_until - checker.clock.time if state.backoff_until else timedelta(0)
    assert wait.total_seconds() == pytest.approx(backoff, abs=1)


def test_the_reason_of_a_backoff_is_the_last_failure(site: Site, checker: Checker) -> None:
    site.answers["/a"] = Answer(status=503)

    async def work(network: Network) -> str | None:
        await network.get(site.url + "/a")
        return network.hosts.host(HOST).state.reason

    assert checker.run(work) == "it answered 503 (once)"


class Unsent:
    """The reply of a sender that made no request."""

    answer: Response | ScraperError | None = None


def test_a_request_that_was_not_made_says_nothing_of_the_host(site: Site, checker: Checker) -> None:
    async def work(network: Network) -> int:
        network.hosts.record_failure(HOST, "it answered 500")

        async def send(may_follow: object) -> Unsent:
            return Unsent()

        await network.send(site.url + "/a", send)
        return network.hosts.host(HOST).state.failures

    assert checker.run(work) == 1


@pytest.mark.parametrize("sleeps", [True, False])
def test_a_program_that_did_not_run_blames_no_host(
    site: Site, checker: Checker, monkeypatch: pytest.MonkeyPatch, sleeps: bool
) -> None:
    """As a machine that sleeps while it waits for an answer."""
    monkeypatch.setattr("scraper.http.failures.BEAT_SECONDS", 0.02)
    monkeypatch.setattr("scraper.http.failures.MIN_SUSPENSION_SECONDS", 0.2)
    checker = replace(checker, limits=Limits(total=0.3))
    stall = threading.Event()
    site.answers["/slow"] = Answer(stall=stall)
    url = site.url + "/slow"

    async def get(network: Network) -> tuple[str, int]:
        if sleeps:
            asyncio.get_running_loop().call_later(0.05, time.sleep, 0.4)
        with pytest.raises(FetchError) as error:
            await network.get(url)
        return error.value.reason, network.hosts.host(HOST).state.failures

    reason, failures = checker.run(get)
    stall.set()
    assert failures == (0 if sleeps else 1)
    assert ("this program did not run" in reason) == sleeps


def test_the_crawl_delay_is_kept_between_requests(site: Site, checker: Checker) -> None:
    serve_robots(site, "Crawl-delay: 7")

    async def work(network: Network) -> None:
        await network.refusal(site.url + "/a")
        await network.get(site.url + "/a")
        await network.get(site.url + "/b")

    checker.run(work)
    assert [round(seconds) for seconds in checker.clock.sleeps] == [7, 7]


def fetch(checker: Checker, url: str) -> Response:
    async def work(network: Network) -> Response:
        network.fetcher.pools.allowed = AllowedHosts.of(["127.0.0.0/8", "::1"])
        return await network.get(url)

    return checker.run(work)


def test_a_redirect_on_the_same_host_needs_no_second_slot(site: Site, checker: Checker) -> None:
    site.page("/b", article_html())
    site.answers["/a"] = Answer(status=302, headers={"Location": "/b"})
    assert fetch(checker, site.url + "/a").final_url == site.url + "/b"


@pytest.mark.parametrize("target_host", ["127.0.0.1", "localhost"])
def test_a_redirect_to_a_disallowed_address_is_refused(
    site: Site, checker: Checker, target_host: str
) -> None:
    serve_robots(site, "Disallow: /private")
    target = (site.url + "/private").replace("127.0.0.1", target_host)
    site.answers["/a"] = Answer(status=302, headers={"Location": target})
    with pytest.raises(RefusedError, match=r"redirected here, but robots\.txt disallows") as caught:
        fetch(checker, site.url + "/a")
    assert caught.value.url == target
    assert "/private" not in site.paths()


def test_a_redirect_gives_up_when_its_host_is_busy(
    site: Site, checker: Checker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("schedules.hosts.network.REDIRECT_WAIT_SECONDS", 0.05)
    other_url = site.page("/b", article_html()).replace("127.0.0.1", "localhost")
    site.answers["/a"] = Answer(status=302, headers={"Location": other_url})

    async def work(network: Network) -> None:
        network.fetcher.pools.allowed = AllowedHosts.of(["127.0.0.0/8", "::1"])
        async with network.hosts.slot("localhost"):
            await network.get(site.url + "/a")

    with pytest.raises(AnswerError, match="redirected here, but localhost is busy"):
        checker.run(work)


def test_rules_are_fetched_again_after_a_day(site: Site, checker: Checker) -> None:
    async def work(network: Network) -> None:
        for hours in (0, 23, 2):
            checker.clock.skip(hours=hours)
            await network.refusal(site.url + "/a")

    checker.run(work)
    assert site.paths() == ["/robots.txt"] * 2


def test_memory_keeps_the_rules_of_a_limited_number_of_hosts(
    site: Site, checker: Checker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("schedules.hosts.network.MAX_CACHED_ROBOTS", 1)
    other_url = site.url.replace("127.0.0.1", "localhost")

    async def work(network: Network) -> None:
        network.fetcher.pools.allowed = AllowedHosts.of(["127.0.0.0/8", "::1"])
        for url in (site.url, site.url, other_url, other_url, site.url):
            await network.refusal(url + "/a")

    checker.run(work)
    assert site.paths() == ["/robots.txt"] * 3


def test_an_answer_that_is_too_large_is_an_error_of_the_page(site: Site, checker: Checker) -> None:
    site.page("/a", article_html())
    small_checker = Checker(checker.db, checker.clock, limits=Limits(body=100))
    with pytest.raises(FetchError):
        fetch(small_checker, site.url + "/a")


def test_rules_are_read_from_the_database_once_per_run(site: Site, checker: Checker) -> None:
    serve_robots(site, "Disallow: /private")

    remember_typed(checker.db, [site.url], at=checker.clock.now())

    async def work(network: Network) -> None:
        network.db = checker.db
        await network.refusal(site.url + "/a")

    async def read_then_lose_rules(network: Network) -> Verdict | None:
        await work(network)
        checker.db.execute("delete from robots")
        return await network.refusal(site.url + "/private")

    checker.run(work)
    verdict = checker.run(read_then_lose_rules)
    assert verdict is not None
    assert verdict.outcome == "refused"
    assert site.paths() == ["/robots.txt"]
