"""A cookie lives for the redirects of one fetch, and goes to the site that set it."""

import asyncio

import pytest

from scraper.fetch import Fetcher
from scraper.urls import is_public_suffix, owner
from tests.support.site import Answer, Names, Site

HOSTS = ("a.evil.co.kr", "b.evil.co.kr", "evil.co.kr", "victim.co.kr")


def sent_cookies(site: Site, monkeypatch: pytest.MonkeyPatch, set_cookie: str) -> dict[str, str]:
    """Which of the hosts gets which cookie, if the first of them sets one and all redirect in turn."""
    names = Names(monkeypatch)
    names.addresses = dict.fromkeys(HOSTS, "127.0.0.1")
    for nth in range(len(HOSTS)):
        headers = {"Set-Cookie": f"{set_cookie}; Path=/"} if not nth else {}
        if nth + 1 < len(HOSTS):
            url = site.url.replace("127.0.0.1", HOSTS[nth + 1])
            site.answers[f"/{nth}"] = Answer(status=302, headers={"Location": f"{url}/{nth + 1}", **headers})  # fmt: skip
    site.page(f"/{len(HOSTS) - 1}", "<p>here")

    async def fetch() -> None:
        async with Fetcher() as fetcher:
            fetcher.pools.allowed = fetcher.pools.allowed.of(["127.0.0.1"])
            await fetcher.fetch(site.url.replace("127.0.0.1", HOSTS[0]) + "/0")

    asyncio.run(fetch())
    return {
        headers["host"].partition(":")[0]: headers["cookie"]
        for _, headers in site.requests
        if "cookie" in headers
    }


@pytest.mark.parametrize(
    ("set_cookie", "hosts"),
    [
        ("one=1", set()),
        ("one=1; Domain=.co.kr", set()),
        ("one=1; Domain=co.kr", set()),
        ("one=1; Domain=kr", set()),
        ("one=1; Domain=victim.co.kr", set()),
        ("one=1; Domain=b.evil.co.kr", set()),
        ("one=1; Domain=.evil.co.kr", {"b.evil.co.kr", "evil.co.kr"}),
        ("one=1; Domain=evil.co.kr; Secure", set()),
    ],
)
def test_a_cookie_keeps_to_its_site(
    site: Site, monkeypatch: pytest.MonkeyPatch, set_cookie: str, hosts: set[str]
) -> None:
    assert set(sent_cookies(site, monkeypatch, set_cookie)) == hosts


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("www.example.com", "example.com"),
        ("example.com.", "example.com"),
        ("www.city.kawasaki.jp", "city.kawasaki.jp"),
        ("a.b.kawasaki.jp", "a.b.kawasaki.jp"),
        ("me.github.io", "me.github.io"),
        ("www.xn--55qx5d.cn", "www.xn--55qx5d.cn"),
        ("a.www.xn--55qx5d.cn", "www.xn--55qx5d.cn"),
        ("[::1]", "[::1]"),
        ("localhost", "localhost"),
        ("WWW.Example.CO.KR", "example.co.kr"),
    ],
)
def test_a_host_belongs_to_the_name_that_somebody_registered(host: str, expected: str) -> None:
    assert owner(host) == expected


@pytest.mark.parametrize("host", ["com", "co.kr", "github.io", "xn--55qx5d.cn", "x.kawasaki.jp"])
def test_a_public_suffix_belongs_to_nobody(host: str) -> None:
    assert is_public_suffix(host) or "." not in host
