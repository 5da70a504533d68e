"""The pages of an archive, looked at as if we had been there: decided and recorded as every look is."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from schedules.check.decide import (
    decide,
    is_same_article,
    is_same_text,
    needs_confirmation,
    shown_article,
    with_previous_classification,
)
from schedules.check.observe import Observation, Request, observe, previous_reading
from schedules.check.previous import previous_page, previous_version, with_technical
from schedules.check.settings import CheckSettings
from scraper.extract import extractor_for
from scraper.fetch import Response
from scraper.urls import hostname, number_in
from storage.articles import record
from storage.articles.aliases import declaring_article_url
from storage.articles.result import ArticleState, CheckResult
from storage.articles.state import article_state
from storage.database import Database, Row
from storage.queries.articles import article_rows, article_urls_with_number
from storage.timestamps import parse_instant, to_text
from storage.transfer.captures import ArchivedPage, without_scheme

CAPTURE_STATUS = 200


def replay_captures(
    db: Database, pages: Iterable[ArchivedPage | None], settings: CheckSettings
) -> Counter[str]:
    """Look at the pages of one address in the order of time, and record each as the look that it was.

    A page that shows an edit is confirmed by the next one, the last counts at its word. Gives how
    many pages were "checks", and how many were not: "older" than what is stored, of "no article",
    a copy of an article under "another address", or "unresolved" revisits; and how many "articles",
    "versions" and "edits" that made. Nobody is told of these edits.
    """
    counts: Counter[str] = Counter()
    for page, next_capture in _with_following(pages, counts):
        _replay_capture(db, page, next_capture, settings, counts)
    return counts


def _with_following(
    pages: Iterable[ArchivedPage | None], counts: Counter[str]
) -> Iterator[tuple[ArchivedPage, ArchivedPage | None]]:
    previous: ArchivedPage | None = None
    for page in pages:
        if page is None:
            counts["unresolved"] += 1
            continue
        if previous is not None:
            yield previous, page
        previous = page
    if previous is not None:
        yield previous, None


def _replay_capture(
    db: Database,
    page: ArchivedPage,
    next_capture: ArchivedPage | None,
    settings: CheckSettings,
    counts: Counter[str],
) -> None:
    previous, technical = previous_version(db, page.url, settings.rules)
    row = next(article_rows(db, [previous.article_id]), None) if previous.article_id else None
    if row is not None and row["checked_at"] is not None and to_text(page.at) <= row["checked_at"]:
        counts["older"] += 1
        return
    if previous.url is not None and without_scheme(previous.url) != without_scheme(page.url):
        counts["another address"] += 1
        return
    first = _observe_capture(db, previous, page, settings)
    first_article = shown_article(previous, first)
    if previous.article is None and (
        first_article is None or _has_same_article(db, first, page.url)
    ):
        counts["no article" if first_article is None else "another address"] += 1
        return
    second = None
    if needs_confirmation(previous, first):
        second = _observe_capture(db, previous, next_capture, settings) if next_capture else first
    result = decide(previous, first, second, now=page.at, check_rate=settings.check_rate)
    result = replace(with_technical(result, technical), fetches=(first.fetch,), late_seconds=None)
    result = (
        _without_watch(result)
        if row is None or row["next_check_at"] is None
        else _with_kept_schedule(result, row)
    )
    recorded = record(db, result, extractor=extractor_for(previous.url or page.url, settings.rules))
    counts["checks"] += 1
    counts["articles"] += previous.version is None and recorded.version is not None
    counts["versions"] += (recorded.version or 0) - (recorded.previous_version or 0)
    counts["edits"] += len(recorded.edit_ids)


def _observe_capture(
    db: Database, previous: ArticleState, page: ArchivedPage, settings: CheckSettings
) -> Observation:
    snapshot = page.snapshot
    response = Response(
        page.url, page.url, CAPTURE_STATUS, dict(snapshot.headers), snapshot.raw, 0, ()
    )
    request = Request(
        previous.url or page.url,
        rules=settings.rules,
        container_path=previous.container_path,
        previous=previous_reading(previous, page.at),
    )
    return with_previous_classification(
        previous, observe(request, page.at, response), previous_page(db, previous)
    )


def _has_same_article(db: Database, first: Observation, url: str) -> bool:
    """Is a page under a new address that of an article which is kept under another one?"""
    article = shown_article(ArticleState(), first)
    assert article is not None
    same_number_urls = article_urls_with_number(db, hostname(url), number_in(url))
    for target in dict.fromkeys(
        [first.link, first.origin, declaring_article_url(db, url), *same_number_urls]
    ):
        stored = article_state(db, target).article if target else None
        is_same = is_same_text if target in same_number_urls else is_same_article
        if stored is not None and is_same(stored, article):
            return True
    return False


def _without_watch(result: CheckResult) -> CheckResult:
    """A look at an article that nobody has asked to watch."""
    reason = (
        f"imported; `variorum resume {result.article_url or result.url}` watches it from now on"
    )
    state = result.state if result.state == "gone" else "paused"
    # Without born_at its edits stay out of what the pace of our own looks is fitted to.
    return replace(result, state=state, next_check_at=None, next_check_reason=reason, born_at=None)


def _with_kept_schedule(result: CheckResult, row: Row) -> CheckResult:
    """A look at an article that has its next look already, or is paused: that stays so."""
    return replace(
        result,
        state=row["state"],
        next_check_at=parse_instant(row["next_check_at"]),
        next_check_reason=row["next_check_reason"],
    )
