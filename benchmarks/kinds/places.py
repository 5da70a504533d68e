"""Where a logged edit is in the two texts.

A logged edit has words, no offsets, and its white space is folded. So places are looked for in a
*compact* text: without white space and invisible characters.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from benchmarks.kinds.labels import Interval, LabelledPair, Spans
from storage.diff.edit import Edit


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


def possible_places(edit: Edit, old: Compact, new: Compact) -> Iterator[Spans]:
    """Every place in the compact texts where the edit may be; its context tells where `new` is."""
    news = _new_places(edit, new)
    for before in _occurrences(old.text, edit.old):
        for after in news:
            yield before, after


def _new_places(edit: Edit, new: Compact) -> Sequence[Interval]:
    anywhere = _occurrences(new.text, edit.new)
    if not edit.new or not edit.context:
        return anywhere
    begin = len(compact(edit.context[: edit.at]).text)
    sentences = _occurrences(new.text, edit.context)
    in_context = [
        place
        for sentence in sentences
        for place in anywhere
        if place and sentence and place[0] == sentence[0] + begin
    ]
    return in_context or anywhere


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
