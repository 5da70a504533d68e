"""Boxes: what a page shows in one kind of element in one place.

Extraction takes some lines of a box for text, and others of them at the next check. So whether an article
has a line says little about the box. Its reading, which is all of its lines, says whether the template
fills it with another text at each check.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from rapidfuzz.distance import LCSseq

from scraper.article import Article
from storage.diff.noise.exclusions import PendingLine
from storage.diff.noise.lone import HasLines
from storage.diff.noise.pieces import text_lines
from storage.diff.noise.places.links import HasLinks
from storage.diff.noise.places.prose import HasPlaces, prose_places

# Two lines of one box have at most so many lines of other elements between them.
MAX_LINES_BETWEEN = 3


class HasLinesAndPlaces(HasLines, HasPlaces, HasLinks, Protocol):
    """A page that knows its lines, the place of each, and its links."""


# The pages of the old version, of the first response and of the second.
Pages = tuple[HasLinesAndPlaces, HasLinesAndPlaces, HasLinesAndPlaces]


@dataclass(frozen=True, slots=True)
class BoxKey:
    """Where a box is: after which paragraph, in which kind of element, and its number among those."""

    anchor: str
    place: str
    number: int


@dataclass(frozen=True, slots=True)
class Boxes:
    """The boxes of a page: the reading of each, and where each line is first."""

    readings: Mapping[BoxKey, tuple[str, ...]]
    keys: Mapping[str, BoxKey]

    def key(self, line: str) -> BoxKey | None:
        """Where a line is, or the one that holds it: page noise was taken out of it."""
        if line in self.keys:
            return self.keys[line]
        return next((key for text, key in self.keys.items() if line in text), None)

    def reading(self, key: BoxKey) -> tuple[str, ...]:
        """The lines of a box; none if the page has no such box."""
        return self.readings.get(key, ())


NO_BOXES = Boxes({}, {})


def read_boxes(page: HasPlaces, anchors: Collection[str]) -> Boxes:
    """The boxes of a page between the paragraphs `anchors`."""
    readings: dict[BoxKey, tuple[str, ...]] = {}
    keys: dict[str, BoxKey] = {}
    anchor, last = "", dict[str, tuple[BoxKey, int]]()
    for at, (line, place) in enumerate(page.placed_lines):
        if line in anchors:
            anchor, last = line, {}
            continue
        key, earlier = last.get(place, (BoxKey(anchor, place, 0), at))
        if at - earlier > MAX_LINES_BETWEEN + 1:
            key = BoxKey(anchor, place, key.number + 1)
        last[place] = key, at
        readings[key] = (*readings.get(key, ()), line)
        keys.setdefault(line, key)
    return Boxes(readings, keys)


def is_refilled(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two readings of a box have less than half of their lines in common, in the same order.

    Two tables of results share many figures, but not in their places.

    >>> is_refilled(["Sunny"], ["Rain"]), is_refilled(["A", "B"], ["A", "C"])
    (True, False)
    >>> is_refilled(["Ayr", "1", "0", "Stirling", "2"], ["Stirling", "2", "1", "Ayr", "0"])
    True
    """
    return 2 * LCSseq.similarity(one, other) < max(len(one), len(other))


@dataclass(frozen=True, slots=True)
class BoxChanges:
    """The boxes of the page of the old version and of both responses, and the lines of both versions."""

    old: Boxes = NO_BOXES
    new: Boxes = NO_BOXES
    second: Boxes = NO_BOXES
    old_lines: frozenset[str] = frozenset()
    new_lines: frozenset[str] = frozenset()

    def with_box(self, line: PendingLine, pending: Iterable[PendingLine]) -> PendingLine:
        """A line apart with its box as this check read it.

        The old page may lack lines that were pending already: those are where they were at the check before.
        """
        key = self._key(line) if line.is_apart else None
        if key is not None:
            return replace(line, box=_box(key), reading=self._hashes(key))
        earlier = (entry.box for entry in pending if entry.instead_of == line.instead_of)
        box = next(earlier, "") if line.is_apart and not line.text else ""
        same = next((key for key in self.new.readings if box and _box(key) == box), None)
        return replace(line, box=box, reading=self._hashes(same) if same else ())

    def _hashes(self, key: BoxKey) -> tuple[str, ...]:
        return tuple(map(_hash, self.new.reading(key)))

    def refilled_lines(self, apart: Collection[str]) -> frozenset[str]:
        """The lines of boxes of several lines, some of them `apart`, that hold mostly others now."""
        keys = {
            key
            for boxes in (self.old, self.new)
            for line, key in boxes.keys.items()
            if line in apart
        }
        pairs = [(self.old.reading(key), self.new.reading(key)) for key in keys]
        return frozenset(
            line
            for before, now in pairs
            if max(len(before), len(now)) > 1 and is_refilled(before, now)
            for line in (*before, *now)
        )

    def is_filled_by_noise(self, line: PendingLine, volatile: Collection[str]) -> bool:
        """Whether the page shows a text that is none of the article in place of lines that came or left.

        Among the paragraphs that text must be proven page noise, or differ between the responses.
        """
        key = self._key(line)
        if key is None or bool(line.text) == bool(line.instead_of):
            return False
        before, now = self.old.reading(key), self.new.reading(key)
        gone = [text for text in before if text not in self.old_lines and text not in self.new.keys]
        come = [text for text in now if text not in self.new_lines and text not in self.old.keys]
        gone = [text for text in gone if not any(part in text for part in line.replaced_lines)]
        come = [text for text in come if not any(part in text for part in line.lines)]
        if line.text:
            return len(gone) > len(come) and (
                line.is_apart or all(map(volatile.__contains__, gone))
            )
        return len(come) > len(gone) and (
            line.is_apart
            or all(map(volatile.__contains__, come))
            or self.second.keys.keys().isdisjoint(come)
        )

    def _key(self, line: PendingLine) -> BoxKey | None:
        if line.text:
            return self.new.key(line.lines[0])
        return self.old.key(line.replaced_lines[0])


def box_changes(old: Article, new: Article, pages: Pages | None) -> BoxChanges:
    """The boxes of these pages between the paragraphs that both versions have."""
    if pages is None:
        return BoxChanges()
    old_lines, new_lines = text_lines(old), text_lines(new)
    shared = old_lines & new_lines
    places = pages[0].places
    prose = prose_places(old_lines, shared, places)
    anchors = frozenset(line for line in shared if places.get(line) in prose)
    before, now, second = (read_boxes(page, anchors) for page in pages)
    return BoxChanges(before, now, second, old_lines, new_lines)


def _box(key: BoxKey) -> str:
    return _hash(f"{key.anchor}\n{key.place}\n{key.number}")


def _hash(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()
