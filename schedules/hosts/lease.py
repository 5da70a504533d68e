"""Leases of hosts: who holds one, how a person's check waits for one, and what a killed process leaves."""

import asyncio
import logging
import os
import platform
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol, TypeVar

from schedules.hosts.network import Network
from storage.database import Database, write_transaction
from storage.queue.hosts import host_state
from storage.queue.leases import (
    LeaseClaim,
    lease_host,
    leased_hosts,
    postpone_unfinished,
    release_host,
)
from storage.queue.uptime import uptime

log = logging.getLogger("variorum")

# Marks a process whose requests are made by workers. They go on for a while when it is killed.
WORKERS_MARK = "+workers"
# A process that died on another machine loses its hosts after this. A host's queue and its last check
# take less.
LEASE_DURATION = timedelta(minutes=20)
# The wait between two attempts to lease a host that another process holds.
HOST_POLL_SECONDS = 0.5

T = TypeVar("T")


class Write(Protocol):
    """Runs a function that writes to the database; gives its result once that is committed."""

    async def __call__(self, work: Callable[..., T], *args: Any, **kwargs: Any) -> T: ...


async def write_at_once(work: Callable[..., T], *args: Any, **kwargs: Any) -> T:
    """A Write that does not share its transaction with others."""
    return work(*args, **kwargs)


def holder(mark: str = "") -> str:
    """A name for this process that no other has: machine, process id, a random part, and a mark.

    >>> holder().count(" ")
    2
    """
    return f"{_machine()} {os.getpid()} {uuid.uuid4().hex[:8]}{mark}"


def lease_claim(name: str, network: Network) -> LeaseClaim:
    """What the process of this name leases hosts with now."""
    return LeaseClaim(name, network.now(), uptime(), LEASE_DURATION)


def is_dead(name: str) -> bool:
    """Has the process of this name ended? False for other machines, whose leases must expire.

    >>> is_dead(holder()), is_dead("another-machine 1 0")
    (False, False)
    """
    machine, _, rest = name.partition(" ")
    pid = rest.partition(" ")[0]
    if machine != _machine() or not pid.isdigit():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except OSError:  # it runs, and belongs to another user
        return False
    return False


def reclaim_dead(db: Database, network: Network) -> None:
    """Free the hosts that a process of this machine held when it was killed.

    What it was checking waits, so that a page that kills the program cannot do so at each start.
    """
    for host, other_holder in leased_hosts(db):
        if not is_dead(other_holder):
            continue
        log.info("%s: reclaimed from a process that was killed", host)
        state = replace(host_state(db, host), requested_at=network.now(), requested_uptime=uptime())
        if other_holder.endswith(WORKERS_MARK):
            until = network.now() + timedelta(seconds=network.fetcher.limits.total)
            why = "workers of a killed process may still be fetching from it"
            state = replace(state, backoff_until=until, reason=why)
        with write_transaction(db):
            if (host, other_holder) in leased_hosts(db):  # else another process was faster
                postpone_unfinished(db, host, holder=holder(), now=network.now())
                release_host(db, host, state, holder=other_holder)


@asynccontextmanager
async def hold_host(db: Database, host: str, network: Network, write: Write) -> AsyncIterator[None]:
    """Hold a host for this process alone; waits while another process holds it."""
    name = holder()
    while True:
        state = await write(lease_host, db, host, lease_claim(name, network))
        if state is not None:
            break
        reclaim_dead(db, network)
        await asyncio.sleep(HOST_POLL_SECONDS)
    network.hosts.resume(host, state)
    try:
        yield
    finally:
        await write(release_host, db, host, network.hosts.forget(host), holder=name)


def _machine() -> str:
    """Names the machine since its last boot, and the container: process ids mean nothing outside."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return f"{boot}/{os.stat('/proc/self/ns/pid').st_ino}"
    except OSError:
        return platform.node().replace(" ", "-") or "unknown"
