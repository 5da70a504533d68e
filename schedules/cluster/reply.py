"""What a worker replies: JSON of our own values, checked field by field, with the page apart from it.

Nothing in a reply is trusted further than an answer of the web would be. A worker can still lie about what a page
says; it cannot name another page than was requested, make this process run anything, or fill its memory.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from zstandard import ZstdDecompressor, ZstdError, get_frame_parameters

from schedules.check.observe import NOT_MODIFIED, Extracted, Observation, Request, Unchanged
from schedules.cluster.codec import CodecError, decode_value, encode_value
from scraper.errors import FetchError, RefusedError, ScraperError, UrlError
from scraper.fetch import Response
from scraper.recognise import Verdict
from storage.articles.result import Fetch
from storage.snapshots.store import Snapshot, compress_page

# A reply as Dask carries it: JSON and the compressed page.
PackedReply = tuple[bytes, bytes | None]


def _with_kinds(error: type[ScraperError]) -> list[type[ScraperError]]:
    """A class of errors and the classes below it."""
    return [error, *(kind for below in error.__subclasses__() for kind in _with_kinds(below))]


# Every error that a request can end with.
ERRORS: dict[str, type[ScraperError]] = {
    error.__name__: error
    for root in (UrlError, FetchError, RefusedError)
    for error in _with_kinds(root)
}
# What only a check at home knows, or what travels apart.
LEFT_OUT: Mapping[str, Any] = MappingProxyType({"body": b"", "snapshot": None})
MAX_REPLY_BYTES = 50_000_000
# The canonical link, `og:url`, and two in the JSON-LD of the article; each is looked up in the database.
MAX_CLAIMS = 4


class ReplyError(Exception):
    """A worker's reply is not one: the message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Failure:
    """The error in place of a response: the name of its class, its address and its reason."""

    name: str
    url: str
    reason: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What a request showed, as far as a worker knows it."""

    fetch: Fetch
    page: Response | None
    content: Unchanged | Extracted | None
    verdict: Verdict | None
    link: str | None
    origin: str | None
    claims: tuple[str, ...]
    failure: Failure | None


def pack_reply(observation: Observation, *, keeps_unchanged: bool) -> PackedReply:
    """The reply that carries an observation to the process that asked for it.

    The page is compressed: a gigabit a second carries 900 pages as they are, or 5,000 compressed. It is
    left out if there is none, or if the article is unchanged and the asker does not keep it.
    """
    page, error = observation.page, observation.error
    failure = Failure(type(error).__name__, error.url, error.reason) if error else None
    reply = Reply(
        observation.fetch, page, observation.content, observation.verdict, observation.link,
        observation.origin, observation.claims, failure,
    )  # fmt: skip
    keeps_body = keeps_unchanged or not isinstance(observation.content, Unchanged)
    body = compress_page(page.body, None) if page and keeps_body else None
    return json.dumps(encode_value(reply, frozenset(LEFT_OUT))).encode(), body


def reply_size(packed: Any) -> int:
    """How many bytes a reply has; 0 if it is none."""
    parts = packed if isinstance(packed, tuple | list) else ()
    return sum(len(part) for part in parts if isinstance(part, bytes))


def unpack_reply(packed: Any, request: Request, *, max_body: int) -> Observation:
    """The observation in a reply to `request`, with its page. Raises ReplyError."""
    try:
        text, compressed = packed
        if not isinstance(text, bytes) or len(text) > MAX_REPLY_BYTES:
            raise ReplyError("not JSON, or too much of it")
        reply = decode_value(Reply, json.loads(text), LEFT_OUT)
        body = None if compressed is None else _decompress_body(compressed, max_body)
    except (ValueError, TypeError, RecursionError, CodecError, ZstdError) as fault:
        raise ReplyError(f"not the reply of a worker ({fault})") from fault
    if problem := _problem(reply, body, request):
        raise ReplyError(problem)
    page, fetch = reply.page, reply.fetch
    if page and body is not None:
        page = replace(page, body=body)
        snapshot = Snapshot(body, page.headers, compressed) if fetch.sha256 else None
        fetch = replace(fetch, snapshot=snapshot)
    error = (
        ERRORS[reply.failure.name](reply.failure.url, reply.failure.reason)
        if reply.failure
        else None
    )
    return Observation(
        fetch, page, reply.content, reply.verdict, reply.link, reply.origin, reply.claims, error
    )  # fmt: skip


def _decompress_body(compressed: Any, max_body: int) -> bytes:
    if not isinstance(compressed, bytes):
        raise ReplyError("the page is not bytes")
    if not 0 <= get_frame_parameters(compressed).content_size <= max_body:
        raise ReplyError("the page is larger than the settings allow")
    return ZstdDecompressor().decompress(compressed)


def _problem(reply: Reply, body: bytes | None, request: Request) -> str | None:
    """What a reply says that cannot be so; None if it is coherent."""
    fetch, page = reply.fetch, reply.page
    if fetch.url != request.url:
        return "it is about another address"
    if reply.failure:
        is_known = reply.failure.name in ERRORS
        return None if is_known and page is None and reply.content is None else "its error is none"
    if page is None:
        return "it has neither a page nor an error"
    if {page.url, page.final_url} != {request.url} or page.redirects:
        return "it followed a redirect"
    if reply.verdict and reply.verdict.outcome not in ("blocked", "gone", "failed", "refused"):
        return "its verdict is none"
    if isinstance(reply.content, Unchanged):
        if fetch.sha256 is None or fetch.sha256 != request.known_sha256:
            return "it calls another page unchanged"
    elif body is None:
        return "it lacks its page"
    if body is not None and fetch.sha256 not in (None, hashlib.sha256(body).hexdigest()):
        return "its page is not the one of its hash"
    if len(reply.claims) > MAX_CLAIMS:
        return "its page names too many addresses as its own"
    if reply.content is None and reply.verdict is None and page.status != NOT_MODIFIED:
        return "it has neither an article nor a verdict"
    return None
