"""The door to the network, against a real server on loopback."""

import asyncio
import gzip
import threading
import zlib
from collections.abc import Callable

import brotli
import pytest
import zstandard

from scraper.errors import FetchError, ScraperError, UrlError
from scraper.fetch import Fetcher, Limits, Response, Validators
from scraper.http.decompress import decompress
from tests.support.site import Answer, Site

COMPRESSORS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "br": brotli.compress,
    "zstd": zstandard.compress,
    "deflate": zlib.compress,
}


def fetch(url: str, limits: Limits | None = None, **options: object) -> Response:
    async def fetch_page() -> Response:
        async with Fetcher(limits=limits or Limits(), **options) as fetcher:  # type: ignore[arg-type]
            return await fetcher.fetch(url, Validators())

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


def test_a_public_page_may_not_redirect_to_a_private_host(site: Site) -> None:
    site.answers["/a"] = Answer(status=302, headers={"Location": "http://inside.example/b"})
    addresses = {"127.0.0.1": ["93.184.215.14"], "inside.example": ["10.0.0.7"]}
    with pytest.raises(UrlError, match="private address"):
        fetch(site.url + "/a", resolve=lambda host: addresses[host])


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
