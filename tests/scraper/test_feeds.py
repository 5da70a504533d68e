"""Sources that name articles, well-made and not."""

import contextlib
import gzip
import time
import tracemalloc

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
# Of processor time; each of the hostile sources took more than a minute.
MAX_SOURCE_SECONDS = 5.0
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


@pytest.mark.parametrize(
    "name", ["lang", "section", "copy", "para", "times", "micro", "amp", "lt", "not", "hellip"]
)
@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["as it is", "gzip"])
def test_a_parameter_named_like_an_entity_stays_one(name: str, pack: type[bytes]) -> None:
    url = f"https://example.org/news?id=1&{name}=2"
    rss = RSS.replace("news/1", f"news?id=1&{name}=2").format("")
    json_feed = f'{{"items": [{{"url": "{url}"}}]}}'
    for text in (rss, ATOM.replace("news/1", f"news?id=1&{name}=2").format(""), json_feed):
        assert [entry.url for entry in feed_entries(pack(text.encode()), URL, {})] == [url]
    for text in (f"<urlset><url><loc>{url}</loc></url></urlset>", url):
        assert [entry.url for entry in sitemap_entries(pack(text.encode()), URL)[0]] == [url]


@pytest.mark.parametrize(
    "text",
    ["<![CDATA[https://example.org/news?id=1&lang=ko]]>", "https://example.org/news?id=1&amp;lang=ko",
     "https://example.org/news?id=1&#38;lang=ko", "https://example.org/news?id=1&#x26;lang=ko"],
)  # fmt: skip
def test_an_ampersand_is_read_however_a_source_escapes_it(text: str) -> None:
    url = "https://example.org/news?id=1&lang=ko"
    rss = RSS.replace("https://example.org/news/1", text).format("<description>a &nbsp; b & c</description>")  # fmt: skip
    assert [entry.url for entry in feed_entries(rss.encode(), URL, {})] == [url]
    sitemap = f"<urlset><url><loc>{text}</loc></url></urlset>"
    assert [entry.url for entry in sitemap_entries(sitemap.encode(), URL)[0]] == [url]


FEEDS_WITH_ODD_ADDRESSES = {
    "an id that is a link": "<rss version='2.0'><channel><item><guid isPermaLink='false'>https://example.org/news/1</guid></item></channel></rss>",
    "an address that counts readers": "<rss version='2.0' xmlns:feedburner='http://rssnamespace.org/feedburner/ext/1.0'><channel><item>"
    "<link>https://counter.example/7</link><feedburner:origLink>https://example.org/news/1</feedburner:origLink></item></channel></rss>",
    "a base": "<feed xmlns='http://www.w3.org/2005/Atom' xml:base='https://example.org/news/'><entry><link rel='alternate' href='1'/></entry></feed>",
    "a prefix": "<a:feed xmlns:a='http://www.w3.org/2005/Atom'><a:entry><a:link href='/news/1'/></a:entry></a:feed>",
    "JSON with an id alone": '{"items": [{"id": "https://example.org/news/1"}, {"id": "2"}, {"id": 3}]}',
    "RDF": "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'><item><link>https://example.org/news/1</link></item></rdf:RDF>",
}  # fmt: skip


@pytest.mark.parametrize("case", FEEDS_WITH_ODD_ADDRESSES)
def test_an_entry_is_found_under_any_address_it_gives(case: str) -> None:
    entries = feed_entries(FEEDS_WITH_ODD_ADDRESSES[case].encode(), URL, {})
    assert NEWS[0] in [entry.url for entry in entries]


@pytest.mark.parametrize(
    "text",
    ["https://example.org/news/1\nhttps://example.org/news/2?id=3\n",
     "\ufeffhttps://example.org/news/1\r\n\r\nhttps://example.org/news/2?id=3",
     "<rss version='2.0'><channel><item><link>https://example.org/news/1</link></item><item><link>/news/2?id=3</link></item></channel></rss>",
     "<feed xmlns='http://www.w3.org/2005/Atom'><entry><link href='/news/1'/></entry><entry><link href='/news/2?id=3'/></entry></feed>"],
    ids=["text", "text with empty lines", "RSS", "Atom"],
)  # fmt: skip
def test_a_sitemap_may_be_a_text_or_a_feed(text: str) -> None:
    entries, maps = sitemap_entries(text.encode(), URL)
    assert ([entry.url for entry in entries], maps) == (NEWS, [])


@pytest.mark.parametrize(
    "text", ["", "<html><p>Not found</p></html>", "see https://example.org/news/1"]
)
def test_what_lists_no_addresses_is_no_sitemap(text: str) -> None:
    with pytest.raises(FetchError, match="not a sitemap"):
        sitemap_entries(text.encode(), URL)


def test_an_empty_sitemap_lists_nothing() -> None:
    assert sitemap_entries(b"<urlset/>", URL) == ([], [])


def test_the_links_of_a_section_begin_at_its_base() -> None:
    page = b"<html><head><base href='/news/'></head><body><a href='bridge-opens-after-repair'>Bridge</a></body></html>"
    assert section_entries(page, URL, "text/html") == [
        FeedEntry("https://example.org/news/bridge-opens-after-repair")
    ]


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
    entries = section_entries(body, URL, None)
    with contextlib.suppress(FetchError):
        entries += feed_entries(body, URL, {})
    with contextlib.suppress(FetchError):
        articles, sitemaps = sitemap_entries(body, URL)
        entries += [*articles, *sitemaps]
    assert [e.url for e in entries if not e.url.startswith(("http://", "https://"))] == []


ITEM = "<item><link>https://example.org/news/1</link>{}</item>"
HOSTILE_FEEDS = {
    "line ends before the root": "\n" * 60_000 + RSS.format(""),
    "declarations": "\n<!DOCTYPE" * 20_000 + ">" + RSS.format(""),
    "entities that nest": "<!DOCTYPE a [" + "".join(f'<!ENTITY a{at + 1} "{f"&a{at};" * 10}">' for at in range(12)) + "]>" + RSS.format("<title>&a12;</title>"),
    "an author of spaces": RSS.format(f"<author>Ana Bo{' ' * 60_000}x</author>"),
    "addresses of authors": RSS.format(f"<author>{'a.' * 30_000}@{'a.' * 30_000}</author>"),
    "a text of tags": RSS.format(f"<description>{'&lt;a ' * 40_000}</description>"),
    "characters without end": RSS.format("<description>" + "<![CDATA[" * 40_000),
    "comments without end": RSS.format("</item>" + "<!--" * 60_000),
    "instructions without end": RSS.format("</item>" + "<?" * 60_000),
    "attributes": RSS.replace("<rss", "<rss " + " ".join(f"a{at}='1'" for at in range(40_000))).format(""),
    "namespaces": RSS.format("</item>" + "".join(f"<a{at}:b xmlns:a{at}='x{at}'/>" for at in range(15_000))),
    "quotes without end": RSS.format("<x " + "a=\"" * 40_000),
    "a time of digits": RSS.format(f"<pubDate>{'2026-' * 30_000}</pubDate>"),
    "links of one entry": RSS.format("<link rel='alternate' href='https://example.org/news/2'/>" * 60_000),
    "thirty thousand items": RSS.format("</item>" + ITEM.format("<title>x</title>") * 30_000),
}  # fmt: skip


@pytest.mark.parametrize("case", HOSTILE_FEEDS)
def test_a_hostile_feed_gives_its_articles_within_seconds(case: str) -> None:
    started = time.process_time()
    entries = feed_entries(HOSTILE_FEEDS[case].encode(), URL, {"content-type": "text/xml"})
    assert time.process_time() - started < MAX_SOURCE_SECONDS
    assert entries[0].url.startswith("https://example.org/news/")


def test_a_feed_that_nests_too_deeply_is_an_error() -> None:
    with pytest.raises(FetchError, match="nested too deeply"):
        feed_entries(RSS.format("<a>" * 1_000).encode(), URL, {})


@pytest.mark.parametrize("charset", ["utf-16", "euc-kr", "shift_jis", "windows-1251"])
def test_a_feed_is_read_in_the_charset_that_it_declares(charset: str) -> None:
    title = {"utf-16": "다리", "euc-kr": "다리", "shift_jis": "橋", "windows-1251": "мост"}[charset]
    feed = f"<?xml version='1.0' encoding='{charset}'?>" + RSS.format(f"<title>{title}</title>")
    assert [entry.url for entry in feed_entries(feed.encode(charset), URL, {})] == NEWS[:1]


HOSTILE_SITEMAPS = {
    "spaces in an address": "<loc>" + " " * 200_000,
    "spaces after an address": "<loc>https://example.org/news/1</loc><lastmod>" + " " * 200_000,
    "addresses without end": "<loc>a" * 100_000,
    "times without end": "<loc>https://example.org/news/1</loc>" + "<lastmod>" * 100_000,
    "an endless address": "https://example.org/" + "a-" * 1_000_000,
}


@pytest.mark.parametrize("case", HOSTILE_SITEMAPS)
def test_a_hostile_sitemap_is_read_within_seconds(case: str) -> None:
    started = time.process_time()
    with contextlib.suppress(FetchError):
        sitemap_entries(f"<urlset>{HOSTILE_SITEMAPS[case]}".encode(), URL)
    assert time.process_time() - started < MAX_SOURCE_SECONDS


def feed_without_headers(body: bytes, url: str) -> list[FeedEntry]:
    return feed_entries(body, url, {})


# Sources of up to fifty megabytes, which a few kilobytes unpack to.
LARGE_SOURCES = {
    "a sitemap of addresses": (sitemap_entries, "<urlset>" + "<loc>a</loc>" * 4_000_000),
    "a text of addresses": (sitemap_entries, "http://a/\n" * 4_000_000),
    "a text of spaces": (sitemap_entries, " " * 40_000_000),
    "a feed of signs": (feed_without_headers, "<rss><channel>" + "<" * 9_000_000),
    "a feed of quotes": (feed_without_headers, "<rss><channel>" + '<a "' * 2_400_000),
    "a feed of JSON": (feed_without_headers, '{"items":[' + "{}," * 1_600_000 + "{}]}"),
    "a larger feed of JSON": (feed_without_headers, '{"items":[' + "{}," * 3_200_000 + "{}]}"),
}


@pytest.mark.parametrize("case", LARGE_SOURCES)
def test_a_large_source_is_read_within_seconds(case: str) -> None:
    """A sitemap took 12 s."""
    read, text = LARGE_SOURCES[case]
    body = gzip.compress(text.encode(), 1)
    started = time.process_time()
    with contextlib.suppress(FetchError):
        read(body, URL)
    assert time.process_time() - started < MAX_SOURCE_SECONDS


@pytest.mark.parametrize("case", ["a sitemap of addresses", "a text of addresses"])
def test_a_sitemap_takes_ten_times_its_size_in_memory_at_most(case: str) -> None:
    """It took 25 times as much, 1.2 GB."""
    read, text = LARGE_SOURCES[case]
    text = text[:6_000_000]
    body = gzip.compress(text.encode(), 1)
    tracemalloc.start()
    try:
        assert len(read(body, URL)) == 2
        assert tracemalloc.get_traced_memory()[1] < 10 * len(text)
    finally:
        tracemalloc.stop()


def test_links_of_many_hyphens_are_read_within_seconds() -> None:
    page = "".join(f"<a href='/{'a-' * 40_000}{at}'>x</a>" for at in range(20))
    started = time.process_time()
    section_entries(page.encode(), URL, "text/html")
    assert time.process_time() - started < MAX_SOURCE_SECONDS


def test_a_feed_whose_elements_end_out_of_order_gets_a_clear_error() -> None:
    feed = b"<rss version='2.0'><channel><item><link>https://a.example/1</item></link></item></channel></rss>"
    with pytest.raises(FetchError, match="not a feed that can be read"):
        feed_entries(feed, "https://a.example/feed", {})
