"""What a worker of a cluster does: it makes the requests of a batch side by side and reads the answers.

A worker knows neither slots nor robots.txt. The sender of a batch holds the slots of all its hosts, so no
two requests of a batch go to one host. A redirect is not followed but reported.
"""

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version

from schedules.check.observe import Request
from schedules.check.request import send_request
from schedules.cluster.reply import PackedReply, pack_reply
from schedules.processes import InProcess
from scraper.errors import RedirectError
from scraper.extract import EXTRACTOR
from scraper.fetch import Fetcher
from scraper.http.addresses import AllowedHosts
from scraper.http.limits import Limits
from scraper.http.pools import Pools

# Why there are no replies (empty: there are), and the replies.
BatchResult = tuple[str, tuple[PackedReply, ...]]

# Raised with every change of what a reply says.
REPLY_FORMAT = 2

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


def program() -> str:
    """What must be the same on both sides: the versions of Variorum, of the extractor and of the replies."""
    parts = f"extractor {EXTRACTOR}, replies {REPLY_FORMAT}"
    try:
        return f"variorum {version('variorum')}, {parts}"
    except PackageNotFoundError:  # run from a checkout that is not installed
        return f"variorum, {parts}"


def send_batch(batch: RequestBatch) -> BatchResult:
    """The replies in the order of the requests, or why there are none; runs on a worker, in any of its threads.

    It raises nothing: an error would travel as a pickle, and the sender reads no pickle that names a class.
    """
    if batch.program != program():
        return f"the worker runs {program()}, the sender {batch.program}", ()
    return "", tuple(asyncio.run_coroutine_threadsafe(_send_all(batch), _loop()).result())


async def _send_all(batch: RequestBatch) -> list[PackedReply]:
    fetcher = _fetcher(batch.user_agent, batch.limits, batch.allowed)
    return await asyncio.gather(
        *(_send_one(fetcher, request, batch.keeps_unchanged) for request in batch.requests)
    )


async def _send_one(fetcher: Fetcher, request: Request, keeps_unchanged: bool) -> PackedReply:
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
