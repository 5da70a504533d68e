"""Small valid inputs of every format, most of them written by the program itself."""

import contextlib
import hashlib
import io
import json
import os
import sqlite3
import sys
import zipfile
from pathlib import Path

from benchmarks.support.paths import ROOT

FIXTURES = ROOT / "fixtures" / "articles"
URL = "https://news.example.kr/2026/05/14/story"
DAYS = ("2026-05-14T10:00:00Z", "2026-05-14T12:00:00Z", "2026-05-15T10:00:00Z")
WARC_RECORD = (
    "WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-00000000000{number}>\r\n"
    "WARC-Target-URI: {url}\r\nWARC-Date: {at}\r\nContent-Type: application/http; msgtype=response\r\n"
    "Content-Length: {length}\r\n\r\n"
)
HTTP_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
RSS = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Harbour News</title><ttl>15</ttl>
<item><title>Bridge opens &amp; closes</title><link>https://example.org/news/1?a=1&amp;b=2</link><guid isPermaLink="false">n1</guid>
<pubDate>Thu, 14 May 2026 12:00:00 GMT</pubDate><author>ana@example.org (Ana Bo)</author>
<description><![CDATA[<p style="color:red">The bridge <a href="/x">opened</a>.</p>]]></description></item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://example.org/"><title>다리 소식</title>
<entry><title type="html">다리 &lt;b&gt;개통&lt;/b&gt;</title><link rel="alternate" href="news/2"/><id>tag:example.org,2026:2</id>
<author><name>홍길동</name></author><updated>2026-05-14T12:00:00+09:00</updated><summary>요약</summary></entry></feed>"""
JSON_FEED = '{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "3", "url": "https://example.org/news/3", "date_modified": "2026-05-14T12:00:00Z"}]}'
SITEMAP = """<?xml version="1.0"?><urlset xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>https://example.org/news/1</loc>
<lastmod>2026-05-14</lastmod><news:news><news:publication_date>2026-05-13T08:00Z</news:publication_date></news:news></url>
<url><loc><![CDATA[https://example.org/news/2]]></loc></url></urlset>"""
SITEMAP_INDEX = "<sitemapindex><sitemap><loc>https://example.org/a.xml</loc><lastmod>2026-05-14</lastmod></sitemap></sitemapindex>"
SECTION = """<html><head><base href="/news/"></head><body><a href="bridge-opens-after-repair">Bridge</a>
<a href="/2026/05/14/4711">Ferry</a><a href="https://other.example/news/20260514">Other</a></body></html>"""
ROBOTS = """User-agent: *\nDisallow: /private/*.html$\nAllow: /private/news*\nCrawl-delay: 2\nRequest-rate: 1/5s 0900-1700\n
User-agent: Variorum/1.0\nDisallow: /search\nSitemap: https://example.org/sitemap.xml\n"""


def pages() -> list[bytes]:
    """The pages of the fixtures."""
    return [path.read_bytes() for path in sorted(FIXTURES.glob("*/v*.html"))]


def warc() -> bytes:
    """Three captures of an article, of which the last shows an edit."""
    versions = sorted((FIXTURES / "en-wire").glob("v*.html"))
    captures = [versions[0], versions[0], versions[-1]]
    return b"".join(
        _record(number, at, path.read_bytes())
        for number, (at, path) in enumerate(zip(DAYS, captures, strict=True))
    )


def _record(number: int, at: str, page: bytes) -> bytes:
    http = HTTP_HEAD + page
    head = WARC_RECORD.format(number=number, url=URL, at=at, length=len(http))
    return head.encode() + http + b"\r\n\r\n"


def command(*arguments: str | Path) -> int:
    """Run a command of the program in this process; its exit status, and nothing of its output."""
    from variorum.cli import main

    with (
        open(os.devnull, "w", encoding="utf-8") as silence,
        contextlib.redirect_stdout(silence),
        contextlib.redirect_stderr(silence),
    ):
        try:
            main([str(argument) for argument in arguments], prog_name="variorum")
        except SystemExit as ending:
            return ending.code if isinstance(ending.code, int) else 1
    return 0


def made_by_the_program(folder: Path) -> dict[str, bytes]:
    """A database, JSON lines and an evidence bundle of the captures of `warc`."""
    archive, database = folder / "seed.warc", folder / "seed.db"
    archive.write_bytes(warc())
    outputs = {"jsonl": folder / "seed.jsonl", "bundle": folder / "seed.wacz"}
    statuses = [command("--db", database, "import", archive)]
    statuses.append(command("--db", database, "export", "--format", "jsonl", "--output", outputs["jsonl"]))  # fmt: skip
    statuses.append(command("--db", database, "export", "--format", "bundle", URL, "--output", outputs["bundle"]))  # fmt: skip
    if any(statuses):
        sys.exit(f"the seeds cannot be made: {statuses}")
    made = {name: path.read_bytes() for name, path in outputs.items()}
    whole = folder / "whole.db"
    with contextlib.closing(sqlite3.connect(database)) as connection:
        connection.execute("vacuum into ?", [str(whole)])  # one file, without a log beside it
    return {**made, "database": whole.read_bytes()}


def bundle_with(bundle: bytes, name: str, data: bytes) -> bytes:
    """The bundle with another member, and hashes that agree."""
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        members = {member: archive.read(member) for member in archive.namelist()}
    members[name] = data
    package = json.loads(members["datapackage.json"])
    for resource in package["resources"]:
        body = members[resource["path"]]
        resource["hash"], resource["bytes"] = _sha256(body), len(body)
    members["datapackage.json"] = json.dumps(package).encode()
    digest = {"path": "datapackage.json", "hash": _sha256(members["datapackage.json"])}
    members["datapackage-digest.json"] = json.dumps(digest).encode()
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as archive:
        for member, body in members.items():
            archive.writestr(member, body)
    return output.getvalue()


def _sha256(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"
