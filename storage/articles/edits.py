"""The rows of `edits`."""

from collections.abc import Sequence
from typing import Any

from sqlite_utils import Database

from storage.articles.result import CheckResult
from storage.diff.disclosure import Disclosure
from storage.diff.edit import DIFFER_VERSION, Edit
from storage.queue.outbox import ChannelFilter, enqueue_notifications
from storage.timestamps import to_text


def edit_row(
    edit: Edit,
    *,
    article_id: int,
    number: int,
    seen_after: str,
    seen_at: str,
    disclosure: Disclosure,
) -> dict[str, Any]:
    """The row of an edit that brought version `number`, without its id."""
    return {
        "article_id": article_id, "from_version": number - 1, "to_version": number,
        "seen_after": seen_after, "seen_at": seen_at, "field": edit.field, "op": edit.op,
        "kind": edit.kind, "old": edit.old, "new": edit.new, "context": edit.context, "context_at": edit.at,
        "paragraph": edit.paragraph, "source": edit.source, "disclosed": disclosure.disclosed,
        "disclosure": disclosure.evidence, "evidence": edit.evidence, "differ": DIFFER_VERSION,
    }  # fmt: skip


def insert_edit(db: Database, row: dict[str, Any]) -> int:
    """Write an edit and give its id; inside a write transaction."""
    names, marks = ", ".join(row), ", ".join(f":{name}" for name in row)
    cursor = db.execute(f"insert into edits ({names}) values ({marks})", row)
    return int(cursor.lastrowid or 0)


def insert_check_edits(
    db: Database,
    result: CheckResult,
    article_id: int,
    number: int,
    seen_after: str,
    channel_filters: Sequence[ChannelFilter],
) -> tuple[int, ...]:
    """Write the edits of a check and their notifications; gives the ids of the edits."""
    host = db.execute("select host from articles where id = ?", [article_id]).fetchone()[0]
    ids: list[int] = []
    for edit in result.edits:
        row = edit_row(
            edit,
            article_id=article_id,
            number=number,
            seen_after=seen_after,
            seen_at=to_text(result.fetches[0].fetched_at),
            disclosure=result.disclosure,
        )
        ids.append(insert_edit(db, row))
        enqueue_notifications(db, ids[-1], row, host, channel_filters)
    return tuple(ids)


def edit_from_row(row: dict[str, Any]) -> Edit:
    """The Edit that a row of `edits` holds."""
    return Edit(
        row["field"], row["op"], row["kind"], row["old"], row["new"], row["paragraph"],
        row["context"], row["context_at"],
    )  # fmt: skip


def edit_label(row: dict[str, Any], separator: str) -> str:
    """The kind of an edit, whether the publisher disclosed it, and whether it was imported, with separators between.

    >>> edit_label({"kind": "correction_note", "disclosed": 1}, " · "), edit_label({"kind": "number", "disclosed": None}, ", ")
    ('correction note · disclosed', 'number')
    """
    disclosure_label = {None: "", 0: "silent", 1: "disclosed"}[row["disclosed"]]
    kind = row["kind"].replace("_", " ")
    imported = "imported" if row.get("imported") else ""
    return separator.join(part for part in (kind, disclosure_label, imported) if part)
