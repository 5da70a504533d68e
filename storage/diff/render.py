"""Edits as text for a terminal, a web page and a program."""

import html
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from typing import Any

from scraper.patterns import lazy_pattern
from scraper.phrases.scripts import COMPATIBILITY_IDEOGRAPHS, KANA_AND_IDEOGRAPHS
from storage.diff.edit import Edit

# Characters that move the cursor, hide text, reorder it or begin a line: C0 and C1 controls, every control of the
# text direction, the line and paragraph separators, and annotations between the lines.
TERMINAL_CONTROL = lazy_pattern(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f\ufff9-\ufffb]"
)
# Those of them that white space in HTML is not, and what shows nothing at all: soft hyphens, fillers, byte order marks.
# Joiners and the selectors of a variant stay: words of Persian, of Hindi and emoji need them.
HIDDEN_SIGN = lazy_pattern(
    "[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u2028-\u202e"
    "\u2060-\u2064\u2066-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e007f]"
)
# Scripts with spaces between words and none within: Latin, Greek, Cyrillic, Hebrew, Arabic.
SPACED_SCRIPT = lazy_pattern("[0-9A-Za-z\u00c0-\u024f\u0370-\u052f\u0590-\u06ff]")
UNSPACED_SCRIPT = lazy_pattern(f"[{KANA_AND_IDEOGRAPHS}{COMPATIBILITY_IDEOGRAPHS}]")
# Characters of a long sentence on each side of a change.
MAX_SIDE_CHARACTERS = 90


@dataclass(frozen=True, slots=True)
class Style:
    """What surrounds removed and added text, and how text becomes safe for its destination."""

    removed: tuple[str, str]
    added: tuple[str, str]
    safe: Callable[[str], str]


def printable(text: str) -> str:
    """The text without the characters that control a terminal; tabs and line breaks stay.

    >>> printable("a\\x1b[31mb")
    'a[31mb'
    """
    return TERMINAL_CONTROL.sub("", text)


def with_named_signs(text: str) -> str:
    """The text with the number of each hidden sign in its place, where nothing of it may be left out.

    >>> with_named_signs("a\\u202eb")
    'a[U+202E]b'
    """
    return HIDDEN_SIGN.sub(lambda sign: f"[U+{ord(sign[0]):04X}]", text)


def markup(text: str) -> str:
    """The text with HTML escaped, quotation marks included, and without control characters.

    >>> markup('<b class="x">')
    '&lt;b class=&quot;x&quot;&gt;'
    """
    return html.escape(TERMINAL_CONTROL.sub("", text), quote=True)


PLAIN_STYLE = Style(("[-", "-]"), ("{+", "+}"), printable)
COLOUR_STYLE = Style(("\x1b[9;31m", "\x1b[0m"), ("\x1b[1;32m", "\x1b[0m"), printable)
HTML_STYLE = Style(("<del>", "</del>"), ("<ins>", "</ins>"), markup)


def redline(edit: Edit, style: Style = PLAIN_STYLE) -> str:
    """The sentence of an edit, with the removed and the added text marked in it.

    >>> redline(Edit("body", "replace", "number", "12", "21", 0, "Fire kills 21 in mill.", 11))
    'Fire kills [-12-]{+21+} in mill.'
    """
    if edit.op == "move":
        return f"{style.safe('moved: ')}{_styled(edit.new, style.added, style)}"
    before, after = clipped_sides(edit)
    removed = _styled(edit.old, style.removed, style)
    added = _styled(edit.new, style.added, style)
    return f"{style.safe(before)}{removed}{added}{style.safe(after)}"


def _styled(text: str | None, marks: tuple[str, str], style: Style) -> str:
    return f"{marks[0]}{style.safe(text)}{marks[1]}" if text else ""


def clipped_sides(edit: Edit) -> tuple[str, str]:
    """The sentence before and after the change, each cut between words to `MAX_SIDE_CHARACTERS`."""
    before, after = sentence_sides(edit)
    if len(before) > MAX_SIDE_CHARACTERS:
        before = "…" + before[-MAX_SIDE_CHARACTERS:].partition(" ")[2]
    if len(after) > MAX_SIDE_CHARACTERS:
        after = after[:MAX_SIDE_CHARACTERS].rpartition(" ")[0] + "…"
    return before, after


def sentence_sides(edit: Edit) -> tuple[str, str]:
    """The sentence before and after the change.

    With a removed word its space was removed too. One of the sides has it back.

    >>> sentence_sides(Edit("body", "delete", "negation", "not", None, 0, "He did answer.", 7))
    ('He did ', ' answer.')
    >>> sentence_sides(Edit("body", "delete", "wording", "today", None, 0, "It rains.", 8))
    ('It rains ', '.')
    """
    before, after = edit.context[: edit.at], edit.context[edit.at + len(edit.new or "") :]
    if not edit.old or edit.new:
        return before, after
    is_at_start = not before or before[-1].isspace()
    if is_at_start and after[:1].isalnum() and (before or not UNSPACED_SCRIPT.match(after)):
        return before, f" {after}"
    is_at_end = not after[:1].isalnum() and not after[:1].isspace()
    if is_at_end and SPACED_SCRIPT.match(edit.old) and SPACED_SCRIPT.match(before[-1:]):
        return f"{before} ", after
    return before, after


def as_json(edit: Edit) -> dict[str, Any]:
    """An edit as a dictionary with the fields of `Edit` as keys."""
    return asdict(edit)


def as_html(edits: Iterable[Edit]) -> str:
    """Edits as an HTML list; everything that came from a page is escaped."""
    items = [
        f'<li class="edit {edit.kind}"><span class="field">{edit.field}</span>'
        f' <span class="kind">{edit.kind.replace("_", " ")}</span> <p>{redline(edit, HTML_STYLE)}</p></li>'
        for edit in edits
    ]
    return "\n".join(['<ul class="edits">', *items, "</ul>"])
