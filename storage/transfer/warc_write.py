"""Stored pages as a WARC (ISO 28500, version 1.1), one gzip member per record."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from io import BytesIO
from typing import IO, Any
from uuid import NAMESPACE_URL, uuid5

from sqlite_utils import Database

from storage.errors import ArchiveError
from storage.snapshots.listing import StoredPage
from storage.snapshots.store import load

INSTALL = "WARC files need an extra: pip install 'variorum[warc]'"
SOFTWARE = "Variorum"
FORMAT = "WARC File Format 1.1"
# They were true of the bytes on the wire; the stored bytes are opened.
UNTRUE = frozenset({"content-encoding", "transfer-encoding", "content-length"})


@dataclass(frozen=True, slots=True)
class Written:
    """One record as it was written: the look, "response" or "revisit", the payload's digest, and
    where the record begins and how long it is, in bytes."""

    page: StoredPage
    kind: str
    digest: str
    content_type: str
    offset: int
    length: int


class _Counted:
    """What is written to a file that cannot tell how much that was."""

    def __init__(self, out: IO[bytes]) -> None:
        self._out = out
        self.size = 0

    def write(self, data: bytes) -> None:
        self._out.write(data)
        self.size += len(data)

    def flush(self) -> None:
        self._out.flush()


def write_warc(
    db: Database, pages: Iterable[StoredPage], out: IO[bytes], *, at: str
) -> Iterator[Written]:
    """Write a record per look while it is iterated, after a warcinfo of the time `at`; the first
    look at a page holds its bytes, later ones refer to it.

    No more than one page is held at a time. Raises ArchiveError where the extra is not installed.
    """
    try:
        from warcio.statusandheaders import StatusAndHeaders
        from warcio.warcwriter import WARCWriter
    except ImportError as error:
        raise ArchiveError(INSTALL) from error
    counted = _Counted(out)
    writer = WARCWriter(counted, gzip=True, warc_version="WARC/1.1")
    for page in pages:
        if not counted.size:
            writer.write_record(_warcinfo(writer, StatusAndHeaders, at))
        offset = counted.size
        snapshot = load(db, page.snapshot_id)
        digest = f"sha256:{snapshot.sha256}"
        headers = StatusAndHeaders(
            _status(page.http_status), _headers(snapshot.headers, len(snapshot.raw)),
            protocol="HTTP/1.1",
        )  # fmt: skip
        named = {
            "WARC-Record-ID": _record_id(page.look_id, page.url, page.fetched_at),
            "WARC-Date": page.fetched_at,
        }
        if page.first_id == page.look_id:
            named["WARC-Payload-Digest"] = digest
            record = writer.create_warc_record(
                page.url, "response", payload=BytesIO(snapshot.raw), length=len(snapshot.raw),
                http_headers=headers, warc_headers_dict=named,
            )  # fmt: skip
        else:
            named["WARC-Refers-To"] = _record_id(page.first_id, page.first_url, page.first_at)
            record = writer.create_revisit_record(
                page.url, digest, page.first_url, page.first_at,
                http_headers=headers, warc_headers_dict=named,
            )  # fmt: skip
        writer.write_record(record)
        kind = snapshot.content_type or "text/html"
        yield Written(page, record.rec_type, digest, kind, offset, counted.size - offset)


def _warcinfo(writer: Any, headers: Any, at: str) -> Any:
    fields = f"software: {SOFTWARE}\r\nformat: {FORMAT}\r\n".encode()
    named = headers(
        "",
        [
            ("WARC-Type", "warcinfo"),
            ("WARC-Record-ID", f"<urn:uuid:{uuid5(NAMESPACE_URL, hashlib.sha256(fields).hexdigest() + at)}>"),
            ("WARC-Date", at),
        ],
        protocol="WARC/1.1",
    )  # fmt: skip
    return writer.create_warc_record(
        "", "warcinfo", warc_headers=named, payload=BytesIO(fields), length=len(fields)
    )


def _record_id(look_id: int, url: str, at: str) -> str:
    """The same look has the same id in every export."""
    return f"<urn:uuid:{uuid5(NAMESPACE_URL, f'{url} {at} {look_id}')}>"


def _status(code: int) -> str:
    try:
        return f"{code} {HTTPStatus(code).phrase}"
    except ValueError:  # a number that no standard names
        return f"{code} Unknown"


def _headers(stored: Mapping[str, str], length: int) -> list[tuple[str, str]]:
    kept = [
        (name, "".join(character for character in value if character.isprintable()))
        for name, value in stored.items()
        if name not in UNTRUE
    ]
    return [*kept, ("content-length", str(length))]
