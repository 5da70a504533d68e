"""Connections: a name becomes addresses, each is checked, and one of them is connected to.

The check is made on the address that is connected to, at every connection. A name that is looked up twice
may have two answers.
"""

import asyncio
import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

import httpcore

from scraper.errors import PrivateAddressError, UrlError
from scraper.urls import literal_address

# A resolver may be slow because somebody wants it to be. Most answer within a tenth of a second.
MAX_RESOLVE_SECONDS = 5.0
# So many names are looked up at once. A thread cannot be ended before its resolver gives up.
MAX_LOOKUPS = 64
# A host may have many addresses: so many are tried.
MAX_TRIED_ADDRESSES = 4

# One request goes to a host at a time. A connection that the server closes may linger beside the next one.
POOL_SETTINGS: dict[str, Any] = {
    "max_connections": 2,
    "max_keepalive_connections": 1,
    "keepalive_expiry": 5.0,
    "http2": True,
}

# What an answer may have beside its body: headers, and the chunks and frames that it comes in. Each costs
# time, however little of the body it holds. A page of 10 MB in chunks of 1 kB has a third of this.
MAX_OVERHEAD_BYTES = 250_000
READ_OVERHEAD_BYTES = 10  # what a read counts for, if it brings a single byte

# Gives the addresses of a host name. Raises OSError if there are none.
Lookup = Callable[[str], list[str]]


def system_lookup(host: str) -> list[str]:
    """The addresses of a host name, as the system's resolver gives them."""
    address_infos = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return [str(info[4][0]) for info in address_infos]


@dataclass(slots=True)
class Meter:
    """Counts what one request brings beside the body of its answer."""

    overhead: int = 0

    def received(self, size: int) -> None:
        """Count a read. Raises httpcore.RemoteProtocolError past MAX_OVERHEAD_BYTES."""
        self.overhead += size + READ_OVERHEAD_BYTES
        if self.overhead > MAX_OVERHEAD_BYTES:
            raise httpcore.RemoteProtocolError(
                f"it has more than {MAX_OVERHEAD_BYTES:,} bytes beside its body"
            )


# The meter of the request that a task makes: a connection is opened by one request, and serves others.
REQUEST_METER: ContextVar[Meter] = ContextVar("REQUEST_METER")


class MeteredStream(httpcore.AsyncNetworkStream):
    """A connection on which every read counts for the request that is made."""

    def __init__(self, stream: httpcore.AsyncNetworkStream) -> None:
        self._stream = stream

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """The next bytes. Raises httpcore.RemoteProtocolError if the answer is hardly a body."""
        data = await self._stream.read(max_bytes, timeout)
        REQUEST_METER.get().received(len(data))
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send bytes."""
        await self._stream.write(buffer, timeout)

    async def aclose(self) -> None:
        """Close the connection."""
        await self._stream.aclose()

    def get_extra_info(self, info: str) -> Any:
        """What is known of the connection, such as the address of the server."""
        return self._stream.get_extra_info(info)

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """The same connection, encrypted. What it costs is counted as it is read."""
        return MeteredStream(await self._stream.start_tls(ssl_context, server_hostname, timeout))


@dataclass(slots=True)
class Resolver:
    """Owns the threads that look names up. They are the resolver's own, so a slow name holds up no page."""

    lookup: Lookup = system_lookup
    _free: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(MAX_LOOKUPS))

    async def addresses(self, host: str) -> tuple[str, ...]:
        """The addresses of a host, each once, IPv4 first; an address is its own.

        IPv6 that leads nowhere fails only after a timeout. Raises OSError if the name does not resolve
        within MAX_RESOLVE_SECONDS.
        """
        if address := literal_address(host):
            return (address,)
        try:
            async with asyncio.timeout(MAX_RESOLVE_SECONDS):
                addresses = await self._addresses(host)
        except TimeoutError as error:
            reason = f"the name was not looked up within {MAX_RESOLVE_SECONDS:g} s"
            raise socket.gaierror(socket.EAI_AGAIN, reason) from error
        return tuple(sorted(dict.fromkeys(addresses), key=lambda address: ":" in address))

    async def _addresses(self, host: str) -> list[str]:
        await self._free.acquire()
        loop = asyncio.get_running_loop()
        future: asyncio.Future[list[str]] = loop.create_future()
        threading.Thread(target=self._look_up, args=(host, loop, future), daemon=True).start()
        return await future

    def _look_up(
        self, host: str, loop: asyncio.AbstractEventLoop, future: "asyncio.Future[list[str]]"
    ) -> None:
        """Look a name up in a thread, which ends when the resolver answers or gives up."""
        addresses, error = list[str](), None
        try:
            addresses = self.lookup(host)
        except Exception as caught:  # noqa: BLE001 - it is raised where the future is awaited
            error = caught
        with contextlib.suppress(RuntimeError):  # the loop has ended meanwhile
            loop.call_soon_threadsafe(self._finish, future, addresses, error)

    def _finish(
        self, future: "asyncio.Future[list[str]]", addresses: list[str], error: Exception | None
    ) -> None:
        self._free.release()
        if future.done():
            return
        if error:
            future.set_exception(error)
        else:
            future.set_result(addresses)


class CheckedBackend(httpcore.AsyncNetworkBackend):
    """Connects to the addresses of a host that may be connected to."""

    def __init__(self, resolver: Resolver, may_connect: Callable[[str, str], bool]) -> None:
        self._resolver = resolver
        self._may_connect = may_connect
        self._plain = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """A connection to the first address that answers.

        Raises PrivateAddressError if one of the addresses must not be connected to: else a stranger who
        closes his own port could choose the other.
        """
        addresses = await self._addresses(host)
        for address in addresses:
            if not self._may_connect(host, address):
                raise PrivateAddressError(host, private_reason(host, address))
        failure: Exception | None = None
        tried = addresses[:MAX_TRIED_ADDRESSES]
        for address in tried:
            try:
                return MeteredStream(
                    await self._plain.connect_tcp(
                        address,
                        port,
                        timeout and timeout / len(tried),
                        local_address,
                        socket_options,
                    )
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = failure or error
        raise failure or httpcore.ConnectError(f"{host} has no address")

    async def can_connect(self, host: str, port: int, timeout: float) -> bool:
        """Whether a host can be connected to; the connection is closed at once."""
        try:
            stream = await self.connect_tcp(host, port, timeout)
        except (httpcore.ConnectError, httpcore.ConnectTimeout, OSError, UnicodeError, UrlError):
            return False
        await stream.aclose()
        return True

    async def _addresses(self, host: str) -> tuple[str, ...]:
        try:
            return await self._resolver.addresses(host)
        except OSError as error:
            raise httpcore.ConnectError(str(error)) from error


def private_reason(host: str, address: str) -> str:
    """Why a host at a private address is not connected to, and what to do about it."""
    where = f"the private address {address}"
    subject = where if host == address else f"{host}, which is at {where},"
    return f"{subject} was not asked; if it should be, name it in `allow_private` of variorum.toml"


def direct_pool(
    ssl_context: ssl.SSLContext, backend: CheckedBackend
) -> httpcore.AsyncConnectionPool:
    """The connections to one host, made by a backend without a proxy."""
    return httpcore.AsyncConnectionPool(
        ssl_context=ssl_context, network_backend=backend, **POOL_SETTINGS
    )


def proxied_pool(
    ssl_context: ssl.SSLContext,
    backend: CheckedBackend,
    proxy: tuple[bytes, bytes, int | None],
    auth: tuple[bytes, bytes] | None,
) -> httpcore.AsyncConnectionPool:
    """The connections to one host that a proxy makes; `backend` connects to the proxy.

    The proxy is a scheme, a host and a port, `auth` the name and the password for it.
    """
    scheme, host, port = proxy
    return httpcore.AsyncHTTPProxy(
        httpcore.URL(scheme=scheme, host=host, port=port),
        auth,
        ssl_context=ssl_context,
        network_backend=backend,
        **POOL_SETTINGS,
    )
