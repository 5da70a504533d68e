"""Compressed bodies are opened up to a cap, so that a bomb costs no more than a page."""

import zlib

import brotli
import zstandard

from scraper.errors import AnswerError, FetchError

GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS
ZSTD_STEP = 256


def inflate(data: bytes, encoding: str, *, cap: int, url: str) -> bytes:
    """The body behind a Content-Encoding ("gzip", "br", "zstd", "deflate", or several, or "").

    Raises FetchError where the opened body would pass `cap` bytes, or the data is broken or cut.
    """
    for name in reversed([part.strip().lower() for part in encoding.split(",") if part.strip()]):
        if name == "identity":
            continue
        try:
            data = _open(data, name, cap + 1, url)
        except (zlib.error, brotli.error, zstandard.ZstdError, EOFError) as error:
            raise FetchError(url, f"the {name} body is broken or cut short ({error})") from error
    if len(data) > cap:
        raise AnswerError(url, f"the body is larger than {cap:,} bytes; not read further")
    return data


def _open(data: bytes, name: str, limit: int, url: str) -> bytes:
    if name in ("gzip", "x-gzip"):
        return _zlib(data, GZIP_OR_ZLIB, limit)
    if name == "deflate":
        try:
            return _zlib(data, GZIP_OR_ZLIB, limit)
        except zlib.error:  # raw deflate, which some servers send under this name
            return _zlib(data, -zlib.MAX_WBITS, limit)
    if name == "br":
        return _brotli(data, limit)
    if name == "zstd":
        return _zstd(data, limit)
    raise FetchError(url, f"the body has an encoding that was not asked for: {name}")


def _zlib(data: bytes, window: int, limit: int) -> bytes:
    """Every member of the stream: some servers send a page in several."""
    opened = b""
    while data:
        opener = zlib.decompressobj(window)
        opened += opener.decompress(data, limit - len(opened))
        if len(opened) >= limit:
            break
        if not opener.eof:
            raise EOFError("it ends in the middle")
        data = opener.unused_data.lstrip(b"\0")  # padding after the last member
    return opened


def _zstd(data: bytes, limit: int) -> bytes:
    """Every frame, in small steps: a step may open to 30,000 times its size, and cannot be bounded."""
    opened = bytearray()
    while data:
        opener = zstandard.ZstdDecompressor().decompressobj()
        fed = 0
        while not opener.eof and len(opened) < limit:
            if fed >= len(data):
                raise EOFError("it ends in the middle")
            opened += opener.decompress(data[fed : fed + ZSTD_STEP])
            fed += ZSTD_STEP
        if len(opened) >= limit:
            break
        data = opener.unused_data + data[fed:]
    return bytes(opened)


def _brotli(data: bytes, limit: int) -> bytes:
    opener = brotli.Decompressor()
    opened = opener.process(data, output_buffer_limit=limit)
    if len(opened) < limit and not opener.is_finished():
        raise EOFError("it ends in the middle")
    return bytes(opened)
