"""Edits as the pages show them: the stream of all, and one by itself."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from storage.articles.edits import edit_from_row
from storage.database import Database
from storage.diff.kinds.rules import KINDS
from storage.diff.render import printable
from storage.diff.render import redline as plain_redline
from storage.queries.publishers import publishers
from storage.queries.stream import EditFilter, edit_batch, edits_by_id, neighbouring_edits
from variorum.notify.atom import AtomEntry, edit_entry
from variorum.notify.message import cut
from variorum.web.request import BadRequestError, WebRequest
from variorum.web.response import View

Row = dict[str, Any]

FIELDS = ("headline", "dek", "byline", "body", "caption", "published_at", "modified_at", "section")
EDIT_COLUMNS = (
    "id", "seen_after", "seen_at", "host", "headline", "field", "op", "kind", "old", "new", "disclosed",
    "disclosure", "source", "context", "paragraph", "from_version", "to_version", "article_id", "url", "permalink",
)  # fmt: skip
# Edits on a page, and in a feed or a table; publishers that are offered to choose from.
EDITS_PER_PAGE, EDITS_PER_FEED, MAX_SUGGESTED_PUBLISHERS = 25, 100, 60


def stream_page(db: Database, web_request: WebRequest) -> View:
    """The edits that are asked for, newest first, from a cursor on."""
    edit_filter = EditFilter(
        host=web_request.text("publisher"),
        article_id=web_request.number("article"),
        field=web_request.choice("field", FIELDS),
        kind=web_request.choice("kind", KINDS),
        silent=web_request.choice("silent", ("1",)) is not None,
        since=web_request.day("since"),
        until=web_request.day("until", plus_days=1),
        words=web_request.text("words") or "",
    )
    batch = edit_batch(
        db, edit_filter, before=web_request.number("before"), limit=_stream_limit(web_request)
    )
    title = _stream_title(web_request)
    return View(
        "stream.html",
        title,
        {
            "groups": edits_by_update(batch.rows),
            "fields": FIELDS,
            "kinds": KINDS,
            "hosts": [row["host"] for row in publishers(db, limit=MAX_SUGGESTED_PUBLISHERS)],
            "is_filtered": bool(web_request.without("before").arguments),
        },
        EDIT_COLUMNS,
        [public_edit(row, web_request) for row in batch.rows],
        entries=entries(batch.rows, web_request),
        older_url=web_request.self_url(web_request.ending, before=batch.before)
        if batch.before
        else None,
    )


def edit_page(db: Database, web_request: WebRequest) -> View:
    """One edit by itself, under the address that it keeps."""
    edit_id = int(web_request.path_values["id"])
    rows = edits_by_id(db, [edit_id])
    if not rows:
        raise BadRequestError(
            f"There is no edit {edit_id}. `variorum rebuild` takes edits back that the page's rules explain.",
            404,
        )
    (row,) = rows
    earlier, later = neighbouring_edits(db, row["article_id"], edit_id)
    return View(
        "edit.html",
        cut(printable(row["headline"]), 120),
        {"edit": row, "card": card(row), "earlier": earlier, "later": later},
        EDIT_COLUMNS,
        [public_edit(row, web_request)],
        entries=entries(rows, web_request),
    )


def edits_by_update(rows: Iterable[Row]) -> list[list[Row]]:
    """The edits that one look saw in one article stand together, in the order of the page: its headline first."""
    key = ("article_id", "to_version")
    return [
        list(group)[::-1]
        for _, group in groupby(rows, key=lambda row: tuple(row[name] for name in key))
    ]


def public_edit(row: Row, web_request: WebRequest) -> Row:
    """An edit as a program reads it."""
    permalink = web_request.absolute(web_request.url_for(f"edit/{row['id']}"))
    return {**{name: row[name] for name in EDIT_COLUMNS[:-1]}, "permalink": permalink}


def entries(rows: Sequence[Row], web_request: WebRequest) -> list[AtomEntry]:
    """Edits as entries of a feed, each with its permalink."""
    return [
        edit_entry(
            row, lambda edit: web_request.absolute(web_request.url_for(f"edit/{edit['id']}"))
        )
        for row in rows
    ]


def card(row: Row) -> str:
    """An edit in a line of plain text, for those who share its address."""
    return cut(f"{row['host']}: {plain_redline(edit_from_row(row))}", 300)


def _stream_limit(web_request: WebRequest) -> int:
    return EDITS_PER_PAGE if web_request.ending == "html" else EDITS_PER_FEED


def _stream_title(web_request: WebRequest) -> str:
    parts = [
        "Silent edits" if web_request.text("silent") else "Edits",
        f"at {web_request.text('publisher')}" if web_request.text("publisher") else "",
        f"of {web_request.text('field')}" if web_request.text("field") else "",
        f"({web_request.text('kind')})" if web_request.text("kind") else "",
        f"with “{web_request.text('words')}”" if web_request.text("words") else "",
    ]
    return printable(" ".join(part for part in parts if part))
