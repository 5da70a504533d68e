"""Looking at feeds, sitemaps and section pages for articles that are new or said to be updated."""

from datetime import timedelta
from typing import Any

from schedules.network import Network
from schedules.timetable import by_timetable
from scraper.errors import ScraperError
from scraper.feeds import (
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
from storage.watch import source_checked

EVERY = timedelta(minutes=10)
# A source may ask to be left alone for longer, but a day without news is a mistake of its settings.
LONGEST_WAIT = timedelta(hours=6)
# An index of sitemaps is followed into this many, the newest first.
MAX_SITEMAPS = 5
# A source that names more hosts than this is a list of links, not a publisher's.
MAX_HOSTS = 50
UNCHANGED = ", nothing new since"


async def check_source(db: Database, source: dict[str, Any], network: Network) -> int:
    """Look once at a source (a row of `watches`); gives the number of articles newly watched."""
    reason, entries, wait = None, list[Entry](), EVERY
    validators = (source["etag"], source["last_modified"])
    try:
        page = await _page(source["url"], network, Validators(*validators))
        asked = max_age(page.headers)
        if page.status == 200:
            entries = await _allowed(await _entries(page, source["kind"], network), page, network)
            asked = max(asked or EVERY, feed_ttl(page.body) or EVERY)
            validators = (page.headers.get("etag"), page.headers.get("last-modified"))
            reason = f"{len(entries)} articles named"
        elif page.status == 304:
            told = (source["reason"] or "").removesuffix(UNCHANGED)
            reason = told + UNCHANGED
        else:
            reason = f"answers {page.status}"
        wait = min(max(asked or EVERY, EVERY), LONGEST_WAIT)
    except ScraperError as error:
        reason = error.reason
    now = network.now()
    by_hand = by_timetable(source["every"], now=now) if source["every"] else None
    new, _ = source_checked(
        db,
        source["id"],
        [(entry.url, entry.stamp) for entry in entries],
        at=now,
        next_check_at=by_hand.at if by_hand else now + wait,
        validators=validators,
        reason=reason,
    )
    return new


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
            except ScraperError:
                hosts[host] = False
    return [entry for entry in entries if hosts.get(host_of(entry.url), False)]


async def _entries(page: Page, kind: str, network: Network) -> list[Entry]:
    if kind == "feed":
        return feed_entries(page.body, page.final_url, dict(page.headers))
    if kind == "section":
        return section_entries(page.body, page.final_url, page.content_type)
    entries, maps = sitemap_entries(page.body, page.final_url)
    # The one that changed last, or bears the latest day in its name, holds what is new.
    newest = sorted(maps, key=lambda one: (one.stamp or "", one.url), reverse=True)
    for one in newest[:MAX_SITEMAPS]:
        if site_of(one.url) == site_of(page.final_url):
            entries += sitemap_entries((await _page(one.url, network)).body, one.url)[0]
    return entries
