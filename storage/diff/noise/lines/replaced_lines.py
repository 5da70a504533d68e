"""A short line replaced by an unrelated one: editors do this rarely, pages all the time.

An ad, a teaser or a reader count inside the text is a different one at the next check. So such a
replacement is pending. It becomes an edit if a later check finds the same text there, and page
noise if a later check finds a third text, or the old one again. Until then the article has neither
line: the old one is not served any more. Three changes of a label, a few words that are no
sentence, are pending, too: a label that came, one that went, and one in which only numbers changed.
They are usually a poll, a countdown or a list of dates, rarely a sub-heading. A line of the story itself
is an edit at once: it has a name or terms of the rest, as pitches and advertisements have not.

Apart from the prose (see `places/`) lines of any length are pending, whether they came, left, were
replaced, or have other numbers. The next check reads their box as well: if that was filled again,
all of it is page noise. Where lines were proven to change, and where one text apart took the place of
another, a line is pending until three checks found it.

Among the prose another number is an edit at once. If the same line has yet another one at the very next check, it may
be a counter: it is pending until two checks in a row find the same. It is never proven to be page noise for
that, since a toll rises, too.

A line that came, left or has other numbers is an edit at once if nothing else changed on the whole page.
A template that puts other lines into a page rarely puts only one, and an editor rarely anything else.
That proves nothing in a version that an edit has just made: else a lone counter would be logged at every check.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from scraper.article import Article
from storage.diff.align.words import align
from storage.diff.noise.exclusions import PARAGRAPH_BREAK, PageNoise, PendingLine
from storage.diff.noise.lines.decision import decide_line
from storage.diff.noise.lines.evidence import Evidence, changed_subjects
from storage.diff.noise.lines.labels import is_number_in_sentence
from storage.diff.noise.lines.replacements import Replacement, is_similar_line, replacements
from storage.diff.noise.places.boxes import BoxChanges, box_changes
from storage.diff.noise.places.links import lines_with_other_links
from storage.diff.noise.places.prose import MIN_KNOWN_SHARE, lines_apart
from storage.diff.text.visible import visible


@dataclass(frozen=True, slots=True)
class ReplacementResult:
    """Two versions without pending replacements and alternating lines.

    Comparing `old` with `article` gives the edits. `pending` are the lines held back: neither
    version has them or what they replaced. `page_noise` are lines that alternate.
    """

    old: Article
    article: Article
    pending: tuple[PendingLine, ...] = ()
    page_noise: tuple[PageNoise, ...] = ()


@dataclass(frozen=True, slots=True)
class HeldBack:
    """The lines of both versions that are in neither until later checks decide, and the proofs."""

    old: tuple[str, ...]
    new: tuple[str, ...]
    pending: tuple[PendingLine, ...] = ()
    page_noise: tuple[PageNoise, ...] = ()


def hold_back_replacements(old: Article, new: Article, evidence: Evidence) -> ReplacementResult:
    """Decide on every replaced line: an edit, page noise, or pending until a later check. Pure."""
    result = ReplacementResult(old, new)
    boxes = box_changes(old, new, evidence.pages)
    evidence = replace(evidence, subjects=changed_subjects(old, new, evidence.pages))
    for name, attribute in (("body", "paragraphs"), ("caption", "captions")):
        before, after = getattr(old, attribute), getattr(new, attribute)
        entries = tuple(entry for entry in evidence.pending if entry.field == name)
        of_field = replace(evidence, exclusions=replace(evidence.exclusions, pending=entries))
        apart = _apart(name, before, after, of_field)
        held_back = _hold_back(name, before, after, of_field, apart, boxes)
        old_lines: dict[str, Any] = {attribute: held_back.old}
        new_lines: dict[str, Any] = {attribute: held_back.new}
        result = ReplacementResult(
            replace(result.old, **old_lines),
            replace(result.article, **new_lines),
            result.pending + held_back.pending,
            result.page_noise + held_back.page_noise,
        )
    return result


def _apart(
    name: str, old: tuple[str, ...], new: tuple[str, ...], evidence: Evidence
) -> frozenset[str]:
    """The lines of a field that are apart from the prose, or were when they became pending."""
    pages, pending = evidence.pages, evidence.pending
    if pages is None or (old == new and not pending):
        return frozenset()
    before, after = _visible_lines(old), _visible_lines(new)
    olds, news = frozenset(before), frozenset(after)
    # What moved says nothing about its place: templates sort lists, too.
    shared = frozenset(
        line for op, i1, i2, _, _ in align(before, after) if op == "equal" for line in before[i1:i2]
    )
    least = MIN_KNOWN_SHARE if name == "body" else 0.0
    found = [
        lines_apart(lines, shared, page.places, least)
        for lines, page in zip((olds, news), pages[:2], strict=True)
    ]
    earlier = (entry.replaced_lines for entry in pending if entry.is_apart)
    cut = {
        line
        for line in news - olds - evidence.served
        if not any(is_similar_line(other, line) for other in olds - news)
    }
    return frozenset().union(*found, *earlier, cut)


def _exchanged_lines(
    old: tuple[str, ...], new: tuple[str, ...], evidence: Evidence
) -> frozenset[str]:
    """The lines that differ in a link only, and what resembles lines that are pending apart from the prose."""
    if evidence.pages is None or old == new:
        return frozenset()
    olds, news = set(_visible_lines(old)), set(_visible_lines(new))
    before, now, _ = evidence.pages
    held = {
        line
        for entry in evidence.pending
        if entry.is_apart
        for line in (*entry.lines, *entry.replaced_lines)
    }
    akin = {line for line in news - olds if any(is_similar_line(other, line) for other in held)}
    return lines_with_other_links(olds - news, news - olds, before, now) | held | akin


def _hold_back(
    name: str,
    old: tuple[str, ...],
    new: tuple[str, ...],
    evidence: Evidence,
    apart: frozenset[str],
    boxes: BoxChanges,
) -> HeldBack:
    """What is pending of one field, and what is proven page noise."""
    pending = evidence.pending
    old = _with_replaced_lines(old, pending)
    before, after = _visible_lines(old), _visible_lines(new)
    came = {line for entry in pending for line in entry.lines}
    noise = {
        line: entry.after
        for entry in pending
        if entry.text or came.isdisjoint(entry.replaced_lines)  # else its lines moved
        for line in _lines_back(entry, after)
    }
    newly_pending: list[PendingLine] = []
    left_out: tuple[set[int], set[int]] = (set(), set())
    exchanged = _exchanged_lines(old, new, evidence)
    refilled = boxes.refilled_lines(apart) | exchanged
    for replacement in replacements(before, after, apart | exchanged, refilled):
        line = boxes.with_box(_pending_line(name, replacement, before, after), pending)
        decision = decide_line(line, evidence, boxes)
        noise |= dict.fromkeys(decision.noise, line.after)
        if decision.pending:
            newly_pending.append(decision.pending)
            left_out[0].update(replacement.olds)
            left_out[1].update(replacement.news)
    return HeldBack(
        _without_lines(old, left_out[0], noise),
        _without_lines(new, left_out[1], noise),
        tuple(newly_pending),
        tuple(PageNoise(text, after=neighbour) for text, neighbour in noise.items()),
    )


def _pending_line(
    field: str, replacement: Replacement, before: list[str], after: list[str]
) -> PendingLine:
    return PendingLine(
        _text(after[j] for j in replacement.news),
        _text(before[i] for i in replacement.olds),
        after[replacement.start - 1] if replacement.start else "",
        field,
        is_apart=replacement.is_apart,
    )


def _visible_lines(lines: tuple[str, ...]) -> list[str]:
    return [visible(text) for text in lines]


def _text(lines: Iterable[str]) -> str:
    return PARAGRAPH_BREAK.join(lines)


def _without_lines(
    lines: tuple[str, ...], positions: set[int], texts: Collection[str]
) -> tuple[str, ...]:
    kept = (at for at, text in enumerate(lines) if at not in positions and visible(text) not in texts)  # fmt: skip
    return tuple(lines[at] for at in kept)


def _with_replaced_lines(old: tuple[str, ...], pending: Sequence[PendingLine]) -> tuple[str, ...]:
    """The old lines, with those that pending ones replaced in their place again.

    A version that was stored meanwhile has neither the pending lines nor these.
    """
    for entry in pending:
        lines = _visible_lines(old)
        replaced = entry.replaced_lines
        if not replaced or replaced[0] in lines or (entry.after and entry.after not in lines):
            continue
        at = lines.index(entry.after) + 1 if entry.after else 0
        old = (*old[:at], *replaced, *old[at:])
    return old


def _lines_back(entry: PendingLine, after: list[str]) -> list[str]:
    """All lines of a pending replacement that went as it came: the old lines are back."""
    olds, news = entry.replaced_lines, entry.lines
    if not entry.is_apart and is_number_in_sentence(entry):
        return []
    lines = set(after)
    is_back = (olds or entry.is_apart) and lines.issuperset(olds) and lines.isdisjoint(news)
    return olds + news if is_back else []
