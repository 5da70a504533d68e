"""One view in its four endings: a web page, an Atom feed, JSON and CSV."""

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from storage.timestamps import to_text
from variorum.notify.atom import AtomEntry, render_atom
from variorum.web.filters import environment
from variorum.web.request import WebRequest
from variorum.web.spreadsheet import safe_cell

CONTENT_TYPES = {
    "html": "text/html; charset=utf-8",
    "atom": "application/atom+xml; charset=utf-8",
    "json": "application/json; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What a page shows, for any of the four endings.

    HTML needs the template's `variables`, CSV the `rows`, JSON the rows and the other keys of `document`,
    and Atom the `entries`. All are functions, so that an ending costs only what it needs.
    """

    template: str
    title: str
    variables: Callable[[], Mapping[str, Any]] = dict
    columns: tuple[str, ...] = ()
    rows: Callable[[], Sequence[Mapping[str, Any]]] = tuple
    document: Callable[[], Mapping[str, Any]] = dict
    entries: Callable[[], Sequence[AtomEntry]] = tuple
    older_url: str | None = None
    status: int = 200

    def html(self, web_request: WebRequest) -> str:
        """The web page."""
        template = environment().get_template(self.template)
        return template.render(
            web_request=web_request, page=self, title=self.title, **self.variables()
        )

    def atom(self, web_request: WebRequest) -> str:
        """The Atom feed. Its id has no host name, so a site behind another name keeps its feeds."""
        self_url = web_request.self_url("atom")
        feed = render_atom(
            self.entries(),
            title=f"Variorum: {self.title}",
            feed_id=f"urn:variorum:web:{self_url.removeprefix(web_request.base)}",
            updated_at=to_text(web_request.now),
            feed_url=web_request.absolute(self_url),
        )
        return feed.decode()

    def json(self, web_request: WebRequest) -> str:
        """A JSON object: the title, the keys of `document`, the rows, and the URL of the older rows."""
        older_url = web_request.absolute(self.older_url) if self.older_url else None
        content = {
            "title": self.title,
            **self.document(),
            "rows": self.rows(),
            "older": older_url,
        }
        return json.dumps(content, ensure_ascii=False, indent=1, default=str)

    def csv(self, web_request: WebRequest) -> str:
        """The rows as CSV, with a header line."""
        out = io.StringIO()
        csv.writer(out).writerows(self.csv_rows())
        return out.getvalue()

    def csv_rows(self) -> Iterator[Sequence[Any]]:
        """The column names, then the cells of each row, safe to open in a spreadsheet."""
        yield self.columns
        for row in self.rows():
            yield [_csv_cell(row.get(name)) for name in self.columns]


@dataclass(frozen=True, slots=True)
class RenderedView:
    """The body of a response with its HTTP status and content type."""

    body: str
    status: int
    content_type: str


def render_view(view: View, web_request: WebRequest) -> RenderedView:
    """The view in the ending of the request."""
    render = {"html": view.html, "atom": view.atom, "json": view.json, "csv": view.csv}
    body = render[web_request.ending](web_request)
    return RenderedView(body, view.status, CONTENT_TYPES[web_request.ending])


def _csv_cell(value: Any) -> Any:
    """The value, with an apostrophe before text that a spreadsheet would run as a formula."""
    if isinstance(value, (list, tuple, dict)):
        value = json.dumps(value, ensure_ascii=False, default=str)
    return safe_cell(value) if isinstance(value, str) else value
