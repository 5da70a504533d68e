"""A check leaves the same state in memory as in the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from schedules.check.decide import decide, seems_edited
from schedules.check.observe import Observation, Request, observe, usable_validators
from schedules.check.previous import load_previous
from scraper.article import Article
from scraper.fetch import Redirect, Response
from storage.articles import record
from storage.articles.exclusions import restore_text
from storage.articles.load import article_state
from storage.articles.result import CheckResult, Fetch
from storage.articles.state import MAX_VOLATILE_PER_ARTICLE, ArticleState
from storage.articles.watch import stop_watching
from storage.database import open_in_memory
from storage.diff.noise.exclusions import PageNoise
from storage.diff.steady import MIN_STEADY_CHECKS
from tests.support.pages import article_html

URL = "https://example.org/news/1"
MOVED_URL = "https://example.org/world/2026/05/harbour-bridge-opens-1"
NOON = datetime(2026, 5, 14, 12, tzinfo=UTC)
EXTRACTOR = "1"
NEXT_PARAGRAPH = "<p>A second bridge"
ADS = (
    "Save on shoes this weekend only.",
    "Our newsletter brings the news to you.",
    "Win a car with our quiz.",
)


def page_with(line: str, beside: str = "", **edits: str) -> str:
    """The article with a line between its paragraphs, another beside it, and words replaced."""
    html = article_html(around=f"<p>{beside}</p>").replace(
        NEXT_PARAGRAPH, f"<p>{line}</p>{NEXT_PARAGRAPH}"
    )
    for old, new in edits.items():
        html = html.replace(old, new)
    return html


# What the site serves at a check: to the first request and to the second, an HTML page or a status.
SERVED: dict[str, tuple[str | int, str | int]] = {
    "the text": (article_html(), article_html()),
    "an edit": (article_html().replace("21 people", "12 people"),) * 2,
    "a headline": (article_html("Harbour bridge opens at last"),) * 2,
    "a line": (page_with(ADS[0]),) * 2,
    "another line": (page_with(ADS[1]),) * 2,
    "a third line": (page_with(ADS[2]),) * 2,
    "page noise": (page_with(ADS[0]), page_with(ADS[1])),
    "page noise and an edit": (
        page_with(ADS[1], Monday="Tuesday"),
        page_with(ADS[2], Monday="Tuesday"),
    ),
    "a counter": (page_with("Shared 3 times so far."), page_with("Shared 4 times so far.")),
    "a counter and an edit": (
        page_with("Shared 5 times so far.", Monday="Tuesday"),
        page_with("Shared 6 times so far.", Monday="Tuesday"),
    ),
    "a line and a count": (page_with("Shared 7 times so far.", Monday="Tuesday"),) * 2,
    "another line and an edit": (page_with(ADS[1], Monday="Tuesday"),) * 2,
    "a label": (page_with("From our partners", "Snow fell in May"),) * 2,
    "a lone label": (page_with("From our partners"),) * 2,
    "an edit in one response": (article_html().replace("21 people", "12 people"), article_html()),
    "an edit, then a failure": (article_html().replace("21 people", "12 people"), 503),
    "most of it gone": (article_html(paragraphs=("Only this line is left of the story.",)),) * 2,
    "a counter beside": (article_html(around="<p>17 readers</p>"),) * 2,
    "404": (404, 404),
    "410": (410, 410),
    "503": (503, 503),
    "304": (304, 304),
    "a move": (301, 301),
}  # fmt: skip


@dataclass
class Story:
    """One article, checked without a network: recorded in a database, and kept in memory."""

    db: Database
    now: datetime = NOON
    memory: ArticleState = field(default_factory=ArticleState)

    def check(self, name: str) -> CheckResult:
        """Check what the site serves; record it, and go on in memory."""
        previous = load_previous(self.db, URL, ())
        state, (one, other) = previous.state, SERVED[name]
        validators = usable_validators(state, self.now)
        request = Request(URL, validators, known_sha256=state.known_sha256)
        first = self._observe(request, one)
        second = None
        if seems_edited(previous, first):
            request = replace(request, known_sha256=first.fetch.sha256)
            second = self._observe(request, other)
        result = decide(previous, first, second, now=self.now)
        self.record(result)
        return result

    def _observe(self, request: Request, served: str | int) -> Observation:
        status = served if isinstance(served, int) else 200
        body = (served if isinstance(served, str) else article_html()).encode()
        response = Response(URL, URL, status, {"etag": '"1"', "content-type": "text/html"}, body, 5)
        if status == 301:
            redirects = (Redirect(URL, 301, MOVED_URL),)
            response = replace(response, status=200, final_url=MOVED_URL, redirects=redirects)
        self.now += timedelta(seconds=1)
        return observe(request, self.now, response)

    def record(self, result: CheckResult) -> None:
        recorded = record(self.db, result, extractor=EXTRACTOR)
        rows = self.db.execute(
            "select snapshot_id from fetches order by id desc limit ?", [len(result.fetches)]
        ).fetchall()
        self.memory = self.memory.after(
            result,
            extractor=EXTRACTOR,
            article_id=recorded.article_id,
            snapshot_ids=[row[0] for row in reversed(rows)],
        )

    def restore_page_noise(self) -> None:
        """The user counts the first page noise as part of the article."""
        row = self.db.execute(
            "select article_id, id from exclusions where kind = 'volatile' and restored_at is null"
        ).fetchone()
        if row is not None:
            restore_text(self.db, *row, at=self.now)
            self.memory = article_state(self.db, URL)

    def pause(self) -> None:
        """The user stops the checks."""
        if self.memory.article_id is not None:
            stop_watching(self.db, URL, at=self.now)
            self.memory = article_state(self.db, URL)


@contextmanager
def story() -> Iterator[Story]:
    db = open_in_memory()
    try:
        yield Story(db)
    finally:
        db.close()


STEPS = st.lists(
    st.tuples(
        st.sampled_from([*SERVED, "restore", "pause"]),
        st.sampled_from([1, 20, 300, 3_600, 90_000]),
    ),
    min_size=2,
    max_size=12,
)


@given(STEPS)
@example(
    [
        ("a line", 1), ("another line", 1), ("an edit", 1),
        ("another line", 1), ("another line", 1), ("another line", 90_000),
    ]
)  # fmt: skip
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
def test_memory_equals_what_a_check_records(steps: list[tuple[str, int]]) -> None:
    with story() as article:
        article.check("the text")
        for name, seconds in steps:
            article.now += timedelta(seconds=seconds)
            if name == "restore":
                article.restore_page_noise()
            elif name == "pause":
                article.pause()
            else:
                article.check(name)
            assert article.memory == article_state(article.db, URL)


@pytest.mark.parametrize(
    ("names", "outcomes"),
    [
        (["an edit", "the text"], ["edited", "edited"]),
        (["page noise", "page noise"], ["unchanged", "unchanged"]),
        (["a label", "a label"], ["unchanged", "edited"]),
        (["a lone label", "the text", "a lone label"], ["edited", "unchanged", "unchanged"]),
        (["a label", "503", "a label"], ["unchanged", "blocked", "edited"]),
        (["404", "404", "the text"], ["failed", "failed", "unchanged"]),
        (["410", "an edit"], ["gone", "restored"]),
        (["410", "304"], ["gone", "failed"]),
        (["a label", "304"], ["unchanged", "failed"]),
        (["most of it gone", "most of it gone"], ["failed", "failed"]),
        (["most of it gone", "404", "most of it gone"], ["failed", "failed", "failed"]),
        (["a move", "the text"], ["moved", "unchanged"]),
        (["503", "304"], ["blocked", "not_modified"]),
        (["an edit, then a failure", "an edit"], ["failed", "edited"]),
        (["an edit in one response"], ["unchanged"]),
        (["page noise and an edit", "the text"], ["edited", "edited"]),
        (["a counter beside"], ["unchanged"]),
    ],
)
def test_the_steps_reach_every_outcome(names: list[str], outcomes: list[str]) -> None:
    with story() as article:
        assert article.check("the text").outcome == "new"
        reached = []
        for name in names:
            article.now += timedelta(minutes=10)
            reached.append(article.check(name).outcome)
            assert article.memory == article_state(article.db, URL)
        assert reached == outcomes


def test_no_answer_stands_for_a_version_that_no_page_showed_to_the_word() -> None:
    with story() as article:
        article.check("a line")
        assert article.memory.last_page.etag is not None
        assert article.check("another line and an edit").pending
        last_page = article_state(article.db, URL).last_page
        assert (last_page.etag, last_page.sha256) == (None, None)


def test_a_page_shows_a_version_if_only_page_noise_differs() -> None:
    with story() as article:
        article.check("the text")
        article.check("page noise and an edit")
        state = article_state(article.db, URL)
        assert state.version is not None
        assert state.last_page.sha256 is not None


def test_lines_that_alternate_become_page_noise() -> None:
    with story() as article:
        for name in ("a line", "another line", "a third line"):
            article.now += timedelta(hours=2)
            result = article.check(name)
        assert {noise.text for noise in result.page_noise} == set(ADS)
        assert article.memory.exclusions.volatile == set(ADS)
        assert article.memory == article_state(article.db, URL)


def test_memory_equals_the_database_until_a_text_that_was_left_out_counts_again() -> None:
    with story() as article:
        article.check("the text")
        article.check("page noise")
        outcomes = set()
        for name in ("a line", "the text", *["another line"] * 2 * MIN_STEADY_CHECKS):
            article.now += timedelta(hours=3)
            outcomes.add(article.check(name).outcome)
            assert article.memory == article_state(article.db, URL)
        assert outcomes == {"unchanged", "edited"}
        assert article.memory.exclusions.withdrawn == {ADS[1]: 1}


def test_memory_equals_the_database_until_a_counter_that_stands_still_counts_again() -> None:
    with story() as article:
        article.check("the text")
        outcomes = []
        for name in ("a counter", "a counter and an edit", *["a line and a count"] * 6):
            article.now += timedelta(hours=3)
            outcomes.append(article.check(name).outcome)
            assert article.memory == article_state(article.db, URL)
        assert outcomes.count("edited") == 2
        assert len(article.memory.exclusions.withdrawn) == 4


def technical_result(outcome: str) -> CheckResult:
    article = Article(URL, "Bridge", paragraphs=("The bridge opened on Monday.",))
    return CheckResult(
        URL, outcome, (Fetch(URL, NOON + timedelta(hours=1), 200),), 1, base_version=1,
        technical=article,
        article=article if outcome == "technical" else replace(article, headline="Ferry"),
    )  # fmt: skip


@pytest.mark.parametrize("outcome", ["technical", "edited"])
def test_memory_equals_what_a_technical_version_records(outcome: str) -> None:
    with story() as article:
        article.check("the text")
        article.record(technical_result(outcome))
        assert article.memory == article_state(article.db, URL)


def test_a_failed_check_does_not_move_last_seen_at() -> None:
    with story() as article:
        article.check("the text")
        last_seen_at = article_state(article.db, URL).version.last_seen_at  # type: ignore[union-attr]
        article.now += timedelta(hours=1)
        article.check("503")
        assert article_state(article.db, URL).version.last_seen_at == last_seen_at  # type: ignore[union-attr]
        article.check("304")
        assert article_state(article.db, URL).version.last_seen_at > last_seen_at  # type: ignore[union-attr]


def test_the_page_noise_of_an_article_is_bounded() -> None:
    noise = tuple(PageNoise(f"Advertisement {number}") for number in range(80))
    with story() as article:
        article.check("the text")
        article.record(
            CheckResult(
                URL, "unchanged", (Fetch(URL, NOON, 200),), 1, base_version=1, page_noise=noise
            )
        )
        assert len(article.memory.exclusions.volatile) == MAX_VOLATILE_PER_ARTICLE
        assert article.memory == article_state(article.db, URL)
