"""Did the publisher say that the article was edited?"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from scraper.article import Article
from storage.diff.edit import Edit
from storage.timestamps import publisher_text

# A `Last-Modified` so close to the answer's own time is written on every answer.
MIN_LAST_MODIFIED_AGE = timedelta(seconds=60)
MAX_NOTE_CHARACTERS = 200  # characters of a note that are kept as evidence


@dataclass(frozen=True, slots=True)
class Disclosure:
    """Whether an edit was disclosed, and what told so; None where the page tells nothing."""

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
    """True where a correction note came or the modified stamp moved, False where a stamp that
    the page carries stood still, None where the page carries none: unknown is not silent.

    `modified` are the `Last-Modified` headers of both answers and `at` is when the second came:
    they count where the page has no stamp, and only if they moved.
    """
    edits = tuple(edits)
    for edit in edits:
        if edit.kind == "correction_note" and edit.op != "delete":
            note = edit.context or edit.new or ""
            return Disclosure(True, f"correction note: {note[:MAX_NOTE_CHARACTERS]}")
    for edit in edits:
        if edit.field == "modified_at" and edit.op != "delete":
            return Disclosure(True, f"modified stamp: {edit.old or 'none'} → {edit.new}")
    if old.modified_at and new.modified_at:
        return Disclosure(False, f"modified stamp stands at {publisher_text(new.modified_at)}")
    if _has_moved(*modified, at):
        return Disclosure(True, f"Last-Modified: {modified[0]} → {modified[1]}")
    return Disclosure()


def _has_moved(old: str | None, new: str | None, at: datetime | None) -> bool:
    """Whether a header tells of a change, and is not merely the time of the answer."""
    if not old or not new or old == new or at is None:
        return False
    try:
        before, now = parsedate_to_datetime(old), parsedate_to_datetime(new)
        return before < now < at - MIN_LAST_MODIFIED_AGE
    except (ValueError, TypeError):  # no date, or one without a zone
        return False
