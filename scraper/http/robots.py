"""What a host's robots.txt allows (RFC 9309), and for how long that answer holds."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from protego import Protego

from scraper.errors import FetchError, UrlError
from scraper.fetch import Fetcher

PRODUCT_TOKEN = "Variorum"
MAX_ROBOTS_AGE = timedelta(hours=24)  # RFC 9309 section 2.4
GIVE_UP_AFTER = timedelta(days=30)  # the same section: then a host that gives no rules has none
# A host whose rules could not be read is asked again after this.
RETRY_ROBOTS_AFTER = timedelta(minutes=10)
# No standard bounds it; beyond this an edit could not be confirmed by a second look in time.
MAX_CRAWL_DELAY = timedelta(minutes=2)
MAX_ROBOTS_BYTES = 512_000  # RFC 9309 section 2.5 asks for at least 500 KiB


@dataclass(frozen=True, slots=True)
class Robots:
    """The rules of one host; `rules` is None where they could not be read (then nothing is allowed).

    `status` and `text` are the answer they were read from, None and empty where none came, `retry_after`
    is its header.
    """

    read_at: datetime
    rules: Protego | None
    reason: str | None = None
    status: int | None = None
    text: str = ""
    failing_since: datetime | None = None
    retry_after: str | None = None

    def allows(self, url: str) -> bool:
        return self.rules is not None and bool(self.rules.can_fetch(url, PRODUCT_TOKEN))

    @property
    def crawl_delay(self) -> timedelta:
        """The delay between requests that the host asks for, at most MAX_CRAWL_DELAY; zero for none."""
        seconds = self.rules.crawl_delay(PRODUCT_TOKEN) if self.rules else None
        return min(timedelta(seconds=min(float(seconds or 0), 86_400.0)), MAX_CRAWL_DELAY)

    def is_fresh(self, now: datetime) -> bool:
        if self.read_at - now > RETRY_ROBOTS_AFTER:  # the clock was set back since
            return False
        return now - self.read_at < (
            MAX_ROBOTS_AGE if self.rules is not None else RETRY_ROBOTS_AFTER
        )


def robots_url(url: str) -> str:
    """Where the rules for an address stand.

    >>> robots_url("https://example.org:8443/a/b?c")
    'https://example.org:8443/robots.txt'
    """
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/robots.txt"


async def read_robots(
    fetcher: Fetcher, url: str, *, now: datetime, previous: Robots | None = None
) -> Robots:
    """The rules for the host of `url`: 4xx means there are none, 5xx or no answer means wait.

    `before` is the last answer: a host that has not given its rules for 30 days is taken to have none.
    """
    since = previous.failing_since if previous and previous.rules is None else None
    try:
        response = await fetcher.fetch(robots_url(url))
    except (FetchError, UrlError) as error:
        reason = f"robots.txt cannot be read: {error.reason}"
        return robots_from(None, b"", now=now, reason=reason, failing_since=since or now)
    robots = robots_from(response.status, response.body, now=now, failing_since=since or now)
    return replace(robots, retry_after=response.headers.get("retry-after"))


def robots_from(
    status: int | None,
    body: bytes,
    *,
    now: datetime,
    reason: str | None = None,
    failing_since: datetime | None = None,
) -> Robots:
    """The rules that an answer for robots.txt sets (RFC 9309 section 2.3.1); `status` None: no answer."""
    if status is not None and 200 <= status < 300:
        text = body[:MAX_ROBOTS_BYTES].decode("utf-8", errors="replace")
        return Robots(now, Protego.parse(text), status=status, text=text)
    if status is not None and 400 <= status < 500 and status != 429:
        return Robots(now, Protego.parse(""), status=status)
    since = failing_since or now
    reason = reason or f"robots.txt answers {status}"
    rules = Protego.parse("") if now - since >= GIVE_UP_AFTER else None
    return Robots(now, rules, reason, status, failing_since=since)
