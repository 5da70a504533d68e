"""Canonical URLs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.errors import UrlError
from scraper.urls import canonical_url, is_front_page, site

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
    (" https://example.org/a b ", "https://example.org/a%20b"),
]


@pytest.mark.parametrize(("url", "canonical"), CANONICAL_FORMS)
def test_a_url_has_one_canonical_form(url: str, canonical: str) -> None:
    assert canonical_url(url) == canonical


@pytest.mark.parametrize(
    "url", ["", "news", "example.org/a", "ftp://example.org/", "http://", "http://a:99999/", "javascript:alert(1)",
            "http://a b/", "http://\x00/", "https://" + "a" * 5000]
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
