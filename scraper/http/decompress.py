"""Compressed bodies are decompressed up to a limit, so that a bomb costs no more than a page.

Content-Encoding is a claim, not a fact: servers name a charset in it, or a coding that they did not
apply. Where the bytes are plain text, the bytes count.
"""

import zlib
from collections.abc import Callable, Mapping

import brotli
import zstandard

from scraper.errors import AnswerError
from scraper.patterns import lazy_pattern

GZIP_MAGIC = b"\x1f\x8b"
ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS
GZIP_CHUNK_BYTES = 4096
ZSTD_CHUNK_BYTES = 256
# A page comes in one member or a few; each costs a decompressor. It is encoded once, or twice.
MAX_MEMBERS = 10_000
MAX_CODINGS = 4
ZEROS = lazy_pattern(rb"\0*+")
# Text has none of these; of compressed bytes, every tenth is one.
CONTROL_BYTES = bytes({*range(32), 127} - set(b"\t\n\f\r\x1b"))
MIN_TEXT_BYTES, TEXT_PROBE_BYTES = 100, 1000


def decoded_body(data: bytes, headers: Mapping[str, str], *, max_bytes: int, url: str) -> bytes:
    """The body of an answer with these headers (names in lower case), as `decompress` gives it.

    A web page that is gzip without saying so is decompressed, too.
    """
    encoding = headers.get("content-encoding", "") if data else ""
    body = decompress(data, encoding, max_bytes=max_bytes, url=url)
    if body.startswith(GZIP_MAGIC) and "html" in headers.get("content-type", "").lower():
        return decompress(body, "gzip", max_bytes=max_bytes, url=url)
    return body


def decompress(data: bytes, encoding: str, *, max_bytes: int, url: str) -> bytes:
    """The body under a Content-Encoding ("gzip", "br", "zstd", "deflate", or several, or "").

    Text comes back as it is, whatever its label. Raises AnswerError if the body is larger than
    `max_bytes`, broken, cut short or in an unknown encoding.

    >>> decompress(b"<p>12 dead</p>", "utf-8", max_bytes=1000, url="https://example.org/a")
    b'<p>12 dead</p>'
    """
    codings = _codings(encoding)
    if len(codings) > MAX_CODINGS:
        raise AnswerError(
            url, f"the body is encoded {len(codings)} times; {MAX_CODINGS} are enough"
        )
    for name in reversed(codings):
        try:
            data = _decompress_one(data, name, max_bytes + 1, url)
        except (zlib.error, brotli.error, zstandard.ZstdError, EOFError) as error:
            if not _is_text(data):
                raise AnswerError(
                    url, f"the {name} body is broken or cut short ({error}); try again later"
                ) from error
    if len(data) > max_bytes:
        raise AnswerError(url, f"the body is larger than {max_bytes:,} bytes, the limit")
    return data


def _codings(encoding: str) -> list[str]:
    names = [part.partition(";")[0].strip(" \t\"'").lower() for part in encoding.split(",")]
    return [name for name in names if name not in ("", "identity")]


def _is_text(data: bytes) -> bool:
    """Whether the bytes were not compressed at all."""
    start = data[:TEXT_PROBE_BYTES]
    is_long_or_markup = len(start) >= MIN_TEXT_BYTES or start.lstrip().startswith(b"<")
    return is_long_or_markup and start == start.translate(None, CONTROL_BYTES)


def _decompress_one(data: bytes, name: str, limit: int, url: str) -> bytes:
    decoder = DECODERS.get(name)
    if decoder is not None:
        return decoder(data, limit)
    if _is_text(data):
        return data
    raise AnswerError(url, f"the server uses an encoding that was not requested: {name}")


def _gzip(data: bytes, limit: int) -> bytes:
    return _members(data, GZIP_OR_ZLIB, limit)


def _deflate(data: bytes, limit: int) -> bytes:
    try:
        return _members(data, GZIP_OR_ZLIB, limit)
    except zlib.error:  # some servers send raw deflate under this name
        return _members(data, -zlib.MAX_WBITS, limit)


def _members(data: bytes, window: int, limit: int) -> bytes:
    """The data of every member: some servers send a page in several, padded with zeros.

    What follows a whole member and begins none is no part of the page, as for gzip(1).
    """
    output = bytearray()
    position = 0
    for _ in range(MAX_MEMBERS):
        decompressor = zlib.decompressobj(window)
        while not decompressor.eof:
            chunk = data[position : position + GZIP_CHUNK_BYTES]
            if not chunk:
                raise EOFError("it ends in the middle")
            output += decompressor.decompress(chunk, limit - len(output))
            if len(output) >= limit:
                return bytes(output)
            position += len(chunk) - len(decompressor.unused_data)
        padding = ZEROS.match(data, position)
        position = padding.end() if padding else position
        if not data.startswith(GZIP_MAGIC, position):
            return bytes(output)
    raise EOFError(f"it has more than {MAX_MEMBERS:,} members")


def _zstd(data: bytes, limit: int) -> bytes:
    """The data of every frame, in small steps.

    The library cannot bound a step, whose result may be 30,000 times its size.
    """
    output = bytearray()
    position = 0
    for _ in range(MAX_MEMBERS):
        decompressor = zstandard.ZstdDecompressor().decompressobj()
        while not decompressor.eof:
            chunk = data[position : position + ZSTD_CHUNK_BYTES]
            if not chunk:
                raise EOFError("it ends in the middle")
            output += decompressor.decompress(chunk)
            if len(output) >= limit:
                return bytes(output)
            position += len(chunk) - len(decompressor.unused_data)
        if not _begins_frame(data, position):
            return bytes(output)
    raise EOFError(f"it has more than {MAX_MEMBERS:,} frames")


def _begins_frame(data: bytes, position: int) -> bool:
    """Whether a frame begins here, one with data or one to skip (RFC 8878 section 3.1.2)."""
    start = data[position : position + len(ZSTD_MAGIC)]
    return start == ZSTD_MAGIC or (start[1:] == b"\x2a\x4d\x18" and start[0] & 0xF0 == 0x50)


def _brotli(data: bytes, limit: int) -> bytes:
    try:
        return _brotli_stream(data, limit)
    except brotli.error:  # the library takes a line end after the stream for a fault
        return _brotli_stream(data.removesuffix(b"\n").removesuffix(b"\r"), limit)


def _brotli_stream(data: bytes, limit: int) -> bytes:
    decompressor = brotli.Decompressor()
    output = decompressor.process(data, output_buffer_limit=limit)
    if len(output) < limit and not decompressor.is_finished():
        raise EOFError("it ends in the middle")
    return bytes(output)


DECODERS: dict[str, Callable[[bytes, int], bytes]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}
