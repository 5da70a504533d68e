"""How siblings show a line that came to an article or left it, and what that proves.

A publisher's line comes to all articles and leaves them all. So one sibling that shows it is asked to
be one of two, and a sibling that does not show it speaks against it. What two stories share may also be
background or a stock phrase, so three kinds of line prove less:

- A line that the sibling had all along is a stock phrase as likely as a pitch. Two must have it.
- A line whose terms recur in its story is the story's (`text/topics.py`), and so is one sentence with
  another number or name in it. The stories must agree that it is foreign to them.
- A line that the sibling shows beside a link to the article, or that begins the article, is a teaser.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from functools import cached_property

from scraper.article import Article
from scraper.phrases.corrections import CORRECTION_NOTICE
from storage.diff.align.similarity import MIN_LINE_SHARE, are_similar
from storage.diff.noise import PageArticle
from storage.diff.noise.boilerplate import line_forms
from storage.diff.text.terms import LETTERS
from storage.diff.text.tokens import tokens
from storage.diff.text.topics import foreign_texts
from storage.diff.text.visible import fold_digits, visible

# A shorter line may stand in two articles by chance: a sub-heading, a name.
MIN_PROOF_TOKENS = 5
# A longer line is similar only to itself.
MAX_SIMILAR_CHARACTERS = 5_000
# A sibling proves a line together with another one. Alone, it does if there is no other.
MIN_PROOF_SIBLINGS = 2


def line_key(line: str) -> str:
    """The line with one sign for each number: a pitch counts readers, an ad counts days."""
    return fold_digits(line)


def line_keys(line: str, byline: tuple[str, ...]) -> tuple[str, ...]:
    """The key of a line, and if it names the reporter, that of the line without the name."""
    return tuple(map(line_key, line_forms(line, byline)))


def is_edited_line(one: str, other: str) -> bool:
    """Whether two lines are one line with other words in it."""
    return are_similar(one, other, at_least=MIN_LINE_SHARE, max_characters=MAX_SIMILAR_CHARACTERS)


def article_lines(article: Article) -> Iterator[str]:
    """The lines of an article, as a reader sees them, in whatever field."""
    texts = (*article.paragraphs, *article.captions, *(article.dek or "").splitlines())
    return map(visible, texts)


def may_be_publishers(line: str) -> bool:
    """Whether a sibling may explain a line at all: it has words, and it corrects nothing."""
    return bool(LETTERS.search(line)) and not CORRECTION_NOTICE.search(line)


@dataclass(frozen=True)  # no slots: cached_property needs a __dict__
class Sibling:
    """Another article of the host: as it was when the article was last as stored, and as it is now.

    `before` is None if the sibling was not there yet. `excluded` are texts that were proven to be
    no part of it. `is_current` says that it was fetched since the check of the article began: an older
    page may be of a time before the change. `has_returned` says that it shows what it said before its
    last edit.
    """

    url: str
    now: PageArticle
    before: PageArticle | None = None
    excluded: frozenset[str] = frozenset()
    is_current: bool = True
    has_returned: bool = False

    @cached_property
    def lines_now(self) -> Counter[str]:
        """How often its page shows each line now, numbers folded."""
        return _page_keys(self.now)

    @cached_property
    def lines_before(self) -> Counter[str]:
        """How often its page showed each line before, numbers folded."""
        return _page_keys(self.before) if self.before else Counter()

    @cached_property
    def own_lines_now(self) -> frozenset[str]:
        """The lines of its article now, numbers folded."""
        return _article_keys(self.now)

    @cached_property
    def own_lines_before(self) -> frozenset[str]:
        """The lines of its article before, numbers folded."""
        return _article_keys(self.before) if self.before else frozenset()

    @cached_property
    def excluded_lines(self) -> frozenset[str]:
        """What was proven to be no part of it, numbers folded."""
        byline = self.now.article.byline
        return frozenset(key for line in self.excluded for key in line_keys(line, byline))


def _page_keys(page: PageArticle) -> Counter[str]:
    counts: Counter[str] = Counter()
    for line, count in page.page.lines.items():
        for key in line_keys(line, page.article.byline):
            counts[key] += count
    return counts


def _article_keys(page: PageArticle) -> frozenset[str]:
    byline = page.article.byline
    return frozenset(key for line in article_lines(page.article) for key in line_keys(line, byline))


@dataclass(frozen=True, slots=True)
class LineChange:
    """A line that came to an article or left it.

    `is_exposed` says that other pages may show it in a teaser. `other_reading` is the line of the other
    version that is the same with other words or numbers, `is_counting` that only its numbers differ.
    """

    article: Article
    line: str
    has_come: bool
    is_exposed: bool
    other_reading: str | None = None
    is_counting: bool = False


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
    return next(filter(None, proofs), None)


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
    shown = strong + weak
    if change.is_counting:
        return _count_proof(change, key, shown)
    if (change.other_reading or not strong) and not _is_foreign(change, key, shown):
        return None
    if strong:
        shown += [one for one in siblings if one not in shown and _has_kindred(change, key, one)]
    against = [one for one in siblings if one.is_current and one not in shown]
    if len(shown) >= MIN_PROOF_SIBLINGS and len(shown) >= len(against):
        return LineProof(shown[0].url, Strength.PROVEN)
    if not strong:
        return LineProof(shown[0].url, Strength.TOO_WEAK) if shown and not against else None
    return LineProof(shown[0].url, Strength.DOUBTFUL if against else Strength.PROVEN_ALONE)


def _count_proof(change: LineChange, key: str, shown: Sequence[Sibling]) -> LineProof | None:
    """A count of readers differs between articles or moves in all of them; so may a count of victims."""
    if len(shown) < MIN_PROOF_SIBLINGS:
        return None
    old = change.other_reading if change.has_come else change.line
    has_moved = any(line != old and line_key(line) == key for one in shown for line in one.now.page.lines)  # fmt: skip
    is_proven = has_moved and _is_foreign(change, key, shown)
    return LineProof(shown[0].url, Strength.PROVEN if is_proven else Strength.DOUBTFUL)


def _sight(change: LineChange, key: str, sibling: Sibling) -> _Sight:
    now, before = sibling.lines_now[key], sibling.lines_before[key]
    if change.has_come:
        in_article, on_page = key in sibling.own_lines_now, now > 0
        at_once = sibling.before is not None and now > before
    else:
        in_article = key in sibling.own_lines_now or key in sibling.own_lines_before
        on_page, at_once = now + before > 0, before > now
    if not in_article and (change.is_exposed or _is_teaser(change, sibling)):
        return _Sight(False, False, False)
    return _Sight(in_article, on_page, at_once)


def _has_kindred(change: LineChange, key: str, sibling: Sibling) -> bool:
    """Whether a similar line came to a sibling at once, or left it: one that names another reporter."""
    came = sibling.lines_now - sibling.lines_before
    left = sibling.lines_before - sibling.lines_now
    lines = (came if change.has_come else left) if sibling.before else ()
    return any(is_edited_line(key, line) for line in lines)


def _is_teaser(change: LineChange, sibling: Sibling) -> bool:
    """Whether a sibling shows a line in a box that links to the article."""
    pages = (sibling.now, sibling.before) if sibling.before else (sibling.now,)
    return any(change.line in page.page.teasers_of(change.article.url) for page in pages)


def _is_foreign(change: LineChange, key: str, siblings: Sequence[Sibling]) -> bool:
    """Whether a line is foreign to the article and to those that show it, as far as they can judge."""
    stories = [change.article, *(_story(key, sibling) for sibling in siblings)]
    votes = [vote for vote in (_vote(change.line, key, story) for story in stories) if vote is not None]  # fmt: skip
    return not votes or all(votes)


def _story(key: str, sibling: Sibling) -> Article:
    is_earlier = sibling.before is not None and key not in sibling.own_lines_now
    return sibling.before.article if sibling.before and is_earlier else sibling.now.article


def _vote(line: str, key: str, story: Article) -> bool | None:
    own = [text for text in article_lines(story) if key not in line_keys(text, story.byline)]
    foreign = foreign_texts(story.headline, own, (line,))
    return None if foreign is None else line in foreign
