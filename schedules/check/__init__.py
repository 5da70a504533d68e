"""One look at one article: fetch, recognise, extract, compare, record."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from schedules.check.batch_writer import Writer
from schedules.check.decide import (
    as_before,
    decide,
    is_same_story,
    is_same_text,
    needs_second,
)
from schedules.check.observe import Expected, Request, Seen, expected_again, expected_of, seen
from schedules.check.previous import baseline, page_before, with_technical
from schedules.check.request import beside_loop
from schedules.hosts.network import Network
from schedules.settings import Settings
from scraper.article import Article
from scraper.extract import extractor_for
from scraper.extract.rules.rule import Rule
from scraper.fetch import Validators
from scraper.urls import canonical_url, host_name, number_in
from storage.articles import record
from storage.articles.aliases import named_by
from storage.articles.result import Known, Look, Recorded
from storage.database import Database
from storage.errors import StaleError
from storage.queries.articles import article_urls_with_number

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
    settings: Settings | None = None,
    writer: Writer | None = None,
    dry_run: bool = False,
) -> Checked:
    """Look once at the article of `url` and record it; with `dry_run` the database is only read.
    With a `writer` it is recorded together with other looks.

    An alias is looked at under its article's own address.
    Every failure of the page or the network is an outcome of the look. Raises UrlError where
    `url` is no web address, and sqlite3.Error where the file cannot be written.
    """
    settings = settings or Settings()
    write = (writer or Writer(db, lambda: 1)).write
    rules = settings.rules
    asked = canonical_url(url)
    before, technical = baseline(db, asked, rules)
    address = before.url or asked
    first = await _attempt(address, network, rules, before, _validators(before))
    absorbs = None
    first, known_story = _known_story(db, first, before, rules)
    if known_story is not None:
        (stored, technical), absorbs = known_story, before.article_id
        if first.page is None or canonical_url(first.page.final_url) != stored.url:
            # A copy (of a portal, for telephones) may read otherwise: only its own address counts.
            first = await _attempt(stored.url or asked, network, rules, stored, _validators(stored))
        before, address = stored, stored.url or asked
    page = page_before(db, before)
    shown = first
    first, second = as_before(before, shown, page), None
    if needs_second(before, first):
        again = await _attempt(address, network, rules, before, expected=expected_again(shown))
        is_same = again.article is not None and again.article is shown.article
        second = (
            replace(again, article=first.article) if is_same else as_before(before, again, page)
        )
    for _ in range(MAX_STALE):
        work = partial(decide, before, first, second, now=network.now(), pace=settings.pace)
        look = await beside_loop(_size(first), work)
        look = replace(with_technical(look, technical), url=asked, absorbs=absorbs)
        if not settings.keeps_unchanged:
            look = _without_pages(look)
        if dry_run:
            return Checked(look, Recorded(before.article_id, before.version, before.version))
        try:
            extractor = extractor_for(before.url or look.article_url or asked, rules)
            recorded = await write(
                record, db, look, extractor=extractor, audiences=settings.audiences
            )
            return Checked(look, recorded)
        except StaleError:
            before, technical = baseline(db, before.url or asked, rules)
            page = page_before(db, before)
            first = as_before(before, first, page)
            if second is None and needs_second(before, first):
                second = await _attempt(address, network, rules, before)
            second = second and as_before(before, second, page)
    raise StaleError(f"{asked}: other processes kept recording versions during {MAX_STALE} tries")


def _known_story(
    db: Database, first: Seen, before: Known, rules: Sequence[Rule]
) -> tuple[Seen, tuple[Known, Article | None] | None]:
    """The article, kept already, that a new address leads to: by redirect, by its link, or because it
    bears the same number on the same host; None where there is none.

    Save for a redirect the text must be the same, too: some sites put one link on all their pages.
    A link to another story is dropped from what was seen.
    """
    if before.article is not None or first.article is None or first.page is None:
        return first, None
    final = canonical_url(first.page.final_url)
    twins = article_urls_with_number(db, host_name(final), number_in(final))
    named = named_by(db, canonical_url(first.fetch.url))
    for target in dict.fromkeys([final, first.link, first.origin, named, *twins]):
        stored, read_anew = baseline(db, target, rules) if target else (before, None)
        if stored.article is None:
            continue
        is_same = is_same_text if target in twins else is_same_story
        if target == final or is_same(stored.article, first.article):
            return first, (stored, read_anew)
        if target == first.link:
            first = replace(first, link=None)
    return first, None


def _validators(before: Known) -> Validators:
    return Validators(before.etag, before.last_modified)


async def _attempt(
    address: str,
    network: Network,
    rules: Sequence[Rule],
    known: Known,
    validators: Validators | None = None,
    expected: Expected | None = None,
) -> Seen:
    """One request; conditional with `validators`, plain where it must confirm what was `expected`."""
    at = network.now()
    request = Request(
        address,
        validators or Validators(),
        tuple(rules),
        known.anchor,
        expected or expected_of(known, at),
    )
    refusal = await network.refusal(address)
    return seen(request, at, refusal) if refusal else await network.see(request)


def _size(seen: Seen) -> int:
    return len(seen.page.body) if seen.page else 0


def _without_pages(look: Look) -> Look:
    """A look that saw nothing new, and nothing that is in doubt, without the pages that showed it."""
    if look.outcome != "unchanged" or look.suspects or look.volatile:
        return look
    return replace(look, fetches=tuple(replace(fetch, snapshot=None) for fetch in look.fetches))
