"""The hunks of one changed sentence become edits: the smallest spans that read well."""

from storage.diff.edit import Edit, Hunk
from storage.diff.hunks import bridged, hunks, shared_start, shared_stem
from storage.diff.kinds import QUOTES, word_kind

# Two sentences that keep less than this share of the shorter one are one rewritten sentence, not
# confetti; a sentence that only grew or was cut keeps most of it.
KEPT = 0.4
# Compounds are parted at hyphens; French articles end in an apostrophe, before a word so long.
HYPHENS, APOSTROPHES, LONG_WORD = "-‐", "'’", 3
# Quotation marks put around at most this many characters are one edit.
QUOTED_LENGTH = 80

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
    places = _places(_quoted(bridged(parts)))
    return [_edit(place, old, new, field, paragraph, lang) for place in places]


def _is_rewritten(parts: tuple[Hunk, ...], old: str, new: str) -> bool:
    kept = sum(len(part.old) for part in parts if part.op == "equal")
    changed = sum(part.op != "equal" for part in parts)
    return changed > 2 and kept < KEPT * min(len(old), len(new))


def _places(parts: list[Hunk]) -> list[Place]:
    places: list[Place] = []
    at = 0
    for part in parts:
        if part.op != "equal" and (part.old.strip() or part.new.strip()):
            places.append(_trimmed(at, part.old, part.new))
        at += len(part.new)
    return places


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
    tail = _shared_tail(old, new)
    return at, old[: len(old) - tail].rstrip(), new[: len(new) - tail].rstrip()


def _shared_head(old: str, new: str) -> int:
    """How many characters both begin with that end where a word may be parted, if words are left."""
    head = shared_start(old, new)
    while head and not _may_part(old, head, new):
        head -= 1
    return head


def _may_part(old: str, head: int, new: str) -> bool:
    if not (_begins_word(old[head:]) and _begins_word(new[head:])):
        return False
    edge = old[head - 1]
    return edge in HYPHENS or (
        edge in APOSTROPHES and max(_letters(old[head:]), _letters(new[head:])) >= LONG_WORD
    )


def _shared_tail(old: str, new: str) -> int:
    """How many characters both end with, from a hyphen or a space on, or after one in each."""
    most = tail = shared_start(old[::-1], new[::-1])
    while tail and not (_is_parted(old, tail) and _is_parted(new, tail)):
        tail -= 1
    return tail + (0 < tail < most)


def _is_parted(text: str, tail: int) -> bool:
    before = text[: len(text) - tail]
    return before[-1:] in (*HYPHENS, " ") and before[:1].isalnum()


def _begins_word(text: str) -> bool:
    return text[:1].isalnum()


def _letters(text: str) -> int:
    return next((at for at, c in enumerate(text) if not c.isalpha()), len(text))


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
