"""Sentences in which two responses differ, though that may be an edit made between them.

A toll that is edited twice within seconds differs as a counter does, and so does a sentence of the article
that is rewritten twice. Whoever wants to hide an edit can let both flap. So one check proves no page noise
if both have a text, each with another number, or if both responses have other readings of a sentence that
more than one check saw. They are *pending*: no version has any of them. If the two responses of the
next check agree, what they show is an edit. If they differ again, it is page noise. So is a sentence that only
one check saw and that is gone: it filled a place for a while.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from scraper.article import Article
from storage.diff.noise.exclusions import Exclusions, PageNoise, PendingLine
from storage.diff.noise.pieces import Piece, joined_lines, split_lines
from storage.diff.text.visible import fold_digits, visible

LINE_FIELDS = (("body", "paragraphs"), ("caption", "captions"))


@dataclass(frozen=True, slots=True)
class Settled:
    """What the differences between two responses prove, and what waits for the next check."""

    page_noise: tuple[PageNoise, ...]
    pending: tuple[PendingLine, ...]


def settle_readings(
    old: Article,
    page_noise: Sequence[PageNoise],
    exclusions: Exclusions,
    *,
    established: Iterable[str],
) -> Settled:
    """Which of the texts that differ between two responses are page noise, and which are pending. Pure.

    More than one check saw the `established` lines of the old version.
    """
    if not page_noise:
        return Settled((), ())
    earlier = exclusions.pending_readings
    settled = {fold_digits(text) for entry in earlier for text in entry.readings}
    settled.update(map(fold_digits, exclusions.volatile))
    lasting = {piece.text for piece in split_lines(tuple(established))}
    groups = [
        group
        for group in (*_numbers(page_noise), *_rewritten(page_noise, lasting))
        if not any(fold_digits(one.text) in settled for one in group)
    ]
    pending = tuple(entry for group in groups for entry in _entries(group, old, lasting))
    waiting = {text for entry in pending for text in entry.readings}
    proven = tuple(one for one in page_noise if one.text not in waiting)
    differing = {fold_digits(one.text) for one in proven}
    again = (
        entry for entry in earlier if not differing.isdisjoint(map(fold_digits, entry.readings))
    )
    return Settled((*proven, *_noise(again, {one.text for one in proven})), pending)


def vanished_readings(
    entries: Iterable[PendingLine], responses: Iterable[Article]
) -> tuple[PageNoise, ...]:
    """The old sentences that were pending and are gone, whatever their numbers, if only one check saw them. Pure."""
    shown = {fold_digits(piece.text) for one in responses for piece in _sentences(one)}
    return tuple(
        PageNoise(one.instead_of, one.other_reading, one.text)
        for one in entries
        if one.instead_of and not one.is_established and fold_digits(one.instead_of) not in shown
    )


def _sentences(article: Article) -> list[Piece]:
    return [piece for _, name in LINE_FIELDS for piece in split_lines(getattr(article, name))]


def _numbers(page_noise: Sequence[PageNoise]) -> Iterator[list[PageNoise]]:
    """The texts that both responses have, each with another number, and all that differ from them in numbers only."""
    groups = defaultdict[str, list[PageNoise]](list)
    for noise in page_noise:
        groups[fold_digits(noise.text)].append(noise)
    return (group for group in groups.values() if any(map(_has_two_numbers, group)))


def _has_two_numbers(noise: PageNoise) -> bool:
    """Whether both responses have a text, each with another number."""
    readings = (noise.first, noise.second)
    return None not in readings and len({fold_digits(one or "") for one in readings}) == 1


def _rewritten(page_noise: Sequence[PageNoise], lasting: set[str]) -> Iterator[list[PageNoise]]:
    """The established sentences of which both responses have other readings, each with those."""
    for noise in page_noise:
        readings = (noise.first, noise.second)
        if noise.text in lasting and None not in readings and noise.text not in readings:
            yield [one for one in page_noise if one is noise or one.text in readings]


def _entries(group: Sequence[PageNoise], old: Article, lasting: set[str]) -> Iterator[PendingLine]:
    """The pending entries of texts that belong together: one for each old sentence, and one for each further text."""
    texts = list(dict.fromkeys(noise.text for noise in group))
    pairs = ((one.first, one.second) for one in group if one.first and one.second)
    first, second = next(pairs)
    places = {text: place for text in texts if (place := _place_of(text, old))}
    for text, (field, after, line) in places.items():
        yield PendingLine(
            second, text, after, field,
            other_reading=first, old_line=line, is_established=text in lasting,
        )  # fmt: skip
    others = [text for text in texts if text not in places and text not in (first, second)]
    for text in others if places else (second, *others):
        yield PendingLine(text, other_reading=first)


def _place_of(text: str, old: Article) -> tuple[str, str, str] | None:
    """The field that has a sentence, the line before it and the line that holds it; None if none has it."""
    for field, attribute in LINE_FIELDS:
        before = ""
        for line in map(visible, getattr(old, attribute)):
            if any(piece.text == text for piece in split_lines((line,))):
                return field, before, line
            before = line
    return None


def _noise(entries: Iterable[PendingLine], proven: set[str]) -> Iterator[PageNoise]:
    """The readings of an earlier check, which this one proves to be page noise."""
    for entry in entries:
        for text in entry.readings:
            if text not in proven:
                yield PageNoise(text, entry.other_reading, entry.text)


def with_pending_readings(old: Article, new: Article, pending: Sequence[PendingLine]) -> Article:
    """The old version with the sentences that were left out of it because they are pending, where the new one has them.

    So a later check compares what it sees with what was there before, though a version was stored meanwhile. Pure.
    """
    for field, attribute in LINE_FIELDS:
        lines, shown = getattr(old, attribute), list(map(visible, getattr(new, attribute)))
        for old_line in dict.fromkeys(one.old_line for one in pending if one.field == field):
            entries = [one for one in pending if one.old_line == old_line]
            lines = _with_line(lines, entries, *_old_line(entries, shown)) if old_line else lines
        values: dict[str, Any] = {attribute: lines}
        old = replace(old, **values) if lines != getattr(old, attribute) else old
    return old


def _old_line(entries: Sequence[PendingLine], new: Sequence[str]) -> tuple[str, str]:
    """A line of the new version with the old sentences in place of their readings, and the line before it.

    If the new version has none of the readings, it is the line as it was.
    """
    readings = {fold_digits(text): one.instead_of for one in entries for text in one.readings}
    for before, line in pairwise(("", *new)):
        found = [
            piece.text for piece in split_lines((line,)) if fold_digits(piece.text) in readings
        ]
        for text in found:
            line = line.replace(text, readings[fold_digits(text)])
        if found:
            return line, before
    return entries[0].old_line, entries[0].after


def _with_line(
    lines: tuple[str, ...], entries: Sequence[PendingLine], old_line: str, before: str
) -> tuple[str, ...]:
    """The lines with one that lacks pending sentences as it was; they stay if no line is like the rest of it."""
    shown = list(map(visible, lines))
    if old_line in shown:
        return lines
    left_out = {entry.instead_of for entry in entries}
    kept = [piece for piece in split_lines((old_line,)) if piece.text not in left_out]
    rest = list(joined_lines(kept, (old_line,)))
    if rest:
        starts = range(len(shown) - len(rest) + 1)
        at = next((at for at in starts if shown[at : at + len(rest)] == rest), None)
    else:
        places = {line: at for at, line in enumerate(("", *shown))}
        at = places.get(before)
    return lines if at is None else (*lines[:at], old_line, *lines[at + len(rest) :])
