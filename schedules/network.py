"""The polite way out: robots.txt, the host's turn, one attempt, and what it said about waiting."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from schedules.politeness import PATIENCE, Hosts, retry_after
from scraper.errors import FetchError, RefusedError
from scraper.fetch import Fetcher, Page, Validators
from scraper.recognise import Verdict
from scraper.robots import RETRY, Robots, read_robots, robots_from
from scraper.urls import host_name, host_of
from storage.database import Database
from storage.hosts import StoredRobots, store_robots, stored_robots

ASKS_TO_WAIT = frozenset({429, 503})
# Rules are kept in memory for so many hosts; the rest is read from the database again.
MAX_ROBOTS = 1000


@dataclass(slots=True)
class Network:
    """Owns the connections, the turns and the robots.txt rules of one run.

    With a database the rules outlive the run, so that a run each minute does not ask for them each time.
    """

    fetcher: Fetcher
    hosts: Hosts
    now: Callable[[], datetime]
    db: Database | None = None
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
            return Verdict("failed", robots.reason or "robots.txt cannot be read", RETRY)
        if not robots.allows(url):
            return Verdict("refused", "robots.txt does not allow this address")
        return None

    async def get(self, url: str, validators: Validators | None = None) -> Page:
        """One attempt in the host's turn; raises FetchError or UrlError as `Fetcher.fetch` does."""
        host = host_name(url)
        async with self.hosts.turn(host):
            try:
                page = await self.fetcher.fetch(
                    url, validators or Validators(), permit=self._permit
                )
            except FetchError as error:
                self.hosts.failed(host, error.reason)
                raise
        if page.status in ASKS_TO_WAIT:
            asked = retry_after(page.headers.get("retry-after"), now=self.now())
            self.hosts.failed(host, f"it answers {page.status}", asked=asked, is_refusal=True)
        elif page.status >= 500:
            self.hosts.failed(host, f"it answers {page.status}")
        else:
            self.hosts.answered(host)
        return page

    async def _permit(self, target: str) -> None:
        """A redirect is followed only where robots.txt allows its target."""
        robots = await self._rules(target)
        if not robots.allows(target):
            reason = robots.reason or "robots.txt does not allow this address"
            raise RefusedError(target, f"redirected here, and {reason}")

    async def _rules(self, url: str) -> Robots:
        authority, host = host_of(url), host_name(url)
        known = self._known_rules(authority)
        if known is None or not known.is_fresh(self.now()):
            async with self.hosts.turn(host):
                known = self._known_rules(authority)
                if known is None or not known.is_fresh(self.now()):
                    known = await read_robots(self.fetcher, url, now=self.now(), before=known)
                    self._keep_rules(authority, known)
                    if known.rules is None:
                        reason = known.reason or "robots.txt cannot be read"
                        self.hosts.failed(host, reason, asked=RETRY, is_refusal=True)
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
