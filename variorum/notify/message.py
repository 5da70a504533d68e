"""An edit in words, cut to what a channel can take."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from storage.articles.edits import edit_from_row, edit_label
from storage.diff.render import printable, redline

# What belongs to the character before it, beside combining marks: joiners, the vowels and finals of
# Korean syllables in parts, the second half of a flag, skin tones, tags.
EXTENDING_CHARACTER = re.compile(
    "[\u1160-\u11ff\u200c\u200d\U0001f1e6-\U0001f1ff\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]"
)
ZERO_WIDTH_JOINER = "\u200d"
ELLIPSIS = "…"
# A cut goes back to the last word's end where that is not further than this share of the whole.
MAX_CUT_BACK_SHARE = 0.2


def cut(text: str, limit: int) -> str:
    """The text in at most `limit` characters, cut at a word's end if one is near, never within a
    character as a reader sees it.

    >>> cut("Fire kills twelve in the old mill", 20)
    'Fire kills twelve…'
    """
    if len(text) <= limit:
        return text
    end = max(limit - len(ELLIPSIS), 0)
    space = text.rfind(" ", 0, end + 1)
    if space > end * (1 - MAX_CUT_BACK_SHARE):
        end = space
    while end and (_is_extending(text[end]) or text[end - 1] == ZERO_WIDTH_JOINER):
        end -= 1
    return text[:end].rstrip() + ELLIPSIS[:limit]


def _is_extending(char: str) -> bool:
    return unicodedata.category(char).startswith("M") or EXTENDING_CHARACTER.match(char) is not None


def title(edits: Sequence[dict[str, Any]]) -> str:
    """One line for one edit or several."""
    if len(edits) == 1:
        edit = edits[0]
        return printable(f"{edit['host']}: {edit['field']} edited – {edit['headline']}")
    hosts = list(dict.fromkeys(edit["host"] for edit in edits))
    return f"{len(edits)} edits at {', '.join(hosts[:3])}{' and others' if len(hosts) > 3 else ''}"


def body(edits: Sequence[dict[str, Any]], limit: int) -> str:
    """The edits with their redlines, in at most `limit` characters; what does not fit is counted."""
    parts = list[str]()
    characters_left = limit
    for number, edit in enumerate(edits):
        part_limit = max(characters_left // (len(edits) - number), 200)
        part = cut(_paragraph(edit), min(part_limit, max(characters_left, 0)))
        more = f"and {len(edits) - number} more"
        if len(part) < 60 or len(part) + len(more) + 2 > characters_left:
            parts.append(cut(part if not number else more, max(characters_left, 0)))
            break
        parts.append(part)
        characters_left -= len(part) + 2
    return "\n\n".join(parts)


def _paragraph(edit: dict[str, Any]) -> str:
    """An edit as a person reads it; the address first, so that no cut takes it."""
    return (
        f"{printable(edit['headline'])}\n{edit['url']}\n{edit['field']}, {edit_label(edit, ', ')}:"
        f" {redline(edit_from_row(edit))}"
    )
