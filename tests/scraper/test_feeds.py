"""Sources that name articles, well-made and not."""

import contextlib
import gzip

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.errors import FetchError
from scraper.feeds import (
    FeedEntry,
    feed_entries,
    feed_ttl,
    max_age,
    section_entries,
    sitemap_entries,
)

URL = "https://example.org/source"
NEWS = ["https://example.org/news/1", "https://example.org/news/2?id=3"]

SITEMAPS = {
    "plain": "<urlset><url><loc>https://example.org/news/1</loc></url><url><loc>https://example.org/news/2?id=3</loc></url></urlset>",
    "news, entities, white space": "<urlset xmlns:n='x'><url><loc>\n https://example.org/news/1 </loc><n:news><n:title>T</n:title></n:news></url>"
    "<url><loc>https://example.org/news/2?id=3&amp;utm_source=map</loc></url></urlset>",
    "CDATA and a prefix": "<s:urlset><s:url><s:loc><![CDATA[https://example.org/news/1]]></s:loc></s:url>"
    "<s:url><s:loc>/news/2?id=3</s:loc></s:url></s:urlset>",
    "a broken address among good ones": "<urlset><url><loc>http://[bad</loc></url><url><loc>https://example.org/news/1</loc></url>"
    "<url><loc>javascript:x</loc></url><url><loc>https://example.org/news/2?id=3</loc></url></urlset>",
}  # fmt: skip


@pytest.mark.parametrize("case", SITEMAPS)
@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["as it is", "gzip"])
def test_a_sitemap_lists_its_articles(case: str, pack: type[bytes]) -> None:
    entries, maps = sitemap_entries(pack(SITEMAPS[case].encode()), URL)
    assert ([entry.url for entry in entries], maps) == (NEWS, [])


RSS = "<rss version='2.0'><channel><item><link>https://example.org/news/1</link>{}</item></channel></rss>"
ATOM = "<feed xmlns='http://www.w3.org/2005/Atom'><entry><link href='https://example.org/news/1'/>{}</entry></feed>"
DATED_FEEDS = {
    "an RSS item": (RSS.format("<pubDate>Thu, 14 May 2026 12:00:00 GMT</pubDate>"), "Thu, 14 May 2026 12:00:00 GMT"),
    "an Atom entry": (
        ATOM.format("<published>2026-05-14T10:00:00Z</published><updated>2026-05-14T12:00:00Z</updated>"), "2026-05-14T12:00:00Z",
    ),
    "an RSS item without": (RSS.format(""), None),
    "a JSON item": (
        '{"items": [{"url": "https://example.org/news/1", "date_published": "a", "date_modified": "b"}]}', "b",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", DATED_FEEDS)
def test_a_feed_gives_when_an_article_was_updated(case: str) -> None:
    text, timestamp = DATED_FEEDS[case]
    assert feed_entries(text.encode(), URL, {}) == [
        FeedEntry("https://example.org/news/1", timestamp)
    ]


def test_a_sitemap_gives_when_articles_were_modified() -> None:
    text = (
        "<urlset><url><loc>/news/1</loc><lastmod>2026-05-14</lastmod></url><url><loc>/news/2</loc></url>"
        "<url><loc>/news/3</loc><image:image><image:loc>/a.jpg</image:loc></image:image>"
        "<news:news><news:publication_date>2026-05-13T08:00Z</news:publication_date></news:news></url></urlset>"
    )
    assert [
        (entry.url[-1], entry.timestamp) for entry in sitemap_entries(text.encode(), URL)[0]
    ] == [
        ("1", "2026-05-14"),
        ("2", None),
        ("3", "2026-05-13T08:00Z"),
    ]


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("max-age=600", 600), ('private, MAX-AGE="30"', 30), ("no-store", None), ("s-maxage=5", None)],
)
def test_a_response_gives_its_freshness_lifetime(header: str, seconds: int | None) -> None:
    age = max_age({"cache-control": header})
    assert (age.total_seconds() if age else None) == seconds


def test_a_sitemap_index_lists_further_sitemaps() -> None:
    index = b"<sitemapindex><sitemap><loc>/a.xml</loc></sitemap><sitemap><loc>http://[bad</loc></sitemap></sitemapindex>"
    assert sitemap_entries(index, URL) == ([], [FeedEntry("https://example.org/a.xml")])


def test_a_feed_gives_its_time_to_live() -> None:
    ttl = feed_ttl(b"<rss><channel><ttl> 45 </ttl></channel></rss>")
    assert ttl is not None
    assert ttl.total_seconds() == 45 * 60


def test_a_json_feed_is_parsed() -> None:
    feed = b'{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "url": "https://example.org/news/1"}]}'
    entries = feed_entries(feed, URL, {"content-type": "application/feed+json"})
    assert [entry.url for entry in entries] == NEWS[:1]


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_any_source_gives_entries_with_whole_urls_or_an_error(body: bytes) -> None:
    articles, sitemaps = sitemap_entries(body.removeprefix(b"\x1f\x8b"), URL)
    entries = [*articles, *sitemaps, *section_entries(body, URL, None)]
    with contextlib.suppress(FetchError):
        entries += feed_entries(body, URL, {})
    assert [e.url for e in entries if not e.url.startswith(("http://", "https://"))] == []
