"""What a check is compared with: the stored article and the last page that showed it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from schedules.check.page_text import LazyPageText
from scraper.article import Article
from scraper.errors import ExtractError
from scraper.extract import extract, extractor_for
from scraper.extract.html.document import Document
from scraper.extract.rules.rule import Rule
from storage.articles.load import article_state
from storage.articles.state import ArticleState, StoredVersion
from storage.articles.versions import content_hash
from storage.database import Database
from storage.diff import compare
from storage.diff.noise.boilerplate import without_boilerplate
from storage.diff.noise.exclusions import without_noise
from storage.snapshots.store import Snapshot, load_snapshot


@dataclass(frozen=True, slots=True)
class Previous:
    """The state of an article before a check, and the last page that showed it.

    `technical` is the text of the latest version as today's extractor and rules read it, None if
    that is the stored text. `state` holds it as the latest version already.
    """

    state: ArticleState
    page: LazyPageText
    technical: Article | None = None


def load_previous(db: Database, address: str, rules: Sequence[Rule]) -> Previous:
    """What is stored under a canonical URL or an alias.

    The latest version is extracted again from the last page that showed it, if another extractor or
    other rules wrote it, or if the user has restored a text since. Under another extractor no page
    is known: it may have read less of the last one. Lines that were found to be the publisher's
    since are left out of the version.
    """
    state = article_state(db, address)
    page = page_text(state, partial(load_snapshot, db))
    version = state.version
    if version is None:
        return Previous(state, page)
    boilerplate = state.exclusions.boilerplate
    reading = without_boilerplate(version.article, boilerplate)
    is_current = version.extractor == extractor_for(version.article.url, rules)
    if not is_current:
        state = replace(state, last_page=replace(state.last_page, sha256=None))
    snapshot_id = state.last_page.snapshot_id or version.snapshot_id
    if snapshot_id is not None and (state.was_restored or not is_current):
        reading = _reextract(state, version, load_snapshot(db, snapshot_id), rules) or reading
    if reading == version.article:
        return Previous(state, page)
    version = replace(version, article=reading, content_hash=content_hash(reading))
    return Previous(replace(state, version=version), page, reading)


def page_text(state: ArticleState, load: Callable[[int], Snapshot]) -> LazyPageText:
    """The text of the last page that showed the article, loaded and parsed when it is needed."""
    snapshot_id = state.last_page.snapshot_id
    url = state.version.article.url if state.version else ""

    def document() -> Document:
        page = Snapshot(b"", {}) if snapshot_id is None else load(snapshot_id)
        return Document(page.raw, url, page.content_type)

    return LazyPageText(document)


def _reextract(
    state: ArticleState, version: StoredVersion, page: Snapshot, rules: Sequence[Rule]
) -> Article | None:
    """The latest version as today's extractor reads it; None if it reads the stored text, or none.

    What a better extractor sees in the same bytes is not an edit by the publisher.
    """
    try:
        article = extract(
            page.raw, version.article.url, content_type=page.content_type, rules=rules
        )
    except ExtractError:  # today's extractor sees no article in the old bytes: keep what is stored
        return None
    exclusions = state.exclusions
    article = without_boilerplate(without_noise(article, exclusions), exclusions.boilerplate)
    return article if compare(without_noise(version.article, exclusions), article) else None
