"""One polite HTTP request, bounded in time, size and redirects."""

import asyncio
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self
from urllib.parse import urljoin, urlsplit, urlunsplit

from scraper.errors import (
    AnswerError,
    FetchError,
    PrivateAddressError,
    SuspendedError,
    UrlError,
)
from scraper.http.addresses import AllowedHosts
from scraper.http.cookies import site_cookies
from scraper.http.decompress import decoded_body
from scraper.http.failures import Suspension, connection_failure
from scraper.http.limits import USER_AGENT, Limits
from scraper.http.pools import Pools, body_parts, httpx
from scraper.http.reach import Reach
from scraper.urls import canonical_url, hostname, netloc

ACCEPT = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.5"
ACCEPT_ENCODING = "gzip, deflate, br, zstd"
MAX_REDIRECTS = 8
REDIRECT_STATUSES = frozenset({301, 302, 303, 307, 308})
PERMANENT_STATUSES = frozenset({301, 308})
MAX_VALIDATOR_LENGTH = 500
NOTHING_ALLOWED = AllowedHosts()

# Holds what a request to an address needs while it is made. Raises if it must not be made.
MayFollow = Callable[[str], AbstractAsyncContextManager[None]]


@dataclass(frozen=True, slots=True)
class Redirect:
    """One redirect: the address that answered, with which status, and the target."""

    url: str
    status: int
    target: str


@dataclass(frozen=True, slots=True)
class Response:
    """What came back: the status, headers and decompressed body of the last answer.

    Header names are in lower case. `redirects` led from `url` to `final_url`. `is_private` says whether the
    server of `url` was in a private network; None if a proxy made the connection.
    """

    url: str
    final_url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    elapsed_ms: int
    redirects: tuple[Redirect, ...] = ()
    is_private: bool | None = None

    @property
    def content_type(self) -> str | None:
        """The Content-Type header."""
        return self.headers.get("content-type")

    @property
    def moved_to(self) -> str | None:
        """The new address if the old one moved for good: every redirect was permanent."""
        if self.redirects and all(
            redirect.status in PERMANENT_STATUSES for redirect in self.redirects
        ):
            return self.final_url
        return None


def is_sendable(header: str) -> bool:
    """Whether a value can be sent in a header: printable ASCII of a sane length."""
    return header.isascii() and header.isprintable() and len(header) < MAX_VALIDATOR_LENGTH


@dataclass(frozen=True, slots=True)
class Validators:
    """What a conditional request sends back: an ETag, a Last-Modified date."""

    etag: str | None = None
    last_modified: str | None = None

    def headers(self) -> dict[str, str]:
        """The headers of a conditional request; none for a value that cannot be sent."""
        pairs = {"if-none-match": self.etag, "if-modified-since": self.last_modified}
        return {name: value for name, value in pairs.items() if value and is_sendable(value)}


@dataclass(frozen=True, slots=True)
class _Answer:
    """The answer of one server. `is_private` is as in `Response`."""

    status: int
    headers: dict[str, str]
    body: bytes
    is_private: bool | None


@dataclass(slots=True)
class Fetcher:
    """Makes requests over the connections of `pools`, which it closes.

    Cookies live as long as one fetch with its redirects.
    """

    user_agent: str = USER_AGENT.format(contact="")
    limits: Limits = field(default_factory=Limits)
    pools: Pools = field(default_factory=Pools)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close every connection."""
        await self.pools.close()

    async def fetch(
        self,
        url: str,
        validators: Validators = Validators(),
        *,
        reach: Reach = "private",
        may_follow: MayFollow | None = None,
    ) -> Response:
        """The answer to one request, redirects followed; a 304 is a Response without a body.

        `may_follow` is held while a redirect is followed, and raises if it must not be. Redirects reach
        private hosts only from an address on the same host that `reach` allows.
        Raises FetchError if no usable answer came, UrlError if an address must not be opened, and its
        PrivateAddressError if it leads into a private network. If this program did not run meanwhile, the
        error is a SuspendedError.
        """
        suspension = Suspension()
        suspension.begin()
        try:
            return await self._fetch(url, validators, reach, may_follow)
        except AnswerError:
            raise
        except FetchError as error:
            if not (seconds := suspension.seconds()):
                raise
            reason = f"this program did not run for {seconds:.0f} s while it waited; try again"
            raise SuspendedError(url, reason) from error
        finally:
            suspension.end()

    async def _fetch(
        self, url: str, validators: Validators, reach: Reach, may_follow: MayFollow | None
    ) -> Response:
        """What `fetch` gives, and raises for a program that runs all the time."""
        started_at = time.monotonic()
        try:
            async with asyncio.timeout(self.limits.total):
                return await self._follow(url, validators, started_at, reach, may_follow)
        except TimeoutError as error:
            raise FetchError(
                url, f"the answer took longer than {self.limits.total:g} s; try again later"
            ) from error
        except (httpx.ConnectTimeout, httpx.ConnectError) as error:
            raise connection_failure(url, error) from error
        except OSError as error:  # the client does not wrap what a backend raises
            raise connection_failure(url, error) from error
        except httpx.TimeoutException as error:
            raise FetchError(url, f"no data for {self.limits.read:g} s; try again later") from error
        except httpx.HTTPError as error:
            raise FetchError(url, _failure_reason(error)) from error
        except PrivateAddressError as error:  # the connection knows the host only
            raise PrivateAddressError(url, error.reason) from error
        except (httpx.InvalidURL, UnicodeError) as error:  # IDNA does not allow the host name
            raise UrlError(url, f"redirects to an invalid address ({error})") from error

    async def _follow(
        self,
        url: str,
        validators: Validators,
        started_at: float,
        reach: Reach,
        may_follow: MayFollow | None,
    ) -> Response:
        redirects: list[Redirect] = []
        cookies = httpx.Cookies(site_cookies())
        current_url, is_private = url, None
        while True:
            async with may_follow(current_url) if may_follow and redirects else nullcontext():
                answer = await self._request(
                    current_url, validators if not redirects else Validators(), cookies, reach
                )
            target = answer.headers.get("location")
            if not redirects:
                is_private = answer.is_private
            if answer.status not in REDIRECT_STATUSES or not target:
                elapsed = round((time.monotonic() - started_at) * 1000)
                return Response(
                    url, current_url, answer.status, answer.headers, answer.body, elapsed,
                    tuple(redirects), is_private,
                )  # fmt: skip
            next_url = canonical_redirect(current_url, target)
            if len(redirects) >= MAX_REDIRECTS:
                raise AnswerError(
                    url, f"more than {MAX_REDIRECTS} redirects, the last to {next_url}"
                )
            reach = _reach_of_redirect(url, next_url, is_private)
            redirects.append(Redirect(current_url, answer.status, next_url))
            current_url = next_url

    async def _request(
        self, url: str, validators: Validators, cookies: httpx.Cookies, reach: Reach
    ) -> _Answer:
        limits = self.limits
        timeouts = {
            "connect": limits.connect,
            "read": limits.read,
            "write": limits.read,
            "pool": None,
        }
        headers = {
            "accept": ACCEPT,
            "accept-encoding": ACCEPT_ENCODING,
            "user-agent": self.user_agent,
            **validators.headers(),
        }
        request = httpx.Request("GET", url, headers=headers, extensions={"timeout": timeouts})
        if cookies:  # set by a redirect only; reading an empty jar takes a tenth of a request
            cookies.set_cookie_header(request)
        async with self.pools.send(request, reach) as answer:
            is_private = self.pools.is_private(answer)
            response_headers = {name.lower(): value for name, value in answer.headers.items()}
            if answer.status_code in REDIRECT_STATUSES and "location" in response_headers:
                cookies.extract_cookies(answer)
                return _Answer(answer.status_code, response_headers, b"", is_private)
            raw = await self._read_body(answer, url)
        body = decoded_body(raw, response_headers, max_bytes=limits.body, url=url)
        return _Answer(answer.status_code, response_headers, body, is_private)

    async def _read_body(self, answer: httpx.Response, url: str) -> bytes:
        """The body as sent. Raises AnswerError past the limit: decompressed it is larger still."""
        parts: list[bytes] = []
        size = 0
        async for part in body_parts(answer):
            size += len(part)
            if size > self.limits.body:
                raise AnswerError(
                    url, f"the body is larger than {self.limits.body:,} bytes, the limit"
                )
            parts.append(part)
        return b"".join(parts)


def _reach_of_redirect(start: str, target: str, is_private: bool | None) -> Reach:
    """Where a redirect may lead to. Raises UrlError if it must not be followed.

    The user may give a private address; its redirects must stay on that host.
    """
    if not is_private:
        return "public"
    source = hostname(start)
    if source != hostname(target):
        reason = f"redirect from the private host {source} to another host; not followed"
        raise UrlError(target, reason)
    return "private"


def canonical_redirect(current_url: str, target: str) -> str:
    """The target of a Location header. Raises UrlError if that is no web address.

    Its host is written as in a canonical URL, so that whoever is asked is who the answer is recorded for.
    """
    try:
        destination = urljoin(current_url, target.strip())
    except ValueError as error:  # a broken IPv6 address
        raise UrlError(target, f"redirect to an invalid address ({error})") from error
    host = netloc(canonical_url(destination))
    return urlunsplit(urlsplit(destination)._replace(netloc=host, fragment=""))


def _failure_reason(error: httpx.HTTPError) -> str:
    text = str(error) or type(error).__name__
    if isinstance(error, httpx.ConnectError):
        return connection_failure("", error).reason
    if isinstance(error, httpx.RemoteProtocolError):
        return f"the answer broke off or is not HTTP ({text})"
    return f"no answer ({text})"


@dataclass(frozen=True, slots=True)
class PostAnswer:
    """The status of an answer, and whether its server is in a private network; None through a proxy."""

    status: int
    is_private: bool | None


async def post(
    url: str,
    content: bytes,
    *,
    headers: Mapping[str, str],
    timeout: float,
    reach: Reach = "private",
    allowed: AllowedHosts = NOTHING_ALLOWED,
) -> PostAnswer:
    """Send `content` to an address that the user gave.

    Redirects are not followed. `timeout` is for all of it, in seconds. Raises FetchError if no answer
    came, PrivateAddressError if the address leads into a private network; the reasons do not have the
    address, which may be a secret.
    """
    timeouts = dict.fromkeys(("connect", "read", "write", "pool"), timeout)
    pools = Pools(allowed)
    try:
        request = httpx.Request(
            "POST", url, content=content, headers=dict(headers), extensions={"timeout": timeouts}
        )
        async with asyncio.timeout(timeout), pools.send(request, reach) as answer:
            # nobody needs the body of the answer, however long it is
            return PostAnswer(answer.status_code, pools.is_private(answer))
    except TimeoutError as error:
        raise FetchError(url, f"no answer within {timeout:.0f} s") from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        reason = (
            _failure_reason(error) if isinstance(error, httpx.HTTPError) else "not a web address"
        )
        raise FetchError(url, reason.replace(url, "its address")) from error
    except OSError as error:  # the client does not wrap what a backend raises
        raise FetchError(url, connection_failure("", error).reason) from error
    finally:
        await pools.close()
