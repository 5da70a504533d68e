"""A line whose change is the only one of its page: it came, left, moved, or has other numbers.

A template that puts other lines into a page changes several of them: teasers, forecasts, counters. An
editor changes one text. So the pages around a changed line tell the two apart.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Protocol

from rapidfuzz.distance import Postfix, Prefix

from storage.diff.noise.exclusions import PendingLine
from storage.diff.text.visible import fold_digits


class HasLines(Protocol):
    """A page that knows how often it shows each line, as a reader sees it, in order."""

    @property
    def lines(self) -> Mapping[str, int]:
        """How often the page shows each line."""


def is_lone_change(line: PendingLine, before: HasLines, now: HasLines) -> bool:
    """Whether nothing else changed on the page of a line that came, left or has other numbers. Pure.

    Beside a line that came or left, numbers may differ: a time of modification moves with an edit.
    Beside other numbers nothing may, but the same text may stand in several lines. A line that was
    replaced by an unrelated one is never alone: two texts changed.
    """
    left, came = Counter(before.lines), Counter(now.lines)
    left, came = left - came, came - left
    if not (line.text and line.instead_of):
        return len(_folded(left) ^ _folded(came)) <= 1
    if fold_digits(line.text) != fold_digits(line.instead_of) or len(left) != len(came):
        return False
    return len({_differing(one, other) for one, other in zip(left, came, strict=True)}) <= 1


def is_lone_loss(before: HasLines, now: HasLines) -> bool:
    """Whether one line left a page, and nothing else changed but numbers. Pure."""
    left, came = Counter(before.lines), Counter(now.lines)
    gone, new = _folded(left - came), _folded(came - left)
    return len(gone - new) == 1 and not new - gone


def lone_moves(before: HasLines, now: HasLines) -> frozenset[str]:
    """The lines of which one was moved, and nothing else on the page changed. Pure.

    If two neighbours changed places, both moved.
    """
    if before.lines != now.lines:
        return frozenset()
    olds, news = list(before.lines), list(now.lines)
    first = next((pair for pair in zip(olds, news, strict=True) if pair[0] != pair[1]), ())
    return frozenset(line for line in first if _without(line, olds) == _without(line, news))


def _without(line: str, lines: list[str]) -> list[str]:
    return [other for other in lines if other != line]


def _folded(lines: Mapping[str, int]) -> set[str]:
    return set(map(fold_digits, lines))


def _differing(one: str, other: str) -> tuple[str, str]:
    """The parts of two texts between what they begin and end with alike.

    >>> _differing("May 3, 2026", "May 3, 2027")
    ('6', '7')
    """
    start = Prefix.similarity(one, other)
    one, other = one[start:], other[start:]
    end = Postfix.similarity(one, other)
    return one[: len(one) - end], other[: len(other) - end]
