"""Another article of the host of which most came to a page: a cache mixed them up, or the site shows it below."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import groupby

from scraper.article import Article
from storage.diff.siblings.sibling import is_edited_line

# If so much of another article's text came to a page, and so much of what came is from there, it is that article's.
MIN_FOREIGN_SHARE = 0.5
# Two texts under one headline that have so much of their paragraphs in common are one article.
MIN_SHARED_PARAGRAPHS = 0.3
# With less new text nothing is looked for.
MIN_ADDED_SHARE = 0.2


@dataclass(frozen=True, slots=True)
class OtherText:
    """The address of the other article, its paragraphs and its headline, and the paragraph it opens with."""

    url: str
    lines: frozenset[str]
    opening: str = ""

    def has(self, line: str, own_lines: Iterable[str]) -> bool:
        """Whether a line is one of the other article's, which may have been edited since, and no own line that was."""
        if line in self.lines or any(is_edited_line(line, own) for own in own_lines):
            return line in self.lines
        return any(is_edited_line(line, other) for other in self.lines)


def added_paragraphs(old: Article, new: Article) -> list[str]:
    """The paragraphs that came to an article; none if they are a small part of it, as in most edits."""
    known = frozenset(old.paragraphs)
    added = [line for line in new.paragraphs if line not in known]
    return added if _size(added) >= MIN_ADDED_SHARE * _size(new.paragraphs) else []


def is_source(paragraphs: Iterable[str], added: Iterable[str]) -> bool:
    """Whether paragraphs of another article make up most of what was added, and most of them were."""
    own, came = frozenset(paragraphs), frozenset(added)
    return _size(own & came) >= MIN_FOREIGN_SHARE * max(_size(own), _size(came))


def shares_paragraphs(one: Iterable[str], other: Iterable[str]) -> bool:
    """Whether two texts under one headline are one article: they have much of the shorter one in common.

    Other words in the same sentences prove nothing: many reports follow one pattern.
    """
    left, right = frozenset(one), frozenset(other)
    return _size(left & right) >= MIN_SHARED_PARAGRAPHS * min(_size(left), _size(right))


def without_other_text(old: Article, new: Article, other: OtherText) -> Article:
    """The article without what came from another one; as it is if nothing of it would be left.

    >>> old, other = Article("a", "Fire", paragraphs=("A mill burned.",)), OtherText("b", frozenset({"Flood", "It rained."}))
    >>> without_other_text(old, Article("a", "Fire", paragraphs=("A mill burned.", "Flood", "It rained.")), other).paragraphs
    ('A mill burned.',)
    """
    known = frozenset(old.paragraphs)
    own_lines = known.difference(new.paragraphs)
    runs = [(is_known, list(run)) for is_known, run in groupby(new.paragraphs, known.__contains__)]
    kept: list[str] = []
    for position, (is_known, run) in enumerate(runs, start=1):
        places = (
            [] if is_known else [at for at, line in enumerate(run) if other.has(line, own_lines)]
        )
        if not places:
            kept += run
            continue
        # What follows to the end of the page belongs to the other article, such as a correction of it.
        end = len(run) if position == len(runs) else places[-1] + 1
        kept += _above(run[: places[0]], run[places[0]], other, own_lines) + run[end:]
    return replace(new, paragraphs=tuple(kept)) if kept else new


def _above(lines: list[str], first: str, other: OtherText, own_lines: Iterable[str]) -> list[str]:
    """The lines above the other article, without its headline, which may have been edited since."""
    is_headline = (
        bool(lines)
        and first == other.opening
        and len(lines[-1]) < len(first)
        and not any(is_edited_line(lines[-1], own) for own in own_lines)
    )
    return lines[:-1] if is_headline else lines


def _size(lines: Iterable[str]) -> int:
    return sum(map(len, lines))
