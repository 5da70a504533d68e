"""Nobody but the user leads Variorum into a private network: the address that is connected to is checked."""

import asyncio
import ipaddress
import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.errors import FetchError, PrivateAddressError, UnresolvedError, UrlError
from scraper.fetch import Fetcher, Limits, Response, post
from scraper.http.addresses import AllowedHosts, is_public
from scraper.http.connect import MAX_RESOLVE_SECONDS, Resolver
from scraper.http.pools import Pools
from scraper.http.reach import Reach
from tests.support.site import Answer, Site, serving

# 127.0.0.1 stands for a public host in these tests, 127.0.0.2 is a private one.
OUTSIDE = AllowedHosts.of(["127.0.0.1"])


@pytest.fixture
def inside(site: Site) -> Iterator[Site]:
    """A site at 127.0.0.2, on the same port as `site`."""
    with serving("127.0.0.2", int(site.url.rpartition(":")[2])) as private_site:
        private_site.page("/b", "<p>secret")
        yield private_site


def named(site: Site, host: str, path: str) -> str:
    """The address of a path of the site under another name."""
    return site.url.replace("127.0.0.1", host) + path


def fetch(url: str, names: dict[str, list[str]], reach: Reach = "public") -> Response:
    """The answer with these names: one more address of its list at each lookup, the last for ever."""

    def look_up(host: str) -> list[str]:
        answers = names[host]
        return (answers.pop(0) if len(answers) > 1 else answers[0]).split()

    async def fetch_page() -> Response:
        async with Fetcher(pools=Pools(OUTSIDE, Resolver(look_up))) as fetcher:
            return await fetcher.fetch(url, reach=reach)

    return asyncio.run(fetch_page())


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0", "10.0.0.7", "100.64.0.1", "127.0.0.1", "127.255.255.255", "169.254.169.254", "172.31.0.1",
        "192.0.0.8", "192.0.0.170", "192.0.0.192", "192.0.2.1", "192.88.99.2", "192.168.1.1", "198.18.0.1", "198.51.100.1",
        "203.0.113.1", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
        "::", "::1", "::127.0.0.1", "::ffff:10.0.0.7", "::ffff:0:127.0.0.1", "64:ff9b::127.0.0.1", "64:ff9b::a00:7",
        "64:ff9b:1::5db8:d70e", "100::1", "2001::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:db8::1",
        "2002:7f00:1::1", "2002:a00:7::1", "3fff::1", "5f00::1", "fc00::1", "fd00:ec2::254", "fe80::1",
        "fe80::1%eth0", "fec0::1", "ff02::1", "ff0e::1",
    ],
)  # fmt: skip
def test_a_special_address_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "1.1.1.1", "93.184.215.14", "172.32.0.1", "192.0.1.1", "223.255.255.255", "2606:4700::1111", "2a00:1450::1",
        "2001:4860::8888", "::ffff:93.184.215.14", "64:ff9b::93.184.215.14", "2002:5db8:d70e::1",
    ],
)  # fmt: skip
def test_an_address_of_the_internet_is_public(address: str) -> None:
    assert is_public(address)


@given(st.ip_addresses(v=4))
def test_an_embedded_address_counts_for_its_own(ip: ipaddress.IPv4Address) -> None:
    forms = (
        f"::ffff:{ip}",
        f"64:ff9b::{ip}",
        str(ipaddress.IPv6Address(0x2002 << 112 | int(ip) << 80 | 1)),
    )
    assert {is_public(form) for form in forms} == {is_public(str(ip))}


EMBEDDING_NETWORKS = [ipaddress.ip_network(net) for net in ("::ffff:0:0/96", "64:ff9b::/96")]


@given(st.ip_addresses())
def test_nothing_is_public_that_python_calls_private(
    ip: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    is_special = ip.is_private or ip.is_multicast or ip.is_reserved or ip.is_loopback
    assert not (is_special and is_public(str(ip))) or any(ip in net for net in EMBEDDING_NETWORKS)


@pytest.mark.parametrize(
    "addresses",
    ["127.0.0.2", "127.0.0.1 127.0.0.2", "127.0.0.2 127.0.0.1", "127.0.0.1 ::1", "127.0.0.1 64:ff9b::7f00:1"],
)  # fmt: skip
def test_a_host_with_one_private_address_is_not_asked(
    site: Site, inside: Site, addresses: str
) -> None:
    with pytest.raises(PrivateAddressError, match=r"private address .*allow_private"):
        fetch(named(site, "stranger.example", "/b"), {"stranger.example": [addresses]})
    assert (site.requests, inside.requests) == ([], [])


def test_a_name_that_turns_private_after_a_redirect_is_not_asked(site: Site, inside: Site) -> None:
    """The check and the connection use one lookup: nobody can answer them differently."""
    url = named(site, "rebind.example", "/b")
    site.answers["/a"] = Answer(status=302, headers={"Location": url})
    names = {"evil.example": ["127.0.0.1"], "rebind.example": ["127.0.0.2"]}
    with pytest.raises(PrivateAddressError):
        fetch(named(site, "evil.example", "/a"), names)
    assert inside.requests == []


def test_a_name_that_turns_private_on_its_own_host_is_not_asked(site: Site) -> None:
    with serving("127.0.0.2") as other_port:
        target = other_port.url.replace("127.0.0.2", "evil.example") + "/b"
        site.answers["/a"] = Answer(status=302, headers={"Location": target})
        names = {"evil.example": ["127.0.0.1", "127.0.0.2"]}
        with pytest.raises(PrivateAddressError):
            fetch(named(site, "evil.example", "/a"), names, "private")
        assert other_port.requests == []


def test_an_address_of_the_user_may_be_private_and_stays_on_its_host(inside: Site) -> None:
    inside.answers["/a"] = Answer(status=302, headers={"Location": "/b"})
    answer = fetch(inside.url + "/a", {}, "private")
    assert (answer.body, answer.is_private) == (b"<p>secret", True)


def test_a_connection_of_the_user_is_not_used_for_strangers(inside: Site) -> None:
    async def fetch_twice() -> None:
        async with Fetcher(pools=Pools(OUTSIDE)) as fetcher:
            await fetcher.fetch(inside.url + "/b", reach="private")
            await fetcher.fetch(inside.url + "/b", reach="public")

    with pytest.raises(PrivateAddressError):
        asyncio.run(fetch_twice())
    assert inside.paths() == ["/b"]


def test_a_public_page_may_lead_to_another_public_host(site: Site) -> None:
    site.answers["/a"] = Answer(status=302, headers={"Location": named(site, "b.example", "/b")})
    site.page("/b", "<p>here")
    names = {"a.example": ["127.0.0.1"], "b.example": ["127.0.0.1"]}
    answer = fetch(named(site, "a.example", "/a"), names)
    assert (answer.body, answer.is_private) == (b"<p>here", False)


def test_the_settings_allow_names_and_networks() -> None:
    allowed = AllowedHosts.of(["Intranet.example", "straße.example", "10.1.0.0/16", "[fd00::1]"])
    assert allowed.has("intranet.example.", "192.168.0.1")
    assert allowed.has("xn--strae-oqa.example", "192.168.0.1")
    assert allowed.has("other.example", "10.1.2.3")
    assert allowed.has("other.example", "fd00::1")
    assert not allowed.has("other.example", "10.2.0.1")


@pytest.mark.parametrize(
    "entry", ["10.1.0.1/16", "http://a.example", "*.example", "a..example", ""]
)
def test_a_wrong_entry_of_the_settings_is_named(entry: str) -> None:
    with pytest.raises(ValueError, match=r"host|network"):
        AllowedHosts.of([entry])


@pytest.mark.parametrize("literal", ["2130706433", "0x7f000002", "127.2"])
def test_another_spelling_of_a_private_address_is_private(inside: Site, literal: str) -> None:
    async def fetch_page() -> None:
        async with Fetcher(pools=Pools()) as fetcher:
            await fetcher.fetch(inside.url.replace("127.0.0.2", literal) + "/b", reach="public")

    with pytest.raises(PrivateAddressError):
        asyncio.run(fetch_page())


def test_a_name_without_an_address_is_a_failure(site: Site) -> None:
    def look_up(host: str) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    async def fetch_page() -> None:
        async with Fetcher(pools=Pools(OUTSIDE, Resolver(look_up))) as fetcher:
            await fetcher.fetch("http://gone.example/b")

    with pytest.raises(FetchError, match="does not resolve"):
        asyncio.run(fetch_page())


def slow_lookup(release: threading.Event) -> Callable[[str], list[str]]:
    """A resolver that never answers for a slow name."""

    def look_up(host: str) -> list[str]:
        if host.startswith("slow"):
            release.wait(30)
        return ["127.0.0.1"]

    return look_up


def test_slow_names_hold_up_neither_themselves_nor_others(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scraper.http.connect.MAX_RESOLVE_SECONDS", 0.2)
    site.page("/b", "<p>here")
    release = threading.Event()

    async def fetch_all() -> tuple[list[object], Response]:
        async with Fetcher(pools=Pools(OUTSIDE, Resolver(slow_lookup(release)))) as fetcher:
            slow = [fetcher.fetch(named(site, f"slow{n}.example", "/b")) for n in range(20)]
            results = await asyncio.gather(*slow, return_exceptions=True)
            return results, await fetcher.fetch(named(site, "quick.example", "/b"))

    started_at = time.monotonic()
    try:
        results, quick = asyncio.run(fetch_all())
    finally:
        release.set()
    assert time.monotonic() - started_at < 5
    assert {type(result) for result in results} == {UnresolvedError}
    assert "was not looked up within" in str(results[0])
    assert quick.body == b"<p>here"
    assert Limits().connect > MAX_RESOLVE_SECONDS


def test_a_proxy_is_not_asked_for_a_private_address(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", site.url)
    names = {"inside.example": ["10.0.0.7"], "public.example": ["93.184.215.14"]}
    for url in ("http://inside.example/b", "http://10.0.0.7/b", "http://[::1]/b"):
        with pytest.raises(PrivateAddressError):
            fetch(url, names)
    assert site.requests == []
    site.answers["http://public.example/b"] = Answer(b"<p>by proxy")
    assert fetch("http://public.example/b", names).is_private is None


@pytest.mark.parametrize(
    "target",
    [
        "http://inside.example/b",
        "http://10.0.0.7/b",
        "http://[::ffff:10.0.0.7]/b",
        "http://0x0a000007/b",
    ],
)
@pytest.mark.parametrize("reach", ["public", "private"])
def test_a_proxy_is_not_asked_for_the_private_target_of_a_redirect(
    site: Site, monkeypatch: pytest.MonkeyPatch, target: str, reach: Reach
) -> None:
    monkeypatch.setenv("http_proxy", site.url)
    site.answers["http://public.example/a"] = Answer(status=302, headers={"Location": target})
    names = {
        "inside.example": ["10.0.0.7"],
        "0x0a000007": ["10.0.0.7"],
        "public.example": ["93.184.215.14"],
    }
    with pytest.raises(PrivateAddressError):
        fetch("http://public.example/a", names, reach)
    assert site.paths() == ["http://public.example/a"]


def test_a_message_keeps_to_the_reach_of_its_address(inside: Site) -> None:
    async def send(reach: Reach) -> bool | None:
        answer = await post(inside.url + "/hook", b"{}", headers={}, timeout=5, reach=reach)
        return answer.is_private

    assert asyncio.run(send("private")) is True
    with pytest.raises(UrlError) as caught:
        asyncio.run(send("public"))
    assert "/hook" not in caught.value.reason
    assert inside.paths() == ["/hook"]


def test_addresses_are_tried_until_one_answers(site: Site) -> None:
    site.page("/b", "<p>here")

    async def fetch_page() -> Response:
        resolver = Resolver(lambda host: ["127.0.0.9", "127.0.0.1"])
        async with Fetcher(pools=Pools(AllowedHosts.of(["127.0.0.0/8"]), resolver)) as fetcher:
            return await fetcher.fetch(named(site, "a.example", "/b"), reach="public")

    assert asyncio.run(fetch_page()).body == b"<p>here"
