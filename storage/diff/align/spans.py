"""The hunks of one changed sentence become edits: the smallest spans that read well."""

from scraper.patterns import lazy_pattern
from storage.diff.align.words import bridge, hunks
from storage.diff.edit import Edit, Hunk
from storage.diff.kinds.rules import word_kind
from storage.diff.text.korean import shared_stem
from storage.diff.text.tokens import NUMBER_TOKEN, QUOTATION_MARKS, shared_start
from storage.diff.text.units import SPACED_UNIT

# Two sentences that keep less than this share of the shorter one are one rewritten sentence, not
# confetti; a sentence that only grew or was cut keeps most of it.
MIN_EQUAL_SHARE = 0.4
# Compounds are parted at hyphens; French articles end in an apostrophe, before a word so long.
HYPHENS, APOSTROPHES, LONG_WORD_LENGTH = "-‐", "'’", 3
COMPOUND_BREAKS = HYPHENS + " "
MAX_TAIL_CHARACTERS = 40  # characters of a compound's last part
MAX_NUMBER_CHARACTERS = 24
# Quotation marks put around at most this many characters are one edit.
MAX_QUOTED_CHARACTERS = 80

ENDS_IN_NUMBER = lazy_pattern(rf"{NUMBER_TOKEN.pattern}$")

ChangedSpan = tuple[int, str, str]  # where `new` begins, and the spans old and new


def sentence_edits(
    old: str, new: str, *, field: str, paragraph: int | None = None, lang: str | None = None
) -> list[Edit]:
    """The edits that turn one sentence (or headline, or caption) into another.

    >>> [(e.kind, e.old, e.new) for e in sentence_edits("12 died.", "21 died.", field="body")]
    [('number', '12', '21')]
    >>> [(e.old, e.new) for e in sentence_edits("중국이 간다.", "중국은 간다.", field="body")]
    [('이', '은')]
    """
    parts = hunks(old, new)
    if _is_rewritten(parts, old, new):
        return [_span_edit((0, old, new), old, new, field, paragraph, lang)]
    spans = [_with_unit(span, new) for span in _changed_spans(_join_quotes(bridge(parts)))]
    return [_span_edit(span, old, new, field, paragraph, lang) for span in spans]


def _is_rewritten(parts: tuple[Hunk, ...], old: str, new: str) -> bool:
    equal_length = sum(len(part.old) for part in parts if part.op == "equal")
    change_count = sum(part.op != "equal" for part in parts)
    return change_count > 2 and equal_length < MIN_EQUAL_SHARE * min(len(old), len(new))


def _changed_spans(parts: list[Hunk]) -> list[ChangedSpan]:
    spans: list[ChangedSpan] = []
    at = 0
    for part in parts:
        if part.op != "equal":
            for start, old, new in _split_words(part.old, part.new):
                span = _trim(at + start, old, new)
                if span[1] != span[2]:
                    spans.append(span)
        at += len(part.new)
    return spans


def _split_words(old: str, new: str) -> list[ChangedSpan]:
    """Neighbouring words that changed each by itself are changes of their own: 정부는 예산을 →
    정부가 예산도 is 는 → 가 and 을 → 도."""
    left, right = old.split(), new.split()
    pairs = list(zip(left, right, strict=False))
    if (
        len(left) != len(right)
        or len(pairs) < 2
        or not all(_changed_alone(*pair) for pair in pairs)
    ):
        return [(0, old, new)]
    spans, at = [], 0
    for one, other in pairs:
        at = new.index(other, at)
        spans.append((at, one, other))
        at += len(other)
    return spans


def _changed_alone(old: str, new: str) -> bool:
    return (
        old == new
        or shared_stem(old, new) > 0
        or (NUMBER_TOKEN.match(old) is not None and NUMBER_TOKEN.match(new) is not None)
    )


def _trim(at: int, old: str, new: str) -> ChangedSpan:
    """Without the white space around it, the stem that two Korean words share, and shared parts
    of compounds.

    >>> _trim(0, "l'ancien maire", "l'ex-maire"), _trim(0, "don't", "won't")
    ((2, 'ancien', 'ex-'), (0, "don't", "won't"))
    """
    at += len(new) - len(new.lstrip())
    old, new = old.strip(), new.strip()
    head = shared_stem(old, new) or _shared_head(old, new)
    at, old, new = at + head, old[head:], new[head:]
    tail = 0 if _same_letters(old, new) else _shared_tail(old, new)
    return at, old[: len(old) - tail].rstrip(), new[: len(new) - tail].rstrip()


def _with_unit(span: ChangedSpan, sentence: str) -> ChangedSpan:
    """A number with the unit after it that stayed, a unit with the number before it."""
    at, old, new = span
    end = at + len(new)
    numbers = [ENDS_IN_NUMBER.search(text[-MAX_NUMBER_CHARACTERS:]) for text in (old, new)]
    if old and new and all(numbers):
        unit = SPACED_UNIT.match(sentence, end)
        return (at, old + unit[0], new + unit[0]) if unit else span
    if old and new and SPACED_UNIT.fullmatch(f" {old}") and SPACED_UNIT.fullmatch(f" {new}"):
        number = ENDS_IN_NUMBER.search(sentence[max(0, at - MAX_NUMBER_CHARACTERS) : at].rstrip())
        if number:
            start = max(0, at - MAX_NUMBER_CHARACTERS) + number.start()
            before = sentence[start:at]
            return start, before + old, before + new
    return span


def _shared_head(old: str, new: str) -> int:
    """How many characters both begin with that end where a word may be parted, if words are left."""
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
    """Whether only marks changed, which read better with all of the compound."""
    return [c for c in old if c.isalnum()] == [c for c in new if c.isalnum()]


def _join_quotes(parts: list[Hunk]) -> list[Hunk]:
    """Marks set or taken away on both sides of a word are one change of that word."""
    joined: list[Hunk] = []
    for part in parts:
        pair = joined[-2:] if len(joined) > 1 else []
        if (
            pair
            and _is_mark(part)
            and _is_mark(pair[0])
            and len(pair[1].old) <= MAX_QUOTED_CHARACTERS
        ):
            old = pair[0].old + pair[1].old + part.old
            new = pair[0].new + pair[1].new + part.new
            joined[-2:] = [Hunk("replace", old, new)]
        else:
            joined.append(part)
    return joined


def _is_mark(part: Hunk) -> bool:
    text = (part.old + part.new).strip()
    return part.op != "equal" and bool(text) and all(c in QUOTATION_MARKS for c in text)


def _span_edit(
    span: ChangedSpan, old: str, new: str, field: str, paragraph: int | None, lang: str | None
) -> Edit:
    at, before, after = span
    kind = word_kind(before, after, old_sentence=old, new_sentence=new, at=at, lang=lang)
    op = "replace" if before and after else "delete" if before else "insert"
    return Edit(field, op, kind, before or None, after or None, paragraph, new, at)
