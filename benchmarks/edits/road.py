"""Two checks of one article by the program's own pure functions, without a network or a database."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Protocol

from schedules.check.decide import decide, seems_edited
from schedules.check.observe import Observation, Request, observe, page_of
from schedules.check.page_text import LazyPageText
from schedules.check.previous import Previous
from scraper.article import Article
from scraper.errors import ExtractError
from scraper.extract import extract, extractor_for
from scraper.extract.html.document import Document
from scraper.fetch import Response
from storage.articles.result import CheckResult
from storage.articles.state import ArticleState
from storage.diff import compare
from storage.diff.edit import Edit
from storage.vocabulary import NO_ARTICLE

FIRST_CHECK = datetime(2026, 5, 14, 12, tzinfo=UTC)
BETWEEN_CHECKS, BETWEEN_ANSWERS = timedelta(hours=4), timedelta(seconds=3)
MAX_CHECKS = 4  # of a change: what waits for a later check is logged by then


class ServedPage(Protocol):
    """A page as a server gives it."""

    @property
    def url(self) -> str:
        """Its address."""

    @property
    def raw(self) -> bytes:
        """Its bytes."""

    @property
    def content_type(self) -> str | None:
        """The header, if there is one."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the checks of a change made of it; all answers show it.

    `name` is one of these. `seen` are the edits between the two extractions, `logged` those of the
    first check of the change, `reason` is what that check said.

    - "unseen": extraction sees no edit, or no article.
    - "logged": the first check logs all of it.
    - "late": the first check holds some of it back, a later one logs that.
    - "kept": the first check logs the change. A line that both pages have equally often keeps its place in or
      out of the article, though extraction sees it come or leave.
    - "silent": the same, and nothing else changed; nothing is logged.
    - "refused": the checks take the changed page for something else than the article.
    - "missed": the last version differs from what extraction sees, and nothing above says why.
    """

    name: str
    seen: tuple[Edit, ...] = ()
    logged: tuple[Edit, ...] = ()
    reason: str | None = None


@dataclass(slots=True)
class Road:
    """Owns the memory of one article, checked by hand as the program checks it."""

    at: datetime = FIRST_CHECK
    state: ArticleState = field(default_factory=ArticleState)
    page: LazyPageText = field(default_factory=lambda: LazyPageText(lambda: Document(b"", "")))

    def check(self, served: ServedPage) -> tuple[CheckResult, Observation]:
        """One check of a page that both its answers show: the result, and the first answer."""
        self.at += BETWEEN_CHECKS
        previous, response = Previous(self.state, self.page), _response(served)
        request = Request(served.url, known_sha256=self.state.last_page.sha256)
        first = observe(request, self.at, response)
        second = None
        if seems_edited(previous, first):
            request = replace(request, known_sha256=first.fetch.sha256)
            second = observe(request, self.at + BETWEEN_ANSWERS, response)
        result = decide(previous, first, second, now=self.at)
        self.state = self.state.after(
            result,
            extractor=extractor_for(served.url),
            article_id=1,
            snapshot_ids=[1 for _ in result.fetches],
        )
        if result.shows_version or result.article:
            self.page = page_of(first)
        return result, first


def judge(old: ServedPage, new: ServedPage) -> Verdict:
    """What the checks of a changed page make of the change; the first saw the page before it."""
    try:
        after = extract(new.raw, new.url, content_type=new.content_type)
    except ExtractError as error:
        return Verdict("unseen", reason=str(error))
    before = extract(old.raw, old.url, content_type=old.content_type)
    seen = compare(before, after)
    road = Road()
    result, _ = road.check(old)
    if not seen or result.outcome != "new":
        return Verdict("unseen", reason=result.reason)
    first_result, observation = road.check(new)
    results = [first_result, *(road.check(new)[0] for _ in range(1, MAX_CHECKS))]
    name = "refused" if results[-1].outcome in NO_ARTICLE else _name(road, observation, after)
    if name in ("logged", "kept") and not first_result.edits:
        name = "late" if any(result.edits for result in results) else "silent"
    if name == "logged" and _texts(seen) - _texts(first_result.edits):
        name = "late"
    return Verdict(name, seen, first_result.edits, first_result.reason)


def _name(road: Road, observation: Observation, after: Article) -> str:
    """Whether the last version is the article `after`, and if not, why."""
    assert road.state.article is not None
    if not compare(road.state.article, after):
        return "logged"
    return "missed" if seems_edited(Previous(road.state, road.page), observation) else "kept"


def _response(page: ServedPage) -> Response:
    headers = {"content-type": page.content_type or "text/html"}
    return Response(page.url, page.url, 200, headers, page.raw, 5)


def _texts(edits: Sequence[Edit]) -> Counter[tuple[str, str | None, str | None]]:
    return Counter((edit.field, edit.old, edit.new) for edit in edits)
