"""What one request may cost, and the User-Agent."""

import resource
from dataclasses import dataclass

# `contact` in variorum.toml names the owner.
USER_AGENT = "Variorum/0.1 (news edit archive{contact})"


# Descriptors that the database, the log, lookups of names and channels need.
RESERVED_DESCRIPTORS = 32
MIN_CONNECTIONS, MAX_CONNECTIONS = 4, 1000


def max_connections(descriptors: int | None = None) -> int:
    """How many connections may be open at once: what the limit of descriptors (`ulimit -n`) leaves.

    >>> max_connections(64), max_connections(1_000_000)
    (32, 1000)
    """
    if descriptors is None:
        descriptors, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if descriptors == resource.RLIM_INFINITY:
        return MAX_CONNECTIONS
    return min(max(descriptors - RESERVED_DESCRIPTORS, MIN_CONNECTIONS), MAX_CONNECTIONS)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one request may cost: seconds to connect, between two reads and in all; bytes of the body."""

    connect: float = 10.0
    read: float = 20.0
    total: float = 60.0
    body: int = 10_000_000
