"""Whole lines that came to an article or left it: does a sibling show them, too?"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from scraper.article import Article
from scraper.phrases.corrections import CORRECTION_NOTICE
from storage.diff.align.similarity import MIN_LINE_SHARE, are_similar
from storage.diff.align.words import align
from storage.diff.noise import PageArticle
from storage.diff.noise.boilerplate import line_forms
from storage.diff.noise.shared_lines import foreign_lines
from storage.diff.siblings.subjects import is_unrelated
from storage.diff.text.terms import LETTERS
from storage.diff.text.tokens import tokens
from storage.diff.text.visible import fold_digits, visible

# A shorter line may stand in two articles by chance: a sub-heading, a name.
MIN_PROOF_TOKENS = 5
# Other articles show these first paragraphs in a teaser.
TEASER_PARAGRAPHS = 2
# A short line, or one in which only numbers changed, needs this many siblings that show it.
MIN_SHORT_LINE_SIBLINGS = 2

# A longer line is similar only to itself.
MAX_SIMILAR_CHARACTERS = 5_000

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
    return Counter(line for lines in line_lists(article).values() for line in lines)


def line_key(line: str) -> str:
    """The line with one sign for each number: a pitch counts readers, an ad counts days."""
    return fold_digits(line)


def line_keys(line: str, byline: tuple[str, ...]) -> tuple[str, ...]:
    """The key of a line, and if it names the reporter, that of the line without the name."""
    return tuple(map(line_key, line_forms(line, byline)))


@dataclass(frozen=True)  # no slots: cached_property needs a __dict__
class Sibling:
    """Another article of the host: as it was when the article was last as stored, and as it is now.

    `before` is None if the sibling was not there yet. `excluded` are texts that were proven to be
    no part of it.
    """

    url: str
    now: PageArticle
    before: PageArticle | None = None
    excluded: frozenset[str] = frozenset()

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
    lines, byline = all_lines(page.article), page.article.byline
    return frozenset(key for line in lines for key in line_keys(line, byline))


def publisher_lines(old: Article, new: Article, siblings: Sequence[Sibling]) -> dict[str, str]:
    """The lines that came, left or moved and are the publisher's, each with the sibling that proves it."""
    if not siblings:
        return {}
    before, after = all_lines(old), all_lines(new)
    exposed = _exposed_lines(old) | _exposed_lines(new)
    came, left = after - before, before - after
    counting, unrelated = counting_keys(old, new), [one for one in siblings if is_unrelated(old, one.now.article)]  # fmt: skip
    proven: dict[str, str] = {}
    for lines, byline, sight_of in (
        (came, new.byline, _shows),
        (left | _moved(old, new), old.byline, _showed),
    ):
        for line in lines:
            is_counting = line_key(line) in counting
            asked, needed = (unrelated, MIN_SHORT_LINE_SIBLINGS) if is_counting else (siblings, 1)
            for key in line_keys(line, byline):
                if sibling := _proof(line, key, asked, sight_of, exposed, needed):
                    proven.setdefault(line, sibling)
    return proven | _successors(old, new, proven)


def counting_keys(old: Article, new: Article) -> frozenset[str]:
    """The keys of the lines in which only numbers changed: a pitch counts readers, a story the injured."""
    before, after = all_lines(old), all_lines(new)
    came, left = after - before, before - after
    return frozenset(map(line_key, filter(may_be_publishers, came))) & frozenset(
        map(line_key, left)
    )


def _moved(old: Article, new: Article) -> Counter[str]:
    """The lines of the body that both versions have, in another order."""
    before, after = list(line_lists(old)["body"]), list(line_lists(new)["body"])
    moved: Counter[str] = Counter()
    for op, i1, i2, _, _ in align(before, after):
        if op in ("delete", "replace"):
            moved.update(before[i1:i2])
    return moved & Counter(after)


def is_edited_line(one: str, other: str) -> bool:
    """Whether two lines are one line with other words in it."""
    return are_similar(one, other, at_least=MIN_LINE_SHARE, max_characters=MAX_SIMILAR_CHARACTERS)


def may_be_publishers(line: str) -> bool:
    """Whether a sibling may explain a line at all: it has words, and it corrects nothing."""
    return bool(LETTERS.search(line)) and not CORRECTION_NOTICE.search(line)


def _exposed_lines(article: Article) -> frozenset[str]:
    """The lines that other pages may show in a teaser of this article."""
    lists = line_lists(article)
    return frozenset((*lists["dek"], *lists["body"][:TEASER_PARAGRAPHS], visible(article.headline)))


@dataclass(frozen=True, slots=True)
class _Sight:
    """How a sibling shows a line: in its article, elsewhere on its page, or come or gone at once."""

    in_article: bool
    on_page: bool
    at_once: bool


def _shows(key: str, sibling: Sibling) -> _Sight:
    """How a sibling shows a line that came to the article."""
    came = sibling.before is not None and sibling.lines_now[key] > sibling.lines_before[key]
    return _Sight(key in sibling.own_lines_now, sibling.lines_now[key] > 0, came)


def _showed(key: str, sibling: Sibling) -> _Sight:
    """How a sibling showed, or still shows, a line that left the article."""
    left = sibling.lines_before[key] > sibling.lines_now[key]
    is_own = key in sibling.own_lines_before or key in sibling.own_lines_now
    return _Sight(is_own, sibling.lines_before[key] + sibling.lines_now[key] > 0, left)


def _proof(
    line: str,
    key: str,
    siblings: Sequence[Sibling],
    sight_of: Callable[[str, Sibling], _Sight],
    exposed: frozenset[str],
    needed: int,
) -> str | None:
    """The address of a sibling that proves a line to be the publisher's; None if too few do.

    At least `needed` siblings must show it, and more if it is short.
    """
    if not may_be_publishers(line):
        return None
    is_short = len(tokens(line)) < MIN_PROOF_TOKENS
    full: list[str] = []
    thin: list[str] = []
    for sibling in siblings:
        sight = sight_of(key, sibling)
        if key in sibling.excluded_lines:
            full.append(sibling.url)
        elif line in exposed and not sight.in_article:
            continue
        elif sight.at_once or (not is_short and (sight.in_article or sight.on_page)):
            full.append(sibling.url)
        elif sight.in_article:
            thin.append(sibling.url)
    if len(full) >= needed or len(full + thin) >= MIN_SHORT_LINE_SIBLINGS:
        return (full + thin)[0]
    return None


def _successors(old: Article, new: Article, proven: Mapping[str, str]) -> dict[str, str]:
    """The new lines in the places of old ones that are the publisher's, one for each at most.

    They are foreign to the story: a reporter's paragraph may come where a pitch leaves.
    """
    known = all_lines(old)
    successors: dict[str, str] = {}
    after_lists = line_lists(new)
    for field, lines in line_lists(old).items():
        before, after = list(lines), list(after_lists[field])
        for op, i1, i2, j1, j2 in align(before, after):
            olds = before[i1:i2]
            news = [line for line in after[j1:j2] if line not in known]
            if op != "replace" or len(news) > len(olds) or not all(line in proven for line in olds):
                continue
            foreign = foreign_lines(new, set(filter(may_be_publishers, news)) - proven.keys())
            successors |= dict.fromkeys(foreign, proven[olds[0]])
    return successors
