"""Histories written the way a check writes them, without a web site: article by article, check by check."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlite_utils import Database

from scraper.article import Article
from storage.articles import record
from storage.articles.aliases import find_article
from storage.articles.result import CheckResult, Fetch, Plan, Recorded
from storage.diff import compare
from storage.diff.disclosure import Disclosure
from storage.diff.noise.exclusions import PageNoise

NOON = datetime(2026, 5, 14, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def record_versions(
    db: Database,
    url: str,
    versions: Sequence[Article],
    *,
    first_at: datetime = NOON,
    every: timedelta = HOUR,
    disclosed: int | None = 0,
) -> int:
    """Record these versions of one article and the edits between them; return the article's id.

    The first check is at `first_at`, the others follow at intervals of `every`. `disclosed` is what
    the page says of each edit: 1 disclosed, 0 silent, None unknown.
    """
    previous = None
    for number, version in enumerate(versions):
        recorded = record_check(
            db, url, "edited" if previous else "new", at=first_at + number * every, article=version,
            previous=previous, disclosed=disclosed,
        )  # fmt: skip
        previous = version
    assert recorded.article_id is not None
    return recorded.article_id


def record_check(
    db: Database,
    url: str,
    outcome: str = "unchanged",
    *,
    at: datetime,
    article: Article | None = None,
    previous: Article | None = None,
    disclosed: int | None = 0,
    http_status: int | None = 200,
    reason: str | None = None,
    page_noise: Sequence[PageNoise] = (),
) -> Recorded:
    """Record one check of one fetch; with `previous` the edits that lead from it to `article`."""
    article_id = find_article(db, url)
    result = CheckResult(
        url,
        outcome,
        (Fetch(url, at, http_status),),
        article_id,
        base_version=_latest_version(db, article_id),
        shows_version=outcome in ("new", "edited", "unchanged", "not_modified"),
        reason=reason,
        article=article,
        edits=compare(previous, article) if previous and article else (),
        disclosure=Disclosure(disclosed, None),
        page_noise=tuple(page_noise),
        plan=Plan(next_check_at=at + HOUR, reason="one hour later"),
    )
    return record(db, result, extractor="3")


def _latest_version(db: Database, article_id: int | None) -> int | None:
    if article_id is None:
        return None
    return next(db["articles"].rows_where("id = ?", [article_id]))["latest_version"]  # type: ignore[no-any-return]
