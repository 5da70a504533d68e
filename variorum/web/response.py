"""One view in its four endings: a web page, an Atom feed, JSON and CSV."""

import csv
import io
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from storage.timestamps import to_text
from variorum.notify.atom import AtomEntry, render_atom
from variorum.web.filters import environment
from variorum.web.request import WebRequest

Row = Mapping[str, Any]

CONTENT_TYPES = {
    "html": "text/html; charset=utf-8",
    "atom": "application/atom+xml; charset=utf-8",
    "json": "application/json; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
}
# A spreadsheet takes what begins so for a formula, which may call out; an East Asian one the wide signs too.
FORMULA_START = re.compile(r"[\x00-\x1f\x7f]*[=+\-@＝＋－＠\t\r]")


@dataclass(frozen=True, slots=True)
class View:
    """A view: the template and what it shows; the same as rows, as a document, and as entries of a feed."""

    template: str
    title: str
    variables: Mapping[str, Any]
    columns: tuple[str, ...] = ()
    rows: Sequence[Row] = ()
    document: Mapping[str, Any] = field(default_factory=dict)
    entries: Sequence[AtomEntry] = ()
    older_url: str | None = None
    status: int = 200


@dataclass(frozen=True, slots=True)
class RenderedView:
    """The body of an answer with its status and type."""

    body: str
    status: int
    content_type: str


def render_view(page: View, web_request: WebRequest) -> RenderedView:
    """The page in the ending that was asked for."""
    render = {"html": _render_html, "atom": _render_atom, "json": _render_json, "csv": _render_csv}[
        web_request.ending
    ]
    return RenderedView(render(page, web_request), page.status, CONTENT_TYPES[web_request.ending])


def _render_html(page: View, web_request: WebRequest) -> str:
    template = environment().get_template(page.template)
    return template.render(web_request=web_request, page=page, title=page.title, **page.variables)


def _render_atom(page: View, web_request: WebRequest) -> str:
    feed_url = web_request.absolute(web_request.self_url("atom"))
    # The address without the host: a feed stays the same feed behind another name.
    text = render_atom(
        page.entries,
        title=f"Variorum: {page.title}",
        feed_id=f"urn:variorum:web:{web_request.self_url('atom').removeprefix(web_request.base)}",
        updated_at=to_text(web_request.now),
        feed_url=feed_url,
    )
    return text.decode()


def _render_json(page: View, web_request: WebRequest) -> str:
    older_url = web_request.absolute(page.older_url) if page.older_url else None
    document = {"title": page.title, **page.document, "rows": page.rows, "older": older_url}
    return json.dumps(document, ensure_ascii=False, indent=1, default=str)


def _render_csv(page: View, web_request: WebRequest) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(page.columns)
    for row in page.rows:
        writer.writerow([_csv_cell(row.get(name)) for name in page.columns])
    return out.getvalue()


def _csv_cell(value: Any) -> Any:
    """Text that a spreadsheet takes for text."""
    if isinstance(value, str) and FORMULA_START.match(value):
        return f"'{value}"
    if isinstance(value, (list, tuple, dict)):
        return json.dumps(value, ensure_ascii=False, default=str)
    return value
