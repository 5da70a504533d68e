"""What a check is compared with: the stored article and the last page that showed it."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from schedules.check.page_text import LazyPageText, page_text
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
from storage.errors import DamagedError
from storage.snapshots.store import Snapshot, load_snapshot

log = logging.getLogger("variorum")


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
    since are left out of the version. A version whose text is damaged is extracted again as well.

    Raises DamagedError if nothing sound is stored of the version, neither its text nor a page.
    """
    state = article_state(db, address)
    page = last_page_text(state, partial(undamaged_snapshot, db))
    version = state.version
    if version is None:
        return Previous(state, page)
    is_sound = content_hash(version.article) == version.content_hash
    is_current = is_sound and version.extractor == extractor_for(version.article.url, rules)
    if not is_current:
        state = replace(state, last_page=replace(state.last_page, sha256=None))
    reading = without_boilerplate(version.article, state.exclusions.boilerplate)
    if state.was_restored or not is_current:
        extracted = _extracted_again(db, state, version, rules)
        if extracted is None and not is_sound:
            raise DamagedError(
                f"{address}: version {version.number} is damaged, and so is its page, or none is stored"
            )
        if extracted is not None and (not is_sound or _differs(state, version, extracted)):
            reading = extracted
    if reading == version.article:
        return Previous(state, page)
    version = replace(version, article=reading, content_hash=content_hash(reading))
    return Previous(replace(state, version=version), page, reading)


def undamaged_snapshot(db: Database, snapshot_id: int) -> Snapshot | None:
    """A stored page; None if it is damaged, which is logged: the check goes on without it."""
    try:
        return load_snapshot(db, snapshot_id)
    except DamagedError as error:
        log.warning("%s; the check goes on without it", error)
        return None


def last_page_text(state: ArticleState, load: Callable[[int], Snapshot | None]) -> LazyPageText:
    """The text of the last page that showed the article, loaded and parsed when it is needed."""
    snapshot_id = state.last_page.snapshot_id
    url = state.version.article.url if state.version else ""

    def document() -> Document:
        page = (None if snapshot_id is None else load(snapshot_id)) or Snapshot(b"", {})
        return page_text(page.raw, url, page.content_type).document

    return LazyPageText(document)


def _extracted_again(
    db: Database, state: ArticleState, version: StoredVersion, rules: Sequence[Rule]
) -> Article | None:
    """The latest version as today's extractor reads its page; None if there is no page, or none with an article."""
    snapshot_id = state.last_page.snapshot_id or version.snapshot_id
    page = None if snapshot_id is None else undamaged_snapshot(db, snapshot_id)
    if page is None:
        return None
    try:
        article = extract(
            page.raw, version.article.url, content_type=page.content_type, rules=rules
        )
    except ExtractError:  # today's extractor sees no article in the old bytes: keep what is stored
        return None
    return without_boilerplate(
        without_noise(article, state.exclusions), state.exclusions.boilerplate
    )


def _differs(state: ArticleState, version: StoredVersion, extracted: Article) -> bool:
    """Does the same page read otherwise today? What a better extractor sees is not an edit by the publisher."""
    return bool(compare(without_noise(version.article, state.exclusions), extracted))
