"""Other readings of a sentence: much the same words, or the same with another number."""

from collections.abc import Collection, Iterable, Sequence

from storage.diff.align.similarity import MIN_PARAGRAPH_SHARE, similarity
from storage.diff.text.tokens import tokens
from storage.diff.text.visible import fold_digits

# A sentence is compared with at most this many others, beside those that differ from it in numbers only.
MAX_CANDIDATES = 20
# A longer sentence is similar only to itself.
MAX_READING_CHARACTERS = 6_000

# What each of two responses has of a sentence.
Readings = tuple[str | None, str | None]


def readings_in(
    texts: Sequence[str], lefts: list[str], rights: list[str], common: list[str]
) -> dict[str, Readings]:
    """What each response has instead of each of these old sentences, in much the same words.

    A sentence that resembles one of both responses more was edited: it has no readings.
    """
    readings: dict[str, Readings] = {}
    edited = sorted(set(common) - set(texts))
    for text in texts:
        left, right = closest(text, lefts), closest(text, rights)
        differing = [other for other in (left, right) if other is not None]
        if not differing or text in common:
            continue
        edit = closest(text, edited)
        best = max(_likeness(text, other) for other in differing)
        if edit is None or _likeness(text, edit) < best:
            readings[text] = (left, right)
    return readings


def ticks(text: str, readings: Iterable[str | None]) -> bool:
    """Whether a reading of a text differs from it in numbers only."""
    return any(fold_digits(other) == fold_digits(text) for other in readings if other)


def counterpart(text: str, others: list[str]) -> str | None:
    """The other reading of a text: the same with other numbers, else the first one there."""
    folded = fold_digits(text)
    first = others[0] if others else None
    return next((other for other in others if fold_digits(other) == folded), first)


def similar(texts: Collection[str], candidates: list[str]) -> set[str]:
    """The candidates that are in much the same words as one of the texts."""
    return {other for other in candidates if closest(other, list(texts)) is not None}


def closest(text: str, candidates: list[str]) -> str | None:
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
