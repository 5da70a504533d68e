"""Lines apart from the prose of their article, by the kind of element that holds them.

A template writes every paragraph of an article in the same kind of element, and what it puts between
them (teasers, forecasts, calls for readers' stories) in others. So a line is apart if hardly any text
that both versions share is in elements like its own.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

# A kind of element holds prose if it holds so many lines that both versions share …
MIN_PROSE_LINES = 2
# … and this share of their text: a list of teasers may stay the same in part.
MIN_PROSE_SHARE = 0.03
# With less than this share it holds prose only if less than a fourth of its lines changed: of four points of a
# summary a template writes another one.
SURE_PROSE_SHARE = 0.15
# Where less of the shared text than this is in such elements, the markup says nothing.
MIN_KNOWN_SHARE = 0.5

HEADING = "h#"  # numbers are folded in places


class HasPlaces(Protocol):
    """A page that knows the place of each of its lines among the elements."""

    @property
    def placed_lines(self) -> Sequence[tuple[str, str]]:
        """Each line in order, as a reader sees it, with its place."""

    @property
    def places(self) -> Mapping[str, str]:
        """The place of each line."""


def prose_places(
    lines: Collection[str],
    shared: Collection[str],
    places: Mapping[str, str],
    min_known_share: float = MIN_KNOWN_SHARE,
) -> frozenset[str]:
    """The kinds of elements that hold the prose, given the lines that two versions share, and the others.

    None if less than `min_known_share` of the shared text is in such elements.
    """
    sizes: Counter[str] = Counter()
    counts: Counter[str] = Counter()
    for line in set(shared):
        if line in places:
            sizes[places[line]] += len(line)
            counts[places[line]] += 1
    changed = Counter(places.get(line, "") for line in set(lines).difference(shared))
    total = sum(map(len, set(shared)))
    prose = frozenset(
        place
        for place, size in sizes.items()
        if size >= MIN_PROSE_SHARE * total
        and counts[place] >= max(MIN_PROSE_LINES, changed[place])
        and (size >= SURE_PROSE_SHARE * total or counts[place] > 3 * changed[place])
    )
    known = sum(sizes[place] for place in prose)
    return prose if known >= min_known_share * max(total, 1) else frozenset()


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
    prose = prose_places(lines, shared, places, min_known_share)
    if not prose and min_known_share:
        return frozenset()
    kin = list(map(_split, prose))
    return frozenset(
        line
        for line in lines
        if (place := place_of(line, places)) and place not in prose and not _is_kin(place, kin)
    )


def place_of(line: str, places: Mapping[str, str]) -> str:
    """The place of a line, or of the one that holds it: page noise was taken out of it."""
    if line in places:
        return places[line]
    return next((place for text, place in places.items() if line in text), "")


def _split(place: str) -> tuple[str, str, frozenset[str]]:
    """The element around the one of a place, and that one's tag and classes."""
    around, _, element = place.rpartition(" > ")
    tag, *classes = element.split(" ")
    return around, tag, frozenset(classes)


def _is_kin(place: str, prose: list[tuple[str, str, frozenset[str]]]) -> bool:
    """Whether a place is beside prose in the same element.

    That is a sub-heading, a paragraph that shares classes, or text in no element of its own.

    >>> _is_kin("article > p text last", [_split("article > p text")])
    True
    """
    around, tag, classes = _split(place)
    element = place.rpartition(" > ")[2]
    for other_around, other_tag, others in prose:
        if classes and element == other_around.rpartition(" > ")[2]:
            return True
        if around != other_around:
            continue
        shared = len(classes & others)
        if tag == HEADING and (not classes or shared):
            return True
        if tag == other_tag and shared and 2 * shared >= min(len(classes), len(others)):
            return True
    return False
