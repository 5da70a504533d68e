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

Lines = Mapping[str, int]
Stood = Callable[[str], bool]


def came_or_left(old: Article, new: Article) -> bool:
    """Whether a whole line is in one version only, so that `with_old_verdicts` may matter."""
    gone, come = gone_and_come(old, new)
    return bool(gone or come)


def gone_and_come(old: Article, new: Article) -> tuple[list[str], list[str]]:
    """The lines that are in the old version only, and those in the new one only, as a reader sees them."""
    gone: list[str] = []
    come: list[str] = []
    for one, other in zip(_lists(old), _lists(new), strict=True):
        if one == other:
            continue
        before, after = Counter(map(visible, one)), Counter(map(visible, other))
        gone += before - after
        come += after - before
    return gone, come


def with_old_verdicts(old: Article, new: Article, *, before: Lines, now: Lines) -> Article:
    """The new version with the earlier verdict on every line that stood still. Pure.

    `before` and `now` are how often each line is shown on the two pages (`Shown.lines`).
    """
    counts = [_visible(lines) for lines in (before, now)]

    def stood(text: str) -> bool:
        return counts[0][text] == counts[1][text] > 0

    held = [_held(one, other, stood) for one, other in zip(_lists(old), _lists(new), strict=True)]
    paragraphs, captions, dek = held
    return replace(new, paragraphs=paragraphs, captions=captions, dek="\n".join(dek) or None)


def _lists(article: Article) -> tuple[tuple[str, ...], ...]:
    return article.paragraphs, article.captions, tuple((article.dek or "").splitlines())


def _visible(lines: Lines) -> Counter[str]:
    counts: Counter[str] = Counter()
    for text, count in lines.items():
        counts[visible(text)] += count
    return counts


def _held(old: tuple[str, ...], new: tuple[str, ...], stood: Stood) -> tuple[str, ...]:
    before, after = [visible(text) for text in old], [visible(text) for text in new]
    gone, come = Counter(before) - Counter(after), Counter(after) - Counter(before)
    held: list[str] = []
    for op, i1, i2, j1, j2 in align(before, after):
        if op in ("delete", "replace"):
            held += [old[at] for at in range(i1, i2) if gone[before[at]] and stood(before[at])]
        held += [new[at] for at in range(j1, j2) if not (come[after[at]] and stood(after[at]))]
    return tuple(held)
