"""What changed in a sentence: the smallest spans that read well."""

from dataclasses import dataclass

from scraper.patterns import lazy_pattern
from storage.diff.align.words import bridge, hunks
from storage.diff.edit import Hunk
from storage.diff.text.korean import shared_stem
from storage.diff.text.tokens import NUMBER_TOKEN, QUOTATION_MARKS, SPACED_UNIT, shared_start

# Two sentences that keep less than this share of the shorter one are one rewritten sentence, not
# many small edits. A sentence that only grew or was cut keeps most of it.
MIN_EQUAL_SHARE = 0.4
# Compounds part at hyphens. French articles end in an apostrophe, before a word of this length.
HYPHENS, APOSTROPHES, LONG_WORD_LENGTH = "-‐", "'’", 3
COMPOUND_BREAKS = HYPHENS + " "
MAX_TAIL_CHARACTERS = 40  # characters of a compound's last part
MAX_NUMBER_CHARACTERS = 24
# Quotation marks around at most this many characters are one edit.
MAX_QUOTED_CHARACTERS = 80

ENDS_IN_NUMBER = lazy_pattern(rf"{NUMBER_TOKEN.pattern}$")


@dataclass(frozen=True, slots=True)
class ChangedSpan:
    """The text `old` of a sentence became `new`, which begins at `at` in the new sentence."""

    at: int
    old: str
    new: str


def changed_spans(old: str, new: str) -> list[ChangedSpan]:
    """The spans that turn one sentence into the other, in order; none if only space differs.

    `new[span.at : span.at + len(span.new)] == span.new` for each span.

    >>> changed_spans("12 died.", "21 died.")
    [ChangedSpan(at=0, old='12', new='21')]
    >>> changed_spans("중국이 간다.", "중국은 간다.")
    [ChangedSpan(at=2, old='이', new='은')]
    """
    parts = hunks(old, new)
    if _is_rewritten(parts, old, new):
        return [ChangedSpan(0, old, new)]
    return [_with_unit(span, new) for span in _hunk_spans(_join_quotes(bridge(parts)))]


def _is_rewritten(parts: tuple[Hunk, ...], old: str, new: str) -> bool:
    equal_length = sum(len(part.old) for part in parts if part.op == "equal")
    change_count = sum(part.op != "equal" for part in parts)
    return change_count > 2 and equal_length < MIN_EQUAL_SHARE * min(len(old), len(new))


def _hunk_spans(parts: list[Hunk]) -> list[ChangedSpan]:
    """The spans of the hunks that differ in more than the space around them."""
    spans: list[ChangedSpan] = []
    at = 0
    for part in parts:
        if part.op != "equal":
            pieces = _split_words(ChangedSpan(at, part.old, part.new))
            spans += [span for span in map(_trim, pieces) if span.old != span.new]
        at += len(part.new)
    return spans


def _split_words(span: ChangedSpan) -> list[ChangedSpan]:
    """One span per word if each of several neighbours changed on its own.

    정부는 예산을 → 정부가 예산도 is 는 → 가 and 을 → 도.
    """
    old_words, new_words = span.old.split(), span.new.split()
    pairs = list(zip(old_words, new_words, strict=False))
    is_same_count = len(old_words) == len(new_words)
    if not is_same_count or len(pairs) < 2 or not all(_changed_alone(*pair) for pair in pairs):
        return [span]
    spans, offset = [], 0
    for old_word, new_word in pairs:
        offset = span.new.index(new_word, offset)
        spans.append(ChangedSpan(span.at + offset, old_word, new_word))
        offset += len(new_word)
    return spans


def _changed_alone(old: str, new: str) -> bool:
    return (
        old == new
        or shared_stem(old, new) > 0
        or (NUMBER_TOKEN.match(old) is not None and NUMBER_TOKEN.match(new) is not None)
    )


def _trim(span: ChangedSpan) -> ChangedSpan:
    """The span without outer space, a shared Korean stem and shared parts of compounds.

    >>> _trim(ChangedSpan(0, "l'ancien maire", "l'ex-maire"))
    ChangedSpan(at=2, old='ancien', new='ex-')
    >>> _trim(ChangedSpan(0, "don't", "won't"))
    ChangedSpan(at=0, old="don't", new="won't")
    """
    at = span.at + len(span.new) - len(span.new.lstrip())
    old, new = span.old.strip(), span.new.strip()
    head = shared_stem(old, new) or _shared_head(old, new)
    at, old, new = at + head, old[head:], new[head:]
    tail = 0 if _same_letters(old, new) else _shared_tail(old, new)
    return ChangedSpan(at, old[: len(old) - tail].rstrip(), new[: len(new) - tail].rstrip())


def _with_unit(span: ChangedSpan, sentence: str) -> ChangedSpan:
    """The span of a number with its unchanged unit, or of a unit with its unchanged number."""
    if not span.old or not span.new:
        return span
    if all(ENDS_IN_NUMBER.search(text[-MAX_NUMBER_CHARACTERS:]) for text in (span.old, span.new)):
        unit = SPACED_UNIT.match(sentence, span.at + len(span.new))
        return ChangedSpan(span.at, span.old + unit[0], span.new + unit[0]) if unit else span
    if all(SPACED_UNIT.fullmatch(f" {text}") for text in (span.old, span.new)):
        start = max(0, span.at - MAX_NUMBER_CHARACTERS)
        match = ENDS_IN_NUMBER.search(sentence[start : span.at].rstrip())
        if match:
            number = sentence[start + match.start() : span.at]
            return ChangedSpan(start + match.start(), number + span.old, number + span.new)
    return span


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


def _join_quotes(parts: list[Hunk]) -> list[Hunk]:
    """The hunks, with quotation marks on both sides of a text joined to one change of that text."""
    joined: list[Hunk] = []
    for part in parts:
        pair = joined[-2:]
        if (
            len(pair) == 2
            and _are_quotes(pair[0], part)
            and len(pair[1].old) <= MAX_QUOTED_CHARACTERS
        ):
            old = pair[0].old + pair[1].old + part.old
            new = pair[0].new + pair[1].new + part.new
            joined[-2:] = [Hunk("replace", old, new)]
        else:
            joined.append(part)
    return joined


def _are_quotes(opening: Hunk, closing: Hunk) -> bool:
    return _is_mark(closing) and _is_mark(opening)


def _is_mark(part: Hunk) -> bool:
    text = (part.old + part.new).strip()
    return part.op != "equal" and bool(text) and all(c in QUOTATION_MARKS for c in text)
