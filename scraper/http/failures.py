"""Why no connection was made: what the system said, wherever a library has wrapped it."""

import errno
import socket
from collections.abc import Iterator

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
