"""Sources that name articles, well-made and not."""

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.feeds import feed_links, feed_ttl, section_links, sitemap_links

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
def test_a_sitemap_names_its_articles(case: str, pack: type[bytes]) -> None:
    assert sitemap_links(pack(SITEMAPS[case].encode()), URL) == (NEWS, [])


def test_an_index_names_further_sitemaps() -> None:
    index = b"<sitemapindex><sitemap><loc>/a.xml</loc></sitemap><sitemap><loc>http://[bad</loc></sitemap></sitemapindex>"
    assert sitemap_links(index, URL) == ([], ["https://example.org/a.xml"])


def test_a_feed_says_how_long_it_wants_to_be_left_alone() -> None:
    ttl = feed_ttl(b"<rss><channel><ttl> 45 </ttl></channel></rss>")
    assert ttl is not None
    assert ttl.total_seconds() == 45 * 60


def test_a_json_feed_is_read() -> None:
    feed = b'{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "url": "https://example.org/news/1"}]}'
    assert feed_links(feed, URL, {"content-type": "application/feed+json"}) == NEWS[:1]


@given(st.binary(max_size=300))
def test_no_bytes_break_a_source(body: bytes) -> None:
    sitemap_links(body.removeprefix(b"\x1f\x8b"), URL)
    section_links(body, URL, None)
    feed_links(body, URL, {})
