"""The pages of an archive, stored in a temporary file to be read by address in the order of time."""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from zstandard import ZstdCompressor, ZstdDecompressor

from scraper.errors import UrlError
from scraper.urls import canonical_url
from storage.snapshots.store import ZSTD_LEVEL, Snapshot
from storage.timestamps import parse_instant, to_text
from storage.transfer.warc_read import Capture

CAPTURE_TABLES = """
create table pages (id integer primary key, address_key text, url text, at text, digest text, headers text, body blob,
    first_url text, first_at text);
create index pages_address on pages (address_key, at);
create index pages_digest on pages (digest) where body is not null;
create index pages_url on pages (url, at);
"""


@dataclass(frozen=True, slots=True)
class ArchivedPage:
    """A page of an archive, under its canonical URL, with the time of its capture."""

    url: str
    at: datetime
    snapshot: Snapshot


class CaptureStore:
    """Owns a temporary database of pages in `folder`; memory holds one page at a time."""

    def __init__(self, folder: Path) -> None:
        self._conn = sqlite3.connect(folder / "pages.db", isolation_level=None)
        self._conn.execute("pragma journal_mode = off")
        self._conn.execute("pragma synchronous = off")
        for statement in CAPTURE_TABLES.split(";\n"):
            self._conn.execute(statement)

    def close(self) -> None:
        self._conn.close()

    def add(self, capture: Capture, url: str) -> None:
        """Store a capture under its canonical URL."""
        body = capture.body
        self._conn.execute(
            "insert into pages (address_key, url, at, digest, headers, body, first_url, first_at)"
            " values (?, ?, ?, ?, ?, ?, ?, ?)",
            [
                without_scheme(url), url, to_text(capture.at), capture.digest, json.dumps(dict(capture.headers)),
                None if body is None else ZstdCompressor(level=ZSTD_LEVEL).compress(body),
                _canonical_or_none(capture.first_url), to_text(capture.first_at) if capture.first_at else None,
            ],
        )  # fmt: skip

    def address_keys(self) -> list[str]:
        """Every address that has pages, without its scheme, earliest capture first."""
        rows = self._conn.execute(
            "select address_key from pages group by address_key order by min(at), address_key"
        )
        return [row[0] for row in rows.fetchall()]

    def pages_of(self, address_key: str) -> Iterator[ArchivedPage | None]:
        """The pages of an address, oldest first; None for a revisit whose original page is missing."""
        rows = self._conn.execute(
            "select id, url, at from pages where address_key = ? order by at, id", [address_key]
        ).fetchall()
        for page_id, url, at in rows:
            snapshot = self._snapshot(page_id)
            captured_at = parse_instant(at)
            assert captured_at is not None
            yield ArchivedPage(url, captured_at, snapshot) if snapshot else None

    def at(self, url: str, at: str) -> list[Snapshot]:
        """The pages of a canonical URL captured at a time, in the order of the archive."""
        rows = self._conn.execute(
            "select id from pages where url = ? and at = ? order by id", [url, at]
        ).fetchall()
        snapshots = [self._snapshot(row[0]) for row in rows]
        return [snapshot for snapshot in snapshots if snapshot]

    def _snapshot(self, page_id: int) -> Snapshot | None:
        row = self._conn.execute(
            "select headers, body, digest, first_url, first_at from pages where id = ?", [page_id]
        ).fetchone()
        if row[1] is None:
            row = self._original(*row[2:])
        return Snapshot(ZstdDecompressor().decompress(row[1]), json.loads(row[0])) if row else None

    def _original(
        self, digest: str | None, url: str | None, at: str | None
    ) -> tuple[str, bytes] | None:
        """Headers and compressed bytes of the page that a revisit refers to."""
        row: tuple[str, bytes] | None = self._conn.execute(
            "select headers, body from pages where body is not null"
            " and ((digest = ?) or (url = ? and at = ?)) order by digest is ? desc, id limit 1",
            [digest, url, at, digest],
        ).fetchone()
        return row


def without_scheme(url: str) -> str:
    """The URL without its scheme: an archive may have a page under both http and https."""
    return url.partition("://")[2]


def _canonical_or_none(url: str | None) -> str | None:
    try:
        return canonical_url(url or "")
    except UrlError:  # no page is stored under such an address
        return None
