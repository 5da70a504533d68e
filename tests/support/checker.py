"""Checks made as the program makes them, on a clock that a test sets."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from sqlite_utils import Database

from schedules.check import Checked, check
from schedules.check.settings import CheckSettings
from schedules.hosts.network import Network
from schedules.hosts.politeness import Hosts
from scraper.fetch import Fetcher, Limits
from scraper.http.addresses import AllowedHosts
from scraper.http.pools import Pools
from storage.database import open_database
from tests.support.pages import article_html
from tests.support.site import Answer, Site

T = TypeVar("T")


@dataclass
class Clock:
    """A clock that a test sets. Sleeping moves it forward instead of waiting."""

    time: datetime = datetime(2026, 5, 14, 12, tzinfo=UTC)
    sleeps: list[float] = field(default_factory=list)

    def now(self) -> datetime:
        """The time, a millisecond later at each call."""
        self.time += timedelta(milliseconds=1)
        return self.time

    def skip(self, **duration: float) -> None:
        """Move the clock forward, in the units of `timedelta`."""
        self.time += timedelta(**duration)

    async def sleep(self, seconds: float) -> None:
        """Move the clock forward and remember by how much."""
        self.sleeps.append(seconds)
        self.time += timedelta(seconds=seconds)


@dataclass
class Checker:
    """Checks articles of one database: `checker(url)` is one check and gives its result."""

    db: Database
    clock: Clock
    delay: timedelta = timedelta(0)
    limits: Limits = field(default_factory=Limits)
    settings: CheckSettings = field(default_factory=CheckSettings)
    allowed: AllowedHosts = field(default_factory=AllowedHosts)

    def __call__(self, url: str) -> Checked:
        return self.run(lambda network: check(self.db, url, network, settings=self.settings))

    def run(self, work: Callable[[Network], Awaitable[T]]) -> T:
        """What `work` returns, run with a network that uses the test's clock."""

        async def with_network() -> T:
            async with Fetcher(limits=self.limits, pools=Pools(self.allowed)) as fetcher:
                hosts = Hosts(self.clock.now, self.delay, self.clock.sleep)
                return await work(Network(fetcher, hosts, self.clock.now))

        return asyncio.run(with_network())


def serve_during(site: Site, path: str, act: Callable[[Database], object], db: Path) -> None:
    """Serve an edited article; while it is first asked for, another process acts on the database."""
    acted, edited = [], article_html().replace("21 people", "12 people")

    def answer(headers: dict[str, str]) -> Answer:
        if not acted:
            acted.append(True)
            with closing(open_database(db).conn) as conn:
                act(Database(conn))
        return Answer(edited.encode(), headers={"Content-Type": "text/html; charset=utf-8"})

    site.answers[path] = answer
