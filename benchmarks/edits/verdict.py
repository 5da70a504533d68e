"""Was an edit logged, in the right field, with exactly the words that changed?"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from benchmarks.pages.edits import MadeEdit

TOKEN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uff00-\uffef]|\w+|[^\w\s]")
STAMPS = frozenset({"published_at", "modified_at"})
INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
STOPS = tuple(".!?。！？")
UNIT_ROOM = 8  # characters that a number's unit may add to the smallest span


@dataclass(frozen=True, slots=True)
class Logged:
    """One edit as the tracker under test logged it."""

    field: str
    old: str | None
    new: str | None


def content_edits(edits: Sequence[Logged]) -> list[Logged]:
    """The edits that a reader would see: stamps alone are none."""
    return [edit for edit in edits if edit.field not in STAMPS]


def right_field(made: MadeEdit, edits: Sequence[Logged]) -> bool:
    """One of the edits is in a field that the made edit belongs to."""
    return any(edit.field in made.fields for edit in edits)


def exact_words(made: MadeEdit, edits: Sequence[Logged]) -> bool:
    """The logged `old` and `new` are the words that changed, no others, none left out.

    One edit: putting `new` in the place of `old` turns the old paragraph into the new one, and
    neither is longer than the changed words (a number may bring its unit). Or all together: their
    words are those that the new paragraph has more and less than the old one.
    """
    old, new = squeeze(made.before), squeeze(made.after)
    mine = [
        edit
        for edit in edits
        if edit.field in made.fields and squeeze(edit.old) in old and squeeze(edit.new) in new
    ]
    return any(_is_exact(made, [edit]) for edit in mine) or _is_exact(made, mine)


def alone(made: MadeEdit, edits: Sequence[Logged]) -> bool:
    """Exactly the words that changed, and nothing else was logged in any field."""
    return _is_exact(made, content_edits(edits))


def _is_exact(made: MadeEdit, edits: Sequence[Logged]) -> bool:
    old, new = squeeze(made.before), squeeze(made.after)
    room_old, room_new = _widths(made)
    gone, come = [squeeze(e.old) for e in edits], [squeeze(e.new) for e in edits]
    if not edits or sum(map(len, gone)) > room_old or sum(map(len, come)) > room_new:
        return False
    if len(edits) == 1 and _turns_into(old, new, gone[0], come[0]):
        return True
    logged_old, logged_new = _words(e.old for e in edits), _words(e.new for e in edits)
    before, after = _words([made.before]), _words([made.after])
    return logged_old - logged_new == before - after and logged_new - logged_old == after - before


def squeeze(text: str | None) -> str:
    """The text without white space and without characters that have no width."""
    return "".join(INVISIBLE.sub("", text or "").split())


def _words(texts: Iterable[str | None]) -> Counter[str]:
    return Counter(token for text in texts for token in TOKEN.findall(text or ""))


def _turns_into(old: str, new: str, gone: str, come: str) -> bool:
    at = old.find(gone)
    while at >= 0:
        if old[:at] + come + old[at + len(gone) :] == new:
            return True
        at = old.find(gone, at + 1)
    return False


def _widths(made: MadeEdit) -> tuple[int, int]:
    """How many characters of the old and of the new paragraph the change spans, whole words."""
    a, b = made.before.split(), made.after.split()
    if len(a) < 3 or len(b) < 3:  # a script without spaces
        a, b = TOKEN.findall(made.before), TOKEN.findall(made.after)
    room = UNIT_ROOM if made.kind == "digit" else 0
    start = 0
    while start < min(len(a), len(b)) and a[start] == b[start]:
        start += 1
    end = 0
    while end < min(len(a), len(b)) - start and a[-1 - end] == b[-1 - end]:
        end += 1
    if made.kind == "sentence changed":
        start, end = _whole_sentence(a, start, end)
    wide_old, wide_new = a[start : len(a) - end], b[start : len(b) - end]
    return len("".join(wide_old)) + room, len("".join(wide_new)) + room


def _whole_sentence(words: Sequence[str], start: int, end: int) -> tuple[int, int]:
    """Words left out at both ends, fewer by those that belong to the changed sentence."""
    while start > 0 and words[start - 1].rstrip('"”’」』)')[-1:] not in STOPS:
        start -= 1
    while end > 0 and words[-1 - end].rstrip('"”’」』)')[-1:] not in STOPS:
        end -= 1
    return start, end
