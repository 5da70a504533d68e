"""Whole lines that came to an article or left it: does a sibling show them, too?"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from operator import and_, attrgetter

from scraper.article import Article
from storage.diff.align.words import align
from storage.diff.noise.shared_lines import foreign_lines
from storage.diff.siblings.sibling import (
    Sibling,
    article_lines,
    is_other_reading,
    is_rewritten,
    line_key,
    may_be_publishers,
)
from storage.diff.siblings.sights import (
    LineChange,
    Strength,
    is_foreign_line,
    proof_of,
)
from storage.diff.siblings.subjects import is_unrelated
from storage.diff.text.terms import terms
from storage.diff.text.visible import visible

# Other articles show these first paragraphs in a teaser.
TEASER_PARAGRAPHS = 2

# The lists of lines of an article: the name of the field, and its lines as a reader sees them.
LineLists = Mapping[str, tuple[str, ...]]


def line_lists(article: Article) -> LineLists:
    """The lines of an article, as a reader sees them, by field."""
    return {
        "body": tuple(map(visible, article.paragraphs)),
        "caption": tuple(map(visible, article.captions)),
        "dek": tuple(map(visible, (article.dek or "").splitlines())),
    }


def all_lines(article: Article) -> Counter[str]:
    """How often an article has each line, in whatever field."""
    return Counter(article_lines(article))


@dataclass(frozen=True, slots=True)
class PublisherLines:
    """What siblings prove of the lines that came, left or moved.

    `proven` are the publisher's, each with a sibling that shows it. `doubtful` are those that some
    siblings show and others do not, and counts, each with its other reading. `is_thin` says that
    one sibling shows a line, and no other was asked, `is_open` that none shows a line that is foreign to
    the article.
    """

    proven: Mapping[str, str] = field(default_factory=dict)
    doubtful: Mapping[str, str | None] = field(default_factory=dict)
    is_thin: bool = False
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class _Doubt:
    """A sibling that shows a doubtful line, and the line's other reading."""

    sibling: str
    reading: str | None


def publisher_lines(old: Article, new: Article, siblings: Sequence[Sibling]) -> PublisherLines:
    """What of the lines that came, left or moved is the publisher's, by its siblings. Pure.

    If the article was rewritten, a sibling that was rewritten, too, proves nothing: stories of one pattern (weather,
    results, prices) share sentences in each wording.
    """
    if is_rewritten(old, new):
        siblings = [one for one in siblings if not one.is_rewritten]
    if not siblings:
        return PublisherLines()
    unrelated = [one for one in siblings if is_unrelated(old, one.now.article)]
    proven: dict[str, str] = {}
    doubtful: dict[str, _Doubt] = {}
    strengths: set[Strength] = set()
    is_open = False
    changes = sorted(_changes(old, new, site_terms(siblings)), key=attrgetter("is_counting"))
    others = {change.line for change in changes if not change.is_counting}
    for change in changes:
        if change.is_counting:
            lone = replace(change, is_lone=proven.keys() >= others)
            proof = proof_of(lone, unrelated)
        else:
            proof = proof_of(change, siblings)
        if proof is None:
            is_open = is_open or (change.other_reading is None and is_foreign_line(change))
            continue
        strengths.add(proof.strength)
        if proof.strength in (Strength.PROVEN, Strength.PROVEN_ALONE):
            proven.setdefault(change.line, proof.sibling)
        elif proof.strength is Strength.DOUBTFUL:
            doubtful[change.line] = _Doubt(proof.sibling, change.other_reading)
    proven |= _exchanged(old, new, proven, doubtful)
    return PublisherLines(
        proven | _successors(old, new, proven),
        {line: doubt.reading for line, doubt in doubtful.items() if line not in proven},
        not strengths.isdisjoint((Strength.PROVEN_ALONE, Strength.TOO_WEAK)),
        is_open,
    )


def site_terms(siblings: Sequence[Sibling]) -> frozenset[str]:
    """The terms of what all pages of the siblings show outside their articles: the publisher's name."""
    if not siblings:
        return frozenset()
    return frozenset().union(*map(terms, reduce(and_, (one.furniture for one in siblings))))


def _changes(old: Article, new: Article, names: frozenset[str]) -> Iterator[LineChange]:
    """The lines that came, and those that left or moved."""
    before, after = all_lines(old), all_lines(new)
    exposed = _exposed_lines(old) | _exposed_lines(new)
    came, left = after - before, before - after
    for article, lines, others, has_come in (
        (new, came, left, True),
        (old, left | _moved(old, new), came, False),
    ):
        for line in lines:
            reading = next((other for other in others if is_other_reading(line, other)), None)
            is_counting = reading is not None and line_key(reading) == line_key(line)
            yield LineChange(
                article,
                line,
                has_come,
                line in exposed,
                reading,
                is_counting=is_counting,
                site_terms=names,
            )


def counting_keys(old: Article, new: Article) -> frozenset[str]:
    """The keys of the lines in which only numbers changed: a pitch counts readers, a story the injured."""
    before, after = all_lines(old), all_lines(new)
    came, left = after - before, before - after
    return frozenset(map(line_key, filter(may_be_publishers, came))) & frozenset(
        map(line_key, left)
    )


def has_foreign_reading(old: Article, new: Article) -> bool:
    """Whether other words are in a line that is foreign to the article: a pitch may name the reader's town."""
    return any(
        change.other_reading is not None and not change.is_counting and is_foreign_line(change)
        for change in _changes(old, new, frozenset())
    )


def _moved(old: Article, new: Article) -> Counter[str]:
    """The lines of the body that both versions have, in another order."""
    before, after = list(line_lists(old)["body"]), list(line_lists(new)["body"])
    moved: Counter[str] = Counter()
    for op, i1, i2, _, _ in align(before, after):
        if op in ("delete", "replace"):
            moved.update(before[i1:i2])
    return moved & Counter(after)


def _exposed_lines(article: Article) -> frozenset[str]:
    """The lines that other pages may show in a teaser of this article."""
    lists = line_lists(article)
    return frozenset((*lists["dek"], *lists["body"][:TEASER_PARAGRAPHS], visible(article.headline)))


def _exchanged(
    old: Article, new: Article, proven: Mapping[str, str], doubtful: Mapping[str, _Doubt]
) -> dict[str, str]:
    """The doubtful lines that took each other's place in a sibling, too: newsrooms edit no two stories so."""
    shown = {line: doubt.sibling for line, doubt in doubtful.items() if doubt.reading is None}
    known = shown | dict(proven)
    exchanged: dict[str, str] = {}
    after_lists = line_lists(new)
    for name, lines in line_lists(old).items():
        before, after = list(lines), list(after_lists[name])
        for op, i1, i2, j1, j2 in align(before, after):
            pair = (*before[i1:i2], *after[j1:j2])
            if op == "replace" and all(line in known for line in pair):
                exchanged |= {line: shown[line] for line in pair if line in shown}
    return exchanged


def _successors(old: Article, new: Article, proven: Mapping[str, str]) -> dict[str, str]:
    """The new lines in the places of old ones that are the publisher's, one for each at most.

    They are foreign to the story: a reporter's paragraph may come where a pitch leaves.
    """
    known = all_lines(old)
    successors: dict[str, str] = {}
    after_lists = line_lists(new)
    for name, lines in line_lists(old).items():
        before, after = list(lines), list(after_lists[name])
        for op, i1, i2, j1, j2 in align(before, after):
            olds = before[i1:i2]
            news = [line for line in after[j1:j2] if line not in known]
            if op != "replace" or len(news) > len(olds) or not all(line in proven for line in olds):
                continue
            foreign = foreign_lines(new, set(filter(may_be_publishers, news)) - proven.keys())
            successors |= dict.fromkeys(foreign, proven[olds[0]])
    return successors
