"""Stored pages that a check needs, unpacked and read by a reader, each once.

Strangers wrote them, as they wrote the page that was served just now: up to thirty for one edit. So all that a query
asks for at once is one piece of work, which is ended after the time that a page may take. After that nothing more is read
for this check, and what it wanted to prove stays open. Then an edit is neither dropped nor logged: it waits, unconfirmed,
until checks over several hours have shown it. A rebuild reads the same pages in its own process.
"""

import logging
import pickle
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, partial
from typing import TypeVar

from schedules.check.confirm.evidence import variant_pages, variants_of
from schedules.check.confirm.siblings.read import (
    SiblingQuery,
    SiblingRequest,
    read_page,
    read_sibling,
)
from schedules.check.previous import log_damage, undamaged_rows
from schedules.processes import Reader, WorkEndedError
from scraper.article import Article
from scraper.extract.rules.rule import Rule
from storage.articles.state import ArticleState
from storage.database import Database
from storage.diff.edit import Edit
from storage.diff.noise import ShownArticle
from storage.diff.siblings.sibling import FrozenPage, Sibling, frozen_lines
from storage.diff.siblings.subjects import tells_same_story
from storage.diff.variants import Variants
from storage.errors import DamagedError
from storage.snapshots.store import PackedSnapshot, Snapshot, packed_size

log = logging.getLogger("variorum")

# The lines of the longest pages measured take a tenth of this for all siblings of a check.
MAX_PACKED_BYTES = 50_000_000

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class PackedSibling:
    """A sibling as bytes, which only a reader opens: its pages may show a hundred thousand lines."""

    url: str
    data: bytes

    def opened(self) -> Sibling:
        """The sibling."""
        return pickle.loads(self.data)  # type: ignore[no-any-return] # what `packed` got


def packed(sibling: Sibling) -> PackedSibling:
    """The sibling as bytes."""
    return PackedSibling(sibling.url, pickle.dumps(sibling, pickle.HIGHEST_PROTOCOL))


@dataclass(frozen=True, slots=True)
class _Work:
    """Pages to be read for an article: `urls` are those of its versions, which siblings may link to."""

    pages: Mapping[int, PackedSnapshot]
    own: Article
    urls: tuple[str, ...]
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class _Read:
    """Siblings that a reader has read, and why pages are damaged, by their ids."""

    siblings: tuple[PackedSibling | None, ...]
    damage: Mapping[int, str]


def _read_siblings(work: _Work, requests: tuple[SiblingRequest, ...]) -> _Read:
    """What a reader makes of the requests. Raises WorkEndedError if that is too much."""
    damage: dict[int, str] = {}
    size = 0

    @cache
    def load(snapshot_id: int, url: str) -> ShownArticle | None:
        page = read_page(_unpacked(work.pages, snapshot_id, damage), url, work.rules)
        return page and FrozenPage(page.article, frozen_lines(page.page, work.urls))

    siblings: list[PackedSibling | None] = []
    for request in requests:
        sibling = read_sibling(request, work.own, load)
        one = packed(sibling) if sibling else None
        siblings.append(one)
        size += len(one.data) if one else 0
        if size > MAX_PACKED_BYTES:
            raise WorkEndedError("the stored pages of other articles show too much to be compared")
    return _Read(tuple(siblings), damage)


def _read_articles(
    pages: Mapping[int, PackedSnapshot], url: str, rules: tuple[Rule, ...]
) -> tuple[dict[int, Article], dict[int, str]]:
    """The articles of stored pages, and why pages are damaged, by their ids."""
    damage: dict[int, str] = {}
    read = ((one, read_page(_unpacked(pages, one, damage), url, rules)) for one in pages)
    return {one: page.article for one, page in read if page}, damage


def _unpacked(
    pages: Mapping[int, PackedSnapshot], snapshot_id: int, damage: dict[int, str]
) -> Snapshot | None:
    """A page; None if rows of it are missing, or if it is damaged: then the reason is added."""
    page = pages.get(snapshot_id)
    try:
        return page.unpacked() if page else None
    except DamagedError as error:
        damage[snapshot_id] = str(error)
        return None


def _of_other_stories(siblings: Sequence[PackedSibling], own: Article) -> tuple[PackedSibling, ...]:
    return tuple(one for one in siblings if not tells_same_story(own, one.opened().now.article))


@dataclass(slots=True)
class StoredPages:
    """Owns what was read of stored pages for one decision about an article.

    `urls` are the addresses that the article's versions name. `was_ended` says that reading took too long.
    """

    db: Database
    reader: Reader
    state: ArticleState
    urls: tuple[str, ...]
    rules: tuple[Rule, ...]
    was_ended: bool = False
    _siblings: dict[SiblingRequest, PackedSibling | None] = field(default_factory=dict)

    async def answered(self, query: SiblingQuery[PackedSibling, T]) -> T:
        """The result of a query about siblings; once reading was ended, no others are there."""
        try:
            requests = next(query)
            while True:
                await self._read(tuple(one for one in requests if one not in self._siblings))
                requests = query.send([self._siblings.get(request) for request in requests])
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return] # what a query returns

    async def variants(self, edits: Sequence[Edit], at: datetime) -> Variants:
        """What alternated in the responses of earlier checks, as far as edits may be that."""
        pages = variant_pages(self.db, self.state, edits, at=at)
        articles = await self._articles(pages.ids)
        return variants_of(self.db, self.state, edits, pages, articles, at=at)

    async def of_other_stories(
        self, siblings: tuple[PackedSibling, ...]
    ) -> tuple[PackedSibling, ...]:
        """The siblings that do not tell the story of the article: agency copy is edited as it is."""
        if self.state.article is None or not siblings:
            return ()
        work = partial(_of_other_stories, siblings, self.state.article)
        return await self._run(work, sum(len(one.data) for one in siblings)) or ()

    async def _articles(self, snapshot_ids: Iterable[int]) -> dict[int, Article]:
        """What stored pages of the host show, by their ids; none if reading was ended."""
        pages = self._packed(snapshot_ids)
        work = partial(_read_articles, pages, self.state.url or "", self.rules)
        read = await self._run(work, packed_size(pages.values())) if pages else None
        if read is None:
            return {}
        self._warn(read[1])
        return read[0]

    async def _read(self, requests: tuple[SiblingRequest, ...]) -> None:
        assert self.state.article is not None
        ids = {
            one
            for request in requests
            for one in (request.now, request.before, request.day_before, request.first)
            if one is not None
        }
        if not ids or self.was_ended:
            return
        pages = self._packed(ids)
        work = _Work(pages, self.state.article, self.urls, self.rules)
        read = await self._run(partial(_read_siblings, work, requests), packed_size(pages.values()))
        if read is not None:
            self._warn(read.damage)
            self._siblings |= zip(requests, read.siblings, strict=True)

    async def _run(self, work: Callable[[], T], size: int) -> T | None:
        """What a reader makes of pages of a size; None if it was ended."""
        if self.was_ended:
            return None
        try:
            return await self.reader.run(work, size=size, about=self.state.url or "")
        except WorkEndedError as error:
            log.warning("%s: stored pages were not read: %s", self.state.url, error)
            self.was_ended = True
            return None

    def _packed(self, snapshot_ids: Iterable[int]) -> dict[int, PackedSnapshot]:
        """The rows of stored pages by their ids, without those that are damaged."""
        pages = ((one, undamaged_rows(self.db, one)) for one in snapshot_ids)
        return {one: page for one, page in pages if page}

    def _warn(self, damage: Mapping[int, str]) -> None:
        for snapshot_id, reason in damage.items():
            log_damage(self.db, snapshot_id, reason)
