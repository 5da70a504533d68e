"""The siblings of an article: other articles of its host, as they were before and as they are now.

A live check and a replayed one find them in the database, among the pages fetched within minutes. Only
a live check asks for one more.
"""

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain, islice
from typing import Generic
from urllib.parse import urlsplit

from schedules.check.confirm.siblings.read import (
    SiblingQuery,
    SiblingRequest,
    SiblingT,
)
from schedules.check.observe import Extracted, Observation, page_of
from schedules.check.previous import Previous
from scraper.urls import hostname
from storage.articles.result import CheckResult
from storage.articles.state import ArticleState
from storage.database import Database
from storage.diff.noise import PageArticle
from storage.diff.siblings.sibling import Sibling
from storage.queries.elsewhere import MAX_CACHED
from storage.queries.siblings import (
    SiblingPage,
    SiblingRow,
    first_page,
    has_new_template,
    noise_texts,
    page_after,
    page_before,
    page_within,
    redesigned_siblings,
    sibling_rows,
    was_seen_between,
)
from storage.timestamps import to_text

# A page fetched within this time of a check shows how the sibling is at the check.
NOW_WITHIN = timedelta(minutes=10)
# A publisher may take so long to change all its articles, one after the other.
ROLLOUT_WITHIN = timedelta(days=1)
# A rebuild can ask nobody. What the sibling showed next, within this time, stands for the answer.
NEXT_WITHIN = timedelta(days=1)
# For this long after the first article of a site got a new template, others may follow.
REDESIGN_WITHIN = timedelta(days=7)
# A paused sibling is not fetched, and one that is gone shows nothing.
ASKABLE_STATES = ("active", "finished")
# So many siblings are checked for one check, and the stored pages of so many are read.
MAX_PROVING_SIBLINGS, MAX_READ_SIBLINGS = 3, 8
# So many stored pages of articles on other subjects are read for a line in which only numbers changed,
# among the first of so many neighbours.
MAX_UNRELATED_SIBLINGS, MAX_READ_NEIGHBOURS = 3, 6


@dataclass(frozen=True, slots=True)
class Siblings(Generic[SiblingT]):
    """The siblings of an article at a check, those fetched last first.

    `fresh` are the addresses of those that were fetched since the check began, and `askable` the
    addresses of others that may be fetched, the best first. The last checks of the `failed` ones saw no
    article. Of both, some were `edited` lately, and some are `of_others`: they bear other names.
    """

    siblings: tuple[SiblingT, ...]
    fresh: frozenset[str]
    askable: tuple[str, ...]
    failed: tuple[str, ...] = ()
    edited: tuple[str, ...] = ()
    of_others: tuple[str, ...] = ()

    def candidates(self, result: CheckResult) -> tuple[str, ...]:
        """The addresses that may answer what a check wants to know, the best first.

        One that failed shows whether the whole site still does. If a publisher takes a reporter's name away,
        only articles of others show that it is no new template.
        """
        if result.has_returned:
            return self.edited
        fields = {*result.template_fields, *(edit.field for edit in result.edits)}
        if "byline" in fields and (self.of_others or self.fresh):
            return self.of_others
        return self.askable or (self.failed if result.has_wide_change else ())


def sibling_under_check(previous: Previous, first: Observation) -> Sibling | None:
    """The article of a running check as a sibling of others; None if it shows no other text."""
    state, content = previous.state, first.content
    if state.article is None or state.url is None or not isinstance(content, Extracted):
        return None
    now = PageArticle(content.article, page_of(first))
    before = PageArticle(state.article, previous.page)
    return Sibling(state.url, now, before, state.exclusions.volatile)


def stored_siblings(
    db: Database, state: ArticleState, *, at: datetime
) -> SiblingQuery[SiblingT, Siblings[SiblingT]]:
    """The siblings that were checked within a day before a check, those checked last first.

    If a check of the past is decided again, their next pages count, too. Agency copies of the same text are none.
    """
    if state.article_id is None or state.url is None or state.version is None:
        return Siblings((), frozenset(), ())
    rows = sibling_rows(db, hostname(state.url), state.article_id)
    siblings: list[SiblingT] = yield from _first(
        _recent_siblings(db, state, rows, at), MAX_READ_SIBLINGS
    )
    found = {sibling.url for sibling in siblings}
    fresh = frozenset(row.url for row in rows if row.url in found and row.checked_at >= to_text(at))
    redesigned: list[SiblingT] = yield from _first(
        _redesigned(db, state, at, found), MAX_PROVING_SIBLINGS
    )
    moved = {sibling.url for sibling in redesigned}
    ranked, lately = _ranked(state.url, rows, fresh), to_text(at - MAX_CACHED)
    own_names = list(state.version.article.byline)
    return Siblings(
        (*(sibling for sibling in siblings if sibling.url not in moved), *redesigned),
        fresh,
        askable=tuple(row.url for row in ranked if not row.has_failed),
        failed=tuple(row.url for row in ranked if row.has_failed),
        edited=tuple(row.url for row in ranked if row.changed_at >= lately),
        of_others=tuple(
            row.url for row in ranked if not row.has_failed and json.loads(row.byline) != own_names
        ),
    )


def unrelated_siblings(
    db: Database, state: ArticleState, *, at: datetime
) -> SiblingQuery[SiblingT, tuple[SiblingT, ...]]:
    """Neighbours of an article on other subjects, as their last pages before a check showed them.

    However old such a page is, it shows whether a line in which only numbers changed is the publisher's.
    """
    if state.article_id is None or state.url is None or state.version is None:
        return ()
    own_id = state.article_id
    rows = sibling_rows(db, hostname(state.url), own_id)
    # By age: unlike the time of the last check, it is the same in a rebuild.
    nearest = sorted(rows, key=lambda row: abs(row.article_id - own_id))[:MAX_READ_NEIGHBOURS]
    requests = (_neighbour(db, row, at) for row in nearest)
    return tuple((yield from _first(filter(None, requests), MAX_UNRELATED_SIBLINGS)))


def _neighbour(db: Database, row: SiblingRow, at: datetime) -> SiblingRequest | None:
    """A neighbour on another subject, as its last page before a check showed it."""
    page = page_before(db, row.article_id, to_text(at))
    if page is None:
        return None
    return SiblingRequest(
        row.url,
        page.snapshot_id,
        first=_first_page(db, row, at),
        excluded=noise_texts(db, row.article_id),
        is_current=False,
        must_be_unrelated=True,
    )


def _first_page(db: Database, row: SiblingRow, at: datetime) -> int | None:
    """The oldest page of a sibling; None if no check before this one saw the sibling again."""
    first = first_page(db, row.article_id)
    if first is None or not was_seen_between(db, row.article_id, first.seen_at, to_text(at)):
        return None
    return first.snapshot_id


def _first(
    requests: Iterator[SiblingRequest], limit: int
) -> SiblingQuery[SiblingT, list[SiblingT]]:
    """The first siblings of those that are asked for, at most so many; some show no other article."""
    found: list[SiblingT] = []
    while len(found) < limit and (batch := tuple(islice(requests, limit - len(found)))):
        siblings = yield batch
        found += [sibling for sibling in siblings if sibling is not None]
    return found


def _recent_siblings(
    db: Database, state: ArticleState, rows: Sequence[SiblingRow], at: datetime
) -> Iterator[SiblingRequest]:
    """The siblings that were checked within a day before a time, those checked last first."""
    for row in sorted(rows, key=lambda row: row.checked_at, reverse=True):
        if row.checked_at < to_text(at - ROLLOUT_WITHIN):
            return
        if request := _recent_sibling(db, state, row, at):
            yield request


def _recent_sibling(
    db: Database, state: ArticleState, row: SiblingRow, at: datetime
) -> SiblingRequest | None:
    """A sibling as it was a day before, when the article was last as stored, and at the check."""
    assert state.version is not None
    a_day_ago, until = to_text(at - ROLLOUT_WITHIN), to_text(at + NOW_WITHIN)
    page = page_within(db, row.article_id, a_day_ago, until) or page_after(
        db, row.article_id, until, to_text(at + NEXT_WITHIN)
    )
    if page is None:
        return None
    # The pages up to the last one that showed the stored version, which may be of the same time.
    earlier = page_before(db, row.article_id, f"{state.version.last_seen_at}~")
    oldest = page_before(db, row.article_id, a_day_ago)
    if earlier and oldest and earlier.snapshot_id == oldest.snapshot_id:
        oldest = None
    return _request(
        db, (row.article_id, row.url), page, earlier, oldest, is_current=page.seen_at >= to_text(at)
    )


def _redesigned(
    db: Database, state: ArticleState, at: datetime, known: Collection[str]
) -> Iterator[SiblingRequest]:
    """The siblings that got a new template lately, before and after it: a site may move page by page.

    If a check of the past is decided again, those that got it later count, too. The pages of those at `known` addresses
    show it already if it came since the article was last as stored.
    """
    assert state.article_id is not None
    assert state.url is not None
    assert state.version is not None
    if has_new_template(db, state.article_id, state.version.number):
        return
    host, last_seen_at = hostname(state.url), state.version.last_seen_at
    since, until = to_text(at - REDESIGN_WITHIN), to_text(at + REDESIGN_WITHIN)
    for article_id, url, seen_at in redesigned_siblings(
        db, host, state.article_id, since, until, limit=MAX_PROVING_SIBLINGS
    ):
        page = page_before(db, article_id, until)
        is_shown = url in known and last_seen_at < seen_at <= to_text(at + NOW_WITHIN)
        if page and not is_shown:
            earlier = page_before(db, article_id, seen_at)
            yield _request(db, (article_id, url), page, earlier, None, is_current=False)


def _request(
    db: Database,
    article: tuple[int, str],
    now: SiblingPage,
    before: SiblingPage | None,
    day_before: SiblingPage | None,
    *,
    is_current: bool,
) -> SiblingRequest:
    """An article, by its id and URL, as a sibling by its pages; without an earlier one by its first."""
    article_id, url = article
    before = before or first_page(db, article_id)
    return SiblingRequest(
        url,
        now.snapshot_id,
        before.snapshot_id if before else None,
        day_before.snapshot_id if day_before else None,
        noise_texts(db, article_id),
        is_current,
    )


def each_once(*groups: Sequence[SiblingT]) -> tuple[SiblingT, ...]:
    """The siblings of all groups, each address once, as the first group has it."""
    by_url: dict[str, SiblingT] = {}
    for sibling in chain(*groups):
        by_url.setdefault(sibling.url, sibling)
    return tuple(by_url.values())


def _ranked(url: str, rows: Sequence[SiblingRow], fresh: frozenset[str]) -> list[SiblingRow]:
    """The articles that may be checked: active ones of the same section first, and long unchecked ones."""
    folders = urlsplit(url).path.split("/")[:-1]

    def rank(row: SiblingRow) -> tuple[int, bool, int, str]:
        others = urlsplit(row.url).path.split("/")[:-1]
        shared = sum(one == other for one, other in zip(folders, others, strict=False))
        return row.has_failed, row.state != "active", -shared, row.checked_at

    askable = [row for row in rows if row.state in ASKABLE_STATES and row.url not in fresh]
    return sorted(askable, key=rank)
