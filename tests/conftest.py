"""A local web server whose answers a test sets, a database in a temporary folder, a clock."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TypeVar

import pytest
from sqlite_utils import Database

from schedules.check import Checked, check
from schedules.hosts.network import Network
from schedules.hosts.politeness import Hosts
from scraper.fetch import Fetcher, Limits
from storage.database import open_database

T = TypeVar("T")


@dataclass
class Answer:
    """What the server sends; `cut` sends that many bytes of the body only, `stall` waits first."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None
    stall: threading.Event | None = None


@dataclass
class Site:
    """A web site on 127.0.0.1: `answers` by path, every request it was sent, and what was posted."""

    answers: dict[str, Answer | Callable[[dict[str, str]], Answer]] = field(default_factory=dict)
    requests: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    url: str = ""

    def page(self, path: str, html: str, **headers: str) -> str:
        """Serve a page; gives its address."""
        self.answers[path] = Answer(
            html.encode(), headers={"Content-Type": "text/html; charset=utf-8", **headers}
        )
        return self.url + path

    def paths(self) -> list[str]:
        return [path for path, _ in self.requests]


@pytest.fixture
def site() -> Iterator[Site]:
    web = Site()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 10

        def do_GET(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            web.requests.append((self.path, headers))
            answer = web.answers.get(self.path.partition("?")[0], Answer(status=404))
            answer = answer(headers) if callable(answer) else answer
            if answer.stall:
                answer.stall.wait(10)
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            if answer.status != 304:
                self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body[: answer.cut])
            if answer.cut is not None:
                self.close_connection = True

        def do_POST(self) -> None:
            web.bodies.append(self.rfile.read(int(self.headers["Content-Length"] or 0)))
            self.do_GET()

        def log_message(self, format: str, *args: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            """A client that hangs up on purpose is no fault of the test's."""

    server = Server(("127.0.0.1", 0), Handler)
    web.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield web
    server.shutdown()
    server.server_close()
    thread.join(timeout=5)


@dataclass
class Clock:
    """A clock that a test sets; sleeping moves it on."""

    time: datetime = datetime(2026, 5, 14, 12, tzinfo=UTC)
    sleeps: list[float] = field(default_factory=list)

    def now(self) -> datetime:
        self.time += timedelta(milliseconds=1)
        return self.time

    def skip(self, **duration: float) -> None:
        self.time += timedelta(**duration)

    async def sleep(self, seconds: float) -> None:
        self.sleeps.append(seconds)
        self.time += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    """A fresh database; after the test its keys must hold and its numbers have no gap."""
    database = open_database(tmp_path / "variorum.db")
    yield database
    assert database.execute("pragma foreign_key_check").fetchall() == []
    gaps = "select article_id from versions group by article_id having count(*) <> max(number)"
    assert database.execute(gaps).fetchall() == []
    database.close()


@dataclass
class Checker:
    """Looks at pages as the program does, with the test's clock."""

    db: Database
    clock: Clock
    delay: timedelta = timedelta(0)
    limits: Limits = field(default_factory=Limits)

    def __call__(self, url: str) -> Checked:
        return self.run(lambda network: check(self.db, url, network))

    def run(self, work: Callable[[Network], Awaitable[T]]) -> T:
        async def with_network() -> T:
            async with Fetcher(limits=self.limits) as fetcher:
                hosts = Hosts(self.clock.now, self.delay, self.clock.sleep)
                return await work(Network(fetcher, hosts, self.clock.now))

        return asyncio.run(with_network())


@pytest.fixture
def checker(db: Database, clock: Clock) -> Checker:
    return Checker(db, clock)


def article_html(
    headline: str = "Harbour bridge opens after long repair",
    paragraphs: tuple[str, ...] = (
        "The harbour bridge opened to traffic on Monday, two years after a storm tore away its middle span.",
        "Repairs cost 12 million crowns, the port authority said, and 21 people worked on the site every day.",
        "“We can finally cross again,” said Mina Oswell, who runs the ferry that carried commuters meanwhile.",
        "A second bridge, further up the river, will be closed for inspection in the autumn of next year.",
    ),
    *,
    head: str = "",
    around: str = "",
) -> str:
    """A small article page."""
    body = "".join(f"<p>{text}</p>" for text in paragraphs)
    return (
        f"<!doctype html><html lang=en><head><title>{headline}</title>{head}</head><body>"
        f"<nav><a href=/>Home</a></nav><main><article><h1>{headline}</h1>{body}</article></main>"
        f"<aside>{around}</aside></body></html>"
    )
