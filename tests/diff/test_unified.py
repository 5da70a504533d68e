"""A unified diff applies to the old version and gives the new one."""

from itertools import takewhile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.article import Article
from storage.diff.unified import as_unified

LINES = st.lists(
    st.sampled_from(["One stood.", "Two left.", "Three came.", "Four\n--- a"]), max_size=9
)


def article(paragraphs: list[str]) -> Article:
    return Article("https://example.org/a", "Fire", paragraphs=tuple(paragraphs))


def apply_hunks(before: list[str], diff: list[str]) -> list[str]:
    """The old lines with every hunk of a unified diff carried out, whose headers must be right."""
    after: list[str] = []
    at = 0
    remaining = diff[2:]
    while remaining:
        header, body = (
            remaining[0],
            list(takewhile(lambda line: not line.startswith("@@"), remaining[1:])),
        )
        remaining = remaining[1 + len(body) :]
        start, size = (int(part) for part in header.split()[1][1:].split(","))
        first = start - (size > 0)
        assert [line[1:] for line in body if line[0] in " -"] == before[first : first + size]
        after += before[at:first] + [line[1:] for line in body if line[0] in " +"]
        at = first + size
    return after + before[at:]


@given(LINES, LINES)
def test_a_unified_diff_applies_to_the_old_text(old: list[str], new: list[str]) -> None:
    diff = as_unified(article(old), article(new), "a", "b").splitlines()
    before, after = ([line.replace("\n", " ") for line in ["# Fire", *side]] for side in (old, new))
    assert apply_hunks(before, diff) == after
    assert diff[:2] == (["--- a", "+++ b"] if before != after else [])


def test_long_versions_are_compared_in_bounded_time() -> None:
    lines = [f"line {number % 150}" for number in range(20_000)]
    assert as_unified(article(lines), article(lines[::-1]), "a", "b")


ONE = [f"Line {number}." for number in range(9)]


def with_changes(*positions: int) -> list[str]:
    return [f"New {at}." if at in positions else line for at, line in enumerate(ONE)]


UNIFIED = {
    "one change": ([4], ["@@ -5,3 +5,3 @@", " Line 3.", "-Line 4.", "+New 4.", " Line 5."]),
    "first line": ([0], ["@@ -1,3 +1,3 @@", " # Fire", "-Line 0.", "+New 0.", " Line 1."]),
    "last line": ([8], ["@@ -9,2 +9,2 @@", " Line 7.", "-Line 8.", "+New 8."]),
    "two changes that share a context line": (
        [3, 5], ["@@ -4,5 +4,5 @@", " Line 2.", "-Line 3.", "+New 3.", " Line 4.", "-Line 5.", "+New 5.", " Line 6."],
    ),
    "two changes with context lines side by side": (
        [2, 5],
        ["@@ -3,6 +3,6 @@", " Line 1.", "-Line 2.", "+New 2.", " Line 3.", " Line 4.", "-Line 5.", "+New 5.", " Line 6."],
    ),
    "two changes apart": (
        [2, 6],
        ["@@ -3,3 +3,3 @@", " Line 1.", "-Line 2.", "+New 2.", " Line 3.", "@@ -7,3 +7,3 @@", " Line 5.", "-Line 6.", "+New 6.", " Line 7."],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("positions", "expected"), UNIFIED.values(), ids=UNIFIED.keys())
def test_a_unified_diff_has_one_line_of_context(positions: list[int], expected: list[str]) -> None:
    diff = as_unified(article(ONE), article(with_changes(*positions)), "a", "b")
    assert diff.splitlines()[2:] == expected


def test_a_unified_diff_has_every_field_that_a_reader_sees() -> None:
    old = Article("https://example.org/a", "Fire")
    new = Article("https://example.org/a", "Flood", dek="It\nrains.", byline=("Ann", "Bo"), paragraphs=("Wet.",), captions=("A pier.",))  # fmt: skip
    assert as_unified(old, new, "v1", "v2").splitlines() == [
        "--- v1", "+++ v2", "@@ -1,1 +1,6 @@", "-# Fire", "+# Flood", "+It", "+rains.", "+By Ann, Bo", "+Wet.", "+[caption] A pier.",
    ]  # fmt: skip


def test_a_unified_diff_starts_at_line_0_of_a_side_without_lines() -> None:
    old, new = [*ONE[:3]], [*ONE[:3], "Added."]
    assert as_unified(article(old), article(new), "a", "b").splitlines()[2:] == ["@@ -4,1 +4,2 @@", " Line 2.", "+Added."]  # fmt: skip


def test_a_unified_diff_cannot_control_a_terminal() -> None:
    diff = as_unified(article(["a"]), article(["b\x1b[2J\u202e"]), "v\x071", "v2")
    assert not set(diff) & set("\x1b\x07\u202e")
