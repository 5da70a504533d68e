"""Lines that joined or left the article only because extraction classified them differently.

Extraction classifies each line by its whole page. An edit in one paragraph, or another box beside
it, may change the classification of a line that nobody touched: a credit, a label, a standfirst.
If both pages show a line equally often beside their headlines, its earlier classification holds,
and it is where the page now has it.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from scraper.article import Article
from storage.diff.align.words import align
from storage.diff.text.visible import visible

LineCounts = Mapping[str, int]
IsUnchanged = Callable[[str], bool]


def removed_and_added(old: Article, new: Article) -> tuple[list[str], list[str]]:
    """The lines that only the old version has, and those that only the new one has.

    A line is a paragraph, a caption or a line of the standfirst, as a reader sees it.
    """
    removed: list[str] = []
    added: list[str] = []
    for one, other in zip(_line_lists(old), _line_lists(new), strict=True):
        if one == other:
            continue
        before, after = Counter(map(visible, one)), Counter(map(visible, other))
        removed += before - after
        added += after - before
    return removed, added


def keep_classification(
    old: Article, new: Article, *, before: LineCounts, now: LineCounts
) -> Article:
    """The new version, with the earlier classification of every untouched line. Pure.

    `before` and `now` are how often the two pages show each line, in the order of the page (`PageText.lines`).
    """

    headlines = visible(old.headline), visible(new.headline)

    def is_unchanged(text: str) -> bool:
        shown, shows = before.get(text, 0), now.get(text, 0)
        if shown == shows > 0:
            return True
        # The page showed it once more as the headline, or once less.
        return shown - (text == headlines[0]) == shows - (text == headlines[1]) > 0

    order = {line: position for position, line in enumerate(now)}
    result = [
        _keep_lines(one, other, is_unchanged, order)
        for one, other in zip(_line_lists(old), _line_lists(new), strict=True)
    ]
    paragraphs, captions, dek = result
    return replace(new, paragraphs=paragraphs, captions=captions, dek="\n".join(dek) or None)


def _line_lists(article: Article) -> tuple[tuple[str, ...], ...]:
    return article.paragraphs, article.captions, tuple((article.dek or "").splitlines())


def _keep_lines(
    old: tuple[str, ...],
    new: tuple[str, ...],
    is_unchanged: IsUnchanged,
    order: Mapping[str, int],
) -> tuple[str, ...]:
    before, after = [visible(text) for text in old], [visible(text) for text in new]
    removed, added = Counter(before) - Counter(after), Counter(after) - Counter(before)
    result: list[str] = []
    for op, i1, i2, j1, j2 in align(before, after):
        if op == "equal":
            result += new[j1:j2]
            continue
        kept = [
            old[at]
            for at in range(i1, i2)
            if is_unchanged(before[at]) and _take(removed, before[at])
        ]
        others = [
            new[at]
            for at in range(j1, j2)
            if not (is_unchanged(after[at]) and _take(added, after[at]))
        ]
        result += _in_page_order(kept, others, order)
    return tuple(result)


def _in_page_order(
    kept: Sequence[str], others: Sequence[str], order: Mapping[str, int]
) -> list[str]:
    """Two runs of lines as one: each line that is kept is before those that the page shows after it.

    >>> _in_page_order(["A credit"], ["It rained.", "He left."], {"It rained.": 0, "A credit": 1, "He left.": 2})
    ['It rained.', 'A credit', 'He left.']
    """
    result, rest = list[str](), list(others)
    for line in kept:
        while rest and order.get(visible(rest[0]), len(order)) < order[visible(line)]:
            result.append(rest.pop(0))
        result.append(line)
    return result + rest


def _take(counts: Counter[str], text: str) -> bool:
    """Whether the text is among `counts`; counts one of it less from then on."""
    if counts[text] <= 0:
        return False
    counts[text] -= 1
    return True
