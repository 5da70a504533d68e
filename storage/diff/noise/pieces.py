"""Lines taken apart into sentences and put together again without some of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from scraper.article import Article
from storage.diff.text.sentences import sentences
from storage.diff.text.visible import visible


@dataclass(frozen=True, slots=True)
class Piece:
    """One sentence, as a reader sees it: its line, its place there, and the space before it."""

    text: str
    line: int
    at: int
    gap: str = ""


def text_lines(*articles: Article) -> frozenset[str]:
    """The lines of the bodies and captions, as a reader sees them."""
    return frozenset(
        visible(line) for article in articles for line in (*article.paragraphs, *article.captions)
    )


def split_lines(lines: Sequence[str]) -> list[Piece]:
    """The sentences of all lines, in order.

    >>> [(piece.text, piece.line, piece.at) for piece in split_lines(["It rained. He left.", "So?"])]
    [('It rained.', 0, 0), ('He left.', 0, 1), ('So?', 1, 0)]
    """
    pieces: list[Piece] = []
    for number, line in enumerate(lines):
        text, end = visible(line), 0
        for at, sentence in enumerate(sentences(text)):
            start = text.index(sentence, end)
            pieces.append(Piece(sentence, number, at, text[end:start]))
            end = start + len(sentence)
    return pieces


def joined_lines(pieces: Sequence[Piece], lines: Sequence[str]) -> tuple[str, ...]:
    """The lines that hold these pieces of `lines`; a line with all of its pieces stays as it was.

    >>> lines = ["It rained. He left. So?"]
    >>> joined_lines([piece for piece in split_lines(lines) if piece.at != 1], lines)
    ('It rained. So?',)
    """
    result: list[str] = []
    for number, group in groupby(pieces, key=lambda piece: piece.line):
        result += _joined_line(list(group), lines[number])
    return tuple(result)


def _joined_line(pieces: list[Piece], line: str) -> list[str]:
    """One line of these sentences; several if they would read as other sentences side by side."""
    texts = [piece.text for piece in pieces]
    if texts == sentences(visible(line)):
        return [line]
    joined = "".join(piece.gap + piece.text for piece in pieces).strip()
    return [joined] if sentences(joined) == texts else texts
