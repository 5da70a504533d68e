"""The same edits for a terminal, a web page, a patch and a program."""

import html
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from typing import Any

from scraper.article import Article
from scraper.patterns import lazy_pattern
from storage.diff.align.words import Opcode, align
from storage.diff.edit import Edit

# What could move a cursor, hide or reorder text: C0 and C1 controls, directional overrides.
TERMINAL_CONTROL = lazy_pattern("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
# What has spaces between its words, and is never parted within one: Latin, Greek, Cyrillic, Hebrew, Arabic.
SPACED_SCRIPT = lazy_pattern("[0-9A-Za-z\u00c0-\u024f\u0370-\u052f\u0590-\u06ff]")
UNSPACED_SCRIPT = lazy_pattern("[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
# How much of a long sentence is shown around a change, in characters.
MAX_SIDE_CHARACTERS = 90
# Lines of a unified diff around a change.
UNIFIED_CONTEXT_LINES = 1


@dataclass(frozen=True, slots=True)
class Style:
    """How removed and added text is set, and how text is made safe for the place it goes."""

    removed: tuple[str, str]
    added: tuple[str, str]
    safe: Callable[[str], str]


def printable(text: str) -> str:
    """Text that cannot command a terminal.

    >>> printable("a\\x1b[31mb")
    'a[31mb'
    """
    return TERMINAL_CONTROL.sub("", text)


def markup(text: str) -> str:
    """Text that cannot become markup."""
    return html.escape(TERMINAL_CONTROL.sub("", text), quote=True)


PLAIN_STYLE = Style(("[-", "-]"), ("{+", "+}"), printable)
COLOUR_STYLE = Style(("\x1b[9;31m", "\x1b[0m"), ("\x1b[1;32m", "\x1b[0m"), printable)
HTML_STYLE = Style(("<del>", "</del>"), ("<ins>", "</ins>"), markup)


def redline(edit: Edit, style: Style = PLAIN_STYLE) -> str:
    """The sentence of an edit with what left and what came marked in it.

    >>> redline(Edit("body", "replace", "number", "12", "21", 0, "Fire kills 21 in mill.", 11))
    'Fire kills [-12-]{+21+} in mill.'
    """
    if edit.op == "move":
        return f"{style.safe('moved: ')}{_styled(edit.new, style.added, style)}"
    before, after = clipped_sides(edit)
    left = _styled(edit.old, style.removed, style)
    right = _styled(edit.new, style.added, style)
    return f"{style.safe(before)}{left}{right}{style.safe(after)}"


def _styled(text: str | None, marks: tuple[str, str], style: Style) -> str:
    return f"{marks[0]}{style.safe(text)}{marks[1]}" if text else ""


def clipped_sides(edit: Edit) -> tuple[str, str]:
    """The sentence before and after the change, cut at words where it is long."""
    before, after = sentence_sides(edit)
    if len(before) > MAX_SIDE_CHARACTERS:
        before = "…" + before[-MAX_SIDE_CHARACTERS:].partition(" ")[2]
    if len(after) > MAX_SIDE_CHARACTERS:
        after = after[:MAX_SIDE_CHARACTERS].rpartition(" ")[0] + "…"
    return before, after


def sentence_sides(edit: Edit) -> tuple[str, str]:
    """The sentence before and after the change; the space that left with a word stands beside it again.

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
    """An edit as a program reads it."""
    return asdict(edit)


def as_html(edits: Iterable[Edit]) -> str:
    """Edits as an HTML list; everything that came from a page is escaped."""
    items = [
        f'<li class="edit {edit.kind}"><span class="field">{edit.field}</span>'
        f' <span class="kind">{edit.kind.replace("_", " ")}</span> <p>{redline(edit, HTML_STYLE)}</p></li>'
        for edit in edits
    ]
    return "\n".join(['<ul class="edits">', *items, "</ul>"])


def as_unified(old: Article, new: Article, old_name: str, new_name: str) -> str:
    """Two versions as a unified diff, a paragraph a line; empty where they are the same."""
    before, after = _article_lines(old), _article_lines(new)
    groups = _group_opcodes(align(before, after))
    if not groups:
        return ""
    lines = [f"--- {_printable_line(old_name)}", f"+++ {_printable_line(new_name)}"]
    for group in groups:
        lines.append(f"@@ -{_line_range(group, 0)} +{_line_range(group, 1)} @@")
        for op, i1, i2, j1, j2 in group:
            if op == "equal":
                lines += [f" {line}" for line in before[i1:i2]]
            else:
                lines += [f"-{line}" for line in before[i1:i2]]
                lines += [f"+{line}" for line in after[j1:j2]]
    return "\n".join(lines)


def _group_opcodes(opcodes: list[Opcode]) -> list[list[Opcode]]:
    """The changes with CONTEXT lines around them, those in a group that share theirs."""
    groups: list[list[Opcode]] = []
    group: list[Opcode] = []
    for at, (op, i1, i2, j1, j2) in enumerate(opcodes):
        if op != "equal":
            group.append((op, i1, i2, j1, j2))
            continue
        is_last = at == len(opcodes) - 1
        if group and (is_last or i2 - i1 > 2 * UNIFIED_CONTEXT_LINES):
            stop = min(UNIFIED_CONTEXT_LINES, i2 - i1)
            groups.append([*group, (op, i1, i1 + stop, j1, j1 + stop)])
            group = []
        elif group:
            group.append((op, i1, i2, j1, j2))
        if not group and not is_last:
            start = min(UNIFIED_CONTEXT_LINES, i2 - i1)
            group = [(op, i2 - start, i2, j2 - start, j2)]
    return [*groups, group] if group else groups


def _line_range(group: list[Opcode], side: int) -> str:
    """Where a group stands in one of the versions: its first line and how many."""
    start = (group[0][1], group[0][3])[side]
    stop = (group[-1][2], group[-1][4])[side]
    return f"{start + (stop > start)},{stop - start}"


def _article_lines(article: Article) -> list[str]:
    head = [f"# {article.headline}", *(article.dek or "").splitlines()]
    if article.byline:
        head.append("By " + ", ".join(article.byline))
    lines = [*head, *article.paragraphs, *(f"[caption] {text}" for text in article.captions)]
    return [_printable_line(text) for text in lines]


def _printable_line(text: str) -> str:
    """Text that is one line and cannot command a terminal."""
    return printable(" ".join(text.splitlines()))
