"""The tags of a headline."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.diff.text.tags import tagged_line

# headline, tags before its text, the text, tags after it
HEADLINES = [
    ("[속보] 다리 끊겼다", ("[속보]",), "다리 끊겼다", ()),
    ("[단독][인터뷰]다리 끊겼다(종합)", ("[단독]", "[인터뷰]"), "다리 끊겼다", ("(종합)",)),
    ("【独自】橋が落ちた", ("【独自】",), "橋が落ちた", ()),
    ("LIVE: Bridge falls", ("LIVE:",), "Bridge falls", ()),
    ("ÚLTIMA HORA: Cae el puente", ("ÚLTIMA HORA:",), "Cae el puente", ()),
    ("UPDATE 2-Bridge falls", ("UPDATE 2-",), "Bridge falls", ()),
    ("Bridge falls [Opinion]", (), "Bridge falls", ("[Opinion]",)),
    ("Bridge falls", (), "Bridge falls", ()),
    ("Harlow: Bridge falls", (), "Harlow: Bridge falls", ()),
    ("A bridge (and its keeper) falls", (), "A bridge (and its keeper) falls", ()),
    ("[속보]", (), "[속보]", ()),
]


@pytest.mark.parametrize(("line", "first", "text", "last"), HEADLINES, ids=[h[0] for h in HEADLINES])  # fmt: skip
def test_the_tags_of_a_headline_are_told_by_their_form(
    line: str, first: tuple[str, ...], text: str, last: tuple[str, ...]
) -> None:
    tagged = tagged_line(line)
    assert (tagged.first, tagged.text, tagged.last) == (first, text, last)


@given(st.text(st.sampled_from("[]()【】:-| AB1가. "), max_size=30))
def test_the_text_of_a_headline_is_where_it_says(line: str) -> None:
    tagged = tagged_line(line)
    assert line[tagged.at : tagged.at + len(tagged.text)] == tagged.text
