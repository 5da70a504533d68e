"""Stored pages as a WARC file (ISO 28500, version 1.1), with a gzip member for each record."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from io import BytesIO
from typing import IO, Any
from uuid import NAMESPACE_URL, uuid5

from storage.database import Database
from storage.errors import ArchiveError, DamagedError
from storage.snapshots.listing import StoredPage
from storage.snapshots.store import Snapshot, load_snapshot

INSTALL_WARC_EXTRA = "WARC files need an extra: pip install 'variorum[warc]'"
WARC_SOFTWARE = "Variorum"
WARC_FORMAT = "WARC File Format 1.1"
# Variorum did not request the page of such a record: it was imported from a file.
IMPORTED_HEADER = "Variorum-Imported"
# These headers describe the encoded bytes on the wire, not the decoded bytes that are stored.
WIRE_ONLY_HEADERS = frozenset({"content-encoding", "transfer-encoding", "content-length"})


@dataclass(frozen=True, slots=True)
class WrittenRecord:
    """One record as it was written: its fetch, its `kind` ("response" or "revisit"), the payload's digest,
    and its offset and length in bytes."""

    page: StoredPage
    kind: str
    digest: str
    content_type: str
    offset: int
    length: int


class _CountingWriter:
    """Counts the bytes that are written to a file, which may be a pipe without a position."""

    def __init__(self, out: IO[bytes]) -> None:
        self._out = out
        self.size = 0

    def write(self, data: bytes) -> None:
        self._out.write(data)
        self.size += len(data)

    def flush(self) -> None:
        self._out.flush()


def write_warc(
    db: Database,
    pages: Iterable[StoredPage],
    out: IO[bytes],
    *,
    at: str,
    leave_out: Callable[[StoredPage, DamagedError], None],
) -> Iterator[WrittenRecord]:
    """Write a record for each fetch, as the caller iterates, after a warcinfo record dated `at`.

    The first fetch of a page has its bytes; later fetches of the same bytes refer to it. Memory holds one
    page at a time. A damaged page is given to `leave_out`. Raises ArchiveError if the extra is not installed.
    """
    try:
        from warcio.statusandheaders import StatusAndHeaders
        from warcio.warcwriter import WARCWriter
    except ImportError as error:
        raise ArchiveError(INSTALL_WARC_EXTRA) from error
    counter = _CountingWriter(out)
    writer = WARCWriter(counter, gzip=True, warc_version="WARC/1.1")
    for page in pages:
        if not counter.size:
            writer.write_record(_warcinfo(writer, StatusAndHeaders, at))
        offset = counter.size
        try:
            snapshot = load_snapshot(db, page.snapshot_id)
        except DamagedError as error:
            leave_out(page, error)
            continue
        headers = StatusAndHeaders(
            _status_line(page.http_status),
            _response_headers(snapshot.headers, len(snapshot.raw)),
            protocol="HTTP/1.1",
        )
        digest = f"sha256:{snapshot.sha256}"
        record = _page_record(writer, page, snapshot, headers, digest)
        writer.write_record(record)
        kind = snapshot.content_type or "text/html"
        yield WrittenRecord(page, record.rec_type, digest, kind, offset, counter.size - offset)


def _page_record(
    writer: Any, page: StoredPage, snapshot: Snapshot, headers: Any, digest: str
) -> Any:
    """A response record with the bytes for the first fetch of a page, else a revisit record."""
    record_headers = {
        "WARC-Record-ID": _record_id(page.fetch_id, page.url, page.fetched_at),
        "WARC-Date": page.fetched_at,
    }
    if page.is_imported:
        record_headers[IMPORTED_HEADER] = "true"
    if page.first_id == page.fetch_id:
        record_headers["WARC-Payload-Digest"] = digest
        return writer.create_warc_record(
            page.url, "response", payload=BytesIO(snapshot.raw), length=len(snapshot.raw),
            http_headers=headers, warc_headers_dict=record_headers,
        )  # fmt: skip
    record_headers["WARC-Refers-To"] = _record_id(page.first_id, page.first_url, page.first_at)
    return writer.create_revisit_record(
        page.url, digest, page.first_url, page.first_at,
        http_headers=headers, warc_headers_dict=record_headers,
    )  # fmt: skip


def _warcinfo(writer: Any, headers: Any, at: str) -> Any:
    fields = f"software: {WARC_SOFTWARE}\r\nformat: {WARC_FORMAT}\r\n".encode()
    record_headers = headers(
        "",
        [
            ("WARC-Type", "warcinfo"),
            ("WARC-Record-ID", f"<urn:uuid:{uuid5(NAMESPACE_URL, hashlib.sha256(fields).hexdigest() + at)}>"),
            ("WARC-Date", at),
        ],
        protocol="WARC/1.1",
    )  # fmt: skip
    return writer.create_warc_record(
        "", "warcinfo", warc_headers=record_headers, payload=BytesIO(fields), length=len(fields)
    )


def _record_id(fetch_id: int, url: str, at: str) -> str:
    """The WARC-Record-ID of a fetch: the same in every export."""
    return f"<urn:uuid:{uuid5(NAMESPACE_URL, f'{url} {at} {fetch_id}')}>"


def _status_line(code: int) -> str:
    try:
        return f"{code} {HTTPStatus(code).phrase}"
    except ValueError:  # no standard names this status
        return f"{code} Unknown"


def _response_headers(snapshot_headers: Mapping[str, str], length: int) -> list[tuple[str, str]]:
    true_headers = [
        (name, "".join(character for character in value if character.isprintable()))
        for name, value in snapshot_headers.items()
        if name not in WIRE_ONLY_HEADERS
    ]
    return [*true_headers, ("content-length", str(length))]
