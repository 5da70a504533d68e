"""What two looks seconds apart agree on is the article's; what differs is the page's."""

from dataclasses import dataclass, replace
from typing import TypeVar

from rapidfuzz.distance import Indel

from scraper.article import Article, Timestamp
from storage.diff.align.sentences import match_sentences
from storage.diff.align.words import hunks
from storage.diff.text.tokens import tokens
from storage.diff.text.visible import visible
from storage.timestamps import seconds_between

# Two paragraphs in one place are the same one with a moving word (a counter, a clock) from this share.
MIN_PARAGRAPH_SHARE = 0.6
# Where more paragraphs than this differ in one place, none is sought among them.
MAX_CANDIDATES = 20
MAX_PARAGRAPH_CHARACTERS = 6_000
# Stamps closer than this many seconds agree.
CONFIRM_TOLERANCE_SECONDS = 60.0

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The text that both looks agree on, and the texts that only one of them saw.

    `old` is the earlier version without what turned out to be the page's, `article` the
    new one; comparing these two gives the edits. `volatile` holds triples: the text, and
    what the first and the second look saw in its place (None where nothing).
    """

    old: Article
    article: Article
    volatile: tuple[tuple[str, str | None, str | None], ...]


def keep_confirmed(
    old: Article, first: Article, second: Article, *, established: bool
) -> Confirmed:
    """Compare `first` with `second`, two looks in a row, before either counts against `old`.

    `stood` says that the old text was seen more than once, so that what left it was not
    a passing thing of one response. Pure.
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
    """The paragraphs of both looks, and per gap between them what each look has there.

    Gap 0 lies before the first agreed paragraph, gap n after the n-th.
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
    """The old paragraphs that stand where the two looks differ.

    Given twice: those that one of the looks has in much the same words, and the rest.
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
    """Old paragraphs with a moving word in them: each with its settled text."""
    same_paragraphs: dict[str, str] = {}
    for text in olds:
        one, two = _closest_paragraph(text, left), _closest_paragraph(text, right)
        if one and two:
            same_paragraphs[text] = _with_old_words(text, one, two)
        elif one or two:
            same_paragraphs[text] = text
    return same_paragraphs


def _with_old_words(old: str, first: str, second: str) -> str:
    """`first`, with what differs from `second` as it stood in `old`."""
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
    return Indel.normalized_similarity(tokens(one), tokens(other))


def _first_text(texts: list[str]) -> str | None:
    return texts[0] if texts else None


def _confirmed_fields(old: Article, first: Article, second: Article) -> Article:
    """Each other field as both looks have it, else as it was."""
    return replace(
        first,
        headline=_confirm_value(old.headline, first.headline, second.headline),
        dek=_confirm_value(old.dek, first.dek, second.dek),
        byline=_confirm_value(old.byline, first.byline, second.byline),
        section=_confirm_value(old.section, first.section, second.section),
        captions=_confirm_captions(old.captions, first.captions, second.captions),
        published_at=_confirm_timestamp(old.published_at, first.published_at, second.published_at),
        modified_at=_confirm_timestamp(old.modified_at, first.modified_at, second.modified_at),
    )


def _confirm_captions(
    old: tuple[str, ...], first: tuple[str, ...], second: tuple[str, ...]
) -> tuple[str, ...]:
    """A list that differs between two looks proves what came, where both have it, and nothing gone."""
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
