"""Which of the sentences that passed each other moved."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from storage.diff.align.moves import Pair, in_place

PAIRS = st.permutations(range(6)).flatmap(
    lambda order: st.lists(st.integers(1, 9), min_size=6, max_size=6).map(
        lambda weights: [
            (i, j, float(w)) for i, (j, w) in enumerate(zip(order, weights, strict=True))
        ]
    )
)


def is_in_order(pairs: list[Pair]) -> bool:
    """Whether the pairs have one order in both versions."""
    return [pair[1] for pair in sorted(pairs)] == sorted(pair[1] for pair in pairs)


@given(PAIRS)
def test_the_sentences_in_place_keep_their_order_and_have_the_most_text(pairs: list[Pair]) -> None:
    kept = [pairs[number] for number in in_place(pairs)]
    best = max(
        sum(pair[2] for pair in some)
        for count in range(7)
        for some in combinations(pairs, count)
        if is_in_order(list(some))
    )
    assert is_in_order(kept)
    assert sum(pair[2] for pair in kept) == best
