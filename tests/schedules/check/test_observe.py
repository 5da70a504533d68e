"""What one request showed, and what the next may be compared with."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from schedules.check.observe import (
    MAX_EXTRACTION_AGE,
    PreviousReading,
    Request,
    first_reading,
    observe,
    previous_reading,
)
from scraper.article import Article
from scraper.errors import FetchError, RefusedError
from scraper.extract.unchanged import Extracted, Unchanged
from scraper.fetch import Response
from scraper.fingerprint import Fingerprint
from scraper.recognise import Verdict
from storage.articles.state import (
    ArticleState,
    FailedCheck,
    LastPage,
    StoredVersion,
    Trouble,
)
from storage.diff.noise import Exclusions
from tests.support.pages import article_html

URL = "https://example.org/news/1"
NOON = datetime(2026, 5, 14, 12, tzinfo=UTC)
FINGERPRINT = Fingerprint("article", "article", "abc", frozenset(), NOON)
VERSION = StoredVersion(
    1,
    Article(URL, "Bridge"),
    "hash",
    "3",
    1,
    "2026-05-14T11:00:00.000Z",
    "2026-05-14T12:00:00.000Z",
)
STATE = ArticleState(1, URL, version=VERSION, last_page=LastPage(1, "sha", fingerprint=FINGERPRINT))


def response(html: str = "", status: int = 200, **headers: str) -> Response:
    """A response of the article's page."""
    body = (html or article_html()).encode()
    return Response(URL, URL, status, {"content-type": "text/html", **headers}, body, 5)


def with_fingerprint(**fields: object) -> ArticleState:
    fingerprint = replace(FINGERPRINT, **fields)  # type: ignore[arg-type]
    return replace(STATE, last_page=replace(STATE.last_page, fingerprint=fingerprint))


def test_a_check_compares_its_response_with_the_last_page() -> None:
    at = NOON + timedelta(hours=1)
    assert previous_reading(STATE, at) == PreviousReading(FINGERPRINT, "sha")


UNCONFIRMED = Trouble((FailedCheck("2026-05-14T12:00:00.000Z", 200, "failed", True),))
IN_FULL = {
    "no version": (replace(STATE, version=None), NOON),
    "no container": (with_fingerprint(container=None), NOON),
    "never extracted": (with_fingerprint(extracted_at=None), NOON),
    "extracted a day ago": (STATE, NOON + MAX_EXTRACTION_AGE),
    "a clock set back": (STATE, NOON - timedelta(seconds=1)),
    "a pending change": (replace(STATE, exclusions=Exclusions(pending={"new": "old"})), NOON),
    "noise that the user restored": (
        replace(STATE, exclusions=Exclusions(restored_at="2026-05-14T12:30:00.000Z")), NOON,
    ),
    "an article that was gone": (replace(STATE, status="gone"), NOON),
    "an unconfirmed change": (replace(STATE, trouble=UNCONFIRMED), NOON),
}  # fmt: skip


@pytest.mark.parametrize(("state", "at"), IN_FULL.values(), ids=IN_FULL.keys())
def test_a_page_is_extracted_in_full_when_its_fingerprint_proves_too_little(
    state: ArticleState, at: datetime
) -> None:
    assert previous_reading(state, at) is None


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


def test_the_same_bytes_or_the_same_fingerprint_are_unchanged() -> None:
    first = observe(Request(URL), NOON, response())
    reading = first_reading(first)
    assert reading is not None
    for html in (article_html(), article_html(around="<p>17 readers</p>")):
        second = observe(Request(URL, previous=reading), NOON, response(html))
        assert second.content == Unchanged(reading.fingerprint)
        assert second.fetch.fingerprint == reading.fingerprint


def test_another_text_is_extracted_with_a_fingerprint_of_its_own() -> None:
    reading = first_reading(observe(Request(URL), NOON, response()))
    html = article_html().replace("21 people", "12 people")
    observation = observe(Request(URL, previous=reading), NOON, response(html))
    assert isinstance(observation.content, Extracted)
    assert "12 people" in observation.content.article.body
    assert observation.fetch.fingerprint == observation.content.fingerprint
    assert observation.fetch.fingerprint.extracted_at == NOON


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
    observation = observe(Request(URL), NOON, response(status=304))
    assert (observation.content, observation.verdict) == (None, None)
    assert observation.fetch.snapshot is None
