"""A web site on loopback whose answers a test sets, and the names of hosts."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

MAX_REQUEST_SECONDS = 10


@dataclass
class Answer:
    """One response. `cut` sends only that many bytes of the body; `stall` delays it until set."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None
    stall: threading.Event | None = None


@dataclass
class Site:
    """The answers by path, every request that arrived (path and headers), and every body posted.

    An answer may be a function of the request's headers. A path without an answer gives 404.
    """

    answers: dict[str, Answer | Callable[[dict[str, str]], Answer]] = field(default_factory=dict)
    requests: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    url: str = ""

    def page(self, path: str, html: str, **headers: str) -> str:
        """Serve an HTML page at `path` and return its URL."""
        self.answers[path] = Answer(
            html.encode(), headers={"Content-Type": "text/html; charset=utf-8", **headers}
        )
        return self.url + path

    def paths(self) -> list[str]:
        """The path of every request, in order."""
        return [path for path, _ in self.requests]

    def answer(self, path: str, headers: dict[str, str]) -> Answer:
        """Record a request and return its answer."""
        self.requests.append((path, headers))
        answer = self.answers.get(path.partition("?")[0], Answer(status=404))
        return answer(headers) if callable(answer) else answer


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Stay silent: many tests hang up on purpose."""


@contextmanager
def serving(address: str = "127.0.0.1", port: int = 0) -> Iterator[Site]:
    """Serve a site on a port (0: a free one) of an address of this machine until the block ends."""
    site = Site()
    server = _Server((address, port), _handler(site))
    site.url = f"http://{address}:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)


def _handler(site: Site) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = MAX_REQUEST_SECONDS

        def do_GET(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            self.send(site.answer(self.path, headers))

        def do_POST(self) -> None:
            site.bodies.append(self.rfile.read(int(self.headers["Content-Length"] or 0)))
            self.do_GET()

        def send(self, answer: Answer) -> None:
            if answer.stall:
                answer.stall.wait(MAX_REQUEST_SECONDS)
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            if answer.status != 304:
                self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body[: answer.cut])
            if answer.cut is not None:
                self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:
            pass

    return Handler


class Names:
    """Host names of a test: what the system's resolver says of them. An empty address resolves to nothing.

    Other names and addresses are looked up as ever.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.addresses: dict[str, str] = {}
        self._look_up = socket.getaddrinfo
        monkeypatch.setattr(socket, "getaddrinfo", self._answer)

    def _answer(self, host: Any, *args: Any, **keywords: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        address = self.addresses.get(name, name)
        if not address:
            raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
        return self._look_up(address, *args, **keywords)
