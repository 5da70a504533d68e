"""One request and the reading of its answer: here, or wherever the workers are."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from typing import TypeVar

from schedules.check.observe import Observation, Request, observe
from scraper.errors import FetchError, RefusedError, ScraperError, UrlError
from scraper.fetch import Fetcher, MayFollow, Response

# A page of more bytes takes tens of milliseconds to read: it is read in a thread.
LARGE_PAGE_BYTES = 300_000

T = TypeVar("T")

# Makes a request, follows its redirects as far as the passage lets it, and reads what came.
SendRequest = Callable[[Request, MayFollow], Awaitable[Observation]]


async def send_request(
    fetcher: Fetcher, now: Callable[[], datetime], request: Request, may_follow: MayFollow
) -> Observation:
    """Ask in this process."""
    answer: Response | ScraperError
    try:
        answer = await fetcher.fetch(request.url, request.validators, may_follow=may_follow)
    except (FetchError, UrlError, RefusedError) as error:
        answer = error
    size = len(answer.body) if isinstance(answer, Response) else 0
    return await in_thread_if_large(size, partial(observe, request, now(), answer))


async def in_thread_if_large(size: int, work: Callable[[], T]) -> T:
    """The result of work on a page of so many bytes; a large one must not hold up other hosts."""
    return await asyncio.to_thread(work) if size > LARGE_PAGE_BYTES else work()
