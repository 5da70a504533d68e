"""Compressed bodies are decompressed up to a limit, so that a bomb costs no more than a page."""

import zlib

import brotli
import zstandard

from scraper.errors import AnswerError, FetchError

GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS
ZSTD_CHUNK_BYTES = 256


def decompress(data: bytes, encoding: str, *, max_bytes: int, url: str) -> bytes:
    """The body under a Content-Encoding ("gzip", "br", "zstd", "deflate", or several, or "").

    Raises AnswerError if it is larger than `max_bytes`, FetchError if the data is broken or cut short.
    """
    for name in reversed([part.strip().lower() for part in encoding.split(",") if part.strip()]):
        if name == "identity":
            continue
        try:
            data = _decompress_one(data, name, max_bytes + 1, url)
        except (zlib.error, brotli.error, zstandard.ZstdError, EOFError) as error:
            raise FetchError(
                url, f"the {name} body is broken or cut short ({error}); try again later"
            ) from error
    if len(data) > max_bytes:
        raise AnswerError(url, f"the body is larger than {max_bytes:,} bytes, the limit")
    return data


def _decompress_one(data: bytes, name: str, limit: int, url: str) -> bytes:
    if name in ("gzip", "x-gzip"):
        return _zlib(data, GZIP_OR_ZLIB, limit)
    if name == "deflate":
        try:
            return _zlib(data, GZIP_OR_ZLIB, limit)
        except zlib.error:  # some servers send raw deflate under this name
            return _zlib(data, -zlib.MAX_WBITS, limit)
    if name == "br":
        return _brotli(data, limit)
    if name == "zstd":
        return _zstd(data, limit)
    raise FetchError(url, f"the server uses an encoding that was not requested: {name}")


def _zlib(data: bytes, window: int, limit: int) -> bytes:
    """The data of every member of the stream: some servers send a page in several."""
    output = b""
    while data:
        decompressor = zlib.decompressobj(window)
        output += decompressor.decompress(data, limit - len(output))
        if len(output) >= limit:
            break
        if not decompressor.eof:
            raise EOFError("it ends in the middle")
        data = decompressor.unused_data.lstrip(b"\0")  # padding after the last member
    return output


def _zstd(data: bytes, limit: int) -> bytes:
    """The data of every frame, in small steps.

    The library cannot bound a step, whose result may be 30,000 times its size.
    """
    output = bytearray()
    while data:
        decompressor = zstandard.ZstdDecompressor().decompressobj()
        position = 0
        while not decompressor.eof and len(output) < limit:
            if position >= len(data):
                raise EOFError("it ends in the middle")
            output += decompressor.decompress(data[position : position + ZSTD_CHUNK_BYTES])
            position += ZSTD_CHUNK_BYTES
        if len(output) >= limit:
            break
        data = decompressor.unused_data + data[position:]
    return bytes(output)


def _brotli(data: bytes, limit: int) -> bytes:
    decompressor = brotli.Decompressor()
    output = decompressor.process(data, output_buffer_limit=limit)
    if len(output) < limit and not decompressor.is_finished():
        raise EOFError("it ends in the middle")
    return bytes(output)
