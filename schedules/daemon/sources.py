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
    Entry,
    feed_entries,
    feed_ttl,
    max_age,
    section_entries,
    sitemap_entries,
)
from scraper.fetch import Page, Validators
from scraper.urls import host_of, site_of
from storage.database import Database
from storage.queue.watches import source_checked

EVERY = timedelta(minutes=10)
# A source may ask to be left alone for longer, but a day without news is a mistake of its settings.
LONGEST_WAIT = timedelta(hours=6)
# An index of sitemaps is followed into this many, the newest first.
MAX_SITEMAPS = 5
# A source that names more hosts than this is a list of links, not a publisher's.
MAX_HOSTS = 50
UNCHANGED = ", nothing new since"


@dataclass(frozen=True, slots=True)
class Named:
    """What a source names, and what there is to say of it."""

    entries: list[Entry]
    told: str
    is_index: bool = False


async def check_source(db: Database, source: dict[str, Any], network: Network) -> int:
    """Look once at a source (a row of `watches`); gives the number of articles newly watched."""
    entries, asked, failed = list[Entry](), None, False
    validators = (source["etag"], source["last_modified"])
    try:
        page = await _page(source["url"], network, Validators(*validators))
        if page.status == 200:
            named = await _named(page, source["kind"], network)
            entries = await _allowed(named.entries, page, network)
            reason = named.told
            asked = max(max_age(page.headers) or EVERY, feed_ttl(page.body) or EVERY)
            # A sitemap's index may stand still while the maps that it names change.
            validators = (None, None) if named.is_index else _validators(page)
        elif page.status == 304:
            reason = (source["reason"] or "").removesuffix(UNCHANGED) + UNCHANGED
        else:
            reason, failed = f"answers {page.status}", True
    except ScraperError as error:
        reason, failed = error.reason, True
    now = network.now()
    new, _ = source_checked(
        db,
        source["id"],
        [(entry.url, entry.stamp) for entry in entries],
        at=now,
        next_check_at=_next_check_at(source, asked, now, failed=failed),
        validators=validators,
        reason=reason,
        wait_seconds=asked.total_seconds() if asked else None,
        has_failed=failed,
    )
    return new


def _next_check_at(
    source: dict[str, Any], asked: timedelta | None, now: datetime, *, failed: bool
) -> datetime:
    """When to look at a source again: by its own timetable, else when it asks to be looked at (now or the
    last time that it said so), later the more often it has failed."""
    if source["every"]:
        return by_timetable(source["every"], now=now).at
    wait = max(asked or timedelta(seconds=source["wait_seconds"] or 0), EVERY)
    if failed:
        wait = max(wait, EVERY * 2 ** min(source["failures"], 8))
    return now + min(wait, LONGEST_WAIT)


def _validators(page: Page) -> tuple[str | None, str | None]:
    return page.headers.get("etag"), page.headers.get("last-modified")


async def _page(url: str, network: Network, validators: Validators | None = None) -> Page:
    refusal = await network.refusal(url)
    if refusal:
        raise ScraperError(url, refusal.reason)
    return await network.get(url, validators)


async def _allowed(entries: list[Entry], page: Page, network: Network) -> list[Entry]:
    """Without addresses inside a private network: a public feed must not lead there."""
    hosts: dict[str, bool] = {}
    for entry in entries:
        host = host_of(entry.url)
        if host not in hosts and len(hosts) < MAX_HOSTS:
            try:
                await network.fetcher.check_target(page.url, entry.url)
                hosts[host] = True
            except FetchError:  # its name is not found just now; a redirect is checked again
                hosts[host] = True
            except (ScraperError, ValueError):  # an address inside, or one that cannot be
                hosts[host] = False
    return [entry for entry in entries if hosts.get(host_of(entry.url), False)]


async def _named(page: Page, kind: str, network: Network) -> Named:
    """What a page of a source names; large ones are read in a thread, feeds are slow to read."""
    url = page.final_url
    if kind == "feed":
        headers = dict(page.headers)
        entries = await asyncio.to_thread(feed_entries, page.body, url, headers)
        return Named(entries, _told(entries))
    if kind == "section":
        entries = await asyncio.to_thread(section_entries, page.body, url, page.content_type)
        return Named(entries, _told(entries))
    entries, maps = await asyncio.to_thread(sitemap_entries, page.body, url)
    if not maps:
        return Named(entries, _told(entries))
    # The one that changed last, or bears the latest day in its name, holds what is new.
    newest = sorted(maps, key=lambda one: (one.stamp or "", one.url), reverse=True)
    failures = list[str]()
    for one in newest[:MAX_SITEMAPS]:
        if site_of(one.url) != site_of(url):
            continue
        try:
            answer = await _page(one.url, network)
            if answer.status != 200:
                raise ScraperError(one.url, f"answers {answer.status}")
            entries += (await asyncio.to_thread(sitemap_entries, answer.body, one.url))[0]
        except ScraperError as error:
            failures.append(str(error))
    told = _told(entries) + (f"; {'; '.join(failures)}" if failures else "")
    return Named(entries, told, is_index=True)


def _told(entries: list[Entry]) -> str:
    more = ", more are left out" if len(entries) >= MAX_LINKS else ""
    return f"{len(entries)} articles named{more}"
