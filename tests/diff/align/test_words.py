"""Two texts become hunks, word by word."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.diff.align.words import align, bridge, hunks
from storage.diff.edit import Hunk, change_op

TEXTS = st.text(st.sampled_from("ab 12가나中日.,“” \u200b\n한é☃️ـع"), max_size=60)
WORDS = st.lists(st.sampled_from(["it", "is", "was", "a", "fire"]), max_size=12)


@given(TEXTS, TEXTS)
def test_joined_hunks_give_both_texts(old: str, new: str) -> None:
    parts = hunks(old, new)
    assert ("".join(part.old for part in parts), "".join(part.new for part in parts)) == (old, new)


@given(TEXTS, TEXTS)
def test_equal_hunks_and_changes_alternate(old: str, new: str) -> None:
    parts = hunks(old, new)
    assert all((part.op == "equal") == (part.old == part.new) for part in parts)
    assert all((one.op == "equal") != (other.op == "equal") for one, other in pairwise(parts))


@given(TEXTS, TEXTS)
def test_bridged_hunks_give_both_texts(old: str, new: str) -> None:
    parts = bridge(hunks(old, new))
    assert ("".join(part.old for part in parts), "".join(part.new for part in parts)) == (old, new)


@given(WORDS, WORDS)
def test_opcodes_turn_one_list_into_the_other(old: list[str], new: list[str]) -> None:
    result: list[str] = []
    position = 0
    for op, i1, i2, j1, j2 in align(old, new):
        assert (position, len(result)) == (i1, j1)
        assert op == ("equal" if old[i1:i2] == new[j1:j2] else change_op("x" * (i2 - i1), "x" * (j2 - j1)))  # fmt: skip
        result += old[i1:i2] if op == "equal" else new[j1:j2]
        position = i2
    assert result == new
    assert position == len(old)


HUNKS = {
    "replaced word": ("12 died", "21 died", [("replace", "12 ", "21 "), ("equal", "died", "died")]),
    "removed word": ("He did not go", "He did go", [("equal", "He did ", "He did "), ("delete", "not ", ""), ("equal", "go", "go")]),
    "added word": ("He did go", "He did not go", [("equal", "He did ", "He did "), ("insert", "", "not "), ("equal", "go", "go")]),
    "only white space": ("a  b", "a b", [("equal", "a", "a"), ("replace", "  ", " "), ("equal", "b", "b")]),
    "leading space": (" a", "a", [("delete", " ", ""), ("equal", "a", "a")]),
    "leading space of both": (" a b", " a c", [("equal", " a ", " a "), ("replace", "b", "c")]),
    "equal texts": ("a b", "a b", [("equal", "a b", "a b")]),
    "empty texts": ("", "", []),
    "text added": ("", "a", [("insert", "", "a")]),
    "text removed": ("a", "", [("delete", "a", "")]),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "expected"), HUNKS.values(), ids=HUNKS.keys())
def test_hunks_say_what_changed(old: str, new: str, expected: list[tuple[str, str, str]]) -> None:
    assert [(part.op, part.old, part.new) for part in hunks(old, new)] == expected


BRIDGES = {
    "three equal characters": ("one of us", "two of them", [("replace", "one of us", "two of them")]),
    "four equal characters": ("one upon us", "two upon them", [("replace", "one ", "two "), ("equal", "upon ", "upon "), ("replace", "us", "them")]),
    "equal characters at the start": ("a one", "a two", [("equal", "a ", "a "), ("replace", "one", "two")]),
    "equal characters at the end": ("one a", "two a", [("replace", "one ", "two "), ("equal", "a", "a")]),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "expected"), BRIDGES.values(), ids=BRIDGES.keys())
def test_a_few_equal_characters_between_two_changes_are_part_of_one(
    old: str, new: str, expected: list[tuple[str, str, str]]
) -> None:
    assert [(part.op, part.old, part.new) for part in bridge(hunks(old, new))] == expected


def test_bridging_a_deletion_and_an_insertion_gives_a_replacement() -> None:
    parts = (Hunk("delete", "x", ""), Hunk("equal", " a ", " a "), Hunk("insert", "", "y"))
    assert bridge(parts) == [Hunk("replace", "x a ", " a y")]


LONG = "word " * 400_001  # two of them are too long to be cut into words


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (f"{LONG}one {LONG}", f"{LONG}two {LONG}", ["equal", "replace", "equal"]),
        (f"{LONG}one", f"{LONG}two", ["equal", "replace"]),
        (f"one{LONG}", f"two{LONG}", ["replace", "equal"]),
        (LONG, f"{LONG}two", ["equal", "insert"]),
        (f"one{LONG}", LONG, ["delete", "equal"]),
    ],
    ids=["middle", "end", "start", "added", "removed"],
)
def test_a_very_long_text_has_one_change_between_two_equal_parts(
    old: str, new: str, expected: list[str]
) -> None:
    parts = hunks(old, new)
    assert [part.op for part in parts] == expected
    assert ("".join(part.old for part in parts), "".join(part.new for part in parts)) == (old, new)
    assert sum(len(part.old + part.new) for part in parts if part.op != "equal") <= 6


def test_too_many_words_to_align_are_one_replacement() -> None:
    count = 20_100
    old = [f"old{number}" for number in range(count)]
    new = [f"new{number}" for number in range(count)]
    assert align(["a", *old, "b"], ["a", *new, "b"]) == [
        ("equal", 0, 1, 0, 1),
        ("replace", 1, count + 1, 1, count + 1),
        ("equal", count + 1, count + 2, count + 1, count + 2),
    ]
