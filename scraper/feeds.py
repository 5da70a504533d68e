"""Feeds, sitemaps and section pages give the addresses of articles."""

import codecs
import html
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urljoin, urlsplit

import feedparser

from scraper.errors import ExtractError, FetchError, UrlError
from scraper.extract.html.parse import parse
from scraper.http.charset import decode
from scraper.http.decompress import decompress
from scraper.patterns import lazy_pattern
from scraper.urls import canonical_url, is_front_page, site

MAX_LINKS = 5_000
MAX_DECOMPRESSED_BYTES = 50_000_000
MAX_FEED_DEPTH = 2_000
CDATA_SECTION = lazy_pattern(rb"<!\[CDATA\[.*?\]\]>", re.S)
# A tag: whether it closes, and whether it closes itself.
FEED_TAG = lazy_pattern(rb"<(/?)[a-zA-Z][^<>]*?(/?)>")
# A path that names an article: a date, a long number, or a slug of four words.
ARTICLE_PATH = lazy_pattern(
    r"/(?:19|20)\d\d[/-]?\d\d|\d{5,}|[a-z0-9]+(?:-[a-z0-9]+){3,}|/articles?/|/news/view", re.I
)
LOC_ELEMENT = lazy_pattern(
    r"<(?!image:|video:)(?:\w{1,20}:)?loc\s*>\s*(?:<!\[CDATA\[)?\s*([^<\]]{1,4000}?)\s*(?:\]\]>)?\s*</",
    re.I,
)
LASTMOD_ELEMENT = lazy_pattern(r"<(?:\w{1,20}:)?lastmod\s*>\s*([^<]{1,60}?)\s*<", re.I)
PUBLICATION_DATE_ELEMENT = lazy_pattern(
    r"<(?:\w{1,20}:)?publication_date\s*>\s*([^<]{1,60}?)\s*<", re.I
)
SITEMAP_INDEX_ELEMENT = lazy_pattern(r"<(?:\w{1,20}:)?sitemapindex\b", re.I)
NON_PAGE_EXTENSION = lazy_pattern(
    r"\.(?:jpe?g|png|gif|webp|svg|pdf|mp[34]|css|js|xml|json|ico|zip)$", re.I
)


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """An article that a source names, and its time of update as the source writes it."""

    url: str
    timestamp: str | None = None


def feed_entries(body: bytes, url: str, headers: dict[str, str]) -> list[FeedEntry]:
    """The articles that an RSS, Atom or JSON feed names, in the order of the feed.

    `headers` are those of the answer, in lower case. Raises FetchError if it is none of these.
    """
    if body.startswith(b"\x1f\x8b"):
        body = decompress(body, "gzip", max_bytes=MAX_DECOMPRESSED_BYTES, url=url)
    body = body.removeprefix(codecs.BOM_UTF8)
    if body.lstrip()[:1] == b"{":
        return _canonical_entries(_json_feed_entries(body, url), url)
    if _nesting_depth(body) > MAX_FEED_DEPTH:
        raise FetchError(
            url, "not a feed: its elements are nested too deeply; is the address right?"
        )
    feed = feedparser.parse(body, response_headers={**headers, "content-location": url})
    if not feed.get("version") and not feed.entries:
        raise FetchError(
            url, "not an RSS, Atom or JSON feed; is it a page (--section) or a sitemap?"
        )
    # feedparser gives `published` for a missing `updated`, with a warning.
    entries = [
        FeedEntry(
            entry.get("link") or "", entry.get("updated" if "updated" in entry else "published")
        )
        for entry in feed.entries
    ]
    return _canonical_entries(entries, url)


def _nesting_depth(body: bytes) -> int:
    """The deepest nesting of elements: feedparser takes seconds for thousands of levels."""
    depth = deepest = 0
    for tag in FEED_TAG.finditer(CDATA_SECTION.sub(b"", body)):
        depth += -1 if tag[1] else not tag[2]
        deepest = max(deepest, depth)
    return deepest


def _json_feed_entries(body: bytes, url: str) -> list[FeedEntry]:
    """The articles of a JSON Feed (jsonfeed.org, version 1.1), which feedparser 6.0 does not read."""
    try:
        items = json.loads(body)["items"]
    except (ValueError, KeyError, RecursionError) as error:
        raise FetchError(url, "not a JSON feed: it has no items; is the address right?") from error
    entries = [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
    return [
        FeedEntry(address, _text_or_none(entry.get("date_modified") or entry.get("date_published")))
        for entry in entries
        if isinstance(address := entry.get("url"), str)
    ]


def _text_or_none(value: object) -> str | None:
    return value if isinstance(value, str) else None


def feed_ttl(body: bytes) -> timedelta | None:
    """How long an RSS feed says it may be cached (its `ttl`, in minutes); None if it does not."""
    match = re.search(rb"<ttl>\s*(\d{1,5})\s*</ttl>", body[:20_000])
    return timedelta(minutes=int(match[1])) if match else None


def max_age(headers: Mapping[str, str]) -> timedelta | None:
    """How long an answer stays fresh by its Cache-Control; None if it does not say.

    >>> max_age({"cache-control": "public, max-age=600"})
    datetime.timedelta(seconds=600)
    """
    match = re.search(r"\bmax-age\s*=\s*\"?(\d{1,8})", headers.get("cache-control", ""), re.I)
    return timedelta(seconds=int(match[1])) if match else None


def sitemap_entries(body: bytes, url: str) -> tuple[list[FeedEntry], list[FeedEntry]]:
    """The articles of a sitemap, and the sitemaps that an index file names.

    Their timestamps are `lastmod`; in a news sitemap without that, the publication date.
    """
    if body.startswith(b"\x1f\x8b"):
        body = decompress(body, "gzip", max_bytes=MAX_DECOMPRESSED_BYTES, url=url)
    text, _ = decode(body)
    locations = list(LOC_ELEMENT.finditer(text))
    ends = [match.start() for match in locations[1:]] + [len(text)]
    raw_entries = [
        FeedEntry(html.unescape(match[1]), _sitemap_date(text[match.end() : end]))
        for match, end in zip(locations, ends, strict=False)
    ]
    entries = _canonical_entries(raw_entries, url)
    return ([], entries) if SITEMAP_INDEX_ELEMENT.search(text) else (entries, [])


def _sitemap_date(rest: str) -> str | None:
    """The time in `rest`, the text between an address and the next one."""
    match = LASTMOD_ELEMENT.search(rest) or PUBLICATION_DATE_ELEMENT.search(rest)
    return match[1] if match else None


def section_entries(body: bytes, url: str, content_type: str | None) -> list[FeedEntry]:
    """The links of a page that look like articles of its own site."""
    try:
        tree = parse(body, url, content_type)
    except ExtractError:  # not a web page, so it has no links
        return []
    links = [FeedEntry(node.attributes.get("href") or "") for node in tree.css("a[href]")]
    locations = [entry.url for entry in _canonical_entries(links, url)]
    return [
        FeedEntry(link)
        for link in locations
        if site(link) == site(url)
        and ARTICLE_PATH.search(urlsplit(link).path + "?" + urlsplit(link).query)
        and not NON_PAGE_EXTENSION.search(urlsplit(link).path)
        and not is_front_page(link)
    ]


def _canonical_entries(entries: list[FeedEntry], base: str) -> list[FeedEntry]:
    """The entries with absolute, canonical addresses, each once; other addresses are left out."""
    locations: dict[str, FeedEntry] = {}
    if len(entries) > MAX_LINKS:  # a sitemap may have the oldest first
        entries = sorted(entries, key=lambda entry: entry.timestamp or "", reverse=True)
    for entry in entries[:MAX_LINKS]:
        try:
            url = canonical_url(urljoin(base, entry.url.strip()))
        except (UrlError, ValueError):
            continue
        timestamp = entry.timestamp and entry.timestamp.encode("utf-8", "ignore").decode()
        locations.setdefault(url, FeedEntry(url, timestamp))
    locations.pop(canonical_url(base), None)
    return list(locations.values())
