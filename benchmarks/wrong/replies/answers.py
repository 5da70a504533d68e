"""Answers as they go over the wire, whole ones and halves."""

import gzip
from dataclasses import dataclass

REASONS = {200: "OK", 206: "Partial Content", 304: "Not Modified", 404: "Not Found", 410: "Gone",
           500: "Internal Server Error", 503: "Service Unavailable"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class WireAnswer:
    """A response. Without a length the end of the connection is the end of the body."""

    body: bytes
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    has_length: bool = True

    def wire(self) -> bytes:
        """The bytes to send."""
        lines = [f"HTTP/1.1 {self.status} {REASONS.get(self.status, 'Other')}"]
        names = {name.lower() for name, _ in self.headers}
        if "content-type" not in names:
            lines.append("Content-Type: text/html; charset=utf-8")
        lines += [f"{name}: {value}" for name, value in self.headers]
        if self.has_length and self.status != 304:
            lines.append(f"Content-Length: {len(self.body)}")
        if not self.has_length:
            lines.append("Connection: close")
        return "\r\n".join([*lines, "", ""]).encode() + (b"" if self.status == 304 else self.body)


def html_answer(html: str, status: int = 200, **headers: str) -> WireAnswer:
    """A page; headers are named with underscores."""
    pairs = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return WireAnswer(html.encode(), status, pairs)


def half(answer: WireAnswer, share: float) -> WireAnswer:
    """The first part of a page under a length that is right for the part."""
    return WireAnswer(answer.body[: int(len(answer.body) * share)], headers=answer.headers)


def range_of(answer: WireAnswer, share: float) -> WireAnswer:
    """A 206 that nobody asked for."""
    part = answer.body[: int(len(answer.body) * share)]
    content_range = f"bytes 0-{len(part) - 1}/{len(answer.body)}"
    return WireAnswer(part, 206, (*answer.headers, ("Content-Range", content_range)))


def cut_gzip(answer: WireAnswer, share: float) -> WireAnswer:
    """A compressed page that breaks off, under a length that is right for the part."""
    packed = gzip.compress(answer.body, mtime=0)
    headers = (*answer.headers, ("Content-Encoding", "gzip"))
    return WireAnswer(packed[: int(len(packed) * share)], headers=headers)


def closed_early(answer: WireAnswer, share: float) -> WireAnswer:
    """A page without a length whose connection ends early."""
    part = answer.body[: int(len(answer.body) * share)]
    return WireAnswer(part, headers=answer.headers, has_length=False)
