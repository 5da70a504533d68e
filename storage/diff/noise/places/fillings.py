"""Which of the lines that left a place were fillings of it, and which were the article's.

Where two responses differ, the template fills a place again for each of them. What that place had at an
earlier check was a filling, too, but a true line may have left beside it. A place does not lose more
lines than it shows now: what is beyond that, an editor removed.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from storage.diff.noise.pieces import Piece
from storage.diff.noise.places.boxes import Pages
from storage.diff.noise.places.prose import HasPlaces, lines_apart, place_of
from storage.diff.text.visible import visible


@dataclass(frozen=True, slots=True)
class LineKinds:
    """Which kind of element holds each line of the old version and of both responses, by its number.

    All are "" if that is unknown. The old lines `apart` are apart from the prose.
    """

    old: Sequence[str]
    first: Sequence[str]
    second: Sequence[str]
    apart: frozenset[int] = frozenset()


def line_kinds(
    old: Sequence[str], first: Sequence[str], second: Sequence[str], pages: Pages | None
) -> LineKinds:
    """The kinds of the paragraphs of three versions on their pages. Pure."""
    kinds = _kinds(old, first, second, pages)
    if pages is None:
        return kinds
    olds = list(map(visible, old))
    shared = frozenset(olds).intersection(map(visible, first), map(visible, second))
    apart = lines_apart(frozenset(olds), shared, pages[0].places)
    numbers = (number for number, line in enumerate(olds) if line in apart)
    return replace(kinds, apart=frozenset(numbers))


def caption_kinds(
    old: Sequence[str], first: Sequence[str], second: Sequence[str], pages: Pages | None
) -> LineKinds:
    """The kinds of the captions of three versions. Those of a kind of which the responses show others are apart. Pure."""
    kinds = _kinds(old, first, second, pages)
    differing = {
        *(kind for line, kind in zip(first, kinds.first, strict=True) if line not in second),
        *(kind for line, kind in zip(second, kinds.second, strict=True) if line not in first),
    }
    numbers = (number for number, kind in enumerate(kinds.old) if kind in differing)
    return replace(kinds, apart=frozenset(numbers))


def _kinds(
    old: Sequence[str], first: Sequence[str], second: Sequence[str], pages: Pages | None
) -> LineKinds:
    before, one, two = pages or (None, None, None)
    return LineKinds(_kinds_on(before, old), _kinds_on(one, first), _kinds_on(two, second))


def _kinds_on(page: HasPlaces | None, lines: Sequence[str]) -> list[str]:
    places = page.places if page else {}
    return [place_of(visible(line), places) for line in lines]


def fillings(
    gone: Iterable[Piece], left: Iterable[Piece], right: Iterable[Piece], kinds: LineKinds
) -> frozenset[int]:
    """The lines of the old version that filled a place: those like what the responses have there. Pure.

    `gone` are the sentences that left the place, `left` and `right` those that only the first or only the
    second response has there. A line apart from the prose is a filling.
    """
    lengths, room = _lengths(gone), defaultdict[str, list[int]](list)
    for pieces, of_response in ((left, kinds.first), (right, kinds.second)):
        shown = defaultdict[str, list[int]](list)
        for number, length in _lengths(pieces).items():
            shown[of_response[number]].append(length)
        for kind, sizes in shown.items():
            room[kind] = max(room[kind], sizes, key=len)
    found = set(kinds.apart.intersection(lengths))
    by_kind = defaultdict[str, list[int]](list)
    for number in lengths.keys() - found:
        by_kind[kinds.old[number]].append(number)
    for kind, numbers in by_kind.items():
        found.update(_most_alike(sorted(numbers), lengths, room[kind]))
    return frozenset(found)


def _lengths(pieces: Iterable[Piece]) -> Mapping[int, int]:
    """How many characters of each line these sentences are."""
    lengths: Counter[int] = Counter()
    for piece in pieces:
        lengths[piece.line] += len(piece.text)
    return lengths


def _most_alike(numbers: list[int], lengths: Mapping[int, int], room: list[int]) -> list[int]:
    """As many of the lines as there is room for, those first whose length is nearest to one there."""

    def distance(number: int) -> int:
        return min((abs(lengths[number] - size) for size in room), default=0)

    return sorted(numbers, key=distance)[: len(room)]
