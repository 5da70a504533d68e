"""How similar two texts are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.diff.align.similarity import are_similar, most_similar, similarity
from storage.diff.text.tokens import tokens


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [("a b c d", "a b c d", 1.0), ("a b c d", "a c x y", 0.5), ("a b", "c d", 0.0), ("a b", "b a", 0.5)],
)  # fmt: skip
def test_similarity_is_the_share_of_tokens_in_common_order(
    one: str, other: str, expected: float
) -> None:
    assert similarity(one.split(), other.split()) == expected


@given(st.lists(st.sampled_from("abc")), st.lists(st.sampled_from("abc")))
def test_similarity_is_the_same_both_ways(one: list[str], other: list[str]) -> None:
    assert similarity(one, other) == similarity(other, one)


def test_a_threshold_is_part_of_what_is_similar() -> None:
    assert are_similar("a b", "a c", at_least=0.5, max_characters=9)
    assert not are_similar("a b", "a c", at_least=0.51, max_characters=9)


@pytest.mark.parametrize(("limit", "expected"), [(3, True), (2, False)])
def test_a_text_above_the_limit_is_similar_only_to_itself(limit: int, expected: bool) -> None:
    assert are_similar("a b", "a c", at_least=0.5, max_characters=limit) == expected
    assert are_similar("a b", "a b", at_least=0.5, max_characters=limit)


def test_the_most_similar_candidate_is_the_first_of_the_best() -> None:
    candidates = {text: tokens(text) for text in ("x y", "a x", "b a", "a y")}
    assert most_similar("a b", candidates, at_least=0.5) == "a x"
    assert most_similar("a b", candidates, at_least=0.6) is None
    assert most_similar("a b", {}, at_least=0.0) is None
