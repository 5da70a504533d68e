"""One request and the reading of its answer: here, or wherever the workers are."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from typing import TypeVar

from schedules.check.observe import Request, Seen, seen
from scraper.errors import FetchError, RefusedError, ScraperError, UrlError
from scraper.fetch import Fetcher, Page, Passage

# A page of more bytes takes tens of milliseconds to read: it is read in a thread.
LARGE_PAGE = 300_000

T = TypeVar("T")

# Makes a request, follows its redirects as far as the passage lets it, and reads what came.
Ask = Callable[[Request, Passage], Awaitable[Seen]]


async def ask_here(
    fetcher: Fetcher, now: Callable[[], datetime], request: Request, passage: Passage
) -> Seen:
    """Ask in this process."""
    answer: Page | ScraperError
    try:
        answer = await fetcher.fetch(request.url, request.validators, passage=passage)
    except (FetchError, UrlError, RefusedError) as error:
        answer = error
    size = len(answer.body) if isinstance(answer, Page) else 0
    return await beside_loop(size, partial(seen, request, now(), answer))


async def beside_loop(size: int, work: Callable[[], T]) -> T:
    """The result of work on a page of so many bytes; a large one must not hold up other hosts."""
    return await asyncio.to_thread(work) if size > LARGE_PAGE else work()
