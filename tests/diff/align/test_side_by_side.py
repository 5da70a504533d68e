"""Two versions as blocks: nothing of either is lost, and what moved says from where to where."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from scraper.article import Article
from storage.diff.align.side_by_side import SideBySideRow, side_by_side_rows

TEXTS = (
    "The harbour bridge opened to traffic on Monday morning.",
    "The harbour bridge opened to traffic on Tuesday morning.",
    "Repairs cost 12 million crowns, the port authority said.",
    "A second bridge will be closed for inspection in the autumn.",
    "Nobody was hurt when the storm tore away its middle span.",
)
PARAGRAPHS = st.lists(st.sampled_from(TEXTS), max_size=7).map(tuple)


def body_rows(old: tuple[str, ...], new: tuple[str, ...]) -> list[SideBySideRow]:
    pair = (Article("https://example.org/a", "Bridge", paragraphs=side) for side in (old, new))
    return [row for row in side_by_side_rows(*pair) if row.field == "body"]


@given(PARAGRAPHS, PARAGRAPHS)
def test_rows_joined_give_the_new_version(old: tuple[str, ...], new: tuple[str, ...]) -> None:
    side_texts = [row.new for row in body_rows(old, new) if row.op not in ("delete", "left")]
    assert " ".join(side_texts) == " ".join(new)


@given(PARAGRAPHS, PARAGRAPHS)
def test_rows_hold_every_word_of_the_old_version(
    old: tuple[str, ...], new: tuple[str, ...]
) -> None:
    side_texts = [row.old for row in body_rows(old, new) if row.op not in ("insert", "moved")]
    assert Counter(" ".join(side_texts).split()) == Counter(" ".join(old).split())


def test_a_moved_paragraph_is_marked_at_both_positions() -> None:
    rows = body_rows(TEXTS[1:], (TEXTS[4], *TEXTS[1:4]))
    assert [(row.op, row.number, row.other) for row in rows if row.op != "equal"] == [
        ("moved", 1, 4),
        ("left", 4, 1),
    ]
