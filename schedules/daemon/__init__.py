"""The daemon: one APScheduler job that looks at what is due, until a signal ends it."""

import asyncio
import logging
import signal
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MISSED, JobExecutionEvent
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from schedules.cadence.budget import Budget, update_check_rate
from schedules.daemon.delivery import Deliveries
from schedules.daemon.runner import Runner
from schedules.hosts.lease import reclaim_dead
from storage.queue.leases import make_due_after_clock_change

log = logging.getLogger("variorum")

TICK_SECONDS = 1.0
STOP_GRACE = timedelta(seconds=5)
# Looks that lie further in the future than this were made before the clock was set back.
CLOCK_SLACK = timedelta(hours=1)


@dataclass(slots=True)
class Daemon:
    """Owns the ticks: looks, announcements, and what is done now and then.

    `beat` is called at each tick that got through; `reload` at SIGHUP, it gives the settings, the
    channels and the budget anew (or keeps the old ones, and says why).
    """

    runner: Runner
    deliveries: Deliveries
    budget: Budget
    beat: Callable[[datetime], None]
    reload: Callable[["Daemon"], None]
    tick_seconds: float = TICK_SECONDS
    _stop_requested: asyncio.Event = field(default_factory=asyncio.Event)
    _ticked_at: datetime | None = None

    async def run(self) -> None:
        """Watch until SIGTERM or SIGINT; then let the looks in flight end, for a few seconds.

        A tick that failed is logged, and what it left stays due.
        """
        loop = asyncio.get_running_loop()
        handlers = {
            signal.SIGTERM: self._stop_requested.set,
            signal.SIGINT: self._stop_requested.set,
            signal.SIGHUP: lambda: self.reload(self),
        }
        for number, handler in handlers.items():
            loop.add_signal_handler(number, handler)
        reclaim_dead(self.runner.db, self.runner.network)
        scheduler = self._scheduler()
        scheduler.start()
        try:
            await self._stop_requested.wait()
            scheduler.pause()
            await self.runner.stop(STOP_GRACE)
            await self.deliveries.stop()
            scheduler.shutdown(wait=False)
        finally:
            for number in handlers:
                loop.remove_signal_handler(number)

    async def tick(self) -> None:
        """Look at what is due, send what waits; both go on by themselves."""
        now = self.runner.network.now()
        db = self.runner.db
        check_rate = update_check_rate(db, self.budget, now=now)
        self.runner.settings = replace(self.runner.settings, check_rate=check_rate)
        if self._ticked_at is None or now < self._ticked_at:
            reset_count = make_due_after_clock_change(db, now=now, slack=CLOCK_SLACK)
            if reset_count:
                log.warning("the clock was set back: %d times are set anew", reset_count)
        self._ticked_at = now
        self.runner.begin()
        self.deliveries.begin()
        self.beat(now)

    def _scheduler(self) -> AsyncIOScheduler:
        # A tick that is still under way when the next is due is no news; what matters comes by `_heard`.
        logging.getLogger("apscheduler").setLevel(logging.CRITICAL)
        scheduler = AsyncIOScheduler(timezone="UTC")
        scheduler.add_listener(_log_job_event, EVENT_JOB_ERROR | EVENT_JOB_MISSED)
        # Without a grace time APScheduler drops a run that is a second late, with only a log line.
        scheduler.add_job(
            self.tick,
            "interval",
            seconds=self.tick_seconds,
            next_run_time=self.runner.network.now(),
            misfire_grace_time=None,
            coalesce=True,
            max_instances=1,
            id="tick",
        )
        return scheduler


def _log_job_event(event: JobExecutionEvent) -> None:
    if event.code == EVENT_JOB_MISSED:
        log.warning("a tick was missed at %s", event.scheduled_run_time)
    else:
        log.error("a tick failed, what it left stays due: %s", event.exception)
