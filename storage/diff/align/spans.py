"""The hunks of one changed sentence become edits: the smallest spans that read well."""

import re

from scraper.patterns import pattern
from storage.diff.align.words import bridged, hunks, shared_start
from storage.diff.edit import Edit, Hunk
from storage.diff.kinds.rules import word_kind
from storage.diff.kinds.words import QUOTES
from storage.diff.text.korean import shared_stem
from storage.diff.text.tokens import NUMBER

# Two sentences that keep less than this share of the shorter one are one rewritten sentence, not
# confetti; a sentence that only grew or was cut keeps most of it.
KEPT = 0.4
# Compounds are parted at hyphens; French articles end in an apostrophe, before a word so long.
HYPHENS, APOSTROPHES, LONG_WORD = "-‐", "'’", 3
PARTING = HYPHENS + " "
MAX_TAIL = 40  # characters of a compound's last part
MAX_NUMBER = 24
# Quotation marks put around at most this many characters are one edit.
QUOTED_LENGTH = 80

# A number's unit may be a word of its own.
UNIT = pattern(
    r" (?:(?:thousand|million|billion|trillion|per ?cent|percentage points?|Prozent|Millionen|Milliarden|millions?|milliards?"
    r"|millones|mil millones|milhões|bilhões|miliardi|milioni)\b|(?:천|백)?(?:조|억|만)?\s?(?:원|달러|엔|유로|명)(?=[은는이가을를의에도]|\W|$))",
    re.I,
)
ENDS_IN_NUMBER = pattern(rf"{NUMBER.pattern}$")

Place = tuple[int, str, str]  # where `new` begins, and the spans old and new


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
        return [_edit((0, old, new), old, new, field, paragraph, lang)]
    places = [_with_unit(place, new) for place in _places(_quoted(bridged(parts)))]
    return [_edit(place, old, new, field, paragraph, lang) for place in places]


def _is_rewritten(parts: tuple[Hunk, ...], old: str, new: str) -> bool:
    kept = sum(len(part.old) for part in parts if part.op == "equal")
    changed = sum(part.op != "equal" for part in parts)
    return changed > 2 and kept < KEPT * min(len(old), len(new))


def _places(parts: list[Hunk]) -> list[Place]:
    places: list[Place] = []
    at = 0
    for part in parts:
        if part.op != "equal":
            for start, old, new in _words_apart(part.old, part.new):
                place = _trimmed(at + start, old, new)
                if place[1] != place[2]:
                    places.append(place)
        at += len(part.new)
    return places


def _words_apart(old: str, new: str) -> list[Place]:
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
    places, at = [], 0
    for one, other in pairs:
        at = new.index(other, at)
        places.append((at, one, other))
        at += len(other)
    return places


def _changed_alone(old: str, new: str) -> bool:
    return (
        old == new
        or shared_stem(old, new) > 0
        or (NUMBER.match(old) is not None and NUMBER.match(new) is not None)
    )


def _trimmed(at: int, old: str, new: str) -> Place:
    """Without the white space around it, the stem that two Korean words share, and shared parts
    of compounds.

    >>> _trimmed(0, "l'ancien maire", "l'ex-maire"), _trimmed(0, "don't", "won't")
    ((2, 'ancien', 'ex-'), (0, "don't", "won't"))
    """
    at += len(new) - len(new.lstrip())
    old, new = old.strip(), new.strip()
    head = shared_stem(old, new) or _shared_head(old, new)
    at, old, new = at + head, old[head:], new[head:]
    tail = 0 if _same_letters(old, new) else _shared_tail(old, new)
    return at, old[: len(old) - tail].rstrip(), new[: len(new) - tail].rstrip()


def _with_unit(place: Place, sentence: str) -> Place:
    """A number with the unit after it that stayed, a unit with the number before it."""
    at, old, new = place
    end = at + len(new)
    numbers = [ENDS_IN_NUMBER.search(text[-MAX_NUMBER:]) for text in (old, new)]
    if old and new and all(numbers):
        unit = UNIT.match(sentence, end)
        return (at, old + unit[0], new + unit[0]) if unit else place
    if old and new and UNIT.fullmatch(f" {old}") and UNIT.fullmatch(f" {new}"):
        number = ENDS_IN_NUMBER.search(sentence[max(0, at - MAX_NUMBER) : at].rstrip())
        if number:
            start = max(0, at - MAX_NUMBER) + number.start()
            before = sentence[start:at]
            return start, before + old, before + new
    return place


def _shared_head(old: str, new: str) -> int:
    """How many characters both begin with that end where a word may be parted, if words are left."""
    head = shared_start(old, new)
    edges = [old.rfind(mark, 0, head) + 1 for mark in HYPHENS + APOSTROPHES]
    return next(
        (edge for edge in sorted(edges, reverse=True) if edge and _may_part(old, edge, new)), 0
    )


def _may_part(old: str, head: int, new: str) -> bool:
    left, right = old[head : head + LONG_WORD], new[head : head + LONG_WORD]
    if not (left[:1].isalnum() and right[:1].isalnum()):
        return False
    is_long = any(len(word) == LONG_WORD and word.isalpha() for word in (left, right))
    return old[head - 1] in HYPHENS or is_long


def _shared_tail(old: str, new: str) -> int:
    """How many characters both end with, from a hyphen or a space on, or after one in each."""
    most = shared_start(old[::-1], new[::-1])
    for tail in range(min(most, MAX_TAIL), 0, -1):
        if _is_parted(old, tail) and _is_parted(new, tail):
            return tail + (tail < most)
    return 0


def _is_parted(text: str, tail: int) -> bool:
    end = len(text) - tail
    return end > 0 and text[end - 1] in PARTING and text[0].isalnum()


def _same_letters(old: str, new: str) -> bool:
    """Whether only marks changed, which read better with all of the compound."""
    return [c for c in old if c.isalnum()] == [c for c in new if c.isalnum()]


def _quoted(parts: list[Hunk]) -> list[Hunk]:
    """Marks set or taken away on both sides of a word are one change of that word."""
    joined: list[Hunk] = []
    for part in parts:
        pair = joined[-2:] if len(joined) > 1 else []
        if pair and _is_mark(part) and _is_mark(pair[0]) and len(pair[1].old) <= QUOTED_LENGTH:
            old = pair[0].old + pair[1].old + part.old
            new = pair[0].new + pair[1].new + part.new
            joined[-2:] = [Hunk("replace", old, new)]
        else:
            joined.append(part)
    return joined


def _is_mark(part: Hunk) -> bool:
    text = (part.old + part.new).strip()
    return part.op != "equal" and bool(text) and all(c in QUOTES for c in text)


def _edit(
    place: Place, old: str, new: str, field: str, paragraph: int | None, lang: str | None
) -> Edit:
    at, before, after = place
    kind = word_kind(before, after, old_sentence=old, new_sentence=new, at=at, lang=lang)
    op = "replace" if before and after else "delete" if before else "insert"
    return Edit(field, op, kind, before or None, after or None, paragraph, new, at)
