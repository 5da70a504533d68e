"""Lines apart from the prose of their article, by the kind of element that holds them.

A template writes every paragraph of an article in the same kind of element, and what it puts between
them (teasers, forecasts, calls for readers' stories) in others. So a line is apart if hardly any text
that both versions share is in elements like its own.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from typing import Protocol

# A kind of element holds prose if it holds so many lines that both versions share …
MIN_PROSE_LINES = 2
# … and this share of their text: a list of teasers may stay the same in part.
MIN_PROSE_SHARE = 0.03
# Where less of the shared text than this is in such elements, the markup says nothing.
MIN_KNOWN_SHARE = 0.5


class HasPlaces(Protocol):
    """A page that knows the place of each of its lines among the elements."""

    @property
    def places(self) -> Mapping[str, str]:
        """The place of each line, as a reader sees it."""


def lines_apart(
    lines: Collection[str],
    shared: Collection[str],
    places: Mapping[str, str],
    min_known_share: float = MIN_KNOWN_SHARE,
) -> frozenset[str]:
    """Those of the lines whose elements hold no prose, given the lines that two versions share. Pure.

    None if less than `min_known_share` of the shared text is in elements that do.

    >>> places = {"One.": "p", "Two.": "p", "New.": "p", "Sunny": "div"}
    >>> sorted(lines_apart(["New.", "Sunny"], ["One.", "Two."], places))
    ['Sunny']
    """
    sizes: Counter[str] = Counter()
    counts: Counter[str] = Counter()
    for line in set(shared):
        if line in places:
            sizes[places[line]] += len(line)
            counts[places[line]] += 1
    total = sum(map(len, set(shared)))
    prose = {
        place
        for place, size in sizes.items()
        if counts[place] >= MIN_PROSE_LINES and size >= MIN_PROSE_SHARE * total
    }
    if sum(sizes[place] for place in prose) < min_known_share * max(total, 1):
        return frozenset()
    return frozenset(line for line in lines if places.get(line, "") not in {"", *prose})
