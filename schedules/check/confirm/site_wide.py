"""Did much of several articles change at once? A newsroom edits one article at a time; a fault of its site changes all.

No list of wrong pages is complete. But whatever a broken server, template or database makes of an article, it makes
of the others, too, even if each page is another. So a wide change is compared with what siblings show at the same time.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from schedules.check.confirm.drastic import (
    Doubt,
    addresses_with,
    sketch_of_addition,
    unconfirmed_checks,
)
from scraper.article import Article
from storage.articles.state import Trouble
from storage.diff.siblings.sibling import Sibling
from storage.diff.text.sketch import shingles
from storage.queries.elsewhere import Elsewhere
from storage.timestamps import parse_instant

# A text that lost more of its runs of letters, or of which more is new, has changed widely.
MAX_LOST_SHARE, MAX_NEW_SHARE = 0.2, 0.25
# While most articles of a host show unproven texts, none of them counts for so long.
MAX_SITE_FAULT = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Extent:
    """How widely a text changed: whether much of it was lost, and whether much of it is new."""

    has_lost: bool = False
    has_grown: bool = False

    def is_like(self, other: "Extent") -> bool:
        """Whether two texts changed widely in one direction."""
        return (self.has_lost and other.has_lost) or (self.has_grown and other.has_grown)


def extent(old: Article, new: Article) -> Extent:
    """How widely a text changed.

    >>> texts = ("The ferry ran aground at noon.", "All 40 passengers are safe.", "Divers will inspect the hull.")
    >>> extent(Article("a", "Ferry", paragraphs=texts), Article("a", "Ferry", paragraphs=texts[:2]))
    Extent(has_lost=True, has_grown=False)
    """
    before, now = Counter(old.paragraphs), Counter(new.paragraphs)
    # Paragraphs bound what their letters can come to, and are counted much faster.
    may_have_lost = _size(before - now) > MAX_LOST_SHARE * _size(before)
    may_have_grown = _size(now - before) > MAX_NEW_SHARE * _size(now)
    if not (may_have_lost or may_have_grown):
        return Extent()
    runs, runs_now = shingles(old.body), shingles(new.body)
    return Extent(
        len(runs - runs_now) > MAX_LOST_SHARE * len(runs),
        len(runs_now - runs) > MAX_NEW_SHARE * len(runs_now),
    )


def _size(lines: Counter[str]) -> int:
    return sum(len(line) * count for line, count in lines.items())


def is_wide_change(old: Article, new: Article) -> bool:
    """Whether so much of a text changed that a sibling should be asked whether its text did, too."""
    return extent(old, new) != Extent()


def site_wide_change(
    old: Article,
    new: Article,
    siblings: Sequence[Sibling],
    elsewhere: Elsewhere,
    trouble: Trouble,
) -> Doubt | None:
    """The doubt about a wide change while the texts of other articles change as widely; None without one.

    A text that was doubtful at the last check still is. What siblings prove to be the publisher's is left
    out of both versions.
    """
    change = extent(old, new)
    if change == Extent():
        return None
    addition = sketch_of_addition(old, new)
    if elsewhere.at_once.is_site_at_fault or unconfirmed_checks(addition, trouble):
        reason = "much of the text changed while other articles of the host show wrong pages"
        return Doubt(reason, addition, is_own_story=True)
    if url := next(_changed_alike(change, siblings), None):
        reason = f"much of the text changed, as did that of {url} at the same time"
        return Doubt(reason, addition, is_own_story=True)
    return None


def _changed_alike(change: Extent, siblings: Sequence[Sibling]) -> Iterator[str]:
    return (
        sibling.url
        for sibling in siblings
        if sibling.before and extent(sibling.before.article, sibling.now.article).is_like(change)
    )


def site_fault(
    doubt: Doubt, elsewhere: Elsewhere, unconfirmed_since: str | None, *, now: datetime
) -> str | None:
    """Why an unconfirmed text does not count yet: most articles of the host show such texts; None if few do.

    For a text that has nothing new a single other article is enough.
    """
    since = parse_instant(unconfirmed_since)
    if since is not None and now - since >= MAX_SITE_FAULT:
        return None
    fault = "the site is at fault, not this article"
    if elsewhere.answers.is_site_at_fault:
        return f"{elsewhere.answers.wrong} other articles of the host show wrong pages as well: {fault}"
    others = () if doubt.sketch else addresses_with("", elsewhere)
    return f"{doubt.reason}, and so it is at {others[0]}: {fault}" if others else None
