"""What a comparison gives back: hunks of text, and edits."""

from dataclasses import dataclass

# Stored with each edit. Raise it when the same two versions have other spans, kinds or evidence than before.
DIFFER_VERSION = "2"


@dataclass(frozen=True, slots=True)
class Hunk:
    """One part of two texts: `equal` if `old == new`, else what changed there.

    The `old` of all hunks, joined, is the old text; the `new` of all hunks is the new text.
    """

    op: str  # equal, insert, delete, replace
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Edit:
    """One change that a reader would call an edit.

    `field` is headline, dek, byline, body, caption, published_at, modified_at or section.
    `op` is insert, delete, replace or move. `kind` is one of `storage.vocabulary.KINDS`.
    `old` and `new` are the smallest span that reads well. None means that one side has no text.
    `paragraph` counts from 0 in the new version, for removed text in the old one.
    `context` is the whole sentence in the new version. In it `new` begins at `at`; a removed
    text was there. A sentence that was added, removed or moved as a whole has no context.
    `source` names the sources of the headline that changed. `evidence` says in words why the edit is of its kind.
    """

    field: str
    op: str
    kind: str
    old: str | None
    new: str | None
    paragraph: int | None = None
    context: str = ""
    at: int = 0
    source: str | None = None
    evidence: str = ""


def change_op(old: str | None, new: str | None) -> str:
    """The operation that turns `old` into `new`: insert, delete or replace.

    >>> change_op(None, "12"), change_op("12", ""), change_op("12", "21")
    ('insert', 'delete', 'replace')
    """
    return "replace" if old and new else "delete" if old else "insert"
