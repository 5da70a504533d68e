"""One view in its four endings: a web page, an Atom feed, JSON and CSV."""

import csv
import io
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from storage.timestamps import moment
from variorum.notify.atom import Entry, feed
from variorum.web.filters import environment
from variorum.web.request import Asked

Row = Mapping[str, Any]

TYPES = {
    "html": "text/html; charset=utf-8",
    "atom": "application/atom+xml; charset=utf-8",
    "json": "application/json; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
}
# A spreadsheet takes what begins so for a formula, which may call out; an East Asian one the wide signs too.
FORMULA = re.compile(r"[\x00-\x1f\x7f]*[=+\-@＝＋－＠\t\r]")


@dataclass(frozen=True, slots=True)
class Page:
    """A view: the template and what it shows; the same as rows, as a document, and as entries of a feed."""

    template: str
    title: str
    shown: Mapping[str, Any]
    columns: tuple[str, ...] = ()
    rows: Sequence[Row] = ()
    document: Mapping[str, Any] = field(default_factory=dict)
    entries: Sequence[Entry] = ()
    older: str | None = None
    status: int = 200


@dataclass(frozen=True, slots=True)
class Rendered:
    """The body of an answer with its status and type."""

    body: str
    status: int
    content_type: str


def rendered(page: Page, asked: Asked) -> Rendered:
    """The page in the ending that was asked for."""
    write = {"html": _html, "atom": _atom, "json": _json, "csv": _csv}[asked.ending]
    return Rendered(write(page, asked), page.status, TYPES[asked.ending])


def _html(page: Page, asked: Asked) -> str:
    template = environment().get_template(page.template)
    return template.render(asked=asked, page=page, title=page.title, **page.shown)


def _atom(page: Page, asked: Asked) -> str:
    address = asked.whole(asked.this("atom"))
    # The address without the host: a feed stays the same feed behind another name.
    text = feed(
        page.entries,
        title=f"Variorum: {page.title}",
        feed_id=f"urn:variorum:web:{asked.this('atom').removeprefix(asked.base)}",
        updated_at=moment(asked.now),
        address=address,
    )
    return text.decode()


def _json(page: Page, asked: Asked) -> str:
    older = asked.whole(page.older) if page.older else None
    document = {"title": page.title, **page.document, "rows": page.rows, "older": older}
    return json.dumps(document, ensure_ascii=False, indent=1, default=str)


def _csv(page: Page, asked: Asked) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(page.columns)
    for row in page.rows:
        writer.writerow([_cell(row.get(name)) for name in page.columns])
    return out.getvalue()


def _cell(value: Any) -> Any:
    """Text that a spreadsheet takes for text."""
    if isinstance(value, str) and FORMULA.match(value):
        return f"'{value}"
    if isinstance(value, (list, tuple, dict)):
        return json.dumps(value, ensure_ascii=False, default=str)
    return value
