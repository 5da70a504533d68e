"""The daemon: one APScheduler job that looks at what is due, until a signal ends it."""

import asyncio
import logging
import signal
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MISSED, JobExecutionEvent
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from schedules.network import Network
from schedules.run import Report, Stop, look_at_due
from scraper.extract.sites import Rule
from storage.database import Database

log = logging.getLogger("variorum")

TICK_SECONDS = 5
GRACE_SECONDS = 5
SIGNALS = (signal.SIGTERM, signal.SIGINT)


async def run_daemon(
    db: Database,
    network: Network,
    *,
    jobs: int,
    report: Report,
    rules: Sequence[Rule] = (),
    tick_seconds: float = TICK_SECONDS,
) -> None:
    """Look at what is due every few seconds until SIGTERM or SIGINT.

    One job for all articles: a tick reads the due table. The looks in flight are finished, or
    after GRACE_SECONDS dropped whole; a tick that failed is logged, and what it left stays due.
    """
    stop, ended = Stop(), asyncio.Event()
    ticks: set[asyncio.Task[int]] = set()

    async def tick() -> None:
        task = asyncio.ensure_future(
            look_at_due(db, network, jobs=jobs, report=report, rules=rules, stop=stop)
        )
        ticks.add(task)
        try:
            await asyncio.shield(task)
        finally:
            ticks.discard(task)

    def asked_to_stop() -> None:
        stop.asked = True
        ended.set()

    scheduler = _scheduler(tick, network.now(), tick_seconds)
    loop = asyncio.get_running_loop()
    for number in SIGNALS:
        loop.add_signal_handler(number, asked_to_stop)
    scheduler.start()
    try:
        await ended.wait()
        scheduler.pause()
        await _finish(set(ticks))
        scheduler.shutdown(wait=False)
    finally:
        for number in SIGNALS:
            loop.remove_signal_handler(number)


def _scheduler(
    tick: Callable[[], Awaitable[None]], first_at: datetime, seconds: float
) -> AsyncIOScheduler:
    """An APScheduler with one job, the tick."""
    # A tick that is still looking when the next is due is no news; what matters comes by `_heard`.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    scheduler = AsyncIOScheduler(timezone="UTC")
    scheduler.add_listener(_heard, EVENT_JOB_ERROR | EVENT_JOB_MISSED)
    # Without a grace time APScheduler drops a run that is a second late, with only a log line.
    scheduler.add_job(
        tick,
        "interval",
        seconds=seconds,
        next_run_time=first_at,
        misfire_grace_time=None,
        coalesce=True,
        max_instances=1,
        id="tick",
    )
    return scheduler


async def _finish(ticks: set[asyncio.Task[int]]) -> None:
    """Let the looks in flight end; drop those that take too long, which then stay due."""
    if not ticks:
        return
    _, slow = await asyncio.wait(ticks, timeout=GRACE_SECONDS)
    for task in slow:
        task.cancel()
    await asyncio.gather(*slow, return_exceptions=True)


def _heard(event: JobExecutionEvent) -> None:
    if event.code == EVENT_JOB_MISSED:
        log.warning("a tick was missed at %s", event.scheduled_run_time)
    else:
        log.error("a tick failed, what it left stays due: %s", event.exception)
