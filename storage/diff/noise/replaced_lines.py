"""A short line replaced by an unrelated one: editors do this rarely, pages all the time.

An ad, a teaser or a reader count inside the text is a different one at the next check. So such a
replacement is pending. It becomes an edit if a later check finds the same text there, and page
noise if a later check finds a third text, or the old one again. Until then the article has neither
line: the old one is not served any more. Three changes of a label, a few words that are no
sentence, are pending, too: a label that came, one that went, and one in which only numbers changed.
They are usually a poll, a countdown or a list of dates, rarely a sub-heading.

Apart from the prose (see `prose.py`) lines of any length are pending, whether they came, left or were
replaced. In a place where lines were proven to change, a line is pending until three checks found it.

A line that came, left or has other numbers is an edit at once if nothing else changed on the whole page.
A template that puts other lines into a page rarely puts only one, and an editor rarely anything else.
That proves nothing in a version that an edit has just made: else a lone counter would be logged at every check.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from typing import Any, Protocol

from scraper.article import Article
from scraper.patterns import lazy_pattern
from storage.diff.noise.exclusions import PageNoise, PendingLine
from storage.diff.noise.lone import HasLines, is_lone_change
from storage.diff.noise.prose import MIN_KNOWN_SHARE, HasPlaces, lines_apart
from storage.diff.noise.replacements import Replacement, has_other_numbers, replacements
from storage.diff.text.tokens import tokens
from storage.diff.text.visible import visible

# A line of more tokens, or one that ends like a sentence, is no label.
MAX_LABEL_TOKENS = 8
SENTENCE_ENDINGS = tuple('.!?…。！？؟।"”’»」』)')

LETTER = lazy_pattern(r"[^\W\d_]")

# In a place where lines were proven to change, a line is an edit once so many checks found it.
MIN_CHECKS_IN_PROVEN_PLACE = 3

PARAGRAPH_BREAK = "\n\n"


class HasLinesAndPlaces(HasLines, HasPlaces, Protocol):
    """A page that knows its lines, and the place of each."""


Pages = tuple[HasLinesAndPlaces, HasLinesAndPlaces]


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


def hold_back_replacements(
    old: Article,
    new: Article,
    *,
    pending: Sequence[PendingLine],
    established: bool = False,
    just_edited: bool = False,
    volatile_after: frozenset[str] = frozenset(),
    pages: Pages | None = None,
) -> ReplacementResult:
    """Decide on every replaced line: an edit, page noise, or pending until a later check. Pure.

    `pending` is what the previous check held back. `established` says that more than one check
    saw the old text: such a text is no passing line, and its replacement counts at once. If it was
    `just_edited`, the check before logged it. After a line in `volatile_after` every new line is
    pending, even an added one. `pages` are those of the two versions: they show which lines are apart
    from the prose, and which changed alone.
    """
    result = ReplacementResult(old, new)
    for field, attribute in (("body", "paragraphs"), ("caption", "captions")):
        before, after = getattr(old, attribute), getattr(new, attribute)
        entries = [entry for entry in pending if entry.field == field]
        held_back = _hold_back(
            field,
            before,
            after,
            entries,
            established=established,
            volatile_after=volatile_after,
            apart=_apart(field, before, after, entries, pages),
            evidence=None if just_edited else pages,
        )
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
    for field, attribute in (("body", "paragraphs"), ("caption", "captions")):
        before, after = getattr(old, attribute), getattr(new, attribute)
        olds, news = set(map(visible, before)), set(map(visible, after))
        left, came = doubtful.keys() & (olds - news), doubtful.keys() & (news - olds)
        readings = {line: doubtful[line] for line in came if doubtful[line] in left}
        pending += [
            PendingLine(line, readings.get(line) or "", place, field)
            for line, place in _with_places(after, came)
        ]
        pending += [
            PendingLine("", line, place, field)
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
    field: str,
    old: tuple[str, ...],
    new: tuple[str, ...],
    pending: Sequence[PendingLine],
    pages: Pages | None,
) -> frozenset[str]:
    """The changed lines of a field that are apart from the prose, or were when they became pending."""
    if pages is None or (old == new and not pending):
        return frozenset()
    olds, news = set(_visible_lines(old)), set(_visible_lines(new))
    shared = olds & news
    least = MIN_KNOWN_SHARE if field == "body" else 0.0
    sides = zip((olds, news), pages, strict=True)
    found = [lines_apart(side - shared, shared, page.places, least) for side, page in sides]
    earlier = (_lines(entry.instead_of) for entry in pending if entry.is_apart)
    return frozenset().union(*found, *earlier)


def _hold_back(
    field: str,
    old: tuple[str, ...],
    new: tuple[str, ...],
    pending: Sequence[PendingLine],
    *,
    established: bool,
    volatile_after: frozenset[str],
    apart: frozenset[str],
    evidence: Pages | None,
) -> HeldBack:
    """What is pending of one field, and what is proven page noise.

    `evidence` are the pages that show whether a line changed alone, None if that proves nothing.
    """
    old = _with_replaced_lines(old, pending)
    before, after = _visible_lines(old), _visible_lines(new)
    noise = {line: entry.after for entry in pending for line in _lines_back(entry, after)}
    newly_pending: list[PendingLine] = []
    left_out: tuple[set[int], set[int]] = (set(), set())
    for replacement in replacements(before, after, apart):
        line = _pending_line(field, replacement, before, after)
        is_proven_place = line.after in volatile_after
        same = [entry for entry in pending if _is_same(line, entry)]
        if same:
            line = replace(line, checks=same[0].checks + 1)
            if not is_proven_place or line.checks >= MIN_CHECKS_IN_PROVEN_PLACE:
                continue
        earlier = [] if same else [entry.text for entry in pending if _is_in_place(line, entry)]
        if earlier:
            noise |= dict.fromkeys(_alternating_lines(line, earlier), line.after)
        elif same or is_proven_place or (
            _may_be_passing(line, established) and not (evidence and is_lone_change(line, *evidence))
        ):  # fmt: skip
            newly_pending.append(line)
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


def _is_in_place(line: PendingLine, entry: PendingLine) -> bool:
    """Whether a pending line replaced the same as this one, or is apart from the prose in its place."""
    if line.instead_of and entry.instead_of == line.instead_of:
        return True
    return line.is_apart and entry.is_apart and line.after == entry.after


def _alternating_lines(line: PendingLine, earlier: list[str]) -> list[str]:
    """The lines of a place that three checks found to differ, each once.

    Several lines may be pending together. One that the check before found, too, was edited, and so was
    the line that it replaced.
    """
    olds, news = _lines(line.instead_of), _lines(line.text)
    pending = [text for entry in earlier for text in _lines(entry)]
    edited = set(news) & set(pending)
    if len(olds) == len(news):
        edited |= {old for old, new in zip(olds, news, strict=True) if new in edited}
    return [text for text in dict.fromkeys((*olds, *news, *pending)) if text not in edited]


def _may_be_passing(line: PendingLine, established: bool) -> bool:
    return (line.is_apart and _is_unsettled(line)) or _is_transient(line, established)


def _is_unsettled(line: PendingLine) -> bool:
    """Whether a line apart from the prose came, left, or replaced another; a caption only that.

    A sentence in which only numbers changed was edited.
    """
    if not (line.text and line.instead_of):
        return line.field == "body"
    return not has_other_numbers(line.instead_of, line.text) or not _is_sentence(line.text)


def _lines(text: str) -> list[str]:
    return text.split(PARAGRAPH_BREAK) if text else []


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
        replaced = _lines(entry.instead_of)
        if not replaced or replaced[0] in lines or (entry.after and entry.after not in lines):
            continue
        at = lines.index(entry.after) + 1 if entry.after else 0
        old = (*old[:at], *replaced, *old[at:])
    return old


def _lines_back(entry: PendingLine, after: list[str]) -> list[str]:
    """All lines of a pending replacement that went as it came: the old lines are back."""
    olds, news = _lines(entry.instead_of), _lines(entry.text)
    lines = set(after)
    is_back = olds and lines.issuperset(olds) and lines.isdisjoint(news)
    return olds + news if is_back else []


def _is_same(line: PendingLine, entry: PendingLine) -> bool:
    """Whether the previous check found the same: these lines, or nothing in the place of the same."""
    return entry.text == line.text and (bool(line.text) or entry.instead_of == line.instead_of)


def _is_transient(line: PendingLine, established: bool) -> bool:
    """Whether a line may be there for one check only: a label that came or went, or any short line
    that was replaced before a second check saw it.

    A sentence in which only numbers changed was edited.
    """
    if line.field == "body" and not (line.text and line.instead_of):
        return all(map(_is_label, _text([line.text, line.instead_of]).strip().split(PARAGRAPH_BREAK)))  # fmt: skip
    if not line.instead_of or established:
        return False
    return not has_other_numbers(line.instead_of, line.text) or _is_label(line.text)


def _is_label(text: str) -> bool:
    return len(tokens(text)) <= MAX_LABEL_TOKENS and not _is_sentence(text)


def _is_sentence(text: str) -> bool:
    return text.endswith(SENTENCE_ENDINGS) and bool(LETTER.search(text))
