"""Two whole versions side by side, in rows: what is equal, changed, added, removed, moved."""

from dataclasses import dataclass, replace

from scraper.article import Article
from storage.diff.align.sentences import SentenceMatch, match_sentences
from storage.diff.align.words import bridge, hunks
from storage.diff.edit import Hunk, change_op
from storage.diff.text.visible import visible
from storage.vocabulary import FIELDS, Field, Shape


@dataclass(frozen=True, slots=True)
class SideBySideRow:
    """A headline, a paragraph or another part of both versions.

    `op` is equal, insert, delete or replace. A paragraph that moved has two rows: `moved` at its
    new position, `left` at its old one. `number` is the paragraph, counted from 1 in the new
    version, or in the old one if it is not in the new. `other` is the paragraph in the other
    version from which or to which it moved.
    """

    field: str
    op: str
    hunks: tuple[Hunk, ...]
    number: int | None = None
    other: int | None = None

    @property
    def old(self) -> str:
        """The text of the row in the old version."""
        return "".join(hunk.old for hunk in self.hunks)

    @property
    def new(self) -> str:
        """The text of the row in the new version."""
        return "".join(hunk.new for hunk in self.hunks)


def side_by_side_rows(old: Article, new: Article) -> tuple[SideBySideRow, ...]:
    """The rows of two versions, in the order of the new one.

    >>> one = Article("https://example.org/a", "Fire", paragraphs=("It began at noon.", "12 died."))
    >>> two = Article("https://example.org/a", "Fire", paragraphs=("It began at noon.", "21 died."))
    >>> [(row.field, row.op, row.old, row.new) for row in side_by_side_rows(one, two)][1:]
    [('body', 'equal', 'It began at noon.', 'It began at noon.'), ('body', 'replace', '12 died.', '21 died.')]
    """
    return tuple(row for field in FIELDS for row in _field_rows(field, old, new))


def _field_rows(field: Field, old: Article, new: Article) -> list[SideBySideRow]:
    """The rows of one field; none of a date or a label, which are not part of the text."""
    before, after = getattr(old, field.attribute), getattr(new, field.attribute)
    match field.shape:
        case Shape.LINE:
            return _line_rows(field.name, before or "", after or "")
        case Shape.NAMES:
            return _line_rows(field.name, ", ".join(before), ", ".join(after))
        case Shape.LINES | Shape.TEXT:
            return _paragraph_rows(field.name, before, after)
        case Shape.DATE | Shape.LABEL:
            return []


def _line_rows(field: str, old: str, new: str) -> list[SideBySideRow]:
    before, after = visible(old), visible(new)
    return [_row(field, before, after)] if before or after else []


def _row(field: str, old: str, new: str, number: int | None = None) -> SideBySideRow:
    op = "equal" if old == new else change_op(old, new)
    return SideBySideRow(field, op, tuple(bridge(hunks(old, new))), number)


def _paragraph_rows(field: str, old: tuple[str, ...], new: tuple[str, ...]) -> list[SideBySideRow]:
    before, after = [visible(text) for text in old], [visible(text) for text in new]
    matches = match_sentences(before, after)
    rows_before: list[list[SideBySideRow]] = [[] for _ in range(len(after) + 1)]
    for at, match in _moved_away(matches, len(before), len(after)):
        removed = Hunk("delete", before[match.old[0]], "")
        row = SideBySideRow(field, "left", (removed,), match.old[0] + 1, match.new[0] + 1)
        rows_before[at].insert(0, row)
    for match in matches:
        rows_before[match.new[0]].append(_match_row(field, match, before, after))
    in_match = _new_positions(matches)
    rows: list[SideBySideRow] = []
    for at, text in enumerate(after):
        rows += rows_before[at]
        if at not in in_match:
            rows.append(_row(field, text, text, at + 1))
    return rows + rows_before[-1]


def _match_row(
    field: str, match: SentenceMatch, before: list[str], after: list[str]
) -> SideBySideRow:
    """The row of one match, at its new position."""
    old, new = " ".join(before[slice(*match.old)]), " ".join(after[slice(*match.new)])
    row = _row(field, old, new, match.new[0] + 1 if new else match.old[0] + 1)
    return replace(row, op="moved", other=match.old[0] + 1) if match.moved else row


def _new_positions(matches: list[SentenceMatch]) -> set[int]:
    """The new paragraphs that are part of a match. All others are unchanged and in place."""
    return {at for match in matches for at in range(*match.new)}


def _moved_away(
    matches: list[SentenceMatch], olds: int, news: int
) -> list[tuple[int, SentenceMatch]]:
    """Each moved match, with the new paragraph before which its old position is.

    `olds` and `news` are the numbers of paragraphs in the two versions.
    """
    in_match = _new_positions(matches)
    unchanged = iter([at for at in range(news) if at not in in_match])
    in_place = {at: match for match in matches if not match.moved for at in range(*match.old)}
    moved = {match.old[0]: match for match in matches if match.moved}
    rows: list[tuple[int, SentenceMatch]] = []
    position = 0
    for at in range(olds):
        if at in moved:
            rows.append((position, moved[at]))
        elif at in in_place:
            position = max(position, in_place[at].new[1])
        else:
            position = next(unchanged, position) + 1
    return rows
