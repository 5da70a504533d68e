"""What a check must know about the other addresses of its host: read from the database, judged elsewhere."""

from datetime import datetime

from schedules.check.observe import Extracted, Observation, page_of
from scraper.extract.metadata.canonical import claimed_addresses
from scraper.urls import canonical_url
from storage.articles.state import MISSING_STATUSES, ArticleState
from storage.database import Database
from storage.queries.elsewhere import NOWHERE, Elsewhere, texts_elsewhere
from storage.queries.host_answers import answers_since_missing


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
            claims = claimed_addresses(page_of(first).document)
            if state.version is None and canonical_url(first.fetch.url) in claims:
                return NOWHERE  # the page says itself that it is the one at this address
            return texts_elsewhere(db, state, first.fetch.url, article, claims, at=at)
    return NOWHERE
