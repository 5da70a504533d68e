"""What a worker of a cluster does: a batch of requests, side by side, each read where it came.

It holds no turns and knows no robots.txt: whoever sends a batch holds the turns of all its hosts, so no two
requests of a batch are to one host, and a redirect is not followed but told.
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

from schedules.check.observe import Observation, Request
from schedules.check.request import send_request
from scraper.errors import RedirectError
from scraper.extract import EXTRACTOR
from scraper.extract.unchanged import Unchanged
from scraper.fetch import Fetcher
from scraper.http.limits import Limits
from storage.snapshots.store import Snapshot, compress_page

_LOOP_LOCK = threading.Lock()


@dataclass(frozen=True, slots=True)
class RequestBatch:
    """Requests to hosts that all differ, and how they are to be made. `program` is what the sender runs;
    with `keeps_unchanged` the page of an article that stands comes back, too."""

    program: str
    user_agent: str
    limits: Limits
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
    """What must be the same on both sides: the version, and what the extractor gives."""
    try:
        return f"variorum {version('variorum')}, extractor {EXTRACTOR}"
    except PackageNotFoundError:  # run from a checkout that is not installed
        return f"variorum, extractor {EXTRACTOR}"


def send_batch(batch: RequestBatch) -> list[Reply]:
    """The replies in the order of the requests; called on a worker, in any thread of its.

    Raises ProgramError where the worker must be updated first.
    """
    if batch.program != program():
        raise ProgramError(f"{program()} here, {batch.program} asks")
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
            document=None,
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
    fetcher = _fetcher(batch.user_agent, batch.limits)
    return await asyncio.gather(
        *(_send_one(fetcher, request, batch.keeps_unchanged) for request in batch.requests)
    )


async def _send_one(fetcher: Fetcher, request: Request, keeps_unchanged: bool) -> Reply:
    observation = await send_request(fetcher, lambda: datetime.now(UTC), request, _never_follow)
    return pack_reply(observation, keeps_unchanged=keeps_unchanged)


@asynccontextmanager
async def _never_follow(target: str) -> AsyncIterator[None]:
    """No redirect is followed here: whether it may be is known where the turns are held."""
    raise RedirectError(target, "a redirect is followed where its host's turn is held")
    yield


@cache
def _fetcher(user_agent: str, limits: Limits) -> Fetcher:
    """The connections of this process, kept from batch to batch."""
    return Fetcher(user_agent=user_agent, limits=limits)


def _loop() -> asyncio.AbstractEventLoop:
    """The event loop of this process for requests, in a thread of its own."""
    with (
        _LOOP_LOCK
    ):  # a cache alone lets each of the first threads make one, and connections bear one only
        return _new_loop()


@cache
def _new_loop() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="variorum", daemon=True).start()
    return loop
