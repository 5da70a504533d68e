"""One look at one article: fetch, recognise, extract, compare, record."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from schedules.check.batch_writer import Writer
from schedules.check.decide import (
    decide,
    is_same_article,
    is_same_text,
    needs_confirmation,
    with_previous_classification,
)
from schedules.check.observe import (
    Observation,
    PreviousReading,
    Request,
    first_reading,
    observe,
    previous_reading,
)
from schedules.check.previous import previous_page, previous_version, with_technical
from schedules.check.request import in_thread_if_large, observe_politely
from schedules.check.settings import CheckSettings
from schedules.hosts.network import Network
from scraper.article import Article
from scraper.extract import extractor_for
from scraper.extract.rules.rule import Rule
from scraper.extract.unchanged import Extracted, Unchanged
from scraper.fetch import Validators
from scraper.urls import canonical_url, hostname, number_in
from storage.articles import record
from storage.articles.aliases import declaring_article_url
from storage.articles.result import ArticleState, CheckResult, Recorded
from storage.database import Database
from storage.errors import ConflictError
from storage.queries.articles import article_urls_with_number

# How often a look is compared again because another process recorded a version meanwhile.
MAX_CONFLICTS = 3


@dataclass(frozen=True, slots=True)
class Checked:
    """A look and, where it was recorded, what that wrote."""

    result: CheckResult
    recorded: Recorded


async def check(
    db: Database,
    url: str,
    network: Network,
    *,
    settings: CheckSettings | None = None,
    writer: Writer | None = None,
    dry_run: bool = False,
) -> Checked:
    """Look once at the article of `url` and record it; with `dry_run` the database is only read.
    With a `writer` it is recorded together with other looks.

    An alias is looked at under its article's own address.
    Every failure of the page or the network is an outcome of the look. Raises UrlError where
    `url` is no web address, and sqlite3.Error where the file cannot be written.
    """
    settings = settings or CheckSettings()
    write = (writer or Writer(db, lambda: 1)).write
    rules = settings.rules
    requested_url = canonical_url(url)
    previous, technical = previous_version(db, requested_url, rules)
    address = previous.url or requested_url
    first = await _observe(address, network, rules, previous, _stored_validators(previous))
    absorbed_id = None
    first, kept_article = _same_article(db, first, previous, rules)
    if kept_article is not None:
        (stored, technical), absorbed_id = kept_article, previous.article_id
        if first.page is None or canonical_url(first.page.final_url) != stored.url:
            # A copy (of a portal, for telephones) may read otherwise: only its own address counts.
            first = await _observe(
                stored.url or requested_url, network, rules, stored, _stored_validators(stored)
            )
        previous, address = stored, stored.url or requested_url
    page = previous_page(db, previous)
    raw_first = first
    first, second = with_previous_classification(previous, raw_first, page), None
    if needs_confirmation(previous, first):
        second = await _observe(address, network, rules, previous, reading=first_reading(raw_first))
        second = (
            replace(second, content=first.content)
            if isinstance(second.content, Unchanged)
            else with_previous_classification(previous, second, page)
        )
    for _ in range(MAX_CONFLICTS):
        work = partial(
            decide, previous, first, second, now=network.now(), check_rate=settings.check_rate
        )
        result = await in_thread_if_large(_body_size(first), work)
        result = replace(
            with_technical(result, technical), url=requested_url, absorbed_id=absorbed_id
        )
        if not settings.keeps_unchanged:
            result = _without_snapshots(result)
        if dry_run:
            return Checked(
                result, Recorded(previous.article_id, previous.version, previous.version)
            )
        try:
            extractor = extractor_for(previous.url or result.article_url or requested_url, rules)
            recorded = await write(
                record, db, result, extractor=extractor, channel_filters=settings.channel_filters
            )
            return Checked(result, recorded)
        except ConflictError:
            first, second = (
                _as_extracted(first, previous),
                second and _as_extracted(second, previous),
            )
            previous, technical = previous_version(db, previous.url or requested_url, rules)
            page = previous_page(db, previous)
            first = with_previous_classification(previous, first, page)
            if second is None and needs_confirmation(previous, first):
                second = await _observe(address, network, rules, previous)
            second = second and with_previous_classification(previous, second, page)
    raise ConflictError(
        f"{requested_url}: other processes kept recording versions during {MAX_CONFLICTS} tries"
    )


def _same_article(
    db: Database, first: Observation, previous: ArticleState, rules: Sequence[Rule]
) -> tuple[Observation, tuple[ArticleState, Article | None] | None]:
    """The article, kept already, that a new address leads to: by redirect, by its link, or because it
    bears the same number on the same host; None where there is none.

    Save for a redirect the text must be the same, too: some sites put one link on all their pages.
    A link to another story is dropped from what was seen.
    """
    content = first.content
    if previous.article is not None or not isinstance(content, Extracted) or first.page is None:
        return first, None
    final = canonical_url(first.page.final_url)
    same_number_urls = article_urls_with_number(db, hostname(final), number_in(final))
    declaring_url = declaring_article_url(db, canonical_url(first.fetch.url))
    for target in dict.fromkeys(
        [final, first.link, first.origin, declaring_url, *same_number_urls]
    ):
        stored, reextracted = previous_version(db, target, rules) if target else (previous, None)
        if stored.article is None:
            continue
        is_same = is_same_text if target in same_number_urls else is_same_article
        if target == final or is_same(stored.article, content.article):
            return first, (stored, reextracted)
        if target == first.link:
            first = replace(first, link=None)
    return first, None


def _stored_validators(previous: ArticleState) -> Validators:
    return Validators(previous.etag, previous.last_modified)


async def _observe(
    address: str,
    network: Network,
    rules: Sequence[Rule],
    previous: ArticleState,
    validators: Validators | None = None,
    reading: PreviousReading | None = None,
) -> Observation:
    """One request; conditional with `validators`, plain if it must confirm a first `reading`."""
    at = network.now()
    request = Request(
        address,
        validators or Validators(),
        tuple(rules),
        previous.container_path,
        reading or previous_reading(previous, at),
    )
    refusal = await network.refusal(address)
    return observe(request, at, refusal) if refusal else await observe_politely(network, request)


def _as_extracted(observation: Observation, previous: ArticleState) -> Observation:
    """The observation with its article named, since the state that it was unchanged from is outdated."""
    match observation.content:
        case Unchanged(fingerprint) if previous.article is not None:
            return replace(observation, content=Extracted(previous.article, fingerprint))
    return observation


def _body_size(observation: Observation) -> int:
    return len(observation.page.body) if observation.page else 0


def _without_snapshots(result: CheckResult) -> CheckResult:
    """A look that saw nothing new, and nothing that is in doubt, without the pages that showed it."""
    if result.outcome != "unchanged" or result.pending or result.volatile:
        return result
    return replace(result, fetches=tuple(replace(fetch, snapshot=None) for fetch in result.fetches))
