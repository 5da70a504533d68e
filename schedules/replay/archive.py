"""The pages of an archive, looked at as if we had been there: decided and recorded as every look is."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from schedules.check.decide import (
    as_before,
    decide,
    is_same_story,
    is_same_text,
    needs_second,
)
from schedules.check.observe import Request, Seen, expected_of, seen
from schedules.check.previous import baseline, page_before, with_technical
from schedules.settings import Settings
from scraper.extract import extractor_for
from scraper.fetch import Page
from scraper.urls import host_name, number_in
from storage.articles import record
from storage.articles.aliases import named_by
from storage.articles.result import Known, Look
from storage.articles.state import known
from storage.database import Database
from storage.queries.articles import Row, article_rows, article_urls_with_number
from storage.timestamps import moment, moment_of
from storage.transfer.captures import Captured, without_scheme

OK = 200


def look_back(db: Database, pages: Iterable[Captured | None], settings: Settings) -> Counter[str]:
    """Look at the pages of one address in the order of time, and record each as the look that it was.

    A page that shows an edit is confirmed by the next one, the last counts at its word. Gives how
    many pages were "looks", and how many were not: "older" than what is stored, of "no article",
    a copy of an article under "another address", or "unresolved" revisits; and how many "articles",
    "versions" and "edits" that made. Nobody is told of these edits.
    """
    counts: Counter[str] = Counter()
    for page, following in _with_following(pages, counts):
        _look(db, page, following, settings, counts)
    return counts


def _with_following(
    pages: Iterable[Captured | None], counts: Counter[str]
) -> Iterator[tuple[Captured, Captured | None]]:
    before: Captured | None = None
    for page in pages:
        if page is None:
            counts["unresolved"] += 1
            continue
        if before is not None:
            yield before, page
        before = page
    if before is not None:
        yield before, None


def _look(
    db: Database,
    page: Captured,
    following: Captured | None,
    settings: Settings,
    counts: Counter[str],
) -> None:
    before, technical = baseline(db, page.url, settings.rules)
    row = next(article_rows(db, [before.article_id]), None) if before.article_id else None
    if row is not None and row["checked_at"] is not None and moment(page.at) <= row["checked_at"]:
        counts["older"] += 1
        return
    if before.url is not None and without_scheme(before.url) != without_scheme(page.url):
        counts["another address"] += 1
        return
    first = _seen(db, before, page, settings)
    if before.article is None and (first.article is None or _is_known_story(db, first, page.url)):
        counts["no article" if first.article is None else "another address"] += 1
        return
    second = None
    if needs_second(before, first):
        second = _seen(db, before, following, settings) if following else first
    look = decide(before, first, second, now=page.at, pace=settings.pace)
    look = replace(with_technical(look, technical), fetches=(first.fetch,), late_seconds=None)
    look = (
        _unwatched(look) if row is None or row["next_check_at"] is None else _as_watched(look, row)
    )
    recorded = record(db, look, extractor=extractor_for(before.url or page.url, settings.rules))
    counts["looks"] += 1
    counts["articles"] += before.version is None and recorded.version is not None
    counts["versions"] += (recorded.version or 0) - (recorded.previous_version or 0)
    counts["edits"] += len(recorded.edit_ids)


def _seen(db: Database, before: Known, page: Captured, settings: Settings) -> Seen:
    snapshot = page.snapshot
    answer = Page(page.url, page.url, OK, dict(snapshot.headers), snapshot.raw, 0, ())
    expected = expected_of(before, page.at)
    request = Request(
        before.url or page.url, rules=settings.rules, anchor=before.anchor, expected=expected
    )
    return as_before(before, seen(request, page.at, answer), page_before(db, before))


def _is_known_story(db: Database, first: Seen, url: str) -> bool:
    """Is a page under a new address that of an article which is kept under another one?"""
    assert first.article is not None
    twins = article_urls_with_number(db, host_name(url), number_in(url))
    for target in dict.fromkeys([first.link, first.origin, named_by(db, url), *twins]):
        stored = known(db, target).article if target else None
        is_same = is_same_text if target in twins else is_same_story
        if stored is not None and is_same(stored, first.article):
            return True
    return False


def _unwatched(look: Look) -> Look:
    """A look at an article that nobody has asked to watch."""
    reason = f"imported; `variorum resume {look.article_url or look.url}` watches it from now on"
    state = look.state if look.state == "gone" else "paused"
    # Without born_at its edits stay out of what the pace of our own looks is fitted to.
    return replace(look, state=state, next_check_at=None, next_check_reason=reason, born_at=None)


def _as_watched(look: Look, row: Row) -> Look:
    """A look at an article that has its next look already, or is paused: that stays so."""
    return replace(
        look,
        state=row["state"],
        next_check_at=moment_of(row["next_check_at"]),
        next_check_reason=row["next_check_reason"],
    )
