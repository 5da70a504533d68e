"""Where two responses differ, as runs of sentences between those that both have."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from storage.diff.align.words import align
from storage.diff.noise.pieces import Piece


@dataclass(frozen=True, slots=True)
class DifferingPlace:
    """What the two responses have in one place where they differ: positions of sentences."""

    left: range
    right: range


CommonOrDiffering = tuple[int, int] | DifferingPlace


def steps_between(first: Sequence[str], second: Sequence[str]) -> list[CommonOrDiffering]:
    """The positions of each sentence that both have, and the gaps between those."""
    steps: list[CommonOrDiffering] = []
    for op, i1, i2, j1, j2 in align(list(first), list(second)):
        if op == "equal":
            steps += zip(range(i1, i2), range(j1, j2), strict=True)
        else:
            steps.append(DifferingPlace(range(i1, i2), range(j1, j2)))
    return steps


def numbered_places(steps: Sequence[CommonOrDiffering]) -> Iterator[tuple[int, DifferingPlace]]:
    """The places where the two responses differ, each after so many common sentences."""
    passed = 0
    for step in steps:
        if isinstance(step, DifferingPlace):
            yield passed, step
        else:
            passed += 1


def places_of_whole_lines(
    one: Sequence[Piece], two: Sequence[Piece], steps: Sequence[CommonOrDiffering]
) -> set[int]:
    """The numbers of the places in which no sentence shares its line with a common one."""
    pairs = [step for step in steps if not isinstance(step, DifferingPlace)]
    ones, twos = {one[i].line for i, _ in pairs}, {two[j].line for _, j in pairs}
    return {
        number
        for number, place in numbered_places(steps)
        if ones.isdisjoint(one[i].line for i in place.left)
        and twos.isdisjoint(two[j].line for j in place.right)
    }
