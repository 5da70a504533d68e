"""A WARC file, gzip or not, decompressed as it is read, in bounded memory, with the offset of each record."""

import zlib
from typing import IO

from scraper.http.decompress import GZIP_MAGIC

STREAM_CHUNK_BYTES = 1 << 16
MEMBER_PADDING = b"\r\n\0"
GZIP_WINDOW = 16 + zlib.MAX_WBITS
# Text shrinks to a tenth, the emptiest page to a hundredth. A small member that unpacks to this much more is made to
# keep the reader busy: three megabytes of zeros took a minute.
MAX_EXPANSION = 200
MIN_BOMB_BYTES = 100_000_000


class WarcStream:
    """Reads a file forward, decompressing its gzip members if it has any.

    `offset` is where the current record begins in the file, or its gzip member if it has one.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self.offset = 0
        self._file = file
        self._raw = file.read(STREAM_CHUNK_BYTES)
        self._consumed = 0  # bytes of the file that were decompressed or copied to the buffer
        self._is_gzip = self._raw.startswith(GZIP_MAGIC)
        self._member: zlib._Decompress | None = None
        self._member_offset = 0
        self._member_bytes = 0  # that came out of the current member so far
        self._buffer = bytearray()
        self._position = 0
        self._header_bytes_left = 0

    def begin(self, max_header_bytes: int) -> bool:
        """Go to the next record; False at the end of the file.

        Raises zlib.error or EOFError if the file is damaged. Reading headers longer than
        `max_header_bytes` raises ValueError later.
        """
        try:
            while (byte := self._peek()) in (b"\r", b"\n"):
                self._position += 1
        finally:
            record_offset = self._consumed - len(self._buffer) + self._position
            self.offset = self._member_offset if self._is_gzip else record_offset
        self._header_bytes_left = max_header_bytes
        return byte != b""

    def end(self) -> None:
        """Go to the end of the record's gzip member, if it has one.

        Raises zlib.error if its checksum is wrong, and EOFError if it is cut short.
        """
        while True:
            while self._position < len(self._buffer) and self._buffer[self._position] in b"\r\n":
                self._position += 1
            if self._position < len(self._buffer) or self._member is None:
                return
            self._fill_from_member()

    def read(self, length: int) -> bytes:
        """The next `length` bytes, fewer only at the end of the file."""
        while len(self._buffer) - self._position < length and self._fill():
            pass
        return self._take(min(length, len(self._buffer) - self._position))

    def readline(self, length: int | None = None) -> bytes:
        """The next line with its line end, at most `length` bytes. Raises ValueError if the headers are too long."""
        limit = min(length or STREAM_CHUNK_BYTES * 16, STREAM_CHUNK_BYTES * 16)
        search_from = self._position
        while (newline_index := self._buffer.find(b"\n", search_from)) < 0 and len(
            self._buffer
        ) - self._position < limit:
            search_from = len(self._buffer)
            before = self._position
            if not self._fill():
                break
            search_from -= before - self._position
        end = newline_index + 1 if newline_index >= 0 else len(self._buffer)
        line = self._take(min(end - self._position, limit))
        self._header_bytes_left -= len(line)
        if self._header_bytes_left < 0:
            raise ValueError("the headers of a record are too long")
        return line

    def _peek(self) -> bytes:
        while self._position >= len(self._buffer) and self._fill():
            pass
        return bytes(self._buffer[self._position : self._position + 1])

    def _take(self, length: int) -> bytes:
        data = bytes(self._buffer[self._position : self._position + length])
        self._position += len(data)
        return data

    def _fill(self) -> bool:
        """Read more of the file into the buffer; False at its end."""
        if self._position > STREAM_CHUNK_BYTES:
            del self._buffer[: self._position]
            self._position = 0
        if not self._raw:
            self._raw = self._file.read(STREAM_CHUNK_BYTES)
        if not self._is_gzip:
            part, self._raw = self._raw, b""
            self._consumed += len(part)
            self._buffer += part
            return bool(part)
        return self._fill_from_member()

    def _skip_padding(self) -> None:
        """Go past line ends and zeros between members: a writer may pad the end of its file."""
        while self._raw:
            rest = self._raw.lstrip(MEMBER_PADDING)
            self._consumed += len(self._raw) - len(rest)
            self._raw = rest or self._file.read(STREAM_CHUNK_BYTES)
            if rest:
                return

    def _fill_from_member(self) -> bool:
        if self._member is None:
            self._skip_padding()
            if not self._raw:
                return False
            self._member, self._member_offset = zlib.decompressobj(GZIP_WINDOW), self._consumed
            self._member_bytes = 0
        part = self._member.decompress(self._raw, STREAM_CHUNK_BYTES)
        if not part and not self._raw and not self._member.eof:
            raise EOFError
        rest = self._member.unused_data if self._member.eof else self._member.unconsumed_tail
        self._consumed += len(self._raw) - len(rest)
        self._raw = rest
        self._buffer += part
        self._refuse_bomb(len(part))
        if self._member.eof:
            self._member = None
        return True

    def _refuse_bomb(self, unpacked: int) -> None:
        """Raise ValueError if the current member has grown far beyond what a web page is packed to."""
        self._member_bytes += unpacked
        packed = self._consumed - self._member_offset
        if self._member_bytes > max(MIN_BOMB_BYTES, MAX_EXPANSION * packed):
            raise ValueError(f"it unpacks to more than {MAX_EXPANSION} times its size")
