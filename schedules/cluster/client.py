"""Looks made by the workers of a Dask cluster; the process that schedules also writes.

A host belongs to one shard, a shard to one worker, and a shard has at most one batch under way. The turns of
all hosts are held by the process that sends the batches, as ever. A batch that is lost with its worker is
sent again only when its requests can no longer be under way.
"""

import asyncio
import logging
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from schedules.check.observe import Request, Seen
from schedules.check.request import ask_here
from schedules.cluster.worker import Batch, ProgramError, Reply, ask_batch, program, unpacked
from scraper.errors import RedirectError
from scraper.fetch import Fetcher, Passage
from scraper.urls import host_name

log = logging.getLogger("variorum")

# More batches than workers, so that one slow answer holds up few hosts; a worker does as many at once.
SHARDS_PER_WORKER = 4
MOST_IN_BATCH = 100
CONNECT_SECONDS = 5
# Between two questions whether a worker is still there, or has come.
WATCH_SECONDS = 1.0
# Beyond the time that a request may take, for the reading of the pages of a batch.
READING_SECONDS = 2.0


class ClusterError(Exception):
    """The cluster cannot be used: says which, and what to try."""


class _LostError(Exception):
    """A batch went with its worker."""


@dataclass(slots=True)
class _Shard:
    """The requests of some hosts that wait for their next batch."""

    number: int
    waiting: list[tuple[Request, asyncio.Future[Seen]]] = field(default_factory=list)
    task: asyncio.Task[None] | None = None


@dataclass(slots=True)
class Cluster:
    """Owns the requests that are at the workers. `fetcher` tells how they are to be made, and follows
    redirects here, where the turns of their hosts are held."""

    client: Any  # distributed.Client; the package brings no types
    connect: Callable[[], Awaitable[Any]]
    fetcher: Fetcher
    now: Callable[[], datetime]
    keeps_unchanged: bool = True
    program: str = field(default_factory=program)
    workers: tuple[str, ...] = ()
    shards: tuple[_Shard, ...] = ()
    _connecting: asyncio.Lock = field(default_factory=asyncio.Lock)
    _told: str = ""  # why looks wait, once for all shards

    async def ask(self, request: Request, passage: Passage) -> Seen:
        """What a request shows, made and read by a worker."""
        number = zlib.crc32(host_name(request.url).encode()) % len(self.shards)
        shard = self.shards[number]
        future: asyncio.Future[Seen] = asyncio.get_running_loop().create_future()
        shard.waiting.append((request, future))
        if shard.task is None:
            shard.task = asyncio.create_task(self._empty(shard), name=f"shard {number}")
        seen = await future
        if isinstance(seen.error, RedirectError):
            return await ask_here(self.fetcher, self.now, request, passage)
        return seen

    async def close(self) -> None:
        """Give up what is under way."""
        tasks = [shard.task for shard in self.shards if shard.task]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def refresh(self) -> None:
        """Learn which workers there are; waits until there is one."""
        while True:
            try:
                await self._reconnect()
                identity = await self.client.scheduler.identity()
                self.workers = tuple(sorted(identity["workers"]))
                why = "there are no workers"
            except OSError as error:
                self.workers, why = (), f"the scheduler does not answer ({error})"
            if self.workers:
                self._told = ""
                return
            if why != self._told:
                self._told = why
                log.warning("%s; looks wait for one", why)
            await asyncio.sleep(WATCH_SECONDS)

    async def _reconnect(self) -> None:
        """Make a new connection in place of one that was given up while the scheduler was away."""
        async with self._connecting:
            if self._is_closed():
                self.client = await self.connect()

    def _is_closed(self) -> bool:
        return self.client.status in ("closing", "closed")

    async def _empty(self, shard: _Shard) -> None:
        """Send what waits, one batch after the other."""
        try:
            while shard.waiting:
                await asyncio.sleep(0)  # what else becomes due at this moment goes along
                taken = shard.waiting[:MOST_IN_BATCH]
                del shard.waiting[:MOST_IN_BATCH]
                wanted = [(request, future) for request, future in taken if not future.done()]
                if wanted:
                    await self._send(shard, wanted)
        except BaseException as error:
            for _, future in shard.waiting:
                if not future.done():
                    future.set_exception(ClusterError(f"the batch could not be sent: {error!r}"))
            shard.waiting.clear()
            raise
        finally:
            shard.task = None

    async def _send(
        self, shard: _Shard, wanted: Sequence[tuple[Request, asyncio.Future[Seen]]]
    ) -> None:
        """Send a batch until a worker has done it, and give each who waits what was seen."""
        requests = [request for request, _ in wanted]
        try:
            replies = await self._replies(shard, requests)
            results = [unpacked(*pair) for pair in zip(requests, replies, strict=True)]
        except BaseException as error:
            for _, future in wanted:
                if not future.done():
                    future.set_exception(ClusterError(f"a worker could not look: {error!r}"))
            if not isinstance(error, Exception):
                raise
            return
        for (_, future), seen in zip(wanted, results, strict=True):
            if not future.done():
                future.set_result(seen)

    async def _replies(self, shard: _Shard, requests: Sequence[Request]) -> list[Reply]:
        fetcher = self.fetcher
        batch = Batch(
            self.program, fetcher.user_agent, fetcher.limits, self.keeps_unchanged, tuple(requests)
        )
        loop = asyncio.get_running_loop()
        while True:
            if not self.workers or self._is_closed():
                await self.refresh()
            worker = self.workers[shard.number % len(self.workers)]
            begun = loop.time()
            try:
                return await self._done_by(worker, batch)
            except _LostError:
                log.warning("a worker is gone: %d looks are made anew", len(requests))
                self.workers = ()
                left = begun + fetcher.limits.whole + READING_SECONDS - loop.time()
                await asyncio.sleep(max(left, 0))

    async def _done_by(self, worker: str, batch: Batch) -> list[Reply]:
        """The replies of one worker; raises _LostError where it is gone."""
        future = self.client.submit(
            ask_batch, batch, workers=[worker], allow_other_workers=False, pure=False, retries=0
        )
        result = asyncio.ensure_future(future.result())
        try:
            while True:
                done, _ = await asyncio.wait([result], timeout=WATCH_SECONDS)
                if done:
                    return await self._result(result)
                await self.refresh()
                if worker not in self.workers:
                    raise _LostError
        finally:
            result.cancel()
            await asyncio.gather(result, return_exceptions=True)
            future.release()

    async def _result(self, result: "asyncio.Future[list[Reply]]") -> list[Reply]:
        from distributed import CancelledError, KilledWorker

        try:
            return await result
        except (CancelledError, KilledWorker, asyncio.CancelledError) as error:
            raise _LostError from error
        except ProgramError as error:
            raise ClusterError(f"a worker must be updated first: {error}") from error


@asynccontextmanager
async def connected(
    address: str, fetcher: Fetcher, now: Callable[[], datetime], *, keeps_unchanged: bool
) -> AsyncIterator[Cluster]:
    """The cluster whose scheduler is at an address such as tcp://10.0.0.1:8786.

    Raises ClusterError where `distributed` is not installed, or no scheduler answers there.
    """
    try:
        import distributed  # noqa: F401 - only whether it is there
    except ImportError as error:
        raise ClusterError(
            "a cluster needs Dask: `pip install 'variorum[cluster]'`, here and on the workers"
        ) from error
    try:
        client = await _client(address)
    except (OSError, ValueError) as error:
        raise ClusterError(
            f"{address}: no scheduler answers ({error}); `dask scheduler` starts one"
        ) from error
    cluster = Cluster(client, partial(_client, address), fetcher, now, keeps_unchanged)
    try:
        await cluster.refresh()
        count = SHARDS_PER_WORKER * len(cluster.workers)
        cluster.shards = tuple(_Shard(number) for number in range(count))
        yield cluster
    finally:
        await cluster.close()
        await cluster.client.close()


async def _client(address: str) -> Any:
    from distributed import Client

    return await Client(  # type: ignore[no-untyped-call]  # it has types, but for this
        address, asynchronous=True, timeout=CONNECT_SECONDS, set_as_default=False
    )
