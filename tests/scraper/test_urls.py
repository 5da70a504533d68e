"""Canonical URLs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.errors import UrlError
from scraper.urls import (
    MAX_URL_LENGTH,
    canonical_url,
    hostname,
    is_front_page,
    is_section,
    netloc,
    number_in,
    site,
)

CANONICAL_FORMS = [
    ("HTTP://Example.ORG:80", "http://example.org/"),
    ("https://example.org/a?utm_source=x&id=7&fbclid=1#c", "https://example.org/a?id=7"),
    ("https://example.org/a?b=2&a=1", "https://example.org/a?b=2&a=1"),
    ("https://example.org/a?id=7&utm_source=x&", "https://example.org/a?id=7"),
    ("https://example.org/a?print&utm_source=x", "https://example.org/a?print"),
    ("https://example.org/view?12345", "https://example.org/view?12345"),
    ("https://example.org/기사/1", "https://example.org/%EA%B8%B0%EC%82%AC/1"),
    ("https://example.org/%ea%b8%b0", "https://example.org/%EA%B8%B0"),
    ("https://뉴스.example/a", "https://xn--vg1b002a.example/a"),
    ("https://faß.example/a", "https://xn--fa-hia.example/a"),
    ("https://ＥＸＡＭＰＬＥ。org./a", "https://example.org/a"),
    (" https://example.org/a b ", "https://example.org/a%20b"),
]


@pytest.mark.parametrize(("url", "canonical"), CANONICAL_FORMS)
def test_a_url_has_one_canonical_form(url: str, canonical: str) -> None:
    assert canonical_url(url) == canonical


@pytest.mark.parametrize(
    "url", ["", "news", "example.org/a", "ftp://example.org/", "http://", "http://a:99999/", "javascript:alert(1)",
            "http://a b/", "http://a\u200cb/", "http://\x00/", "https://" + "a" * 5000]
)  # fmt: skip
def test_an_invalid_url_is_an_error(url: str) -> None:
    with pytest.raises(UrlError):
        canonical_url(url)


@given(
    st.text(max_size=60)
    | st.from_regex(r"https?://[\w.%-]{1,20}(:\d{1,4})?/[^\s]{0,30}", fullmatch=True)
)
def test_canonical_url_is_idempotent_and_raises_only_url_errors(url: str) -> None:
    try:
        canonical_once = canonical_url(url)
    except UrlError:
        return
    assert canonical_url(canonical_once) == canonical_once


def test_a_front_page_is_not_an_article() -> None:
    assert is_front_page("https://example.org/")
    assert not is_front_page("https://example.org/a/1")
    assert site("https://m.example.org/a") == "example.org"


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("http://example.org:443/a", "http://example.org:443/a"),
        ("https://example.org:80/a", "https://example.org:80/a"),
        ("https://example.org:8443/a", "https://example.org:8443/a"),
        ("http://[2001:DB8::1]:8080/a", "http://[2001:db8::1]:8080/a"),
        ("https://example.org./a", "https://example.org/a"),
        ("https://example.org/a%zz%41", "https://example.org/a%25zz%41"),
        ("https://example.org/a?q=x?y&&z", "https://example.org/a?q=x?y&z"),
        ("https://example.org/a?UTM_Source=x&%75tm_term=y&id=1", "https://example.org/a?id=1"),
        ("https://example.org/a?reference=1&sources=2", "https://example.org/a?reference=1&sources=2"),
    ],
)  # fmt: skip
def test_what_names_the_article_stays(url: str, canonical: str) -> None:
    assert canonical_url(url) == canonical


def test_the_longest_url_is_one() -> None:
    url = "https://example.org/" + "a" * (MAX_URL_LENGTH - len("https://example.org/"))
    assert canonical_url(url) == url
    with pytest.raises(UrlError, match="longer than") as caught:
        canonical_url(url + "a")
    assert caught.value.url == url[:80] + "…"


@pytest.mark.parametrize(
    ("url", "host", "host_and_port", "its_site"),
    [
        ("https://www.Example.org:8443/a", "www.example.org", "www.example.org:8443", "example.org:8443"),
        ("https://user@m.example.org/a", "m.example.org", "m.example.org", "example.org"),
        ("https://amp.news.example.org/a", "amp.news.example.org", "amp.news.example.org", "news.example.org"),
        ("https://mobile-news.org/a", "mobile-news.org", "mobile-news.org", "mobile-news.org"),
        ("/a", "", "", ""),
    ],
)  # fmt: skip
def test_a_url_has_a_host_a_port_and_a_site(
    url: str, host: str, host_and_port: str, its_site: str
) -> None:
    assert (hostname(url), netloc(url), site(url)) == (host, host_and_port, its_site)


@pytest.mark.parametrize(
    ("url", "number"),
    [
        ("https://a.org/news/4711042/8123456", "8123456"),
        ("https://a.org/news/12345", "12345"),
        ("https://a.org/news/1234", None),
        ("https://a.org/202605141230/the-mill", None),
        ("https://a.org/4711042/20260514", "4711042"),
        ("https://a.org/a?id=4711042", None),
    ],
)
def test_the_number_of_an_article_is_no_date(url: str, number: str | None) -> None:
    assert number_in(url) == number


@pytest.mark.parametrize(
    ("path", "is_front"),
    [("", True), ("/", True), ("/en", True), ("/en-us/", True), ("/index.html", True),
     ("/ko/main.do", True), ("/?from=404", True), ("/?id=123", False), ("/news", False),
     ("/index.html/a", False), ("/eng/", False)],
)  # fmt: skip
def test_a_front_page_names_no_page(path: str, is_front: bool) -> None:
    assert is_front_page("https://example.org" + path) is is_front


@pytest.mark.parametrize(
    ("path", "is_its_address"),
    [("/politics", True), ("/news/politics/", True), ("/news/world/asia", True),
     ("/news/world/asia/japan", False), ("/list.html?sec=12", True), ("/list.html?id=123", False),
     ("/a/4711", False), ("/the-mill-burns", False), ("/x", False)],
)  # fmt: skip
def test_a_section_has_short_words_and_no_number(path: str, is_its_address: bool) -> None:
    assert is_section("https://example.org" + path) is is_its_address
