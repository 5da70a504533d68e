"""What a check must know about other addresses of its host and about earlier checks: read here, judged elsewhere."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from schedules.check.observe import Extracted, Observation
from scraper.article import Article
from scraper.urls import canonical_url
from storage.articles.state import MISSING_STATUSES, ArticleState
from storage.database import Database
from storage.diff.variants import NO_VARIANTS, Variants
from storage.queries.elsewhere import NOWHERE, Elsewhere, replaced_by_return, texts_elsewhere
from storage.queries.host_answers import answers_since_missing
from storage.queries.siblings import checks_without_version, differing_pages
from storage.timestamps import to_text

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


def variant_pages(
    db: Database, state: ArticleState, *, at: datetime
) -> tuple[tuple[int, int], ...]:
    """The ids of the two pages of each earlier check of an article whose responses differed."""
    if state.article_id is None or state.url is None:
        return ()
    since, until = to_text(at - MAX_ALTERNATING), to_text(at)
    return tuple(differing_pages(db, state.article_id, since, until, limit=MAX_DIFFERING_CHECKS))


def variants_of(
    db: Database,
    state: ArticleState,
    pages: Sequence[tuple[int, int]],
    articles: Mapping[int, Article],
    *,
    at: datetime,
) -> Variants:
    """What the two responses of earlier checks of an article showed, if they differed, and what an earlier text replaced.

    `pages` are those of `variant_pages`, and `articles` what they show, by their ids.
    """
    if state.article_id is None or state.url is None:
        return NO_VARIANTS
    pairs = tuple(
        (articles[one], articles[other])
        for one, other in pages
        if one in articles and other in articles
    )
    replaced = replaced_by_return(db, state, to_text(at - MAX_ALTERNATING))
    if not pairs and replaced is None:
        return NO_VARIANTS
    return Variants(pairs, replaced, *checks_without_version(db, state.article_id, to_text(at)))
