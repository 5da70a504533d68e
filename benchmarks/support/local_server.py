"""A small HTTP server on loopback with many hosts, for benchmarks only.

Every host has its own address in 127.77.0.0/16 (all of 127.0.0.0/8 is this machine), so a tracker
sees as many hosts as there are sites. The server stops at the end of its `with` block, after
MAX_SECONDS, and answers 404 after MAX_REQUESTS.
"""

import asyncio
import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass

MAX_SECONDS = 3600
MAX_REQUESTS = 100_000
MAX_HOSTS = 2_000


@dataclass(frozen=True, slots=True)
class Answer:
    """A response."""

    body: bytes
    content_type: str = "text/html; charset=utf-8"
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()


# From the address of the host and the path with its query to an answer; None is a 404.
Route = Callable[[str, str], Answer | None]


def address(number: int) -> str:
    """The address of the n-th host.

    >>> address(0), address(700)
    ('127.77.0.1', '127.77.2.201')
    """
    return f"127.77.{number // 250}.{number % 250 + 1}"


@dataclass(slots=True)
class Server:
    """The running server: its port, and how many requests it has received."""

    port: int
    requests: int = 0

    def url(self, number: int, path: str) -> str:
        """The URL of a page on the n-th host."""
        return f"http://{address(number)}:{self.port}{path}"


@contextlib.contextmanager
def serving(hosts: int, route: Route) -> Iterator[Server]:
    """Serve `route` on this many hosts while the block runs.

    Raises ValueError if there are more hosts than MAX_HOSTS.
    """
    if hosts > MAX_HOSTS:
        raise ValueError(f"{hosts} hosts are too many, at most {MAX_HOSTS} can be served")
    sockets = _listening_sockets(hosts)
    server = Server(port=sockets[0].getsockname()[1])
    loop = asyncio.new_event_loop()
    stop = asyncio.Event()
    thread = threading.Thread(
        target=loop.run_until_complete, args=(_serve(sockets, server, route, stop),), daemon=True
    )
    thread.start()
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(timeout=10)
        if not thread.is_alive():
            loop.close()


def _listening_sockets(hosts: int) -> list[socket.socket]:
    """A socket per host, all on the same port."""
    first = socket.create_server((address(0), 0))
    port = first.getsockname()[1]
    return [first, *(socket.create_server((address(n), port)) for n in range(1, hosts))]


async def _serve(
    sockets: list[socket.socket], server: Server, route: Route, stop: asyncio.Event
) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, TimeoutError):
            async with asyncio.timeout(30):
                await _answer_request(reader, writer, server, route)
        writer.close()

    listeners = [
        await asyncio.start_server(answer, sock=listening_socket) for listening_socket in sockets
    ]
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(MAX_SECONDS):
            await stop.wait()
    for listener in listeners:
        listener.close()
    await asyncio.sleep(0)


async def _answer_request(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, server: Server, route: Route
) -> None:
    head = await reader.readuntil(b"\r\n\r\n")
    path = head.split(b" ", 2)[1].decode("latin-1")
    host = writer.get_extra_info("sockname")[0]
    server.requests += 1
    routed_answer = route(host, path) if server.requests <= MAX_REQUESTS else None
    response = routed_answer or Answer(b"nothing here", "text/plain", 404)
    extra_headers = "".join(f"{name}: {value}\r\n" for name, value in response.headers)
    writer.write(
        f"HTTP/1.1 {response.status} -\r\nContent-Type: {response.content_type}\r\n"
        f"Content-Length: {len(response.body)}\r\n{extra_headers}Connection: close\r\n\r\n".encode()
        + response.body
    )
    await writer.drain()
