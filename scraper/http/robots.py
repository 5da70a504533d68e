"""What a host's robots.txt allows (RFC 9309), and for how long that answer holds."""

import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache, partial
from typing import Protocol
from urllib.parse import urlsplit

from protego import Protego

from scraper.errors import FetchError, PrivateAddressError, UrlError
from scraper.patterns import lazy_pattern

PRODUCT_TOKEN = "Variorum"
MAX_ROBOTS_AGE = timedelta(hours=24)  # RFC 9309 section 2.4
GIVE_UP_AFTER = timedelta(days=30)  # the same section: after that, no rules means all allowed
RETRY_ROBOTS_AFTER = timedelta(minutes=10)  # after rules that could not be read
# No standard bounds it. With more, a second fetch could not confirm an edit in time.
MAX_CRAWL_DELAY = timedelta(minutes=2)
# The line of a group for one robot, with what follows its product token.
TOKEN_VERSION = lazy_pattern(r"^([ \t]*user-agent[ \t]*:[ \t]*[a-z_-]+)/[^\s#]*", re.I | re.M)
MAX_ROBOTS_BYTES = 512_000  # RFC 9309 section 2.5 requires at least 500 KiB


# To parse more takes tens of milliseconds, and the largest a quarter of a second.
LARGE_ROBOTS_BYTES = 50_000


class Answer(Protocol):
    """What a request for robots.txt gives back; a `scraper.fetch.Response` is one."""

    @property
    def status(self) -> int: ...
    @property
    def headers(self) -> Mapping[str, str]: ...
    @property
    def body(self) -> bytes: ...


@dataclass(frozen=True, slots=True)
class LargeRules:
    """Rules that are parsed where they are asked: a process that only keeps them has their text and their delay."""

    text: str
    delay: float | None

    def can_fetch(self, url: str, robot: str) -> bool:
        """Whether a robot may fetch an address."""
        return bool(_parsed(self.text).can_fetch(url, robot))

    def crawl_delay(self, robot: str) -> float | None:
        """The seconds between requests that the host asks for; those for PRODUCT_TOKEN are known."""
        return self.delay if robot == PRODUCT_TOKEN else _parsed(self.text).crawl_delay(robot)


@dataclass(frozen=True, slots=True)
class Robots:
    """The rules of one host. `rules` is None if they could not be read: then nothing is allowed.

    `status` and `text` are those of the answer, None and empty if none came. `retry_after` is the
    answer's header, `failing_since` the time since which no rules could be read.
    """

    read_at: datetime
    rules: Protego | LargeRules | None
    reason: str | None = None
    status: int | None = None
    text: str = ""
    failing_since: datetime | None = None
    retry_after: str | None = None

    def allows(self, url: str) -> bool:
        """Whether Variorum may fetch an address."""
        return self.rules is not None and bool(self.rules.can_fetch(url, PRODUCT_TOKEN))

    @property
    def is_large(self) -> bool:
        """Whether `allows` takes long."""
        return isinstance(self.rules, LargeRules)

    @property
    def crawl_delay(self) -> timedelta:
        """The delay between requests that the host asks for: zero to MAX_CRAWL_DELAY."""
        seconds = self.rules.crawl_delay(PRODUCT_TOKEN) if self.rules else None
        return min(timedelta(seconds=min(float(seconds or 0), 86_400.0)), MAX_CRAWL_DELAY)

    def is_fresh(self, now: datetime) -> bool:
        """Whether the rules still hold, or must be read again first."""
        if self.read_at - now > RETRY_ROBOTS_AFTER:  # the clock was set back since
            return False
        return now - self.read_at < (
            MAX_ROBOTS_AGE if self.rules is not None else RETRY_ROBOTS_AFTER
        )


# Does work on an answer for robots.txt of so many bytes.
ReadRobots = Callable[[Callable[[], Robots], int], Awaitable[Robots]]


async def read_here(work: Callable[[], Robots], size: int) -> Robots:
    """Do the work in this process, whatever the size."""
    return work()


def robots_url(url: str) -> str:
    """The address of the rules for a URL.

    >>> robots_url("https://example.org:8443/a/b?c")
    'https://example.org:8443/robots.txt'
    """
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/robots.txt"


async def read_robots(
    fetch: Callable[[str], Awaitable[Answer]],
    url: str,
    *,
    now: datetime,
    read: ReadRobots = read_here,
    previous: Robots | None = None,
) -> Robots:
    """The rules for the host of `url`. 4xx means that there are none, 5xx or no answer means wait.

    `fetch` requests an address, as `Fetcher.fetch` does. `read` does the work on an answer of so many bytes. `previous` are the rules read last: a host
    that has given none for 30 days is taken to have none. Raises PrivateAddressError if the host must not
    be asked at all.
    """
    since = previous.failing_since if previous else None
    try:
        response = await fetch(robots_url(url))
    except PrivateAddressError:
        raise
    except (FetchError, UrlError) as error:
        reason = f"cannot read robots.txt: {error.reason}"
        return robots_from(None, b"", now=now, reason=reason, failing_since=since or now)
    body = response.body
    work = partial(robots_from, response.status, body, now=now, failing_since=since or now)
    robots = await read(work, len(body))
    return replace(robots, retry_after=response.headers.get("retry-after"))


def robots_from(
    status: int | None,
    body: bytes,
    *,
    now: datetime,
    reason: str | None = None,
    failing_since: datetime | None = None,
) -> Robots:
    """The rules that an answer for robots.txt sets (RFC 9309 section 2.3.1).

    `status` is None if no answer came.
    """
    if status is not None and 200 <= status < 300:
        text = _robots_text(body)
        return Robots(now, _rules(text), status=status, text=text)
    if status is not None and 400 <= status < 500 and status != 429:
        return Robots(now, Protego.parse(""), status=status)
    since = failing_since or now
    reason = reason or f"robots.txt answers {status}"
    rules = Protego.parse("") if now - since >= GIVE_UP_AFTER else None
    return Robots(now, rules, reason, status, failing_since=since)


def _rules(text: str) -> Protego | LargeRules:
    if len(text) <= LARGE_ROBOTS_BYTES:
        return Protego.parse(text)
    return LargeRules(text, _parsed(text).crawl_delay(PRODUCT_TOKEN))


@lru_cache(maxsize=2)
def _parsed(text: str) -> Protego:
    return Protego.parse(text)


def _robots_text(body: bytes) -> str:
    """The lines of a robots.txt, without byte order marks and the versions of product tokens.

    RFC 9309 section 2.2.1: a token has letters, "_" and "-" only. What is cut off at the limit may
    forbid less than its beginning does, so only whole lines count.
    """
    charset = "utf-16" if body.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) else "utf-8"
    if len(body) > MAX_ROBOTS_BYTES:
        body = body[:MAX_ROBOTS_BYTES]
        body = body[: max(body.rfind(b"\n"), body.rfind(b"\r")) + 1]
    text = body.decode(charset, errors="replace").replace("\ufeff", "").replace("\0", "")
    return TOKEN_VERSION.sub(r"\1", text)
