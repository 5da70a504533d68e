"""What a worker of a cluster does: it makes the requests of a batch side by side and reads the answers.

A worker knows neither slots nor robots.txt. The sender of a batch holds the slots of all its hosts, so no
two requests of a batch go to one host. A redirect is not followed but reported.
"""

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version

from zstandard import ZstdDecompressor

from schedules.check.observe import Observation, Request, Unchanged
from schedules.check.request import send_request
from schedules.processes import InProcess
from scraper.errors import RedirectError
from scraper.extract import EXTRACTOR
from scraper.fetch import Fetcher
from scraper.http.addresses import AllowedHosts
from scraper.http.limits import Limits
from scraper.http.pools import Pools
from storage.snapshots.store import Snapshot, compress_page

_LOOP_LOCK = threading.Lock()


@dataclass(frozen=True, slots=True)
class RequestBatch:
    """Requests to different hosts, and how to make them. `program` is what the sender runs; with
    `keeps_unchanged` the page of an unchanged article also comes back."""

    program: str
    user_agent: str
    limits: Limits
    allowed: AllowedHosts
    keeps_unchanged: bool
    requests: tuple[Request, ...]


@dataclass(frozen=True, slots=True)
class Reply:
    """What a request showed, with the page apart from it.

    `body` is the page, compressed: a gigabit a second carries 900 pages as they are, or 5,000
    compressed. It is None if there is no page, or the sender does not keep it.
    """

    observation: Observation
    body: bytes | None


class ProgramError(Exception):
    """A worker runs another version of the program than whoever sends it batches."""


def program() -> str:
    """What must be the same on both sides: the version of Variorum and of the extractor."""
    try:
        return f"variorum {version('variorum')}, extractor {EXTRACTOR}"
    except PackageNotFoundError:  # run from a checkout that is not installed
        return f"variorum, extractor {EXTRACTOR}"


def send_batch(batch: RequestBatch) -> list[Reply]:
    """The replies in the order of the requests; runs on a worker, in any of its threads.

    Raises ProgramError if the worker runs another version of the program.
    """
    if batch.program != program():
        raise ProgramError(f"the worker runs {program()}, the sender {batch.program}")
    return asyncio.run_coroutine_threadsafe(_send_all(batch), _loop()).result()


def pack_reply(observation: Observation, *, keeps_unchanged: bool) -> Reply:
    """The reply that carries an observation to the process that asked for it."""
    page = observation.page
    keeps_body = keeps_unchanged or not isinstance(observation.content, Unchanged)
    return Reply(
        replace(
            observation,
            page=replace(page, body=b"") if page else None,
            fetch=replace(observation.fetch, snapshot=None),
            page_text=None,
        ),
        compress_page(page.body, None) if page and keeps_body else None,
    )


def unpack_reply(reply: Reply) -> Observation:
    """The observation in a reply, with its page."""
    observation = reply.observation
    if reply.body is None or observation.page is None:
        return observation
    body = ZstdDecompressor().decompress(reply.body)
    page = replace(observation.page, body=body)
    snapshot = Snapshot(body, page.headers, reply.body) if observation.fetch.sha256 else None
    return replace(observation, page=page, fetch=replace(observation.fetch, snapshot=snapshot))


async def _send_all(batch: RequestBatch) -> list[Reply]:
    fetcher = _fetcher(batch.user_agent, batch.limits, batch.allowed)
    return await asyncio.gather(
        *(_send_one(fetcher, request, batch.keeps_unchanged) for request in batch.requests)
    )


async def _send_one(fetcher: Fetcher, request: Request, keeps_unchanged: bool) -> Reply:
    observation = await send_request(
        fetcher, lambda: datetime.now(UTC), InProcess(), request, _never_follow
    )
    return pack_reply(observation, keeps_unchanged=keeps_unchanged)


@asynccontextmanager
async def _never_follow(target: str) -> AsyncIterator[None]:
    """No redirect is followed here: only the sender knows whether it may be."""
    raise RedirectError(target, "a redirect is followed by the process that holds the slots")
    yield


@cache
def _fetcher(user_agent: str, limits: Limits, allowed: AllowedHosts) -> Fetcher:
    """The connections of this worker, kept from batch to batch."""
    return Fetcher(user_agent, limits, Pools(allowed))


def _loop() -> asyncio.AbstractEventLoop:
    """The event loop of this worker, which runs in a thread of its own."""
    # Without the lock each of the first threads would make a loop, and connections belong to one.
    with _LOOP_LOCK:
        return _new_loop()


@cache
def _new_loop() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="variorum", daemon=True).start()
    return loop
