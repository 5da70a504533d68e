"""One look at one article: fetch, recognise, extract, compare, record."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from schedules.decide import (
    Seen,
    as_before,
    decide,
    is_same_story,
    may_have_flipped,
    needs_second,
    read_again,
    seen,
)
from schedules.network import Network
from scraper.article import Article
from scraper.errors import FetchError, RefusedError, ScraperError, UrlError
from scraper.extract import extractor_for
from scraper.extract.sites import Rule
from scraper.fetch import Page, Validators
from scraper.recognise import Verdict
from scraper.urls import canonical_url
from storage.archive import load
from storage.database import Database
from storage.errors import StaleError
from storage.known import known
from storage.look import Known, Look, Recorded
from storage.record import record

# How often a look is compared again because another process recorded a version meanwhile.
MAX_STALE = 3


@dataclass(frozen=True, slots=True)
class Checked:
    """A look and, where it was recorded, what that wrote."""

    look: Look
    recorded: Recorded


async def check(
    db: Database,
    url: str,
    network: Network,
    *,
    rules: Sequence[Rule] = (),
    dry_run: bool = False,
) -> Checked:
    """Look once at the article of `url` and record it; with `dry_run` the database is only read.

    An alias is looked at under its article's own address. `rules` are the user's for sites.
    Every failure of the page or the network is an outcome of the look. Raises UrlError where
    `url` is no web address, and sqlite3.Error where the file cannot be written.
    """
    asked = canonical_url(url)
    before, technical = _baseline(db, asked, rules)
    address = before.url or asked
    first = await _attempt(address, network, rules, before.anchor, _validators(before))
    first, before, technical, absorbs = _as_known_story(db, first, before, technical, rules)
    first = _as_before(db, before, first)
    second = None
    if needs_second(before, first):
        again = await _attempt(address, network, rules, before.anchor)
        second = _as_before(db, before, again)
    for _ in range(MAX_STALE):
        look = decide(before, first, second, now=network.now())
        look = replace(_with_technical(look, technical), url=asked, absorbs=absorbs)
        if dry_run:
            return Checked(look, Recorded(before.article_id, before.version, before.version))
        try:
            extractor = extractor_for(before.url or look.article_url or asked, rules)
            return Checked(look, record(db, look, extractor=extractor))
        except StaleError:
            before, technical = _baseline(db, before.url or asked, rules)
            first = _as_before(db, before, first)
            if second is None and needs_second(before, first):
                second = await _attempt(address, network, rules, before.anchor)
            second = second and _as_before(db, before, second)
    raise StaleError(f"{asked}: other processes kept recording versions during {MAX_STALE} tries")


def _as_known_story(
    db: Database,
    first: Seen,
    before: Known,
    technical: Article | None,
    rules: Sequence[Rule],
) -> tuple[Seen, Known, Article | None, int | None]:
    """A new address may lead to an article that is kept already: by redirect, or by its link.

    Gives the entry that the article absorbs as well, where the address had one. Where the
    link names another story (some sites put one link on all their pages), it is dropped.
    """
    if before.article is not None or first.article is None or first.page is None:
        return first, before, technical, None
    for target in (canonical_url(first.page.final_url), first.link):
        stored, read_anew = _baseline(db, target, rules) if target else (before, None)
        if stored.article is None:
            continue
        if target != first.link or is_same_story(stored.article, first.article):
            return first, stored, read_anew, before.article_id
        first = replace(first, link=None)
    return first, before, technical, None


def _validators(before: Known) -> Validators:
    return Validators(before.etag, before.last_modified)


async def _attempt(
    address: str,
    network: Network,
    rules: Sequence[Rule],
    anchor: str | None,
    validators: Validators | None = None,
) -> Seen:
    """One request; conditional with `validators`, plain where it must confirm."""
    at = network.now()
    refusal = await network.refusal(address)
    answer: Page | ScraperError | Verdict
    if refusal:
        answer = refusal
    else:
        try:
            answer = await network.get(address, validators or Validators())
        except (FetchError, UrlError, RefusedError) as error:
            answer = error
        at = network.now()
    return seen(address, at, answer, rules, anchor)


def _as_before(db: Database, before: Known, now: Seen) -> Seen:
    """What was seen, without lines of which only our verdict changed since the last page."""
    if before.page_id is None or not may_have_flipped(before, now):
        return now
    return as_before(before, now, load(db, before.page_id))


def _baseline(db: Database, address: str, rules: Sequence[Rule]) -> tuple[Known, Article | None]:
    """What is stored, its text read again where an older extractor or other rules wrote it, or
    where the user has taken back what was held to be the page's."""
    before = known(db, address)
    if before.article is None or before.snapshot_id is None:
        return before, None
    is_current = before.extractor == extractor_for(before.article.url, rules)
    if is_current and not before.was_undone:
        return before, None
    return read_again(before, load(db, before.snapshot_id), rules)


def _with_technical(look: Look, technical: Article | None) -> Look:
    """A version that differs only because the extractor changed is recorded as such."""
    if technical is None:
        return look
    if look.outcome == "edited":
        return replace(look, technical=technical)
    if look.outcome == "unchanged":
        return replace(look, outcome="technical", article=technical, technical=technical)
    return look
