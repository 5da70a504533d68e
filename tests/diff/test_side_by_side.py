"""Two versions as blocks: nothing of either is lost, and what moved says from where to where."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from scraper.article import Article
from storage.diff.align.side_by_side import Block, blocks

TEXTS = (
    "The harbour bridge opened to traffic on Monday morning.",
    "The harbour bridge opened to traffic on Tuesday morning.",
    "Repairs cost 12 million crowns, the port authority said.",
    "A second bridge will be closed for inspection in the autumn.",
    "Nobody was hurt when the storm tore away its middle span.",
)
PARAGRAPHS = st.lists(st.sampled_from(TEXTS), max_size=7).map(tuple)


def body(old: tuple[str, ...], new: tuple[str, ...]) -> list[Block]:
    pair = (Article("https://example.org/a", "Bridge", paragraphs=side) for side in (old, new))
    return [block for block in blocks(*pair) if block.field == "body"]


@given(PARAGRAPHS, PARAGRAPHS)
def test_the_blocks_read_as_the_new_version(old: tuple[str, ...], new: tuple[str, ...]) -> None:
    shown = [block.new for block in body(old, new) if block.op not in ("delete", "left")]
    assert " ".join(shown) == " ".join(new)


@given(PARAGRAPHS, PARAGRAPHS)
def test_the_old_version_is_all_there(old: tuple[str, ...], new: tuple[str, ...]) -> None:
    shown = [block.old for block in body(old, new) if block.op not in ("insert", "moved")]
    assert Counter(" ".join(shown).split()) == Counter(" ".join(old).split())


def test_a_paragraph_that_moved_is_told_at_both_places() -> None:
    found = body(TEXTS[1:], (TEXTS[4], *TEXTS[1:4]))
    assert [(block.op, block.number, block.other) for block in found if block.op != "equal"] == [
        ("moved", 1, 4),
        ("left", 4, 1),
    ]
