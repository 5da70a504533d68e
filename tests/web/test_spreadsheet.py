"""CSV that a spreadsheet opens without running it, wherever it splits the lines."""

import csv
import io
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.web_history import hostile_history, visitor_of
from variorum.web.spreadsheet import SafeCsv, safe_cell

SIGNS = "=+-@＝＋－＠﹦﹢﹣﹫"
# How a spreadsheet of any country may begin a cell: after a separator, quotation marks and white space.
RUNS = re.compile(rf"(?:^|[;\t\r\n|])[\s\"\x00-\x1f\ufeff\u200b]*[{re.escape(SIGNS)}](?![0-9.,])")
HOSTILE = st.text(
    st.sampled_from([*SIGNS, *";,|\t\n\r\" 'a1", "\ufeff", "\u200b", "\x07", "\u3000"])
)


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize(
    "start", ["", " ", "\x07", "\ufeff", "x;", "x; ", "x\t", "x\n", 'x;"', "x|"]
)
def test_no_cell_begins_a_formula(sign: str, start: str) -> None:
    assert RUNS.search(f"{start}{sign}cmd()")
    assert not RUNS.search(safe_cell(f"{start}{sign}cmd()"))


@pytest.mark.parametrize(
    "text", ["12", "-12", "+3.5", "-1e5", "a = b", "well-known", "He won; she lost - again", "x@y"]
)
def test_numbers_and_prose_stay_as_they_are(text: str) -> None:
    assert safe_cell(text) == text


@given(HOSTILE)
def test_no_text_becomes_a_formula(text: str) -> None:
    assert not RUNS.search(safe_cell(text))


@given(HOSTILE)
def test_a_safe_cell_only_gains_apostrophes(text: str) -> None:
    assert safe_cell(text).replace("'", "") == text.replace("'", "")


@given(st.lists(st.lists(HOSTILE, min_size=1, max_size=4), max_size=5), st.integers(1, 9))
def test_csv_of_another_writer_is_made_safe_in_parts_of_any_size(
    rows: list[list[str]], size: int
) -> None:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    raw = out.getvalue().encode()
    filter_, safe = SafeCsv(), b""
    for at in range(0, len(raw), size):
        safe += filter_.feed(raw[at : at + size], is_last=False)
    safe += filter_.feed(b"", is_last=True)
    read = list(csv.reader(io.StringIO(safe.decode(), newline="")))
    assert read == [[safe_cell(cell) for cell in row] for row in rows]


@pytest.mark.parametrize("path", ["/edits.csv", "/variorum/edits.csv", "/variorum/edits.csv?_dl=1"])
def test_no_csv_of_the_site_holds_a_formula(tmp_path: Path, path: str) -> None:
    hostile_history(tmp_path / "v.db").close()
    csv.field_size_limit(1_000_000)  # of a long article
    with visitor_of(tmp_path / "v.db") as visitor:
        cells = [
            cell for row in csv.reader(io.StringIO(visitor.page(path), newline="")) for cell in row
        ]
    assert any("cmd()" in cell for cell in cells)
    assert [cell for cell in cells if RUNS.search(cell)] == []
