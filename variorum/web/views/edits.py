"""Edits as the pages show them: the stream of all, and one by itself."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from storage.articles.edits import edit_of
from storage.database import Database
from storage.diff.kinds.rules import KINDS
from storage.diff.render import printable
from storage.diff.render import redline as plain
from storage.queries.publishers import publishers
from storage.queries.stream import Wanted, edit_rows, neighbours, stretch
from variorum.notify.atom import Entry, edit_entry
from variorum.notify.message import cut
from variorum.web.request import Asked, AskedWrongError
from variorum.web.response import Page

Row = dict[str, Any]

FIELDS = ("headline", "dek", "byline", "body", "caption", "published_at", "modified_at", "section")
COLUMNS = (
    "id", "seen_after", "seen_at", "host", "headline", "field", "op", "kind", "old", "new", "disclosed",
    "disclosure", "source", "context", "paragraph", "from_version", "to_version", "article_id", "url", "permalink",
)  # fmt: skip
# Edits on a page, and in a feed or a table; publishers that are offered to choose from.
ON_PAGE, IN_FEED, OFFERED = 25, 100, 60


def stream_page(db: Database, asked: Asked) -> Page:
    """The edits that are asked for, newest first, from a cursor on."""
    wanted = Wanted(
        host=asked.text("publisher"),
        article_id=asked.number("article"),
        field=asked.choice("field", FIELDS),
        kind=asked.choice("kind", KINDS),
        silent=asked.choice("silent", ("1",)) is not None,
        since=asked.day("since"),
        until=asked.day("until", plus=1),
        words=asked.text("words") or "",
    )
    found = stretch(db, wanted, before=asked.number("before"), limit=_how_many(asked))
    title = _title(asked)
    return Page(
        "stream.html",
        title,
        {
            "groups": grouped(found.rows),
            "fields": FIELDS,
            "kinds": KINDS,
            "hosts": [row["host"] for row in publishers(db, limit=OFFERED)],
            "is_filtered": bool(asked.without("before").arguments),
        },
        COLUMNS,
        [public(row, asked) for row in found.rows],
        entries=entries(found.rows, asked),
        older=asked.this(asked.ending, before=found.before) if found.before else None,
    )


def edit_page(db: Database, asked: Asked) -> Page:
    """One edit by itself, under the address that it keeps."""
    edit_id = int(asked.named["id"])
    rows = edit_rows(db, [edit_id])
    if not rows:
        raise AskedWrongError(
            f"There is no edit {edit_id}. `variorum rebuild` takes edits back that the page's rules explain.",
            404,
        )
    (row,) = rows
    earlier, later = neighbours(db, row["article_id"], edit_id)
    return Page(
        "edit.html",
        cut(printable(row["headline"]), 120),
        {"edit": row, "card": card(row), "earlier": earlier, "later": later},
        COLUMNS,
        [public(row, asked)],
        entries=entries(rows, asked),
    )


def grouped(rows: Iterable[Row]) -> list[list[Row]]:
    """The edits that one look saw in one article stand together, in the order of the page: its headline first."""
    key = ("article_id", "to_version")
    return [
        list(group)[::-1]
        for _, group in groupby(rows, key=lambda row: tuple(row[name] for name in key))
    ]


def public(row: Row, asked: Asked) -> Row:
    """An edit as a program reads it."""
    permalink = asked.whole(asked.link(f"edit/{row['id']}"))
    return {**{name: row[name] for name in COLUMNS[:-1]}, "permalink": permalink}


def entries(rows: Sequence[Row], asked: Asked) -> list[Entry]:
    """Edits as entries of a feed, each with its permalink."""
    return [
        edit_entry(row, lambda edit: asked.whole(asked.link(f"edit/{edit['id']}"))) for row in rows
    ]


def card(row: Row) -> str:
    """An edit in a line of plain text, for those who share its address."""
    return cut(f"{row['host']}: {plain(edit_of(row))}", 300)


def _how_many(asked: Asked) -> int:
    return ON_PAGE if asked.ending == "html" else IN_FEED


def _title(asked: Asked) -> str:
    parts = [
        "Silent edits" if asked.text("silent") else "Edits",
        f"at {asked.text('publisher')}" if asked.text("publisher") else "",
        f"of {asked.text('field')}" if asked.text("field") else "",
        f"({asked.text('kind')})" if asked.text("kind") else "",
        f"with “{asked.text('words')}”" if asked.text("words") else "",
    ]
    return printable(" ".join(part for part in parts if part))
