"""Feeds, sitemaps and section pages give the addresses of articles."""

import codecs
import html
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import Any
from urllib.parse import urljoin, urlsplit

import feedparser

from scraper.errors import ExtractError, FetchError, UrlError
from scraper.extract.html.parse import parse
from scraper.feed_markup import TooDeepError, slim_feed
from scraper.http.charset import decode
from scraper.http.decompress import GZIP_MAGIC, decompress
from scraper.patterns import lazy_pattern
from scraper.urls import canonical_url, is_front_page, site

MAX_LINKS = 5_000
# A sitemap has at most 50,000 addresses in 50 MB (sitemaps.org); feeds have a few hundred.
MAX_SITEMAP_BYTES, MAX_SITEMAP_ADDRESSES = 50_000_000, 50_000
MAX_FEED_BYTES = 10_000_000
# Read as JSON, a feed takes up to thirty times its size.
MAX_JSON_FEED_BYTES = 5_000_000
CHARACTER_REFERENCE = lazy_pattern(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,31});", re.I)
# A path that names an article: a date, a long number, or a slug of four words.
ARTICLE_PATH = lazy_pattern(
    r"/(?:19|20)\d\d[/-]?\d\d|\d{5,}|[a-z0-9](?:-[a-z0-9]+){3}|/articles?/|/news/view", re.I
)
LOC_ELEMENT = lazy_pattern(
    r"<(?!image:|video:)(?:\w{1,20}:)?loc\s*+>\s*+(?:<!\[CDATA\[)?\s*+([^<\]]{1,4000}+)(?:\]\]>)?\s*+</",
    re.I,
)
LASTMOD_ELEMENT = lazy_pattern(r"<(?:\w{1,20}:)?lastmod\s*+>\s*+([^<]{1,200}+)<", re.I)
PUBLICATION_DATE_ELEMENT = lazy_pattern(
    r"<(?:\w{1,20}:)?publication_date\s*+>\s*+([^<]{1,200}+)<", re.I
)
SITEMAP_ELEMENT = lazy_pattern(r"<(?:\w{1,20}:)?(?:urlset|sitemapindex)\b", re.I)
FEED_ELEMENT = lazy_pattern(r"<(?:\w{1,20}:)?(?:rss|feed|rdf)\b", re.I)
LINE = lazy_pattern(r"(?<![^\r\n])[^\S\r\n]*+\S[^\r\n]*+")
ADDRESS_LINE = lazy_pattern(r"https?://\S+", re.I)
SITEMAP_INDEX_ELEMENT = lazy_pattern(r"<(?:\w{1,20}:)?sitemapindex\b", re.I)
TTL_ELEMENT = lazy_pattern(rb"<ttl>\s*(\d{1,5})\s*</ttl>")
MAX_AGE = lazy_pattern(r"\bmax-age\s*=\s*\"?(\d{1,8})", re.I)
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
    if body.startswith(GZIP_MAGIC):
        body = decompress(body, "gzip", max_bytes=MAX_FEED_BYTES, url=url)
    body = body.removeprefix(codecs.BOM_UTF8)
    if body.lstrip()[:1] == b"{":
        return _canonical_entries(_json_feed_entries(body, url), url)
    text, _ = decode(body, headers.get("content-type"))
    try:
        slim = slim_feed(text).encode("utf-8", "ignore")
    except TooDeepError as error:
        raise FetchError(
            url, "not a feed: its elements are nested too deeply; is the address right?"
        ) from error
    feed = _parsed_feed(slim, url)
    if not feed.get("version") and not feed.entries:
        raise FetchError(
            url, "not an RSS, Atom or JSON feed; is it a page (--section) or a sitemap?"
        )
    # feedparser gives `published` for a missing `updated`, with a warning.
    entries = [
        FeedEntry(
            _entry_address(entry), entry.get("updated" if "updated" in entry else "published")
        )
        for entry in feed.entries
    ]
    return _canonical_entries(entries, url)


def _parsed_feed(slim: bytes, url: str) -> Any:
    """What feedparser reads in a feed. Raises FetchError."""
    headers = {"content-type": "application/xml; charset=utf-8", "content-location": url}
    try:
        return feedparser.parse(
            slim, response_headers=headers, sanitize_html=False, resolve_relative_uris=False
        )
    except Exception as error:  # feedparser fails on some broken feeds in ways of its own
        raise FetchError(
            url, f"not a feed that can be read ({type(error).__name__}); is the address right?"
        ) from error


def _entry_address(entry: Mapping[str, Any]) -> str:
    """The address of an article, before FeedBurner counted its readers; its id if that is one."""
    address = entry.get("feedburner_origlink") or entry.get("link") or entry.get("id") or ""
    return str(address)


def _json_feed_entries(body: bytes, url: str) -> list[FeedEntry]:
    """The articles of a JSON Feed (jsonfeed.org, version 1.1), which feedparser 6.0 does not read."""
    if len(body) > MAX_JSON_FEED_BYTES:
        raise FetchError(
            url, f"the JSON feed is larger than {MAX_JSON_FEED_BYTES:,} bytes, the limit"
        )
    try:
        items = json.loads(body)["items"]
    except (ValueError, KeyError, RecursionError) as error:
        raise FetchError(url, "not a JSON feed: it has no items; is the address right?") from error
    entries = [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
    return [
        FeedEntry(address, _text_or_none(entry.get("date_modified") or entry.get("date_published")))
        for entry in entries
        if isinstance(address := entry.get("url") or entry.get("id"), str)
    ]


def _text_or_none(value: object) -> str | None:
    return value if isinstance(value, str) else None


def feed_ttl(body: bytes) -> timedelta | None:
    """How long an RSS feed says it may be cached (its `ttl`, in minutes); None if it does not."""
    match = TTL_ELEMENT.search(body[:20_000])
    return timedelta(minutes=int(match[1])) if match else None


def max_age(headers: Mapping[str, str]) -> timedelta | None:
    """How long an answer stays fresh by its Cache-Control; None if it does not say.

    >>> max_age({"cache-control": "public, max-age=600"})
    datetime.timedelta(seconds=600)
    """
    match = MAX_AGE.search(headers.get("cache-control", ""))
    return timedelta(seconds=int(match[1])) if match else None


def sitemap_entries(body: bytes, url: str) -> tuple[list[FeedEntry], list[FeedEntry]]:
    """The articles of a sitemap, and the sitemaps that an index file names.

    Their timestamps are `lastmod`; in a news sitemap without that, the publication date. A feed or a
    text with an address per line is a sitemap, too. Raises FetchError if it is none of these.
    """
    if body.startswith(GZIP_MAGIC):
        body = decompress(body, "gzip", max_bytes=MAX_SITEMAP_BYTES, url=url)
    text, _ = decode(body)
    locations = list(islice(LOC_ELEMENT.finditer(text), MAX_SITEMAP_ADDRESSES))
    if not locations and not SITEMAP_ELEMENT.search(text):
        return _entries_without_markup(body, text, url), []
    ends = [match.start() for match in locations[1:]] + [len(text)]
    raw_entries = [
        FeedEntry(_xml_text(match[1].strip()), _sitemap_date(text[match.end() : end]))
        for match, end in zip(locations, ends, strict=False)
    ]
    entries = _canonical_entries(raw_entries, url)
    return ([], entries) if SITEMAP_INDEX_ELEMENT.search(text) else (entries, [])


def _entries_without_markup(body: bytes, text: str, url: str) -> list[FeedEntry]:
    """The articles of a sitemap that is a feed or a text, one address per line (sitemaps.org)."""
    if FEED_ELEMENT.search(text):
        return feed_entries(body, url, {})
    lines = [match[0].strip() for match in islice(LINE.finditer(text), MAX_SITEMAP_ADDRESSES)]
    if not lines or not all(ADDRESS_LINE.fullmatch(line) for line in lines):
        raise FetchError(url, "not a sitemap; is it a feed (--feed) or a page (--section)?")
    return _canonical_entries([FeedEntry(line) for line in lines], url)


def _xml_text(text: str) -> str:
    """The text with its character references resolved; an "&" that begins none stays.

    >>> _xml_text("/news?id=1&amp;lang=ko&section=2&#x21;")
    '/news?id=1&lang=ko&section=2!'
    """
    return CHARACTER_REFERENCE.sub(lambda reference: html.unescape(reference[0]), text)


def _sitemap_date(rest: str) -> str | None:
    """The time in `rest`, the text between an address and the next one."""
    match = LASTMOD_ELEMENT.search(rest) or PUBLICATION_DATE_ELEMENT.search(rest)
    return match[1].strip() if match else None


def section_entries(body: bytes, url: str, content_type: str | None) -> list[FeedEntry]:
    """The links of a page that look like articles of its own site."""
    try:
        tree = parse(body, url, content_type)
    except ExtractError:  # not a web page, so it has no links
        return []
    links = [FeedEntry(node.attributes.get("href") or "") for node in tree.css("a[href]")]
    base = tree.css_first("base[href]")
    base_url = _joined(url, (base.attributes.get("href") or "") if base else "") or url
    locations = [entry.url for entry in _canonical_entries(links, url, base_url)]
    return [
        FeedEntry(link)
        for link in locations
        if site(link) == site(url)
        and ARTICLE_PATH.search(urlsplit(link).path + "?" + urlsplit(link).query)
        and not NON_PAGE_EXTENSION.search(urlsplit(link).path)
        and not is_front_page(link)
    ]


def _canonical_entries(
    entries: list[FeedEntry], source: str, base: str | None = None
) -> list[FeedEntry]:
    """The entries with absolute, canonical addresses, each once, without that of the source.

    Other addresses are left out. Relative ones begin at `base`, else at the source.
    """
    locations: dict[str, FeedEntry] = {}
    if len(entries) > MAX_LINKS:  # a sitemap may have the oldest first
        entries = sorted(entries, key=lambda entry: entry.timestamp or "", reverse=True)
    for entry in entries[:MAX_LINKS]:
        url = _joined(base or source, entry.url)
        if url is None:
            continue
        timestamp = entry.timestamp and entry.timestamp.encode("utf-8", "ignore").decode()
        locations.setdefault(url, FeedEntry(url, timestamp))
    locations.pop(canonical_url(source), None)
    return list(locations.values())


def _joined(base: str, address: str) -> str | None:
    """An address that a source names, in canonical form; None if it is no web address."""
    try:
        return canonical_url(urljoin(base, address.strip()))
    except (UrlError, ValueError):
        return None
