"""A short line replaced by an unrelated one: editors do this rarely, pages all the time.

An ad, a teaser or a reader count inside the text is a different one at the next check. So such a
replacement is pending. It becomes an edit if a later check finds the same text there, and page
noise if a later check finds a third text, or the old one again. Until then the article has neither
line: the old one is not served any more. Three changes of a label, a few words that are no
sentence, are pending, too: a label that came, one that went, and one in which only numbers changed.
They are usually a poll, a countdown or a list of dates, rarely a sub-heading.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from scraper.article import Article
from scraper.patterns import lazy_pattern
from storage.diff.align.similarity import MIN_LINE_SHARE, are_similar
from storage.diff.align.words import align
from storage.diff.noise.exclusions import PageNoise, PendingLine
from storage.diff.text.tokens import tokens
from storage.diff.text.visible import fold_digits, visible

# A paragraph of more tokens than this is never held back (chosen by the benchmark `noise`).
MAX_LINE_TOKENS = 16
# A line of more tokens, or one that ends like a sentence, is no label.
MAX_LABEL_TOKENS = 8
SENTENCE_ENDINGS = tuple('.!?…。！？؟।"”’»」』)')

LETTER = lazy_pattern(r"[^\W\d_]")

# A replacement with more pairs of lines than this is a rewrite, and counts at once.
MAX_LINE_PAIRS = 400
# A longer text is no line.
MAX_LINE_CHARACTERS = 5_000

PARAGRAPH_BREAK = "\n\n"


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
class Replacement:
    """Short lines that changed in one place: ranges of lines of the two versions.

    The range of the old ones is empty if the new ones were added, that of the new ones if the old
    ones were removed.
    """

    olds: range
    news: range


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
    volatile_after: frozenset[str] = frozenset(),
) -> ReplacementResult:
    """Decide on every replaced line: an edit, page noise, or pending until a later check. Pure.

    `pending` is what the previous check held back. `established` says that more than one check
    saw the old text: such a text is no passing line, and its replacement counts at once. After a
    line in `volatile_after` every new line is pending, even an added one.
    """
    result = ReplacementResult(old, new)
    for field, attribute in (("body", "paragraphs"), ("caption", "captions")):
        held_back = _hold_back(
            field,
            getattr(old, attribute),
            getattr(new, attribute),
            [entry for entry in pending if entry.field == field],
            established=established,
            volatile_after=volatile_after,
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
    article: Article, doubtful: Collection[str]
) -> tuple[Article, tuple[PendingLine, ...]]:
    """The article without the doubtful lines of its body and captions, which are pending."""
    pending: list[PendingLine] = []
    for field, attribute in (("body", "paragraphs"), ("caption", "captions")):
        kept: list[str] = []
        for line in getattr(article, attribute):
            if visible(line) in doubtful:
                after = visible(kept[-1]) if kept else ""
                pending.append(PendingLine(visible(line), after=after, field=field))
            else:
                kept.append(line)
        lines: dict[str, Any] = {attribute: tuple(kept)}
        article = replace(article, **lines)
    return article, tuple(pending)


def _hold_back(
    field: str,
    old: tuple[str, ...],
    new: tuple[str, ...],
    pending: Sequence[PendingLine],
    *,
    established: bool,
    volatile_after: frozenset[str],
) -> HeldBack:
    """What is pending of one field, and what is proven page noise."""
    old = _with_replaced_lines(old, pending)
    before, after = _visible_lines(old), _visible_lines(new)
    noise = {line: entry.after for entry in pending for line in _lines_back(entry, after)}
    newly_pending: list[PendingLine] = []
    left_out: tuple[set[int], set[int]] = (set(), set())
    for replacement in _replacements(before, after):
        olds = [before[i] for i in replacement.olds]
        news = [after[j] for j in replacement.news]
        start = replacement.news.start
        line = PendingLine(_text(news), _text(olds), after[start - 1] if start else "", field)
        earlier = [entry.text for entry in pending if olds and entry.instead_of == line.instead_of]
        is_transient = line.after in volatile_after or _is_transient(line, established)
        if _is_confirmed(line, pending) or not (earlier or is_transient):
            continue
        if earlier:
            texts = _text([line.instead_of, line.text, *earlier]).split(PARAGRAPH_BREAK)
            noise |= {text: line.after for text in texts if text}
        else:
            newly_pending.append(line)
            left_out[0].update(replacement.olds)
            left_out[1].update(replacement.news)
    return HeldBack(
        _without_lines(old, left_out[0], noise),
        _without_lines(new, left_out[1], noise),
        tuple(newly_pending),
        tuple(PageNoise(text, after=neighbour) for text, neighbour in noise.items()),
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
        replaced = entry.instead_of.split(PARAGRAPH_BREAK) if entry.instead_of else []
        if not replaced or replaced[0] in lines or (entry.after and entry.after not in lines):
            continue
        at = lines.index(entry.after) + 1 if entry.after else 0
        old = (*old[:at], *replaced, *old[at:])
    return old


def _lines_back(entry: PendingLine, after: list[str]) -> list[str]:
    """All lines of a pending replacement that went as it came: the old lines are back."""
    olds, news = (
        text.split(PARAGRAPH_BREAK) if text else [] for text in (entry.instead_of, entry.text)
    )
    lines = set(after)
    is_back = olds and lines.issuperset(olds) and lines.isdisjoint(news)
    return olds + news if is_back else []


def _is_confirmed(line: PendingLine, pending: Sequence[PendingLine]) -> bool:
    """Whether the previous check found the same: these lines, or nothing in the place of the same."""
    return any(
        entry.text == line.text and (line.text or entry.instead_of == line.instead_of)
        for entry in pending
    )


def _is_transient(line: PendingLine, established: bool) -> bool:
    """Whether a line may be there for one check only: a label that came or went, or any short line
    that was replaced before a second check saw it.

    A sentence of the body in which only numbers changed was edited.
    """
    if line.field == "body" and not (line.text and line.instead_of):
        return all(map(_is_label, _text([line.text, line.instead_of]).strip().split(PARAGRAPH_BREAK)))  # fmt: skip
    if not line.instead_of or established:
        return False
    is_edited = line.field == "body" and _has_other_numbers(line.instead_of, line.text)
    return not is_edited or _is_label(line.text)


def _replacements(before: list[str], after: list[str]) -> list[Replacement]:
    """Short lines that were replaced by unrelated ones, added or removed, or have other numbers.

    A line that moved is none of these.
    """
    replacements: list[Replacement] = []
    for op, i1, i2, j1, j2 in align(before, after):
        if op == "equal":
            continue
        if (i2 - i1) * (j2 - j1) > MAX_LINE_PAIRS:
            continue
        replacements += _unlike_runs(before, after, range(i1, i2), range(j1, j2))
    moved = _common_lines(before, after)
    return [
        replacement
        for replacement in replacements
        if all(_is_short(before[i]) for i in replacement.olds)
        and all(_is_short(after[j]) for j in replacement.news)
        and not _has_moved(replacement, before, after, moved)
    ]


def _has_moved(
    replacement: Replacement, before: list[str], after: list[str], moved: set[str]
) -> bool:
    """Whether the new lines, or some of the lines that were only added or only removed, moved."""
    olds = [before[i] in moved for i in replacement.olds]
    news = [after[j] in moved for j in replacement.news]
    return all(news) if olds and news else any(olds + news)


def _common_lines(before: list[str], after: list[str]) -> set[str]:
    """The lines that both versions have equally often: in another place they have only moved."""
    counts = Counter(before)
    return {line for line, count in Counter(after).items() if counts[line] == count}


def _is_short(text: str) -> bool:
    return len(tokens(text)) <= MAX_LINE_TOKENS


def _unlike_runs(
    before: list[str], after: list[str], olds: range, news: range
) -> list[Replacement]:
    """The runs between similar lines that have nothing in common, and lines with other numbers."""
    runs: list[Replacement] = []
    i, j = olds.start, news.start
    for at in olds:
        match = next((k for k in range(j, news.stop) if _is_similar_line(before[at], after[k])), None)  # fmt: skip
        if match is not None:
            runs.append(Replacement(range(i, at), range(j, match)))
            if _has_other_numbers(before[at], after[match]):
                runs.append(Replacement(range(at, at + 1), range(match, match + 1)))
            i, j = at + 1, match + 1
    runs.append(Replacement(range(i, olds.stop), range(j, news.stop)))
    return [run for run in runs if run.olds or run.news]


def _has_other_numbers(one: str, other: str) -> bool:
    return one != other and fold_digits(one) == fold_digits(other)


def _is_label(text: str) -> bool:
    is_sentence = text.endswith(SENTENCE_ENDINGS) and LETTER.search(text)
    return len(tokens(text)) <= MAX_LABEL_TOKENS and not is_sentence


def _is_similar_line(one: str, other: str) -> bool:
    if fold_digits(one) == fold_digits(other):
        return True
    if max(len(one), len(other)) > MAX_LINE_CHARACTERS:
        return True  # too long for a line
    return are_similar(one, other, at_least=MIN_LINE_SHARE, max_characters=MAX_LINE_CHARACTERS)
