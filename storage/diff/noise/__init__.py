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
   only our classification of it changed, and the earlier classification holds. But if one line
   moved, and nothing else on the page changed, somebody moved it.
2. `keep_confirmed` compares two responses fetched seconds apart. No publisher edits that fast, so
   a sentence that differs between the two is page noise. The article is what both agree on. But a number
   or an established sentence may have been edited twice: it is pending until the next check.
3. `hold_back_replacements` compares this check with earlier ones. A short line replaced by an
   unrelated line is usually an ad that changes hourly. It stays *pending*: an edit if the
   next check finds the same text there, page noise if that check finds a third text. So does any
   text that came, left or was replaced in a kind of element that holds none of the prose. Whether
   the template fills such a place again shows in all that the page has there, its *box*. A line
   that came or left, or has other numbers, is an edit at once if nothing else changed on the page.

The order matters. The first filter reads the lines of whole pages, so it needs the texts as they
were extracted, before the others change them. It also decides whether a check seems to show an
edit at all, and so whether a second request is made. The second filter must come before the third:
a line that changes with every response would otherwise become pending at each check and cost an
extra check each time. Texts that were proven to be page noise at an earlier check are left out of
all three versions between the first filter and the second.

The answer holds two versions to compare. `base` is the previous version and `article` the new
one, both without page noise and without everything pending. Nothing differs between them but edits.

A version may hold only what was served: every sentence of `article` is in one of the responses.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from scraper.article import Article
from storage.diff.noise.exclusions import (
    Exclusions,
    PageNoise,
    PendingLine,
    outside_corrections,
    without_noise,
)
from storage.diff.noise.lines.evidence import Evidence
from storage.diff.noise.lines.replaced_lines import hold_back_replacements
from storage.diff.noise.lone import lone_moves
from storage.diff.noise.pieces import text_lines
from storage.diff.noise.places.boxes import Pages
from storage.diff.noise.reclassified import keep_classification, removed_and_added
from storage.diff.noise.responses.unsettled import (
    Settled,
    settle_readings,
    vanished_readings,
    with_pending_readings,
)
from storage.diff.noise.responses.unstable import (
    Confirmed,
    keep_confirmed,
    without_request_times,
)
from storage.timestamps import publisher_text


class PageLines(Protocol):
    """The lines of one page; each attribute may parse it when it is first used."""

    @property
    def lines(self) -> Mapping[str, int]:
        """How often the page shows each line, as a reader sees it."""

    @property
    def places(self) -> Mapping[str, str]:
        """The place of each line among the elements of the page."""

    @property
    def links(self) -> Mapping[str, str]:
        """The address of each link by its text, as a reader sees it."""

    def teasers_of(self, url: str) -> str:
        """The text of the boxes of the page that link to an address, as a reader sees it."""


class PageText(PageLines, Protocol):
    """The lines of one page, in their order and as one text."""

    @property
    def placed_lines(self) -> Sequence[tuple[str, str]]:
        """Each line of the page in order, as a reader sees it, with its place among the elements."""

    @property
    def text(self) -> str:
        """All text of the page as a reader sees it, and hidden text, too."""


class ShownArticle(Protocol):
    """The article of a page, and the lines of that page."""

    @property
    def article(self) -> Article:
        """The article."""

    @property
    def page(self) -> PageLines:
        """The lines of the page."""


@dataclass(frozen=True, slots=True)
class PageArticle:
    """The article of one response, the text of its page, and when it was fetched, if that matters."""

    article: Article
    page: PageText
    fetched_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Separated:
    """The article of a check, apart from its page noise.

    `base` is the previous version and `article` the new one: their differences are the edits.
    `page_noise` is what this check proved, and `pending` what it holds back. `first` is the
    article of the first response, each untouched line classified as before, and `confirming` that of
    the second one, None if there was no second article. `second` is the same without page noise.
    `previous` is the previous version without page noise, but with what is pending.
    """

    first: Article
    base: Article
    article: Article
    previous: Article
    confirming: Article | None = None
    second: Article | None = None
    page_noise: tuple[PageNoise, ...] = ()
    pending: tuple[PendingLine, ...] = ()


def separate(
    previous: PageArticle,
    first: PageArticle,
    second: PageArticle | None,
    *,
    exclusions: Exclusions,
    established: frozenset[str] = frozenset(),
    just_edited: bool = False,
) -> Separated:
    """The edits of a check apart from its page noise. Pure.

    `previous` is the stored version and the last page that showed it. More than one check saw the
    `established` lines; `just_edited` says that the check before logged that version. Without
    `second` only the first filter applies.
    """
    reclassified = _reclassify(previous, first, exclusions)
    stored = without_noise(previous.article, exclusions)
    new = without_noise(reclassified, exclusions)
    base = with_pending_readings(stored, new, exclusions.pending_readings)
    if second is None:
        return Separated(reclassified, base, new, stored)
    reclassified_second = _reclassify(previous, second, exclusions)
    confirming = without_noise(reclassified_second, exclusions)
    pages = (previous.page, first.page, second.page)
    new, confirming = without_request_times(
        base, (new, confirming), (first.fetched_at, second.fetched_at)
    )
    confirmed, settled = _agreed(base, (new, confirming), pages, exclusions, established)
    served = text_lines(reclassified, second.article)
    has_new_stamp = _has_new_stamp(base, new, confirming)
    evidence = Evidence(exclusions, established, just_edited, pages, served, has_new_stamp)
    replacements = hold_back_replacements(confirmed.old, confirmed.article, evidence)
    page_noise = settled.page_noise + replacements.page_noise
    page_noise = outside_corrections(page_noise, (*new.paragraphs, *confirming.paragraphs))
    proven = exclusions.with_noise(page_noise)
    return Separated(
        reclassified,
        replacements.old,
        replacements.article,
        without_noise(stored, proven),
        reclassified_second,
        without_noise(confirming, proven),
        page_noise,
        replacements.pending + settled.pending,
    )


def _agreed(
    old: Article,
    responses: tuple[Article, Article],
    pages: Pages,
    exclusions: Exclusions,
    established: frozenset[str],
) -> tuple[Confirmed, Settled]:
    """What two responses agree on, and what their differences prove or leave to the next check."""
    vanished = vanished_readings(exclusions.pending_readings, responses)
    old = without_noise(old, exclusions.with_noise(vanished))
    confirmed = keep_confirmed(old, *responses, established=established, pages=pages)
    settled = settle_readings(old, confirmed.page_noise, exclusions, established=established)
    return confirmed, replace(settled, page_noise=vanished + settled.page_noise)


def _has_new_stamp(old: Article, first: Article, second: Article) -> bool:
    """Whether the time of modification moved forward; one that is that of each request says nothing."""
    before, one, two = (publisher_text(version.modified_at) for version in (old, first, second))
    return before is not None and one is not None and one == two and before < one


def _reclassify(previous: PageArticle, current: PageArticle, exclusions: Exclusions) -> Article:
    """The article of a response, each untouched line classified as before.

    Counting the lines of a page is slow, so two quick tests come first. Did a whole line join or
    leave the article? Is any such line on the other page at all?
    """
    old = without_noise(previous.article, exclusions)
    removed, added = removed_and_added(old, without_noise(current.article, exclusions))
    if not any(line in current.page.text for line in removed) and not any(
        line in previous.page.text for line in added
    ):
        return current.article
    # A line that is pending, or was left out, is on the last page, but no version has it yet: it must not stay out
    # for that.
    waiting = {line for entry in exclusions.pending_lines for line in entry.lines}
    waiting |= {line for line in added if any(text in line for text in exclusions.settled)}
    before = {line: count for line, count in previous.page.lines.items() if line not in waiting}
    moved = lone_moves(previous.page, current.page)
    now = {line: count for line, count in current.page.lines.items() if line not in moved}
    return keep_classification(previous.article, current.article, before=before, now=now)
