"""Did much of several articles change at once? A newsroom edits one article at a time; a fault of its site changes all.

No list of wrong pages is complete. But whatever a broken server, template or database makes of an article, it makes
of the others, too, even if each page is another. So a wide change is compared with what siblings show at the same time.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from schedules.check.confirm.drastic import (
    Doubt,
    addresses_with,
    sketch_of_addition,
    unconfirmed_checks,
)
from schedules.check.confirm.likeness import lines_after_lost_end
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
# So many other articles with nothing new show a fault, if they are not most of the host's; one may have been edited, too.
MIN_OTHERS_AT_FAULT = 2


@dataclass(frozen=True, slots=True)
class Extent:
    """How widely a text changed: whether much of it was lost, and whether much of it is new.

    `after_lost_end` are the lines below the end that it lost, however short that is; None if it lost none.
    """

    has_lost: bool = False
    has_grown: bool = False
    after_lost_end: tuple[str, ...] | None = None

    @property
    def is_short_end(self) -> bool:
        """Whether nothing but a short end was lost."""
        return self.after_lost_end is not None and not (self.has_lost or self.has_grown)

    def is_like(self, sibling: Sibling) -> bool:
        """Whether the text of a sibling changed widely in the same direction. Of a text that lost a short end, that is its end."""
        other = _extent_of(sibling)
        if self.is_short_end or other.is_short_end:
            return self._is_cut_like(other, sibling.now.article)
        return (self.has_lost and other.has_lost) or (self.has_grown and other.has_grown)

    def _is_cut_like(self, other: "Extent", now: Article) -> bool:
        """Whether two texts lost their ends, one of them widely, above lines that both have: these are the publisher's."""
        if self.after_lost_end is None or other.after_lost_end is None:
            return False
        return (self.has_lost or other.has_lost) and set(now.paragraphs).issuperset(self.after_lost_end)  # fmt: skip


def _extent_of(sibling: Sibling) -> Extent:
    before = sibling.before
    return extent(before.article, sibling.now.article) if before else Extent()


def extent(old: Article, new: Article) -> Extent:
    """How widely a text changed.

    >>> texts = ("The ferry ran aground at noon.", "All 40 passengers are safe.", "Divers will inspect the hull.")
    >>> extent(Article("a", "Ferry", paragraphs=texts), Article("a", "Ferry", paragraphs=texts[:2]))
    Extent(has_lost=True, has_grown=False, after_lost_end=())
    """
    before, now = Counter(old.paragraphs), Counter(new.paragraphs)
    # Paragraphs bound what their letters can come to, and are counted much faster.
    may_have_lost = _size(before - now) > MAX_LOST_SHARE * _size(before)
    may_have_grown = _size(now - before) > MAX_NEW_SHARE * _size(now)
    after_lost_end = lines_after_lost_end(old, new)
    if not (may_have_lost or may_have_grown):
        return Extent(after_lost_end=after_lost_end)
    runs, runs_now = shingles(old.body), shingles(new.body)
    return Extent(
        len(runs - runs_now) > MAX_LOST_SHARE * len(runs),
        len(runs_now - runs) > MAX_NEW_SHARE * len(runs_now),
        after_lost_end,
    )


def _size(lines: Counter[str]) -> int:
    return sum(len(line) * count for line, count in lines.items())


def is_wide_change(old: Article, new: Article) -> bool:
    """Whether so much of a text changed, or its end was lost, that a sibling should be asked whether its text did, too."""
    return extent(old, new) != Extent()


def asked_about_extent(old: Article, new: Article, siblings: Sequence[Sibling]) -> int:
    """How many siblings should be asked whether their texts changed as widely: one that lost a short end, too, proves nothing."""
    change = extent(old, new)
    if not change.is_short_end:
        return int(change != Extent())
    return 1 + sum(_extent_of(sibling).is_short_end for sibling in siblings)


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
        reason = "the text changed while other articles of the host show wrong pages"
    elif url := next((one.url for one in siblings if change.is_like(one)), None):
        reason = f"the text changed as that of {url} did at the same time"
    else:
        return None
    return Doubt(reason, addition, is_own_story=True, is_slight=change.is_short_end)


def site_fault(
    doubt: Doubt, elsewhere: Elsewhere, unconfirmed_since: str | None, *, now: datetime
) -> str | None:
    """Why an unconfirmed text does not count yet: most articles of the host show such texts; None if few do.

    For a text that lost much and has nothing new, two other articles are enough, as long as they show such texts.
    """
    since = parse_instant(unconfirmed_since)
    if since is not None and now - since >= MAX_SITE_FAULT:
        return None
    fault = "the site is at fault, not this article"
    if elsewhere.answers.is_site_at_fault:
        return f"{elsewhere.answers.wrong} other articles of the host show wrong pages as well: {fault}"
    is_fault_of_few = elsewhere.answers.wrong >= MIN_OTHERS_AT_FAULT and not doubt.is_slight
    others = addresses_with("", elsewhere) if is_fault_of_few and not doubt.sketch else ()
    return f"{doubt.reason}, and so it is at {others[0]}: {fault}" if others else None
