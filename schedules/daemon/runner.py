"""Checks of everything that is due: many hosts at once, one request at a time per host."""

import asyncio
import logging
import sqlite3
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from schedules.check import Checked, check
from schedules.check.batch_writer import Writer
from schedules.check.settings import CheckSettings
from schedules.daemon.sources import check_source
from schedules.hosts.lease import WORKERS_MARK, holder, lease_claim, reclaim_dead
from schedules.hosts.network import Network
from schedules.hosts.politeness import MAX_WAIT_IN_PLACE
from scraper.errors import UrlError
from storage.database import Database
from storage.errors import ConflictError, DamagedError, ErasedError
from storage.queue.leases import HostWork, lease_work, mark_checking, release_host
from storage.queue.watches import is_due, postpone, postpone_source

log = logging.getLogger("variorum")

# A host is given back after this, long before its lease ends. So a host with a long crawl-delay does not
# keep its place forever.
MAX_HOST_QUEUE_TIME = timedelta(minutes=1)
# A check that a fault of ours has ended is made again after this.
FAULT_RETRY_AFTER = timedelta(minutes=10)
# SQLite waits this long for a lock while the program stops.
STOP_BUSY_TIMEOUT_MS = 2000
MAX_FAULT_TEXT = 300

Report = Callable[[Checked], None]


@dataclass(slots=True)
class Runner:
    """Owns the running checks: one task for each host, at most `jobs` of them.

    `settings` may be replaced while it runs; the checks that begin later use the new ones. `report` is
    called after each check.
    """

    db: Database
    network: Network
    jobs: int
    report: Report
    settings: CheckSettings = field(default_factory=CheckSettings)
    checks: int = 0
    _holder: str = field(default_factory=holder)
    _hosts: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    _probe: asyncio.Task[bool] | None = None
    _error: BaseException | None = None
    _is_stopping: bool = False
    _pass_started_at: datetime | None = None
    writer: Writer = field(init=False)

    def __post_init__(self) -> None:
        if self.network.remote:
            self._holder = holder(WORKERS_MARK)
        self.writer = Writer(self.db, lambda: len(self._hosts))

    def begin(self) -> int:
        """Begin checks at hosts where something is due, up to `jobs` hosts at once; gives how many.

        Begins none while checks wait to be written.

        Raises sqlite3.Error if the database cannot be written, here or in a check begun earlier.
        """
        error, self._error = self._error, None
        if error:
            raise error
        if self._is_stopping or self.writer.is_stuck or self._is_offline():
            return 0
        work = lease_work(
            self.db,
            lease_claim(self._holder, self.network),
            limit=min(self.jobs, self.network.fetcher.pools.capacity) - len(self._hosts),
            busy=self._hosts.keys(),
            pass_started_at=self._pass_started_at,
        )
        for host_work in work:
            task = asyncio.create_task(self._check_host(host_work), name=host_work.host)
            self._hosts[host_work.host] = task
            task.add_done_callback(self._on_done)
        return len(work)

    async def until_idle(self) -> int:
        """Check once everything that is due or becomes due meanwhile; gives the number of checks."""
        self._pass_started_at = self.network.now()
        reclaim_dead(self.db, self.network)
        await self.network.own.is_back()
        try:
            while True:
                self.begin()
                if not self._hosts:
                    return self.checks
                await asyncio.wait(self._hosts.values(), return_when=asyncio.FIRST_COMPLETED)
        except BaseException:
            # Else the running checks would find their connections closed and blame the host.
            self.db.execute(f"pragma busy_timeout = {STOP_BUSY_TIMEOUT_MS}")
            await self.stop(timedelta(0))
            raise

    async def stop(self, grace: timedelta) -> None:
        """Begin no more checks; wait `grace` for the running ones, then cancel the rest.

        What cannot be written by then stays due. The leases that stay are those of a process that has ended.
        """
        self._is_stopping = True
        tasks = set(self._hosts.values())
        if tasks:
            _, slow_tasks = await asyncio.wait(tasks, timeout=grace.total_seconds())
            for task in slow_tasks:
                task.cancel()
        self.writer.give_up()
        if tasks:
            await asyncio.gather(*tasks, return_exceptions=True)

    def _is_offline(self) -> bool:
        """Whether this machine's own network is out; if so, looks now and then whether it is back."""
        own = self.network.own
        if own.outage is not None and (self._probe is None or self._probe.done()):
            self._probe = asyncio.create_task(own.is_back())
        return own.outage is not None

    def _on_done(self, task: asyncio.Task[None]) -> None:
        """Give the host's place to the next one. An error is raised at the next tick."""
        self._hosts.pop(task.get_name(), None)
        if task.cancelled():
            return
        self._error = self._error or task.exception()
        if self._error is None:
            try:
                self.begin()
            except sqlite3.Error as error:
                self._error = error

    async def _check_host(self, work: HostWork) -> None:
        """Check everything that is due at one host, one after the other, sources first."""
        hosts = self.network.hosts
        hosts.resume(work.host, work.state)
        end = self.network.now() + MAX_HOST_QUEUE_TIME
        try:
            for source in work.sources:
                if not self._may_go_on(work.host, end):
                    return
                await self._mark(work.host, source["url"])
                await self._check_source(source)
            for article_id, url in work.articles:
                if not self._may_go_on(work.host, end):
                    return
                await self._check_article(work.host, article_id, url)
        finally:
            state = hosts.forget(work.host)
            await self.writer.write(release_host, self.db, work.host, state, holder=self._holder)

    def _may_go_on(self, host: str, end: datetime) -> bool:
        """False if the program stops, the network is out, the host has asked for a pause, or its time is over."""
        is_backing_off = self.network.hosts.backoff(host) > MAX_WAIT_IN_PLACE
        is_out = self.network.own.outage is not None
        return not (self._is_stopping or is_out or is_backing_off or self.network.now() > end)

    async def _check_source(self, source: dict[str, Any]) -> None:
        awaitable = check_source(self.db, source, self.network, write=self.writer.write)
        _, fault = await self._finish(source["url"], awaitable)
        if fault:
            until = self.network.now() + FAULT_RETRY_AFTER
            await self.writer.write(
                postpone_source, self.db, source["id"], until=until, reason=fault
            )

    async def _mark(self, host: str, url: str) -> None:
        """Note in the database what is checked, before anything of it is read."""
        await self.writer.write(mark_checking, self.db, host, url, holder=self._holder)

    async def _check_article(self, host: str, article_id: int, url: str) -> None:
        if not is_due(self.db, article_id, self.network.now()):
            return  # it was checked meanwhile, as the sibling of another
        await self._mark(host, url)
        awaitable = check(self.db, url, self.network, settings=self.settings, writer=self.writer)
        checked, fault = await self._finish(url, awaitable)
        for one in (*checked.siblings, checked) if checked is not None else ():
            self.checks += 1
            self.report(one)
        now = self.network.now()
        if is_due(
            self.db, article_id, now
        ):  # after a fault of ours: do not check it again and again
            reason = fault or "the check was recorded for another article"
            await self.writer.write(
                postpone,
                self.db,
                article_id,
                now=now,
                until=now + FAULT_RETRY_AFTER,
                reason=reason,
            )

    async def _finish(self, url: str, awaitable: Awaitable[Any]) -> tuple[Any, str | None]:
        """The result of a check; or None and the fault that ended it, which is logged.

        Failures of the page or the network are outcomes, not faults. Raises sqlite3.Error if the
        database cannot be written: that ends the program.
        """
        try:
            return await awaitable, None
        except sqlite3.Error:
            raise
        except ErasedError as error:  # it is what the user wants
            log.info("%s", error)
            return None, str(error)
        except (UrlError, ConflictError, DamagedError) as error:
            log.error("%s: %s", url, error)
            return None, str(error)[:MAX_FAULT_TEXT]
        except (
            Exception
        ) as error:  # a fault of ours at one page must not end the checks of the others
            log.exception("%s: a fault of Variorum ended the check", url)
            return None, f"a fault of Variorum ended the check: {error!r}"[:MAX_FAULT_TEXT]


async def check_due(
    db: Database,
    network: Network,
    *,
    jobs: int,
    report: Report,
    settings: CheckSettings | None = None,
) -> int:
    """Check once everything that is due; gives the number of checks."""
    return await Runner(db, network, jobs, report, settings or CheckSettings()).until_idle()
