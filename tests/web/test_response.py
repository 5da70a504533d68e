"""A view in its four endings: each computes only what it needs."""

import csv
import io
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from variorum.notify.atom import AtomEntry
from variorum.web.request import BadRequestError, WebRequest
from variorum.web.response import View, render_view

NOON = datetime(2026, 5, 14, 12, tzinfo=UTC)


def web_request(ending: str, **arguments: str) -> WebRequest:
    return WebRequest("/edits", ending, {}, arguments, "http://localhost", "/", NOON)


def recording_view(calls: list[str]) -> View:
    """A view that notes which of its functions were called."""

    def part(name: str, value: Any) -> Any:
        calls.append(name)
        return value

    entry = AtomEntry("urn:x", "A title", "2026-05-14T12:00:00Z", "http://localhost/edit/1", "")
    return View(
        template="message.html",
        title="Edits",
        variables=lambda: part("variables", {"text": "A text"}),
        columns=("old", "new"),
        rows=lambda: part("rows", [{"old": "=1+1", "new": ["a"], "other": 3}]),
        document=lambda: part("document", {"words": "fire"}),
        entries=lambda: part("entries", [entry]),
        older_url="/edits?before=7",
    )


@pytest.mark.parametrize(
    ("ending", "needed", "text"),
    [
        ("html", ["variables"], "<p>A text</p>"),
        ("atom", ["entries"], "<title>A title</title>"),
        ("json", ["document", "rows"], '"words": "fire"'),
        ("csv", ["rows"], "old,new"),
    ],
)
def test_an_ending_computes_only_what_it_needs(ending: str, needed: list[str], text: str) -> None:
    calls = list[str]()
    rendered = render_view(recording_view(calls), web_request(ending))
    assert calls == needed
    assert text in rendered.body


def test_csv_has_the_columns_of_the_view_and_no_formula() -> None:
    rendered = render_view(recording_view([]), web_request("csv"))
    assert list(csv.reader(io.StringIO(rendered.body))) == [["old", "new"], ["'=1+1", '["a"]']]


def test_json_has_the_address_of_the_older_rows() -> None:
    rendered = render_view(recording_view([]), web_request("json"))
    assert json.loads(rendered.body) == {
        "title": "Edits",
        "words": "fire",
        "rows": [{"old": "=1+1", "new": ["a"], "other": 3}],
        "older": "http://localhost/edits?before=7",
    }


@pytest.mark.parametrize(
    ("read", "message"),
    [
        (lambda request: request.choice("kind", ("date", "name")), 'Unknown kind "x"; choose one: date, name.'),
        (lambda request: request.number("kind"), '"kind" must be a whole number, not "x".'),
        (lambda request: request.day("kind"), '"kind" must be a day such as 2026-05-14, not "x".'),
    ],
)  # fmt: skip
def test_an_invalid_argument_says_what_to_try(read: Any, message: str) -> None:
    with pytest.raises(BadRequestError) as error:
        read(web_request("html", kind="x"))
    assert (str(error.value), error.value.status) == (message, 400)
