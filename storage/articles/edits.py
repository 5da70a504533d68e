"""One row of `edits`."""

from typing import Any

from sqlite_utils import Database

from storage.diff.disclosure import Disclosure
from storage.diff.edit import Edit


def edit_row(
    edit: Edit,
    *,
    article_id: int,
    number: int,
    seen_after: str,
    seen_at: str,
    disclosure: Disclosure,
) -> dict[str, Any]:
    """The row, without its id, of an edit that brought version `number`."""
    return {
        "article_id": article_id, "from_version": number - 1, "to_version": number,
        "seen_after": seen_after, "seen_at": seen_at, "field": edit.field, "op": edit.op,
        "kind": edit.kind, "old": edit.old, "new": edit.new, "context": edit.context, "context_at": edit.at,
        "paragraph": edit.paragraph, "source": edit.source, "disclosed": disclosure.disclosed,
        "disclosure": disclosure.evidence,
    }  # fmt: skip


def insert_edit(db: Database, row: dict[str, Any]) -> int:
    """Write a new edit and give its id; inside a write transaction."""
    names, marks = ", ".join(row), ", ".join(f":{name}" for name in row)
    cursor = db.execute(f"insert into edits ({names}) values ({marks})", row)
    return int(cursor.lastrowid or 0)


def edit_from_row(row: dict[str, Any]) -> Edit:
    """The Edit that a row of `edits` holds."""
    return Edit(
        row["field"], row["op"], row["kind"], row["old"], row["new"], row["paragraph"],
        row["context"], row["context_at"],
    )  # fmt: skip


def edit_label(row: dict[str, Any], separator: str) -> str:
    """What kind of edit a row of `edits` is and whether the publisher said so, after a sign between the two.

    >>> edit_label({"kind": "correction_note", "disclosed": 1}, " · "), edit_label({"kind": "number", "disclosed": None}, ", ")
    ('correction note · disclosed', 'number')
    """
    disclosure_label = {None: "", 0: "silent", 1: "disclosed"}[row["disclosed"]]
    kind = row["kind"].replace("_", " ")
    return f"{kind}{separator}{disclosure_label}" if disclosure_label else kind
