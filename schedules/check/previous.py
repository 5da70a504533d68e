"""What a check is compared with: the stored article and the last page that showed it."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from schedules.check.page_text import LazyPageText, page_text
from schedules.processes import Reader, WorkEndedError
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
from storage.snapshots.store import (
    PackedSnapshot,
    Snapshot,
    damage_text,
    load_snapshot,
    packed_size,
    packed_snapshot,
)

log = logging.getLogger("variorum")


@dataclass(frozen=True, slots=True)
class Previous:
    """The state of an article before a check, and the last page that showed it.

    `technical` is the text of the latest version as today's extractor and rules read it, None if
    that is the stored text. `state` holds it as the latest version already. `unread` says why that
    could not be read in time: then no check can tell an edit from a better reading.
    """

    state: ArticleState
    page: LazyPageText
    technical: Article | None = None
    unread: str | None = None


@dataclass(frozen=True, slots=True)
class _Stored:
    """What is stored of an article. If its version must be read again, then from `page`, unless that is None."""

    state: ArticleState
    version: StoredVersion
    is_sound: bool
    must_be_read: bool
    page: PackedSnapshot | None


def load_previous(db: Database, address: str, rules: Sequence[Rule]) -> Previous:
    """What is stored under a canonical URL or an alias.

    The latest version is extracted again from the last page that showed it, if another extractor or
    other rules wrote it, or if the user has restored a text since. Under another extractor no page
    is known: it may have read less of the last one. Lines that were found to be the publisher's
    since are left out of the version. A version whose text is damaged is extracted again as well.

    Raises DamagedError if nothing sound is stored of the version, neither its text nor a page.
    """
    state = article_state(db, address)
    stored = _stored(db, state, rules)
    return _previous(db, state, stored, _read_again(stored, tuple(rules)) if stored else None)


async def load_previous_with(
    reader: Reader, db: Database, address: str, rules: Sequence[Rule]
) -> Previous:
    """What `load_previous` gives. A reader extracts; if it is ended, the version stays as it is stored, `unread`."""
    state = article_state(db, address)
    stored = _stored(db, state, rules)
    if stored is None or not stored.must_be_read:
        return _previous(db, state, stored, None)
    work = partial(_read_again, stored, tuple(rules))
    try:
        reading = await reader.run(work, size=packed_size([stored.page]), about=address)
    except WorkEndedError as error:
        if not stored.is_sound:
            raise _damaged(stored, f"its page cannot be read again: {error}") from error
        unread = f"the stored page of the last version cannot be read again: {error}"
        return replace(_previous(db, stored.state, stored, stored.version.article), unread=unread)
    return _previous(db, stored.state, stored, reading)


def _stored(db: Database, state: ArticleState, rules: Sequence[Rule]) -> _Stored | None:
    """The latest version of an article as it is stored; None if it has none."""
    version = state.version
    if version is None:
        return None
    is_sound = content_hash(version.article) == version.content_hash
    is_current = is_sound and version.extractor == extractor_for(version.article.url, rules)
    if not is_current:
        state = replace(state, last_page=replace(state.last_page, sha256=None))
    must_be_read = state.was_restored or not is_current
    snapshot_id = state.last_page.snapshot_id or version.snapshot_id
    page = undamaged_rows(db, snapshot_id) if must_be_read and snapshot_id else None
    return _Stored(state, version, is_sound, must_be_read, page)


def _previous(
    db: Database, state: ArticleState, stored: _Stored | None, reading: Article | None
) -> Previous:
    """What is stored, with another reading of the latest version."""
    page = last_page_text(state, partial(undamaged_snapshot, db))
    if stored is None:
        return Previous(state, page)
    state, version = stored.state, stored.version
    reading = reading or without_boilerplate(version.article, state.exclusions.boilerplate)
    if reading == version.article:
        return Previous(state, page)
    version = replace(version, article=reading, content_hash=content_hash(reading))
    return Previous(replace(state, version=version), page, reading)


def _read_again(stored: _Stored, rules: tuple[Rule, ...]) -> Article | None:
    """The latest version as it reads today, if that is another text than the stored one; else None. Pure.

    Raises DamagedError if the stored text is damaged, and no page shows it.
    """
    if not stored.must_be_read:
        return None
    extracted = _extracted_again(stored, rules)
    if extracted is None and not stored.is_sound:
        raise _damaged(stored, "so is its page, or none is stored")
    is_other = not stored.is_sound or (extracted and _differs(stored, extracted))
    return extracted if is_other else None


def _damaged(stored: _Stored, why: str) -> DamagedError:
    return DamagedError(
        f"{stored.state.url}: version {stored.version.number} is damaged, and {why}"
    )


def undamaged_rows(db: Database, snapshot_id: int) -> PackedSnapshot | None:
    """The rows of a stored page; None if some are missing, which is logged."""
    try:
        return packed_snapshot(db, snapshot_id)
    except DamagedError as error:
        log_damage(db, snapshot_id, str(error))
        return None


def log_damage(db: Database, snapshot_id: int, reason: str) -> None:
    """Log that a stored page is damaged: the check goes on without it."""
    log.warning("%s; the check goes on without it", damage_text(db, snapshot_id, reason))


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


def _extracted_again(stored: _Stored, rules: tuple[Rule, ...]) -> Article | None:
    """The latest version as today's extractor reads its page; None if there is no page, or none with an article."""
    exclusions, url = stored.state.exclusions, stored.version.article.url
    if stored.page is None:
        return None
    try:
        page = stored.page.unpacked()
        article = extract(page.raw, url, content_type=page.content_type, rules=rules)
    except DamagedError:  # `doctor --full` names it
        return None
    except ExtractError:  # today's extractor sees no article in the old bytes: keep what is stored
        return None
    return without_boilerplate(without_noise(article, exclusions), exclusions.boilerplate)


def _differs(stored: _Stored, extracted: Article) -> bool:
    """Does the same page read otherwise today? What a better extractor sees is not an edit by the publisher."""
    return bool(compare(without_noise(stored.version.article, stored.state.exclusions), extracted))
