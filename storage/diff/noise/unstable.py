"""What two looks seconds apart agree on is the article's; what differs is the page's."""

from dataclasses import dataclass, replace
from typing import TypeVar

from rapidfuzz.distance import Indel

from scraper.article import Article, Stamp
from storage.diff.align.sentences import match_sentences
from storage.diff.align.words import hunks
from storage.diff.text.tokens import tokens
from storage.diff.text.visible import visible
from storage.timestamps import seconds_between

# Two paragraphs in one place are the same one with a moving word (a counter, a clock) from this share.
SAME_PARAGRAPH = 0.6
# Where more paragraphs than this differ in one place, none is sought among them.
MAX_OTHERS = 20
MAX_CHARACTERS = 6_000
# Stamps closer than this many seconds agree.
TREMOR = 60.0

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Settled:
    """The text that both looks agree on, and the texts that only one of them saw.

    `old` is the earlier version without what turned out to be the page's, `article` the
    new one; comparing these two gives the edits. `volatile` holds triples: the text, and
    what the first and the second look saw in its place (None where nothing).
    """

    old: Article
    article: Article
    volatile: tuple[tuple[str, str | None, str | None], ...]


def settle(old: Article, first: Article, second: Article, *, stood: bool) -> Settled:
    """Compare `first` with `second`, two looks in a row, before either counts against `old`.

    `stood` says that the old text was seen more than once, so that what left it was not
    a passing thing of one response. Pure.
    """
    before = [visible(text) for text in old.paragraphs]
    one, two = _texts(first), _texts(second)
    agreed, gaps = _agreed(one, two)
    kept, doubtful = _old_in_gaps(before, agreed, gaps)
    if stood:
        doubtful = {}
    noise = {text for texts in doubtful.values() for text in texts}
    settled: list[str] = []
    volatile: list[tuple[str, str | None, str | None]] = []
    for gap in range(len(agreed) + 1):
        if gap in gaps:
            left, right = gaps[gap]
            same = _same_paragraphs(kept.get(gap, []) + doubtful.get(gap, []), left, right)
            settled += same.values()
            noise -= set(same)
            passing = [text for text in left + right if not _is_like_any(text, list(same))]
            volatile += [(text, _first(left), _first(right)) for text in passing]
        if gap < len(agreed):
            settled.append(agreed[gap])
    volatile += [(text, None, None) for text in sorted(noise)]
    article = replace(_agreed_fields(old, first, second), paragraphs=tuple(settled))
    paragraphs = tuple(text for text in old.paragraphs if visible(text) not in noise)
    return Settled(replace(old, paragraphs=paragraphs), article, tuple(volatile))


def _texts(article: Article) -> list[str]:
    return [visible(text) for text in article.paragraphs]


def _agreed(
    one: list[str], two: list[str]
) -> tuple[list[str], dict[int, tuple[list[str], list[str]]]]:
    """The paragraphs of both looks, and per gap between them what each look has there.

    Gap 0 lies before the first agreed paragraph, gap n after the n-th.
    """
    agreed: list[str] = []
    gaps: dict[int, tuple[list[str], list[str]]] = {}
    for code in Indel.opcodes(one, two):
        left, right = one[code.src_start : code.src_end], two[code.dest_start : code.dest_end]
        if code.tag == "equal":
            agreed += left
        else:
            seen = gaps.setdefault(len(agreed), ([], []))
            seen[0].extend(left)
            seen[1].extend(right)
    return agreed, gaps


def _old_in_gaps(
    before: list[str], agreed: list[str], gaps: dict[int, tuple[list[str], list[str]]]
) -> tuple[dict[int, list[str]], dict[int, list[str]]]:
    """The old paragraphs that stand where the two looks differ.

    Given twice: those that one of the looks has in much the same words, and the rest.
    """
    alike: dict[int, list[str]] = {}
    rest: dict[int, list[str]] = {}
    for match in match_sentences(before, agreed):
        gap = match.new[0]
        if match.new[0] == match.new[1] and gap in gaps:
            for text in before[slice(*match.old)]:
                is_like = any(_is_like_any(text, side) for side in gaps[gap])
                (alike if is_like else rest).setdefault(gap, []).append(text)
    return alike, rest


def _same_paragraphs(olds: list[str], left: list[str], right: list[str]) -> dict[str, str]:
    """Old paragraphs with a moving word in them: each with its settled text."""
    same: dict[str, str] = {}
    for text in olds:
        one, two = _most_like(text, left), _most_like(text, right)
        if one and two:
            same[text] = _with_old_words(text, one, two)
        elif one or two:
            same[text] = text
    return same


def _with_old_words(old: str, first: str, second: str) -> str:
    """`first`, with what differs from `second` as it stood in `old`."""
    moving: list[tuple[int, int]] = []
    at = 0
    for part in hunks(first, second):
        if part.op != "equal":
            moving.append((at, at + len(part.old)))
        at += len(part.old)
    words: list[str] = []
    at = 0
    for part in hunks(old, first):
        end = at + len(part.new)
        moves = part.op != "equal" and any(start <= end and at <= stop for start, stop in moving)
        words.append(part.old if moves else part.new)
        at = end
    return "".join(words)


def _most_like(text: str, others: list[str]) -> str | None:
    if len(others) > MAX_OTHERS:
        return None
    best = max(others, key=lambda other: _likeness(text, other), default=None)
    return best if best is not None and _likeness(text, best) >= SAME_PARAGRAPH else None


def _is_like_any(text: str, others: list[str]) -> bool:
    return _most_like(text, others) is not None


def _likeness(one: str, other: str) -> float:
    if max(len(one), len(other)) > MAX_CHARACTERS:
        return 1.0 if one == other else 0.0
    return Indel.normalized_similarity(tokens(one), tokens(other))


def _first(texts: list[str]) -> str | None:
    return texts[0] if texts else None


def _agreed_fields(old: Article, first: Article, second: Article) -> Article:
    """Each other field as both looks have it, else as it was."""
    return replace(
        first,
        headline=_agree(old.headline, first.headline, second.headline),
        dek=_agree(old.dek, first.dek, second.dek),
        byline=_agree(old.byline, first.byline, second.byline),
        section=_agree(old.section, first.section, second.section),
        captions=_agree_captions(old.captions, first.captions, second.captions),
        published_at=_agree_stamp(old.published_at, first.published_at, second.published_at),
        modified_at=_agree_stamp(old.modified_at, first.modified_at, second.modified_at),
    )


def _agree_captions(
    old: tuple[str, ...], first: tuple[str, ...], second: tuple[str, ...]
) -> tuple[str, ...]:
    """A list that differs between two looks proves what came, where both have it, and nothing gone."""
    if first == second:
        return first
    return old + tuple(text for text in first if text in second and text not in old)


def _agree(old: T, first: T, second: T) -> T:
    return first if first == second else old


def _agree_stamp(old: Stamp | None, first: Stamp | None, second: Stamp | None) -> Stamp | None:
    if first is None or second is None:
        return _agree(old, first, second)
    return first if seconds_between(first, second) < TREMOR else old
