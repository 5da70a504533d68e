"""What one request showed, and what the next may be compared with."""

import pickle
from datetime import UTC, datetime, timedelta

import pytest

from schedules.check.observe import Extracted, Request, Unchanged, observe
from schedules.check.page_text import MAX_SHARED_BYTES, page_text
from scraper.errors import FetchError, RefusedError
from scraper.fetch import Response, Validators
from scraper.recognise import Verdict
from tests.support.pages import article_html

URL = "https://example.org/news/1"
NOON = datetime(2026, 5, 14, 12, tzinfo=UTC)


def response(html: str = "", status: int = 200, **headers: str) -> Response:
    """A response of the article's page."""
    body = (html or article_html()).encode()
    return Response(URL, URL, status, {"content-type": "text/html", **headers}, body, 5)


@pytest.mark.parametrize(
    ("answer", "outcome", "reason"),
    [
        (Verdict("refused", "robots.txt disallows this address"), "refused", "robots.txt"),
        (RefusedError(URL, "a private address"), "refused", "private"),
        (FetchError(URL, "no answer"), "failed", "no answer"),
        (response(status=410), "gone", "410"),
        (response("<title>Just a moment...</title>Checking your browser"), "blocked", "challenge"),
        (response("<p>"), "failed", ""),
    ],
    ids=["robots.txt", "refused", "no answer", "410", "a challenge", "an empty page"],
)
def test_without_an_article_there_is_a_verdict(answer: Response, outcome: str, reason: str) -> None:
    observation = observe(Request(URL), NOON, answer)
    assert observation.content is None
    assert observation.verdict is not None
    assert observation.verdict.outcome == outcome
    assert reason in observation.verdict.reason


def test_a_busy_host_says_how_long_to_wait() -> None:
    observation = observe(Request(URL), NOON, response(status=503, **{"retry-after": "120"}))
    assert observation.verdict is not None
    assert observation.verdict.wait == timedelta(seconds=120)


def test_only_the_same_bytes_are_unchanged() -> None:
    first = observe(Request(URL), NOON, response())
    request = Request(URL, known_sha256=first.fetch.sha256)
    assert observe(request, NOON, response()).content == Unchanged()
    other = observe(request, NOON, response(article_html() + "<!-- 1 -->"))
    assert isinstance(first.content, Extracted)
    assert other.content == first.content


def test_an_answer_that_is_no_page_is_never_unchanged() -> None:
    empty = response(status=304)
    assert observe(Request(URL, known_sha256=None), NOON, empty).content is None


@pytest.mark.parametrize(
    ("href", "link", "origin"),
    [
        ("/story/1", "https://example.org/story/1", None),
        ("https://www.example.org/story/1", "https://www.example.org/story/1", None),
        ("https://paper.example/story/1", URL, "https://paper.example/story/1"),
        ("/", URL, None),
        ("javascript:void(0)", URL, None),
    ],
)
def test_a_canonical_link_counts_on_the_same_site_only(
    href: str, link: str, origin: str | None
) -> None:
    html = article_html(head=f'<link rel="canonical" href="{href}">')
    observation = observe(Request(URL), NOON, response(html))
    assert (observation.link, observation.origin) == (link, origin)


def test_a_304_has_neither_content_nor_verdict() -> None:
    observation = observe(Request(URL, Validators('"1"')), NOON, response(status=304))
    assert (observation.content, observation.verdict) == (None, None)
    assert observation.fetch.snapshot is None


def test_a_page_that_was_read_a_moment_ago_is_not_parsed_again() -> None:
    html = b"<p>The ferry leaves at nine.</p>"
    first = page_text(html, URL)
    assert page_text(bytes(bytearray(html)), URL) is first
    assert pickle.loads(pickle.dumps(first)) is first


def test_another_address_or_charset_is_another_page() -> None:
    html = "<p>첫 배는 아홉 시</p>".encode("euc-kr")
    korean = page_text(html, URL, "text/html; charset=euc-kr")
    assert korean is not page_text(html, URL, "text/html; charset=utf-8")
    assert korean is not page_text(html, URL + "/2", "text/html; charset=euc-kr")
    assert "아홉" in korean.text


def test_a_large_page_is_not_kept() -> None:
    html = b"<p>" + b"a" * MAX_SHARED_BYTES
    assert page_text(html, URL) is not page_text(html, URL)
