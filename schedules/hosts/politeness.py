"""How long to wait between two requests to a host; one at a time, always."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from scraper.http.header_date import header_date
from storage.queue.hosts import HostState
from storage.queue.uptime import Uptime, uptime

DEFAULT_HOST_DELAY = timedelta(seconds=1)
MAX_RETRY_AFTER = timedelta(hours=24)
# More digits or seconds than these would overflow a timedelta.
MAX_RETRY_AFTER_DIGITS, MAX_RETRY_AFTER_SECONDS = 9, 10**8
# A check waits this long for its host; if the host asks for more, the check ends.
MAX_WAIT_IN_PLACE = timedelta(seconds=30)
# This many failures in a row open the circuit; each further one doubles the backoff.
OPEN_CIRCUIT_AFTER = 3
FIRST_BACKOFF = timedelta(minutes=1)
MAX_BACKOFF = timedelta(hours=6)
MAX_BACKOFF_DOUBLINGS = 12


def wait_before(
    *,
    now: datetime,
    last_ended_at: datetime | None,
    delay: timedelta,
    backoff_until: datetime | None,
) -> timedelta:
    """How long to wait before the next request to a host.

    `last_ended_at` is when the last request ended. One in the future counts as just now: the clock was
    set back.

    >>> noon = datetime(2026, 5, 14, 12, tzinfo=UTC)
    >>> wait_before(now=noon, last_ended_at=noon, delay=timedelta(seconds=5), backoff_until=None)
    datetime.timedelta(seconds=5)
    """
    delay_until = min(last_ended_at, now) + delay if last_ended_at else now
    return max(now, delay_until, backoff_until or now) - now


def retry_after(value: str | None, *, now: datetime) -> timedelta | None:
    """The wait that a Retry-After header asks for, in seconds or as a date (RFC 9110, 10.2.3).

    Never negative, at most MAX_RETRY_AFTER; None without a header or if it cannot be read.

    >>> retry_after("120", now=datetime(2026, 5, 14, tzinfo=UTC))
    datetime.timedelta(seconds=120)
    """
    if not value:
        return None
    text = value.strip()
    if text.isascii() and text.isdigit():
        seconds = min(int(text[:MAX_RETRY_AFTER_DIGITS]), MAX_RETRY_AFTER_SECONDS)
        return min(timedelta(seconds=seconds), MAX_RETRY_AFTER)
    date = header_date(text)
    if date is None:
        return None
    aware = date if date.tzinfo else date.replace(tzinfo=UTC)
    return min(max(aware - now, timedelta(0)), MAX_RETRY_AFTER)


def backoff_after_refusal(failures: int, requested_wait: timedelta | None) -> timedelta:
    """How long to back off after a refusal (429, 503), the last of `failures` failures in a row.

    `requested_wait` is the host's Retry-After. It holds for the first failure; later ones wait at least
    as long as the doubled backoff.

    >>> backoff_after_refusal(1, None), backoff_after_refusal(3, timedelta(seconds=5))
    (datetime.timedelta(seconds=60), datetime.timedelta(seconds=240))
    """
    if not requested_wait:
        return _doubled_backoff(failures)
    return max(requested_wait, _doubled_backoff(failures)) if failures > 1 else requested_wait


def backoff_after_failure(failures: int) -> timedelta | None:
    """How long to back off after `failures` failures in a row (no answer, a timeout, 5xx); None: go on.

    >>> backoff_after_failure(2), backoff_after_failure(3)
    (None, datetime.timedelta(seconds=60))
    """
    count = failures - OPEN_CIRCUIT_AFTER + 1
    return _doubled_backoff(count) if count >= 1 else None


def _doubled_backoff(count: int) -> timedelta:
    return min(FIRST_BACKOFF * (1 << min(count - 1, MAX_BACKOFF_DOUBLINGS)), MAX_BACKOFF)


@dataclass(slots=True)
class Host:
    """One host while the program runs: its slot, its stored state and the delay its robots.txt asks for."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    state: HostState = field(default_factory=HostState)
    crawl_delay: timedelta = timedelta(0)


@dataclass(slots=True)
class Hosts:
    """Owns the slots: one request at a time per host, and its delay between two."""

    now: Callable[[], datetime]
    delay: timedelta = DEFAULT_HOST_DELAY
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    uptime: Callable[[], Uptime] = uptime
    _hosts: dict[str, Host] = field(default_factory=dict)

    def host(self, name: str) -> Host:
        """The host of this name; a fresh one if no request has been made to it yet."""
        return self._hosts.setdefault(name, Host())

    def resume(self, name: str, state: HostState) -> None:
        """Continue with the state that another process, or an earlier one, has stored."""
        self.host(name).state = state

    def forget(self, name: str) -> HostState:
        """Drop a host, so that memory does not grow with their number; gives its state to store."""
        host = self.host(name)
        if not host.lock.locked():  # else a redirect from another host is on its way to it
            del self._hosts[name]
        return host.state

    def shift(self, by: timedelta) -> None:
        """Move the ends of all backoffs and of the last requests by as much as the clock was set."""
        for host in self._hosts.values():
            until, requested_at = host.state.backoff_until, host.state.requested_at
            host.state = replace(
                host.state,
                backoff_until=until + by if until else None,
                requested_at=requested_at + by if requested_at else None,
            )

    def forgive(self, since: datetime) -> None:
        """End the backoffs of hosts that were requested since a time; their failures stay counted."""
        for host in self._hosts.values():
            if host.state.requested_at and host.state.requested_at >= since:
                host.state = replace(host.state, backoff_until=None)

    def backoff(self, name: str) -> timedelta:
        """How long to back off from the host from now on; zero if requests may be made."""
        until = self.host(name).state.backoff_until
        return max(until - self.now(), timedelta(0)) if until else timedelta(0)

    def backoff_reason(self, name: str) -> str:
        """Why the program backs off from the host."""
        return self.host(name).state.reason or "it asked for a pause"

    def record_success(self, name: str) -> None:
        """The host answered: forget its failures."""
        host = self.host(name)
        if host.state.failures:
            host.state = replace(host.state, failures=0, backoff_until=None, reason=None)

    def record_failure(self, name: str, reason: str) -> None:
        """A request to the host failed."""
        failures = self.host(name).state.failures + 1
        self._back_off(name, reason, failures, backoff_after_failure(failures))

    def record_refusal(
        self, name: str, reason: str, *, requested_wait: timedelta | None = None
    ) -> None:
        """The host refused a request, and asked to wait for `requested_wait` if that is given."""
        failures = self.host(name).state.failures + 1
        self._back_off(name, reason, failures, backoff_after_refusal(failures, requested_wait))

    def _back_off(self, name: str, reason: str, failures: int, backoff: timedelta | None) -> None:
        times = f"{failures} times in a row" if failures > 1 else "once"
        host = self.host(name)
        host.state = replace(
            host.state,
            failures=failures,
            backoff_until=self.now() + backoff if backoff else None,
            reason=f"{reason} ({times})",
        )

    @asynccontextmanager
    async def slot(self, name: str) -> AsyncIterator[None]:
        """Wait for the host's slot, then hold it for one request."""
        host = self.host(name)
        async with host.lock:
            wait = wait_before(
                now=self.now(),
                last_ended_at=host.state.requested_at,
                delay=max(self.delay, host.crawl_delay),
                backoff_until=host.state.backoff_until,
            )
            if wait > timedelta(0):
                await self.sleep(wait.total_seconds())
            try:
                yield
            finally:
                host.state = replace(
                    host.state, requested_at=self.now(), requested_uptime=self.uptime()
                )
