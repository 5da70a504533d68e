"""The edits of a list of paragraphs, sentence by sentence."""

from collections.abc import Iterator
from dataclasses import dataclass

from scraper.patterns import lazy_pattern
from storage.diff.align.sentences import SentenceMatch, match_sentences
from storage.diff.edit import Edit
from storage.diff.kinds.line_edits import MOVED, ChangedLine, changed_line_edits, whole_edit
from storage.diff.text.sentences import sentences
from storage.diff.text.tokens import shared_start
from storage.diff.text.visible import visible

DOUBLE_MARK = lazy_pattern('[“”"]')


@dataclass(frozen=True, slots=True)
class NumberedSentence:
    """A sentence as a reader sees it, and the number of its paragraph, from 0."""

    text: str
    paragraph: int
    opening: str = ""  # the mark of a quotation that began in a sentence before
    closing: str = ""  # the mark of one that goes on in the next sentence


def paragraph_edits(
    field: str, old: tuple[str, ...], new: tuple[str, ...], *, lang: str | None
) -> list[Edit]:
    """The edits of a field that is a list of paragraphs, in the order of the new list.

    >>> old, new = ("It began at noon.",), ("It began at noon.", "12 died.")
    >>> [(e.op, e.new, e.paragraph) for e in paragraph_edits("body", old, new, lang="en")]
    [('insert', '12 died.', 1)]
    """
    if old == new:
        return []
    start = shared_start(old, new)
    end = shared_start(old[start:][::-1], new[start:][::-1])
    before = _numbered_sentences(old[start : len(old) - end], start)
    after = _numbered_sentences(new[start : len(new) - end], start)
    matches = match_sentences([one.text for one in before], [one.text for one in after])
    edits: list[Edit] = []
    for match in _group_matches(matches, before, after):
        edits += _match_edits(field, match, before, after, lang=lang)
    return edits


def _numbered_sentences(paragraphs: tuple[str, ...], first: int) -> list[NumberedSentence]:
    """The sentences of several paragraphs, the first of which has the number `first`."""
    return [
        sentence
        for number, paragraph in enumerate(paragraphs, first)
        for sentence in _paragraph_sentences(visible(paragraph), number)
    ]


def _paragraph_sentences(paragraph: str, number: int) -> Iterator[NumberedSentence]:
    """The sentences of a paragraph, with the quotations that go on from one to the next."""
    is_open = False
    for text in sentences(paragraph):
        opening = "“" if is_open else ""
        is_open = _is_open_after(text, is_open)
        yield NumberedSentence(text, number, opening, "”" if is_open else "")


def _is_open_after(text: str, is_open: bool) -> bool:
    """Whether a quotation is open after a sentence before which one was open or not."""
    for mark in DOUBLE_MARK.findall(text):
        is_open = mark == "“" or (mark == '"' and not is_open)
    return is_open


def _match_edits(
    field: str,
    match: SentenceMatch,
    before: list[NumberedSentence],
    after: list[NumberedSentence],
    *,
    lang: str | None,
) -> list[Edit]:
    """The edits of one match: a move and the changes inside it, or a whole sentence."""
    old = " ".join(sentence.text for sentence in before[slice(*match.old)])
    new = " ".join(sentence.text for sentence in after[slice(*match.new)])
    paragraph = (after[match.new[0]] if new else before[match.old[0]]).paragraph
    if not old or not new:
        return [whole_edit(field, old, new, paragraph)]
    move = Edit(field, "move", "moved", old, new, paragraph, evidence=MOVED)
    moves = [move] if match.moved else []
    if old == new:
        return moves
    ends = (after[match.new[0]], after[match.new[1] - 1])
    line = ChangedLine(field, old, new, paragraph, lang, ends[0].opening, ends[1].closing)
    return moves + changed_line_edits(line)


def _group_matches(
    matches: list[SentenceMatch], before: list[NumberedSentence], after: list[NumberedSentence]
) -> list[SentenceMatch]:
    """The matches, with neighbours that are one edit joined to one match."""
    groups: list[SentenceMatch] = []
    for match in matches:
        if groups and _continues(groups[-1], match, before, after):
            last = groups.pop()
            match = SentenceMatch(
                (last.old[0], match.old[1]), (last.new[0], match.new[1]), match.moved
            )
        groups.append(match)
    return groups


def _continues(
    last: SentenceMatch,
    match: SentenceMatch,
    before: list[NumberedSentence],
    after: list[NumberedSentence],
) -> bool:
    """Whether two matches are one edit.

    They are neighbours in both versions, and were moved together, or added to one paragraph
    or removed from one.
    """
    are_neighbours = last.old[1] == match.old[0] and last.new[1] == match.new[0]
    if last.moved != match.moved or not are_neighbours:
        return False
    if match.moved:
        return True
    if _has_no_sentence(last.old) and _has_no_sentence(match.old):
        return after[last.new[0]].paragraph == after[match.new[0]].paragraph
    if _has_no_sentence(last.new) and _has_no_sentence(match.new):
        return before[last.old[0]].paragraph == before[match.old[0]].paragraph
    return False


def _has_no_sentence(span: tuple[int, int]) -> bool:
    return span[0] == span[1]
