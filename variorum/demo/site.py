"""The web server of the demo. It listens on loopback only, and stops when its context ends."""

import random
from dataclasses import dataclass
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from types import TracebackType
from typing import Self
from zlib import crc32

from variorum.demo import pages
from variorum.demo.noise import fresh_noise

ROBOTS = "User-agent: *\nAllow: /\n"


@dataclass(frozen=True, slots=True)
class DemoResponse:
    """One response: body, headers and status."""

    body: bytes
    content_type: str = "text/html; charset=utf-8"
    status: int = 200
    etag: str | None = None


NOT_FOUND = DemoResponse(b"<!doctype html><title>Not found</title><h1>Not found</h1>", status=404)


class DemoSite:
    """Four articles on 127.0.0.1. `advance` edits them; the page noise differs in every response.

    The same `seed` gives the same noise. Times on the pages count from `started_at`.

    >>> with DemoSite() as site:
    ...     len(site.urls), site.stage, site.advance(), site.stage
    (4, 0, True, 1)
    """

    def __init__(self, *, seed: int = 0, started_at: datetime | None = None) -> None:
        self._articles, self._noise_texts = pages.load_articles()
        self._started_at = started_at or datetime.now(UTC)
        self._rng = random.Random(seed)
        self._lock = Lock()
        self.stage = 0
        self._server = _Server(self)
        self._thread = Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        error_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(timeout=5)

    @property
    def address(self) -> tuple[str, int]:
        """The host and the port that the site listens on."""
        return "127.0.0.1", self._server.server_port

    @property
    def base_url(self) -> str:
        """The address of the home page, without its last slash."""
        host, port = self.address
        return f"http://{host}:{port}"

    @property
    def urls(self) -> tuple[str, ...]:
        """The addresses of the articles: Korean, English, German, Japanese."""
        return tuple(self.base_url + stages[0].path for stages in self._articles)

    @property
    def feed_url(self) -> str:
        """The address of the RSS feed that lists the articles."""
        return self.base_url + "/feed.xml"

    @property
    def current(self) -> tuple[pages.Stage, ...]:
        """The current stage of each article."""
        return tuple(stages[self.stage] for stages in self._articles)

    def advance(self) -> bool:
        """Move every article to its next stage; False after the last, when nothing moves."""
        with self._lock:
            if self.stage + 1 >= min(len(stages) for stages in self._articles):
                return False
            self.stage += 1
            return True

    def respond(self, path: str, if_none_match: str | None) -> DemoResponse:
        """The response to one GET."""
        for stage in self.current:
            if stage.path == path:
                return self._article(stage, if_none_match)
        if path == "/":
            return DemoResponse(pages.home_page(self.current, base_url=self.base_url).encode())
        if path == "/feed.xml":
            rss = pages.render_rss(
                self.current, base_url=self.base_url, started_at=self._started_at
            )
            return DemoResponse(rss.encode(), "application/rss+xml; charset=utf-8")
        if path == "/robots.txt":
            return DemoResponse(ROBOTS.encode(), "text/plain; charset=utf-8")
        return NOT_FOUND

    def _article(self, stage: pages.Stage, if_none_match: str | None) -> DemoResponse:
        # A weak validator: the noise differs from response to response, the article does not.
        etag = f'W/"{crc32(repr(stage).encode()):08x}"' if stage.etag else None
        if etag and etag == if_none_match:
            return DemoResponse(b"", status=304, etag=etag)
        with self._lock:  # all threads share one random sequence
            noise = fresh_noise(self._noise_texts[stage.slug], self._rng)
        page = pages.stage_page(stage, noise, base_url=self.base_url, started_at=self._started_at)
        # Only the meta element names another charset, as on old sites.
        content_type = "text/html; charset=utf-8" if stage.charset == "utf-8" else "text/html"
        return DemoResponse(page.encode(stage.charset), content_type, etag=etag)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, site: DemoSite) -> None:
        self.site = site
        super().__init__(("127.0.0.1", 0), _Handler)


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = 10  # seconds that a client may take to send its request

    def do_GET(self) -> None:
        response = self._head()
        self.wfile.write(response.body)

    def do_HEAD(self) -> None:
        self._head()

    def _head(self) -> DemoResponse:
        path = self.path.partition("?")[0]
        response = self.server.site.respond(path, self.headers["If-None-Match"])
        self.send_response(response.status)
        if response.status != 304:
            self.send_header("Content-Type", response.content_type)
            self.send_header("Content-Length", str(len(response.body)))
        if response.etag:
            self.send_header("ETag", response.etag)
        self.end_headers()
        return response

    def log_message(self, format: str, *args: object) -> None:
        """Print nothing: the terminal belongs to the demo."""
