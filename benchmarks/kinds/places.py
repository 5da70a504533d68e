"""Where a logged edit is in the two texts.

A logged edit has words, no offsets, and its white space is folded. So places are looked for in a
*compact* text: without white space and invisible characters.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice, starmap, takewhile
from operator import eq

from benchmarks.kinds.labels import Interval, LabelledPair, Spans
from storage.diff.edit import Edit

MAX_NEIGHBOURS = 12  # characters on each side that tell one place from another


@dataclass(frozen=True, slots=True)
class Compact:
    """A text without white space and invisible characters; `counts[i]` of them are before character i."""

    text: str
    counts: tuple[int, ...]

    def interval(self, interval: Interval) -> Interval:
        """The place in the compact text of a place in the whole one."""
        return interval and (self.counts[interval[0]], self.counts[interval[1]])


def compact(text: str) -> Compact:
    """The compact form of a text.

    >>> compact("12 km").text, compact("12 km").interval((3, 5))
    ('12km', (2, 4))
    """
    kept, counts = [], [0]
    for character in text:
        if _is_shown(character):
            kept.append(character)
        counts.append(len(kept))
    return Compact("".join(kept), tuple(counts))


def _is_shown(character: str) -> bool:
    return not (
        character.isspace()
        or unicodedata.category(character) == "Cf"
        or "\ufe00" <= character <= "\ufe0f"
    )


def possible_places(edit: Edit, old: Compact, new: Compact) -> list[Spans]:
    """Every place in the compact texts where the edit may be, the likeliest first.

    The context of an edit tells where `new` is; `old` is likeliest between the same neighbours.
    """
    gaps = _gaps(edit, new)
    places = [
        (_same_neighbours(old.text, before, new.text, gap), before, after)
        for before in _occurrences(old.text, edit.old)
        for gap, after in gaps
    ]
    return [(before, after) for _, before, after in sorted(places, key=lambda place: -place[0])]


def _gaps(edit: Edit, new: Compact) -> Sequence[tuple[Interval, Interval]]:
    """Where `new` may be, each with the place in the new text that the edit filled or left empty."""
    length = len(compact(edit.new or "").text)
    begin = len(compact(edit.context[: edit.at]).text)
    in_context = [
        (sentence[0] + begin, sentence[0] + begin + length)
        for sentence in _occurrences(new.text, edit.context)
        if sentence
    ]
    places = _occurrences(new.text, edit.new)
    if not edit.new:
        return [(gap, None) for gap in in_context] or [(None, None)]
    return [(place, place) for place in in_context if place in places] or [
        (place, place) for place in places
    ]


def _same_neighbours(old: str, before: Interval, new: str, after: Interval) -> int:
    """How many characters beside two places are the same, up to a limit."""
    if not before or not after:
        return 0
    left = zip(old[: before[0]][::-1], new[: after[0]][::-1], strict=False)
    right = zip(old[before[1] :], new[after[1] :], strict=False)
    return sum(
        len(list(takewhile(bool, starmap(eq, islice(side, MAX_NEIGHBOURS)))))
        for side in (left, right)
    )


def _occurrences(text: str, words: str | None) -> list[Interval]:
    """Where the words are in a compact text; one empty place if there are none."""
    sought = compact(words or "").text
    if not sought:
        return [None]
    places: list[Interval] = []
    begin = text.find(sought)
    while begin >= 0:
        places.append((begin, begin + len(sought)))
        begin = text.find(sought, begin + 1)
    return places


def compact_spans(spans: Spans, pair: tuple[Compact, Compact]) -> Spans:
    """A label's places in the compact texts."""
    return pair[0].interval(spans[0]), pair[1].interval(spans[1])


def compact_texts(pair: LabelledPair) -> tuple[Compact, Compact]:
    """Both texts of a pair, compact."""
    return compact(pair.old), compact(pair.new)
