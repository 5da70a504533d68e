"""Why no answer came: what the system said, wherever a library has wrapped it, or that this program did not run."""

import asyncio
import errno
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from scraper.errors import (
    ConnectionFailedError,
    NoAnswerInTimeError,
    NoDescriptorsError,
    NoRouteError,
    UnresolvedError,
)

OUT_OF_RESOURCES = frozenset(
    {errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ENOBUFS, errno.EADDRNOTAVAIL}
)
# The event loop runs a callback this often.
BEAT_SECONDS = 1.0
# The longest time without one that a busy machine may need.
MIN_SUSPENSION_SECONDS = 5.0
NO_ROUTE = frozenset({errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EHOSTDOWN})


def connection_failure(url: str, error: Exception) -> ConnectionFailedError:
    """The error of a connection that failed, by its cause. `error` is what the client raised."""
    causes = [cause for cause in _causes(error) if isinstance(cause, OSError)]
    text = str(error) or type(error).__name__
    if any(cause.errno in OUT_OF_RESOURCES for cause in causes):
        reason = f"this machine has no free file descriptors, ports or memory ({text})"
        return NoDescriptorsError(url, reason)
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        reason = f"the host does not resolve ({text}); is the address spelt right?"
        return UnresolvedError(url, reason)
    if any(cause.errno in NO_ROUTE for cause in causes):
        return NoRouteError(url, f"no connection ({text})")
    if any(isinstance(cause, TimeoutError) for cause in causes):
        return NoAnswerInTimeError(url, f"{text}; try again later")
    return ConnectionFailedError(url, f"no connection ({text})")


def _causes(error: BaseException) -> Iterator[BaseException]:
    """An error and the errors that led to it, those of a group as well."""
    waiting, met = [error], set[int]()
    while waiting:
        current = waiting.pop()
        if id(current) in met:
            continue
        met.add(id(current))
        yield current
        if isinstance(current, BaseExceptionGroup):
            waiting += current.exceptions
        waiting += [cause for cause in (current.__cause__, current.__context__) if cause]


def _machine_seconds() -> float:
    """A clock that goes on while the machine sleeps."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


@dataclass(slots=True)
class Suspension:
    """Did this program not run while it waited for an answer? Then a missing answer proves nothing of the server.

    A machine sleeps, a process is stopped, or another program takes all processors. When the program runs again,
    its timeouts have passed, and servers have closed their connections. It owns a callback of the running event
    loop, from `begin` to `end`.
    """

    _longest: float = 0.0
    _beat_at: float = field(default_factory=_machine_seconds)
    _handle: asyncio.TimerHandle | None = None

    def begin(self) -> None:
        """Notice from now on when the event loop does not run."""
        self._handle = asyncio.get_running_loop().call_later(BEAT_SECONDS, self._beat)

    def end(self) -> None:
        """Take the callback back."""
        if self._handle:
            self._handle.cancel()

    def seconds(self) -> float:
        """For how many seconds the program did not run at the longest; 0 if it always did."""
        self._note()
        return self._longest if self._longest >= MIN_SUSPENSION_SECONDS else 0.0

    def _beat(self) -> None:
        self._note()
        self.begin()

    def _note(self) -> None:
        now = _machine_seconds()
        self._longest = max(self._longest, now - self._beat_at)
        self._beat_at = now
