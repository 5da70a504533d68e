"""What a look is compared with: the text as stored, read again where we would read it otherwise today."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from schedules.check.decide import PageBefore, read_again
from scraper.article import Article
from scraper.extract import extractor_for
from scraper.extract.rules.rule import Rule
from storage.articles.result import Known, Look
from storage.articles.state import known
from storage.database import Database
from storage.snapshots.store import load


def baseline(db: Database, address: str, rules: Sequence[Rule]) -> tuple[Known, Article | None]:
    """What is stored, its text read again where an older extractor or other rules wrote it, or
    where the user has taken back what was held to be the page's."""
    before = known(db, address)
    if before.article is None or before.snapshot_id is None:
        return before, None
    is_current = before.extractor == extractor_for(before.article.url, rules)
    if is_current and not before.was_undone:
        return before, None
    snapshot = load(db, before.snapshot_id)
    # What was read otherwise then is to be read whole now.
    return read_again(replace(before, region=None), snapshot, rules)


def page_before(db: Database, before: Known) -> PageBefore:
    """The last page that showed the article, to be read when it is asked for."""
    url = before.article.url if before.article else ""
    return PageBefore(partial(load, db, before.page_id) if before.page_id else None, url)


def with_technical(look: Look, technical: Article | None) -> Look:
    """A version that differs only because the extractor changed is recorded as such."""
    if technical is None:
        return look
    if look.outcome == "edited":
        return replace(look, technical=technical)
    if look.outcome == "unchanged":
        return replace(look, outcome="technical", article=technical, technical=technical)
    return look
