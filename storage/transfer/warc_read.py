"""The pages in a WARC file (ISO 28500), one after another; other records are skipped."""

import hashlib
import re
import zlib
from base64 import b32encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import IO, Any

from scraper.errors import AnswerError, FetchError
from scraper.http.decompress import decoded_body
from scraper.patterns import lazy_pattern
from storage.errors import ArchiveError
from storage.transfer.warc_stream import WarcStream
from storage.transfer.warc_write import INSTALL_WARC_EXTRA

# The largest page, in uncompressed bytes; and the longest headers of a record (cookies can be long).
MAX_CAPTURE_BYTES = 10_000_000
KNOWN_DIGESTS = frozenset({"sha1", "sha256"})
MAX_HEADER_BYTES = 512_000
RECORD_CHUNK_BYTES = 1 << 16
# As crawlers write it: HTTP/1.1, HTTP/2, HTTP/2.0, h3.
HTTP_VERSION = lazy_pattern(r"HTTP(?:/\d(?:\.\d)?)?|h[23]c?", re.I)
# Before a chunk: the end of the one before, the size, extensions (RFC 9112 section 7.1).
CHUNK_HEAD = lazy_pattern(rb"(?:\r?\n)?([0-9a-fA-F]{1,8})[ \t]*+(?:;[^\r\n]{0,1000}+)?\r?\n")
PAGE_RECORDS = ("response", "revisit", "resource")
HTML_MEDIA_TYPES = ("text/html", "application/xhtml+xml", "")


@dataclass(frozen=True, slots=True)
class Capture:
    """A page that was captured with status 200.

    `body` is None for a revisit, which has the page of another record. That record has the same digest, or
    was captured from `first_url` at `first_at`. `is_altered` says that the bytes do not have the digest of their record.
    """

    url: str
    at: datetime
    headers: Mapping[str, str]
    body: bytes | None
    digest: str | None
    first_url: str | None = None
    first_at: datetime | None = None
    is_altered: bool = False


def read_warc(file: IO[bytes], name: str) -> Iterator[Capture | None]:
    """Each record in turn: a page, or None for other records and for pages too large or cut short.

    Memory holds one page at a time. Raises ArchiveError if the file is damaged (with the offset of the
    record) or if the extra is not installed.
    """
    try:
        from warcio.exceptions import ArchiveLoadFailed
        from warcio.recordloader import ArcWarcRecordLoader
    except ImportError as error:
        raise ArchiveError(INSTALL_WARC_EXTRA) from error
    # It would refuse every status line but those of HTTP/1: `_http_headers` reads them all.
    loader = ArcWarcRecordLoader(verify_http=False)
    stream = WarcStream(file)
    while True:
        try:
            if not stream.begin(MAX_HEADER_BYTES):
                return
            record = loader.parse_record_stream(stream, known_format="warc", no_record_parse=True)
            if not (record.rec_headers.get_header("Content-Length") or "").isdecimal():
                raise ValueError("a record has no Content-Length")
            capture = _capture(loader, record)
            while record.raw_stream.read(RECORD_CHUNK_BYTES):
                pass
            if record.raw_stream.limit:
                raise EOFError
            stream.end()
        except (ArchiveLoadFailed, ValueError, zlib.error) as error:
            raise ArchiveError(
                f"{name}: the record at byte {stream.offset} is damaged ({_record_error(error)})"
            ) from error
        except EOFError as error:
            raise ArchiveError(
                f"{name}: the file ends in the middle of the record at byte {stream.offset}; was it cut short?"
            ) from error
        yield capture


def _capture(loader: Any, record: Any) -> Capture | None:
    record_headers = record.rec_headers
    url, at = (
        record_headers.get_header("WARC-Target-URI"),
        _warc_date(record_headers.get_header("WARC-Date")),
    )
    kind = (record.rec_type or "").lower()
    is_web = (url or "").lower().startswith(("http://", "https://"))
    if kind not in PAGE_RECORDS or not is_web or record_headers.get_header("WARC-Truncated"):
        return None
    http = _http_headers(loader, record, kind)
    if at is None or (http is not None and http.get_statuscode() != "200"):
        return None
    headers = _lower_case_headers(http)
    if kind == "resource":  # a page without its HTTP answer
        headers = {"content-type": record.content_type or ""}
    digest = record_headers.get_header("WARC-Payload-Digest")
    if kind == "revisit":
        original = (
            record_headers.get_header("WARC-Refers-To-Target-URI"),
            _warc_date(record_headers.get_header("WARC-Refers-To-Date")),
        )
        is_same = "identical-payload-digest" in (record_headers.get_header("WARC-Profile") or "")
        return Capture(url, at, headers, None, digest, *original) if is_same else None
    media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
    if (http is None and kind != "resource") or media_type not in HTML_MEDIA_TYPES:
        return None
    payload = _payload(record.raw_stream)
    body = None if payload is None else _decoded(payload, headers, url)
    if not body or payload is None:
        return None
    is_altered = not _has_digest(digest, (body, payload, _dechunked(payload, headers)))
    return Capture(url, at, headers, body, digest, is_altered=is_altered)


def _http_headers(loader: Any, record: Any, kind: str) -> Any:
    """The status line and headers of the response; None if there are none."""
    try:
        http = loader.load_http_headers(kind, "http:", record.raw_stream, record.length)
    except EOFError:
        return None
    return http if http and HTTP_VERSION.fullmatch(http.protocol) else None


def _lower_case_headers(http: Any) -> dict[str, str]:
    return {name.lower(): value for name, value in (http.headers if http else ())}


def _payload(stream: Any) -> bytes | None:
    """The bytes of a page as they are in the record; None if it is too large."""
    parts: list[bytes] = []
    size = 0
    while part := stream.read(RECORD_CHUNK_BYTES):
        size += len(part)
        if size > MAX_CAPTURE_BYTES:
            return None
        parts.append(part)
    return b"".join(parts)


def _decoded(payload: bytes, headers: Mapping[str, str], url: str) -> bytes | None:
    """The page, decoded; None if it is too large.

    Many archives store decoded bytes with the headers of the encoded ones. So bytes that cannot be decoded
    but begin like HTML count as decoded.
    """
    data = _dechunked(payload, headers)
    try:
        return decoded_body(data, headers, max_bytes=MAX_CAPTURE_BYTES, url=url)
    except AnswerError:
        return None
    except FetchError:
        return data if data.lstrip()[:1] == b"<" else None


def _dechunked(data: bytes, headers: Mapping[str, str]) -> bytes:
    """The body without its chunks; what is in none, because the archive has removed them, stays as it is."""
    if headers.get("transfer-encoding", "").lower() != "chunked":
        return data
    parts: list[bytes] = []
    position = 0
    while head := CHUNK_HEAD.match(data, position):
        size = int(head[1], 16)
        position = head.end() + size
        parts.append(data[head.end() : position])
        if size == 0 or position >= len(data):
            return b"".join(parts)
    return b"".join([*parts, data[position:]])


def _has_digest(digest: str | None, forms: tuple[bytes, ...]) -> bool:
    """Does one form of a page have this digest ("sha1:" or "sha256:", then hexadecimal or base 32)?

    Crawlers take it of the bytes as they came, without their chunks, or decoded. A digest of another kind is not judged.
    """
    name, _, value = (digest or "").partition(":")
    if name.lower() not in KNOWN_DIGESTS:
        return True
    digests = [hashlib.new(name.lower(), form).digest() for form in dict.fromkeys(forms)]
    texts = {text for one in digests for text in (one.hex(), b32encode(one).decode().rstrip("="))}
    return value.rstrip("=").upper() in {text.upper() for text in texts}


def _warc_date(text: str | None) -> datetime | None:
    """A WARC-Date, which may be as short as a year; None if it is not a date."""
    try:
        at = datetime.fromisoformat((text or "").strip())
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _record_error(error: Exception) -> str:
    text = " ".join(str(error).split()) or type(error).__name__
    return text if len(text) < 200 else f"{text[:200]}…"
