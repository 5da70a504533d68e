"""The hunks of one changed sentence become edits: the smallest spans that read well."""

from storage.diff.edit import Edit, Hunk
from storage.diff.hunks import bridged, hunks, shared_stem
from storage.diff.kinds import QUOTES, word_kind

# A sentence with less than this share of its text left is one rewritten sentence, not confetti.
KEPT = 0.4
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
    return changed > 2 and kept < KEPT * max(len(old), len(new))


def _places(parts: list[Hunk]) -> list[Place]:
    places: list[Place] = []
    at = 0
    for part in parts:
        if part.op != "equal" and (part.old.strip() or part.new.strip()):
            places.append(_trimmed(at, part.old, part.new))
        at += len(part.new)
    return places


def _trimmed(at: int, old: str, new: str) -> Place:
    """Without the white space around it, and without the stem two Korean words share."""
    at += len(new) - len(new.lstrip())
    old, new = old.strip(), new.strip()
    stem = shared_stem(old, new)
    return at + stem, old[stem:], new[stem:]


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
