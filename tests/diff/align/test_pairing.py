"""The best pairing of the sentences of one region."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.diff.align.pairing import best_pairing
from storage.diff.text.tokens import tokens

WORDS = st.lists(st.lists(st.sampled_from("abcd"), min_size=1, max_size=4), max_size=6)


@given(WORDS, WORDS)
def test_the_steps_of_a_pairing_cover_both_lists_in_order(
    before: list[list[str]], after: list[list[str]]
) -> None:
    steps = best_pairing(before or [["a"]], after or [["a"]]) or []
    for (_, i, _, j), (next_i, _, next_j, _) in pairwise(steps):
        assert (i, j) == (next_i, next_j)
    assert (steps[0][0], steps[0][2]) == (0, 0)
    assert (steps[-1][1], steps[-1][3]) == (len(before) or 1, len(after) or 1)


def words_of(*texts: str) -> list[list[str]]:
    return [tokens(text) for text in texts]


def test_a_plain_pair_wins_against_a_merge_that_shares_as_many_words() -> None:
    assert best_pairing(words_of("a b c d", "x"), words_of("a b c d", "y")) == [
        (0, 1, 0, 1),
        (1, 2, 1, 1),
        (2, 2, 1, 2),
    ]


def test_a_removal_comes_before_an_addition_in_the_same_place() -> None:
    assert best_pairing(words_of("a b", "c d"), words_of("e f", "g h")) == [
        (0, 1, 0, 0),
        (1, 2, 0, 0),
        (2, 2, 0, 1),
        (2, 2, 1, 2),
    ]


@pytest.mark.parametrize(("shared", "is_pair"), [(3, True), (2, False)])
def test_sentences_pair_above_two_fifths_of_their_words(shared: int, is_pair: bool) -> None:
    old, new = ["a", "b", "c", "d", "e"], ["v", "w", "x", "y", "z"]
    new[:shared] = old[:shared]
    steps = best_pairing([old, ["q"]], [new, ["r"]]) or []
    assert ((0, 1, 0, 1) in steps) == is_pair


def test_three_sentences_are_merged_only_in_a_small_region() -> None:
    parts = [[f"{letter}{n}" for n in range(5)] for letter in "abc"]
    merged = [word for part in parts for word in part]

    def padding(count: int, side: str) -> list[list[str]]:
        return [[f"{side}{n}"] for n in range(count)]

    small = best_pairing([*parts, *padding(22, "o")], [merged, *padding(39, "n")]) or []
    large = best_pairing([*parts, *padding(23, "o")], [merged, *padding(39, "n")]) or []
    assert (0, 3, 0, 1) in small
    assert (0, 3, 0, 1) not in large


def test_a_region_of_too_many_words_is_not_paired() -> None:
    sentence = ["a"] * 5_000
    assert best_pairing([sentence] * 9, [sentence] * 9) is None
    assert best_pairing([["a"] * 9] * 9, [["a"] * 9] * 9) is not None


def test_a_region_with_too_narrow_a_band_is_not_paired() -> None:
    """A thousand sentences beside a few: no path follows the diagonal."""
    assert best_pairing([["a"] * 300] * 10, [["b"] * 300] * 3_000) is None
    assert best_pairing([["a"] * 30] * 10, [["b"] * 30] * 300) is not None


def test_distant_sentences_of_a_long_region_are_not_paired() -> None:
    """Only pairs near the diagonal are compared."""
    count = 400
    old = [[f"w{n}x{k}" for k in range(60)] for n in range(count)]
    new = [[f"v{n}x{k}" for k in range(60)] for n in range(count)]
    new[-1] = old[0]
    steps = best_pairing(old, new) or []
    assert all(i2 == i1 or j2 == j1 for i1, i2, j1, j2 in steps)


@pytest.mark.parametrize("swap", [False, True], ids=["shorter", "longer"])
def test_one_long_sentence_is_not_compared_with_thousands(swap: bool) -> None:
    """Each of them would be compared with all of its words."""
    many, long = [["한다", "."]] * 5_000, [["다한", "."] * 10_000]
    assert best_pairing(long, many) is None if swap else best_pairing(many, long) is None
