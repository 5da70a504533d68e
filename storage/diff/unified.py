"""Two versions as a unified diff, the form that patch programs and editors read."""

from scraper.article import Article
from storage.diff.align.words import Opcode, align
from storage.diff.render import printable

UNIFIED_CONTEXT_LINES = 1  # unchanged lines around a change


def as_unified(old: Article, new: Article, old_name: str, new_name: str) -> str:
    """Two versions as a unified diff, one line per paragraph; "" if no line differs.

    `old_name` and `new_name` are the names in the header. No line can control a terminal.
    """
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
    """The changes with their context lines; changes that share context lines are one group."""
    groups: list[list[Opcode]] = []
    group: list[Opcode] = []
    for at, (op, i1, i2, j1, j2) in enumerate(opcodes):
        if op != "equal":
            group.append((op, i1, i2, j1, j2))
            continue
        is_last = at == len(opcodes) - 1
        if group and (is_last or i2 - i1 > 2 * UNIFIED_CONTEXT_LINES):
            size = min(UNIFIED_CONTEXT_LINES, i2 - i1)
            groups.append([*group, (op, i1, i1 + size, j1, j1 + size)])
            group = []
        elif group:
            group.append((op, i1, i2, j1, j2))
        if not group and not is_last:
            size = min(UNIFIED_CONTEXT_LINES, i2 - i1)
            group = [(op, i2 - size, i2, j2 - size, j2)]
    return [*groups, group] if group else groups


def _line_range(group: list[Opcode], side: int) -> str:
    """The first line of a group in one version (0 old, 1 new), counted from 1, and how many.

    There is always one, since no version is without a headline: it is edited or it is context.
    """
    start = (group[0][1], group[0][3])[side]
    stop = (group[-1][2], group[-1][4])[side]
    return f"{start + 1},{stop - start}"


def _article_lines(article: Article) -> list[str]:
    head = [f"# {article.headline}", *(article.dek or "").splitlines()]
    if article.byline:
        head.append("By " + ", ".join(article.byline))
    lines = [*head, *article.paragraphs, *(f"[caption] {text}" for text in article.captions)]
    return [_printable_line(text) for text in lines]


def _printable_line(text: str) -> str:
    """Text on one line that cannot control a terminal."""
    return printable(" ".join(text.splitlines()))
