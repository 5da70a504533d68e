"""What stored pages show of an article and of its siblings: which are asked for, and how they are read.

A query asks for siblings and is sent them. So it does not say where their pages are read: a live check leaves that to
a reader (`pages.py`), and a rebuild does it in its own process.
"""

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Protocol, TypeVar

from schedules.check.page_text import page_text
from schedules.check.previous import undamaged_snapshot
from scraper.article import Article
from scraper.errors import ExtractError
from scraper.extract import extract_document
from scraper.extract.rules.rule import Rule
from storage.database import Database
from storage.diff.noise import PageArticle, ShownArticle
from storage.diff.siblings.sibling import Sibling
from storage.diff.siblings.subjects import is_unrelated, tells_same_story
from storage.snapshots.store import Snapshot


class HasUrl(Protocol):
    """A sibling, read or packed."""

    @property
    def url(self) -> str:
        """Its address."""


SiblingT = TypeVar("SiblingT", bound=HasUrl)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class SiblingRequest:
    """A sibling to be read from its stored pages, which are given by their ids.

    `excluded`, `is_current` and the pages are as in `Sibling`.
    """

    url: str
    now: int
    before: int | None = None
    day_before: int | None = None
    excluded: frozenset[str] = frozenset()
    is_current: bool = True
    must_be_unrelated: bool = False
    first: int | None = None


# Asks for siblings, is sent those that show another article (None: it does not), and gives a result.
SiblingQuery = Generator[tuple[SiblingRequest, ...], Sequence[SiblingT | None], T]
LoadPage = Callable[[int, str], ShownArticle | None]


def read_sibling(request: SiblingRequest, own: Article, load: LoadPage) -> Sibling | None:
    """A sibling of an article; None if now it shows none, or the same story, or must be unrelated and is not."""
    now = load(request.now, request.url)
    if now is None or tells_same_story(now.article, own):
        return None
    if request.must_be_unrelated and not is_unrelated(own, now.article):
        return None
    before, day_before, first = (
        None if page is None else load(page, request.url)
        for page in (request.before, request.day_before, request.first)
    )
    return Sibling(
        request.url,
        now,
        before,
        request.excluded,
        is_current=request.is_current,
        day_before=day_before,
        first=first,
    )


def read_page(page: Snapshot | None, url: str, rules: Sequence[Rule]) -> PageArticle | None:
    """The article on a stored page, and its text; None if there is no page, or it shows no article."""
    if page is None:
        return None
    text = page_text(page.raw, url, page.content_type)
    try:
        return PageArticle(extract_document(text.document, rules), text)
    except ExtractError:
        return None


def answered_here(
    query: SiblingQuery[Sibling, T], db: Database, own: Article | None, rules: Sequence[Rule]
) -> T:
    """The result of a query about siblings of an article, whose pages are read in this process."""

    @cache
    def load(snapshot_id: int, url: str) -> ShownArticle | None:
        return read_page(undamaged_snapshot(db, snapshot_id), url, rules)

    def read(requests: tuple[SiblingRequest, ...]) -> list[Sibling | None]:
        assert own is not None
        return [read_sibling(request, own, load) for request in requests]

    try:
        requests = next(query)
        while True:
            requests = query.send(read(requests))
    except StopIteration as end:
        return end.value  # type: ignore[no-any-return] # what a query returns
