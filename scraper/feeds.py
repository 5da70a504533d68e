"""Feeds, sitemaps and section pages become the addresses of articles."""

import html
import json
import re
from datetime import timedelta
from urllib.parse import urljoin, urlsplit

import feedparser

from scraper.charset import decode
from scraper.errors import ExtractError, UrlError
from scraper.extract.tree import parse
from scraper.inflate import inflate
from scraper.urls import canonical_url, is_front_page, site_of

MAX_LINKS = 5_000
MAX_OPENED = 50_000_000
# A path that names an article: a date, a long number, or a slug of four words.
ARTICLE_PATH = re.compile(
    r"/(?:19|20)\d\d[/-]?\d\d|\d{5,}|[a-z0-9]+(?:-[a-z0-9]+){3,}|/articles?/|/news/view", re.I
)
LOC = re.compile(
    r"<(?:\w{1,20}:)?loc\s*>\s*(?:<!\[CDATA\[)?\s*([^<\]]{1,4000}?)\s*(?:\]\]>)?\s*</", re.I
)
INDEX = re.compile(r"<(?:\w{1,20}:)?sitemapindex\b", re.I)
NO_PAGE = re.compile(r"\.(?:jpe?g|png|gif|webp|svg|pdf|mp[34]|css|js|xml|json|ico|zip)$", re.I)


def feed_links(body: bytes, url: str, headers: dict[str, str]) -> list[str]:
    """The articles that an RSS, Atom or JSON feed names, newest first as it has them."""
    if body.lstrip()[:1] == b"{":
        return _canonical(_json_feed_urls(body), url)
    feed = feedparser.parse(body, response_headers={**headers, "content-location": url})
    return _canonical([entry.get("link") or "" for entry in feed.entries], url)


def _json_feed_urls(body: bytes) -> list[str]:
    """The addresses of a JSON Feed (jsonfeed.org, version 1.1), which feedparser 6.0 does not read."""
    try:
        items = json.loads(body)["items"]
    except (ValueError, KeyError, RecursionError):
        return []
    entries = [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
    return [url for entry in entries if isinstance(url := entry.get("url"), str)]


def feed_ttl(body: bytes) -> timedelta | None:
    """How long an RSS feed asks to be left alone (its `ttl`, in minutes)."""
    match = re.search(rb"<ttl>\s*(\d{1,5})\s*</ttl>", body[:20_000])
    return timedelta(minutes=int(match[1])) if match else None


def sitemap_links(body: bytes, url: str) -> tuple[list[str], list[str]]:
    """The articles of a sitemap, and the further sitemaps that an index file names."""
    if body.startswith(b"\x1f\x8b"):
        body = inflate(body, "gzip", cap=MAX_OPENED, url=url)
    text, _ = decode(body)
    links = _canonical([html.unescape(match[1]) for match in LOC.finditer(text)], url)
    return ([], links) if INDEX.search(text) else (links, [])


def section_links(body: bytes, url: str, content_type: str | None) -> list[str]:
    """The links of a page that look like articles of the same site."""
    try:
        tree = parse(body, url, content_type)
    except ExtractError:  # not a web page, so it names nothing
        return []
    links = [node.attributes.get("href") or "" for node in tree.css("a[href]")]
    found = _canonical(links, url)
    return [
        link
        for link in found
        if site_of(link) == site_of(url)
        and ARTICLE_PATH.search(urlsplit(link).path + "?" + urlsplit(link).query)
        and not NO_PAGE.search(urlsplit(link).path)
        and not is_front_page(link)
    ]


def _canonical(links: list[str], base: str) -> list[str]:
    """Absolute, canonical, each once; what is no web address is left out."""
    found: dict[str, None] = {}
    for link in links[:MAX_LINKS]:
        try:
            found[canonical_url(urljoin(base, link.strip()))] = None
        except (UrlError, ValueError):
            continue
    found.pop(canonical_url(base), None)
    return list(found)
