"""A WARC, gzip or not, opened as it is read: bounded in memory, and it knows where a record begins."""

import zlib
from typing import IO

GZIP = b"\x1f\x8b"
CHUNK = 1 << 16
GZIP_WINDOW = 16 + zlib.MAX_WBITS


class WarcStream:
    """Reads the opened bytes of a file, from any gzip members in it, without going back.

    `offset` is where the record that was begun last begins in the file: its gzip member, where it has one.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self.offset = 0
        self._file = file
        self._raw = file.read(CHUNK)
        self._taken = 0  # bytes of the file that were opened
        self._is_gzip = self._raw.startswith(GZIP)
        self._member: zlib._Decompress | None = None
        self._member_at = 0
        self._open = bytearray()
        self._at = 0
        self._allowed = 0

    def begin(self, headers: int) -> bool:
        """Go to the next record, whose headers may have so many bytes; False at the end of the file.

        Raises zlib.error and EOFError where the file is broken.
        """
        try:
            while (byte := self._peek()) in (b"\r", b"\n"):
                self._at += 1
        finally:
            here = self._taken - len(self._open) + self._at
            self.offset = self._member_at if self._is_gzip else here
        self._allowed = headers
        return byte != b""

    def end(self) -> None:
        """Go to the end of the record's gzip member, if it has one; raises zlib.error where its checksum
        does not fit and EOFError where it is cut short."""
        while True:
            while self._at < len(self._open) and self._open[self._at] in b"\r\n":
                self._at += 1
            if self._at < len(self._open) or self._member is None:
                return
            self._more_of_member()

    def read(self, length: int) -> bytes:
        """So many bytes, fewer only at the end of the file."""
        while len(self._open) - self._at < length and self._more():
            pass
        return self._take(min(length, len(self._open) - self._at))

    def readline(self, length: int | None = None) -> bytes:
        """A line with its end, or the beginning of it; raises ValueError where headers are too long."""
        limit = min(length or CHUNK * 16, CHUNK * 16)
        searched = self._at
        while (found := self._open.find(b"\n", searched)) < 0 and len(
            self._open
        ) - self._at < limit:
            searched = len(self._open)
            before = self._at
            if not self._more():
                break
            searched -= before - self._at
        end = found + 1 if found >= 0 else len(self._open)
        line = self._take(min(end - self._at, limit))
        self._allowed -= len(line)
        if self._allowed < 0:
            raise ValueError("the headers of a record are longer than any should be")
        return line

    def _peek(self) -> bytes:
        while self._at >= len(self._open) and self._more():
            pass
        return bytes(self._open[self._at : self._at + 1])

    def _take(self, length: int) -> bytes:
        taken = bytes(self._open[self._at : self._at + length])
        self._at += len(taken)
        return taken

    def _more(self) -> bool:
        """Open some more; False at the end of the file."""
        if self._at > CHUNK:
            del self._open[: self._at]
            self._at = 0
        if not self._raw:
            self._raw = self._file.read(CHUNK)
        if not self._is_gzip:
            part, self._raw = self._raw, b""
            self._taken += len(part)
            self._open += part
            return bool(part)
        return self._more_of_member()

    def _more_of_member(self) -> bool:
        if self._member is None:
            if not self._raw:
                return False
            self._member, self._member_at = zlib.decompressobj(GZIP_WINDOW), self._taken
        part = self._member.decompress(self._raw, CHUNK)
        if not part and not self._raw and not self._member.eof:
            raise EOFError
        rest = self._member.unused_data if self._member.eof else self._member.unconsumed_tail
        self._taken += len(self._raw) - len(rest)
        self._raw = rest
        self._open += part
        if self._member.eof:
            self._member = None
        return True
