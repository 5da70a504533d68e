"""What a check must know about other addresses of its host and about earlier checks: read here, judged elsewhere."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from schedules.check.observe import Extracted, Observation
from scraper.article import Article
from scraper.urls import canonical_url
from storage.articles.state import MISSING_STATUSES, ArticleState
from storage.database import Database
from storage.diff.edit import Edit
from storage.diff.variants import NO_VARIANTS, Variants, presence_changes
from storage.queries.elsewhere import (
    NOWHERE,
    Elsewhere,
    replaced_by_return,
    texts_elsewhere,
    versions_since,
)
from storage.queries.host_answers import answers_since_missing
from storage.queries.siblings import (
    checks_without_version,
    differing_pages,
    differing_pages_elsewhere,
)
from storage.timestamps import to_text
from storage.vocabulary import OPTIONAL_FIELDS

# Two readings alternate if the two responses of a check had both within this time. So many such checks are read.
MAX_ALTERNATING, MAX_DIFFERING_CHECKS = timedelta(days=2), 3


def look_elsewhere(
    db: Database,
    state: ArticleState,
    first: Observation,
    second: Observation | None,
    *,
    at: datetime,
) -> Elsewhere:
    """What is stored about the host, if the article is missing, new, or seems edited; else nothing is read."""
    if first.fetch.http_status in MISSING_STATUSES:
        return Elsewhere(answers_since_missing(db, state, at=at))
    match first.content:
        case Extracted(article) if second is not None or state.version is None:
            if state.version is None and canonical_url(first.fetch.url) in first.claims:
                return NOWHERE  # the page says itself that it is the one at this address
            return texts_elsewhere(db, state, first.fetch.url, article, first.claims, at=at)
    return NOWHERE


@dataclass(frozen=True, slots=True)
class VariantPages:
    """The ids of the two pages of each earlier check whose responses differed: of the article, and of others of its host."""

    own: tuple[tuple[int, int], ...] = ()
    elsewhere: tuple[tuple[int, int], ...] = ()

    @property
    def ids(self) -> frozenset[int]:
        """The ids of all of them."""
        return frozenset(one for pair in (*self.own, *self.elsewhere) for one in pair)


def variant_pages(
    db: Database, state: ArticleState, edits: Sequence[Edit], *, at: datetime
) -> VariantPages:
    """What must be read before edits are logged; of other articles only if an optional field came or left."""
    if state.article_id is None or state.url is None:
        return VariantPages()
    since, until = to_text(at - MAX_ALTERNATING), to_text(at)
    own = differing_pages(db, state.article_id, since, until, limit=MAX_DIFFERING_CHECKS)
    if not _has_presence_edit(edits):
        return VariantPages(tuple(own))
    elsewhere = differing_pages_elsewhere(
        db, state.article_id, since, until, limit=MAX_DIFFERING_CHECKS
    )
    return VariantPages(tuple(own), tuple(elsewhere))


def variants_of(
    db: Database,
    state: ArticleState,
    edits: Sequence[Edit],
    pages: VariantPages,
    articles: Mapping[int, Article],
    *,
    at: datetime,
) -> Variants:
    """What the two responses of earlier checks showed, if they differed, and what an earlier text replaced.

    `pages` are those of `variant_pages`, and `articles` what they show, by their ids.
    """
    if state.article_id is None or state.article is None:
        return NO_VARIANTS
    since = to_text(at - MAX_ALTERNATING)
    pairs = tuple(_read_pairs(pages.own, articles))
    replaced = replaced_by_return(db, state, since)
    flickering = frozenset[str]()
    if _has_presence_edit(edits):
        own = ((one, state.article) for one in versions_since(db, state, since))
        forms = (*own, *_read_pairs(pages.elsewhere, articles))
        flickering = flickering.union(*(presence_changes(*pair) for pair in forms))
    if not pairs and replaced is None and not flickering:
        return NO_VARIANTS
    without_version = checks_without_version(db, state.article_id, to_text(at))
    return Variants(pairs, replaced, *without_version, flickering)


def _has_presence_edit(edits: Sequence[Edit]) -> bool:
    return any(edit.field in OPTIONAL_FIELDS and edit.op in ("insert", "delete") for edit in edits)


def _read_pairs(
    pairs: Sequence[tuple[int, int]], articles: Mapping[int, Article]
) -> Iterator[tuple[Article, Article]]:
    return (
        (articles[one], articles[other])
        for one, other in pairs
        if one in articles and other in articles
    )
