"""The polite way out: robots.txt, the host's turn, one attempt, and what it said about waiting."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from schedules.check.observe import Request, Seen
from schedules.check.request import Ask, ask_here
from schedules.hosts.politeness import PATIENCE, Hosts, retry_after
from scraper.errors import AnswerError, FetchError, RefusedError, ScraperError
from scraper.fetch import Fetcher, Page, Validators
from scraper.http.robots import RETRY, Robots, read_robots, robots_from
from scraper.recognise import Verdict
from scraper.urls import host_name, host_of
from storage.database import Database
from storage.queue.hosts import StoredRobots, store_robots, stored_robots

ASKS_TO_WAIT = frozenset({429, 503})
# Rules are kept in memory for so many hosts; the rest is read from the database again.
MAX_ROBOTS = 1000
# So many seconds a redirect waits for the turn of the host that it leads to.
REDIRECT_PATIENCE = 20.0


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
    elsewhere: Ask | None = None
    _robots: dict[str, Robots] = field(default_factory=dict)

    async def refusal(self, url: str) -> Verdict | None:
        """Why this address must not be asked for now; None where it may."""
        host = host_name(url)
        pause = self.hosts.pause(host)
        if pause > PATIENCE:
            why = self.hosts.why_paused(host)
            seconds = pause.total_seconds()
            return Verdict(
                "blocked", f"{host} is left alone for {seconds:.0f} s more: {why}", pause
            )
        robots = await self._rules(url)
        if robots.rules is None:
            wait = max(self.hosts.pause(host), RETRY)
            return Verdict("failed", robots.reason or "robots.txt cannot be read", wait)
        if not robots.allows(url):
            return Verdict("refused", "robots.txt does not allow this address")
        return None

    async def get(self, url: str, validators: Validators | None = None) -> Page:
        """One attempt in the host's turn; raises FetchError or UrlError as `Fetcher.fetch` does."""
        host = host_name(url)
        async with self.hosts.turn(host):
            try:
                page = await self.fetcher.fetch(
                    url, validators or Validators(), passage=partial(self._passage, host)
                )
            except FetchError as error:
                self._learn(host, error)
                raise
        self._learn(host, page)
        return page

    async def see(self, request: Request) -> Seen:
        """What one attempt at an article shows, made in the host's turn; a failure is a verdict."""
        host = host_name(request.url)
        ask = self.elsewhere or partial(ask_here, self.fetcher, self.now)
        async with self.hosts.turn(host):
            found = await ask(request, partial(self._passage, host))
        self._learn(host, found.error or found.page)
        return found

    def _learn(self, host: str, answer: Page | ScraperError | None) -> None:
        """Keep how the host took a request."""
        if isinstance(answer, AnswerError):
            self.hosts.answered(host)
        elif isinstance(answer, FetchError):
            self.hosts.failed(host, answer.reason)
        elif not isinstance(answer, Page):
            return
        elif answer.status in ASKS_TO_WAIT:
            asked = retry_after(answer.headers.get("retry-after"), now=self.now())
            self.hosts.failed(host, f"it answers {answer.status}", asked=asked, is_refusal=True)
        elif answer.status >= 500:
            self.hosts.failed(host, f"it answers {answer.status}")
        else:
            self.hosts.answered(host)

    @asynccontextmanager
    async def _passage(self, held: str, target: str) -> AsyncIterator[None]:
        """A redirect is followed only where robots.txt allows its target, and in its host's turn.

        The turn of the host `held` is ours already. Two hosts that redirect to each other at once
        would wait for ever: one of them gives up.
        """
        host = host_name(target)
        if host == held:
            await self._check_rules(target, held)
            yield
            return
        async with AsyncExitStack() as stack:
            try:
                async with asyncio.timeout(REDIRECT_PATIENCE):
                    await self._check_rules(target)
                    await stack.enter_async_context(self.hosts.turn(host))
            except TimeoutError as error:
                raise AnswerError(target, f"redirected here, and {host} is busy") from error
            yield

    async def _check_rules(self, target: str, held: str | None = None) -> None:
        robots = await self._rules(target, held)
        if not robots.allows(target):
            reason = robots.reason or "robots.txt does not allow this address"
            raise RefusedError(target, f"redirected here, and {reason}")

    async def _rules(self, url: str, held: str | None = None) -> Robots:
        """The rules for an address, asked for in its host's turn (or in that which is `held`)."""
        authority, host = host_of(url), host_name(url)
        known = self._known_rules(authority)
        if known is None or not known.is_fresh(self.now()):
            async with nullcontext() if host == held else self.hosts.turn(host):
                known = self._known_rules(authority)
                if known is None or not known.is_fresh(self.now()):
                    known = await read_robots(self.fetcher, url, now=self.now(), before=known)
                    self._keep_rules(authority, known)
                    if known.rules is None:
                        reason = known.reason or "robots.txt cannot be read"
                        asked = retry_after(known.retry_after, now=self.now()) or RETRY
                        self.hosts.failed(host, reason, asked=max(asked, RETRY), is_refusal=True)
        self.hosts.host(host).crawl_delay = known.crawl_delay
        return known

    def _known_rules(self, authority: str) -> Robots | None:
        known = self._robots.get(authority)
        stored = stored_robots(self.db, authority) if known is None and self.db else None
        if stored:
            known = robots_from(
                stored.status, stored.text.encode(), now=stored.read_at, reason=stored.reason,
                failing_since=stored.failing_since,
            )  # fmt: skip
            self._robots[authority] = known
        return known

    def _keep_rules(self, authority: str, robots: Robots) -> None:
        while len(self._robots) >= MAX_ROBOTS:
            self._robots.pop(next(iter(self._robots)))
        self._robots[authority] = robots
        if self.db:
            kept = StoredRobots(
                robots.read_at, robots.status, robots.text, robots.reason, robots.failing_since
            )
            store_robots(self.db, authority, kept)
