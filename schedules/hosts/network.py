"""The polite way out: robots.txt, the host's turn, one attempt, and what it said about waiting."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from schedules.check.observe import Observation, Request
from schedules.check.request import SendRequest, send_request
from schedules.hosts.politeness import MAX_WAIT_IN_PLACE, Hosts, retry_after
from scraper.errors import AnswerError, FetchError, RefusedError, ScraperError
from scraper.fetch import Fetcher, Response, Validators
from scraper.http.robots import RETRY_ROBOTS_AFTER, Robots, read_robots, robots_from
from scraper.recognise import Verdict
from scraper.urls import hostname, netloc
from storage.database import Database
from storage.queue.hosts import StoredRobots, store_robots, stored_robots

BACK_OFF_STATUSES = frozenset({429, 503})
# Rules are kept in memory for so many hosts; the rest is read from the database again.
MAX_CACHED_ROBOTS = 1000
# So many seconds a redirect waits for the turn of the host that it leads to.
REDIRECT_WAIT_SECONDS = 20.0


@dataclass(slots=True)
class Network:
    """Owns the connections, the turns and the robots.txt rules of one run.

    With a database the rules outlive the run, so that a run each minute does not ask for them each time.
    Articles may be asked for `elsewhere`; the turns are held here all the same.
    """

    fetcher: Fetcher
    hosts: Hosts
    now: Callable[[], datetime]
    db: Database | None = None
    remote: SendRequest | None = None
    _robots: dict[str, Robots] = field(default_factory=dict)

    async def refusal(self, url: str) -> Verdict | None:
        """Why this address must not be asked for now; None where it may."""
        host = hostname(url)
        backoff = self.hosts.backoff(host)
        if backoff > MAX_WAIT_IN_PLACE:
            why = self.hosts.backoff_reason(host)
            seconds = backoff.total_seconds()
            return Verdict(
                "blocked", f"{host} is left alone for {seconds:.0f} s more: {why}", backoff
            )
        robots = await self._robots_for(url)
        if robots.rules is None:
            wait = max(self.hosts.backoff(host), RETRY_ROBOTS_AFTER)
            return Verdict("failed", robots.reason or "robots.txt cannot be read", wait)
        if not robots.allows(url):
            return Verdict("refused", "robots.txt does not allow this address")
        return None

    async def get(self, url: str, validators: Validators | None = None) -> Response:
        """One attempt in the host's turn; raises FetchError or UrlError as `Fetcher.fetch` does."""
        host = hostname(url)
        async with self.hosts.slot(host):
            try:
                page = await self.fetcher.fetch(
                    url, validators or Validators(), may_follow=partial(self._may_follow, host)
                )
            except FetchError as error:
                self._record_answer(host, error)
                raise
        self._record_answer(host, page)
        return page

    async def observe(self, request: Request) -> Observation:
        """What one attempt at an article shows, made in the host's turn; a failure is a verdict."""
        host = hostname(request.url)
        send = self.remote or partial(send_request, self.fetcher, self.now)
        async with self.hosts.slot(host):
            observation = await send(request, partial(self._may_follow, host))
        self._record_answer(host, observation.error or observation.page)
        return observation

    def _record_answer(self, host: str, answer: Response | ScraperError | None) -> None:
        """Keep how the host took a request."""
        if isinstance(answer, AnswerError):
            self.hosts.record_success(host)
        elif isinstance(answer, FetchError):
            self.hosts.record_failure(host, answer.reason)
        elif not isinstance(answer, Response):
            return
        elif answer.status in BACK_OFF_STATUSES:
            requested_wait = retry_after(answer.headers.get("retry-after"), now=self.now())
            self.hosts.record_failure(
                host, f"it answers {answer.status}", requested_wait=requested_wait, is_refusal=True
            )
        elif answer.status >= 500:
            self.hosts.record_failure(host, f"it answers {answer.status}")
        else:
            self.hosts.record_success(host)

    @asynccontextmanager
    async def _may_follow(self, slot_host: str, target: str) -> AsyncIterator[None]:
        """A redirect is followed only where robots.txt allows its target, and in its host's turn.

        The turn of the host `held` is ours already. Two hosts that redirect to each other at once
        would wait for ever: one of them gives up.
        """
        host = hostname(target)
        if host == slot_host:
            await self._check_rules(target, slot_host)
            yield
            return
        async with AsyncExitStack() as stack:
            try:
                async with asyncio.timeout(REDIRECT_WAIT_SECONDS):
                    await self._check_rules(target)
                    await stack.enter_async_context(self.hosts.slot(host))
            except TimeoutError as error:
                raise AnswerError(target, f"redirected here, and {host} is busy") from error
            yield

    async def _check_rules(self, target: str, slot_host: str | None = None) -> None:
        robots = await self._robots_for(target, slot_host)
        if not robots.allows(target):
            reason = robots.reason or "robots.txt does not allow this address"
            raise RefusedError(target, f"redirected here, and {reason}")

    async def _robots_for(self, url: str, slot_host: str | None = None) -> Robots:
        """The rules for an address, asked for in its host's turn (or in that which is `held`)."""
        authority, host = netloc(url), hostname(url)
        cached = self._cached_rules(authority)
        if cached is None or not cached.is_fresh(self.now()):
            async with nullcontext() if host == slot_host else self.hosts.slot(host):
                cached = self._cached_rules(authority)
                if cached is None or not cached.is_fresh(self.now()):
                    cached = await read_robots(self.fetcher, url, now=self.now(), previous=cached)
                    self._cache_rules(authority, cached)
                    if cached.rules is None:
                        reason = cached.reason or "robots.txt cannot be read"
                        requested_wait = (
                            retry_after(cached.retry_after, now=self.now()) or RETRY_ROBOTS_AFTER
                        )
                        self.hosts.record_failure(
                            host,
                            reason,
                            requested_wait=max(requested_wait, RETRY_ROBOTS_AFTER),
                            is_refusal=True,
                        )
        self.hosts.host(host).crawl_delay = cached.crawl_delay
        return cached

    def _cached_rules(self, authority: str) -> Robots | None:
        cached = self._robots.get(authority)
        stored = stored_robots(self.db, authority) if cached is None and self.db else None
        if stored:
            cached = robots_from(
                stored.status, stored.text.encode(), now=stored.read_at, reason=stored.reason,
                failing_since=stored.failing_since,
            )  # fmt: skip
            self._robots[authority] = cached
        return cached

    def _cache_rules(self, authority: str, robots: Robots) -> None:
        while len(self._robots) >= MAX_CACHED_ROBOTS:
            self._robots.pop(next(iter(self._robots)))
        self._robots[authority] = robots
        if self.db:
            stored_rules = StoredRobots(
                robots.read_at, robots.status, robots.text, robots.reason, robots.failing_since
            )
            store_robots(self.db, authority, stored_rules)
