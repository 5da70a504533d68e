"""A short line replaced by an unrelated one: editors do this rarely, pages all the time.

An ad, a teaser or a reader count inside the text is a different one at the next check. So such a
replacement is pending. It becomes an edit if a later check finds the same text there, and page
noise if a later check finds a third text. A few added words that are no sentence are also
pending: they are usually a label, rarely a sub-heading.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from scraper.article import Article
from storage.diff.align.similarity import MIN_LINE_SHARE, are_similar
from storage.diff.align.words import align
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

    Comparing `old` with `article` gives the edits. `newly_pending` maps each text held back to
    the text it replaced ("" if it replaced nothing). `volatile` maps each text proven to be page
    noise to the paragraph before it.
    """

    old: Article
    article: Article
    newly_pending: Mapping[str, str]
    volatile: Mapping[str, str]


def hold_back_replacements(
    old: Article,
    new: Article,
    *,
    pending: Mapping[str, str],
    established: bool = False,
    volatile_after: frozenset[str] = frozenset(),
) -> ReplacementResult:
    """Decide on every replaced line: an edit, page noise, or pending until a later check. Pure.

    `pending` is `newly_pending` of the previous check. `established` says that more than one
    check saw the old text: such a text is no passing line, and its replacement counts at once.
    After a paragraph in `volatile_after` every new line is pending, even an added one.
    """
    before = [visible(text) for text in old.paragraphs]
    after = [visible(text) for text in new.paragraphs]
    newly_pending: dict[str, str] = {}
    volatile: dict[str, str] = {}
    accepted: list[str] = []
    at = 0
    for olds, start, stop in _replacements(before, after):
        neighbour = after[start - 1] if start else ""
        news = after[start:stop]
        if neighbour not in volatile_after and not _is_transient(olds, news, established):
            continue
        old_text, new_text = PARAGRAPH_BREAK.join(olds), PARAGRAPH_BREAK.join(news)
        accepted += after[at:start]
        at = stop
        if new_text in pending:
            accepted += news
        elif old_text and old_text in pending.values():
            texts = _alternating_lines(old_text, new_text, pending)
            volatile.update(dict.fromkeys(texts, neighbour))
        else:
            newly_pending[new_text] = old_text
            accepted += olds
    if not newly_pending and not volatile:
        return ReplacementResult(old, new, {}, {})
    accepted += after[at:]
    paragraphs = tuple(text for text in old.paragraphs if visible(text) not in volatile)
    old, new = replace(old, paragraphs=paragraphs), replace(new, paragraphs=tuple(accepted))
    return ReplacementResult(old, new, newly_pending, volatile)


def _is_transient(olds: list[str], news: list[str], established: bool) -> bool:
    """Whether a line may be there for one check only: replaced before a second check saw it, or
    added as a mere label."""
    return not established if olds else all(map(_is_label, news))


def _alternating_lines(old_text: str, new_text: str, pending: Mapping[str, str]) -> list[str]:
    """The lines that three checks found in one place: the old, the new, and the pending ones."""
    earlier = [text for text, replaced_text in pending.items() if replaced_text == old_text]
    return PARAGRAPH_BREAK.join([old_text, new_text, *earlier]).split(PARAGRAPH_BREAK)


def _replacements(before: list[str], after: list[str]) -> list[tuple[list[str], int, int]]:
    """Short lines replaced by unrelated ones: the old lines (none if the new ones were added), and
    the range of the new ones in `after`."""
    replacements: list[tuple[list[str], int, int]] = []
    for op, i1, i2, j1, j2 in align(before, after):
        if op == "insert":
            replacements.append(([], j1, j2))
        elif op == "replace" and (i2 - i1) * (j2 - j1) <= MAX_LINE_PAIRS:
            for olds, start, stop in _unlike_runs(before[i1:i2], after[j1:j2]):
                replacements.append((olds, j1 + start, j1 + stop))
    return [
        (olds, start, stop)
        for olds, start, stop in replacements
        if all(len(tokens(text)) <= MAX_LINE_TOKENS for text in olds + after[start:stop])
    ]


def _unlike_runs(olds: list[str], news: list[str]) -> list[tuple[list[str], int, int]]:
    """The runs between similar paragraphs that have nothing in common, in the same form."""
    runs: list[tuple[list[str], int, int]] = []
    i = j = 0
    for at, old in enumerate(olds):
        match = next((k for k in range(j, len(news)) if _is_similar_line(old, news[k])), None)
        if match is not None:
            runs.append((olds[i:at], j, match))
            i, j = at + 1, match + 1
    runs.append((olds[i:], j, len(news)))
    return [(run, start, stop) for run, start, stop in runs if run and start < stop]


def _is_label(text: str) -> bool:
    return len(tokens(text)) <= MAX_LABEL_TOKENS and not text.endswith(SENTENCE_ENDINGS)


def _is_similar_line(one: str, other: str) -> bool:
    if max(len(one), len(other)) > MAX_LINE_CHARACTERS:
        return True  # too long for a line
    return are_similar(one, other, at_least=MIN_LINE_SHARE, max_characters=MAX_LINE_CHARACTERS)
