"""Did the publisher say that the article was edited?"""

from collections.abc import Iterable

from scraper.article import Article
from storage.diff.edit import Edit


def disclosed(old: Article, new: Article, edits: Iterable[Edit]) -> bool | None:
    """True where the modified stamp moved or a correction note came, False where a stamp that
    the page carries stood still, None where the page carries none: unknown is not silent.
    """
    edits = tuple(edits)
    if any(edit.kind == "correction_note" and edit.op != "delete" for edit in edits):
        return True
    if any(edit.field == "modified_at" and edit.op != "delete" for edit in edits):
        return True
    return False if old.modified_at and new.modified_at else None
