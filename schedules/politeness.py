"""How long a host is left alone between two requests; one at a time, always."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

DEFAULT_DELAY = timedelta(seconds=1)
MAX_RETRY_AFTER = timedelta(hours=24)
# A host that asks to wait longer than this is not waited for in place: the look ends.
PATIENCE = timedelta(seconds=30)


def wait_before(
    *, now: datetime, last_end: datetime | None, delay: timedelta, not_before: datetime | None
) -> timedelta:
    """How long to wait before the next request to a host.

    >>> noon = datetime(2026, 5, 14, 12, tzinfo=UTC)
    >>> wait_before(now=noon, last_end=noon, delay=timedelta(seconds=5), not_before=None)
    datetime.timedelta(seconds=5)
    """
    ready = max(
        now,
        last_end + delay if last_end else now,
        not_before or now,
    )
    return ready - now


def retry_after(value: str | None, *, now: datetime) -> timedelta | None:
    """The wait that a Retry-After header asks for, in seconds or as a date (RFC 9110 10.2.3).

    >>> retry_after("120", now=datetime(2026, 5, 14, tzinfo=UTC))
    datetime.timedelta(seconds=120)
    """
    if not value:
        return None
    text = value.strip()
    if text.isascii() and text.isdigit():
        return min(timedelta(seconds=min(int(text[:9]), 10**8)), MAX_RETRY_AFTER)
    try:
        date = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    aware = date if date.tzinfo else date.replace(tzinfo=UTC)
    return min(max(aware - now, timedelta(0)), MAX_RETRY_AFTER)


@dataclass(slots=True)
class Host:
    """What is known of one host while the program runs."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    last_end: datetime | None = None
    not_before: datetime | None = None
    crawl_delay: timedelta = timedelta(0)


@dataclass(slots=True)
class Hosts:
    """Owns the turns: one request at a time per host, and its delay between two."""

    now: Callable[[], datetime]
    delay: timedelta = DEFAULT_DELAY
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    _hosts: dict[str, Host] = field(default_factory=dict)

    def host(self, name: str) -> Host:
        return self._hosts.setdefault(name, Host())

    def asked_to_wait(self, name: str) -> timedelta:
        """How long the host still asks to be left alone, by Retry-After; zero where it does not."""
        until = self.host(name).not_before
        return max(until - self.now(), timedelta(0)) if until else timedelta(0)

    def leave_alone(self, name: str, wait: timedelta) -> None:
        """Remember that the host asked for a pause."""
        self.host(name).not_before = self.now() + wait

    @asynccontextmanager
    async def turn(self, name: str) -> AsyncIterator[None]:
        """Wait for the host's turn, then hold it for one request."""
        host = self.host(name)
        async with host.lock:
            wait = wait_before(
                now=self.now(),
                last_end=host.last_end,
                delay=max(self.delay, host.crawl_delay),
                not_before=host.not_before,
            )
            if wait > timedelta(0):
                await self.sleep(wait.total_seconds())
            try:
                yield
            finally:
                host.last_end = self.now()
