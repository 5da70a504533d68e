"""Did the publisher disclose that the article was edited?"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from scraper.article import Article
from scraper.http.header_date import header_date
from storage.diff.edit import Edit
from storage.timestamps import publisher_text

# A `Last-Modified` this close to the time of the response is the time of the response itself.
MIN_LAST_MODIFIED_AGE = timedelta(seconds=60)
MAX_NOTE_CHARACTERS = 200  # of a correction note, as evidence


@dataclass(frozen=True, slots=True)
class Disclosure:
    """Whether the publisher disclosed an edit, and the evidence; None if the page has no sign."""

    disclosed: bool | None = None
    evidence: str | None = None


def disclosure(
    old: Article,
    new: Article,
    edits: Iterable[Edit],
    *,
    modified: tuple[str | None, str | None] = (None, None),
    at: datetime | None = None,
) -> Disclosure:
    """Whether the publisher disclosed the edits between two versions.

    True if a correction note was added or the modified timestamp changed. False if the page has
    a modified timestamp and it is unchanged. None if the page has none: unknown is not silent.

    `modified` holds the `Last-Modified` headers of both responses, `at` is the time of the second.
    They count only if the page has no modified timestamp, and only as a disclosure.
    """
    edits = tuple(edits)
    return (
        _note_disclosure(edits)
        or _timestamp_disclosure(old, new, edits)
        or _header_disclosure(*modified, at)
        or Disclosure()
    )


def _note_disclosure(edits: tuple[Edit, ...]) -> Disclosure | None:
    for edit in edits:
        if edit.kind == "correction_note" and edit.op != "delete":
            note = edit.context or edit.new or ""
            return Disclosure(True, f"correction note: {note[:MAX_NOTE_CHARACTERS]}")
    return None


def _timestamp_disclosure(old: Article, new: Article, edits: tuple[Edit, ...]) -> Disclosure | None:
    for edit in edits:
        if edit.field == "modified_at" and edit.op != "delete":
            return Disclosure(True, f"modified timestamp: {edit.old or 'none'} → {edit.new}")
    if old.modified_at and new.modified_at:
        return Disclosure(False, f"modified timestamp unchanged: {publisher_text(new.modified_at)}")
    return None


def _header_disclosure(old: str | None, new: str | None, at: datetime | None) -> Disclosure | None:
    """A disclosure if `Last-Modified` advanced and is not just the time of the response."""
    if not old or not new or at is None:
        return None
    before, after = header_date(old), header_date(new)
    if not before or not after or not before.tzinfo or not after.tzinfo:
        return None
    has_advanced = before < after < at - MIN_LAST_MODIFIED_AGE
    return Disclosure(True, f"Last-Modified: {old} → {new}") if has_advanced else None
