"""Which sentences two responses disagree on, and what that says about those of the last version."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from storage.diff.align.sentences import match_sentences
from storage.diff.align.similarity import MIN_PARAGRAPH_SHARE, similarity
from storage.diff.align.words import align
from storage.diff.noise.exclusions import PageNoise
from storage.diff.noise.pieces import Piece, split_lines
from storage.diff.noise.places.fillings import LineKinds, fillings
from storage.diff.text.tokens import tokens
from storage.diff.text.visible import fold_digits

# A sentence is compared with at most this many others, beside those that differ from it in numbers only.
MAX_CANDIDATES = 20
# A longer sentence is similar only to itself.
MAX_READING_CHARACTERS = 6_000

Positions = tuple[int | None, int | None]
Readings = tuple[str | None, str | None]


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


@dataclass(frozen=True, slots=True)
class DifferingPlace:
    """What the two responses have in one place where they differ: positions of sentences."""

    left: range
    right: range


CommonOrDiffering = tuple[int, int] | DifferingPlace


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
    steps = _steps(first, second)
    common = [first[step[0]] for step in steps if not isinstance(step, DifferingPlace)]
    lefts = [first[i] for step in steps if isinstance(step, DifferingPlace) for i in step.left]
    rights = [second[j] for step in steps if isinstance(step, DifferingPlace) for j in step.right]
    order, open_positions = _order_beside(old, first, second, steps)
    held = set(old) & {*lefts, *rights}
    readings = _readings(
        [old[at] for at in open_positions if old[at] not in held], lefts, rights, common
    )
    left_out = {at for at in open_positions if old[at] in readings or old[at] in held}
    lasting = {piece.text for piece in split_lines(tuple(established))} | held
    open_at = {at for at in left_out if None in readings.get(old[at], ())}
    rest = [at for at in range(len(old)) if at not in left_out - open_at and old[at] not in held]
    gone = _gone_in_places(before, one, two, steps, rest)
    gone = {at: number for at, number in gone.items() if old[at] not in lasting}
    passing = _passing(before, one, two, steps, gone, readings, kinds)
    passed = {old[at] for at in passing}
    open_texts = {
        other
        for text, pair in readings.items()
        if None in pair and text not in passed
        for other in pair
    }
    no_noise = {*common, *held, *open_texts, *_similar(held, [*lefts, *rights])}
    proofs = [PageNoise(text, *pair) for text, pair in readings.items() if None not in pair]
    proofs += [
        noise for noise in _differing_noise(steps, first, second) if noise.text not in no_noise
    ]
    proofs += [PageNoise(old[at]) for at in sorted(passing)]
    return Differing(tuple(order), frozenset(left_out | passing), tuple(proofs))


def _steps(first: Sequence[str], second: Sequence[str]) -> list[CommonOrDiffering]:
    """The positions of each sentence that both have, and the gaps between those."""
    steps: list[CommonOrDiffering] = []
    for op, i1, i2, j1, j2 in align(list(first), list(second)):
        if op == "equal":
            steps += zip(range(i1, i2), range(j1, j2), strict=True)
        else:
            steps.append(DifferingPlace(range(i1, i2), range(j1, j2)))
    return steps


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


def _readings(
    texts: Sequence[str], lefts: list[str], rights: list[str], common: list[str]
) -> dict[str, Readings]:
    """What each response has instead of each of these old sentences, in much the same words.

    A sentence that resembles one of both responses more was edited: it has no readings.
    """
    readings: dict[str, Readings] = {}
    edited = sorted(set(common) - set(texts))
    for text in texts:
        left, right = _closest(text, lefts), _closest(text, rights)
        differing = [other for other in (left, right) if other is not None]
        if not differing or text in common:
            continue
        edit = _closest(text, edited)
        best = max(_likeness(text, other) for other in differing)
        if edit is None or _likeness(text, edit) < best:
            readings[text] = (left, right)
    return readings


def _gone_in_places(
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
    places = {number for number, _ in _numbered_places(steps)}
    staying = {piece.line for piece in before if piece.text in set(common)}
    whole = _places_of_whole_lines(one, two, steps)
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


def _passing(
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
    passing = {at for at in gone if _ticks(before[at].text, readings.get(before[at].text, ()))}
    for number, place in _numbered_places(steps):
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


def _ticks(text: str, readings: Iterable[str | None]) -> bool:
    """Whether a reading of a text differs from it in numbers only."""
    return any(fold_digits(other) == fold_digits(text) for other in readings if other)


def _numbered_places(steps: Sequence[CommonOrDiffering]) -> Iterator[tuple[int, DifferingPlace]]:
    """The places where the two responses differ, each after so many common sentences."""
    passed = 0
    for step in steps:
        if isinstance(step, DifferingPlace):
            yield passed, step
        else:
            passed += 1


def _places_of_whole_lines(
    one: Sequence[Piece], two: Sequence[Piece], steps: Sequence[CommonOrDiffering]
) -> set[int]:
    """The numbers of the places in which no sentence shares its line with a common one."""
    pairs = [step for step in steps if not isinstance(step, DifferingPlace)]
    ones, twos = {one[i].line for i, _ in pairs}, {two[j].line for _, j in pairs}
    return {
        number
        for number, place in _numbered_places(steps)
        if ones.isdisjoint(one[i].line for i in place.left)
        and twos.isdisjoint(two[j].line for j in place.right)
    }


def _differing_noise(
    steps: Sequence[CommonOrDiffering], first: Sequence[str], second: Sequence[str]
) -> Iterator[PageNoise]:
    """Each sentence that one response has in a gap, with what the other has in its place."""
    for step in steps:
        if not isinstance(step, DifferingPlace):
            continue
        left, right = [first[i] for i in step.left], [second[j] for j in step.right]
        for text in left:
            yield PageNoise(text, text, _counterpart(text, right))
        for text in right:
            if text not in left:
                yield PageNoise(text, _counterpart(text, left), text)


def _counterpart(text: str, others: list[str]) -> str | None:
    """The other reading of a text: the same with other numbers, else the first one there."""
    folded = fold_digits(text)
    first = others[0] if others else None
    return next((other for other in others if fold_digits(other) == folded), first)


def _similar(texts: Collection[str], candidates: list[str]) -> set[str]:
    """The candidates that are in much the same words as one of the texts."""
    return {other for other in candidates if _closest(other, list(texts)) is not None}


def _closest(text: str, candidates: list[str]) -> str | None:
    """The candidate most like `text`, if it may be another reading of it."""
    folded = fold_digits(text)
    alike = [other for other in candidates if fold_digits(other) == folded]
    if alike or len(candidates) > MAX_CANDIDATES:
        return alike[0] if alike else None
    best = max(candidates, key=lambda other: _likeness(text, other), default=None)
    return best if best is not None and _likeness(text, best) >= MIN_PARAGRAPH_SHARE else None


def _likeness(one: str, other: str) -> float:
    if fold_digits(one) == fold_digits(other):
        return 1.0
    if max(len(one), len(other)) > MAX_READING_CHARACTERS:
        return 0.0
    return similarity(tokens(one), tokens(other))
