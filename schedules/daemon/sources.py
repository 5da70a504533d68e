"""Looking at feeds, sitemaps and section pages for articles that are new or said to be updated."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from schedules.cadence.timetable import by_timetable
from schedules.hosts.network import Network
from scraper.errors import FetchError, ScraperError
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
from storage.database import Database
from storage.queue.watches import record_source_check

SOURCE_CHECK_INTERVAL = timedelta(minutes=10)
# A source may ask to be left alone for longer, but a day without news is a mistake of its settings.
MAX_SOURCE_WAIT = timedelta(hours=6)
# An index of sitemaps is followed into this many, the newest first.
MAX_SITEMAPS = 5
# A source that names more hosts than this is a list of links, not a publisher's.
MAX_SOURCE_HOSTS = 50
UNCHANGED_SUFFIX = ", nothing new since"


@dataclass(frozen=True, slots=True)
class SourceEntries:
    """What a source names, and what there is to say of it."""

    entries: list[FeedEntry]
    description: str
    is_index: bool = False


async def check_source(db: Database, source: dict[str, Any], network: Network) -> int:
    """Look once at a source (a row of `watches`); gives the number of articles newly watched."""
    entries, requested_wait, has_failed = list[FeedEntry](), None, False
    validators = (source["etag"], source["last_modified"])
    try:
        page = await _fetch_source_page(source["url"], network, Validators(*validators))
        if page.status == 200:
            source_entries = await _read_entries(page, source["kind"], network)
            entries = await _without_private(source_entries.entries, page, network)
            reason = source_entries.description
            requested_wait = max(
                max_age(page.headers) or SOURCE_CHECK_INTERVAL,
                feed_ttl(page.body) or SOURCE_CHECK_INTERVAL,
            )
            # A sitemap's index may stand still while the maps that it names change.
            validators = (None, None) if source_entries.is_index else _response_validators(page)
        elif page.status == 304:
            reason = (source["reason"] or "").removesuffix(UNCHANGED_SUFFIX) + UNCHANGED_SUFFIX
        else:
            reason, has_failed = f"answers {page.status}", True
    except ScraperError as error:
        reason, has_failed = error.reason, True
    now = network.now()
    new, _ = record_source_check(
        db,
        source["id"],
        [(entry.url, entry.timestamp) for entry in entries],
        at=now,
        next_check_at=_next_check_at(source, requested_wait, now, has_failed=has_failed),
        validators=validators,
        reason=reason,
        wait_seconds=requested_wait.total_seconds() if requested_wait else None,
        has_failed=has_failed,
    )
    return new


def _next_check_at(
    source: dict[str, Any], requested_wait: timedelta | None, now: datetime, *, has_failed: bool
) -> datetime:
    """When to look at a source again: by its own timetable, else when it asks to be looked at (now or the
    last time that it said so), later the more often it has failed."""
    if source["every"]:
        return by_timetable(source["every"], now=now).at
    wait = max(
        requested_wait or timedelta(seconds=source["wait_seconds"] or 0), SOURCE_CHECK_INTERVAL
    )
    if has_failed:
        wait = max(wait, SOURCE_CHECK_INTERVAL * 2 ** min(source["failures"], 8))
    return now + min(wait, MAX_SOURCE_WAIT)


def _response_validators(page: Response) -> tuple[str | None, str | None]:
    return page.headers.get("etag"), page.headers.get("last-modified")


async def _fetch_source_page(
    url: str, network: Network, validators: Validators | None = None
) -> Response:
    refusal = await network.refusal(url)
    if refusal:
        raise ScraperError(url, refusal.reason)
    return await network.get(url, validators)


async def _without_private(
    entries: list[FeedEntry], page: Response, network: Network
) -> list[FeedEntry]:
    """Without addresses inside a private network: a public feed must not lead there."""
    hosts: dict[str, bool] = {}
    for entry in entries:
        host = netloc(entry.url)
        if host not in hosts and len(hosts) < MAX_SOURCE_HOSTS:
            try:
                await network.fetcher.check_target(page.url, entry.url)
                hosts[host] = True
            except FetchError:  # its name is not found just now; a redirect is checked again
                hosts[host] = True
            except (ScraperError, ValueError):  # an address inside, or one that cannot be
                hosts[host] = False
    return [entry for entry in entries if hosts.get(netloc(entry.url), False)]


async def _read_entries(page: Response, kind: str, network: Network) -> SourceEntries:
    """What a page of a source names; large ones are read in a thread, feeds are slow to read."""
    url = page.final_url
    if kind == "feed":
        headers = dict(page.headers)
        entries = await asyncio.to_thread(feed_entries, page.body, url, headers)
        return SourceEntries(entries, _entry_count_text(entries))
    if kind == "section":
        entries = await asyncio.to_thread(section_entries, page.body, url, page.content_type)
        return SourceEntries(entries, _entry_count_text(entries))
    entries, maps = await asyncio.to_thread(sitemap_entries, page.body, url)
    if not maps:
        return SourceEntries(entries, _entry_count_text(entries))
    # The one that changed last, or bears the latest day in its name, holds what is new.
    newest = sorted(maps, key=lambda sitemap: (sitemap.timestamp or "", sitemap.url), reverse=True)
    failures = list[str]()
    for sitemap in newest[:MAX_SITEMAPS]:
        if site(sitemap.url) != site(url):
            continue
        try:
            response = await _fetch_source_page(sitemap.url, network)
            if response.status != 200:
                raise ScraperError(sitemap.url, f"answers {response.status}")
            entries += (await asyncio.to_thread(sitemap_entries, response.body, sitemap.url))[0]
        except ScraperError as error:
            failures.append(str(error))
    description = _entry_count_text(entries) + (f"; {'; '.join(failures)}" if failures else "")
    return SourceEntries(entries, description, is_index=True)


def _entry_count_text(entries: list[FeedEntry]) -> str:
    limit_note = ", more are left out" if len(entries) >= MAX_LINKS else ""
    return f"{len(entries)} articles named{limit_note}"
