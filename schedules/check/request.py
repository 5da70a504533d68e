"""One request for an article and the reading of its answer: here, or by a worker."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from typing import TypeVar

from schedules.check.observe import Observation, Request, observe
from schedules.hosts.network import Network
from scraper.errors import FetchError, RefusedError, ScraperError, UrlError
from scraper.fetch import Fetcher, MayFollow, Response

# A larger page takes tens of milliseconds to read: a thread reads it.
LARGE_PAGE_BYTES = 300_000

T = TypeVar("T")

# Makes a request, follows its redirects as far as `MayFollow` allows, and reads the answer.
SendRequest = Callable[[Request, MayFollow], Awaitable[Observation]]


async def observe_politely(network: Network, request: Request) -> Observation:
    """What one request shows, made in its host's slot by the network's remote sender or here.

    A failure is a verdict of the observation.
    """
    send: SendRequest = network.remote or partial(send_request, network.fetcher, network.now)
    return await network.send(request.url, partial(send, request))


async def send_request(
    fetcher: Fetcher, now: Callable[[], datetime], request: Request, may_follow: MayFollow
) -> Observation:
    """What one request shows, made in this process."""
    answer: Response | ScraperError
    try:
        answer = await fetcher.fetch(request.url, request.validators, may_follow=may_follow)
    except (FetchError, UrlError, RefusedError) as error:
        answer = error
    size = len(answer.body) if isinstance(answer, Response) else 0
    return await in_thread_if_large(size, partial(observe, request, now(), answer))


async def in_thread_if_large(size: int, work: Callable[[], T]) -> T:
    """The result of work on a page of `size` bytes; a large page must not hold up other hosts."""
    return await asyncio.to_thread(work) if size > LARGE_PAGE_BYTES else work()
