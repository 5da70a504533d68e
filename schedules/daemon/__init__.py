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
from schedules.daemon.clock import ClockReading, clock_jump
from schedules.daemon.runner import Runner
from schedules.delivery import Deliveries
from schedules.hosts.lease import reclaim_dead
from storage.database import is_passing
from storage.queue.clock import make_due_after_clock_change, shift_after_clock_change
from storage.queue.leases import uptime

log = logging.getLogger("variorum")

TICK_SECONDS = 1.0
# `_keep_ticking` moves up each run of the job, which would else wait for this long.
TICK_JOB, TICK_JOB_WEEKS = "tick", 520
STOP_GRACE = timedelta(seconds=5)
# Checks further in the future than this were made before the clock was set back.
CLOCK_SLACK = timedelta(hours=1)


@dataclass(slots=True)
class Daemon:
    """Owns the ticks, which begin checks and deliveries.

    `beat` is called at the end of each tick, also while the database cannot be written. `reload` is called at SIGHUP: it replaces the settings, the
    channels and the budget, or keeps the old ones and logs why.
    """

    runner: Runner
    deliveries: Deliveries
    budget: Budget
    beat: Callable[[datetime], None]
    reload: Callable[["Daemon"], None]
    tick_seconds: float = TICK_SECONDS
    uptime: Callable[[], float] = lambda: uptime().seconds
    _stop_requested: asyncio.Event = field(default_factory=asyncio.Event)
    _began_at: datetime | None = None
    _reading: ClockReading | None = None

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
        now, writer = self.runner.network.now(), self.runner.writer
        try:
            if self._begin(now) and not writer.is_stuck:
                writer.note(None)
        except sqlite3.OperationalError as error:
            if not is_passing(error):
                raise
            writer.note(error)
        self.beat(now)

    def _begin(self, now: datetime) -> int:
        """Begin what is due; gives at how many hosts."""
        db = self.runner.db
        if self._reading is None:
            reclaim_dead(db, self.runner.network)
        check_rate = update_check_rate(db, self.budget, now=now)
        self.runner.settings = replace(self.runner.settings, check_rate=check_rate)
        self._follow_clock(now)
        begun = self.runner.begin()
        if not self.runner.writer.is_stuck:
            self.deliveries.begin()
        return begun

    def _follow_clock(self, now: datetime) -> None:
        """Move the times that are stored if the clock was set since the last tick, or before the first."""
        db, last = self.runner.db, self._reading
        reading = ClockReading(now, timedelta(seconds=self.uptime()))
        if last is None or self._began_at is None:
            self._began_at = now
            if count := make_due_after_clock_change(db, now=now, slack=CLOCK_SLACK):
                log.warning("the clock was set back: %d due times are set to now", count)
        elif jump := clock_jump(last, reading):
            count = shift_after_clock_change(db, now=now, by=jump, since=self._began_at)
            self.runner.network.hosts.shift(jump)
            self.deliveries.shift(jump)
            self._began_at = min(self._began_at, now)
            log.warning("the clock was set by %s: %d due times follow it", _signed(jump), count)
        self._reading = (
            reading  # not before: a locked database ends the tick, and the next one tries again
        )

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
