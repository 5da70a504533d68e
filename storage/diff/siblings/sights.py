"""How siblings show a line that came to an article or left it, and what that proves.

A publisher's line comes to all articles and leaves them all. So one sibling that shows it is asked to
be one of two, and a sibling that does not show it speaks against it. What two stories share may also be
background or a stock phrase, so three kinds of line prove less:

- A line that the sibling had all along is a stock phrase as likely as a pitch. Two must have it.
- A line whose terms recur in its story is the story's (`text/topics.py`), and so is one sentence with
  another number or name in it. The stories must agree that it is foreign to them.
- A line that the sibling shows beside a link to the article, or that begins the article, is a teaser.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto

from scraper.article import Article
from storage.diff.align.words import align
from storage.diff.siblings.frames import frame
from storage.diff.siblings.sibling import (
    Sibling,
    article_keys,
    article_lines,
    is_edited_line,
    is_other_reading,
    line_key,
    line_keys,
    may_be_publishers,
)
from storage.diff.text.tokens import tokens
from storage.diff.text.topics import foreign_texts

# A shorter line may stand in two articles by chance: a sub-heading, a name.
MIN_PROOF_TOKENS = 5
# A sibling proves a line together with another one. Alone, it does if there is no other.
MIN_PROOF_SIBLINGS = 2


@dataclass(frozen=True, slots=True)
class LineChange:
    """A line that came to an article or left it.

    `is_exposed` says that other pages may show it in a teaser. `other_reading` is the line of the other
    version that is the same with other words or numbers, `is_counting` that only its numbers differ,
    `is_lone` that no other words differ in the article that may be its own. `site_terms` are those of the publisher's name.
    """

    article: Article
    line: str
    has_come: bool
    is_exposed: bool
    other_reading: str | None = None
    is_counting: bool = False
    is_lone: bool = False
    site_terms: frozenset[str] = frozenset()


class Strength(Enum):
    """What siblings prove of a line: that it is the publisher's, that it is if no other is there to ask, that
    they disagree, or that another may prove it."""

    PROVEN = auto()
    PROVEN_ALONE = auto()
    DOUBTFUL = auto()
    TOO_WEAK = auto()


@dataclass(frozen=True, slots=True)
class LineProof:
    """What siblings prove of a line, and one of them that shows it."""

    sibling: str
    strength: Strength


@dataclass(frozen=True, slots=True)
class _Sight:
    """How a sibling shows a line: in its article, elsewhere on its page, or come or gone at once."""

    in_article: bool
    on_page: bool
    at_once: bool


def proof_of(change: LineChange, siblings: Sequence[Sibling]) -> LineProof | None:
    """What the siblings prove of a changed line; None if it is the article's own."""
    if not may_be_publishers(change.line):
        return None
    byline = change.article.byline
    proofs = (_proof(change, key, siblings) for key in line_keys(change.line, byline))
    proof = next(filter(None, proofs), None)
    if proof is None or proof.strength is Strength.TOO_WEAK:
        return _frame_proof(change, siblings) or proof
    return proof


def _proof(change: LineChange, key: str, siblings: Sequence[Sibling]) -> LineProof | None:
    is_short = len(tokens(change.line)) < MIN_PROOF_TOKENS
    strong: list[Sibling] = []
    weak: list[Sibling] = []
    for sibling in siblings:
        sight = _sight(change, key, sibling)
        if key in sibling.excluded_lines or sight.at_once:
            strong.append(sibling)
        elif sight.in_article or (sight.on_page and not is_short):
            weak.append(sibling)
    if change.is_counting:
        return _count_proof(change, key, strong + weak)
    is_foreign = _is_foreign(change, key, strong + weak)
    if strong or (is_foreign and change.other_reading is None):
        others = [one for one in siblings if one not in strong and one not in weak]
        strong += [one for one in others if _has_kindred(change, key, one)]
    if (change.other_reading or not strong) and not is_foreign:
        return None
    shown = strong + weak
    against = [one for one in siblings if one.is_current and one not in shown]
    if len(shown) >= MIN_PROOF_SIBLINGS and len(shown) >= len(against):
        return LineProof(shown[0].url, Strength.PROVEN)
    if not strong:
        return LineProof(shown[0].url, Strength.TOO_WEAK) if shown and not against else None
    return LineProof(shown[0].url, Strength.DOUBTFUL if against else Strength.PROVEN_ALONE)


def _frame_proof(change: LineChange, siblings: Sequence[Sibling]) -> LineProof | None:
    """A pitch may name what each article is about: siblings show it with other names.

    The rest of it is foreign to the article. One of them proves nothing: two stories may get one sentence.
    """

    def is_sites(rest: str) -> bool:
        return _is_foreign(replace(change, line=rest), key, ())

    if change.other_reading:
        return None
    key = line_key(change.line)
    shown = [one for one in siblings if any(map(is_sites, _frames(change, key, one)))]
    if not shown:
        return None
    against = [one for one in siblings if one.is_current and one not in shown]
    if len(shown) < MIN_PROOF_SIBLINGS:
        return None if against else LineProof(shown[0].url, Strength.TOO_WEAK)
    strength = Strength.PROVEN if len(shown) >= len(against) else Strength.DOUBTFUL
    return LineProof(shown[0].url, strength)


def _frames(change: LineChange, key: str, sibling: Sibling) -> Iterator[str]:
    lines = sibling.came if change.has_come else sibling.left
    return filter(None, (frame(key, line) for line in lines if line != key))


def _count_proof(change: LineChange, key: str, shown: Sequence[Sibling]) -> LineProof | None:
    """A count of readers differs between articles or moves in all of them; so may a count of victims.

    A number that is the story's own is an edit. But the share of a text that may be read moves with the text.
    """
    if len(shown) < MIN_PROOF_SIBLINGS:
        return None
    is_own = _is_own_number(change, key, shown)
    if is_own and change.is_lone:
        return None
    old = change.other_reading if change.has_come else change.line
    has_moved = any(line != old and line_key(line) == key for one in shown for line in one.now.page.lines)  # fmt: skip
    is_proven = has_moved and not is_own and _is_foreign(change, key, shown)
    return LineProof(shown[0].url, Strength.PROVEN if is_proven else Strength.DOUBTFUL)


def _is_own_number(change: LineChange, key: str, shown: Sequence[Sibling]) -> bool:
    """Whether each sibling has numbers that no other story shows, and most have kept them."""
    readings = [one.readings(key) for one in shown]
    kept = [
        one for one, found in zip(shown, readings, strict=True) if one.first and len(found) == 1
    ]
    groups = [{change.line, change.other_reading}, *readings]
    is_apart = len(set().union(*groups)) == sum(map(len, groups))
    return is_apart and 2 * len(kept) > len(shown)


def _sight(change: LineChange, key: str, sibling: Sibling) -> _Sight:
    in_article, on_page = key in sibling.own_lines_now, sibling.lines_now[key] > 0
    if not change.has_come:
        in_article = in_article or key in sibling.own_lines_earlier
        on_page = on_page or sibling.lines_earlier[key] > 0
    at_once = (sibling.came if change.has_come else sibling.left)[key] > 0
    if not in_article and (change.is_exposed or _is_teaser(change, sibling)):
        return _Sight(False, False, False)
    return _Sight(in_article, on_page, at_once)


def _has_kindred(change: LineChange, key: str, sibling: Sibling) -> bool:
    """Whether a similar line came to a sibling at once, or left it: one that names another reporter.

    One that was only edited there did neither.
    """
    lines, others = sibling.came, sibling.left
    if not change.has_come:
        lines, others = others, lines
    return any(
        is_edited_line(key, line) and not any(is_other_reading(line, other) for other in others)
        for line in lines
    )


def _is_teaser(change: LineChange, sibling: Sibling) -> bool:
    """Whether a sibling shows a line in a box that links to the article."""
    pages = (sibling.now, *sibling.earlier_pages)
    return any(change.line in page.page.teasers_of(change.article.url) for page in pages)


def _is_foreign(change: LineChange, key: str, siblings: Sequence[Sibling]) -> bool:
    """Whether a line is foreign to the article and to those that show it, as far as they can judge."""
    text = _common_text(change.line, change.other_reading) if change.other_reading else change.line
    stories = [change.article, *(_story(key, sibling) for sibling in siblings)]
    votes = [_vote(text, key, story, change.site_terms) for story in stories]
    return all(vote for vote in votes if vote is not None)


def _story(key: str, sibling: Sibling) -> Article:
    pages = (sibling.now, *sibling.earlier_pages)
    return next((page.article for page in pages if key in article_keys(page)), sibling.now.article)


def is_foreign_line(change: LineChange) -> bool:
    """Whether a line is foreign to its own article: other siblings may show it, if one does not."""
    return may_be_publishers(change.line) and _is_foreign(change, line_key(change.line), ())


def _common_text(line: str, reading: str) -> str:
    """What both readings of a line have: a pitch may name the reader's town, which is that of the story."""
    words, others = line.split(" "), reading.split(" ")
    ways = align(words, others)
    return " ".join(word for op, i1, i2, _, _ in ways if op == "equal" for word in words[i1:i2])


def _vote(line: str, key: str, story: Article, site_terms: frozenset[str]) -> bool | None:
    own = [text for text in article_lines(story) if key not in line_keys(text, story.byline)]
    foreign = foreign_texts(story.headline, own, (line,), site_terms=site_terms)
    return None if foreign is None else line in foreign
