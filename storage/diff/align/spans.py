"""What changed in a sentence: the smallest spans that read well."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from storage.diff.align.regions import Region, changed_regions, spaced_words, stripped, with_wholes
from storage.diff.align.wholes import marks, wholes, words_of_particles
from storage.diff.align.words import MAX_BRIDGE_CHARACTERS, hunks
from storage.diff.edit import Hunk
from storage.diff.text.korean import shared_stem
from storage.diff.text.numbers import NUMBER_EXPRESSION
from storage.diff.text.quotations import paired_marks
from storage.diff.text.tokens import NUMBER_TOKEN, QUOTATION_MARKS, shared_start, tokens

# A text that keeps less than this share of the words is one rewritten text, not many small edits. A headline is rewritten
# for its effect, and a few of its words stay by chance. Sentences of two versions are paired because much of them stayed.
MIN_KEPT_IN_HEADLINE, MIN_KEPT_IN_SENTENCE = 0.5, 0.3
# Compounds part at hyphens. French articles end in an apostrophe, before a word of this length.
HYPHENS, APOSTROPHES, LONG_WORD_LENGTH = "-‐", "'’", 3
COMPOUND_BREAKS = HYPHENS + " "
MAX_TAIL_CHARACTERS = 40  # characters of a compound's last part
# In longer texts the spans are those of their tokens.
MAX_WHOLE_CHARACTERS = 20_000


@dataclass(frozen=True, slots=True)
class ChangedSpan:
    """The text `old` of a sentence, from `old_at` on, became `new`, from `at` on in the new sentence."""

    at: int
    old: str
    new: str
    old_at: int = 0


def changed_spans(
    old: str, new: str, *, min_kept: float = MIN_KEPT_IN_SENTENCE
) -> list[ChangedSpan]:
    """The spans that turn one sentence into the other, in order; none if only wide space differs.

    `new[span.at : span.at + len(span.new)] == span.new` for each span.

    >>> changed_spans("12 died.", "21 died.")
    [ChangedSpan(at=0, old='12', new='21', old_at=0)]
    >>> changed_spans("중국이 간다.", "중국은 간다.")
    [ChangedSpan(at=0, old='중국이', new='중국은', old_at=0)]
    """
    regions = changed_regions(_bridge_marks(hunks(old, new)))
    if len(old) + len(new) <= MAX_WHOLE_CHARACTERS:
        regions = spaced_words(regions, old, new)
        for whole_parts in (wholes, marks, words_of_particles):
            regions = with_wholes(regions, old, new, whole_parts)
    spans = [span for region in regions for span in _split_words(_span(region, old, new))]
    spans = [_trim(_without_lone_marks(span)) for span in spans]
    changed = [span for span in spans if span.old.split() != span.new.split()]
    if _kept_share(changed, old, new) < min_kept and not _is_one_part(changed, new):
        return [ChangedSpan(0, old, new)]
    return changed


def _bridge_marks(parts: Iterable[Hunk]) -> list[Hunk]:
    """The hunks, with two changes joined that have only marks between them."""
    joined: list[Hunk] = []
    for part in parts:
        between = joined[-1].old.strip() if len(joined) > 1 and joined[-1].op == "equal" else ""
        if (
            part.op != "equal"
            and 0 < len(between) <= MAX_BRIDGE_CHARACTERS
            and not any(map(str.isalnum, between))
        ):
            gap, first = joined.pop(), joined.pop()
            part = Hunk("replace", first.old + gap.old + part.old, first.new + gap.new + part.new)
        joined.append(part)
    return joined


def _is_one_part(spans: list[ChangedSpan], new: str) -> bool:
    """Whether one part of a line changed, and a mark parts it from the rest: Heatwave: …"""
    if len(spans) != 1:
        return False
    head, tail = new[: spans[0].at].rstrip(), new[spans[0].at + len(spans[0].new) :].lstrip()
    return not head[-1:].isalnum() and not tail[:1].isalnum() and len(_words(head + tail)) > 1


def _span(region: Region, old: str, new: str) -> ChangedSpan:
    (i, j), (start, end) = stripped(region.old, old), stripped(region.new, new)
    return ChangedSpan(start, old[i:j], new[start:end], i)


def _kept_share(spans: list[ChangedSpan], old: str, new: str) -> float:
    """The share of the longer text's words that both have; 1.0 if it only grew or was only cut.

    A word that moved or has another particle was kept.
    """
    if all(not span.old for span in spans) or all(not span.new for span in spans):
        return 1.0
    changed = [span for span in spans if not shared_stem(span.old, span.new)]
    removed = Counter(word for span in changed for word in _words(span.old))
    added = Counter(word for span in changed for word in _words(span.new))
    sides = ((_words(old), removed - added), (_words(new), added - removed))
    words, gone = max(((len(words), gone.total()) for words, gone in sides))
    return 1 - gone / words if words else 1.0


def _words(text: str) -> list[str]:
    return [token for token in tokens(text) if token[0].isalnum()]


def _split_words(span: ChangedSpan) -> list[ChangedSpan]:
    """One span per word if each of several neighbours changed on its own.

    정부는 예산을 → 정부가 예산도 is 는 → 가 and 을 → 도.
    """
    old_words, new_words = span.old.split(), span.new.split()
    pairs = list(zip(old_words, new_words, strict=False))
    is_same_count = len(old_words) == len(new_words)
    if not is_same_count or len(pairs) < 2 or not all(_changed_alone(*pair) for pair in pairs):
        return [span]
    if _is_number(span):
        return [span]
    return span_words(span)


def _without_lone_marks(span: ChangedSpan) -> ChangedSpan:
    """The span without a first or last mark that both texts have and whose other mark is elsewhere.

    >>> _without_lone_marks(ChangedSpan(0, '"came', '"went'))
    ChangedSpan(at=1, old='came', new='went', old_at=1)
    """
    head = _has_lone_mark(span.old, span.new, 0)
    tail = len(span.old) > 1 < len(span.new) and _has_lone_mark(span.old, span.new, -1)
    old, new = (text[head : len(text) - tail] for text in (span.old, span.new))
    return ChangedSpan(span.at + head, old, new, span.old_at + head)


def _has_lone_mark(old: str, new: str, at: int) -> bool:
    """Whether both texts have at their first or last place (0 or -1) one mark of a pair. An apostrophe is none."""
    if (
        not old
        or not new
        or old[at] != new[at]
        or old[at] not in QUOTATION_MARKS.difference(APOSTROPHES)
    ):
        return False
    return not any(
        at in (start, end - 1 - len(text))
        for text in (old, new)
        for start, end in paired_marks(text)
    )


def joined_span(one: ChangedSpan, other: ChangedSpan, old: str, new: str) -> ChangedSpan:
    """The span from the beginning of one to the end of another that follows it."""
    region = Region(
        (one.old_at, other.old_at + len(other.old)), (one.at, other.at + len(other.new))
    )
    return _span(region, old, new)


def span_words(span: ChangedSpan) -> list[ChangedSpan]:
    """One span for each pair of words of a span that has as many words on both sides."""
    spans: list[ChangedSpan] = []
    i = j = 0
    for old_word, new_word in zip(span.old.split(), span.new.split(), strict=True):
        i, j = span.old.index(old_word, i), span.new.index(new_word, j)
        spans.append(ChangedSpan(span.at + j, old_word, new_word, span.old_at + i))
        i, j = i + len(old_word), j + len(new_word)
    return spans


def _changed_alone(old: str, new: str) -> bool:
    return (
        old == new
        or shared_stem(old, new) > 0
        or (NUMBER_TOKEN.match(old) is not None and NUMBER_TOKEN.match(new) is not None)
    )


def _is_number(span: ChangedSpan) -> bool:
    """Whether a number became another, each with its unit."""
    return all(map(NUMBER_EXPRESSION.fullmatch, (span.old, span.new)))


def _trim(span: ChangedSpan) -> ChangedSpan:
    """The span without shared parts of compounds.

    >>> _trim(ChangedSpan(0, "l'ancien maire", "l'ex-maire"))
    ChangedSpan(at=2, old='ancien', new='ex-', old_at=2)
    >>> _trim(ChangedSpan(0, "don't", "won't"))
    ChangedSpan(at=0, old="don't", new="won't", old_at=0)
    """
    at, old, new = span.at, span.old, span.new
    if _same_letters(old, new) or _is_number(span):
        return span
    head = _shared_head(old, new)
    at, old, new = at + head, old[head:], new[head:]
    tail = _shared_tail(old, new)
    old, new = old[: len(old) - tail].rstrip(), new[: len(new) - tail].rstrip()
    return ChangedSpan(at, old, new, span.old_at + head)


def _shared_head(old: str, new: str) -> int:
    """How many characters both begin with, up to a mark at which both words may part."""
    head = shared_start(old, new)
    edges = [old.rfind(mark, 0, head) + 1 for mark in HYPHENS + APOSTROPHES]
    return next(
        (edge for edge in sorted(edges, reverse=True) if edge and _can_split(old, edge, new)), 0
    )


def _can_split(old: str, head: int, new: str) -> bool:
    left, right = old[head : head + LONG_WORD_LENGTH], new[head : head + LONG_WORD_LENGTH]
    if not (left[:1].isalnum() and right[:1].isalnum()):
        return False
    is_long = any(len(word) == LONG_WORD_LENGTH and word.isalpha() for word in (left, right))
    return old[head - 1] in HYPHENS or is_long


def _shared_tail(old: str, new: str) -> int:
    """How many characters both end with, from a hyphen or a space on, or after one in each."""
    limit = shared_start(old[::-1], new[::-1])
    for tail in range(min(limit, MAX_TAIL_CHARACTERS), 0, -1):
        if _has_break(old, tail) and _has_break(new, tail):
            return tail + (tail < limit)
    return 0


def _has_break(text: str, tail: int) -> bool:
    end = len(text) - tail
    return end > 0 and text[end - 1] in COMPOUND_BREAKS and text[0].isalnum()


def _same_letters(old: str, new: str) -> bool:
    """Whether only marks changed. They read better with the whole compound."""
    return [c for c in old if c.isalnum()] == [c for c in new if c.isalnum()]
