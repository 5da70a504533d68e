"""The polite way out: robots.txt, the host's turn, one attempt, and what it said about waiting."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from schedules.politeness import PATIENCE, Hosts, retry_after
from scraper.errors import RefusedError
from scraper.fetch import Fetcher, Page, Validators
from scraper.recognise import Verdict
from scraper.robots import Robots, read_robots
from scraper.urls import host_of

ASKS_TO_WAIT = frozenset({429, 503})


@dataclass(slots=True)
class Network:
    """Owns the connections, the turns and the robots.txt rules of one run."""

    fetcher: Fetcher
    hosts: Hosts
    now: Callable[[], datetime]
    _robots: dict[str, Robots] = field(default_factory=dict)

    async def refusal(self, url: str) -> Verdict | None:
        """Why this address must not be asked for now; None where it may."""
        host = host_of(url)
        wait = self.hosts.asked_to_wait(host)
        if wait > PATIENCE:
            return Verdict(
                "blocked",
                f"{host} asked to be left alone for {wait.total_seconds():.0f} s more",
                wait,
            )
        robots = await self._rules(url, host)
        if robots.rules is None:
            return Verdict("failed", robots.reason or "robots.txt cannot be read")
        if not robots.allows(url):
            return Verdict("refused", "robots.txt does not allow this address")
        return None

    async def get(self, url: str, validators: Validators | None = None) -> Page:
        """One attempt in the host's turn; raises FetchError or UrlError as `Fetcher.fetch` does."""
        host = host_of(url)
        async with self.hosts.turn(host):
            page = await self.fetcher.fetch(url, validators or Validators(), permit=self._permit)
        if page.status in ASKS_TO_WAIT:
            wait = retry_after(page.headers.get("retry-after"), now=self.now())
            if wait:
                self.hosts.leave_alone(host, wait)
        return page

    async def _permit(self, target: str) -> None:
        """A redirect is followed only where robots.txt allows its target."""
        robots = await self._rules(target, host_of(target))
        if not robots.allows(target):
            reason = robots.reason or "robots.txt does not allow this address"
            raise RefusedError(target, f"redirected here, and {reason}")

    async def _rules(self, url: str, host: str) -> Robots:
        known = self._robots.get(host)
        if known is None or not known.is_fresh(self.now()):
            async with self.hosts.turn(host):
                known = self._robots.get(host)
                if known is None or not known.is_fresh(self.now()):
                    known = await read_robots(self.fetcher, url, now=self.now())
                    self._robots[host] = known
            self.hosts.host(host).crawl_delay = known.crawl_delay
        return known
