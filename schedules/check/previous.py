"""What a look is compared with: the text as stored, read again where we would read it otherwise today."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from schedules.check.decide import PreviousPage, reextract
from scraper.article import Article
from scraper.extract import extractor_for
from scraper.extract.rules.rule import Rule
from storage.articles.result import ArticleState, CheckResult
from storage.articles.state import article_state
from storage.database import Database
from storage.snapshots.store import load_snapshot


def previous_version(
    db: Database, address: str, rules: Sequence[Rule]
) -> tuple[ArticleState, Article | None]:
    """What is stored, its text read again where an older extractor or other rules wrote it, or
    where the user has taken back what was held to be the page's."""
    previous = article_state(db, address)
    if previous.article is None or previous.snapshot_id is None:
        return previous, None
    is_current = previous.extractor == extractor_for(previous.article.url, rules)
    if is_current and not previous.was_restored:
        return previous, None
    snapshot = load_snapshot(db, previous.snapshot_id)
    # What was read otherwise then is to be read whole now.
    return reextract(replace(previous, container=None), snapshot, rules)


def previous_page(db: Database, previous: ArticleState) -> PreviousPage:
    """The last page that showed the article, to be read when it is asked for."""
    url = previous.article.url if previous.article else ""
    return PreviousPage(
        partial(load_snapshot, db, previous.page_id) if previous.page_id else None, url
    )


def with_technical(result: CheckResult, technical: Article | None) -> CheckResult:
    """A version that differs only because the extractor changed is recorded as such."""
    if technical is None:
        return result
    if result.outcome == "edited":
        return replace(result, technical=technical)
    if result.outcome == "unchanged":
        return replace(result, outcome="technical", article=technical, technical=technical)
    return result
