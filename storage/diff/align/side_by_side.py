"""Two whole versions beside each other, block by block: what stands, left, came, changed, moved."""

from dataclasses import dataclass

from scraper.article import Article
from storage.diff.align.sentences import Match, match_sentences
from storage.diff.align.words import bridged, hunks
from storage.diff.edit import Hunk
from storage.diff.text.visible import visible


@dataclass(frozen=True, slots=True)
class Block:
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


def blocks(old: Article, new: Article) -> tuple[Block, ...]:
    """All that both versions say, in the order of the new one.

    >>> one = Article("https://example.org/a", "Fire", paragraphs=("It began at noon.", "12 died."))
    >>> two = Article("https://example.org/a", "Fire", paragraphs=("It began at noon.", "21 died."))
    >>> [(block.field, block.op, block.old, block.new) for block in blocks(one, two)][1:]
    [('body', 'equal', 'It began at noon.', 'It began at noon.'), ('body', 'replace', '12 died.', '21 died.')]
    """
    return (
        *_line("headline", old.headline, new.headline),
        *_line("dek", old.dek or "", new.dek or ""),
        *_line("byline", ", ".join(old.byline), ", ".join(new.byline)),
        *_texts("body", old.paragraphs, new.paragraphs),
        *_texts("caption", old.captions, new.captions),
    )


def _line(field: str, old: str, new: str) -> list[Block]:
    before, after = visible(old), visible(new)
    return [_block(field, before, after)] if before or after else []


def _block(field: str, old: str, new: str, number: int | None = None) -> Block:
    op = "equal" if old == new else "replace" if old and new else "delete" if old else "insert"
    return Block(field, op, tuple(bridged(hunks(old, new))), number)


def _texts(field: str, old: tuple[str, ...], new: tuple[str, ...]) -> list[Block]:
    before, after = [visible(text) for text in old], [visible(text) for text in new]
    matches = match_sentences(before, after)
    placed: dict[int, list[Block]] = {}
    for match in matches:
        old_text = " ".join(before[slice(*match.old)])
        new_text = " ".join(after[slice(*match.new)])
        number = match.new[0] + 1 if new_text else match.old[0] + 1
        block = _block(field, old_text, new_text, number)
        if match.moved:
            block = Block(field, "moved", block.hunks, number, match.old[0] + 1)
        placed.setdefault(match.new[0], []).append(block)
    for at, match in _left(matches, len(before), len(after)):
        gone = Hunk("delete", before[match.old[0]], "")
        block = Block(field, "left", (gone,), match.old[0] + 1, match.new[0] + 1)
        placed.setdefault(at, []).insert(0, block)
    covered = {at for match in matches for at in range(*match.new)}
    found = list[Block]()
    for at in range(len(after) + 1):
        found += placed.get(at, [])
        if at < len(after) and at not in covered:
            found.append(_block(field, after[at], after[at], at + 1))
    return found


def _left(matches: list[Match], olds: int, news: int) -> list[tuple[int, Match]]:
    """Before which new paragraph each one stood that moved away."""
    covered = {at for match in matches for at in range(*match.new)}
    stayed = iter([at for at in range(news) if at not in covered])
    in_place = {at: match for match in matches if not match.moved for at in range(*match.old)}
    moved = {match.old[0]: match for match in matches if match.moved}
    found = list[tuple[int, Match]]()
    place = 0
    for at in range(olds):
        if at in moved:
            found.append((place, moved[at]))
        elif at in in_place:
            place = max(place, in_place[at].new[1])
        else:
            place = next(stayed, place) + 1
    return found
