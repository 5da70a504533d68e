"""Requests made by the workers of a Dask cluster. The process that sends them holds the slots and records.

A host belongs to one shard, a shard to one worker, and a shard has at most one batch at its worker. If a
worker is lost with a batch, the batch is sent again once its requests can no longer be running.
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

from schedules.check.observe import Observation, Request, observe
from schedules.check.request import send_request
from schedules.cluster.foreign import ForeignObjectError, quiet_dask_loggers, refuse_foreign_objects
from schedules.cluster.reply import ReplyError, reply_size, unpack_reply
from schedules.cluster.worker import RequestBatch, program, send_batch
from schedules.processes import Reader, WorkEndedError
from scraper.errors import RedirectError
from scraper.fetch import Fetcher, MayFollow
from scraper.recognise import Verdict
from scraper.urls import hostname

log = logging.getLogger("variorum")

# With more shards than workers a slow answer holds up fewer hosts. A worker runs this many batches at once.
SHARDS_PER_WORKER = 4
MAX_BATCH_REQUESTS = 100
CONNECT_TIMEOUT_SECONDS = 5
# The wait between two readings of the list of workers.
WORKER_POLL_SECONDS = 1.0
# A worker with one thread runs the batches of its shards in turn. One that takes longer than twice that is silent.
MAX_BATCH_ROUNDS = 2 * SHARDS_PER_WORKER
# Reading the pages of a batch takes this long, beyond the time of its requests.
EXTRACTION_SECONDS = 2.0
# A larger reply takes tens of milliseconds to unpack.
LARGE_REPLY_BYTES = 300_000


class ClusterError(Exception):
    """The cluster cannot be used: the message says why and what to try."""


class _NoRepliesError(Exception):
    """A worker is there and does not reply to its batch: the message says why."""


class _LostWorkerError(Exception):
    """A worker was lost with its batch."""


@dataclass(slots=True)
class _Shard:
    """Some hosts, their requests that wait for the next batch, and the task that sends them."""

    number: int
    queue: list[tuple[Request, asyncio.Future[Observation]]] = field(default_factory=list)
    task: asyncio.Task[None] | None = None


@dataclass(slots=True)
class Cluster:
    """Owns the requests that are at the workers.

    The workers use the limits of `fetcher`. It follows redirects here, where the slots of their hosts are
    held, and `reader` reads what they led to.
    """

    client: Any  # distributed.Client; the package brings no types
    connect: Callable[[], Awaitable[Any]]
    fetcher: Fetcher
    now: Callable[[], datetime]
    reader: Reader
    keeps_unchanged: bool = True
    program: str = field(default_factory=program)
    workers: tuple[str, ...] = ()
    shards: tuple[_Shard, ...] = ()
    _connect_lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    _last_warning: str = ""  # logged once for all shards

    async def start(self) -> None:
        """Wait for a worker and divide the hosts among the shards."""
        await self.refresh()
        count = SHARDS_PER_WORKER * len(self.workers)
        self.shards = tuple(_Shard(number) for number in range(count))

    async def send_by_worker(self, request: Request, may_follow: MayFollow) -> Observation:
        """What a request shows; a worker makes it and reads the answer."""
        number = zlib.crc32(hostname(request.url).encode()) % len(self.shards)
        shard = self.shards[number]
        future: asyncio.Future[Observation] = asyncio.get_running_loop().create_future()
        shard.queue.append((request, future))
        if shard.task is None:
            shard.task = asyncio.create_task(self._drain(shard), name=f"shard {number}")
        observation = await future
        if isinstance(observation.error, RedirectError):
            return await send_request(self.fetcher, self.now, self.reader, request, may_follow)
        return observation

    async def close(self) -> None:
        """Cancel the batches that are at the workers."""
        tasks = [shard.task for shard in self.shards if shard.task]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def refresh(self) -> None:
        """Read the list of workers; waits until there is one."""
        while True:
            try:
                await self._reconnect()
                identity = await self.client.scheduler.identity()
                self.workers = tuple(sorted(identity["workers"]))
                why = "there are no workers"
            except OSError as error:
                self.workers, why = (), f"the scheduler does not answer ({error})"
            if self.workers:
                self._last_warning = ""
                return
            if why != self._last_warning:
                self._last_warning = why
                log.warning("%s; checks wait until one is there", why)
            await asyncio.sleep(WORKER_POLL_SECONDS)

    async def _reconnect(self) -> None:
        """Connect again if Dask has closed the connection while the scheduler was away."""
        async with self._connect_lock:
            if self._is_closed():
                self.client = await self.connect()

    def _is_closed(self) -> bool:
        return self.client.status in ("closing", "closed")

    async def _drain(self, shard: _Shard) -> None:
        """Send the requests that wait, one batch after the other."""
        try:
            while shard.queue:
                await asyncio.sleep(0)  # other requests of this moment join the batch
                entries = shard.queue[:MAX_BATCH_REQUESTS]
                del shard.queue[:MAX_BATCH_REQUESTS]
                open_requests = [
                    (request, future) for request, future in entries if not future.done()
                ]
                if open_requests:
                    await self._run_batch(shard, open_requests)
        except BaseException as error:
            for _, future in shard.queue:
                if not future.done():
                    future.set_exception(ClusterError(f"the batch could not be sent: {error!r}"))
            shard.queue.clear()
            raise
        finally:
            shard.task = None

    async def _run_batch(
        self, shard: _Shard, open_requests: Sequence[tuple[Request, asyncio.Future[Observation]]]
    ) -> None:
        """Have a worker make the requests, and hand each caller its observation."""
        requests = [request for request, _ in open_requests]
        try:
            replies = await self._replies(shard, requests)
            results = [
                await self._observation(reply, request)
                for reply, request in zip(replies, requests, strict=True)
            ]
        except _NoRepliesError as error:
            log.warning("%s: %d checks fail", error, len(requests))
            results = [self._failed(request, str(error)) for request in requests]
        except BaseException as error:
            for _, future in open_requests:
                if not future.done():
                    future.set_exception(
                        ClusterError(f"a worker could not make the request: {error!r}")
                    )
            if not isinstance(error, Exception):
                raise
            return
        for (_, future), observation in zip(open_requests, results, strict=True):
            if not future.done():
                future.set_result(observation)

    async def _observation(self, reply: Any, request: Request) -> Observation:
        """What a reply says. One that is none fails this check alone, and is no failure of the host."""
        unpack = partial(unpack_reply, reply, request, max_body=self.fetcher.limits.body)
        size = reply_size(reply)
        try:
            if size > LARGE_REPLY_BYTES:
                return await self.reader.run(unpack, size=size, about=request.url)
            await asyncio.sleep(0)  # the replies of a batch must not hold up others
            return unpack()
        except (ReplyError, WorkEndedError) as error:
            log.warning("%s: a worker's reply cannot be used: %s", request.url, error)
            return self._failed(request, f"a worker's reply cannot be used: {error}")

    def _failed(self, request: Request, reason: str) -> Observation:
        """A failure of the cluster: the check is made again in minutes, and nobody is left alone for it."""
        return observe(request, self.now(), Verdict("failed", reason))

    async def _replies(self, shard: _Shard, requests: Sequence[Request]) -> Sequence[Any]:
        """The replies of the shard's worker; after the loss of a worker, those of another one.

        Raises _NoRepliesError if the worker gives another number of them, or none.
        """
        fetcher = self.fetcher
        batch = RequestBatch(
            self.program,
            fetcher.user_agent,
            fetcher.limits,
            fetcher.pools.allowed,
            self.keeps_unchanged,
            tuple(requests),
        )
        loop = asyncio.get_running_loop()
        while True:
            if not self.workers or self._is_closed():
                await self.refresh()
            worker = self.workers[shard.number % len(self.workers)]
            started_at = loop.time()
            try:
                replies = await self._run_on_worker(worker, batch)
            except _LostWorkerError:
                log.warning("a worker was lost: %d requests are made again", len(requests))
                self.workers = ()
                remaining = started_at + fetcher.limits.total + EXTRACTION_SECONDS - loop.time()
                await asyncio.sleep(max(remaining, 0))
                continue
            if len(replies) != len(requests):
                raise _NoRepliesError(
                    f"a worker gave {len(replies)} replies to {len(requests)} requests"
                )
            return replies

    async def _run_on_worker(self, worker: str, batch: RequestBatch) -> Sequence[Any]:
        """The replies of one worker. Raises _LostWorkerError if it is lost, _NoRepliesError if it does not reply."""
        future = self.client.submit(
            send_batch, batch, workers=[worker], allow_other_workers=False, pure=False, retries=0
        )
        result = asyncio.ensure_future(future.result())
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self.fetcher.limits.total * MAX_BATCH_ROUNDS
        try:
            while loop.time() < deadline:
                done, _ = await asyncio.wait([result], timeout=WORKER_POLL_SECONDS)
                if done:
                    return await self._result(result, worker)
                await self.refresh()
                if worker not in self.workers:
                    raise _LostWorkerError
            raise _NoRepliesError("a worker does not reply; its log may say why")
        finally:
            result.cancel()
            await asyncio.gather(result, return_exceptions=True)
            future.release()

    async def _result(self, result: "asyncio.Future[Any]", worker: str) -> Sequence[Any]:
        """What the worker returned. Raises _NoRepliesError, or _LostWorkerError if it is gone."""
        from distributed import CancelledError

        try:
            answer = await result
        except (CancelledError, asyncio.CancelledError) as error:
            raise _LostWorkerError from error
        except Exception as error:  # Dask raises what the worker says, of any class
            await self.refresh()
            if worker not in self.workers:
                raise _LostWorkerError from error
            raise _NoRepliesError("a worker failed; its log says why") from error
        if not (isinstance(answer, tuple) and len(answer) == 2 and isinstance(answer[1], tuple)):
            raise _NoRepliesError("a worker returned something else than replies")
        refusal: object = answer[0]
        replies: tuple[Any, ...] = answer[1]
        if refusal:
            raise _NoRepliesError(
                f"a worker runs another version of Variorum; update it first: {refusal!s:.300}"
            )
        return replies


@dataclass(frozen=True, slots=True)
class Certificates:
    """The files of TLS: the authority that signed the certificates of the cluster, our certificate and its key."""

    authority: str = ""
    certificate: str = ""
    key: str = ""


@asynccontextmanager
async def open_cluster(
    address: str,
    fetcher: Fetcher,
    now: Callable[[], datetime],
    reader: Reader,
    *,
    keeps_unchanged: bool,
    certificates: Certificates | None = None,
) -> AsyncIterator[Cluster]:
    """Connect to the cluster whose scheduler is at an address such as tls://10.0.0.1:8786.

    Raises ClusterError if `distributed` is not installed, if no scheduler answers there, or if the address
    does not fit the certificates.
    """
    try:
        import distributed  # noqa: F401 - only whether it is installed
    except ImportError as error:
        raise ClusterError(
            "a cluster needs Dask: `pip install 'variorum[cluster]'`, here and on the workers"
        ) from error
    if address.startswith("tls://") != bool(certificates):
        raise ClusterError(
            f"{address}: an address with tls:// needs the certificates of [cluster] in the settings, and"
            " they need such an address"
        )
    connect = partial(_client, address, certificates)
    try:
        client = await connect()
    except (OSError, ValueError, ForeignObjectError) as error:
        raise ClusterError(
            f"{address}: no scheduler answers ({error}); start one with `dask scheduler`"
        ) from error
    cluster = Cluster(client, connect, fetcher, now, reader, keeps_unchanged)
    try:
        await cluster.start()
        yield cluster
    finally:
        await cluster.close()
        await cluster.client.close()


async def _client(address: str, certificates: Certificates | None) -> Any:
    """Dask's client, which runs nothing and prints nothing that the cluster sends."""
    import dask
    from distributed import Client, Security

    refuse_foreign_objects()
    quiet_dask_loggers()
    dask.config.set({"distributed.scheduler.allowed-imports": []})
    security = None
    if certificates:
        security = Security(  # type: ignore[no-untyped-call]  # this call alone has no types
            require_encryption=True,
            tls_ca_file=certificates.authority,
            tls_client_cert=certificates.certificate,
            tls_client_key=certificates.key,
        )
    client = await Client(  # type: ignore[no-untyped-call]  # this call alone has no types
        address, asynchronous=True, timeout=CONNECT_TIMEOUT_SECONDS, set_as_default=False, security=security
    )  # fmt: skip
    for topic in ("print", "warn"):
        client.unsubscribe_topic(topic)
    return client
