"""Connections to hosts, kept between requests, and where each of them may lead."""

import ssl
import sys
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.request import getproxies, proxy_bypass

from scraper.errors import PrivateAddressError
from scraper.http.addresses import AllowedHosts, is_public
from scraper.http.connect import (
    MAX_HOST_CONNECTIONS,
    MAX_IDLE_CONNECTIONS,
    CheckedBackend,
    Resolver,
    direct_pool,
    private_reason,
)
from scraper.http.reach import Reach
from scraper.urls import hostname, literal_address

# The command line of httpx imports rich and pygments, a tenth of Variorum's start. A module that is
# None here cannot be imported (Python's import system, 5.3.1), and httpx works without it.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type] # typeshed knows modules only
import httpx as httpx  # noqa: E402 - after that line; `scraper.fetch` takes it from here

MAX_POOLS = 1000
NO_TRUSTED_CERTIFICATES = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # trusts no certificate


@dataclass(slots=True)
class Pools:
    """Owns one small pool of connections per host and reach. The least recently used is closed first.

    A pool for all hosts searches all its connections at every request. A client per host takes
    longer to set up than a request takes. `allowed` are private hosts that count as public.
    """

    allowed: AllowedHosts = field(default_factory=AllowedHosts)
    resolver: Resolver = field(default_factory=Resolver)
    _pools: OrderedDict[tuple[Reach, str], httpx.AsyncHTTPTransport] = field(
        default_factory=OrderedDict
    )
    _backends: dict[Reach, CheckedBackend] = field(init=False)
    _ssl: ssl.SSLContext | None = None
    _proxies: Mapping[str, str] = field(default_factory=getproxies)

    def __post_init__(self) -> None:
        self._backends = {
            "public": CheckedBackend(self.resolver, self.may_connect),
            "private": CheckedBackend(self.resolver, lambda host, address: True),
        }

    async def close(self) -> None:
        """Close every connection."""
        while self._pools:
            _, pool = self._pools.popitem()
            await pool.aclose()

    async def send(self, request: httpx.Request, reach: Reach) -> httpx.Response:
        """The answer to a request, whose body is not read yet.

        Raises PrivateAddressError if the host is out of reach, httpx.HTTPError if no answer came.
        """
        proxy = self._proxy(request.url)
        if proxy and reach == "public":
            await self._check_behind_proxy(request.url)
        answer = await (await self._pool(request.url, reach, proxy)).handle_async_request(request)
        answer.request = request
        return answer

    def is_private(self, answer: httpx.Response) -> bool | None:
        """Whether an answer came from a private network; None if a proxy made the connection."""
        stream = answer.extensions.get("network_stream")
        peer = stream.get_extra_info("server_addr") if stream else None
        if not peer or self._proxy(answer.request.url):
            return None
        return not self.may_connect(answer.request.url.host, str(peer[0]))

    async def _pool(
        self, url: httpx.URL, reach: Reach, proxy: str | None
    ) -> httpx.AsyncHTTPTransport:
        """The connections to a host that were made within this reach."""
        key = reach, f"{url.scheme}://{url.netloc.decode('ascii')}"
        pool = self._pools.pop(key, None)
        if pool is None:
            trust = self._trust(url.scheme)
            pool = httpx.AsyncHTTPTransport(
                verify=trust,
                http2=True,
                limits=httpx.Limits(
                    max_connections=MAX_HOST_CONNECTIONS,
                    max_keepalive_connections=MAX_IDLE_CONNECTIONS,
                ),
                proxy=proxy,
            )
            if proxy is None:  # httpx has no parameter for how connections are made
                pool._pool = direct_pool(trust, self._backends[reach])
            while len(self._pools) >= MAX_POOLS:
                _, oldest = self._pools.popitem(last=False)
                await oldest.aclose()
        self._pools[key] = pool
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

    async def _check_behind_proxy(self, url: httpx.URL) -> None:
        """Raise PrivateAddressError if an address that a proxy connects to seems to be private.

        The proxy looks the name up again, so this is no proof. A name that only the proxy can look up is
        left to it.
        """
        try:
            addresses = await self.resolver.addresses(url.host)
        except OSError:  # a TimeoutError is one, too
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
