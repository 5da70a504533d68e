"""How long a host is left alone between two requests; one at a time, always."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from storage.queue.hosts import HostState

DEFAULT_HOST_DELAY = timedelta(seconds=1)
MAX_RETRY_AFTER = timedelta(hours=24)
# A host that asks to wait longer than this is not waited for in place: the look ends.
MAX_WAIT_IN_PLACE = timedelta(seconds=30)
# Failures in a row that open the circuit, and the pauses it then makes: doubled each time.
OPEN_CIRCUIT_AFTER = 3
FIRST_BACKOFF = timedelta(minutes=1)
MAX_BACKOFF = timedelta(hours=6)


def wait_before(
    *,
    now: datetime,
    last_ended_at: datetime | None,
    delay: timedelta,
    backoff_until: datetime | None,
) -> timedelta:
    """How long to wait before the next request to a host.

    >>> noon = datetime(2026, 5, 14, 12, tzinfo=UTC)
    >>> wait_before(now=noon, last_ended_at=noon, delay=timedelta(seconds=5), backoff_until=None)
    datetime.timedelta(seconds=5)
    """
    if last_ended_at and last_ended_at > now:  # the clock was set back
        last_ended_at = now
    ready_at = max(
        now,
        last_ended_at + delay if last_ended_at else now,
        backoff_until or now,
    )
    return ready_at - now


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


def backoff_after(
    failures: int, *, requested_wait: timedelta | None, is_refusal: bool
) -> timedelta | None:
    """How long to leave a host alone after so many requests in a row that failed; None: go on.

    `asked` is its own Retry-After. A refusal (429, 503) counts at once, another failure (no answer,
    a timeout, 5xx) from the third in a row on. Each further failure doubles the pause; the first
    request after it that gets an answer ends it.

    >>> backoff_after(1, requested_wait=None, is_refusal=True), backoff_after(2, requested_wait=None, is_refusal=False)
    (datetime.timedelta(seconds=60), None)
    """
    count = failures if is_refusal else failures - OPEN_CIRCUIT_AFTER + 1
    if count < 1:
        return requested_wait
    own_pause = min(FIRST_BACKOFF * 2 ** min(count - 1, 12), MAX_BACKOFF)
    return (
        max(requested_wait, own_pause if failures > 1 else timedelta(0))
        if requested_wait
        else own_pause
    )


@dataclass(slots=True)
class Host:
    """What is known of one host while the program runs."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    state: HostState = field(default_factory=HostState)
    crawl_delay: timedelta = timedelta(0)


@dataclass(slots=True)
class Hosts:
    """Owns the turns: one request at a time per host, and its delay between two."""

    now: Callable[[], datetime]
    delay: timedelta = DEFAULT_HOST_DELAY
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    _hosts: dict[str, Host] = field(default_factory=dict)

    def host(self, name: str) -> Host:
        return self._hosts.setdefault(name, Host())

    def resume(self, name: str, state: HostState) -> None:
        """Go on from what another process, or an earlier one, knew of the host."""
        self.host(name).state = state

    def forget(self, name: str) -> HostState:
        """Give up a host, so that memory does not grow with their number; what is known of it."""
        host = self.host(name)
        if not host.lock.locked():  # else a redirect from another host is under way to it
            del self._hosts[name]
        return host.state

    def backoff(self, name: str) -> timedelta:
        """How long the host is to be left alone from now on; zero where it is not."""
        until = self.host(name).state.backoff_until
        return max(until - self.now(), timedelta(0)) if until else timedelta(0)

    def backoff_reason(self, name: str) -> str:
        return self.host(name).state.reason or "asked to be left alone"

    def record_success(self, name: str) -> None:
        """The host gave an answer: what failed before is forgiven."""
        host = self.host(name)
        if host.state.failures:
            host.state = HostState(requested_at=host.state.requested_at)

    def record_failure(
        self,
        name: str,
        reason: str,
        *,
        requested_wait: timedelta | None = None,
        is_refusal: bool = False,
    ) -> None:
        """A request failed, or the host asked for a pause."""
        host = self.host(name)
        failures = host.state.failures + 1
        backoff = backoff_after(failures, requested_wait=requested_wait, is_refusal=is_refusal)
        times_text = f"{failures} times in a row" if failures > 1 else "once"
        host.state = replace(
            host.state,
            failures=failures,
            backoff_until=self.now() + backoff if backoff else None,
            reason=f"{reason} ({times_text})",
        )

    @asynccontextmanager
    async def slot(self, name: str) -> AsyncIterator[None]:
        """Wait for the host's turn, then hold it for one request."""
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
                host.state = replace(host.state, requested_at=self.now())
