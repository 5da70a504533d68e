"""One sibling: its pages, and the lines that came to it or left it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, reduce
from itertools import chain
from operator import and_, or_
from urllib.parse import urljoin

from scraper.article import Article
from scraper.phrases.corrections import CORRECTION_NOTICE
from scraper.urls import is_front_page
from storage.diff.align.similarity import MIN_LINE_SHARE, are_similar
from storage.diff.noise import PageLines, ShownArticle
from storage.diff.noise.boilerplate import line_forms
from storage.diff.text.sketch import shared_share, shingles
from storage.diff.text.terms import LETTERS
from storage.diff.text.topics import is_short
from storage.diff.text.visible import fold_digits, visible

# A text that was rewritten has less than this in common with the one before.
MAX_SHARE_OF_REWRITTEN = 0.5
# Two pitches share fewer tokens than two readings of one sentence.
MIN_READING_SHARE = 0.7
# A longer line is similar only to itself.
MAX_SIMILAR_CHARACTERS = 5_000


def line_key(line: str) -> str:
    """The line with one sign for each number: a pitch counts readers, an ad counts days."""
    return fold_digits(line)


def line_keys(line: str, byline: tuple[str, ...]) -> tuple[str, ...]:
    """The key of a line, and if it names the reporter, that of the line without the name."""
    return tuple(map(line_key, line_forms(line, byline)))


def is_edited_line(one: str, other: str) -> bool:
    """Whether two lines are one line with other words in it."""
    return are_similar(one, other, at_least=MIN_LINE_SHARE, max_characters=MAX_SIMILAR_CHARACTERS)


def is_other_reading(one: str, other: str) -> bool:
    """Whether two lines are one sentence with another number or name in it."""
    return line_key(one) == line_key(other) or are_similar(
        one, other, at_least=MIN_READING_SHARE, max_characters=MAX_SIMILAR_CHARACTERS
    )


def is_rewritten(old: Article, new: Article) -> bool:
    """Whether hardly a sentence of a text is left as it was.

    >>> old = Article("a", "Ferry", paragraphs=("The ferry ran aground at noon.", "Nobody was hurt."))
    >>> is_rewritten(old, Article("a", "Ferry", paragraphs=("A ferry has hit a reef, all aboard are safe.",)))
    True
    """
    kept = sum(map(len, set(old.paragraphs).intersection(new.paragraphs)))
    if kept >= MAX_SHARE_OF_REWRITTEN * min(len(old.body), len(new.body)):
        return False  # most edits: shingles take much longer than lines
    return shared_share(shingles(old.body), shingles(new.body)) < MAX_SHARE_OF_REWRITTEN


def article_lines(article: Article) -> Iterator[str]:
    """The lines of an article, as a reader sees them, in whatever field."""
    texts = (*article.paragraphs, *article.captions, *(article.dek or "").splitlines())
    return map(visible, texts)


def may_be_publishers(line: str) -> bool:
    """Whether a sibling may explain a line at all: it has words, and it corrects nothing."""
    return bool(LETTERS.search(line)) and not CORRECTION_NOTICE.search(line)


@dataclass(frozen=True, slots=True)
class FrozenLines:
    """The lines of a page that was read once, elsewhere: a `PageLines`.

    `teasers` are those of the addresses that a proof will ask for.
    """

    lines: Mapping[str, int]
    places: Mapping[str, str]
    links: Mapping[str, str]
    teasers: Mapping[str, str]

    def teasers_of(self, url: str) -> str:
        """The text of the boxes of the page that link to an address."""
        return self.teasers[url]


@dataclass(frozen=True, slots=True)
class FrozenPage:
    """The article of a page that was read once, and the lines of the page: a `ShownArticle`."""

    article: Article
    page: FrozenLines


def frozen_lines(page: PageLines, urls: Iterable[str]) -> FrozenLines:
    """The lines of a page as values, with its teasers of some addresses."""
    teasers = {url: page.teasers_of(url) for url in urls}
    return FrozenLines(page.lines, page.places, page.links, teasers)


@dataclass(frozen=True)  # no slots: cached_property needs a __dict__
class Sibling:
    """Another article of the host: as it was when the article was last as stored, and as it is now.

    `before` is None if the sibling was not there yet. `day_before` is its page of a day before: a publisher
    may change one article after the other. `excluded` are texts that were proven to be
    no part of it. `is_current` says that it was fetched since the check of the article began: an older
    page may be of a time before the change. `has_returned` says that it shows what it said before its
    last edit. `first` is its oldest page, if it was checked since; only a line that may count needs it.
    """

    url: str
    now: ShownArticle
    before: ShownArticle | None = None
    excluded: frozenset[str] = frozenset()
    is_current: bool = True
    has_returned: bool = False
    day_before: ShownArticle | None = None
    first: ShownArticle | None = None

    @cached_property
    def lines_now(self) -> Counter[str]:
        """How often its page shows each line now, numbers folded."""
        return _page_keys(self.now)

    @cached_property
    def earlier_pages(self) -> tuple[ShownArticle, ...]:
        """Its pages of a day before and of when the article was last as stored."""
        return tuple(page for page in (self.before, self.day_before) if page is not None)

    def readings(self, key: str) -> frozenset[str]:
        """What its pages showed of a line, each number as it was."""
        pages = (self.now, *self.earlier_pages, *((self.first,) if self.first else ()))
        lines = chain(self.excluded, *(one.page.lines for one in pages))
        return frozenset(line for line in lines if line_key(line) == key)

    @cached_property
    def came(self) -> Counter[str]:
        """How much more often its page shows each line now than on an earlier page, numbers folded."""
        counts = [_page_keys(page) for page in self.earlier_pages]
        return self.lines_now - reduce(and_, counts) if counts else Counter()

    @cached_property
    def left(self) -> Counter[str]:
        """How much more often an earlier page showed each line, numbers folded."""
        return self.lines_earlier - self.lines_now

    @cached_property
    def lines_earlier(self) -> Counter[str]:
        """How often an earlier page showed each line at most, numbers folded."""
        return reduce(or_, map(_page_keys, self.earlier_pages), Counter())

    @cached_property
    def own_lines_now(self) -> frozenset[str]:
        """The lines of its article now, numbers folded."""
        return article_keys(self.now)

    @cached_property
    def own_lines_earlier(self) -> frozenset[str]:
        """The lines of its article on earlier pages, numbers folded."""
        return frozenset().union(*map(article_keys, self.earlier_pages))

    @cached_property
    def furniture(self) -> frozenset[str]:
        """The short lines that all its pages show outside the article, and that link to no other page: its name, for one."""
        return reduce(and_, map(_furniture, (self.now, *self.earlier_pages)))

    @cached_property
    def is_rewritten(self) -> bool:
        """Whether its text was rewritten since the article was last as stored."""
        return self.before is not None and is_rewritten(self.before.article, self.now.article)

    @cached_property
    def excluded_lines(self) -> frozenset[str]:
        """What was proven to be no part of it, numbers folded."""
        byline = self.now.article.byline
        return frozenset(key for line in self.excluded for key in line_keys(line, byline))


def _furniture(page: ShownArticle) -> frozenset[str]:
    own = {*article_lines(page.article), visible(page.article.headline)}
    return frozenset(
        line
        for line in page.page.lines
        if is_short(line)
        and line not in own
        and not _leads_on(line, page)
        and not any(name in line for name in page.article.byline)
    )


def _leads_on(line: str, page: ShownArticle) -> bool:
    """Whether a line is a link, but for one to the home page: that has the publisher's name."""
    address = page.page.links.get(line)
    return address is not None and not is_front_page(urljoin(page.article.url, address))


def _page_keys(page: ShownArticle) -> Counter[str]:
    counts: Counter[str] = Counter()
    for line, count in page.page.lines.items():
        for key in line_keys(line, page.article.byline):
            counts[key] += count
    return counts


def article_keys(page: ShownArticle) -> frozenset[str]:
    """The lines of an article, numbers folded; those that name the reporter without the name as well."""
    byline = page.article.byline
    return frozenset(key for line in article_lines(page.article) for key in line_keys(line, byline))
