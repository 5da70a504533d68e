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

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from typing import Any

from scraper.article import Article
from scraper.patterns import lazy_pattern
from storage.diff.noise.exclusions import PARAGRAPH_BREAK, Exclusions, PageNoise, PendingLine
from storage.diff.noise.lone import is_lone_change
from storage.diff.noise.places.boxes import BoxChanges, Pages, box_changes, is_refilled
from storage.diff.noise.places.links import lines_with_other_links
from storage.diff.noise.places.prose import MIN_KNOWN_SHARE, lines_apart
from storage.diff.noise.replacements import (
    Replacement,
    has_other_numbers,
    is_similar_line,
    replacements,
)
from storage.diff.text.tokens import tokens
from storage.diff.text.topics import Subjects, subjects
from storage.diff.text.visible import visible

# A line of more tokens, or one that ends like a sentence, is no label.
MAX_LABEL_TOKENS = 8
SENTENCE_ENDINGS = tuple('.!?…。！？؟।"”’»」』)')

LETTER = lazy_pattern(r"[^\W\d_]")

# A paragraph of more tokens than this is never held back (chosen by the benchmark `noise`), one that is
# foreign to the story up to two such sentences.
MAX_LINE_TOKENS = 16
MAX_PITCH_TOKENS = 2 * MAX_LINE_TOKENS

# A line in a doubtful place is an edit once so many checks found it.
MIN_CHECKS_IN_DOUBTFUL_PLACE = 3


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


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of an article when its replaced lines are decided on.

    `exclusions` holds what the previous check held back, and what was proven. More than one check saw the
    `established` lines: such a line does not pass by, and its replacement counts at once. If the old text
    was `just_edited`, the check before logged it. `pages` are those of the old version and of both
    responses, and `served` the lines of the article in both: of any other line a part was left out.
    `has_new_stamp` says that the page's own time of modification moved forward, and `subjects` what the
    changed lines are about.
    """

    exclusions: Exclusions = field(default_factory=Exclusions)
    established: frozenset[str] = frozenset()
    just_edited: bool = False
    pages: Pages | None = None
    served: frozenset[str] = frozenset()
    has_new_stamp: bool = False
    subjects: Subjects = field(default_factory=Subjects)

    @property
    def pending(self) -> tuple[PendingLine, ...]:
        """The lines that the previous check held back."""
        return self.exclusions.pending_lines


def hold_back_replacements(old: Article, new: Article, evidence: Evidence) -> ReplacementResult:
    """Decide on every replaced line: an edit, page noise, or pending until a later check. Pure."""
    result = ReplacementResult(old, new)
    boxes = box_changes(old, new, evidence.pages)
    evidence = replace(evidence, subjects=_subjects(old, new, evidence.pages))
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


def hold_back_lines(
    old: Article, new: Article, doubtful: Mapping[str, str | None]
) -> tuple[Article, Article, tuple[PendingLine, ...]]:
    """Both versions without the doubtful lines of their bodies and captions, which are pending.

    They came or left; a line that both versions have stays. `doubtful` maps a line to that of the other
    version of which it is another reading.
    """
    pending: list[PendingLine] = []
    for name, attribute in (("body", "paragraphs"), ("caption", "captions")):
        before, after = getattr(old, attribute), getattr(new, attribute)
        olds, news = set(map(visible, before)), set(map(visible, after))
        left, came = doubtful.keys() & (olds - news), doubtful.keys() & (news - olds)
        readings = {line: doubtful[line] for line in came if doubtful[line] in left}
        pending += [
            PendingLine(line, readings.get(line) or "", place, name)
            for line, place in _with_places(after, came)
        ]
        pending += [
            PendingLine("", line, place, name)
            for line, place in _with_places(before, left - set(readings.values()))
        ]
        kept_old: dict[str, Any] = {attribute: tuple(x for x in before if visible(x) not in left)}
        kept_new: dict[str, Any] = {attribute: tuple(x for x in after if visible(x) not in came)}
        old, new = replace(old, **kept_old), replace(new, **kept_new)
    return old, new, tuple(pending)


def _with_places(lines: tuple[str, ...], held: Set[str]) -> Iterator[tuple[str, str]]:
    """The lines that are held back, each with the last line before it that is not."""
    place = ""
    for line in map(visible, lines):
        if line in held:
            yield line, place
        else:
            place = line


def _apart(
    name: str, old: tuple[str, ...], new: tuple[str, ...], evidence: Evidence
) -> frozenset[str]:
    """The lines of a field that are apart from the prose, or were when they became pending."""
    pages, pending = evidence.pages, evidence.pending
    if pages is None or (old == new and not pending):
        return frozenset()
    olds, news = frozenset(_visible_lines(old)), frozenset(_visible_lines(new))
    shared = olds & news
    least = MIN_KNOWN_SHARE if name == "body" else 0.0
    found = [
        lines_apart(lines, shared, page.places, least)
        for lines, page in zip((olds, news), pages[:2], strict=True)
    ]
    earlier = (entry.replaced_lines for entry in pending if entry.is_apart)
    cut = {
        line
        for line in news - shared - evidence.served
        if not any(is_similar_line(other, line) for other in olds - shared)
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
    noise = {line: entry.after for entry in pending for line in _lines_back(entry, after)}
    newly_pending: list[PendingLine] = []
    left_out: tuple[set[int], set[int]] = (set(), set())
    exchanged = _exchanged_lines(old, new, evidence)
    refilled = boxes.refilled_lines(apart) | exchanged
    for replacement in replacements(before, after, apart | exchanged, refilled):
        line = boxes.with_box(_pending_line(name, replacement, before, after), pending)
        decision = _decide(line, evidence, boxes)
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


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of replaced lines: pending, page noise, or an edit if neither is given."""

    pending: PendingLine | None = None
    noise: Sequence[str] = ()


def _decide(line: PendingLine, evidence: Evidence, boxes: BoxChanges) -> Decision:
    """Whether lines that came, left or were replaced are an edit, by this check and those before."""
    if boxes.is_filled_by_noise(line, evidence.exclusions.volatile):
        return Decision(noise=(*line.replaced_lines, *line.lines))
    if not (
        line.is_apart
        or all(_may_wait(text, evidence) for text in (*line.lines, *line.replaced_lines))
    ):
        return Decision()
    is_proven_place = line.after in evidence.exclusions.volatile_after
    same = next((entry for entry in evidence.pending if _is_same(line, entry)), None)
    if _is_counting(line, evidence):
        return Decision(None if same or evidence.has_new_stamp else line)
    is_refilled = same is not None and _is_refilled_since(line, same)
    if same is not None and (line.text or not is_refilled):
        line = replace(line, checks=same.checks + 1)
        is_doubtful = is_proven_place or is_refilled or _is_replaced_whole(line)
        waits = is_doubtful and line.checks < MIN_CHECKS_IN_DOUBTFUL_PLACE
        return Decision(line if waits else None)
    earlier = [entry for entry in evidence.pending if _is_in_place(line, entry)]
    if earlier:
        return Decision(noise=_alternating_lines(line, earlier))
    may_pass = (line.is_apart and _is_unsettled(line)) or _is_transient(line, evidence.established)
    may_pass = may_pass and not _is_own_sentence(line, evidence)
    waits = is_proven_place or (may_pass and not _is_alone(line, evidence))
    return Decision(line if waits else None)


def _is_counting(line: PendingLine, evidence: Evidence) -> bool:
    """Whether a line among the prose has other numbers now, and had others again before the last edit.

    The check before may have held it back for that, while it logged other edits.
    """
    if line.is_apart or not has_other_numbers(line.instead_of, line.text):
        return False
    if any(
        _is_in_place(line, entry) and _is_number_in_sentence(entry) for entry in evidence.pending
    ):
        return True
    return line.instead_of not in evidence.established and any(
        has_other_numbers(line.instead_of, text) for text in evidence.established
    )


def _subjects(old: Article, new: Article, pages: Pages | None) -> Subjects:
    """What the lines are about that left the body or came into it."""
    olds, news = _visible_lines(old.paragraphs), _visible_lines(new.paragraphs)
    changed = set(olds) ^ set(news)
    if not changed or pages is None:
        return Subjects()
    own = [line for line in olds if line not in changed]
    return subjects(old.headline, own, changed, links=pages[0].links)


def _may_wait(line: str, evidence: Evidence) -> bool:
    """Whether a line among the paragraphs may be held back."""
    length = len(tokens(line))
    is_foreign = line in evidence.subjects.foreign
    return length <= MAX_LINE_TOKENS or (is_foreign and length <= MAX_PITCH_TOKENS)


def _is_own_sentence(line: PendingLine, evidence: Evidence) -> bool:
    """Whether a sentence of the story itself was replaced: pitches, links and counters are foreign to it.

    Apart from the prose that counts for a number in a sentence that two checks saw.
    """
    if not (
        line.text and line.instead_of and evidence.subjects.topical.issuperset(line.replaced_lines)
    ):
        return False
    if line.is_apart:
        return _is_number_in_sentence(line) and evidence.established.issuperset(line.replaced_lines)
    return not any(map(_is_label, line.replaced_lines))


def _is_alone(line: PendingLine, evidence: Evidence) -> bool:
    if evidence.pages is None or evidence.just_edited or not evidence.served.issuperset(line.lines):
        return False
    before, now, _ = evidence.pages
    return is_lone_change(line, before, now)


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


def _is_in_place(line: PendingLine, entry: PendingLine) -> bool:
    """Whether a pending line replaced the same as this one, or is apart from the prose in its place."""
    if line.instead_of and entry.instead_of == line.instead_of:
        return True
    if line.box and line.box == entry.box:
        return _is_refilled_since(line, entry)
    return line.is_apart and entry.is_apart and line.after == entry.after


def _is_replaced_whole(line: PendingLine) -> bool:
    """Whether a text apart from the prose took the place of another."""
    return (
        line.is_apart
        and bool(line.text and line.instead_of)
        and not has_other_numbers(line.instead_of, line.text)
    )


def _is_refilled_since(line: PendingLine, entry: PendingLine) -> bool:
    """Whether the box of two pending lines shows another text than it did at the check before."""
    return line.box == entry.box != "" and is_refilled(entry.reading, line.reading)


def _alternating_lines(line: PendingLine, earlier: list[PendingLine]) -> list[str]:
    """The lines of a place that three checks found to differ, each once.

    Several lines may be pending together. One that the check before found, too, was edited, and so was
    the line that it replaced.
    """
    olds, news = line.replaced_lines, line.lines
    pending = [text for entry in earlier for text in entry.lines]
    edited = set(news) & set(pending)
    if len(olds) == len(news):
        edited |= {old for old, new in zip(olds, news, strict=True) if new in edited}
    return [text for text in dict.fromkeys((*olds, *news, *pending)) if text not in edited]


def _is_unsettled(line: PendingLine) -> bool:
    """Whether a line apart from the prose came, left, or replaced another; a caption only that."""
    return line.field == "body" or bool(line.text and line.instead_of)


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
    if not entry.is_apart and _is_number_in_sentence(entry):
        return []
    lines = set(after)
    is_back = (olds or entry.is_apart) and lines.issuperset(olds) and lines.isdisjoint(news)
    return olds + news if is_back else []


def _is_same(line: PendingLine, entry: PendingLine) -> bool:
    """Whether the previous check found the same: these lines, or nothing in the place of the same."""
    return entry.text == line.text and (bool(line.text) or entry.instead_of == line.instead_of)


def _is_transient(line: PendingLine, established: frozenset[str]) -> bool:
    """Whether a line may be there for one check only: a label that came or went, or any short line
    that was replaced before a second check saw it.

    A sentence in which only numbers changed was edited.
    """
    if line.field == "body" and not (line.text and line.instead_of):
        return all(map(_is_label, (*line.lines, *line.replaced_lines)))
    if not line.instead_of or established.issuperset(line.replaced_lines):
        return False
    return not _is_number_in_sentence(line)


def _is_number_in_sentence(line: PendingLine) -> bool:
    """Whether only a number changed, in a text that is no label: if it is as it was, it was edited twice."""
    return has_other_numbers(line.instead_of, line.text) and not _is_label(line.text)


def _is_label(text: str) -> bool:
    return len(tokens(text)) <= MAX_LABEL_TOKENS and not _is_sentence(text)


def _is_sentence(text: str) -> bool:
    return text.endswith(SENTENCE_ENDINGS) and bool(LETTER.search(text))
