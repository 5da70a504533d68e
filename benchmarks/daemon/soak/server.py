"""The servers of the world: what they answer, and what they do wrong."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from benchmarks.daemon.soak.bodies import FREEZING_FEEDS, FREEZING_PAGES, packed
from benchmarks.daemon.soak.world import Host, SoakWorld, Story, soak_address

MAX_SECONDS = 7200
CONNECTION_SECONDS = 60
HANG_SECONDS = 8.0
BACKLOG = 512
# The share of requests that fail in each way, and how long a host may go on with errors.
FAULT_SHARES = {"reset": 0.004, "cut": 0.004, "hang": 0.001, "error": 0.006}
MAX_BAD_SECONDS = 15.0
# A page that takes a reader seconds comes at most this often, lest the benchmark measures nothing else.
FREEZE_INTERVAL_SECONDS = 10.0
FREEZE_SHARE = 0.02
REFUSALS = (
    b"HTTP/1.1 503 -\r\nContent-Length: 0\r\n\r\n",
    b"HTTP/1.1 500 -\r\nContent-Length: 0\r\n\r\n",
    b"HTTP/1.1 429 -\r\nRetry-After: 10\r\nContent-Length: 0\r\n\r\n",
)
HTML, XML = "text/html; charset=utf-8", "application/atom+xml"
DISCONNECTS = (
    ConnectionError, asyncio.IncompleteReadError, TimeoutError, asyncio.CancelledError,
)  # fmt: skip


@dataclass(slots=True)
class Site:
    """Owns the listening sockets of all hosts, and their connections."""

    world: SoakWorld
    port: int = 0
    _servers: list[asyncio.Server] = field(default_factory=list)
    _writers: set[asyncio.StreamWriter] = field(default_factory=set)
    _frozen_at: float = -1e9
    _freezing_pages: list[bytes] = field(default_factory=lambda: packed(FREEZING_PAGES))
    _freezing_feeds: list[bytes] = field(default_factory=lambda: packed(FREEZING_FEEDS))

    async def go_online(self) -> None:
        """Accept connections."""
        for host in self.world.hosts:
            listening_socket = socket.create_server(
                (soak_address(host.number), self.port), backlog=BACKLOG
            )
            self.port = self.port or listening_socket.getsockname()[1]
            self._servers.append(
                await asyncio.start_server(self._handler(host), sock=listening_socket)
            )

    def go_offline(self) -> None:
        """Refuse connections, and end those that are open."""
        while self._servers:
            self._servers.pop().close()
        for writer in self._writers:
            writer.transport.abort()

    def url(self, host: Host, path: str) -> str:
        """The address of a page."""
        return f"http://{soak_address(host.number)}:{self.port}{path}"

    def _handler(self, host: Host):  # type: ignore[no-untyped-def]  # a callback of asyncio's
        async def visit(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            self._writers.add(writer)
            with contextlib.suppress(*DISCONNECTS):  # cancelled at the end of the run
                async with asyncio.timeout(CONNECTION_SECONDS):
                    while await self._answer(host, reader, writer):
                        pass
            self._writers.discard(writer)
            writer.close()

        return visit

    async def _answer(
        self, host: Host, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        """Answer one request; return whether the connection may stay open."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        path = head.split(" ", 2)[1]
        self.world.begin_request(host, path)
        at = (
            self.world.elapsed
        )  # on a busy machine, the visitor reads the end before this task goes on
        try:
            return await self._respond(host, path, head, reader, writer)
        finally:
            self.world.end_request(host, at)

    async def _respond(
        self,
        host: Host,
        path: str,
        head: str,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> bool:
        if path == "/robots.txt":
            if self.world.elapsed < host.robots_fail_until:
                return await _send(writer, b"busy", status=500)
            rules = f"User-agent: *\nCrawl-delay: {host.delay}\nDisallow: /private/\n"
            return await _send(writer, rules.encode(), content_type="text/plain")
        if path == "/feed.xml":
            if self._freezes():
                body = self.world.rng.choice(self._freezing_feeds)
                return await _send(writer, body, content_type=XML, encoding="gzip")
            return await _send(writer, self._feed(host), content_type=XML)
        story = host.stories.get(path)
        if story is None:
            return await _send(writer, b"nothing here", status=404)
        return await self._respond_with_story(host, story, head, reader, writer)

    async def _respond_with_story(
        self,
        host: Host,
        story: Story,
        head: str,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> bool:
        fault = self._next_fault(host)
        elapsed = self.world.elapsed
        edition = len(story.edits) if self.world.is_over else story.edition(elapsed)
        story.served_editions.append((elapsed, edition if fault is None else None))
        page, etag = story.html(edition), f'"{edition}"'
        if fault is None and host.has_etags and f"if-none-match: {etag}" in head.lower():
            return await _send(writer, b"", status=304)
        if fault is None:
            return await _send(writer, page, etag=etag if host.has_etags else "")
        if fault == "freeze":
            return await _send(writer, self.world.rng.choice(self._freezing_pages), encoding="gzip")
        if fault == "bad":
            writer.write(host.bad_answer)
            await writer.drain()
            return True
        await _break_off(fault, page, reader, writer)
        return False

    def _next_fault(self, host: Host) -> str | None:
        """The fault of this request: reset, cut, hang, freeze, bad (an error response) or None."""
        world = self.world
        if world.is_calm:
            return None
        if world.elapsed < host.bad_until:
            return "bad"
        if self._freezes():
            return "freeze"
        names, shares = zip(*FAULT_SHARES.items(), strict=True)
        (fault,) = world.rng.choices([*names, None], [*shares, 1 - sum(shares)])
        if fault is None:
            return None
        world.faults[fault] += 1
        if fault != "error":
            return fault
        host.bad_until = world.elapsed + world.rng.uniform(0, MAX_BAD_SECONDS)
        host.bad_answer = world.rng.choice(REFUSALS)
        if world.rng.random() < 0.2:
            host.robots_fail_until = host.bad_until
        return "bad"

    def _freezes(self) -> bool:
        """Whether this answer takes a reader seconds."""
        world = self.world
        is_time = world.elapsed - self._frozen_at > FREEZE_INTERVAL_SECONDS
        if world.is_calm or not is_time or world.rng.random() > FREEZE_SHARE:
            return False
        self._frozen_at = world.elapsed
        world.faults["freeze"] += 1
        return True

    def _feed(self, host: Host) -> bytes:
        """A feed of all articles of a host, with their publication times."""
        entries = "".join(
            f"<entry><link href='{self.url(host, path)}'/><updated>{story.published_at.isoformat()}</updated></entry>"
            for path, story in host.stories.items()
        )
        return f"<feed xmlns='http://www.w3.org/2005/Atom'>{entries}</feed>".encode()


@contextlib.asynccontextmanager
async def serving_world(world: SoakWorld) -> AsyncIterator[Site]:
    """Serve the world while the block runs."""
    site = Site(world)
    await site.go_online()
    try:
        async with asyncio.timeout(MAX_SECONDS):
            yield site
    finally:
        site.go_offline()


async def _break_off(
    fault: str, page: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    """Send nothing, or half of the page, and end the connection."""
    if fault == "hang":
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(reader.read(1), HANG_SECONDS)  # until the visitor gives up
    if fault == "cut":
        writer.write(_head(200, len(page), HTML) + page[: len(page) // 2])
        await writer.drain()
    writer.transport.abort()


async def _send(
    writer: asyncio.StreamWriter,
    body: bytes,
    *,
    status: int = 200,
    content_type: str = HTML,
    encoding: str = "",
    etag: str = "",
) -> bool:
    extra = f"Content-Encoding: {encoding}\r\n" if encoding else ""
    extra += f"ETag: {etag}\r\n" if etag else ""
    writer.write(_head(status, len(body), content_type, extra) + body)
    await writer.drain()
    return True


def _head(status: int, length: int, content_type: str, extra: str = "") -> bytes:
    size = "" if status == 304 else f"Content-Length: {length}\r\n"
    return f"HTTP/1.1 {status} -\r\nContent-Type: {content_type}\r\n{size}{extra}\r\n".encode()
