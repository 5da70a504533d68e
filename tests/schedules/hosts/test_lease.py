"""Who holds a host, and what a killed process leaves."""

import asyncio
import multiprocessing
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from sqlite_utils import Database

from schedules.check.batch_writer import Writer
from schedules.hosts.lease import (
    LEASE_DURATION,
    WORKERS_MARK,
    hold_host,
    holder,
    is_dead,
    reclaim_dead,
)
from schedules.hosts.network import Network
from scraper.urls import hostname
from storage.articles.watch import watch_article
from storage.database import open_database, write_transaction
from storage.queue.hosts import HostState, host_state, store_host_state
from storage.queue.leases import (
    LeaseClaim,
    lease_host,
    lease_work,
    leased_hosts,
    mark_checking,
    release_host,
)
from storage.queue.uptime import Uptime, uptime
from storage.queue.watches import is_due, watch_source
from tests.support.checker import Checker, Clock
from tests.support.pages import article_html
from tests.support.site import Site

NOON = datetime(2026, 5, 14, 12, tzinfo=UTC)
HOST = "a.example"


@pytest.fixture(scope="module")
def dead_holder() -> Callable[[str], str]:
    """The name of a process of this machine that has ended, with a mark."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()

    def name(mark: str = "") -> str:
        return holder(mark).replace(f" {os.getpid()} ", f" {process.pid} ")

    return name


def test_no_two_holders_have_the_same_name() -> None:
    assert holder() != holder()
    assert holder(WORKERS_MARK).endswith(WORKERS_MARK)


def test_a_process_is_dead_only_if_it_ran_on_this_machine(
    dead_holder: Callable[[str], str],
) -> None:
    machine, pid, rest = dead_holder("").split(" ")
    assert is_dead(f"{machine} {pid} {rest}")
    assert not is_dead(f"other {pid} {rest}")
    assert not is_dead(f"{machine} {os.getpid()} {rest}")
    assert not is_dead(f"{machine} x {rest}")
    assert not is_dead("")


def claim(name: str, clock: Clock) -> LeaseClaim:
    return LeaseClaim(name, clock.now(), uptime(), LEASE_DURATION)


def reclaimed_state(checker: Checker, name: str) -> HostState:
    """The state of the host after its holder of this name was killed."""
    with write_transaction(checker.db):
        store_host_state(checker.db, HOST, HostState(failures=2, reason="it answered 500"))
    lease_host(checker.db, HOST, claim(name, checker.clock))

    async def reclaim(network: Network) -> None:
        reclaim_dead(checker.db, network)

    checker.run(reclaim)
    return host_state(checker.db, HOST)


def test_what_a_killed_process_was_checking_waits(
    checker: Checker, dead_holder: Callable[[str], str], site: Site
) -> None:
    """Else a page that kills the program would do so at each start."""
    urls = [site.page(path, article_html()) for path in ("/a", "/b")]
    host, name = hostname(urls[0]), dead_holder("")
    for url in urls:
        watch_article(checker.db, url, at=checker.clock.now())
    lease_host(checker.db, host, claim(name, checker.clock))
    mark_checking(checker.db, host, urls[0], holder=name)

    async def reclaim(network: Network) -> None:
        reclaim_dead(checker.db, network)

    checker.run(reclaim)
    now = checker.clock.now()
    assert [is_due(checker.db, article_id, now) for article_id in (1, 2)] == [False, True]
    (reason,) = checker.db.execute("select next_check_reason from articles where id = 1").fetchone()
    assert "the program was killed while it checked this" in reason


def test_what_a_killed_machine_was_checking_waits_once_its_lease_ends(checker: Checker) -> None:
    url = "https://a.example/news/1"
    watch_article(checker.db, url, at=checker.clock.now())
    watch_source(checker.db, f"{url}/feed", "feed", at=checker.clock.now())
    other = claim("other-machine 1 x", checker.clock)
    boot = replace(other, uptime=replace(other.uptime, boot="another"))
    lease_host(checker.db, HOST, boot)
    mark_checking(checker.db, HOST, url, holder=boot.holder)
    assert lease_work(checker.db, claim("me", checker.clock), limit=1) == []
    checker.clock.skip(hours=1)
    (work,) = lease_work(checker.db, claim("me", checker.clock), limit=1)
    assert (work.articles, [source["url"] for source in work.sources]) == ((), [f"{url}/feed"])
    assert not is_due(checker.db, 1, checker.clock.now())


def test_a_dead_process_loses_its_hosts_and_their_state_stays(
    checker: Checker, dead_holder: Callable[[str], str]
) -> None:
    state = reclaimed_state(checker, dead_holder(""))
    assert leased_hosts(checker.db) == []
    assert (state.failures, state.reason, state.backoff_until) == (2, "it answered 500", None)
    assert state.requested_at is not None
    assert timedelta(0) <= state.requested_at - NOON < timedelta(seconds=1)


def test_the_hosts_of_dead_workers_wait_until_their_requests_have_ended(
    checker: Checker, dead_holder: Callable[[str], str]
) -> None:
    state = reclaimed_state(checker, dead_holder(WORKERS_MARK))
    assert leased_hosts(checker.db) == []
    assert state.backoff_until is not None
    wait = state.backoff_until - NOON - timedelta(seconds=checker.limits.total)
    assert timedelta(0) <= wait < timedelta(seconds=1)
    assert state.reason == "workers of a killed process may still be fetching from it"


def test_a_living_process_keeps_its_hosts(checker: Checker) -> None:
    name = holder()
    reclaimed_state(checker, name)
    assert leased_hosts(checker.db) == [(HOST, name)]


def hold(checker: Checker, work: Callable[[Network], object]) -> None:
    """Hold the host for this piece of work."""

    async def with_host(network: Network) -> None:
        writer = Writer(checker.db, lambda: 1)
        async with asyncio.timeout(5), hold_host(checker.db, HOST, network, writer.write):
            work(network)

    checker.run(with_host)


def test_a_manual_check_reclaims_a_host_from_a_killed_process(
    checker: Checker, dead_holder: Callable[[str], str]
) -> None:
    lease_host(checker.db, HOST, claim(dead_holder(""), checker.clock))
    holders: list[str] = []
    hold(checker, lambda network: holders.append(leased_hosts(checker.db)[0][1]))
    assert holders[0].split(" ")[1] == str(os.getpid())


def test_a_host_is_held_with_its_state_and_given_back_with_the_new_one(checker: Checker) -> None:
    with write_transaction(checker.db):
        store_host_state(checker.db, HOST, HostState(failures=2))

    def fail(network: Network) -> None:
        assert leased_hosts(checker.db)[0][0] == HOST
        network.hosts.record_failure(HOST, "it answered 500")

    hold(checker, fail)
    assert leased_hosts(checker.db) == []
    state = host_state(checker.db, HOST)
    assert (state.failures, state.reason) == (3, "it answered 500 (3 times in a row)")


def test_a_host_is_given_back_after_an_error(checker: Checker) -> None:
    def fail(network: Network) -> None:
        raise ValueError("no luck")

    with pytest.raises(ValueError, match="no luck"):
        hold(checker, fail)
    assert leased_hosts(checker.db) == []


def test_a_manual_check_waits_for_a_host_that_another_process_holds(
    checker: Checker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("schedules.hosts.lease.HOST_POLL_SECONDS", 0.01)
    other = holder()
    lease_host(checker.db, HOST, claim(other, checker.clock))
    order: list[str] = []

    async def wait_for_host(network: Network) -> None:
        async def release() -> None:
            await asyncio.sleep(0.05)
            order.append("released")
            release_host(checker.db, HOST, HostState(), holder=other)

        async def check() -> None:
            writer = Writer(checker.db, lambda: 1)
            async with hold_host(checker.db, HOST, network, writer.write):
                order.append("held")

        async with asyncio.timeout(5):
            await asyncio.gather(check(), release())

    checker.run(wait_for_host)
    assert order == ["released", "held"]


def test_a_host_that_another_machine_has_not_released_expires(db: Database, clock: Clock) -> None:
    other = LeaseClaim("another-machine 1 0", clock.now(), Uptime("another", 0.0), LEASE_DURATION)
    lease_host(db, HOST, other)
    assert lease_host(db, HOST, claim(holder(), clock)) is None
    clock.skip(minutes=21)
    assert lease_host(db, HOST, claim(holder(), clock)) is not None


PROCESSES, TURNS, MAX_PROCESS_SECONDS = 3, 12, 20


@pytest.mark.parametrize("skew_ms", [2, 3_600_000], ids=["by 2 ms", "by hours"])
def test_no_two_processes_hold_a_host_at_once_though_their_clocks_differ(
    db: Database, tmp_path: Path, skew_ms: int
) -> None:
    context = multiprocessing.get_context("spawn")
    with context.Pool(PROCESSES) as pool:
        skews = [timedelta(milliseconds=skew_ms * number) for number in range(PROCESSES)]
        by_process = pool.map(lease_again_and_again, [(tmp_path, skew) for skew in skews])
    spans = sorted(span for spans in by_process for span in spans)
    assert [len(spans) for spans in by_process] == [TURNS] * PROCESSES
    assert [(one, other) for one, other in pairwise(spans) if other[0] < one[1]] == []


def lease_again_and_again(work: tuple[Path, timedelta]) -> list[tuple[float, float]]:
    """When a process held the host, by the clock that all processes share."""
    folder, skew = work
    db = open_database(folder / "variorum.db")
    name, spans = holder(), list[tuple[float, float]]()
    deadline = time.monotonic() + MAX_PROCESS_SECONDS
    while len(spans) < TURNS and time.monotonic() < deadline:
        now = datetime.now(UTC) + skew  # read before the database gives this process its turn
        if lease_host(db, HOST, LeaseClaim(name, now, uptime(), LEASE_DURATION)) is None:
            time.sleep(0.001)
            continue
        began_at = time.monotonic()
        time.sleep(0.001)  # the request
        spans.append((began_at, time.monotonic()))
        release_host(db, HOST, HostState(), holder=name)
    db.close()
    return spans
