"""A world of hosts on loopback that edit their articles, misbehave, and record what they serve.

Every host has its own address in 127.88.0.0/16. The hosts also judge their visitor: it must never
send two requests at once, or one earlier than the delay in robots.txt allows.
"""

import asyncio
import contextlib
import random
import socket
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

MAX_SECONDS = 7200
# A request that is early by less than this may be due to our clock.
DELAY_TOLERANCE_SECONDS = 0.015
HANG_SECONDS = 8.0
# The share of requests that fail in each way, and how long a host may go on with errors.
FAULT_SHARES = {"reset": 0.004, "cut": 0.004, "hang": 0.001, "error": 0.006}
MAX_BAD_SECONDS = 15.0

SENTENCES = (
    "The harbour board met in the old customs house on the quay to hear from the engineers.",
    "Work on the sea wall had been put off twice, and the winter storms are not far away.",
    "A crane driver said that the night shift had moved more stone than in any week before.",
    "Fishermen asked for the northern basin to be kept open while the dredgers are at work.",
    "The money comes from a fund that was set up after the flood, and must be spent by spring.",
    "Residents of the lower town will be told by letter when the road along the water is closed.",
)


def soak_address(number: int) -> str:
    """The address of the n-th host.

    >>> soak_address(0), soak_address(300)
    ('127.88.0.1', '127.88.1.51')
    """
    return f"127.88.{number // 250}.{number % 250 + 1}"


@dataclass(slots=True)
class Story:
    """An article: its publication, its edits (in seconds of the run) and what was served of it.

    `served_editions` are (second, edition) of each complete response.
    """

    path: str
    published_at: datetime
    edits: tuple[float, ...]
    served_editions: list[tuple[float, int]] = field(default_factory=list)

    def edition(self, elapsed: float) -> int:
        """The number of edits by then."""
        return sum(edit <= elapsed for edit in self.edits)

    def html(self, edition: int) -> bytes:
        """The page. Its third paragraph contains the edition as a number."""
        name = int(self.path.rpartition("/")[2])
        body = [f"{sentence} ({name + at})" for at, sentence in enumerate(SENTENCES)]
        body[2] = f"{SENTENCES[2]} They counted {1000 + edition} loads for wall {name}."
        paragraphs = "".join(f"<p>{line}</p>" for line in body)
        return (
            f"<!doctype html><html lang=en><head><title>Sea wall {name} is mended at last</title>"
            f'<meta property="article:published_time" content="{self.published_at.isoformat()}"></head>'
            f"<body><nav><a href=/>Home</a></nav><main><article><h1>Sea wall {name} is mended at last</h1>"
            f"{paragraphs}</article></main><aside>{random.random()} readers just now</aside></body></html>"
        ).encode()


@dataclass(slots=True)
class Host:
    """A host: its articles, the visitor's requests to it, and until when it responds with errors."""

    stories: dict[str, Story]
    delay: float
    open_requests: int = 0
    last_response_at: float = -1e9
    bad_until: float = -1e9
    bad_answer: bytes = b""
    robots_fail_until: float = -1e9


@dataclass(slots=True)
class SoakWorld:
    """The hosts, how often each fault occurred, and what the visitor did wrong."""

    hosts: list[Host]
    rng: random.Random
    started_at: float = field(default_factory=time.monotonic)
    requests: int = 0
    violations: list[str] = field(default_factory=list)
    faults: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    killed_at: list[float] = field(default_factory=list)

    @property
    def elapsed(self) -> float:
        """Seconds since the start of the run."""
        return time.monotonic() - self.started_at

    def forget_visitor(self) -> None:
        """Note a kill of the visitor: the kernel closes its open requests."""
        self.killed_at.append(self.elapsed)
        for host in self.hosts:
            host.open_requests = 0


def make_world(*, hosts: int, articles: int, seconds: float, delay: float, seed: int) -> SoakWorld:
    """A world of articles of all ages up to ten days, each with up to four edits in `seconds`."""
    rng = random.Random(seed)
    world = SoakWorld([Host({}, delay) for _ in range(hosts)], rng)
    now = datetime.now(UTC)
    for number in range(articles):
        age = timedelta(hours=10 ** rng.uniform(-0.5, 2.4))
        count = rng.choice((0, 0, 1, 2, 4))
        edits = tuple(sorted(rng.uniform(0, seconds) for _ in range(count)))
        path = f"/news/{10_000 + number}"
        world.hosts[number % hosts].stories[path] = Story(path, now - age, edits)
    return world


@contextlib.asynccontextmanager
async def serving_world(world: SoakWorld) -> "Iterator[int]":  # type: ignore[misc]  # an async generator
    """Serve the world while the block runs; yields the port."""
    first = socket.create_server((soak_address(0), 0), backlog=512)
    port = first.getsockname()[1]
    sockets = [first]
    sockets += [
        socket.create_server((soak_address(n), port), backlog=512)
        for n in range(1, len(world.hosts))
    ]
    listeners = []
    for number, listening_socket in enumerate(sockets):
        visit = _visit_handler(world, world.hosts[number])
        listeners.append(await asyncio.start_server(visit, sock=listening_socket))
    try:
        async with asyncio.timeout(MAX_SECONDS):
            yield port
    finally:
        for listener in listeners:
            listener.close()


def _visit_handler(world: SoakWorld, host: Host):  # type: ignore[no-untyped-def]  # a callback of asyncio's
    async def visit(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        disconnects = (
            ConnectionError,
            asyncio.IncompleteReadError,
            TimeoutError,
            asyncio.CancelledError,
        )
        with contextlib.suppress(*disconnects):  # cancelled at the end of the run
            async with asyncio.timeout(60):
                while await _answer(world, host, reader, writer):
                    pass
        writer.close()

    return visit


async def _answer(
    world: SoakWorld, host: Host, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> bool:
    """Answer one request; return whether the connection may stay open."""
    head = await reader.readuntil(b"\r\n\r\n")
    path = head.split(b" ", 2)[1].decode("latin-1")
    kills = len(world.killed_at)
    world.requests += 1
    host.open_requests += 1
    if host.open_requests > 1:
        world.violations.append(f"{host.open_requests} concurrent requests, one for {path}")
    if world.elapsed - host.last_response_at < host.delay - DELAY_TOLERANCE_SECONDS:
        world.violations.append(
            f"{path} {world.elapsed - host.last_response_at:.3f} s after the last request"
        )
    try:
        return await _respond(world, host, path, reader, writer)
    finally:
        host.last_response_at = world.elapsed
        if len(world.killed_at) == kills:
            host.open_requests -= 1


async def _respond(
    world: SoakWorld,
    host: Host,
    path: str,
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
) -> bool:
    if path == "/robots.txt":
        if world.elapsed < host.robots_fail_until:
            return await _send(writer, b"busy", status=500)
        rules = f"User-agent: *\nCrawl-delay: {host.delay}\nDisallow: /private/\n"
        return await _send(writer, rules.encode(), content_type="text/plain")
    if path == "/feed.xml":
        return await _send(writer, _feed(world, host, writer), content_type="application/atom+xml")
    story = host.stories.get(path)
    if story is None:
        return await _send(writer, b"nothing here", status=404)
    return await _respond_with_story(world, host, story, reader, writer)


async def _respond_with_story(
    world: SoakWorld,
    host: Host,
    story: Story,
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
) -> bool:
    fault = _next_fault(world, host)
    if fault == "bad":
        writer.write(host.bad_answer)
        await writer.drain()
        return True
    elapsed = world.elapsed
    edition = story.edition(elapsed)
    page = story.html(edition)
    if fault is None:
        story.served_editions.append((elapsed, edition))
        return await _send(writer, page)
    if fault == "hang":
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(reader.read(1), HANG_SECONDS)  # until the visitor gives up
    if fault == "cut":
        writer.write(_head(200, len(page), "text/html; charset=utf-8") + page[: len(page) // 2])
        await writer.drain()
    writer.transport.abort()
    return False


def _next_fault(world: SoakWorld, host: Host) -> str | None:
    """The fault of this request: reset, cut, hang, bad (an error response) or None."""
    if world.elapsed < host.bad_until:
        return "bad"
    names, shares = zip(*FAULT_SHARES.items(), strict=True)
    (fault,) = world.rng.choices([*names, None], [*shares, 1 - sum(shares)])
    if fault is None:
        return None
    world.faults[fault] += 1
    if fault != "error":
        return fault
    host.bad_until = world.elapsed + world.rng.uniform(0, MAX_BAD_SECONDS)
    refusals = {
        "503": b"HTTP/1.1 503 -\r\nContent-Length: 0\r\n\r\n",
        "500": b"HTTP/1.1 500 -\r\nContent-Length: 0\r\n\r\n",
        "429": b"HTTP/1.1 429 -\r\nRetry-After: 10\r\nContent-Length: 0\r\n\r\n",
    }
    host.bad_answer = refusals[world.rng.choice(sorted(refusals))]
    if world.rng.random() < 0.2:
        host.robots_fail_until = host.bad_until
    return "bad"


def _feed(world: SoakWorld, host: Host, writer: asyncio.StreamWriter) -> bytes:
    """A feed of all articles of a host, with their publication times."""
    base = "http://%s:%d" % writer.get_extra_info("sockname")[:2]  # noqa: UP031 - an address pair
    entries = "".join(
        f"<entry><link href='{base}{path}'/><updated>{story.published_at.isoformat()}</updated></entry>"
        for path, story in host.stories.items()
    )
    return f"<feed xmlns='http://www.w3.org/2005/Atom'>{entries}</feed>".encode()


async def _send(
    writer: asyncio.StreamWriter,
    body: bytes,
    *,
    status: int = 200,
    content_type: str = "text/html; charset=utf-8",
) -> bool:
    writer.write(_head(status, len(body), content_type) + body)
    await writer.drain()
    return True


def _head(status: int, length: int, content_type: str) -> bytes:
    return f"HTTP/1.1 {status} -\r\nContent-Type: {content_type}\r\nContent-Length: {length}\r\n\r\n".encode()
