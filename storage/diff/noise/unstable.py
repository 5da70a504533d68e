"""Two responses fetched seconds apart: what they agree on is the article, the rest page noise."""

from dataclasses import dataclass, replace
from typing import Any, TypeVar

from rapidfuzz.distance import Indel

from scraper.article import Article, Timestamp
from storage.diff.align.sentences import match_sentences
from storage.diff.align.similarity import MIN_PARAGRAPH_SHARE, similarity
from storage.diff.align.words import hunks
from storage.diff.text.tokens import tokens
from storage.diff.text.visible import visible
from storage.timestamps import seconds_between
from storage.vocabulary import FIELDS, Shape

# If more paragraphs than this differ in one place, none of them is matched with an old one.
MAX_CANDIDATES = 20
# A longer paragraph is similar only to itself.
MAX_PARAGRAPH_CHARACTERS = 6_000
# Timestamps closer than this agree.
CONFIRM_TOLERANCE_SECONDS = 60.0

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The text that both responses agree on, and the texts that only one of them has.

    Comparing `old` (the earlier version without page noise) with `article` gives the edits.
    `volatile` holds triples: a text of page noise, and what the first and the second response
    have in its place (None for nothing).
    """

    old: Article
    article: Article
    volatile: tuple[tuple[str, str | None, str | None], ...]


def keep_confirmed(
    old: Article, first: Article, second: Article, *, established: bool
) -> Confirmed:
    """Compare two responses in a row with each other, before comparing them with `old`. Pure.

    `established` says that more than one check saw the old text. If so, a text that left it was
    no page noise of a single response, and its removal is an edit.
    """
    before = [visible(text) for text in old.paragraphs]
    one, two = _visible_paragraphs(first), _visible_paragraphs(second)
    common, gaps = _common_paragraphs(one, two)
    similar, unmatched = _old_in_gaps(before, common, gaps)
    if established:
        unmatched = {}
    noise = {text for texts in unmatched.values() for text in texts}
    confirmed: list[str] = []
    volatile: list[tuple[str, str | None, str | None]] = []
    for gap in range(len(common) + 1):
        if gap in gaps:
            left, right = gaps[gap]
            same_paragraphs = _same_paragraphs(
                similar.get(gap, []) + unmatched.get(gap, []), left, right
            )
            confirmed += same_paragraphs.values()
            noise -= set(same_paragraphs)
            transient = [
                text for text in left + right if not _has_similar(text, list(same_paragraphs))
            ]
            volatile += [(text, _first_text(left), _first_text(right)) for text in transient]
        if gap < len(common):
            confirmed.append(common[gap])
    volatile += [(text, None, None) for text in sorted(noise)]
    article = replace(_confirmed_fields(old, first, second), paragraphs=tuple(confirmed))
    paragraphs = tuple(text for text in old.paragraphs if visible(text) not in noise)
    return Confirmed(replace(old, paragraphs=paragraphs), article, tuple(volatile))


def _visible_paragraphs(article: Article) -> list[str]:
    return [visible(text) for text in article.paragraphs]


def _common_paragraphs(
    one: list[str], two: list[str]
) -> tuple[list[str], dict[int, tuple[list[str], list[str]]]]:
    """The paragraphs that both responses have, and what each has in the gaps between those.

    Gap 0 lies before the first common paragraph, gap n after the n-th.
    """
    common: list[str] = []
    gaps: dict[int, tuple[list[str], list[str]]] = {}
    for code in Indel.opcodes(one, two):
        left, right = one[code.src_start : code.src_end], two[code.dest_start : code.dest_end]
        if code.tag == "equal":
            common += left
        else:
            gap_texts = gaps.setdefault(len(common), ([], []))
            gap_texts[0].extend(left)
            gap_texts[1].extend(right)
    return common, gaps


def _old_in_gaps(
    before: list[str], common: list[str], gaps: dict[int, tuple[list[str], list[str]]]
) -> tuple[dict[int, list[str]], dict[int, list[str]]]:
    """The old paragraphs in the gaps, where the two responses differ, by gap.

    First those that a response has in much the same words, then the others.
    """
    alike: dict[int, list[str]] = {}
    rest: dict[int, list[str]] = {}
    for match in match_sentences(before, common):
        gap = match.new[0]
        if match.new[0] == match.new[1] and gap in gaps:
            for text in before[slice(*match.old)]:
                is_similar = any(_has_similar(text, side) for side in gaps[gap])
                (alike if is_similar else rest).setdefault(gap, []).append(text)
    return alike, rest


def _same_paragraphs(olds: list[str], left: list[str], right: list[str]) -> dict[str, str]:
    """Old paragraphs with a changing word in them, each with the text that both responses agree on."""
    same_paragraphs: dict[str, str] = {}
    for text in olds:
        one, two = _closest_paragraph(text, left), _closest_paragraph(text, right)
        if one and two:
            same_paragraphs[text] = _with_old_words(text, one, two)
        elif one or two:
            same_paragraphs[text] = text
    return same_paragraphs


def _with_old_words(old: str, first: str, second: str) -> str:
    """`first`, with the words of `old` wherever it differs from `second`."""
    unstable_ranges: list[tuple[int, int]] = []
    at = 0
    for part in hunks(first, second):
        if part.op != "equal":
            unstable_ranges.append((at, at + len(part.old)))
        at += len(part.old)
    words: list[str] = []
    at = 0
    for part in hunks(old, first):
        end = at + len(part.new)
        is_unstable = part.op != "equal" and any(
            start <= end and at <= stop for start, stop in unstable_ranges
        )
        words.append(part.old if is_unstable else part.new)
        at = end
    return "".join(words)


def _closest_paragraph(text: str, candidates: list[str]) -> str | None:
    if len(candidates) > MAX_CANDIDATES:
        return None
    best = max(candidates, key=lambda other: _similarity(text, other), default=None)
    return best if best is not None and _similarity(text, best) >= MIN_PARAGRAPH_SHARE else None


def _has_similar(text: str, candidates: list[str]) -> bool:
    return _closest_paragraph(text, candidates) is not None


def _similarity(one: str, other: str) -> float:
    if max(len(one), len(other)) > MAX_PARAGRAPH_CHARACTERS:
        return 1.0 if one == other else 0.0
    return similarity(tokens(one), tokens(other))


def _first_text(texts: list[str]) -> str | None:
    return texts[0] if texts else None


def _confirmed_fields(old: Article, first: Article, second: Article) -> Article:
    """The new version with each field but the body as both responses have it, else as it was."""
    confirmed: dict[str, Any] = {}
    for field in FIELDS:
        values = [getattr(article, field.attribute) for article in (old, first, second)]
        match field.shape:
            case Shape.TEXT:
                continue
            case Shape.LINES:
                confirmed[field.attribute] = _confirm_captions(*values)
            case Shape.DATE:
                confirmed[field.attribute] = _confirm_timestamp(*values)
            case Shape.LINE | Shape.LABEL | Shape.NAMES:
                confirmed[field.attribute] = _confirm_value(*values)
    return replace(first, **confirmed)


def _confirm_captions(
    old: tuple[str, ...], first: tuple[str, ...], second: tuple[str, ...]
) -> tuple[str, ...]:
    """If the lists differ, a caption that both have was added, and none was removed."""
    if first == second:
        return first
    return old + tuple(text for text in first if text in second and text not in old)


def _confirm_value(old: T, first: T, second: T) -> T:
    return first if first == second else old


def _confirm_timestamp(
    old: Timestamp | None, first: Timestamp | None, second: Timestamp | None
) -> Timestamp | None:
    if first is None or second is None:
        return _confirm_value(old, first, second)
    return first if seconds_between(first, second) < CONFIRM_TOLERANCE_SECONDS else old
