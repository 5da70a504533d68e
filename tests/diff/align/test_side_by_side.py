"""Two versions in rows: nothing of either is lost, and a moved paragraph names both its places."""

from collections import Counter

import pytest
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


Rows = list[tuple[str, str, str, int | None, int | None]]
A, B, C, D, E = TEXTS
F = "Old ropes have found new uses, six of them for a rainy weekend."
# old paragraphs, new paragraphs, rows that are not equal as (op, old, new, number, other)
ROWS: dict[str, tuple[tuple[str, ...], tuple[str, ...], Rows]] = {
    "edited": ((A, C), (B, C), [("replace", A, B, 1, None)]),
    "added": ((A, D), (A, C, D), [("insert", "", C, 2, None)]),
    "added at the end": ((A,), (A, C), [("insert", "", C, 2, None)]),
    "removed": ((A, C, D), (A, D), [("delete", C, "", 2, None)]),
    "removed at the end": ((A, C), (A,), [("delete", C, "", 2, None)]),
    "moved up": ((A, C, D, E), (E, A, C, D), [("moved", E, E, 1, 4), ("left", E, "", 4, 1)]),
    "moved down": ((A, C, D, E), (C, D, E, A), [("left", A, "", 1, 4), ("moved", A, A, 4, 1)]),
    "moved and edited": ((A, C, D, E), (C, D, E, B), [("left", A, "", 1, 4), ("moved", A, B, 4, 1)]),
    "two moved": (
        (A, C, D, E, F), (D, E, F, A, C),
        [("left", C, "", 2, 5), ("left", A, "", 1, 4), ("moved", A, A, 4, 1), ("moved", C, C, 5, 2)],
    ),
    "moved past an edited one": (
        (D, A, E, C), (B, E, C, D), [("left", D, "", 1, 4), ("replace", A, B, 1, None), ("moved", D, D, 4, 1)],
    ),
    "moved up past an edited one": (
        (D, E, A, C), (C, D, E, B), [("moved", C, C, 1, 4), ("replace", A, B, 4, None), ("left", C, "", 4, 1)],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "expected"), ROWS.values(), ids=ROWS.keys())
def test_the_rows_say_what_happened_to_each_paragraph(
    old: tuple[str, ...], new: tuple[str, ...], expected: Rows
) -> None:
    rows = [row for row in body_rows(old, new) if row.op != "equal"]
    assert [(row.op, row.old, row.new, row.number, row.other) for row in rows] == expected


@given(PARAGRAPHS, PARAGRAPHS)
def test_equal_rows_are_numbered_as_in_the_new_version(
    old: tuple[str, ...], new: tuple[str, ...]
) -> None:
    for row in body_rows(old, new):
        if row.op == "equal":
            assert new[(row.number or 0) - 1] == row.new == row.old
            assert row.other is None


def test_each_field_of_both_versions_has_its_rows() -> None:
    old = Article("https://example.org/a", "Fire", dek="It burns.", paragraphs=(A,), captions=("A pier.",))  # fmt: skip
    new = Article("https://example.org/a", "Flood", byline=("Ann", "Bo"), paragraphs=(A,), captions=("A pier.",))  # fmt: skip
    rows = [
        (row.field, row.op, row.old, row.new, row.number) for row in side_by_side_rows(old, new)
    ]
    assert rows == [
        ("headline", "replace", "Fire", "Flood", None),
        ("dek", "delete", "It burns.", "", None),
        ("byline", "insert", "", "Ann, Bo", None),
        ("body", "equal", A, A, 1),
        ("caption", "equal", "A pier.", "A pier.", 1),
    ]


def test_a_field_that_both_versions_lack_has_no_row() -> None:
    article = Article("https://example.org/a", "Fire")
    assert [row.field for row in side_by_side_rows(article, article)] == ["headline"]


def test_a_moved_paragraph_is_marked_at_both_positions() -> None:
    rows = body_rows(TEXTS[1:], (TEXTS[4], *TEXTS[1:4]))
    assert [(row.op, row.number, row.other) for row in rows if row.op != "equal"] == [
        ("moved", 1, 4),
        ("left", 4, 1),
    ]
