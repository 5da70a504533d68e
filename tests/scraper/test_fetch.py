"""Requests over HTTP and HTTPS, against a real server on loopback."""

import asyncio
import gzip
import shutil
import socket
import socketserver
import ssl
import struct
import subprocess
import threading
import time
import zlib
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import brotli
import pytest
import zstandard
from hpack import Encoder

from scraper.errors import FetchError, RedirectError, ScraperError, UrlError
from scraper.fetch import Fetcher, Limits, Response, Validators, post
from scraper.http.connect import Resolver
from scraper.http.decompress import decompress
from scraper.http.pools import Pools
from scraper.http.reach import Reach
from tests.support.site import Answer, Site

COMPRESSORS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "br": brotli.compress,
    "zstd": zstandard.compress,
    "deflate": zlib.compress,
}


def fetch(
    url: str, limits: Limits | None = None, *, pools: Pools | None = None, reach: Reach = "private"
) -> Response:
    async def fetch_page() -> Response:
        async with Fetcher(limits=limits or Limits(), pools=pools or Pools()) as fetcher:
            return await fetcher.fetch(url, reach=reach)

    return asyncio.run(fetch_page())


@pytest.mark.parametrize("name", COMPRESSORS)
def test_compressed_bodies_are_decompressed(site: Site, name: str) -> None:
    body = "뉴스 ".encode() * 1000
    site.answers["/a"] = Answer(COMPRESSORS[name](body), headers={"Content-Encoding": name})
    assert fetch(site.url + "/a").body == body
    assert name in site.requests[0][1]["accept-encoding"]


@pytest.mark.parametrize("name", COMPRESSORS)
def test_a_decompression_bomb_stops_at_the_cap(name: str) -> None:
    bomb = COMPRESSORS[name](b"\0" * 30_000_000)
    with pytest.raises(FetchError, match="larger than"):
        decompress(bomb, name, max_bytes=1_000_000, url="https://example.org/a")


@pytest.mark.parametrize("name", ["gzip", "zstd"])
def test_a_body_of_several_gzip_members_is_read_in_full(name: str) -> None:
    two_members = COMPRESSORS[name](b"one " * 500) + COMPRESSORS[name](b"two " * 500)
    body = decompress(two_members, name, max_bytes=1_000_000, url="https://example.org/a")
    assert body == b"one " * 500 + b"two " * 500


@pytest.mark.parametrize("name", COMPRESSORS)
def test_a_compressed_body_cut_short_is_a_failure(name: str) -> None:
    truncated = COMPRESSORS[name](bytes(range(256)) * 50)[:-9]
    with pytest.raises(FetchError, match="broken or cut short"):
        decompress(truncated, name, max_bytes=1_000_000, url="https://example.org/a")


def test_a_body_shorter_than_content_length_is_a_failure(site: Site) -> None:
    site.answers["/a"] = Answer(b"<p>" + b"text " * 100, cut=50)
    with pytest.raises(FetchError, match="broke off"):
        fetch(site.url + "/a")


def test_a_body_over_the_cap_is_not_read_further(site: Site) -> None:
    site.answers["/a"] = Answer(b"x" * 100_000)
    with pytest.raises(FetchError, match="larger than 1,000 bytes"):
        fetch(site.url + "/a", Limits(body=1000))


def test_validators_are_sent_and_a_304_is_returned(site: Site) -> None:
    site.answers["/a"] = Answer(status=304, headers={"ETag": '"7"'})

    async def fetch_page() -> Response:
        async with Fetcher() as fetcher:
            return await fetcher.fetch(
                site.url + "/a", Validators('"7"', "Thu, 14 May 2026 12:00:00 GMT")
            )

    assert asyncio.run(fetch_page()).status == 304
    headers = site.requests[0][1]
    assert headers["if-none-match"] == '"7"'
    assert headers["if-modified-since"] == "Thu, 14 May 2026 12:00:00 GMT"


def test_the_user_agent_names_the_program(site: Site) -> None:
    site.page("/a", "<p>")
    fetch(site.url + "/a")
    assert site.requests[0][1]["user-agent"].startswith("Variorum/")


def test_redirects_are_followed_and_recorded(site: Site) -> None:
    site.answers["/old"] = Answer(status=301, headers={"Location": "/new#top"})
    site.page("/new", "<p>here")
    page = fetch(site.url + "/old")
    assert (page.body, page.final_url, page.moved_to) == (
        b"<p>here",
        site.url + "/new",
        site.url + "/new",
    )
    assert [(redirect.status, redirect.target) for redirect in page.redirects] == [
        (301, site.url + "/new")
    ]


def test_a_temporary_redirect_is_not_a_move(site: Site) -> None:
    site.answers["/old"] = Answer(status=302, headers={"Location": "/new"})
    site.page("/new", "<p>here")
    assert fetch(site.url + "/old").moved_to is None


def test_endless_redirects_are_a_failure(site: Site) -> None:
    site.answers["/a"] = Answer(status=302, headers={"Location": "/a"})
    with pytest.raises(FetchError, match="more than 8 redirects"):
        fetch(site.url + "/a")
    assert len(site.requests) == 9


@pytest.mark.parametrize(
    "target", ["ftp://example.org/a", "javascript:alert(1)", "file:///etc/passwd"]
)
def test_a_redirect_to_an_invalid_url_is_refused(site: Site, target: str) -> None:
    site.answers["/a"] = Answer(status=302, headers={"Location": target})
    with pytest.raises(UrlError, match="web address"):
        fetch(site.url + "/a")


def test_a_private_host_may_not_redirect_to_another_host(site: Site) -> None:
    site.answers["/a"] = Answer(status=302, headers={"Location": "http://127.0.0.2/b"})
    with pytest.raises(UrlError, match="not followed"):
        fetch(site.url + "/a")


def test_a_silent_server_times_out(site: Site) -> None:
    release = threading.Event()
    site.answers["/a"] = Answer(stall=release)
    try:
        with pytest.raises(FetchError, match="no data for"):
            fetch(site.url + "/a", Limits(read=0.05))
        with pytest.raises(FetchError, match="took longer than"):
            fetch(site.url + "/a", Limits(total=0.05))
    finally:
        release.set()


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://no-such-host.invalid/", "does not resolve"),
        ("http://127.0.0.1:1/", "no connection"),
    ],
)
def test_an_unreachable_host_is_an_error_with_a_reason(url: str, words: str) -> None:
    with pytest.raises(ScraperError, match=words):
        fetch(url)


def test_a_redirect_that_is_not_permanent_throughout_is_no_move(site: Site) -> None:
    site.answers["/old"] = Answer(status=301, headers={"Location": "/between"})
    site.answers["/between"] = Answer(status=302, headers={"Location": "/new"})
    site.page("/new", "<p>here")
    answer = fetch(site.url + "/old")
    assert (answer.final_url, answer.moved_to) == (site.url + "/new", None)


def test_eight_redirects_are_followed(site: Site) -> None:
    for n in range(8):
        site.answers[f"/{n}"] = Answer(status=302, headers={"Location": f"/{n + 1}"})
    site.page("/8", "<p>here")
    assert len(fetch(site.url + "/0").redirects) == 8


def test_a_redirect_status_without_a_location_is_the_answer(site: Site) -> None:
    site.answers["/a"] = Answer(b"<p>choose", status=301)
    answer = fetch(site.url + "/a")
    assert (answer.status, answer.body, answer.redirects) == (301, b"<p>choose", ())


def test_validators_go_to_the_first_address_only(site: Site) -> None:
    site.answers["/a"] = Answer(status=302, headers={"Location": "/b"})
    site.page("/b", "<p>here")

    async def fetch_page() -> Response:
        async with Fetcher() as fetcher:
            return await fetcher.fetch(site.url + "/a", Validators('"7"'))

    asyncio.run(fetch_page())
    assert ["if-none-match" in headers for _, headers in site.requests] == [True, False]


@pytest.mark.parametrize(
    ("value", "headers"),
    [
        ('"7"', {"if-none-match": '"7"'}),
        ("", {}),
        ('"7"\r\nX-Other: 1', {}),
        ('"é"', {}),
        ("x" * 499, {"if-none-match": "x" * 499}),
        ("x" * 500, {}),
    ],
    ids=["plain", "empty", "line break", "not ASCII", "longest", "too long"],
)
def test_only_a_sane_validator_is_sent(value: str, headers: dict[str, str]) -> None:
    assert Validators(value).headers() == headers


def test_a_cookie_lasts_for_the_redirects_of_one_fetch(site: Site) -> None:
    site.answers["/a"] = Answer(
        status=302, headers={"Location": "/b", "Set-Cookie": "consent=yes; Path=/"}
    )
    site.page("/b", "<p>here")

    async def fetch_twice() -> None:
        async with Fetcher() as fetcher:
            await fetcher.fetch(site.url + "/a")
            await fetcher.fetch(site.url + "/b")

    asyncio.run(fetch_twice())
    assert [headers.get("cookie") for _, headers in site.requests] == [None, "consent=yes", None]


def test_a_redirect_is_followed_only_while_the_caller_allows_it(site: Site) -> None:
    site.answers["/a"] = Answer(status=302, headers={"Location": "/b"})
    site.page("/b", "<p>here")
    followed: list[str] = []

    @asynccontextmanager
    async def may_follow(url: str) -> AsyncIterator[None]:
        followed.append(url)
        if url.endswith("/b"):
            raise RedirectError(url, "not now")
        yield

    async def fetch_page() -> None:
        async with Fetcher() as fetcher:
            await fetcher.fetch(site.url + "/a", may_follow=may_follow)

    with pytest.raises(RedirectError):
        asyncio.run(fetch_page())
    assert (followed, site.paths()) == ([site.url + "/b"], ["/a"])


def test_a_proxy_of_the_environment_is_used(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.answers["http://news.example/a"] = Answer(b"<p>by proxy")
    monkeypatch.setenv("http_proxy", site.url)
    monkeypatch.setenv("no_proxy", "direct.example")
    assert fetch("http://news.example/a").body == b"<p>by proxy"
    with pytest.raises(ScraperError, match="does not resolve"):
        fetch("http://direct.example/a")


def test_a_proxy_gets_its_password_and_no_other_server(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.answers["http://news.example/a"] = Answer(b"<p>by proxy")
    monkeypatch.setenv("http_proxy", site.url.replace("//", "//desk:word@"))
    fetch("http://news.example/a")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    fetch(site.url + "/direct")
    sent = [headers.get("proxy-authorization") for _, headers in site.requests]
    assert sent == ["Basic ZGVzazp3b3Jk", None]


def test_a_connection_is_kept_for_the_next_request_to_its_host() -> None:
    connections: list[object] = []

    class CountingServer(ThreadingHTTPServer):
        def get_request(self) -> tuple[Any, Any]:
            connections.append(self)
            return super().get_request()

    async def fetch_twice(url: str) -> None:
        async with Fetcher() as fetcher:
            await fetcher.fetch(url)
            await fetcher.fetch(url)

    with running(CountingServer(("127.0.0.1", 0), handler_for(b"<p>here"))) as server:
        asyncio.run(fetch_twice(f"http://127.0.0.1:{server.server_port}/a"))
    assert len(connections) == 1


def test_a_kept_connection_that_the_server_has_closed_costs_no_fetch() -> None:
    closed = threading.Event()

    class ClosingServer(ThreadingHTTPServer):
        def shutdown_request(self, request: Any) -> None:
            super().shutdown_request(request)
            closed.set()

    class Handler(handler_for(b"<p>here")):
        def do_GET(self) -> None:
            super().do_GET()
            self.close_connection = True  # without a word of it in the answer

    async def fetch_twice(url: str) -> list[int]:
        async with Fetcher() as fetcher:
            statuses = []
            for _ in range(2):
                statuses.append((await fetcher.fetch(url)).status)
                assert await asyncio.to_thread(closed.wait, 5)
                closed.clear()
            return statuses

    with running(ClosingServer(("127.0.0.1", 0), Handler)) as server:
        statuses = asyncio.run(fetch_twice(f"http://127.0.0.1:{server.server_port}/a"))
    assert statuses == [200, 200]


@pytest.mark.skipif(not shutil.which("openssl"), reason="openssl makes the certificate")
def test_https_needs_a_certificate_that_is_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = make_certificate(tmp_path)
    with served_over_tls(certificate, b"<p>in private") as url:
        with pytest.raises(FetchError, match="certificate"):
            fetch(url + "/a")
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert fetch(url + "/a").body == b"<p>in private"


def make_certificate(folder: Path) -> Path:
    """A certificate for 127.0.0.1 that signs itself, in one file with its key."""
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=127.0.0.1",
    ]
    names = [
        "-addext",
        "subjectAltName=IP:127.0.0.1",
        "-keyout",
        str(key),
        "-out",
        str(certificate),
    ]
    subprocess.run([*command, *names], check=True, capture_output=True)
    certificate.write_bytes(certificate.read_bytes() + key.read_bytes())
    return certificate


def handler_for(body: bytes) -> type[BaseHTTPRequestHandler]:
    """Answers every request with `body`, and keeps the connection."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    return Handler


@contextmanager
def running(server: ThreadingHTTPServer) -> Iterator[ThreadingHTTPServer]:
    """Serve until the block ends."""
    with server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join(timeout=5)


@contextmanager
def served_over_tls(certificate: Path, body: bytes) -> Iterator[str]:
    """The URL of a server that answers every request over TLS with `body`."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler_for(body))
    server.socket = context.wrap_socket(server.socket, server_side=True)
    with running(server):
        yield f"https://127.0.0.1:{server.server_port}"


# Answers that are hardly a body: each piece costs time, however little it holds.
ENDLESS_ANSWERS = {
    "a head before the head": (b"", b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"),
    "chunks of one byte": (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"1\r\na\r\n",
    ),
    "trailers": (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n",
        b"Expires: 0\r\n",
    ),
}


@pytest.mark.parametrize(
    ("name", "target"),
    [
        *((name, "") for name in ENDLESS_ANSWERS),
        *((name, "http://news.example/a") for name in ENDLESS_ANSWERS),
        ("a head before the head", "https://news.example/a"),
    ],
)
def test_an_answer_that_is_hardly_a_body_ends_soon(
    name: str, target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It used to keep the event loop busy for the whole minute of `check_timeout`, through a proxy even later."""
    start, piece = ENDLESS_ANSWERS[name]

    def answer(connection: socket.socket) -> None:
        connection.recv(65_536)
        connection.sendall(start)
        while True:
            connection.sendall(piece * 1000)

    began_at = time.process_time()
    with accepting(answer) as url:
        if target:
            monkeypatch.setenv(f"{target.partition(':')[0]}_proxy", url)
        with pytest.raises(FetchError, match=r"beside its body|too long"):
            fetch(target or url)
    assert time.process_time() - began_at < 5


def test_a_page_in_many_small_chunks_is_read() -> None:
    body = b"<p>A ferry left the pier at noon.</p>" * 4000

    def answer(connection: socket.socket) -> None:
        connection.recv(65_536)
        lines = b"".join(
            b"20\r\n" + body[start : start + 32] + b"\r\n" for start in range(0, len(body) - 31, 32)
        )
        head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        connection.sendall(head + lines + b"0\r\n\r\n")

    with accepting(answer) as url:
        assert fetch(url).body == body[: len(body) // 32 * 32]


# Answers over HTTP/2 that break the protocol: the frames of a response, by type, flags and content.
HEADERS_FRAME, DATA_FRAME = 1, 0
END_OF_HEADERS, END_OF_STREAM = 4, 1
BROKEN_HTTP2_ANSWERS: dict[str, list[tuple[int, int, bytes]]] = {
    "a status that is no number": [(HEADERS_FRAME, 5, Encoder().encode([(":status", "abc")]))],
    "a status of thirty digits": [(HEADERS_FRAME, 5, Encoder().encode([(":status", "9" * 30)]))],
    "a line end in a header": [
        (HEADERS_FRAME, 5, Encoder().encode([(":status", "200"), ("etag", "a\r\nb: c")]))
    ],
    "a frame that is too large": [
        (HEADERS_FRAME, END_OF_HEADERS, Encoder().encode([(":status", "200")])),
        (DATA_FRAME, END_OF_STREAM, b"a" * 70_000),
    ],
    "thousands of empty frames": [
        (HEADERS_FRAME, END_OF_HEADERS, Encoder().encode([(":status", "200")])),
        *[(DATA_FRAME, 0, b"")] * 50_000,
    ],
}


@pytest.mark.skipif(not shutil.which("openssl"), reason="openssl makes the certificate")
@pytest.mark.parametrize("name", BROKEN_HTTP2_ANSWERS)
def test_an_answer_that_breaks_http2_is_a_failed_fetch(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The client's libraries raised errors of their own, and `fetch` ended in a traceback."""
    certificate = make_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    context.set_alpn_protocols(["h2"])

    def answer(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as stream:
            stream.recv(65_536)
            stream.sendall(http2_frame(4, 0, b"", stream=0))
            frames = [http2_frame(*frame) for frame in BROKEN_HTTP2_ANSWERS[name]]
            stream.sendall(b"".join(frames))
            while stream.recv(65_536):
                pass

    with accepting(answer) as url, pytest.raises(FetchError, match="is not HTTP"):
        fetch(url.replace("http:", "https:"))


def http2_frame(kind: int, flags: int, content: bytes, *, stream: int = 1) -> bytes:
    """A frame (RFC 9113 section 4.1)."""
    head = struct.pack(">I", len(content))[1:] + bytes([kind, flags])
    return head + struct.pack(">I", stream) + content


@contextmanager
def accepting(answer: Callable[[socket.socket], None]) -> Iterator[str]:
    """The URL of a server that gives each connection to `answer`, which may fail at its end."""

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.request.settimeout(10)
            with suppress(OSError):
                answer(self.request)

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True

    with Server(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/a"
        server.shutdown()
        thread.join(timeout=5)


def post_to(url: str, timeout: float = 5.0) -> int:
    headers = {"Content-Type": "application/json"}
    return asyncio.run(post(url, b"{}", headers=headers, timeout=timeout)).status


def test_a_post_gives_the_status_and_follows_no_redirect(site: Site) -> None:
    site.answers["/hook"] = Answer(status=302, headers={"Location": "/other"})
    assert post_to(site.url + "/hook") == 302
    assert (site.paths(), site.bodies) == (["/hook"], [b"{}"])


def test_a_failed_post_does_not_give_its_address_away() -> None:
    with pytest.raises(FetchError) as caught:
        post_to("http://127.0.0.1:1/secret-token")
    assert "secret-token" not in caught.value.reason


def test_a_post_to_a_silent_server_times_out(site: Site) -> None:
    release = threading.Event()
    site.answers["/hook"] = Answer(stall=release)
    try:
        with pytest.raises(FetchError, match="no answer within"):
            post_to(site.url + "/hook", timeout=0.05)
    finally:
        release.set()


@pytest.mark.parametrize("location", ["http://exa mple.org/", "http://[1", "http://a" * 2000])
def test_a_redirect_to_a_broken_address_is_an_error(site: Site, location: str) -> None:
    site.answers["/a"] = Answer(status=302, headers={"Location": location})
    with pytest.raises(ScraperError):
        fetch(site.url + "/a")


def test_the_elapsed_time_is_in_milliseconds(site: Site) -> None:
    release = threading.Event()
    site.answers["/a"] = Answer(b"<p>late", stall=release)
    threading.Timer(0.1, release.set).start()
    assert 50 <= fetch(site.url + "/a").elapsed_ms < 30_000


def test_requests_to_many_hosts_at_once_share_few_connections(site: Site) -> None:
    """While one pool closes, other requests begin, and close others."""
    port = urlsplit(site.page("/a", "<p>A</p>")).port
    pools = Pools(resolver=Resolver(lambda host: ["127.0.0.1"]), max_connections=12)

    async def fetch_all() -> list[int]:
        async with Fetcher(pools=pools) as fetcher:
            urls = [f"http://host{number}.test:{port}/a" for number in range(40)]
            return [
                page.status
                for _ in range(3)
                for page in await asyncio.gather(*map(fetcher.fetch, urls))
            ]

    assert asyncio.run(fetch_all()) == [200] * 120
