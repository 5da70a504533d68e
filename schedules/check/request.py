"""One request for an article and the reading of its answer: here, or by a worker."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
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
from scraper.urls import hostname

# Makes a request, follows its redirects as far as `MayFollow` allows, and reads the answer.
SendRequest = Callable[[Request, MayFollow], Awaitable[Observation]]


async def observe_politely(network: Network, request: Request) -> Observation:
    """What one request shows, made in its host's slot by the network's remote sender or here.

    A failure is a verdict of the observation.
    """
    send, request = _sender(network, request)
    return await network.send(request.url, partial(send, request))


async def observe_on_host(network: Network, request: Request) -> Observation:
    """What one request shows that no redirect may lead to another host, made politely.

    A failure is a verdict of the observation.
    """
    send, request = _sender(network, request)

    def send_on_host(may_follow: MayFollow) -> Awaitable[Observation]:
        return send(request, partial(_follow_on_host, hostname(request.url), may_follow))

    return await network.send(request.url, send_on_host)


def _sender(network: Network, request: Request) -> tuple[SendRequest, Request]:
    here = partial(send_request, network.fetcher, network.now, network.reader)
    return network.remote or here, replace(request, reach=network.reach(request.url))


@asynccontextmanager
async def _follow_on_host(host: str, may_follow: MayFollow, target: str) -> AsyncIterator[None]:
    if hostname(target) != host:
        raise RefusedError(target, f"a redirect leads from {host} to another host")
    async with may_follow(target):
        yield


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
