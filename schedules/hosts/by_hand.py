"""Looks that a person asks for: a host is held for one process, many hosts side by side."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Iterable
from contextlib import asynccontextmanager
from typing import Any

from schedules.check.batch_writer import Writer
from schedules.hosts.lease import LEASE, lessee
from schedules.hosts.network import Network
from schedules.hosts.take_over import take_over
from storage.database import Database
from storage.queue.leases import lease_host, release_host

# Between two tries to have a host that another process looks at.
WAIT_SECONDS = 0.5


@asynccontextmanager
async def holding(db: Database, host: str, network: Network, writer: Writer) -> AsyncIterator[None]:
    """Hold a host for this process alone while looking at it; waits while another process has it."""
    name = lessee()
    while True:
        now = network.now()
        state = await writer.write(lease_host, db, host, lessee=name, now=now, lease=LEASE)
        if state is not None:
            break
        take_over(db, network)
        await asyncio.sleep(WAIT_SECONDS)
    network.hosts.resume(host, state)
    try:
        yield
    finally:
        await writer.write(release_host, db, host, network.hosts.forget(host), lessee=name)


async def side_by_side(works: Iterable[Coroutine[Any, Any, None]]) -> None:
    """Run all to their end; where one fails the others are dropped and its error is raised."""
    try:
        async with asyncio.TaskGroup() as group:
            for work in works:
                group.create_task(work)
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None
