"""One request for an article and the reading of its answer: here, or by a worker."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from functools import partial

from schedules.check.observe import (
    Observation,
    Request,
    fetch_row,
    is_read_already,
    observe,
)
from schedules.hosts.network import Network
from schedules.processes import Reader, WorkEndedError
from scraper.errors import FetchError, RefusedError, ScraperError, UrlError
from scraper.fetch import Fetcher, MayFollow, Response
from scraper.recognise import Verdict

# Makes a request, follows its redirects as far as `MayFollow` allows, and reads the answer.
SendRequest = Callable[[Request, MayFollow], Awaitable[Observation]]


async def observe_politely(network: Network, request: Request) -> Observation:
    """What one request shows, made in its host's slot by the network's remote sender or here.

    A failure is a verdict of the observation.
    """
    request = replace(request, reach=network.reach(request.url))
    here = partial(send_request, network.fetcher, network.now, network.reader)
    send: SendRequest = network.remote or here
    return await network.send(request.url, partial(send, request))


async def send_request(
    fetcher: Fetcher,
    now: Callable[[], datetime],
    reader: Reader,
    request: Request,
    may_follow: MayFollow,
) -> Observation:
    """What one request shows, made in this process and read by `reader`."""
    answer: Response | ScraperError
    try:
        answer = await fetcher.fetch(
            request.url, request.validators, reach=request.reach, may_follow=may_follow
        )
    except (FetchError, UrlError, RefusedError) as error:
        answer = error
    at = now()
    if not isinstance(answer, Response) or is_read_already(request, answer):
        return observe(request, at, answer)
    try:
        work = partial(observe, request, at, answer)
        return await reader.run(work, size=len(answer.body), about=request.url)
    except WorkEndedError as error:
        verdict = Verdict("failed", str(error))
        return Observation(fetch_row(request.url, at, answer), answer, verdict=verdict)
