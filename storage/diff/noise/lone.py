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

# So many lines side by side are one change: a picture with its caption, credit and source.
MAX_RUN_LINES = 3


class HasLines(Protocol):
    """A page that knows how often it shows each line, as a reader sees it, in order."""

    @property
    def lines(self) -> Mapping[str, int]:
        """How often the page shows each line."""


def is_lone_change(line: PendingLine, before: HasLines, now: HasLines) -> bool:
    """Whether nothing else changed on the page of a line that came, left or has other numbers. Pure.

    A line may come or leave with its neighbours: a caption has a credit. Beside it numbers may differ: a
    time of modification moves with an edit. Beside other numbers nothing may, but the same text may stand
    in several lines. A line that was replaced by an unrelated one is never alone: two texts changed.
    """
    left, came = _left_and_came(before, now)
    if not (line.text and line.instead_of):
        gone, new = _without_folded(left, came), _without_folded(came, left)
        return not (gone and new) and _is_one_run(gone, before) and _is_one_run(new, now)
    if fold_digits(line.text) != fold_digits(line.instead_of) or len(left) != len(came):
        return False
    return len({_differing(one, other) for one, other in zip(left, came, strict=True)}) <= 1


def is_lone_loss(before: HasLines, now: HasLines) -> bool:
    """Whether one line left a page, and nothing else changed but numbers. Pure."""
    left, came = _left_and_came(before, now)
    return len(_without_folded(left, came)) == 1 and not _without_folded(came, left)


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


def _left_and_came(before: HasLines, now: HasLines) -> tuple[Counter[str], Counter[str]]:
    one, other = Counter(before.lines), Counter(now.lines)
    return one - other, other - one


def _without_folded(lines: Counter[str], others: Counter[str]) -> list[str]:
    """The lines that differ from all others in more than numbers."""
    folded = set(map(fold_digits, others))
    return [line for line in lines if fold_digits(line) not in folded]


def _is_one_run(lines: list[str], page: HasLines) -> bool:
    """Whether these lines, in the order of their page, are few and side by side."""
    if not lines:
        return True
    places = list(page.lines)
    return len(lines) <= MAX_RUN_LINES and (
        places.index(lines[-1]) - places.index(lines[0]) == len(lines) - 1
    )


def _differing(one: str, other: str) -> tuple[str, str]:
    """The parts of two texts between what they begin and end with alike.

    >>> _differing("May 3, 2026", "May 3, 2027")
    ('6', '7')
    """
    start = Prefix.similarity(one, other)
    one, other = one[start:], other[start:]
    end = Postfix.similarity(one, other)
    return one[: len(one) - end], other[: len(other) - end]
