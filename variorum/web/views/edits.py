"""Edits on the pages: the list of all edits, and one edit by itself."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from storage.articles.edits import edit_from_row
from storage.database import Database, Row
from storage.diff.render import printable
from storage.diff.render import redline as plain_redline
from storage.queries.edits import EditFilter, edit_batch, edits_by_id, neighbouring_edits
from storage.queries.publishers import publishers
from storage.vocabulary import FIELD_NAMES, KINDS
from variorum.notify.atom import AtomEntry, edit_entry
from variorum.notify.message import cut
from variorum.web.request import BadRequestError, WebRequest
from variorum.web.response import View

EDIT_COLUMNS = (
    "id", "seen_after", "seen_at", "host", "headline", "field", "op", "kind", "old", "new", "disclosed",
    "disclosure", "source", "context", "paragraph", "from_version", "to_version", "article_id", "url", "imported", "permalink",
)  # fmt: skip
# Edits on a page; edits in a feed or a table; publishers that the filter suggests.
EDITS_PER_PAGE, EDITS_PER_FEED, MAX_SUGGESTED_PUBLISHERS = 25, 100, 60


def stream_page(db: Database, web_request: WebRequest) -> View:
    """The edits that match the request's filter, newest first, from its cursor on.

    Raises BadRequestError if a filter has a value that it cannot have.
    """
    limit = EDITS_PER_PAGE if web_request.ending == "html" else EDITS_PER_FEED
    batch = edit_batch(
        db, _edit_filter(web_request), before=web_request.number("before"), limit=limit
    )
    older = batch.before and web_request.self_url(web_request.ending, before=batch.before)
    return View(
        template="stream.html",
        title=_stream_title(web_request),
        variables=lambda: {
            "updates": edits_by_update(batch.rows),
            "fields": FIELD_NAMES,
            "kinds": KINDS,
            "hosts": [row["host"] for row in publishers(db, limit=MAX_SUGGESTED_PUBLISHERS)],
            "is_filtered": bool(web_request.without("before").arguments),
        },
        columns=EDIT_COLUMNS,
        rows=lambda: [public_edit(row, web_request) for row in batch.rows],
        entries=lambda: edit_entries(batch.rows, web_request),
        older_url=older or None,
    )


def edit_page(db: Database, web_request: WebRequest) -> View:
    """One edit by itself, at an address that stays.

    Raises BadRequestError if there is no such edit.
    """
    edit_id = int(web_request.path_values["id"])
    rows = edits_by_id(db, [edit_id])
    if not rows:
        raise BadRequestError(
            f"There is no edit {edit_id}. If there was one, `variorum rebuild` has found that it was page noise.",
            404,
        )
    (row,) = rows

    def variables() -> dict[str, Any]:
        previous_id, next_id = neighbouring_edits(db, row["article_id"], edit_id)
        return {"edit": row, "card": share_card(row), "previous_id": previous_id, "next_id": next_id}  # fmt: skip

    return View(
        template="edit.html",
        title=cut(printable(row["headline"]), 120),
        variables=variables,
        columns=EDIT_COLUMNS,
        rows=lambda: [public_edit(row, web_request)],
        entries=lambda: edit_entries(rows, web_request),
    )


def edits_by_update(rows: Iterable[Row]) -> list[list[Row]]:
    """The edits grouped by article and version, each group in the order of the page, headline first."""
    groups = groupby(rows, key=lambda row: (row["article_id"], row["to_version"]))
    return [list(group)[::-1] for _, group in groups]


def public_edit(row: Row, web_request: WebRequest) -> Row:
    """An edit as programs read it: the columns of EDIT_COLUMNS, with its permalink."""
    return {
        **{name: row[name] for name in EDIT_COLUMNS[:-1]},
        "permalink": _permalink(row, web_request),
    }


def edit_entries(rows: Sequence[Row], web_request: WebRequest) -> list[AtomEntry]:
    """Edits as entries of a feed, each with its permalink."""
    return [edit_entry(row, lambda edit: _permalink(edit, web_request)) for row in rows]


def share_card(row: Row) -> str:
    """An edit in one line of plain text, for the preview that chats and social sites show of a link."""
    return cut(f"{row['host']}: {plain_redline(edit_from_row(row))}", 300)


def _edit_filter(web_request: WebRequest) -> EditFilter:
    return EditFilter(
        host=web_request.text("publisher"),
        article_id=web_request.number("article"),
        field=web_request.choice("field", FIELD_NAMES),
        kind=web_request.choice("kind", KINDS),
        silent=web_request.choice("silent", ("1",)) is not None,
        since=web_request.day("since"),
        until=web_request.day("until", plus_days=1),
        words=web_request.text("words") or "",
    )


def _permalink(row: Row, web_request: WebRequest) -> str:
    return web_request.absolute(web_request.url_for(f"edit/{row['id']}"))


def _stream_title(web_request: WebRequest) -> str:
    parts = [
        "Silent edits" if web_request.text("silent") else "Edits",
        f"at {web_request.text('publisher')}" if web_request.text("publisher") else "",
        f"of {web_request.text('field')}" if web_request.text("field") else "",
        f"({web_request.text('kind')})" if web_request.text("kind") else "",
        f"with “{web_request.text('words')}”" if web_request.text("words") else "",
    ]
    return printable(" ".join(part for part in parts if part))
