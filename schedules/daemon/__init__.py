"""The daemon: one APScheduler job that begins what is due, until a signal ends it."""

import asyncio
import logging
import signal
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MISSED, JobExecutionEvent
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from schedules.cadence.budget import Budget, update_check_rate
from schedules.daemon.clock import SteadyClock
from schedules.daemon.runner import Runner
from schedules.delivery import Deliveries
from schedules.hosts.lease import reclaim_dead
from storage.database import is_passing
from storage.queue.clock import clock_jump, follow_clock, make_due_after_clock_change

log = logging.getLogger("variorum")

TICK_SECONDS = 1.0
# `_keep_ticking` moves up each run of the job, which would else wait for this long.
TICK_JOB, TICK_JOB_WEEKS = "tick", 520
RECLAIM_SECONDS = 15.0
STOP_GRACE = timedelta(seconds=5)
# Checks further in the future than this were made before the clock was set back.
CLOCK_SLACK = timedelta(hours=1)


@dataclass(slots=True)
class Daemon:
    """Owns the ticks, which begin checks and deliveries.

    `beat` is called at the end of each tick, also while the database cannot be written. `reload` is called at SIGHUP: it replaces the settings, the
    channels and the budget, or keeps the old ones and logs why. `clock` gives the time to all parts.
    """

    runner: Runner
    deliveries: Deliveries
    budget: Budget
    clock: SteadyClock
    beat: Callable[[datetime], None]
    reload: Callable[["Daemon"], None]
    tick_seconds: float = TICK_SECONDS
    _stop_requested: asyncio.Event = field(default_factory=asyncio.Event)
    _has_begun: bool = False
    _reclaimed_uptime: float = float("-inf")

    async def run(self) -> None:
        """Run until SIGTERM or SIGINT; then give the running checks STOP_GRACE to end.

        A tick that fails is logged, and what it has not begun stays due.
        """
        loop = asyncio.get_running_loop()
        handlers = {
            signal.SIGTERM: self._stop_requested.set,
            signal.SIGINT: self._stop_requested.set,
            signal.SIGHUP: lambda: self.reload(self),
        }
        for number, handler in handlers.items():
            loop.add_signal_handler(number, handler)
        self.runner.writer.be_patient()
        self.deliveries.write = self.runner.writer.write
        scheduler = self._scheduler()
        scheduler.start()
        ticking = asyncio.create_task(self._keep_ticking(scheduler))
        try:
            await self._stop_requested.wait()
            ticking.cancel()
            scheduler.pause()
            await self.runner.stop(STOP_GRACE)
            await self.deliveries.stop()
            scheduler.shutdown(wait=False)
        finally:
            for number in handlers:
                loop.remove_signal_handler(number)

    async def tick(self) -> None:
        """Begin the checks that are due and the deliveries that wait; both continue by themselves.

        A database that is locked or full delays them, but never the signs of life.
        """
        writer = self.runner.writer
        try:
            if self._begin() and not writer.is_stuck:
                writer.note(None)
        except sqlite3.OperationalError as error:
            if not is_passing(error):
                raise
            writer.note(error)
        self.beat(self.clock.now())

    def _begin(self) -> int:
        """Begin what is due; gives at how many hosts."""
        db = self.runner.db
        self._follow_clock()
        self._reclaim_dead()
        check_rate = update_check_rate(db, self.budget, now=self.clock.now())
        self.runner.settings = replace(self.runner.settings, check_rate=check_rate)
        begun = self.runner.begin()
        if not self.runner.writer.is_stuck:
            self.deliveries.begin()
        return begun

    def _reclaim_dead(self) -> None:
        """Now and then, free the hosts of a process that was killed; another daemon may have been."""
        seconds = self.clock.uptime().seconds
        if seconds - self._reclaimed_uptime >= RECLAIM_SECONDS:
            reclaim_dead(self.runner.db, self.runner.network)
            self._reclaimed_uptime = seconds

    def _follow_clock(self) -> None:
        """Move all times if the clock was set since the last tick, or before the first.

        A locked database ends the tick before the clock is followed, and the next one tries again.
        """
        reading, count = self.clock.read(), 0
        if not self._has_begun:
            count = follow_clock(self.runner.db, reading)
            late = make_due_after_clock_change(self.runner.db, now=reading.at, slack=CLOCK_SLACK)
            if late:
                log.warning("the clock was set back: %d due times are set to now", late)
            self._has_begun = True
        elif clock_jump(self.clock.reading, reading):
            count = follow_clock(self.runner.db, reading, self.clock.reading)
        if jump := self.clock.follow(reading):
            self.runner.network.shift(jump)
            self.deliveries.shift(jump)
            log.warning("the clock was set by %s: %d due times follow it", _signed(jump), count)

    async def _keep_ticking(self, scheduler: AsyncIOScheduler) -> None:
        """Make the tick due at every interval of the event loop, whose clock nobody can set.

        An interval of APScheduler follows the time of day. Set back by hours, it would last for hours.
        """
        while True:
            scheduler.modify_job(TICK_JOB, next_run_time=datetime.now(UTC))
            await asyncio.sleep(self.tick_seconds)

    def _scheduler(self) -> AsyncIOScheduler:
        # APScheduler also warns of a tick that is still running when the next is due. That is normal; what
        # matters comes through `_log_job_event`.
        logging.getLogger("apscheduler").setLevel(logging.CRITICAL)
        scheduler = AsyncIOScheduler(timezone="UTC")
        scheduler.add_listener(_log_job_event, EVENT_JOB_ERROR | EVENT_JOB_MISSED)
        # By default APScheduler drops a tick that is a second late.
        scheduler.add_job(
            self.tick,
            "interval",
            weeks=TICK_JOB_WEEKS,
            misfire_grace_time=None,
            coalesce=True,
            max_instances=1,
            id=TICK_JOB,
        )
        return scheduler


def _signed(jump: timedelta) -> str:
    return f"{'-' if jump < timedelta(0) else '+'}{abs(jump)}"


def _log_job_event(event: JobExecutionEvent) -> None:
    if event.code == EVENT_JOB_MISSED:
        log.warning("a tick was missed at %s", event.scheduled_run_time)
    else:
        log.error("a tick failed; the checks it did not begin stay due: %s", event.exception)
