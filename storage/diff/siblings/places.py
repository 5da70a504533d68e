"""Lines of an article's own that a template begins or ceases to show: captions, sub-headings, links."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from scraper.article import Article
from storage.diff.align.words import align
from storage.diff.noise import PageLines, ShownArticle
from storage.diff.siblings.fields import CAME, LEFT, Sign
from storage.diff.siblings.lines import (
    all_lines,
    line_lists,
)
from storage.diff.siblings.sibling import is_edited_line, may_be_publishers
from storage.diff.text.visible import visible

# A place with this share of the text is one of paragraphs.
MIN_TEXT_SHARE = 0.2
# Two pages in one template share more of their places.
MAX_SHARED_PLACES = 0.6
# A text of which so much is the same was not rewritten.
MIN_SAME_PROSE = 0.8
# With more pairs of lines than this, no line is matched with another.
MAX_COMPARED_LINE_PAIRS = 2_500
# The fields that are lists of lines, each with its own place on the page.
PLACED_FIELDS = ("body", "caption")


def line_signs(old: ShownArticle, new: ShownArticle) -> dict[Sign, frozenset[str]]:
    """The signs of a new template in the lines of an article, each with those lines.

    A line counts if its element is of a kind that holds little of the text that both versions have. So a
    new paragraph among the paragraphs never does. Nor does a line that was edited, but by a page with new markup:
    each caption has its own edits.
    """
    is_redesigned = has_new_markup(old.page, new.page)
    signs: dict[Sign, frozenset[str]] = {}
    before, after = line_lists(old.article), line_lists(new.article)
    for field in PLACED_FIELDS:
        kept = set(before[field]) & set(after[field])
        if field == "body" and not kept:
            continue
        came, left = set(after[field]) - kept, set(before[field]) - kept
        if not is_redesigned:
            came, left = _whole_lines(came, left)
        signs |= _placed(field, CAME, came, kept, new.page, all_lines(old.article))
        signs |= _placed(field, LEFT, left, kept, old.page, all_lines(new.article))
    return signs


def _whole_lines(came: set[str], left: set[str]) -> tuple[set[str], set[str]]:
    """The lines that came and those that left, but for those that are one line with other words in it."""
    if len(came) * len(left) > MAX_COMPARED_LINE_PAIRS:
        return came, left
    pairs = [(new, old) for new in came for old in left if is_edited_line(new, old)]
    return came - {new for new, _ in pairs}, left - {old for _, old in pairs}


def _placed(
    field: str,
    direction: str,
    lines: set[str],
    kept: set[str],
    page: PageLines,
    elsewhere: Counter[str],
) -> dict[Sign, frozenset[str]]:
    """The lines by their place on the page; those of another field of the other version apart."""
    if not lines:
        return {}
    text_places = _text_places(kept, page)
    signs: dict[Sign, frozenset[str]] = {}
    for line in lines:
        place = "another field" if line in elsewhere else page.places.get(line)
        if place is None or place in text_places or not may_be_publishers(line):
            continue
        sign = Sign(field, (direction, place))
        signs[sign] = signs.get(sign, frozenset()) | {line}
    return signs


def _text_places(kept: set[str], page: PageLines) -> frozenset[str]:
    """The places that hold much of the text that both versions have."""
    sizes: Counter[str] = Counter()
    for line in kept:
        sizes[page.places.get(line, "")] += len(line)
    least = MIN_TEXT_SHARE * sizes.total()
    return frozenset(place for place, size in sizes.items() if size >= least)


def has_new_markup(old: PageLines, new: PageLines) -> bool:
    """Whether most elements that hold lines are others: a page was written again, not only edited."""
    before, now = set(old.places.values()), set(new.places.values())
    return bool(before) and len(before & now) < MAX_SHARED_PLACES * len(before | now)


def has_same_prose(old: Article, new: Article) -> bool:
    """Whether the headline is the same, and nearly all paragraphs of one version are in the other."""
    before, after = Counter(line_lists(old)["body"]), Counter(line_lists(new)["body"])
    shorter = min(_size(before), _size(after))
    return old.headline == new.headline and _size(before & after) >= MIN_SAME_PROSE * max(
        shorter, 1
    )


def _size(lines: Counter[str]) -> int:
    return sum(len(line) * count for line, count in lines.items())


def with_lines(old: Article, new: Article, came: frozenset[str], left: frozenset[str]) -> Article:
    """The old article with the lines of the new one that came, and without those that left."""
    return replace(
        old,
        paragraphs=_merged(old.paragraphs, new.paragraphs, came, left),
        captions=_merged(old.captions, new.captions, came, left),
    )


def _merged(
    old: Sequence[str], new: Sequence[str], came: frozenset[str], left: frozenset[str]
) -> tuple[str, ...]:
    before, after = [visible(line) for line in old], [visible(line) for line in new]
    merged: list[str] = []
    for op, i1, i2, j1, j2 in align(before, after):
        if op == "equal":
            merged += old[i1:i2]
            continue
        unplaced = list(range(i1, i2))
        for at in range(j1, j2):
            if after[at] in came:
                merged.append(new[at])
                continue
            edited = next((k for k in unplaced if is_edited_line(before[k], after[at])), i1 - 1)
            merged += [old[k] for k in unplaced if k <= edited and before[k] not in left]
            unplaced = [k for k in unplaced if k > edited]
        merged += [old[k] for k in unplaced if before[k] not in left]
    return tuple(merged)
