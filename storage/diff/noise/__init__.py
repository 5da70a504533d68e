"""Page noise and the article: `separate` is the one public function of this folder.

Theory of operation
===================

A check compares the stored version of an article with the page that was served just now. What
differs is one of three things: an edit by the publisher, *page noise* (an ad, a teaser, a counter,
a ranking inside the text), or our own mistake about which lines belong to the article. Size does
not distinguish them: "12" → "21" may be a death toll or a number of readers. Three filters do, and
each needs a proof of its own:

1. `keep_classification` compares the previous page with this one. A line that both pages show
   equally often has not been touched by anybody. If it joined or left the article all the same,
   only our classification of it changed, and the earlier classification holds.
2. `keep_confirmed` compares two responses fetched seconds apart. No publisher edits that fast, so
   anything that differs between the two is page noise. The article is what both agree on.
3. `hold_back_replacements` compares this check with earlier ones. A short line replaced by an
   unrelated line is usually an ad that changes hourly. It stays *pending*: an edit if the next
   check finds the same text there, page noise if that check finds a third text.

The order matters. The first filter reads the lines of whole pages, so it needs the texts as they
were extracted, before the others change them. It also decides whether a check seems to show an
edit at all, and so whether a second request is made. The second filter must come before the third:
a line that changes with every response would otherwise become pending at each check and cost an
extra check each time. Texts that were proven to be page noise at an earlier check are left out of
all three versions between the first filter and the second.

The answer holds two versions to compare. `base` is the previous version without page noise, and
`article` is the new one without page noise and with the old text of everything pending. Nothing
differs between them but edits.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from scraper.article import Article
from storage.diff.noise.boilerplate import Boilerplate
from storage.diff.noise.reclassified import keep_classification, removed_and_added
from storage.diff.noise.replaced_lines import hold_back_replacements
from storage.diff.noise.unstable import keep_confirmed
from storage.diff.text.visible import visible


@dataclass(frozen=True, slots=True)
class PageNoise:
    """A text proven to be page noise, with the evidence.

    The evidence is one of two. `first` and `second` are what two responses in a row had in its
    place (None for nothing). `after` is the paragraph after which every check found another line.
    """

    text: str
    first: str | None = None
    second: str | None = None
    after: str | None = None


@dataclass(frozen=True, slots=True)
class Exclusions:
    """What earlier checks have learnt about one article.

    - `volatile`: texts proven to be page noise.
    - `volatile_after`: the paragraphs after which lines were proven to change at every check.
    - `pending`: texts that wait for a later check, each with the text it replaced ("" for none).
    - `restored`: page noise that the user counts as part of the article again.
    - `restored_at`: when the user last did so, as text; "" if never.
    - `boilerplate`: lines of the publisher, which no article of its host holds.
    - `restored_boilerplate`: those that the user counts as part of the articles again.
    """

    volatile: frozenset[str] = frozenset()
    volatile_after: frozenset[str] = frozenset()
    pending: Mapping[str, str] = field(default_factory=dict)
    restored: frozenset[str] = frozenset()
    restored_at: str = ""
    boilerplate: Boilerplate = field(default_factory=Boilerplate)
    restored_boilerplate: Boilerplate = field(default_factory=Boilerplate)


class PageText(Protocol):
    """The text of one page; both attributes may parse it when they are first used."""

    @property
    def lines(self) -> Mapping[str, int]:
        """How often the page shows each line, as a reader sees it."""

    @property
    def text(self) -> str:
        """All text of the page as a reader sees it, and hidden text, too."""


@dataclass(frozen=True, slots=True)
class PageArticle:
    """The article of one response, and the text of its page."""

    article: Article
    page: PageText


@dataclass(frozen=True, slots=True)
class Separated:
    """The article of a check, apart from its page noise.

    `base` is the previous version and `article` the new one: their differences are the edits.
    `page_noise` is what this check proved, and `pending` maps each text it holds back to the text
    it replaced. `first` is the article of the first response, each untouched line classified as
    before. `second` is the article of the second response without page noise, None if there was
    no second article.
    """

    first: Article
    base: Article
    article: Article
    second: Article | None = None
    page_noise: tuple[PageNoise, ...] = ()
    pending: Mapping[str, str] = field(default_factory=dict)


def separate(
    previous: PageArticle,
    first: PageArticle,
    second: PageArticle | None,
    *,
    exclusions: Exclusions,
    established: bool,
) -> Separated:
    """The edits of a check apart from its page noise. Pure.

    `previous` is the stored version and the last page that showed it. `established` says that
    more than one check saw that version. Without `second` only the first filter applies.
    """
    reclassified = _reclassify(previous, first, exclusions)
    base = without_texts(previous.article, exclusions.volatile)
    new = without_texts(reclassified, exclusions.volatile)
    if second is None:
        return Separated(reclassified, base, new)
    confirming = without_texts(_reclassify(previous, second, exclusions), exclusions.volatile)
    confirmed = keep_confirmed(base, new, confirming, established=established)
    replacements = hold_back_replacements(
        confirmed.old,
        confirmed.article,
        pending=exclusions.pending,
        established=established,
        volatile_after=exclusions.volatile_after,
    )
    differing = (PageNoise(*texts) for texts in confirmed.volatile)
    alternating = (PageNoise(text, after=after) for text, after in replacements.volatile.items())
    return Separated(
        reclassified,
        replacements.old,
        replacements.article,
        without_texts(confirming, frozenset(replacements.volatile)),
        (*differing, *alternating),
        replacements.newly_pending,
    )


def _reclassify(previous: PageArticle, current: PageArticle, exclusions: Exclusions) -> Article:
    """The article of a response, each untouched line classified as before.

    Counting the lines of a page is slow, so two quick tests come first. Did a whole line join or
    leave the article? Is any such line on the other page at all?
    """
    removed, added = removed_and_added(
        without_texts(previous.article, exclusions.volatile),
        without_texts(current.article, exclusions.volatile),
    )
    if not any(line in current.page.text for line in removed) and not any(
        line in previous.page.text for line in added
    ):
        return current.article
    return keep_classification(
        previous.article, current.article, before=previous.page.lines, now=current.page.lines
    )


def without_texts(article: Article, texts: frozenset[str]) -> Article:
    """The article without the paragraphs that are among `texts`, as a reader sees them."""
    if not texts:
        return article
    paragraphs = tuple(text for text in article.paragraphs if visible(text) not in texts)
    return replace(article, paragraphs=paragraphs)
