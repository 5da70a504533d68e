"""Parsing: every page becomes a tree, at a bounded cost."""

import contextlib
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.errors import ExtractError
from scraper.extract.html.parse import MAX_NESTING, bounded, parse

TEXT = "The ferry left the island at nine and came back before noon."
URL = "https://example.org/ferry"


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "empty"),
        (b" \n\t", "empty"),
        (b"\x89PNG\r\n\x1a\n....", "PNG"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\xff\xd8\xff\xe0", "JPEG"),
        (b"PK\x03\x04", "ZIP"),
        (b"just words", "no tags"),
    ],
)
def test_input_that_is_not_html_is_an_error(raw: bytes, reason: str) -> None:
    with pytest.raises(ExtractError, match=reason):
        parse(raw, URL)


@pytest.mark.parametrize(
    "page",
    [
        "<div>" * 100_000 + f"<p>{TEXT}</p>",
        "<span>" * 50_000 + f"<p>{TEXT}</p>",
        "<ul><li>" * 30_000 + f"<p>{TEXT}</p>",
        "<table><tr><td>" * 20_000 + f"<p>{TEXT}</p>",
        f"<p>{TEXT}</p>" + "<p>x</p>" * 1_000_000,
        f'<p>{TEXT}</p><div class="{"x " * 600_000}">',
        "<p>"
        + "".join(f"<font id=f{at}>" for at in range(250))
        + "</p>"
        + f"<p>{TEXT}</p>" * 30_000,
        f"<p>{TEXT}</p>" + "<a" * 3_000_000,
    ],
    ids=["div", "span", "list", "table", "siblings", "attribute", "formatting", "unclosed"],
)
def test_a_hostile_page_is_parsed_in_bounded_time_and_keeps_its_text(page: str) -> None:
    started = time.process_time()
    tree = parse(page.encode(), URL)
    assert TEXT in tree.text()
    assert time.process_time() - started < 5.0  # a second on an idle machine; 29 s unbounded


def test_nesting_is_bounded_for_the_parser() -> None:
    assert bounded(b"<div>" * 50_000).count(b"<div>") == MAX_NESTING


def test_an_ordinary_page_is_left_unchanged() -> None:
    page = f"<html><body><div><p><b>{TEXT}</b></p><br></div></body></html>".encode()
    assert bounded(page) == page


def test_nul_bytes_neither_truncate_nor_split_the_text() -> None:
    assert "ferry left" in parse(b"<p>The fer\x00ry left</p>", URL).text()


@given(st.binary(max_size=400))
@settings(max_examples=200, deadline=None)
def test_bytes_give_a_tree_or_an_extract_error(raw: bytes) -> None:
    with contextlib.suppress(ExtractError):
        assert parse(raw, URL).root is not None


def test_many_attributes_cost_no_more_than_an_ordinary_page() -> None:
    flood = " ".join(f"a{number}=1" for number in range(100_000))
    page = f"<h1>Bridge</h1><p {flood}>The bridge opened on Monday.</p>"
    tree = parse(page.encode(), URL)
    paragraph = tree.css_first("p")
    assert paragraph is not None
    assert paragraph.attributes == {}
    assert paragraph.text() == "The bridge opened on Monday."
