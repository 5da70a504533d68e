"""Which of the sentences that passed each other moved: the ones with less text."""

from bisect import bisect_left
from collections.abc import Sequence

Pair = tuple[int, int, float]  # the place of a sentence in both versions, and how much text it is


def in_place(pairs: Sequence[Pair]) -> set[int]:
    """The pairs that keep their order and have the most text together, by their number in `pairs`.

    The heaviest increasing subsequence: time n log n, with a tree of the best weights so far.

    >>> in_place([(0, 1, 5.0), (1, 2, 5.0), (2, 0, 8.0)])
    {0, 1}
    """
    order = sorted(range(len(pairs)), key=lambda number: pairs[number][1])
    places = sorted({pair[0] for pair in pairs})
    tree: list[tuple[float, int]] = [(0.0, -1)] * (len(places) + 1)
    before = [-1] * len(pairs)
    best, last = 0.0, -1
    for number in order:
        place = bisect_left(places, pairs[number][0])
        weight, before[number] = _best_up_to(tree, place)
        weight += pairs[number][2]
        _put(tree, place + 1, (weight, number))
        if weight > best:
            best, last = weight, number
    kept: set[int] = set()
    while last >= 0:
        kept.add(last)
        last = before[last]
    return kept


def _best_up_to(tree: Sequence[tuple[float, int]], count: int) -> tuple[float, int]:
    """The best weight among the first `count` places, in a binary indexed tree."""
    best = tree[0]
    while count:
        best = max(best, tree[count])
        count &= count - 1
    return best


def _put(tree: list[tuple[float, int]], place: int, entry: tuple[float, int]) -> None:
    while place < len(tree):
        tree[place] = max(tree[place], entry)
        place += place & -place
