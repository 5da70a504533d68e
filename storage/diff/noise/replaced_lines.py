"""A short line replaced by an unrelated one: editors do this rarely, pages all the time.

An ad, a teaser or a reader count inside the text is a different one at the next check. So such a
replacement is pending. It becomes an edit if a later check finds the same text there, and page
noise if a later check finds a third text, or the old one again. Until then the article has neither
line: the old one is not served any more. A few added words that are no sentence are also pending:
they are usually a label, rarely a sub-heading.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from scraper.article import Article
from storage.diff.align.similarity import MIN_LINE_SHARE, are_similar
from storage.diff.align.words import align
from storage.diff.noise.exclusions import PageNoise, PendingLine
from storage.diff.text.tokens import tokens
from storage.diff.text.visible import visible

# A paragraph of more tokens than this is never held back (chosen by the benchmark `noise`).
MAX_LINE_TOKENS = 16
# A line of more tokens, or one that ends like a sentence, is no label.
MAX_LABEL_TOKENS = 8
SENTENCE_ENDINGS = tuple('.!?…。！？؟।"”’»」』)')

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
    """Short lines in the place of unrelated ones: ranges of paragraphs of the two versions.

    The range of the old ones is empty if the new ones were added.
    """

    olds: range
    news: range


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
    paragraph in `volatile_after` every new line is pending, even an added one.
    """
    old = _with_replaced_lines(old, pending)
    noise = {line: entry.after for entry in pending for line in _lines_back(entry, new)}
    before, after = _visible_lines(old), _visible_lines(new)
    newly_pending: list[PendingLine] = []
    left_out: tuple[set[int], set[int]] = (set(), set())
    for replacement in _replacements(before, after):
        olds = [before[i] for i in replacement.olds]
        news = [after[j] for j in replacement.news]
        start = replacement.news.start
        line = PendingLine(_text(news), _text(olds), after[start - 1] if start else "")
        earlier = [entry.text for entry in pending if olds and entry.instead_of == line.instead_of]
        is_transient = line.after in volatile_after or _is_transient(olds, news, established)
        if line.text in [entry.text for entry in pending] or not (earlier or is_transient):
            continue
        if earlier:
            texts = _text([line.instead_of, line.text, *earlier]).split(PARAGRAPH_BREAK)
            noise |= dict.fromkeys(texts, line.after)
        else:
            newly_pending.append(line)
            left_out[0].update(replacement.olds)
            left_out[1].update(replacement.news)
    if not newly_pending and not noise:
        return ReplacementResult(old, new)
    return ReplacementResult(
        _without_lines(old, left_out[0], noise),
        _without_lines(new, left_out[1], noise),
        tuple(newly_pending),
        tuple(PageNoise(text, after=neighbour) for text, neighbour in noise.items()),
    )


def _visible_lines(article: Article) -> list[str]:
    return [visible(text) for text in article.paragraphs]


def _text(lines: Iterable[str]) -> str:
    return PARAGRAPH_BREAK.join(lines)


def _without_lines(article: Article, positions: set[int], texts: Collection[str]) -> Article:
    kept = [
        text
        for at, text in enumerate(article.paragraphs)
        if at not in positions and visible(text) not in texts
    ]
    return replace(article, paragraphs=tuple(kept))


def _with_replaced_lines(old: Article, pending: Sequence[PendingLine]) -> Article:
    """The old version, with the lines that pending ones replaced in their place again.

    A version that was stored meanwhile has neither the pending lines nor these.
    """
    for entry in pending:
        lines = _visible_lines(old)
        replaced = entry.instead_of.split(PARAGRAPH_BREAK) if entry.instead_of else []
        if not replaced or replaced[0] in lines or (entry.after and entry.after not in lines):
            continue
        at = lines.index(entry.after) + 1 if entry.after else 0
        paragraphs = (*old.paragraphs[:at], *replaced, *old.paragraphs[at:])
        old = replace(old, paragraphs=paragraphs)
    return old


def _lines_back(entry: PendingLine, new: Article) -> list[str]:
    """All lines of a pending replacement that went as it came: the old lines are back."""
    lines = set(_visible_lines(new))
    olds, news = (text.split(PARAGRAPH_BREAK) for text in (entry.instead_of, entry.text))
    return olds + news if lines.issuperset(olds) and lines.isdisjoint(news) else []


def _is_transient(olds: list[str], news: list[str], established: bool) -> bool:
    """Whether a line may be there for one check only: replaced before a second check saw it, or
    added as a mere label."""
    return not established if olds else all(map(_is_label, news))


def _replacements(before: list[str], after: list[str]) -> list[Replacement]:
    """Short lines that were replaced by unrelated ones, or added; not those that moved there."""
    replacements: list[Replacement] = []
    for op, i1, i2, j1, j2 in align(before, after):
        if op == "insert":
            replacements.append(Replacement(range(i1, i1), range(j1, j2)))
        elif op == "replace" and (i2 - i1) * (j2 - j1) <= MAX_LINE_PAIRS:
            replacements += _unlike_runs(before, after, range(i1, i2), range(j1, j2))
    moved = _common_lines(before, after)
    return [
        replacement
        for replacement in replacements
        if all(_is_short(before[i]) for i in replacement.olds)
        and all(_is_short(after[j]) for j in replacement.news)
        and not all(after[j] in moved for j in replacement.news)
    ]


def _common_lines(before: list[str], after: list[str]) -> set[str]:
    """The lines that both versions have equally often: in another place they have only moved."""
    counts = Counter(before)
    return {line for line, count in Counter(after).items() if counts[line] == count}


def _is_short(text: str) -> bool:
    return len(tokens(text)) <= MAX_LINE_TOKENS


def _unlike_runs(
    before: list[str], after: list[str], olds: range, news: range
) -> list[Replacement]:
    """The runs between similar paragraphs that have nothing in common, in the same form."""
    runs: list[Replacement] = []
    i, j = olds.start, news.start
    for at in olds:
        match = next((k for k in range(j, news.stop) if _is_similar_line(before[at], after[k])), None)  # fmt: skip
        if match is not None:
            runs.append(Replacement(range(i, at), range(j, match)))
            i, j = at + 1, match + 1
    runs.append(Replacement(range(i, olds.stop), range(j, news.stop)))
    return [run for run in runs if run.olds and run.news]


def _is_label(text: str) -> bool:
    return len(tokens(text)) <= MAX_LABEL_TOKENS and not text.endswith(SENTENCE_ENDINGS)


def _is_similar_line(one: str, other: str) -> bool:
    if max(len(one), len(other)) > MAX_LINE_CHARACTERS:
        return True  # too long for a line
    return are_similar(one, other, at_least=MIN_LINE_SHARE, max_characters=MAX_LINE_CHARACTERS)
