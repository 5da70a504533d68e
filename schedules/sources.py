"""Looking at feeds, sitemaps and section pages for articles that are new."""

from datetime import timedelta
from typing import Any

from schedules.network import Network
from scraper.errors import ScraperError
from scraper.feeds import feed_links, feed_ttl, section_links, sitemap_links
from scraper.fetch import Page, Validators
from scraper.urls import host_of, site_of
from storage.database import Database
from storage.watch import source_checked

EVERY = timedelta(minutes=15)
# An index of sitemaps is followed into this many, the newest-named first.
MAX_SITEMAPS = 5
# A source that names more hosts than this is a list of links, not a publisher's.
MAX_HOSTS = 50


async def check_source(db: Database, source: dict[str, Any], network: Network) -> int:
    """Look once at a source (a row of `watches`); gives the number of articles newly watched."""
    reason, urls, wait = None, list[str](), EVERY
    validators = (source["etag"], source["last_modified"])
    try:
        page = await _page(source["url"], network, Validators(*validators))
        if page.status == 200:
            urls = await _allowed(await _links(page, source["kind"], network), page, network)
            wait = max(EVERY, feed_ttl(page.body) or EVERY)
            validators = (page.headers.get("etag"), page.headers.get("last-modified"))
            reason = f"{len(urls)} articles named"
        elif page.status != 304:
            reason = f"answers {page.status}"
    except ScraperError as error:
        reason = error.reason
    now = network.now()
    return source_checked(
        db,
        source["id"],
        urls,
        at=now,
        next_check_at=now + wait,
        validators=validators,
        reason=reason,
    )


async def _page(url: str, network: Network, validators: Validators | None = None) -> Page:
    refusal = await network.refusal(url)
    if refusal:
        raise ScraperError(url, refusal.reason)
    return await network.get(url, validators)


async def _allowed(urls: list[str], page: Page, network: Network) -> list[str]:
    """Without addresses inside a private network: a public feed must not lead there."""
    hosts: dict[str, bool] = {}
    for url in urls:
        host = host_of(url)
        if host not in hosts and len(hosts) < MAX_HOSTS:
            try:
                await network.fetcher.check_target(page.url, url)
                hosts[host] = True
            except ScraperError:
                hosts[host] = False
    return [url for url in urls if hosts.get(host_of(url), False)]


async def _links(page: Page, kind: str, network: Network) -> list[str]:
    if kind == "feed":
        return feed_links(page.body, page.final_url, dict(page.headers))
    if kind == "section":
        return section_links(page.body, page.final_url, page.content_type)
    urls, maps = sitemap_links(page.body, page.final_url)
    for one in sorted(maps, reverse=True)[:MAX_SITEMAPS]:
        if site_of(one) == site_of(page.final_url):
            urls += sitemap_links((await _page(one, network)).body, one)[0]
    return urls
