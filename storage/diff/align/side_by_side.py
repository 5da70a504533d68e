"""Two whole versions beside each other, block by block: what stands, left, came, changed, moved."""

from dataclasses import dataclass

from scraper.article import Article
from storage.diff.align.sentences import SentenceMatch, match_sentences
from storage.diff.align.words import bridge, hunks
from storage.diff.edit import Hunk
from storage.diff.text.visible import visible


@dataclass(frozen=True, slots=True)
class SideBySideRow:
    """A headline, paragraph or the like in both versions.

    `op` is equal, insert, delete, replace, moved (where it stands now) or left (where it stood
    before it moved). `number` counts paragraphs from 1 in the version that holds it, `other` is
    the paragraph that it moved from or to.
    """

    field: str
    op: str
    hunks: tuple[Hunk, ...]
    number: int | None = None
    other: int | None = None

    @property
    def old(self) -> str:
        return "".join(hunk.old for hunk in self.hunks)

    @property
    def new(self) -> str:
        return "".join(hunk.new for hunk in self.hunks)


def side_by_side_rows(old: Article, new: Article) -> tuple[SideBySideRow, ...]:
    """All that both versions say, in the order of the new one.

    >>> one = Article("https://example.org/a", "Fire", paragraphs=("It began at noon.", "12 died."))
    >>> two = Article("https://example.org/a", "Fire", paragraphs=("It began at noon.", "21 died."))
    >>> [(row.field, row.op, row.old, row.new) for row in side_by_side_rows(one, two)][1:]
    [('body', 'equal', 'It began at noon.', 'It began at noon.'), ('body', 'replace', '12 died.', '21 died.')]
    """
    return (
        *_line_rows("headline", old.headline, new.headline),
        *_line_rows("dek", old.dek or "", new.dek or ""),
        *_line_rows("byline", ", ".join(old.byline), ", ".join(new.byline)),
        *_paragraph_rows("body", old.paragraphs, new.paragraphs),
        *_paragraph_rows("caption", old.captions, new.captions),
    )


def _line_rows(field: str, old: str, new: str) -> list[SideBySideRow]:
    before, after = visible(old), visible(new)
    return [_row(field, before, after)] if before or after else []


def _row(field: str, old: str, new: str, number: int | None = None) -> SideBySideRow:
    op = "equal" if old == new else "replace" if old and new else "delete" if old else "insert"
    return SideBySideRow(field, op, tuple(bridge(hunks(old, new))), number)


def _paragraph_rows(field: str, old: tuple[str, ...], new: tuple[str, ...]) -> list[SideBySideRow]:
    before, after = [visible(text) for text in old], [visible(text) for text in new]
    matches = match_sentences(before, after)
    rows_by_position: dict[int, list[SideBySideRow]] = {}
    for match in matches:
        old_text = " ".join(before[slice(*match.old)])
        new_text = " ".join(after[slice(*match.new)])
        number = match.new[0] + 1 if new_text else match.old[0] + 1
        row = _row(field, old_text, new_text, number)
        if match.moved:
            row = SideBySideRow(field, "moved", row.hunks, number, match.old[0] + 1)
        rows_by_position.setdefault(match.new[0], []).append(row)
    for at, match in _moved_away(matches, len(before), len(after)):
        removed = Hunk("delete", before[match.old[0]], "")
        row = SideBySideRow(field, "left", (removed,), match.old[0] + 1, match.new[0] + 1)
        rows_by_position.setdefault(at, []).insert(0, row)
    covered = {at for match in matches for at in range(*match.new)}
    rows = list[SideBySideRow]()
    for at in range(len(after) + 1):
        rows += rows_by_position.get(at, [])
        if at < len(after) and at not in covered:
            rows.append(_row(field, after[at], after[at], at + 1))
    return rows


def _moved_away(
    matches: list[SentenceMatch], olds: int, news: int
) -> list[tuple[int, SentenceMatch]]:
    """Before which new paragraph each one stood that moved away."""
    covered = {at for match in matches for at in range(*match.new)}
    unchanged = iter([at for at in range(news) if at not in covered])
    in_place = {at: match for match in matches if not match.moved for at in range(*match.old)}
    moved = {match.old[0]: match for match in matches if match.moved}
    rows = list[tuple[int, SentenceMatch]]()
    position = 0
    for at in range(olds):
        if at in moved:
            rows.append((position, moved[at]))
        elif at in in_place:
            position = max(position, in_place[at].new[1])
        else:
            position = next(unchanged, position) + 1
    return rows
