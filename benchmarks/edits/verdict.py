"""Whether an edit was logged, in the right field, with exactly the words that changed."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from benchmarks.pages.edits import MadeEdit
from storage.vocabulary import DATE_FIELDS

TOKEN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uff00-\uffef]|\w+|[^\w\s]")
INVISIBLE_CHARACTER = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
SENTENCE_ENDS = tuple(".!?。！？")
MAX_UNIT_CHARACTERS = 8  # what a number's unit may add to the smallest span


@dataclass(frozen=True, slots=True)
class Logged:
    """One edit as a tracker logged it."""

    field: str
    old: str | None
    new: str | None


def content_edits(edits: Sequence[Logged]) -> list[Logged]:
    """The edits that a reader would see: all but those of timestamps."""
    return [edit for edit in edits if edit.field not in DATE_FIELDS]


def is_in_right_field(made_edit: MadeEdit, edits: Sequence[Logged]) -> bool:
    """Whether one of the edits is in a field of the made edit."""
    return any(edit.field in made_edit.fields for edit in edits)


def has_exact_words(made_edit: MadeEdit, edits: Sequence[Logged]) -> bool:
    """Whether the logged `old` and `new` are exactly the words that changed.

    One edit is enough if replacing `old` by `new` turns the old paragraph into the new one, and
    neither is longer than the changed words (a number may bring its unit). Or all edits together
    do it: their words are those that the new paragraph adds and removes.
    """
    old, new = without_spaces(made_edit.before), without_spaces(made_edit.after)
    field_edits = [
        edit
        for edit in edits
        if edit.field in made_edit.fields
        and without_spaces(edit.old) in old
        and without_spaces(edit.new) in new
    ]
    return any(_is_exact(made_edit, [edit]) for edit in field_edits) or _is_exact(
        made_edit, field_edits
    )


def is_only_exact_words(made_edit: MadeEdit, edits: Sequence[Logged]) -> bool:
    """Whether exactly the words that changed were logged, and nothing else in any field."""
    return _is_exact(made_edit, content_edits(edits))


def _is_exact(made_edit: MadeEdit, edits: Sequence[Logged]) -> bool:
    old, new = without_spaces(made_edit.before), without_spaces(made_edit.after)
    room_old, room_new = _change_widths(made_edit)
    removed, added = [without_spaces(e.old) for e in edits], [without_spaces(e.new) for e in edits]
    if not edits or sum(map(len, removed)) > room_old or sum(map(len, added)) > room_new:
        return False
    if len(edits) == 1 and _becomes(old, new, removed[0], added[0]):
        return True
    logged_old, logged_new = _words(e.old for e in edits), _words(e.new for e in edits)
    before, after = _words([made_edit.before]), _words([made_edit.after])
    return logged_old - logged_new == before - after and logged_new - logged_old == after - before


def without_spaces(text: str | None) -> str:
    """The text without white space and zero-width characters."""
    return "".join(INVISIBLE_CHARACTER.sub("", text or "").split())


def _words(texts: Iterable[str | None]) -> Counter[str]:
    return Counter(token for text in texts for token in TOKEN.findall(text or ""))


def _becomes(old: str, new: str, removed: str, added: str) -> bool:
    at = old.find(removed)
    while at >= 0:
        if old[:at] + added + old[at + len(removed) :] == new:
            return True
        at = old.find(removed, at + 1)
    return False


def _change_widths(made_edit: MadeEdit) -> tuple[int, int]:
    """How many characters the change spans in the old and in the new paragraph, in whole words."""
    a, b = made_edit.before.split(), made_edit.after.split()
    if len(a) < 3 or len(b) < 3:  # the script has no spaces
        a, b = TOKEN.findall(made_edit.before), TOKEN.findall(made_edit.after)
    unit_characters = MAX_UNIT_CHARACTERS if made_edit.kind == "digit" else 0
    start = 0
    while start < min(len(a), len(b)) and a[start] == b[start]:
        start += 1
    end = 0
    while end < min(len(a), len(b)) - start and a[-1 - end] == b[-1 - end]:
        end += 1
    if made_edit.kind == "sentence changed":
        start, end = _sentence_bounds(a, start, end)
    changed_old, changed_new = a[start : len(a) - end], b[start : len(b) - end]
    return len("".join(changed_old)) + unit_characters, len("".join(changed_new)) + unit_characters


def _sentence_bounds(words: Sequence[str], start: int, end: int) -> tuple[int, int]:
    """How many words at both ends are outside the sentence that changed."""
    while start > 0 and words[start - 1].rstrip('"”’」』)')[-1:] not in SENTENCE_ENDS:
        start -= 1
    while end > 0 and words[-1 - end].rstrip('"”’」』)')[-1:] not in SENTENCE_ENDS:
        end -= 1
    return start, end
