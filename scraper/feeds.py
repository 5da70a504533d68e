"""Feeds, sitemaps and section pages become the addresses of articles."""

import re
from datetime import timedelta
from urllib.parse import urljoin, urlsplit

import feedparser
from selectolax.lexbor import LexborHTMLParser

from scraper.charset import decode
from scraper.errors import UrlError
from scraper.inflate import inflate
from scraper.urls import canonical_url, is_front_page, site_of

MAX_LINKS = 5_000
MAX_OPENED = 50_000_000
# A path that names an article: a date, a long number, or a slug of four words.
ARTICLE_PATH = re.compile(
    r"/(?:19|20)\d\d[/-]?\d\d|\d{5,}|[a-z0-9]+(?:-[a-z0-9]+){3,}|/articles?/|/news/view", re.I
)
NO_PAGE = re.compile(r"\.(?:jpe?g|png|gif|webp|svg|pdf|mp[34]|css|js|xml|json|ico|zip)$", re.I)


def feed_links(body: bytes, url: str, headers: dict[str, str]) -> list[str]:
    """The articles that an RSS, Atom or JSON feed names, newest first as it has them."""
    feed = feedparser.parse(body, response_headers={**headers, "content-location": url})
    return _canonical([entry.get("link") or "" for entry in feed.entries], url)


def feed_ttl(body: bytes) -> timedelta | None:
    """How long an RSS feed asks to be left alone (its `ttl`, in minutes)."""
    match = re.search(rb"<ttl>\s*(\d{1,5})\s*</ttl>", body[:20_000])
    return timedelta(minutes=int(match[1])) if match else None


def sitemap_links(body: bytes, url: str) -> tuple[list[str], list[str]]:
    """The articles of a sitemap, and the further sitemaps that an index file names."""
    if body.startswith(b"\x1f\x8b"):
        body = inflate(body, "gzip", cap=MAX_OPENED, url=url)
    text, _ = decode(body)
    tree = LexborHTMLParser(re.sub(r"<(/?)(?:\w+:)?loc\b", r"<\1loc", text))
    pages = [node.text(strip=True) for node in tree.css("url > loc")]
    maps = [node.text(strip=True) for node in tree.css("sitemap > loc")]
    return _canonical(pages, url), _canonical(maps, url)


def section_links(body: bytes, url: str, content_type: str | None) -> list[str]:
    """The links of a page that look like articles of the same site."""
    text, _ = decode(body, content_type)
    tree = LexborHTMLParser(text)
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
