"""Where lines changed between two versions: replaced by unrelated ones, added, removed, or renumbered."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Indel

from scraper.patterns import lazy_pattern
from scraper.phrases.corrections import CORRECTION_NOTICE
from storage.diff.align.similarity import MIN_LINE_SHARE, similarity
from storage.diff.align.words import align
from storage.diff.text.labels import is_label, words
from storage.diff.text.visible import fold_digits

# A replacement with more pairs of lines than this is a rewrite, and counts at once.
MAX_LINE_PAIRS = 400
# A longer text is no line.
MAX_LINE_CHARACTERS = 5_000
# More sentences than this in one place are a part of the article, not one box of its template. A table of
# results has any number of cells.
MAX_LINES_APART = 10
# Apart from the prose, two lines that share less are two fillings of one place, not one edited line, unless
# one has all of the other.
MIN_SHARE_APART = 0.75
# Two lines with one other letter are one line, if that is not half of them: "3" and "36" are two scores.
MAX_LETTERS_APART = 2  # one taken out, one put in

FIGURE = lazy_pattern(r"\d+")


@dataclass(frozen=True, slots=True)
class Replacement:
    """Lines that changed in one place: their positions in the two versions, in order.

    There are no `olds` if lines were added, no `news` if lines were removed. `start` is where the
    new lines begin, or would. `is_apart` says that they are apart from the prose.
    """

    olds: tuple[int, ...]
    news: tuple[int, ...]
    start: int
    is_apart: bool = False


def replacements(
    before: list[str],
    after: list[str],
    apart: Collection[str],
    refilled: Collection[str] = frozenset(),
) -> list[Replacement]:
    """The lines that were replaced by unrelated ones, added or removed, or have other numbers. Pure.

    Those in `apart` are apart from the others: where they moved, they left one place and came to another. Any other
    line that moved is none of them, nor is a correction note. In boxes that were `refilled`, no line is another
    one edited.
    """
    found: list[Replacement] = []
    for op, i1, i2, j1, j2 in align(before, after):
        if op == "equal" or (i2 - i1) * (j2 - j1) > MAX_LINE_PAIRS:
            continue
        for run in _unlike_runs(before, after, range(i1, i2), range(j1, j2), apart, refilled):
            found += _parts(run, before, after, apart)
    moved = _common_lines(before, after).difference(refilled, apart)
    return [
        replacement for replacement in found if not _has_moved(replacement, before, after, moved)
    ]


def has_other_numbers(one: str, other: str) -> bool:
    """Whether two texts differ, and in their numbers only."""
    return one != other and fold_digits(one) == fold_digits(other)


def _parts(
    run: Replacement, before: list[str], after: list[str], apart: Collection[str]
) -> Iterator[Replacement]:
    """The lines of a run that are apart from the prose, and the others; no correction notes."""
    is_counter = _is_counter(run, before, after)
    if max(_count_prose(run.olds, before), _count_prose(run.news, after)) > MAX_LINES_APART:
        apart = ()

    def chosen(positions: tuple[int, ...], lines: list[str], is_apart: bool) -> tuple[int, ...]:
        return tuple(
            at
            for at in positions
            if (lines[at] in apart) == is_apart
            and (is_counter or not CORRECTION_NOTICE.search(lines[at]))
        )

    for is_apart in (False, True):
        olds, news = chosen(run.olds, before, is_apart), chosen(run.news, after, is_apart)
        if olds or news:
            yield Replacement(olds, news, news[0] if news else run.start, is_apart)


def _count_prose(positions: tuple[int, ...], lines: list[str]) -> int:
    return sum(not is_label(lines[at]) for at in positions)


def _is_counter(run: Replacement, before: list[str], after: list[str]) -> bool:
    olds, news = [before[i] for i in run.olds], [after[j] for j in run.news]
    return len(olds) == len(news) == 1 and has_other_numbers(olds[0], news[0])


def _has_moved(
    replacement: Replacement, before: list[str], after: list[str], moved: set[str]
) -> bool:
    """Whether the new lines, or some of the lines that were only added or only removed, moved."""
    olds = [before[i] in moved for i in replacement.olds]
    news = [after[j] in moved for j in replacement.news]
    return all(news) if olds and news else any(olds + news)


def _common_lines(before: list[str], after: list[str]) -> set[str]:
    """The lines that both versions have equally often: in another place they have only moved."""
    counts = Counter(before)
    return {line for line, count in Counter(after).items() if counts[line] == count}


def _unlike_runs(
    before: list[str],
    after: list[str],
    olds: range,
    news: range,
    apart: Collection[str],
    refilled: Collection[str],
) -> list[Replacement]:
    """The runs between similar lines that have nothing in common, and lines with other numbers."""
    runs: list[Replacement] = []
    i, j = olds.start, news.start
    for at in olds:
        match = next((k for k in range(j, news.stop) if is_similar_line(before[at], after[k], apart, refilled)), None)  # fmt: skip
        if match is not None:
            runs.append(_run(range(i, at), range(j, match)))
            if has_other_numbers(before[at], after[match]):
                runs.append(_run(range(at, at + 1), range(match, match + 1)))
            i, j = at + 1, match + 1
    runs.append(_run(range(i, olds.stop), range(j, news.stop)))
    return runs


def _run(olds: Sequence[int], news: range) -> Replacement:
    return Replacement(tuple(olds), tuple(news), news.start)


def is_similar_line(
    one: str, other: str, apart: Collection[str] = (), refilled: Collection[str] = ()
) -> bool:
    """Whether two changed lines are one that was edited. Lines `apart` must have more in common."""
    if fold_digits(one) == fold_digits(other):
        return True
    if max(len(one), len(other)) > MAX_LINE_CHARACTERS:
        return True  # too long for a line
    if len(one) + len(other) > 2 * MAX_LETTERS_APART and (
        Indel.distance(one, other, score_cutoff=MAX_LETTERS_APART) <= MAX_LETTERS_APART
    ):
        return True
    is_apart = one in apart and other in apart and not (one in other or other in one)
    if is_apart and (one in refilled or other in refilled or _figures(one) != _figures(other)):
        return False
    least = MIN_SHARE_APART if is_apart else MIN_LINE_SHARE
    return similarity(words(one), words(other), at_least=least) >= least


def _figures(text: str) -> list[str]:
    return FIGURE.findall(text)
