"""A whole paragraph exchanged for an unlike one in its place: an editor does it rarely, a page always.

An ad, a teaser or a reader's count inside the text is another one at the next look. So such
an exchange waits: it is an edit once a later look finds the same text there, and proven the
page's once a later look finds a third text there.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from rapidfuzz.distance import Indel

from scraper.article import Article
from storage.diff.hunks import align
from storage.diff.text import visible
from storage.diff.words import tokens

# Paragraphs that share less than this of their words are not one paragraph edited.
UNLIKE = 0.5
# More text than this is never held back.
MAX_CHARACTERS = 1_200

BREAK = "\n\n"


@dataclass(frozen=True, slots=True)
class Weighed:
    """Two versions after their exchanges were judged.

    `old` and `article` are what may be compared now; `waiting` maps each text that is not
    believed yet to the text it stands instead of; `volatile` are texts proven the page's.
    """

    old: Article
    article: Article
    waiting: Mapping[str, str]
    volatile: tuple[str, ...]


def weigh_swaps(old: Article, new: Article, suspects: Mapping[str, str]) -> Weighed:
    """Judge every exchanged paragraph by the `suspects` of the look before (`waiting` of then). Pure."""
    before = [visible(text) for text in old.paragraphs]
    after = [visible(text) for text in new.paragraphs]
    waiting: dict[str, str] = {}
    volatile: set[str] = set()
    settled: list[str] = []
    at = 0
    for olds, start, stop in _swaps(before, after):
        settled += after[at:start]
        at = stop
        left, came = BREAK.join(olds), BREAK.join(after[start:stop])
        if came in suspects:
            settled += after[start:stop]
        elif left in suspects.values():
            earlier = [text for text, instead in suspects.items() if instead == left]
            volatile.update(BREAK.join([left, came, *earlier]).split(BREAK))
        else:
            waiting[came] = left
            settled += olds
    settled += after[at:]
    if not waiting and not volatile:
        return Weighed(old, new, {}, ())
    paragraphs = tuple(text for text in old.paragraphs if visible(text) not in volatile)
    return Weighed(
        replace(old, paragraphs=paragraphs),
        replace(new, paragraphs=tuple(settled)),
        waiting,
        tuple(sorted(volatile)),
    )


def _swaps(before: list[str], after: list[str]) -> list[tuple[list[str], int, int]]:
    """The old paragraphs, and where in `after` (from, to) unlike ones stand instead of them."""
    found: list[tuple[list[str], int, int]] = []
    for op, i1, i2, j1, j2 in align(before, after):
        if op != "replace":
            continue
        for olds, start, stop in _leftovers(before[i1:i2], after[j1:j2]):
            text = "".join(olds) + "".join(after[j1 + start : j1 + stop])
            if len(text) <= MAX_CHARACTERS:
                found.append((olds, j1 + start, j1 + stop))
    return found


def _leftovers(olds: list[str], news: list[str]) -> list[tuple[list[str], int, int]]:
    """Runs without any likeness on both sides, between the paragraphs that are alike."""
    runs: list[tuple[list[str], int, int]] = []
    i = j = 0
    for at, old in enumerate(olds):
        match = next((k for k in range(j, len(news)) if _is_like(old, news[k])), None)
        if match is not None:
            runs.append((olds[i:at], j, match))
            i, j = at + 1, match + 1
    runs.append((olds[i:], j, len(news)))
    return [(run, start, stop) for run, start, stop in runs if run and start < stop]


def _is_like(one: str, other: str) -> bool:
    return Indel.normalized_similarity(tokens(one), tokens(other)) >= UNLIKE
