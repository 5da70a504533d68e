"""The daemon goes on when somebody sets the clock: nothing stands still, and nothing is due because of it."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta, tzinfo

import apscheduler.schedulers.base
import pytest

from schedules.cadence.budget import Budget
from schedules.daemon import Daemon
from schedules.daemon.runner import Runner
from schedules.delivery import Deliveries
from schedules.hosts.network import Network
from storage.articles.watch import watch_article
from storage.database import write_transaction
from storage.queue.clock import shift_after_clock_change
from storage.queue.hosts import HostState, host_state, store_host_state
from storage.queue.watches import watch_source
from storage.timestamps import parse_instant, to_text
from tests.support.checker import Checker
from tests.support.pages import article_html
from tests.support.site import Site

HOUR = timedelta(hours=1)
# Two months ahead, six seconds, and all that people and time servers set in between.
JUMPS = [timedelta(days=-60), -3 * HOUR, timedelta(minutes=-40), timedelta(seconds=-6), timedelta(0),
         timedelta(minutes=40), 3 * HOUR, timedelta(days=60)]  # fmt: skip


class Uptime:
    """The uptime of a machine, which goes on with the clock of a test until somebody sets that."""

    def __init__(self, checker: Checker) -> None:
        self.clock, self.set_by = checker.clock, timedelta(0)

    def set_clock(self, by: timedelta) -> None:
        self.clock.time += by
        self.set_by += by

    def __call__(self) -> float:
        return (self.clock.time - self.set_by).timestamp()


def with_daemon(
    checker: Checker, uptime: Uptime, work: Callable[[Daemon], Awaitable[None]]
) -> None:
    """Run a daemon on the clock of the test."""

    async def run(network: Network) -> None:
        runner = Runner(checker.db, network, 8, lambda checked: None)
        deliveries = Deliveries(checker.db, checker.clock.now)
        daemon = Daemon(
            runner, deliveries, Budget(), lambda now: None, lambda daemon: None,
            tick_seconds=0.01, uptime=uptime,
        )  # fmt: skip
        await work(daemon)
        await runner.stop(timedelta(seconds=5))

    checker.run(run)


async def ticks(daemon: Daemon, checker: Checker, minutes: int) -> None:
    """Let the daemon tick once a minute, and end what it begins."""
    for _ in range(minutes):
        checker.clock.skip(minutes=1)
        await daemon.tick()
        await asyncio.gather(*daemon.runner._hosts.values())


@pytest.mark.parametrize("jump", JUMPS, ids=str)
def test_an_interval_is_as_long_as_ever_when_the_clock_is_set(
    site: Site, checker: Checker, jump: timedelta
) -> None:
    uptime, requests = Uptime(checker), list[int]()
    for number in range(3):
        url = site.page(f"/{number}", article_html(f"Story {number} of the day"))
        watch_article(checker.db, url, at=checker.clock.now(), every="10m")

    async def work(daemon: Daemon) -> None:
        for by in (timedelta(0), jump, timedelta(0), -jump, timedelta(0)):
            uptime.set_clock(by)
            before = len(site.requests)
            await ticks(daemon, checker, 20)
            requests.append(len([path for path in site.paths()[before:] if path != "/robots.txt"]))

    with_daemon(checker, uptime, work)
    # Two intervals for each of three articles; the first has one more.
    assert requests == [6, 6, 6, 6, 6]


def test_a_source_and_a_backoff_follow_the_clock(checker: Checker) -> None:
    db, now = checker.db, checker.clock.now()
    watch_source(db, "https://a.example/rss", "feed", at=now)
    db.execute("update watches set checked_at = ?, next_check_at = ?", [to_text(now), to_text(now + HOUR)])  # fmt: skip
    with write_transaction(db):
        state = HostState(failures=3, backoff_until=now + HOUR, reason="it answered 503", requested_at=now)  # fmt: skip
        store_host_state(db, "a.example", state)
    for jump in (-5 * HOUR, 7 * HOUR):
        shift_after_clock_change(db, now=now + jump, by=jump, since=now - HOUR)
        at = db.execute("select next_check_at, checked_at from watches").fetchone()
        backoff_until = host_state(db, "a.example").backoff_until
        now += jump
        assert (parse_instant(at[0]), backoff_until) == (now + HOUR, now + HOUR)
        assert at[1] <= to_text(now)


def test_what_an_earlier_process_wrote_does_not_follow_the_clock(checker: Checker) -> None:
    """The machine may have begun with a clock of 1970, and wrote the rows with a right one."""
    db, now = checker.db, checker.clock.now()
    watch_article(db, "https://a.example/1", at=now)
    times = [to_text(now - timedelta(minutes=1)), to_text(now + HOUR)]
    db.execute("update articles set checked_at = ?, next_check_at = ?", times)
    decades = timedelta(days=50 * 365)
    for by, since in ((decades, now - decades - HOUR), (HOUR, now - 2 * HOUR)):
        shift_after_clock_change(db, now=now, by=by, since=since)
        assert db.execute("select next_check_at from articles").fetchone() == (times[1],)


@pytest.mark.parametrize("jump", [timedelta(days=-2), timedelta(days=2)], ids=["back", "forward"])
def test_ticks_go_on_when_the_clock_of_the_scheduler_is_set(
    checker: Checker, monkeypatch: pytest.MonkeyPatch, jump: timedelta
) -> None:
    set_by = timedelta(0)

    class SetClock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override] # not a SetClock
            return datetime.now(tz or UTC) + set_by

    monkeypatch.setattr(apscheduler.schedulers.base, "datetime", SetClock)
    monkeypatch.setattr("schedules.daemon.datetime", SetClock)
    counts: list[int] = []

    async def work(daemon: Daemon) -> None:
        nonlocal set_by
        beats: list[datetime] = []
        daemon.beat = beats.append
        running = asyncio.create_task(daemon.run())
        for by in (timedelta(0), jump):
            set_by = by
            before = len(beats)
            async with asyncio.timeout(20):
                while len(beats) < before + 10:
                    await asyncio.sleep(0.01)
            counts.append(len(beats) - before)
        daemon._stop_requested.set()
        await running

    with_daemon(checker, Uptime(checker), work)
    assert len(counts) == 2
