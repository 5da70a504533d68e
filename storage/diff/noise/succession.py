"""A new line in the place of one of the publisher's is the publisher's, too: pitches are exchanged.

An exchange shows on the page: one of the publisher's lines is gone, and between the same neighbours there
is a line that was not there before. Three things must not be mistaken for it. A line similar to one that
left the article is an edit of that one. A topical line is doubtful: a pitch may name the place that the
story is about, and a reporter's paragraph may come where a pitch leaves. A correction note is the newsroom's.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby

from scraper.article import Article
from scraper.phrases.corrections import CORRECTION_NOTICE
from storage.diff.align.similarity import MIN_LINE_SHARE, are_similar
from storage.diff.noise import PageText
from storage.diff.noise.boilerplate import Boilerplate
from storage.diff.noise.reclassified import removed_and_added
from storage.diff.noise.shared_lines import foreign_lines
from storage.diff.text.visible import fold_digits

MAX_COMPARED_CHARACTERS = 2_000


@dataclass(frozen=True, slots=True)
class Successors:
    """The new lines of an article that took the place of a line of the publisher, each with that line.

    Those that are foreign to the story are `proven`, the topical ones are `doubtful`.
    """

    proven: dict[str, str] = field(default_factory=dict)
    doubtful: dict[str, str] = field(default_factory=dict)


def successors(
    old: Article, new: Article, *, before: PageText, now: PageText, boilerplate: Boilerplate
) -> Successors:
    """The new lines in the places of lines of the publisher.

    `old` and `new` are two versions without the publisher's lines, `before` and `now` their pages. Pure.
    """
    removed, added = removed_and_added(old, new) if boilerplate.lines else ([], [])
    candidates = {
        fold_digits(line): line
        for line in added
        if not CORRECTION_NOTICE.search(line) and not _has_similar_line(line, removed)
    }
    if not candidates:
        return Successors()
    earlier = list(dict.fromkeys(map(fold_digits, before.lines)))
    current = list(dict.fromkeys(map(fold_digits, now.lines)))
    gone = [line for line in set(earlier) - set(current) if boilerplate.has(line, old.byline)]
    come = [line for line in set(current) - set(earlier) if boilerplate.has(line, new.byline)]
    if len(gone) <= len(come):
        return Successors()
    foreign = foreign_lines(new, set(candidates.values()))
    new_lines = dict(_places(current, set(earlier)))
    proven: dict[str, str] = {}
    doubtful: dict[str, str] = {}
    for place, lines in _places(earlier, set(current)):
        predecessors = [line for line in lines if line in gone]
        found = [candidates[line] for line in new_lines.get(place, ()) if line in candidates]
        own = [line for line in found if line not in foreign]
        found = [line for line in found if line in foreign]
        if len(found) <= len(predecessors):
            proven.update(zip(found, predecessors, strict=False))
        if not found and len(own) <= len(predecessors):
            doubtful.update(zip(own, predecessors, strict=False))
    return Successors(proven, doubtful)


def _has_similar_line(line: str, others: Iterable[str]) -> bool:
    return any(
        are_similar(line, other, at_least=MIN_LINE_SHARE, max_characters=MAX_COMPARED_CHARACTERS)
        for other in others
    )


def _places(
    lines: list[str], common: set[str]
) -> Iterator[tuple[tuple[str | None, str | None], list[str]]]:
    """The runs of lines that the other page lacks, each with the common lines before and after it.

    >>> list(_places(["a", "x", "y", "b"], {"a", "b"}))
    [(('a', 'b'), ['x', 'y'])]
    """
    runs = [(is_common, list(run)) for is_common, run in groupby(lines, common.__contains__)]
    for at, (is_common, run) in enumerate(runs):
        if not is_common:
            left = runs[at - 1][1][-1] if at else None
            right = runs[at + 1][1][0] if at + 1 < len(runs) else None
            yield (left, right), run
