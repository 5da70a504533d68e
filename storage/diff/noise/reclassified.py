"""Lines that stand on the page as before, and of which only our verdict changed.

What belongs to an article is judged by all of its page. An edit in one paragraph, or another
box beside it, may tip the verdict on a line that nobody touched: a credit, a label, a standfirst.
Where a line stands on both pages as often as before, the earlier verdict holds.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace

from scraper.article import Article
from storage.diff.align.words import align
from storage.diff.text.visible import visible

LineCounts = Mapping[str, int]
IsUnchanged = Callable[[str], bool]


def came_or_left(old: Article, new: Article) -> bool:
    """Whether a whole line is in one version only, so that `with_old_verdicts` may matter."""
    removed, added = removed_and_added(old, new)
    return bool(removed or added)


def removed_and_added(old: Article, new: Article) -> tuple[list[str], list[str]]:
    """The lines that are in the old version only, and those in the new one only, as a reader sees them."""
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
    """The new version with the earlier verdict on every line that stood still. Pure.

    `before` and `now` are how often each line is shown on the two pages (`Shown.lines`).
    """
    counts = [_visible_counts(lines) for lines in (before, now)]

    def is_unchanged(text: str) -> bool:
        return counts[0][text] == counts[1][text] > 0

    result = [
        _keep_lines(one, other, is_unchanged)
        for one, other in zip(_line_lists(old), _line_lists(new), strict=True)
    ]
    paragraphs, captions, dek = result
    return replace(new, paragraphs=paragraphs, captions=captions, dek="\n".join(dek) or None)


def _line_lists(article: Article) -> tuple[tuple[str, ...], ...]:
    return article.paragraphs, article.captions, tuple((article.dek or "").splitlines())


def _visible_counts(lines: LineCounts) -> Counter[str]:
    counts: Counter[str] = Counter()
    for text, count in lines.items():
        counts[visible(text)] += count
    return counts


def _keep_lines(
    old: tuple[str, ...], new: tuple[str, ...], is_unchanged: IsUnchanged
) -> tuple[str, ...]:
    before, after = [visible(text) for text in old], [visible(text) for text in new]
    removed, added = Counter(before) - Counter(after), Counter(after) - Counter(before)
    result: list[str] = []
    for op, i1, i2, j1, j2 in align(before, after):
        if op in ("delete", "replace"):
            result += [
                old[at] for at in range(i1, i2) if removed[before[at]] and is_unchanged(before[at])
            ]
        result += [
            new[at] for at in range(j1, j2) if not (added[after[at]] and is_unchanged(after[at]))
        ]
    return tuple(result)
