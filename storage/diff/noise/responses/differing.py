"""Which sentences two responses disagree on, and what that says about those of the last version."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from storage.diff.align.words import align
from storage.diff.noise.exclusions import PageNoise
from storage.diff.noise.pieces import Piece, split_lines
from storage.diff.noise.places.fillings import LineKinds
from storage.diff.noise.responses.differing_places import (
    CommonOrDiffering,
    DifferingPlace,
    steps_between,
)
from storage.diff.noise.responses.other_readings import counterpart, readings_in, similar
from storage.diff.noise.responses.passing_sentences import gone_in_places, passing_sentences

# Where a sentence is in the first and in the second response, None where that lacks it.
Positions = tuple[int | None, int | None]


@dataclass(frozen=True, slots=True)
class Differing:
    """What two responses disagree on.

    `order` lists the sentences of the new version by their positions in the first and in the
    second response, None where that response lacks one. `left_out` are the positions of the old
    sentences that the disagreement leaves open.
    """

    order: tuple[Positions, ...]
    left_out: frozenset[int]
    page_noise: tuple[PageNoise, ...]


def differing_sentences(
    before: Sequence[Piece],
    one: Sequence[Piece],
    two: Sequence[Piece],
    kinds: LineKinds,
    *,
    established: Collection[str],
) -> Differing:
    """What the responses `one` and `two` disagree on, beside the sentences of `before`. Pure.

    An old sentence stays if one of the responses has it. It is left out if both have other readings of
    it or one has none, or if it filled a place where they differ and is in no `established` line.
    """
    old, first, second = ([piece.text for piece in pieces] for pieces in (before, one, two))
    steps = steps_between(first, second)
    common = [first[step[0]] for step in steps if not isinstance(step, DifferingPlace)]
    lefts = [first[i] for step in steps if isinstance(step, DifferingPlace) for i in step.left]
    rights = [second[j] for step in steps if isinstance(step, DifferingPlace) for j in step.right]
    order, open_positions = _order_beside(old, first, second, steps)
    held = set(old) & {*lefts, *rights}
    readings = readings_in(
        [old[at] for at in open_positions if old[at] not in held], lefts, rights, common
    )
    left_out = {at for at in open_positions if old[at] in readings or old[at] in held}
    lasting = {piece.text for piece in split_lines(tuple(established))} | held
    open_at = {at for at in left_out if None in readings.get(old[at], ())}
    rest = [at for at in range(len(old)) if at not in left_out - open_at and old[at] not in held]
    gone = gone_in_places(before, one, two, steps, rest)
    gone = {at: number for at, number in gone.items() if old[at] not in lasting}
    passing = passing_sentences(before, one, two, steps, gone, readings, kinds)
    passed = {old[at] for at in passing}
    open_texts = {
        other
        for text, pair in readings.items()
        if None in pair and text not in passed
        for other in pair
    }
    no_noise = {*common, *held, *open_texts, *similar(held, [*lefts, *rights])}
    proofs = [PageNoise(text, *pair) for text, pair in readings.items() if None not in pair]
    proofs += [
        noise for noise in _differing_noise(steps, first, second) if noise.text not in no_noise
    ]
    proofs += [PageNoise(old[at]) for at in sorted(passing)]
    return Differing(tuple(order), frozenset(left_out | passing), tuple(proofs))


def _order_beside(
    old: Sequence[str],
    first: Sequence[str],
    second: Sequence[str],
    steps: Sequence[CommonOrDiffering],
) -> tuple[list[Positions], list[int]]:
    """The sentences that both responses have, and those that one has where `old` has them.

    Also gives the positions of the old sentences that are not among them.
    """
    stored = set(old)
    order: list[Positions] = []
    for step in steps:
        if isinstance(step, DifferingPlace):
            order += [(i, None) for i in step.left if first[i] in stored]
            order += [(None, j) for j in step.right if second[j] in stored]
        else:
            order.append(step)
    texts = [second[j] if i is None and j is not None else first[i or 0] for i, j in order]
    codes = align(list(old), texts)
    stays = {at for op, _, _, j1, j2 in codes if op == "equal" for at in range(j1, j2)}
    kept = [pair for at, pair in enumerate(order) if at in stays or None not in pair]
    return kept, [at for op, i1, i2, _, _ in codes if op != "equal" for at in range(i1, i2)]


def _differing_noise(
    steps: Sequence[CommonOrDiffering], first: Sequence[str], second: Sequence[str]
) -> Iterator[PageNoise]:
    """Each sentence that one response has in a gap, with what the other has in its place."""
    for step in steps:
        if not isinstance(step, DifferingPlace):
            continue
        left, right = [first[i] for i in step.left], [second[j] for j in step.right]
        for text in left:
            yield PageNoise(text, text, counterpart(text, right))
        for text in right:
            if text not in left:
                yield PageNoise(text, counterpart(text, left), text)
