"""Whose fault is it that no connection is made: the host's, or this machine's own network's?

One host that cannot be reached is to blame itself. If several owners' hosts cannot be reached for one
reason, and none has answered meanwhile, Variorum tries to connect to the hosts that answered last. If that
fails, too, its own network is out. Nobody is asked then, and no host is left alone for it.
"""

import asyncio
import logging
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from scraper.errors import (
    ConnectionFailedError,
    NoDescriptorsError,
    NoRouteError,
    UnresolvedError,
)
from scraper.http.pools import Pools
from scraper.http.reach import Reach
from scraper.urls import hostname, owner
from storage.database import Database, is_passing
from storage.queue.outages import (
    StoredOutage,
    begin_outage,
    current_outage,
    end_outage,
    watched_hosts,
)

log = logging.getLogger("variorum")

# Hosts of so many owners fail before Variorum doubts its own network; fewer, if fewer are watched.
MIN_FAILED_OWNERS = 3
# With fewer owners only these count: no packet has reached the host.
HOST_UNTOUCHED = (UnresolvedError, NoRouteError, NoDescriptorsError)
# So many hosts are tried to see whether the network is there, and so often while it is out.
MAX_PROBED_HOSTS = 3
PROBE_INTERVAL = timedelta(seconds=15)
PROBE_TIMEOUT_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class FailedHost:
    """A host that could not be reached: one of its addresses, why, and when."""

    url: str
    error: ConnectionFailedError
    at: datetime


def may_be_ours(failed: Iterable[FailedHost], *, watched_owners: int) -> bool:
    """Whether hosts that failed since the last answer may have done so for a fault of this machine.

    `failed` are hosts of different owners.
    """
    kinds = [type(host.error) for host in failed]
    if NoDescriptorsError in kinds:
        return True
    most = max((kinds.count(kind) for kind in kinds), default=0)
    if most >= MIN_FAILED_OWNERS:
        return True
    untouched = [kind for kind in kinds if issubclass(kind, HOST_UNTOUCHED)]
    return 0 < watched_owners <= len(untouched)


@dataclass(slots=True)
class OwnNetwork:
    """Owns what is known of this machine's own network. With a database it outlives the process.

    `on_end` is called when an outage has ended, with the time since when it lasted.
    """

    pools: Pools
    now: Callable[[], datetime]
    reach: Callable[[str], Reach]
    on_end: Callable[[datetime], None]
    db: Database | None = None
    outage: StoredOutage | None = None
    _answered_url: str | None = None
    _failed: dict[str, FailedHost] = field(default_factory=dict)
    _probed_at: datetime | None = None
    _probe: asyncio.Lock = field(default_factory=asyncio.Lock)

    def __post_init__(self) -> None:
        if self.db is not None:
            self.outage = current_outage(self.db)

    def answered(self, url: str) -> None:
        """A host has answered: that ends an outage."""
        self._answered_url = url
        self._failed.clear()
        self._end()

    async def failed(self, url: str, error: ConnectionFailedError, *, had_failed: bool) -> bool:
        """A host could not be reached: is that the fault of this machine?

        A host that `had_failed` before proves nothing.
        """
        if self.outage is not None:
            return True
        if not had_failed:
            name = owner(hostname(url)) or hostname(url)
            self._failed.setdefault(name, FailedHost(url, error, self.now()))
        if not may_be_ours(self._failed.values(), watched_owners=self._watched_owners()):
            return isinstance(error, NoDescriptorsError)
        async with self._probe:  # one probe is enough for all that fail at once
            if self.outage is None and self._failed:
                await self._judge()
        return self.outage is not None or isinstance(error, NoDescriptorsError)

    def shift(self, by: timedelta) -> None:
        """Move all times by as much as the clock was set, but that of an outage only back: checks keep theirs."""
        if self.outage is not None:
            began_at = min(self.outage.began_at, self.outage.began_at + by)
            self.outage = replace(self.outage, began_at=began_at)
        if self._probed_at is not None:
            self._probed_at += by
        for name, host in self._failed.items():
            self._failed[name] = replace(host, at=host.at + by)

    async def is_back(self) -> bool:
        """Whether the network is there; tries to connect now and then while it is out."""
        if self.outage is None:
            return True
        now = self.now()
        if self._probed_at is not None and timedelta(0) <= now - self._probed_at < PROBE_INTERVAL:
            return False
        self._probed_at = now
        async with self._probe:
            if await self._can_connect():
                self._end()
        return self.outage is None

    async def _judge(self) -> None:
        """Begin an outage if no other host can be reached either; else the hosts are to blame."""
        if await self._can_connect():
            self._failed.clear()
        if not self._failed:  # a host may also have answered meanwhile
            return
        first = min(self._failed.values(), key=lambda host: host.at)
        self.outage = StoredOutage(first.at, first.error.reason)
        self._probed_at = self.now()
        self._write(begin_outage, self.outage)
        reason = first.error.reason
        log.warning("this machine's own network is out, and checks wait for it: %s", reason)

    async def _can_connect(self) -> bool:
        """Whether any of a few hosts can be connected to."""
        failed = [host.url for host in self._failed.values()]
        urls = failed[:MAX_PROBED_HOSTS]
        if self._answered_url is not None:
            urls.append(self._answered_url)
        if self.db is not None:
            others = watched_hosts(self.db, limit=MAX_PROBED_HOSTS + len(failed))
            failed_hosts = {hostname(url) for url in failed}
            urls += [url for url in others if hostname(url) not in failed_hosts][:MAX_PROBED_HOSTS]
        tries = (
            self.pools.can_connect(url, self.reach(url), PROBE_TIMEOUT_SECONDS)
            for url in dict.fromkeys(urls)
        )
        return any(await asyncio.gather(*tries))

    def _end(self) -> None:
        if self.outage is None:
            return
        stored = current_outage(self.db) if self.db is not None else None
        since, now = (stored or self.outage).began_at, self.now()
        if not self._write(end_outage, now=now, since=since):
            return
        self.outage = None
        self._failed.clear()
        self.on_end(since)
        lasted = max(now - since, timedelta(0))
        log.warning("this machine's own network is back, after %s", str(lasted).partition(".")[0])

    def _write(self, work: Callable[..., None], *args: Any, **kwargs: Any) -> bool:
        """Write to the database, if there is one; False while it is locked or full: the next probe tries again."""
        if self.db is None:
            return True
        try:
            work(self.db, *args, **kwargs)
        except sqlite3.OperationalError as error:
            if not is_passing(error):
                raise
            return False
        return True

    def _watched_owners(self) -> int:
        if self.db is None:
            return 0
        urls = watched_hosts(self.db, limit=10 * MIN_FAILED_OWNERS)
        return len({owner(hostname(url)) for url in urls})
