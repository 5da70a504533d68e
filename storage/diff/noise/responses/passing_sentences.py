"""Old sentences that are gone where two responses differ: which of them only filled a place for a while?"""

from collections.abc import Mapping, Sequence

from storage.diff.align.sentences import match_sentences
from storage.diff.noise.pieces import Piece
from storage.diff.noise.places.fillings import LineKinds, fillings
from storage.diff.noise.responses.differing_places import (
    CommonOrDiffering,
    DifferingPlace,
    numbered_places,
    places_of_whole_lines,
)
from storage.diff.noise.responses.other_readings import Readings, ticks


def gone_in_places(
    before: Sequence[Piece],
    one: Sequence[Piece],
    two: Sequence[Piece],
    steps: Sequence[CommonOrDiffering],
    rest: Sequence[int],
) -> dict[int, int]:
    """Those of the old positions `rest` that are gone where the two responses differ, each with its place.

    Where whole lines differ, no sentence leaves a line of which another sentence stays.
    """
    common = [one[step[0]].text for step in steps if not isinstance(step, DifferingPlace)]
    places = {number for number, _ in numbered_places(steps)}
    staying = {piece.line for piece in before if piece.text in set(common)}
    whole = places_of_whole_lines(one, two, steps)
    gone: dict[int, int] = {}
    for match in match_sentences([before[at].text for at in rest], common):
        place = match.new[0]
        if place == match.new[1] and place in places:
            positions = [rest[i] for i in range(*match.old)]
            gone |= {
                at: place
                for at in positions
                if place not in whole or before[at].line not in staying
            }
    return gone


def passing_sentences(
    before: Sequence[Piece],
    one: Sequence[Piece],
    two: Sequence[Piece],
    steps: Sequence[CommonOrDiffering],
    gone: Mapping[int, int],
    readings: Mapping[str, Readings],
    kinds: LineKinds,
) -> set[int]:
    """The positions in `gone` that filled their places, as what the responses have there does now.

    Another reading of an old sentence fills no place again. A sentence that only one response has in other words
    passes if that has other numbers only, or if the place apart from the prose shows more than this reading.
    """
    answered = {
        *(piece.text for piece in before),
        *(text for pair in readings.values() for text in pair),
    }
    passing = {at for at in gone if ticks(before[at].text, readings.get(before[at].text, ()))}
    for number, place in numbered_places(steps):
        lefts = [one[i] for i in place.left if one[i].text not in answered]
        rights = [two[j] for j in place.right if two[j].text not in answered]
        pieces = [
            before[at]
            for at, at_place in gone.items()
            if at_place == number
            and (before[at].text not in readings or before[at].line in kinds.apart)
        ]
        lines = fillings(pieces, lefts, rights, kinds) if lefts or rights else frozenset[int]()
        passing.update(at for at in gone if before[at] in pieces and before[at].line in lines)
    return passing
