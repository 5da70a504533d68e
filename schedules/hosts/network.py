"""Polite requests: robots.txt, the host's slot, one attempt, and what the answer says about waiting."""

import asyncio
import logging
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Protocol, TypeVar

from schedules.hosts.outage import OwnNetwork
from schedules.hosts.politeness import MAX_WAIT_IN_PLACE, Hosts, retry_after
from schedules.processes import InProcess, Reader, WorkEndedError
from scraper.errors import (
    AnswerError,
    ConnectionFailedError,
    FetchError,
    PrivateAddressError,
    RefusedError,
    ScraperError,
    SuspendedError,
)
from scraper.fetch import Fetcher, MayFollow, Response, Validators
from scraper.http.reach import Reach
from scraper.http.robots import (
    LARGE_ROBOTS_BYTES,
    RETRY_ROBOTS_AFTER,
    Robots,
    read_robots,
    robots_from,
)
from scraper.recognise import Verdict
from scraper.urls import hostname, netloc
from storage.database import Database, is_passing
from storage.queue.hosts import StoredRobots, store_robots, stored_robots
from storage.queue.typed_hosts import remember_public, remember_typed, typed_reach

log = logging.getLogger("variorum")

BACK_OFF_STATUSES = frozenset({429, 503})
MIN_SERVER_ERROR = 500
# The database keeps the rules of every host, memory those of this many.
MAX_CACHED_ROBOTS = 1000
# A redirect waits this long for a slot of the host that it leads to.
REDIRECT_WAIT_SECONDS = 20.0
ROBOTS_DISALLOW = "robots.txt disallows this address"
ROBOTS_UNREADABLE = "robots.txt cannot be read"


class SenderReply(Protocol):
    """What a sender gives back: the host's answer, None if no request was made."""

    @property
    def answer(self) -> Response | ScraperError | None: ...


ReplyT = TypeVar("ReplyT", bound=SenderReply)


@dataclass(slots=True)
class Network:
    """Owns the connections, the slots and the robots.txt rules of one run.

    With a database the rules outlive the run, so that a run each minute does not fetch them each time.
    `remote` is the sender of article requests if workers make them. The network itself never calls it;
    it holds the slots in any case. `reader` reads what comes back.
    """

    fetcher: Fetcher
    hosts: Hosts
    now: Callable[[], datetime]
    db: Database | None = None
    remote: Callable[[Any, MayFollow], Awaitable[Any]] | None = None
    reader: Reader = field(default_factory=InProcess)
    own: OwnNetwork = field(init=False)
    _robots: dict[str, Robots] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.own = OwnNetwork(self.fetcher.pools, self.now, self.reach, self._forgive, self.db)

    async def refusal(self, url: str) -> Verdict | None:
        """Why this address must not be fetched now; None if it may be."""
        host = hostname(url)
        backoff = self.hosts.backoff(host)
        if backoff > MAX_WAIT_IN_PLACE:
            why = self.hosts.backoff_reason(host)
            seconds = f"{backoff.total_seconds():.0f} s"
            return Verdict("blocked", f"backing off from {host} for {seconds} more: {why}", backoff)
        try:
            robots = await self._robots_for(url, self.reach(url))
        except PrivateAddressError as error:
            return Verdict("refused", error.reason)
        if robots.rules is None:
            wait = max(self.hosts.backoff(host), RETRY_ROBOTS_AFTER)
            if self.own.outage:
                return Verdict(
                    "failed", f"this machine's own network is out: {self.own.outage.reason}"
                )
            return Verdict("failed", robots.reason or ROBOTS_UNREADABLE, wait)
        if not await self._allows(robots, url):
            return Verdict("refused", ROBOTS_DISALLOW)
        return None

    async def get(self, url: str, validators: Validators | None = None) -> Response:
        """One attempt in the host's slot. Raises FetchError or UrlError as `Fetcher.fetch` does."""
        reach = self.reach(url)
        async with self.hosts.slot(hostname(url)):
            try:
                page = await self.fetcher.fetch(
                    url,
                    validators or Validators(),
                    reach=reach,
                    may_follow=partial(self._may_follow, hostname(url), reach),
                )
            except FetchError as error:
                await self._record_answer(url, error)
                raise
        await self._record_answer(url, page)
        return page

    async def send(self, url: str, sender: Callable[[MayFollow], Awaitable[ReplyT]]) -> ReplyT:
        """The reply of a sender that makes one request to `url`, in the host's slot.

        The sender is given the rule by which redirects may be followed. It does not raise: a failure is
        part of its reply.
        """
        async with self.hosts.slot(hostname(url)):
            reply = await sender(partial(self._may_follow, hostname(url), self.reach(url)))
        await self._record_answer(url, reply.answer)
        return reply

    def reach(self, url: str) -> Reach:
        """Where the host of an address may be. Without a database the user gave every address."""
        return "private" if self.db is None else typed_reach(self.db, url)

    def _record_place(self, page: Response) -> None:
        """Remember whether the host that answered is public, if the user gave its address."""
        if self.db is None or page.is_private is None or self.reach(page.url) == "public":
            return
        if not page.is_private:
            remember_public(self.db, page.url, at=self.now())
        elif netloc(page.final_url) != netloc(page.url):  # another port of the same private host
            remember_typed(self.db, [page.final_url], at=self.now())

    async def _record_answer(self, url: str, answer: Response | ScraperError | None) -> None:
        """Remember whether the host takes requests, and how long it asks to wait."""
        host = hostname(url)
        if await self._is_own_fault(url, answer):
            return
        if isinstance(answer, Response):
            self._record_place(answer)
        if isinstance(answer, AnswerError):
            self.hosts.record_success(host)
        elif isinstance(answer, FetchError):
            self.hosts.record_failure(host, answer.reason)
        elif not isinstance(answer, Response):
            return
        elif answer.status in BACK_OFF_STATUSES:
            requested_wait = retry_after(answer.headers.get("retry-after"), now=self.now())
            self.hosts.record_refusal(
                host, f"it answered {answer.status}", requested_wait=requested_wait
            )
        elif answer.status >= MIN_SERVER_ERROR:
            self.hosts.record_failure(host, f"it answered {answer.status}")
        else:
            self.hosts.record_success(host)

    async def _is_own_fault(self, url: str, answer: Response | ScraperError | None) -> bool:
        """Whether this machine is to blame: it did not run the program, or its own network made no connection."""
        if isinstance(answer, SuspendedError):
            return True
        if isinstance(answer, ConnectionFailedError):
            had_failed = self.hosts.host(hostname(url)).state.failures > 0
            return await self.own.failed(url, answer, had_failed=had_failed)
        if isinstance(answer, Response | FetchError):
            self.own.answered(url)
        return False

    def shift(self, by: timedelta) -> None:
        """Move all times by as much as the clock was set."""
        self.hosts.shift(by)
        self.own.shift(by)

    def _forgive(self, since: datetime) -> None:
        """Leave no host alone for an outage of ours, and read again what could not be read in it."""
        self._robots = {key: robots for key, robots in self._robots.items() if robots.rules}
        self.hosts.forgive(since)

    @asynccontextmanager
    async def _may_follow(self, slot_host: str, reach: Reach, target: str) -> AsyncIterator[None]:
        """Follow a redirect only if robots.txt allows its target, and in a slot of the target's host.

        The caller holds the slot of `slot_host` already. Two hosts that redirect to each other at once
        would wait forever; after REDIRECT_WAIT_SECONDS one of them gives up.
        """
        host = hostname(target)
        if host == slot_host:
            await self._check_rules(target, reach, slot_host)
            yield
            return
        async with AsyncExitStack() as stack:
            try:
                async with asyncio.timeout(REDIRECT_WAIT_SECONDS):
                    await self._check_rules(target, "public")
                    await stack.enter_async_context(self.hosts.slot(host))
            except TimeoutError as error:
                raise AnswerError(target, f"redirected here, but {host} is busy") from error
            yield

    async def _check_rules(self, target: str, reach: Reach, slot_host: str | None = None) -> None:
        robots = await self._robots_for(target, reach, slot_host)
        if not await self._allows(robots, target):
            reason = robots.reason or ROBOTS_DISALLOW
            raise RefusedError(target, f"redirected here, but {reason}")

    async def _robots_for(self, url: str, reach: Reach, slot_host: str | None = None) -> Robots:
        """The rules for an address, fetched in a slot of its host unless that is `slot_host`."""
        authority, host = netloc(url), hostname(url)
        robots = await self._cached_rules(authority)
        if robots is None or not robots.is_fresh(self.now()):
            async with nullcontext() if host == slot_host else self.hosts.slot(host):
                robots = await self._cached_rules(
                    authority
                )  # another request may have fetched them
                if robots is None or not robots.is_fresh(self.now()):
                    robots = await self._fetch_rules(url, reach, robots)
        self.hosts.host(host).crawl_delay = robots.crawl_delay
        return robots

    async def _fetch_rules(self, url: str, reach: Reach, previous: Robots | None) -> Robots:
        """Fetch robots.txt; no other request goes to a host whose rules cannot be read."""
        is_own_fault = False

        async def fetch(address: str) -> Response:
            nonlocal is_own_fault
            try:
                page = await self.fetcher.fetch(address, reach=reach)
            except FetchError as error:
                is_own_fault = await self._is_own_fault(url, error)
                raise
            await self._is_own_fault(url, page)
            return page

        read = partial(self._read_rules, netloc(url))
        robots = await read_robots(fetch, url, now=self.now(), read=read, previous=previous)
        if is_own_fault:
            return robots
        self._cache_rules(netloc(url), robots)
        if robots.rules is None:
            requested_wait = retry_after(robots.retry_after, now=self.now()) or timedelta(0)
            self.hosts.record_refusal(
                hostname(url),
                robots.reason or ROBOTS_UNREADABLE,
                requested_wait=max(requested_wait, RETRY_ROBOTS_AFTER),
            )
        return robots

    async def _allows(self, robots: Robots, url: str) -> bool:
        """Whether an address may be fetched. A reader looks into many rules; what takes it too long is not allowed."""
        if not robots.is_large:
            return robots.allows(url)
        try:
            work = partial(robots.allows, url)
            return await self.reader.run(work, size=len(robots.text), about=netloc(url))
        except WorkEndedError as error:
            log.warning("%s is not requested: its robots.txt cannot be read: %s", url, error)
            return False

    async def _read_rules(self, authority: str, work: Callable[[], Robots], size: int) -> Robots:
        """The rules in an answer of a size. A reader reads a large one; if that takes too long, nothing is allowed."""
        if size <= LARGE_ROBOTS_BYTES:
            return work()
        try:
            return await self.reader.run(work, size=size, about=authority)
        except WorkEndedError as error:
            now = self.now()
            return Robots(now, None, f"cannot read robots.txt: {error}", failing_since=now)

    async def _cached_rules(self, authority: str) -> Robots | None:
        robots = self._robots.get(authority)
        if robots is not None or self.db is None:
            return robots
        stored = stored_robots(self.db, authority)
        if stored is None:
            return None
        work = partial(
            robots_from, stored.status, stored.text.encode(), now=stored.read_at, reason=stored.reason,
            failing_since=stored.failing_since,
        )  # fmt: skip
        robots = await self._read_rules(authority, work, len(stored.text))
        self._robots[authority] = robots
        return robots

    def _cache_rules(self, authority: str, robots: Robots) -> None:
        while len(self._robots) >= MAX_CACHED_ROBOTS:
            self._robots.pop(next(iter(self._robots)))
        self._robots[authority] = robots
        if self.db:
            stored_rules = StoredRobots(
                robots.read_at, robots.status, robots.text, robots.reason, robots.failing_since
            )
            try:
                store_robots(self.db, authority, stored_rules)
            except sqlite3.OperationalError as error:
                if not is_passing(error):
                    raise
                log.info("the robots.txt of %s is not stored: %s", authority, error)
