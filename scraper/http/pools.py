"""Connections to hosts, kept between requests, and where each of them may lead."""

import asyncio
import ssl
import sys
from collections import Counter, OrderedDict
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from urllib.request import getproxies, proxy_bypass

from scraper.errors import PrivateAddressError, ScraperError, UrlError
from scraper.http.addresses import AllowedHosts, is_public
from scraper.http.connect import (
    REQUEST_METER,
    CheckedBackend,
    Meter,
    Resolver,
    direct_pool,
    private_reason,
    proxied_pool,
)
from scraper.http.limits import max_connections
from scraper.http.reach import Reach
from scraper.urls import DEFAULT_PORTS, hostname, literal_address

# The command line of httpx imports rich and pygments, a tenth of Variorum's start. A module that is
# None here cannot be imported (Python's import system, 5.3.1), and httpx works without it.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type] # typeshed knows modules only
import httpx as httpx  # noqa: E402 - after that line; `scraper.fetch` takes it from here

# Of the connections that may be open, so many make requests at once, and so many hosts keep one.
MAX_BUSY_SHARE, MAX_KEPT_SHARE = 0.5, 0.7
NO_TRUSTED_CERTIFICATES = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # trusts no certificate


MAX_STATUS = 999
# No field of a header holds these (RFC 9110 section 5.5). HTTP/1.1 cannot transmit them, HTTP/2 can.
FORBIDDEN_IN_HEADER = (b"\0", b"\r", b"\n")

PROXY_SCHEMES, MAX_PORT = ("http", "https"), 65_535

# The reach and the origin of a host.
PoolKey = tuple[Reach, str]


def environment_proxies() -> dict[str, str]:
    """The proxies that the environment names (HTTPS_PROXY …), by scheme; "all" is for the others.

    As for other programs, "proxy.example:3128" is a proxy over HTTP. Raises UrlError for what is none: to
    ignore it would make connections that the user wanted to avoid.
    """
    proxies = {}
    for scheme, address in getproxies().items():
        if scheme in (*DEFAULT_PORTS, "all"):
            proxies[scheme] = address if "://" in address else f"http://{address}"
            if not _is_proxy(proxies[scheme]):
                reason = "names no proxy over HTTP, such as http://proxy.example:3128; others are not supported"
                raise UrlError(f"{scheme}_proxy of the environment", reason)
    return proxies


def _is_proxy(address: str) -> bool:
    try:
        url = httpx.URL(address)
    except httpx.InvalidURL:
        return False
    return url.scheme in PROXY_SCHEMES and bool(url.host) and (url.port or 0) <= MAX_PORT


@dataclass(slots=True)
class Pools:
    """Owns one small pool of connections per host and reach. The least recently used is closed first.

    As many are open as the limit of file descriptors allows. A pool for all hosts searches all its connections at every request. A client per host takes
    longer to set up than a request takes. `allowed` are private hosts that count as public.
    """

    allowed: AllowedHosts = field(default_factory=AllowedHosts)
    resolver: Resolver = field(default_factory=Resolver)
    max_connections: int = field(default_factory=max_connections)
    _busy: Counter[PoolKey] = field(default_factory=Counter)
    _free: asyncio.Semaphore = field(init=False)
    _pools: OrderedDict[PoolKey, httpx.AsyncHTTPTransport] = field(default_factory=OrderedDict)
    _backends: dict[Reach, CheckedBackend] = field(init=False)
    _ssl: ssl.SSLContext | None = None
    _proxies: Mapping[str, str] = field(default_factory=environment_proxies)

    def __post_init__(self) -> None:
        self._free = asyncio.Semaphore(self.capacity)
        self._backends = {
            "public": CheckedBackend(self.resolver, self.may_connect),
            "private": CheckedBackend(self.resolver, lambda host, address: True),
        }

    async def close(self) -> None:
        """Close every connection."""
        while self._pools:
            _, pool = self._pools.popitem()
            await pool.aclose()

    @property
    def capacity(self) -> int:
        """How many requests may be made at once."""
        return max(int(self.max_connections * MAX_BUSY_SHARE), 1)

    @asynccontextmanager
    async def send(self, request: httpx.Request, reach: Reach) -> AsyncIterator[httpx.Response]:
        """The answer to a request, whose body is not read yet, within the block.

        Raises PrivateAddressError if the host is out of reach, httpx.HTTPError if no answer came.
        `body_parts` reads the body.
        """
        REQUEST_METER.set(Meter())
        proxy = self._proxy(request.url)
        if proxy and reach == "public":
            await self._check_behind_proxy(request.url)
        key = reach, f"{request.url.scheme}://{request.url.netloc.decode('ascii')}"
        async with self._free:
            self._busy[key] += 1
            try:
                pool = await self._pool(key, request.url, proxy)
                with _protocol_faults(request):
                    answer = await pool.handle_async_request(request)
                answer.request = request
                try:
                    _check_head(answer)
                    yield answer
                finally:
                    await answer.aclose()
            finally:
                self._busy[key] -= 1
                if not self._busy[key]:
                    del self._busy[key]

    async def can_connect(self, url: str, reach: Reach, timeout: float) -> bool:
        """Whether the host of an address, or the proxy in its place, can be connected to. Asks it nothing."""
        target = httpx.URL(url)
        if proxy := self._proxy(target):
            target = httpx.URL(proxy)
        port = target.port or DEFAULT_PORTS.get(target.scheme, 0)
        backend = self._backends["private" if proxy else reach]
        return await backend.can_connect(target.host, port, timeout)

    def is_private(self, answer: httpx.Response) -> bool | None:
        """Whether an answer came from a private network; None if a proxy made the connection."""
        stream = answer.extensions.get("network_stream")
        peer = stream.get_extra_info("server_addr") if stream else None
        if not peer or self._proxy(answer.request.url):
            return None
        return not self.may_connect(answer.request.url.host, str(peer[0]))

    async def _pool(
        self, key: PoolKey, url: httpx.URL, proxy: str | None
    ) -> httpx.AsyncHTTPTransport:
        """The connections to a host that were made within this reach."""
        pool = self._pools.pop(key, None)
        if pool is None:
            await self._close_idle(int(self.max_connections * MAX_KEPT_SHARE))
            pool = self._pools.pop(key, None) or self._new_pool(key[0], url, proxy)
        self._pools[key] = pool
        return pool

    def _new_pool(
        self, reach: Reach, url: httpx.URL, proxy: str | None
    ) -> httpx.AsyncHTTPTransport:
        trust = self._trust(url.scheme)
        pool = httpx.AsyncHTTPTransport(verify=trust)
        # httpx has no parameter for how connections are made, with a proxy or without
        if proxy is None:
            pool._pool = direct_pool(trust, self._backends[reach])
        else:
            parts = httpx.Proxy(proxy)
            origin = parts.url.raw_scheme, parts.url.raw_host, parts.url.port
            pool._pool = proxied_pool(trust, self._backends["private"], origin, parts.raw_auth)
        return pool

    async def _close_idle(self, max_left: int) -> None:
        """Close the connections that no request uses, the oldest first, until fewer hosts are left."""
        while len(self._pools) >= max(max_left, 1):
            # Looked for each time: other requests begin while one pool closes.
            idle = next((key for key in self._pools if key not in self._busy), None)
            if idle is None:
                return
            await self._pools.pop(idle).aclose()

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

    async def _check_behind_proxy(self, url: httpx.URL) -> None:
        """Raise PrivateAddressError if an address that a proxy connects to seems to be private.

        The proxy looks the name up again, so this is no proof. A name that only the proxy can look up is
        left to it.
        """
        try:
            addresses = await self.resolver.addresses(url.host)
        except OSError:
            return
        for address in addresses:
            if not self.may_connect(url.host, address):
                raise PrivateAddressError(str(url), private_reason(url.host, address))

    def leads_inside(self, url: str) -> bool:
        """Whether an address names a private network; the name of a host may hide one."""
        address = literal_address(hostname(url))
        return address is not None and not self.may_connect(address, address)

    def may_connect(self, host: str, address: str) -> bool:
        """Whether a host at an address is public, or one that the settings allow."""
        return is_public(address) or self.allowed.has(host, address)


async def body_parts(answer: httpx.Response) -> AsyncIterator[bytes]:
    """The body of an answer as it was sent, piece by piece. Raises httpx.HTTPError."""
    with _protocol_faults(answer.request):
        async for part in answer.aiter_raw():
            REQUEST_METER.get().overhead -= len(part)
            yield part


@contextmanager
def _protocol_faults(request: httpx.Request) -> Iterator[None]:
    """What the client raises at an answer that breaks the protocol becomes httpx.RemoteProtocolError.

    The libraries of HTTP/2 raise errors of their own, and a status that is no number is a ValueError.
    """
    try:
        yield
    except (httpx.HTTPError, httpx.InvalidURL, ScraperError, OSError, UnicodeError):
        raise
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
        raise httpx.RemoteProtocolError(reason, request=request) from error


def _check_head(answer: httpx.Response) -> None:
    """Raise httpx.RemoteProtocolError if the head of an answer breaks the protocol."""
    if answer.status_code > MAX_STATUS:
        raise httpx.RemoteProtocolError("its status has more than three digits")
    fields = [part for pair in answer.headers.raw for part in pair]
    if any(character in field for field in fields for character in FORBIDDEN_IN_HEADER):
        raise httpx.RemoteProtocolError("a header has a line end or NUL")
