"""Looks that a person asks for: a host is held for one process, many hosts side by side."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Iterable
from contextlib import asynccontextmanager
from typing import Any

from schedules.check.batch_writer import Writer
from schedules.hosts.lease import LEASE_DURATION, holder
from schedules.hosts.network import Network
from schedules.hosts.take_over import reclaim_dead
from storage.database import Database
from storage.queue.leases import lease_host, release_host

# Between two tries to have a host that another process looks at.
HOST_POLL_SECONDS = 0.5


@asynccontextmanager
async def hold_host(
    db: Database, host: str, network: Network, writer: Writer
) -> AsyncIterator[None]:
    """Hold a host for this process alone while looking at it; waits while another process has it."""
    name = holder()
    while True:
        now = network.now()
        state = await writer.write(lease_host, db, host, holder=name, now=now, lease=LEASE_DURATION)
        if state is not None:
            break
        reclaim_dead(db, network)
        await asyncio.sleep(HOST_POLL_SECONDS)
    network.hosts.resume(host, state)
    try:
        yield
    finally:
        await writer.write(release_host, db, host, network.hosts.forget(host), holder=name)


async def run_concurrently(coroutines: Iterable[Coroutine[Any, Any, None]]) -> None:
    """Run all to their end; where one fails the others are dropped and its error is raised."""
    try:
        async with asyncio.TaskGroup() as group:
            for work in coroutines:
                group.create_task(work)
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None
