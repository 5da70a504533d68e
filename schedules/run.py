"""Looking at everything that is due, many hosts at once, one request at a time per host."""

import asyncio
import logging
import sqlite3
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from schedules.check import Checked, check
from schedules.network import Network
from schedules.sources import check_source
from scraper.errors import UrlError
from scraper.extract.sites import Rule
from storage.database import Database
from storage.errors import StaleError
from storage.watch import lease_due, release, sources_due

log = logging.getLogger("variorum")

# A process that died gives its articles back after this; far longer than any look takes.
LEASE = timedelta(minutes=10)
BATCH = 200

Report = Callable[[Checked], None]


@dataclass(slots=True)
class Stop:
    """Set once a signal asked to end: what is in flight is finished, nothing new is begun."""

    asked: bool = False


async def look_at_due(
    db: Database,
    network: Network,
    *,
    jobs: int,
    report: Report,
    rules: Sequence[Rule] = (),
    stop: Stop | None = None,
) -> int:
    """One pass over what is due, sources first; gives the number of looks.

    `rules` are the user's for sites.
    """
    stop = stop or Stop()
    for source in sources_due(db, network.now()):
        if not stop.asked:
            await _guarded(source["url"], check_source(db, source, network))
    looks = 0
    while not stop.asked:
        rows = lease_due(db, now=network.now(), lease=LEASE, limit=BATCH)
        if not rows:
            break
        looks += await _look_at_all(
            db, rows, network, jobs=jobs, report=report, rules=rules, stop=stop
        )
    return looks


async def _look_at_all(
    db: Database,
    rows: list[dict[str, Any]],
    network: Network,
    *,
    jobs: int,
    report: Report,
    rules: Sequence[Rule],
    stop: Stop,
) -> int:
    """One worker per host, `jobs` hosts at a time; what was not looked at is given back."""
    hosts: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        hosts.setdefault(row["host"], []).append(row)
    slots = asyncio.Semaphore(jobs)
    begun: set[int] = set()
    done = 0

    async def look_at_host(queue: list[dict[str, Any]]) -> None:
        nonlocal done
        async with slots:
            for row in queue:
                if stop.asked:
                    return
                # A look that cannot be recorded keeps its lease: it is tried again when that ends.
                begun.add(row["id"])
                try:
                    checked = await _guarded(
                        row["url"], check(db, row["url"], network, rules=rules)
                    )
                except asyncio.CancelledError:  # asked to stop in the middle: it stays due
                    begun.discard(row["id"])
                    raise
                if checked is not None:
                    done += 1
                    report(checked)

    try:
        await side_by_side(look_at_host(queue) for queue in hosts.values())
    finally:
        release(db, [row["id"] for row in rows if row["id"] not in begun])
    return done


async def side_by_side(works: Iterable[Coroutine[Any, Any, None]]) -> None:
    """Run all to their end; where one fails the others are dropped and its error is raised."""
    try:
        async with asyncio.TaskGroup() as group:
            for work in works:
                group.create_task(work)
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None


async def _guarded(url: str, look: Awaitable[Any]) -> Any:
    """The result of a look, or None where it could not be finished; that is logged.

    Failures of the page or the network are outcomes and never come here. A database that
    cannot be written ends the pass.
    """
    try:
        return await look
    except sqlite3.Error:
        raise
    except (UrlError, StaleError) as error:
        log.error("%s: %s", url, error)
    except Exception:  # a fault of ours at one page must not end the watch over the others
        log.exception("%s: the look could not be finished", url)
    return None
