"""The daemon goes on when somebody sets the clock: nothing stands still, and nothing is due because of it."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta, tzinfo

import apscheduler.schedulers.base
import pytest

from schedules.cadence.budget import Budget
from schedules.daemon import Daemon
from schedules.daemon.clock import SteadyClock
from schedules.daemon.runner import Runner
from schedules.delivery import Deliveries
from schedules.hosts.lease import holder
from schedules.hosts.network import Network
from storage.articles.watch import watch_article
from storage.database import Database, write_transaction
from storage.queue.clock import ClockReading, follow_clock, shift_times
from storage.queue.hosts import HostState, host_state, store_host_state
from storage.queue.leases import LeaseClaim, lease_host
from storage.queue.outages import StoredOutage, begin_outage, current_outage, end_outage
from storage.queue.uptime import Uptime
from storage.queue.watches import watch_source
from storage.timestamps import parse_instant, to_text
from tests.support.checker import Checker
from tests.support.pages import article_html
from tests.support.site import Answer, Site

HOUR = timedelta(hours=1)
# Two months ahead, six seconds, and all that people and time servers set in between.
JUMPS = [timedelta(days=-60), -3 * HOUR, timedelta(minutes=-40), timedelta(seconds=-6), timedelta(0),
         timedelta(minutes=40), 3 * HOUR, timedelta(days=60)]  # fmt: skip


class Machine:
    """A machine whose uptime goes on with the clock of a test until somebody sets that."""

    def __init__(self, checker: Checker) -> None:
        self.clock, self.set_by = checker.clock, timedelta(0)

    def set_clock(self, by: timedelta) -> None:
        self.clock.time += by
        self.set_by += by

    def uptime(self) -> Uptime:
        return Uptime("boot", (self.clock.time - self.set_by).timestamp())


def with_daemon(
    checker: Checker, machine: Machine, work: Callable[[Daemon], Awaitable[None]]
) -> None:
    """Run a daemon on the clock of the test."""

    clock = SteadyClock(checker.clock.now, machine.uptime)

    async def run(network: Network) -> None:
        network.now = network.hosts.now = network.own.now = clock.now
        network.own.db, network.own.outage = checker.db, current_outage(checker.db)
        runner = Runner(checker.db, network, 8, lambda checked: None)
        deliveries = Deliveries(checker.db, clock.now)
        daemon = Daemon(
            runner, deliveries, Budget(), clock, lambda now: None, lambda daemon: None,
            tick_seconds=0.01,
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


def schedule_article(db: Database, url: str, *, checked_at: datetime) -> int:
    """Watch an article that was checked, and is checked again an hour later."""
    watch_article(db, url, at=checked_at)
    times = [to_text(checked_at), to_text(checked_at + HOUR), url]
    db.execute("update articles set checked_at = ?, next_check_at = ? where url = ?", times)
    return int(db.execute("select id from articles where url = ?", [url]).fetchone()[0])


def next_check_at(db: Database, article_id: int) -> datetime | None:
    row = db.execute("select next_check_at from articles where id = ?", [article_id]).fetchone()
    return parse_instant(row[0])


@pytest.mark.parametrize("jump", JUMPS, ids=str)
def test_an_interval_is_as_long_as_ever_when_the_clock_is_set(
    site: Site, checker: Checker, jump: timedelta
) -> None:
    machine, requests = Machine(checker), list[int]()
    for number in range(3):
        url = site.page(f"/{number}", article_html(f"Story {number} of the day"))
        watch_article(checker.db, url, at=checker.clock.now(), every="10m")

    async def work(daemon: Daemon) -> None:
        for by in (timedelta(0), jump, timedelta(0), -jump, timedelta(0)):
            machine.set_clock(by)
            before = len(site.requests)
            await ticks(daemon, checker, 20)
            requests.append(len([path for path in site.paths()[before:] if path != "/robots.txt"]))

    with_daemon(checker, machine, work)
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
        shift_times(db, now=now + jump, by=jump, since=to_text(now - HOUR))
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
        shift_times(db, now=now, by=by, since=to_text(since))
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

    with_daemon(checker, Machine(checker), work)
    assert len(counts) == 2


@pytest.mark.parametrize("jump", [-3 * HOUR, 3 * HOUR], ids=str)
def test_two_daemons_that_notice_a_set_clock_move_the_times_once(
    checker: Checker, jump: timedelta
) -> None:
    db, began = checker.db, checker.clock.now()
    before = ClockReading(began, Uptime("boot", 0))
    follow_clock(db, before)
    checked = schedule_article(db, "https://a.example/1", checked_at=began + timedelta(seconds=30))
    for _ in ("first", "second"):
        after = ClockReading(began + timedelta(seconds=130) + jump, Uptime("boot", 130))
        follow_clock(db, after, before)
    assert next_check_at(db, checked) == began + timedelta(seconds=30) + HOUR + jump


def test_what_a_daemon_writes_by_the_old_clock_follows_when_it_notices(checker: Checker) -> None:
    db, began = checker.db, checker.clock.now()
    before = ClockReading(began, Uptime("boot", 0))
    follow_clock(db, before)
    after = ClockReading(began + timedelta(seconds=60) - 3 * HOUR, Uptime("boot", 60))
    follow_clock(db, after, before)
    late = schedule_article(db, "https://a.example/1", checked_at=began + timedelta(seconds=61))
    noticed = ClockReading(began + timedelta(seconds=62) - 3 * HOUR, Uptime("boot", 62))
    follow_clock(db, noticed, before)
    assert next_check_at(db, late) == began + timedelta(seconds=61) - 2 * HOUR


def test_a_clock_that_was_set_between_two_daemons_is_followed(checker: Checker) -> None:
    db, began = checker.db, checker.clock.now()
    follow_clock(db, ClockReading(began, Uptime("boot", 0)))
    article = schedule_article(db, "https://a.example/1", checked_at=began)
    follow_clock(db, ClockReading(began + 5 * HOUR, Uptime("boot", 60)))
    assert next_check_at(db, article) == began + HOUR + 5 * HOUR - timedelta(seconds=60)


@pytest.mark.parametrize("jump", [-3 * HOUR, 3 * HOUR], ids=str)
def test_an_article_that_waits_for_its_first_check_is_not_late_by_a_set_clock(
    checker: Checker, jump: timedelta
) -> None:
    db, began = checker.db, checker.clock.now()
    follow_clock(db, ClockReading(began, Uptime("boot", 0)))
    watch_article(db, "https://a.example/1", at=began)
    follow_clock(db, ClockReading(began + timedelta(seconds=60) + jump, Uptime("boot", 60)))
    assert next_check_at(db, 1) == began + jump
    follow_clock(db, ClockReading(began + timedelta(seconds=90), Uptime("boot", 90)))
    assert next_check_at(db, 1) == began


@pytest.mark.parametrize("jump", [-3 * HOUR, 3 * HOUR], ids=str)
def test_what_killed_the_program_at_its_first_check_waits_as_long(
    checker: Checker, jump: timedelta
) -> None:
    db, began, wait = checker.db, checker.clock.now(), timedelta(minutes=10)
    follow_clock(db, ClockReading(began, Uptime("boot", 0)))
    watch_article(db, "https://a.example/1", at=began)
    db.execute("update articles set next_check_at = ?", [to_text(began + wait)])
    follow_clock(db, ClockReading(began + timedelta(seconds=60) + jump, Uptime("boot", 60)))
    assert next_check_at(db, 1) == began + wait + jump


def test_the_clock_of_another_boot_moves_nothing(checker: Checker) -> None:
    db, began = checker.db, checker.clock.now()
    follow_clock(db, ClockReading(began, Uptime("boot", 50_000)))
    article = schedule_article(db, "https://a.example/1", checked_at=began)
    follow_clock(db, ClockReading(began + HOUR, Uptime("another boot", 0)))
    assert next_check_at(db, article) == began + HOUR


@pytest.mark.parametrize("jump", [-3 * HOUR, 3 * HOUR], ids=str)
def test_no_part_of_the_program_meets_a_set_clock_before_the_times_follow(
    site: Site, checker: Checker, jump: timedelta
) -> None:
    """The clock is set while a check runs, and the host keeps its pace."""
    machine = Machine(checker)
    for number in range(3):
        url = site.page(f"/{number}", article_html(f"Story {number} of the day"))
        watch_article(checker.db, url, at=checker.clock.now())

    def answer(headers: dict[str, str]) -> Answer:
        machine.set_clock(jump)
        return Answer(article_html("Story 0 of the day").encode())

    async def work(daemon: Daemon) -> None:
        daemon.runner.network.hosts.delay = timedelta(seconds=10)
        site.answers["/0"] = answer
        await ticks(daemon, checker, 1)

    with_daemon(checker, machine, work)
    assert site.paths() == ["/robots.txt", "/0", "/1", "/2"]
    assert [round(wait) for wait in checker.clock.sleeps] == [10, 10, 10]


def test_an_outage_that_a_set_clock_interrupts_is_forgiven_whole(checker: Checker) -> None:
    db, began = checker.db, checker.clock.now()
    follow_clock(db, ClockReading(began, Uptime("boot", 0)))
    begin_outage(db, StoredOutage(began + timedelta(seconds=5), "no connection"))
    with write_transaction(db):
        state = HostState(3, began + HOUR, "no connection", began + timedelta(seconds=6))
        store_host_state(db, "a.example", state)
    follow_clock(db, ClockReading(began - 3 * HOUR, Uptime("boot", 60)))
    outage = current_outage(db)
    assert outage is not None
    end_outage(db, now=began - 3 * HOUR, since=outage.began_at)
    assert host_state(db, "a.example").backoff_until is None


def test_a_daemon_takes_over_the_hosts_of_one_that_is_killed_beside_it(
    site: Site, checker: Checker
) -> None:
    """It may be the only daemon that is left, and need not start again for that."""
    watch_article(checker.db, site.page("/0", article_html()), at=checker.clock.now())
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        killed = holder().replace(f" {os.getpid()} ", f" {ended.pid} ")

    async def work(daemon: Daemon) -> None:
        checker.db.execute("update articles set next_check_at = null")
        await ticks(daemon, checker, 1)
        lease_host(
            checker.db,
            "127.0.0.1",
            LeaseClaim(killed, checker.clock.now(), daemon.clock.uptime(), HOUR),
        )
        checker.db.execute("update articles set next_check_at = ?", [to_text(checker.clock.now())])
        await ticks(daemon, checker, 1)

    with_daemon(checker, Machine(checker), work)
    assert "/0" in site.paths()


def test_a_daemon_that_starts_after_the_clock_was_set_forgives_an_outage(
    site: Site, checker: Checker
) -> None:
    """The outage, and what failed in it, have the time of the clock as it was."""
    db, began = checker.db, checker.clock.now()
    machine = Machine(checker)
    follow_clock(db, ClockReading(checker.clock.time, machine.uptime()))
    begin_outage(db, StoredOutage(began, "no connection"))
    url = site.page("/0", article_html())
    failed = schedule_article(db, url, checked_at=began + timedelta(seconds=1))
    row = [failed, url, to_text(began)]
    db.execute("insert into fetches (article_id, url, fetched_at, outcome) values (?, ?, ?, 'failed')", row)  # fmt: skip
    checker.clock.skip(seconds=30)
    machine.set_clock(5 * HOUR)

    async def work(daemon: Daemon) -> None:
        await daemon.tick()
        assert daemon.runner._probe is not None
        assert await daemon.runner._probe

    with_daemon(checker, machine, work)
    due_at = next_check_at(db, failed)
    assert due_at is not None
    assert due_at <= checker.clock.now()
