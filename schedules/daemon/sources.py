"""Checks of feeds, sitemaps and section pages for articles that are new or reported as updated."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeVar

from schedules.cadence.timetable import by_timetable
from schedules.check.observe import MAX_NOT_MODIFIED_AGE
from schedules.hosts.lease import Write, write_at_once
from schedules.hosts.network import Network
from schedules.processes import WorkEndedError
from scraper.errors import ScraperError
from scraper.feeds import (
    MAX_LINKS,
    FeedEntry,
    feed_entries,
    feed_ttl,
    max_age,
    section_entries,
    sitemap_entries,
)
from scraper.fetch import Response, Validators
from scraper.urls import netloc, site
from storage.articles.watch import record_source_check
from storage.database import Database
from storage.queue.admission import MAX_NEW_ARTICLES, MAX_NEW_PER_OTHER_SITE
from storage.queue.typed_hosts import typed_reach
from storage.queue.watches import SourceCheck
from storage.timestamps import parse_instant

log = logging.getLogger("variorum")

T = TypeVar("T")

SOURCE_CHECK_INTERVAL = timedelta(minutes=10)
# A source may ask for longer waits, but one of a day is a mistake in its settings.
MAX_SOURCE_WAIT = timedelta(hours=6)
MAX_FAILURE_DOUBLINGS = 8
# This many maps of a sitemap index are read, the newest first.
MAX_SITEMAPS = 5
# A source that lists more hosts than this is a list of links, not a publisher's; the rest is left out.
MAX_SOURCE_HOSTS = 50


@dataclass(frozen=True, slots=True)
class SourceEntries:
    """The articles that a page of a source lists, and a description of them for people."""

    entries: list[FeedEntry]
    description: str
    is_index: bool = False


@dataclass(frozen=True, slots=True)
class SourceAnswer:
    """What a source answered: its articles, how long it asks to wait, and the validators of its page.

    `validators` is None if there was no page.
    """

    reason: str
    entries: list[FeedEntry] = field(default_factory=list)
    requested_wait: timedelta | None = None
    validators: Validators | None = None
    has_failed: bool = False


async def check_source(
    db: Database, source: dict[str, Any], network: Network, *, write: Write = write_at_once
) -> int:
    """Check a source (a row of `watches`) once; gives the number of articles that are new in it.

    `write` may record this check together with others.
    """
    try:
        answer = await _ask_source(db, source, network, _usable_validators(source, network.now()))
    except ScraperError as error:
        answer = SourceAnswer(error.reason, has_failed=True)
    now = network.now()
    wait, page = answer.requested_wait, answer.validators
    source_check = SourceCheck(
        at=now,
        next_check_at=_next_check_at(source, answer, now),
        validators=None if page is None else (page.etag, page.last_modified),
        reason=answer.reason,
        wait_seconds=wait.total_seconds() if wait else None,
        has_failed=answer.has_failed,
    )
    entries = [(entry.url, entry.timestamp) for entry in answer.entries]
    record = await write(record_source_check, db, source["id"], entries, source_check)
    if record.wait:
        log.warning(
            "%s lists %d new articles more than one check adds (%d of its own site, %d of each other"
            " one); the next checks add them",
            source["url"], record.wait, MAX_NEW_ARTICLES, MAX_NEW_PER_OTHER_SITE,
        )  # fmt: skip
    return record.new


async def _ask_source(
    db: Database, source: dict[str, Any], network: Network, validators: Validators
) -> SourceAnswer:
    """Fetch a source and read what it lists. Raises ScraperError if it cannot be fetched or read."""
    page = await _fetch_source_page(source["url"], network, validators)
    if page.status == 304 and validators.headers():
        return SourceAnswer("nothing new since the last answer")
    if page.status != 200:
        return SourceAnswer(_status_text(page), has_failed=True)
    listing = await _read_entries(page, source["kind"], network)
    return SourceAnswer(
        listing.description,
        _without_private(listing.entries, page, db, network),
        max(
            max_age(page.headers) or SOURCE_CHECK_INTERVAL,
            feed_ttl(page.body) or SOURCE_CHECK_INTERVAL,
        ),
        # A sitemap index may stay the same while the maps that it lists change.
        Validators() if listing.is_index else _page_validators(page),
    )


def _next_check_at(source: dict[str, Any], answer: SourceAnswer, now: datetime) -> datetime:
    """When to check a source again: by its timetable, else after the wait it asks for or last asked for.

    Failures in a row double the wait.
    """
    if source["every"]:
        return by_timetable(source["every"], now=now).at
    wait = answer.requested_wait or timedelta(seconds=source["wait_seconds"] or 0)
    wait = max(wait, SOURCE_CHECK_INTERVAL)
    if answer.has_failed:
        doublings = min(source["failures"], MAX_FAILURE_DOUBLINGS)
        wait = max(wait, SOURCE_CHECK_INTERVAL * 2**doublings)
    return now + min(wait, MAX_SOURCE_WAIT)


def _usable_validators(source: dict[str, Any], now: datetime) -> Validators:
    """What makes the request conditional; nothing once a day, since a server may answer 304 for ever."""
    fetched_at = parse_instant(source["fetched_at"])
    if fetched_at is None or not timedelta(0) <= now - fetched_at < MAX_NOT_MODIFIED_AGE:
        return Validators()
    return Validators(source["etag"], source["last_modified"])


def _page_validators(page: Response) -> Validators:
    return Validators(page.headers.get("etag"), page.headers.get("last-modified"))


async def _fetch_source_page(
    url: str, network: Network, validators: Validators | None = None
) -> Response:
    refusal = await network.refusal(url)
    if refusal:
        raise ScraperError(url, refusal.reason)
    return await network.get(url, validators)


def _without_private(
    entries: list[FeedEntry], page: Response, db: Database, network: Network
) -> list[FeedEntry]:
    """Leave out addresses inside a private network: a source must lead to its own host there at most.

    The name of a host is checked when it is connected to.
    """
    own, may_lead_to = netloc(page.url), dict[str, bool]()
    kept: list[FeedEntry] = []
    for entry in entries:
        host = netloc(entry.url)
        if host not in may_lead_to and len(may_lead_to) < MAX_SOURCE_HOSTS:
            may_lead_to[host] = host == own or not (
                network.fetcher.pools.leads_inside(entry.url)
                or typed_reach(db, entry.url) == "private"
            )
        if may_lead_to.get(host):
            kept.append(entry)
    return kept


async def _read_entries(page: Response, kind: str, network: Network) -> SourceEntries:
    """The articles that a page of a source lists. Raises ScraperError if it cannot be read."""
    url = page.final_url
    if kind == "feed":
        headers = dict(page.headers)
        entries = await _read(network, page, partial(feed_entries, page.body, url, headers))
        return SourceEntries(entries, _entry_count_text(entries))
    if kind == "section":
        entries = await _read(
            network, page, partial(section_entries, page.body, url, page.content_type)
        )
        return SourceEntries(entries, _entry_count_text(entries))
    entries, maps = await _read(network, page, partial(sitemap_entries, page.body, url))
    if not maps:
        return SourceEntries(entries, _entry_count_text(entries))
    return await _with_newest_maps(entries, maps, url, network)


async def _read(network: Network, page: Response, work: Callable[[], T]) -> T:
    """What a reader makes of a page of a source. Raises ScraperError if it was ended."""
    try:
        return await network.reader.run(work, size=len(page.body), about=page.url)
    except WorkEndedError as error:
        raise ScraperError(page.url, str(error)) from error


async def _with_newest_maps(
    entries: list[FeedEntry], maps: list[FeedEntry], url: str, network: Network
) -> SourceEntries:
    """The articles of a sitemap index and of its newest maps; maps of other sites are left out.

    A map may be an index itself.
    """
    failures = list[str]()
    waiting = _newest_first(maps, url)
    for _ in range(MAX_SITEMAPS):
        if not waiting:
            break
        sitemap = waiting.pop(0)
        try:
            page = await _fetch_source_page(sitemap.url, network)
            if page.status != 200:
                raise ScraperError(sitemap.url, _status_text(page))
            listed, nested = await _read(
                network, page, partial(sitemap_entries, page.body, sitemap.url)
            )
            entries += listed
            waiting = _newest_first(nested, url) + waiting
        except ScraperError as error:
            failures.append(str(error))
    if len(entries) > MAX_LINKS:
        entries = sorted(entries, key=lambda entry: entry.timestamp or "", reverse=True)[:MAX_LINKS]
    description = "; ".join([_entry_count_text(entries), *failures])
    return SourceEntries(entries, description, is_index=True)


def _newest_first(maps: list[FeedEntry], url: str) -> list[FeedEntry]:
    """The maps of the site of `url`, the one that changed last or has the latest day in its name first."""
    own = [sitemap for sitemap in maps if site(sitemap.url) == site(url)]
    return sorted(own, key=lambda sitemap: (sitemap.timestamp or "", sitemap.url), reverse=True)


def _status_text(page: Response) -> str:
    return f"the server answered {page.status}"


def _entry_count_text(entries: list[FeedEntry]) -> str:
    articles = "1 article" if len(entries) == 1 else f"{len(entries)} articles"
    limit_note = ", more were left out" if len(entries) >= MAX_LINKS else ""
    return f"{articles} listed{limit_note}"
