"""Checks of the past: the step that an import of archived pages and a rebuild share.

A live check confirms an edit by a second request. The past takes no requests, so a visit
brings its own confirmation: the second page that was stored, or the next page in time.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from schedules.cadence import CheckRate
from schedules.check.boilerplate import apart_from_boilerplate
from schedules.check.confirm.evidence import look_elsewhere, variant_pages, variants_of
from schedules.check.confirm.siblings.read import answered_here, read_page
from schedules.check.confirm.siblings.stored import (
    each_once,
    stored_siblings,
    unrelated_siblings,
)
from schedules.check.decide import decide, seems_edited
from schedules.check.observe import Observation, Request, observe
from schedules.check.previous import Previous, undamaged_snapshot
from scraper.extract.rules.rule import Rule
from scraper.fetch import Response
from storage.articles.result import CheckResult
from storage.articles.state import ArticleState
from storage.database import Database
from storage.diff.edit import Edit
from storage.diff.siblings.sibling import Sibling
from storage.diff.variants import Variants
from storage.snapshots.store import Snapshot

# Archives keep, and Variorum stores, only pages with this status.
PAGE_STATUS = 200


@dataclass(frozen=True, slots=True)
class Visit:
    """One response of the past.

    `load_confirmation` gives the page that must confirm an edit, None if there is none. It is
    called only if the visit seems to show one. `is_last_word` says that an edit counts even
    without: nothing came after the visit that could confirm it.
    """

    url: str
    at: datetime
    page: Snapshot
    load_confirmation: Callable[[], Snapshot | None]
    is_last_word: bool = False


def observe_visit(
    previous: Previous,
    visit: Visit,
    page: Snapshot,
    rules: tuple[Rule, ...],
    known_sha256: str | None,
) -> Observation:
    """What a page shows at the time of a visit; `Unchanged` if it is the known one to the byte."""
    request = Request(
        previous.state.url or visit.url,
        rules=rules,
        known_sha256=known_sha256,
    )
    response = Response(visit.url, visit.url, PAGE_STATUS, dict(page.headers), page.raw, 0, ())
    return apart_from_boilerplate(previous, observe(request, visit.at, response))


def decide_visit(
    db: Database,
    previous: Previous,
    visit: Visit,
    first: Observation,
    rules: tuple[Rule, ...],
    *,
    check_rate: CheckRate | None = None,
) -> CheckResult:
    """Everything to record of a visit, decided as a live check is.

    An edit that nothing confirms is left to the next visit. The result does not show the version, so
    that no later page is compared with its page. The database is only read: for what the host showed
    at other addresses around that time, and for siblings fetched within minutes of it.
    """
    second: Observation | None = None
    shows_open_edit = False
    if seems_edited(previous, first):
        second = _confirmation(previous, visit, first, rules)
        shows_open_edit = second is None
    elsewhere = look_elsewhere(db, previous.state, first, second, at=visit.at)
    decide_with = partial(
        decide, previous, first, second,
        now=visit.at, check_rate=check_rate, elsewhere=elsewhere,
    )  # fmt: skip
    result = decide_with()
    if result.edits:
        variants = _variants(db, previous.state, result.edits, at=visit.at, rules=rules)
        decide_with = partial(decide_with, elsewhere=replace(elsewhere, variants=variants))
        result = decide_with()
    unrelated: tuple[Sibling, ...] = ()
    if result.has_counting_line:
        unrelated = answered_here(
            unrelated_siblings(db, previous.state, at=visit.at), db, previous.state.article, rules
        )
        result = decide_with(unrelated)
    if result.wanted_siblings:
        known = answered_here(
            stored_siblings(db, previous.state, at=visit.at), db, previous.state.article, rules
        )
        result = decide_with(each_once(known.siblings, unrelated))
    return replace(result, shows_version=False) if shows_open_edit else result


def _confirmation(
    previous: Previous, visit: Visit, first: Observation, rules: tuple[Rule, ...]
) -> Observation | None:
    """The page that must confirm an edit; that of the visit itself if it is the last word, None if there is none."""
    page = visit.load_confirmation()
    if page is not None:
        return observe_visit(previous, visit, page, rules, first.fetch.sha256)
    return first if visit.is_last_word else None


def _variants(
    db: Database,
    state: ArticleState,
    edits: Sequence[Edit],
    *,
    at: datetime,
    rules: tuple[Rule, ...],
) -> Variants:
    """What alternated in the responses of earlier checks, as far as edits may be that."""
    pages = variant_pages(db, state, edits, at=at)
    read = {
        one: read_page(undamaged_snapshot(db, one), state.url or "", rules) for one in pages.ids
    }
    articles = {one: page.article for one, page in read.items() if page}
    return variants_of(db, state, edits, pages, articles, at=at)


def decide_missing(
    db: Database, previous: Previous, url: str, status: int, *, at: datetime
) -> CheckResult:
    """Everything to record of a check that found 404 or 410; the database is only read."""
    first = observe(Request(url), at, Response(url, url, status, {}, b"", 0, ()))
    elsewhere = look_elsewhere(db, previous.state, first, None, at=at)
    return decide(previous, first, None, now=at, elsewhere=elsewhere)
