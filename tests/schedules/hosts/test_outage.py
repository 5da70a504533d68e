"""An outage of this machine's own network is known as such: nobody is left alone for it."""

import asyncio
import resource
import subprocess
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from schedules.daemon.runner import Runner
from schedules.hosts.network import Network
from schedules.hosts.outage import FailedHost, may_be_ours
from schedules.hosts.politeness import Hosts
from scraper.errors import (
    ConnectionFailedError,
    NoAnswerInTimeError,
    NoDescriptorsError,
    NoRouteError,
    UnresolvedError,
)
from scraper.fetch import Fetcher
from scraper.http.addresses import AllowedHosts
from scraper.http.pools import Pools
from storage.articles.watch import watch_article
from storage.queue.hosts import host_state
from storage.queue.outages import StoredOutage, begin_outage, current_outage
from storage.queue.watches import watch_source
from tests.support.checker import Checker
from tests.support.pages import article_html
from tests.support.site import Names, Site, serving
from variorum.cli import main

NOON = datetime(2026, 5, 14, 12, tzinfo=UTC)
TICK = timedelta(seconds=20)
HOSTS = tuple(f"paper{n}.example" for n in range(5))


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Names:
    names = Names(monkeypatch)
    names.addresses = dict.fromkeys(HOSTS, "127.0.0.1")
    return names


@pytest.mark.parametrize(
    ("kinds", "watched_owners", "expected"),
    [
        ([UnresolvedError] * 3, 9, True),
        ([NoAnswerInTimeError] * 3, 9, True),
        ([ConnectionFailedError] * 3, 9, True),
        ([UnresolvedError] * 2, 9, False),
        ([UnresolvedError, NoAnswerInTimeError, ConnectionFailedError], 9, False),
        ([UnresolvedError] * 2, 2, True),
        ([NoRouteError], 1, True),
        ([NoAnswerInTimeError], 1, False),
        ([UnresolvedError], 0, False),
        ([NoDescriptorsError], 9, True),
        ([], 0, False),
    ],
)
def test_many_hosts_that_fail_alike_are_this_machines_fault(
    kinds: list[type[ConnectionFailedError]], watched_owners: int, expected: bool
) -> None:
    failed = [FailedHost("http://a.example/", kind("", "no"), NOON) for kind in kinds]
    assert may_be_ours(failed, watched_owners=watched_owners) is expected


def watch(site: Site, checker: Checker, hosts: tuple[str, ...]) -> list[str]:
    """Watch an article of each host, every ten minutes."""
    urls = list[str]()
    for nth, host in enumerate(hosts):
        url = site.page(f"/{nth}", article_html(f"Story {nth} of the day"))
        urls.append(url.replace("127.0.0.1", host))
        watch_article(checker.db, urls[-1], at=checker.clock.now(), every="10m")
    return urls


def with_runner(checker: Checker, work: Callable[[Runner], Awaitable[None]]) -> None:
    """Do something with a runner on the clock of the test. 127.0.0.1 stands for the internet."""

    async def run() -> None:
        async with Fetcher(pools=Pools(AllowedHosts.of(["127.0.0.1"]))) as fetcher:
            hosts = Hosts(checker.clock.now, timedelta(0), checker.clock.sleep)
            network = Network(fetcher, hosts, checker.clock.now, checker.db)
            await work(Runner(checker.db, network, 8, lambda checked: None))

    asyncio.run(run())


async def ticks(runner: Runner, checker: Checker, duration: timedelta) -> None:
    """Tick for so long, and end what each tick begins."""
    end = checker.clock.time + duration
    while checker.clock.time < end:
        checker.clock.time += TICK
        runner.begin()
        while tasks := [*runner._hosts.values(), *([runner._probe] if runner._probe else [])]:
            await asyncio.gather(*tasks)
            if runner._probe and runner._probe.done():
                runner._probe = None


def failed_rows(checker: Checker) -> int:
    return int(checker.db.execute("select count(*) from fetches where outcome = 'failed'").fetchone()[0])  # fmt: skip


@pytest.mark.parametrize("hosts", [HOSTS, HOSTS[:1], ("news.paper0.example", "www.paper0.example")], ids=len)  # fmt: skip
@pytest.mark.parametrize("hours", [1, 14, 30])
def test_all_is_checked_within_a_minute_after_an_outage(
    site: Site, checker: Checker, names: Names, hosts: tuple[str, ...], hours: int
) -> None:
    names.addresses = dict.fromkeys(hosts, "127.0.0.1")
    urls = watch(site, checker, hosts)
    seen_after = list[set[str]]()

    async def work(runner: Runner) -> None:
        await ticks(runner, checker, timedelta(minutes=5))
        assert failed_rows(checker) == 0
        names.addresses = dict.fromkeys(hosts, "")
        await ticks(runner, checker, timedelta(hours=hours))
        assert current_outage(checker.db) is not None
        assert failed_rows(checker) <= len(hosts)
        names.addresses = dict.fromkeys(hosts, "127.0.0.1")
        site.requests.clear()
        await ticks(runner, checker, timedelta(minutes=1))
        seen_after.append(set(site.paths()) - {"/robots.txt"})

    with_runner(checker, work)
    assert seen_after == [{f"/{nth}" for nth in range(len(urls))}]
    assert current_outage(checker.db) is None
    for host in hosts:
        assert host_state(checker.db, host).backoff_until is None


def test_an_outage_fails_no_check_that_was_not_under_way(
    site: Site, checker: Checker, names: Names
) -> None:
    """What else is due at the hosts of these checks waits for the network."""
    page = site.page("/0", article_html())
    for number in range(10):
        for host in HOSTS:
            url = page.replace("127.0.0.1", host).replace("/0", f"/{number}")
            watch_article(checker.db, url, at=checker.clock.now())
    names.addresses = dict.fromkeys(HOSTS, "")

    async def work(runner: Runner) -> None:
        await ticks(runner, checker, timedelta(minutes=2))

    with_runner(checker, work)
    assert current_outage(checker.db) is not None
    assert failed_rows(checker) <= 2 * len(HOSTS)


def test_a_host_that_answers_while_others_are_tried_proves_the_network(
    checker: Checker, names: Names
) -> None:
    names.addresses = dict.fromkeys(HOSTS, "")

    async def work(runner: Runner) -> None:
        own, error = runner.network.own, UnresolvedError("", "no such name")
        failures = [
            asyncio.create_task(own.failed(f"http://{host}/", error, had_failed=False))
            for host in HOSTS[:3]
        ]
        await asyncio.sleep(0)  # now the third tries to connect
        own.answered(f"http://{HOSTS[4]}/")
        assert await asyncio.gather(*failures) == [False, False, False]

    with_runner(checker, work)
    assert current_outage(checker.db) is None


def test_a_dead_host_among_others_is_to_blame_itself(
    site: Site, checker: Checker, names: Names
) -> None:
    watch(site, checker, HOSTS)

    async def work(runner: Runner) -> None:
        await ticks(runner, checker, timedelta(minutes=5))
        names.addresses |= dict.fromkeys(HOSTS[:3], "")
        await ticks(runner, checker, timedelta(hours=6))

    with_runner(checker, work)
    assert checker.db["outages"].count == 0
    assert all(host_state(checker.db, host).failures > 3 for host in HOSTS[:3])
    assert all(host_state(checker.db, host).failures == 0 for host in HOSTS[3:])


def test_an_outage_outlives_the_process(site: Site, checker: Checker, names: Names) -> None:
    watch(site, checker, HOSTS)
    names.addresses = dict.fromkeys(HOSTS, "")
    begin_outage(checker.db, StoredOutage(checker.clock.now(), "the host does not resolve"))

    async def stay_out(runner: Runner) -> None:
        await ticks(runner, checker, timedelta(minutes=30))

    with_runner(checker, stay_out)
    assert (checker.db["fetches"].count, site.requests) == (0, [])
    names.addresses = dict.fromkeys(HOSTS, "127.0.0.1")

    async def make_a_pass(runner: Runner) -> None:
        assert await runner.until_idle() == len(HOSTS)

    with_runner(checker, make_a_pass)


def test_a_source_is_read_right_after_an_outage(site: Site, checker: Checker, names: Names) -> None:
    feed = site.url.replace("127.0.0.1", HOSTS[0]) + "/rss"
    site.page("/rss", "<rss version='2.0'><channel><title>News</title></channel></rss>")
    watch_source(checker.db, feed, "feed", at=checker.clock.now())

    async def work(runner: Runner) -> None:
        await ticks(runner, checker, timedelta(minutes=5))
        names.addresses = dict.fromkeys(HOSTS, "")
        await ticks(runner, checker, timedelta(hours=8))
        names.addresses = dict.fromkeys(HOSTS, "127.0.0.1")
        site.requests.clear()
        await ticks(runner, checker, timedelta(minutes=1))

    with_runner(checker, work)
    assert "/rss" in site.paths()


def test_a_command_after_the_outage_ends_it_and_checks_all(
    site: Site, tmp_path: Path, names: Names
) -> None:
    site.page("/news/1", article_html())
    names.addresses = dict.fromkeys(HOSTS, "")

    def run(*arguments: str) -> str:
        return str(CliRunner().invoke(main, ["--db", str(tmp_path / "v.db"), *arguments]).output)

    run("add", *(site.url.replace("127.0.0.1", host) + "/news/1" for host in HOSTS))
    run("run", "--once", "--delay", "0")
    assert "wrong network: this machine's own network is out since" in run("doctor")
    names.addresses = dict.fromkeys(HOSTS, "127.0.0.1")
    run("run", "--once", "--delay", "0")
    assert site.paths().count("/news/1") >= len(HOSTS)
    assert "fine  network: this machine's own network was out from" in run("doctor")


RUN_WITH_FEW_DESCRIPTORS = """
import resource, sys
limit = int(sys.argv[1])
resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
from variorum.cli import main
main(["--db", sys.argv[2], "run", "--once", "--delay", "0", "--jobs", sys.argv[3]])
"""


@pytest.mark.parametrize(("descriptors", "jobs"), [(64, 100), (256, 8)])
def test_few_descriptors_cost_no_host_anything(
    checker: Checker, tmp_path: Path, descriptors: int, jobs: int
) -> None:
    assert descriptors < resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    count = 120
    with serving("0.0.0.0") as site:
        port = int(site.url.rpartition(":")[2])
        site.page("/a", article_html())
        for nth in range(count):
            watch_article(checker.db, f"http://127.1.0.{nth + 1}:{port}/a", at=datetime.now(UTC))
        command = [sys.executable, "-c", RUN_WITH_FEW_DESCRIPTORS, str(descriptors), str(tmp_path / "variorum.db"), str(jobs)]  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    outcomes = checker.db.execute("select outcome, count(*) from fetches group by outcome").fetchall()  # fmt: skip
    assert [name for name, _ in outcomes if name in ("failed", "blocked", "refused")] == []
    assert checker.db.execute("select count(*) from hosts where failures > 0").fetchone() == (0,)
