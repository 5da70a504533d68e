"""What reads strangers' bytes, each with small valid inputs and the errors that it may raise."""

import asyncio
import contextlib
import gzip
import shutil
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import brotli
import zstandard

from benchmarks.fuzz import seeds
from benchmarks.fuzz.seeds import URL, bundle_with, command
from schedules.check import check
from schedules.check.observe import Request, observe
from schedules.hosts.network import Network
from schedules.hosts.politeness import Hosts, retry_after
from scraper.errors import ScraperError
from scraper.extract import extract
from scraper.feeds import feed_entries, feed_ttl, max_age, section_entries, sitemap_entries
from scraper.fetch import Fetcher, Response
from scraper.http.charset import decode
from scraper.http.decompress import decompress
from scraper.http.robots import robots_from
from storage.database import open_database
from storage.diff import compare

NOW = datetime(2026, 5, 14, 12, tzinfo=UTC)
CONTENT_TYPES = (
    None, "text/html; charset=utf-8", "text/html; charset=euc-kr", "text/html; charset=iso-8859-1",
    "text/html; charset=iso-2022-jp", "text/html",
)  # fmt: skip
COMPRESSORS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress, "deflate": zlib.compress, "br": lambda data: brotli.compress(data, quality=3), "zstd": zstandard.compress,
}  # fmt: skip
HTML_PIECES = (
    b"<p>", b"</p>", b"<div>", b"<b>", b"<table><tr><td>", b"<a href=x>", b"<script>", b"<!--", b"-->", b"<svg>", b"<select><option>",
    b"<meta name=author content='Ana Bo'>", b"<time datetime='2026-05-14'>", b'<script type="application/ld+json">{"@type":"NewsArticle"',
    b"</script>", b' class="', b"<h1>", b"<font id=1>", b"<li>", b"<template>", b"charset=", b"By ", b"|", b" - ",
)  # fmt: skip
XML_PIECES = (
    b"<![CDATA[", b"]]>", b"<!--", b"<?", b"<!DOCTYPE", b"<!ENTITY a 'b'>", b"<item>", b"</item>", b"<entry>", b"<link>", b"<loc>", b"</loc>",
    b"<lastmod>", b"<author>", b" xmlns:a='b'", b"<a:", b"&lt;a ", b"<rss>", b"<feed>", b"{", b'"items":[',
)  # fmt: skip
JSON_PIECES = (b'"', b"{", b"}", b"[", b"]", b"null", b"1e999", b"-1", b"\\u0000", b"\\ud800", b'"id":', b'"body":', b'"url":', b'"table":')  # fmt: skip
READING_COMMANDS = (
    ("doctor", "--full"), ("list",), ("log", "--json"), ("show", URL), ("diff", URL), ("blame", URL), ("stats",), ("search", "bridge"),
    ("export", "--format", "jsonl"), ("rebuild", "--dry-run"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FuzzTarget:
    """Valid inputs, pieces of their format, and what reads them: it raises only for a finding."""

    seeds: Sequence[bytes]
    pieces: Sequence[bytes]
    read: Callable[[bytes], object]


class WrongTextError(Exception):
    """A text came out that SQLite and JSON cannot take."""


def targets(folder: Path) -> Mapping[str, FuzzTarget]:
    """Every target by its name; the folder holds what the program made."""
    made = seeds.made_by_the_program(folder)
    pages = seeds.pages()
    feeds = [text.encode() for text in (seeds.RSS, seeds.ATOM, seeds.JSON_FEED)]
    maps = [text.encode() for text in (seeds.SITEMAP, seeds.SITEMAP_INDEX, seeds.RSS)]
    xml = (*XML_PIECES, *HTML_PIECES[:6])
    bundle = made["bundle"]
    return {
        "page": FuzzTarget(pages, HTML_PIECES, _read_page),
        "check": FuzzTarget(pages, HTML_PIECES, lambda data: _check(pages, data)),
        "edit": FuzzTarget(pages, HTML_PIECES, lambda data: _compare(pages, data)),
        "feed": FuzzTarget(feeds, xml, lambda data: _allowed(feed_entries, data, URL, {})),
        "sitemap": FuzzTarget(maps, xml, lambda data: _allowed(sitemap_entries, data, URL)),
        "section": FuzzTarget([seeds.SECTION.encode()], HTML_PIECES, lambda data: section_entries(data, URL, None)),
        "robots": FuzzTarget([seeds.ROBOTS.encode()], (b"User-agent: ", b"Disallow: /", b"*", b"$"), _read_robots),
        "header": FuzzTarget([b"Thu, 14 May 2026 12:00:00 GMT", b"text/html; charset=utf-8", b"max-age=600", b"120"], (), _read_header),
        "charset": FuzzTarget([page for page in pages if not page.isascii()], (b"<meta charset=", b"\x1b$B", b"\x1b$)C"), _decode),
        "encoding": FuzzTarget([pack(pages[0]) for pack in COMPRESSORS.values()], [pack(b"") for pack in COMPRESSORS.values()], _decompress),
        "warc": FuzzTarget([seeds.warc()], (b"WARC/1.1\r\n", b"Content-Length: ", b"HTTP/1.1 200 OK\r\n"), lambda data: _import(data, "f.warc")),
        "jsonl": FuzzTarget([made["jsonl"]], JSON_PIECES, lambda data: _import(data, "f.jsonl")),
        "bundle": FuzzTarget([bundle], (b"PK\x03\x04", b"PK\x01\x02"), lambda data: _import(data, "f.wacz")),
        "bundle-history": FuzzTarget([made["jsonl"]], JSON_PIECES, lambda data: _import(bundle_with(bundle, "history.jsonl", data), "f.wacz")),
        "database": FuzzTarget([made["database"]], (), _read_database),
    }  # fmt: skip


def _allowed(read: Callable[..., Any], *arguments: Any) -> Any:
    """What a reader gives, None if it raises the error that it may raise."""
    with contextlib.suppress(ScraperError):
        return read(*arguments)
    return None


def _content_type(data: bytes) -> str | None:
    return CONTENT_TYPES[len(data) % len(CONTENT_TYPES)]


def _read_page(data: bytes) -> None:
    headers = {"content-type": _content_type(data) or "text/html"}
    observation = observe(Request(URL), NOW, Response(URL, URL, 200, headers, data, 1))
    reason = observation.verdict.reason if observation.verdict else ""
    if reason.startswith("extractor fault"):
        raise WrongTextError(reason)
    article = _allowed(extract, data, URL)
    if article is None:
        return
    texts = [article.url, article.headline, article.dek, article.section, article.lang]
    for text in filter(None, [*texts, *article.byline, *article.paragraphs, *article.captions]):
        text.encode()
        if "\0" in text:
            raise WrongTextError(f"NUL in {text[:40]!r}")


class ServesPages(Fetcher):
    """Answers each request but that for robots.txt with the next page."""

    def __init__(self, pages: Sequence[bytes]) -> None:
        super().__init__()
        self.pages = iter(pages)

    async def fetch(self, url: str, *rest: Any, **options: Any) -> Response:
        """The next page."""
        if url.endswith("/robots.txt"):
            return Response(url, url, 404, {}, b"", 1)
        return Response(url, url, 200, {"content-type": "text/html"}, next(self.pages), 1)


def _check(pages: Sequence[bytes], data: bytes) -> None:
    """Check an article whose page becomes hostile, and is itself again."""
    page = pages[len(data) % len(pages)]
    served = ServesPages([page, data, data, page, page, page])
    time = NOW

    def now() -> datetime:
        nonlocal time
        time += timedelta(seconds=1)
        return time

    async def sleep(seconds: float) -> None:
        """Wait for nothing."""

    async def check_all() -> None:
        nonlocal time
        network = Network(served, Hosts(now, timedelta(0), sleep), now)
        for _ in range(3):
            await check(db, URL, network)
            time += timedelta(hours=1)

    with TemporaryDirectory(prefix="variorum-fuzz-") as folder:
        db = open_database(Path(folder) / "f.db")
        try:
            asyncio.run(check_all())
        finally:
            db.close()


def _compare(pages: Sequence[bytes], data: bytes) -> None:
    """The edits from each page of the fixtures to a hostile one."""
    new = _allowed(extract, data, URL)
    old = _allowed(extract, pages[len(data) % len(pages)], URL)
    if old is not None and new is not None:
        compare(old, new)
        compare(new, old)


def _read_robots(data: bytes) -> None:
    robots = robots_from(200, data, now=NOW)
    path = data[:2_000].decode("latin-1").replace("\n", "/")
    robots.allows(f"https://example.org/{path}")
    robots.allows("https://example.org/" + "a" * 2_000)
    assert robots.crawl_delay is not None


def _read_header(data: bytes) -> None:
    text = data.decode("latin-1")
    retry_after(text, now=NOW)
    max_age({"cache-control": text})
    decode(b"caf\xe9", text)
    feed_ttl(data)


def _decode(data: bytes) -> None:
    text, charset = decode(data, _content_type(data))
    text.encode("utf-8", "surrogatepass")
    assert charset


def _decompress(data: bytes) -> None:
    for name in COMPRESSORS:
        _allowed(
            lambda data, name: decompress(data, name, max_bytes=10_000_000, url=URL), data, name
        )
    _allowed(lambda data: decompress(data, "gzip, br", max_bytes=10_000_000, url=URL), data)


def _import(data: bytes, name: str) -> None:
    """Import a file into an empty database, as a person does; a traceback is a finding."""
    with TemporaryDirectory(prefix="variorum-fuzz-") as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        command("--db", Path(folder) / "f.db", "import", path)


def _read_database(data: bytes) -> None:
    """Read a damaged database with one of the commands."""
    with TemporaryDirectory(prefix="variorum-fuzz-") as folder:
        path = Path(folder) / "f.db"
        path.write_bytes(data)
        command("--db", path, *READING_COMMANDS[zlib.crc32(data) % len(READING_COMMANDS)])
        shutil.rmtree(folder, ignore_errors=True)
        Path(folder).mkdir()
