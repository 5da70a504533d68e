"""Importing the pages of a web archive: each becomes the check that it would have been then."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta

from schedules.check.boilerplate import with_lesson
from schedules.check.observe import Extracted
from schedules.check.previous import load_previous
from schedules.check.same_article import find_same_article
from schedules.check.settings import CheckSettings
from schedules.replay import Visit, decide_visit, observe_visit
from scraper.extract import extractor_for
from storage.articles import record
from storage.articles.result import CheckResult, Fetch, Recorded
from storage.articles.state import ArticleState
from storage.database import Database, Row
from storage.queries.articles import article_rows
from storage.timestamps import parse_instant, to_text
from storage.transfer.captures import ArchivedPage, without_scheme

# The two responses of a check are seconds apart, checks are not.
ONE_CHECK = timedelta(minutes=1)


def replay_captures(
    db: Database, pages: Iterable[ArchivedPage | None], settings: CheckSettings
) -> Counter[str]:
    """Record the pages of one address, oldest first, each as a check at the time it was captured.

    The next page confirms an edit; if it was captured within a minute, it is the second response of the
    same check. The last one has nothing after it and is accepted as it is. An imported edit sends no
    notification. Gives these counts:

    - "checks" recorded, and the "articles", "versions" and "edits" that they brought,
    - pages not recorded: "older" than the last check, with "no article", under "another address"
      of a stored article, or "unresolved" (None among `pages`: a revisit of an unknown page).
    """
    counts: Counter[str] = Counter()
    is_recorded = False
    for page, next_page in _with_following(pages, counts):
        is_recorded = not is_recorded and _replay_capture(db, page, next_page, settings, counts)
    return counts


def _with_following(
    pages: Iterable[ArchivedPage | None], counts: Counter[str]
) -> Iterator[tuple[ArchivedPage, ArchivedPage | None]]:
    """Each resolved page with the next one; None after the last."""
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
    next_page: ArchivedPage | None,
    settings: CheckSettings,
    counts: Counter[str],
) -> bool:
    """Record a page; gives whether the next one is recorded with it, as the response that confirmed it."""
    previous = load_previous(db, page.url, settings.rules)
    state = previous.state
    row = next(article_rows(db, [state.article_id]), None) if state.article_id else None
    if why_not := _why_not_a_check(state, row, page):
        counts[why_not] += 1
        return False
    confirmation = next_page.snapshot if next_page else None
    visit = Visit(page.url, page.at, page.snapshot, lambda: confirmation, next_page is None)
    first = observe_visit(previous, visit, page.snapshot, settings.rules, state.known_sha256)
    if state.version is None:
        if not isinstance(first.content, Extracted):
            counts["no article"] += 1
            return False
        first, stored = find_same_article(db, first, settings.rules)
        if stored is not None:
            counts["another address"] += 1
            return False
        first = with_lesson(db, previous, first, learn=settings.learn)
    result = decide_visit(
        db, previous, visit, first, settings.rules, check_rate=settings.check_rate
    )
    fetches = _fetches_of_one_check(result, page, next_page)
    result = _as_imported(replace(result, fetches=fetches), row)
    recorded = record(db, result, extractor=extractor_for(state.url or page.url, settings.rules))
    _count_recorded(state, recorded, counts)
    return len(fetches) > 1


def _fetches_of_one_check(
    result: CheckResult, page: ArchivedPage, next_page: ArchivedPage | None
) -> tuple[Fetch, ...]:
    """The fetch of a page, and that of the next one if it confirmed the edit within a minute."""
    if next_page is None or next_page.at - page.at >= ONE_CHECK:
        return result.fetches[:1]
    return (
        result.fetches[0],
        *(replace(fetch, fetched_at=next_page.at) for fetch in result.fetches[1:]),
    )


def _why_not_a_check(state: ArticleState, row: Row | None, page: ArchivedPage) -> str | None:
    """Why a page is no check of the article under its address; None if it may be one."""
    if row is not None and row["checked_at"] is not None and to_text(page.at) <= row["checked_at"]:
        return "older"
    if state.url is not None and without_scheme(state.url) != without_scheme(page.url):
        return "another address"
    return None


def _count_recorded(state: ArticleState, recorded: Recorded, counts: Counter[str]) -> None:
    counts["checks"] += 1
    counts["articles"] += state.version is None and recorded.version is not None
    counts["versions"] += (recorded.version or 0) - (recorded.previous_version or 0)
    counts["edits"] += len(recorded.edit_ids)


def _as_imported(result: CheckResult, row: Row | None) -> CheckResult:
    """The result marked as imported, without a next check, unless the article has one already: that stays."""
    result = replace(result, is_imported=True)
    plan = replace(result.plan, late_seconds=None)
    if row is None or row["next_check_at"] is None:
        url = result.addresses.article_url or result.url
        reason = f"imported; `variorum resume {url}` watches it from now on"
        # Without born_at its edits do not count when the check rate is fitted to our own checks.
        plan = replace(plan, next_check_at=None, reason=reason, born_at=None)
        status = result.status if result.status == "gone" else "paused"
        return replace(result, status=status, plan=plan)
    next_check_at = parse_instant(row["next_check_at"])
    plan = replace(plan, next_check_at=next_check_at, reason=row["next_check_reason"])
    return replace(result, status=row["state"], plan=plan)
