"""One polite HTTP request, bounded in time, size and redirects: the only use of httpx."""

import asyncio
import ipaddress
import socket
import ssl
import sys
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self
from urllib.parse import urljoin
from urllib.request import getproxies, proxy_bypass

from scraper.errors import AnswerError, FetchError, UrlError
from scraper.http.decompress import decoded_body
from scraper.http.limits import USER_AGENT, Limits
from scraper.urls import canonical_url

# The command line of httpx imports rich and pygments, a tenth of Variorum's start. A module that is
# None here cannot be imported (Python's import system, 5.3.1), and httpx works without it.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type] # typeshed knows modules only
import httpx  # noqa: E402 - after that line

ACCEPT = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.5"
ACCEPT_ENCODING = "gzip, deflate, br, zstd"
MAX_REDIRECTS = 8
REDIRECT_STATUSES = frozenset({301, 302, 303, 307, 308})
PERMANENT_STATUSES = frozenset({301, 308})
MAX_VALIDATOR_LENGTH = 500
MAX_POOLS = 1000
NO_TRUSTED_CERTIFICATES = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # trusts no certificate
UNRESOLVED_WORDS = ("Name or service", "nodename", "Temporary failure", "getaddrinfo")

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

    Header names are in lower case. `redirects` led from `url` to `final_url`.
    """

    url: str
    final_url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    elapsed_ms: int
    redirects: tuple[Redirect, ...] = ()

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


@dataclass(slots=True)
class Fetcher:
    """Owns the connections: one small pool per host. The least recently used is closed first.

    A pool for all hosts searches all its connections at every request. A client per host takes
    longer to set up than a request takes. Cookies live as long as one fetch with its redirects.
    """

    user_agent: str = USER_AGENT.format(contact="")
    limits: Limits = field(default_factory=Limits)
    resolve: Callable[[str], list[str]] = field(default=lambda host: _resolve_addresses(host))
    _pools: OrderedDict[str, httpx.AsyncHTTPTransport] = field(default_factory=OrderedDict)
    _ssl: ssl.SSLContext | None = None
    _proxies: Mapping[str, str] = field(default_factory=getproxies)

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
        while self._pools:
            _, pool = self._pools.popitem()
            await pool.aclose()

    async def fetch(
        self,
        url: str,
        validators: Validators = Validators(),
        *,
        may_follow: MayFollow | None = None,
    ) -> Response:
        """The answer to one request, redirects followed; a 304 is a Response without a body.

        `may_follow` is held while a redirect is followed, and raises if it must not be. Raises
        FetchError if no usable answer came, UrlError if a redirect leads to an address that must
        not be opened.
        """
        started_at = time.monotonic()
        try:
            async with asyncio.timeout(self.limits.total):
                return await self._follow(url, validators, started_at, may_follow)
        except TimeoutError as error:
            raise FetchError(
                url, f"the answer took longer than {self.limits.total:g} s; try again later"
            ) from error
        except httpx.ConnectTimeout as error:
            raise FetchError(
                url, f"no connection within {self.limits.connect:g} s; try again later"
            ) from error
        except httpx.TimeoutException as error:
            raise FetchError(url, f"no data for {self.limits.read:g} s; try again later") from error
        except httpx.HTTPError as error:
            raise FetchError(url, _failure_reason(error)) from error
        except (httpx.InvalidURL, UnicodeError) as error:  # IDNA does not allow the host name
            raise UrlError(url, f"redirects to an invalid address ({error})") from error

    async def _follow(
        self, url: str, validators: Validators, started_at: float, may_follow: MayFollow | None
    ) -> Response:
        redirects: list[Redirect] = []
        cookies = httpx.Cookies()
        current_url = url
        while True:
            async with may_follow(current_url) if may_follow and redirects else nullcontext():
                status, headers, body = await self._request(
                    current_url, validators if not redirects else Validators(), cookies
                )
            target = headers.get("location")
            if status not in REDIRECT_STATUSES or not target:
                elapsed = round((time.monotonic() - started_at) * 1000)
                return Response(url, current_url, status, headers, body, elapsed, tuple(redirects))
            next_url = canonical_redirect(current_url, target)
            if len(redirects) >= MAX_REDIRECTS:
                raise AnswerError(
                    url, f"more than {MAX_REDIRECTS} redirects, the last to {next_url}"
                )
            await self.check_target(url, next_url)
            redirects.append(Redirect(current_url, status, next_url))
            current_url = next_url

    async def _request(
        self, url: str, validators: Validators, cookies: httpx.Cookies
    ) -> tuple[int, dict[str, str], bytes]:
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
        answer = await (await self._pool(request.url)).handle_async_request(request)
        answer.request = request
        try:
            response_headers = {name.lower(): value for name, value in answer.headers.items()}
            if answer.status_code in REDIRECT_STATUSES and "location" in response_headers:
                cookies.extract_cookies(answer)
                return answer.status_code, response_headers, b""
            raw = await self._read_body(answer, url)
        finally:
            await answer.aclose()
        body = decoded_body(raw, response_headers, max_bytes=limits.body, url=url)
        return answer.status_code, response_headers, body

    async def _read_body(self, answer: httpx.Response, url: str) -> bytes:
        """The body as sent. Raises AnswerError past the limit: decompressed it is larger still."""
        parts: list[bytes] = []
        size = 0
        async for part in answer.aiter_raw():
            size += len(part)
            if size > self.limits.body:
                raise AnswerError(
                    url, f"the body is larger than {self.limits.body:,} bytes, the limit"
                )
            parts.append(part)
        return b"".join(parts)

    async def _pool(self, url: httpx.URL) -> httpx.AsyncHTTPTransport:
        host = f"{url.scheme}://{url.netloc.decode('ascii')}"
        pool = self._pools.pop(host, None)
        if pool is None:
            pool = httpx.AsyncHTTPTransport(
                verify=self._trust(url.scheme),
                http2=True,
                limits=httpx.Limits(max_connections=2, max_keepalive_connections=1),
                proxy=self._proxy(url),
            )
            while len(self._pools) >= MAX_POOLS:
                _, oldest = self._pools.popitem(last=False)
                await oldest.aclose()
        self._pools[host] = pool
        return pool

    def _trust(self, scheme: str) -> ssl.SSLContext:
        """The trusted certificates; none for a connection without encryption."""
        if scheme != "https":
            return NO_TRUSTED_CERTIFICATES
        if self._ssl is None:  # once: reading the certificate store takes tens of milliseconds
            self._ssl = httpx.create_ssl_context()
        return self._ssl

    def _proxy(self, url: httpx.URL) -> str | None:
        """The proxy that the environment names for an address (HTTPS_PROXY, NO_PROXY …)."""
        proxy = self._proxies.get(url.scheme) or self._proxies.get("all")
        return proxy if proxy and not proxy_bypass(url.host) else None

    async def check_target(self, start: str, target: str) -> None:
        """Raise UrlError if a redirect from `start` leads from a public host to a private one.

        The user may type a private address; its redirects must stay on that host. Raises AnswerError
        if a host does not resolve.
        """
        source, destination = _hostname(start), _hostname(target)
        if source == destination:
            return
        loop = asyncio.get_running_loop()
        try:
            if await loop.run_in_executor(None, _is_private, self.resolve, source):
                raise UrlError(
                    target, f"redirect from the private host {source} to another host; not followed"
                )
            if await loop.run_in_executor(None, _is_private, self.resolve, destination):
                raise UrlError(target, "redirect to a private address; not followed")
        except OSError as error:
            raise AnswerError(
                target, f"redirect to a host that does not resolve ({error})"
            ) from error


def canonical_redirect(current_url: str, target: str) -> str:
    """The target of a Location header. Raises UrlError if that is no web address."""
    try:
        destination = urljoin(current_url, target.strip())
    except ValueError as error:  # a broken IPv6 address
        raise UrlError(target, f"redirect to an invalid address ({error})") from error
    canonical_url(destination)
    return destination.partition("#")[0]


def _hostname(url: str) -> str:
    return httpx.URL(url).host


def _resolve_addresses(host: str) -> list[str]:
    address_infos = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return [str(info[4][0]) for info in address_infos]


def _is_private(resolve: Callable[[str], list[str]], host: str) -> bool:
    return not all(ipaddress.ip_address(address).is_global for address in resolve(host))


def _failure_reason(error: httpx.HTTPError) -> str:
    text = str(error) or type(error).__name__
    if isinstance(error, httpx.ConnectError):
        if any(words in text for words in UNRESOLVED_WORDS):
            return f"the host does not resolve ({text}); is the address spelt right?"
        return f"no connection ({text})"
    if isinstance(error, httpx.RemoteProtocolError):
        return f"the answer broke off or is not HTTP ({text})"
    return f"no answer ({text})"


async def post(url: str, content: bytes, *, headers: Mapping[str, str], timeout: float) -> int:
    """Send `content` to an address that the user gave; the status of the answer.

    Redirects are not followed. `timeout` is for all of it, in seconds. Raises FetchError if no answer
    came; its reason does not have the address, which may be a secret.
    """
    try:
        async with asyncio.timeout(timeout), httpx.AsyncClient(timeout=timeout) as client:
            sending = client.stream("POST", url, content=content, headers=dict(headers))
            async with sending as answer:  # nobody needs its body, however long it is
                return answer.status_code
    except TimeoutError as error:
        raise FetchError(url, f"no answer within {timeout:.0f} s") from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        reason = (
            _failure_reason(error) if isinstance(error, httpx.HTTPError) else "not a web address"
        )
        raise FetchError(url, reason.replace(url, "its address")) from error
