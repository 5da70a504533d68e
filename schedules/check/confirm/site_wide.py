"""Did several articles change widely, or get shorter, at once? A newsroom edits one at a time; a fault changes all.

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
from storage.diff.siblings.places import MAX_COMPARED_LINE_PAIRS
from storage.diff.siblings.sibling import Sibling, is_edited_line
from storage.diff.text.sketch import SHINGLE_LETTERS, shingles
from storage.queries.elsewhere import Elsewhere
from storage.queries.host_answers import HostAnswers
from storage.timestamps import parse_instant

# A text that lost more of its runs of letters, or of which more is new, has changed widely.
MAX_LOST_SHARE, MAX_NEW_SHARE = 0.2, 0.25
# However much is left, a text was shortened if it lost as many letters as a sentence has, more than a signature.
MIN_SHORTENED_LETTERS = 30
# While most articles of a host show unproven texts, none of them counts for so long.
MAX_SITE_FAULT = timedelta(days=7)
# So many other articles that lost text at one time show a fault; one more may have been edited, too. Of a slight loss
# they must be such a share of those that were checked: after a fault, several edits of its hours come at once.
MIN_OTHERS_AT_FAULT, MIN_SHARE_AT_FAULT = 2, 0.2


@dataclass(frozen=True, slots=True)
class Extent:
    """How widely a text changed: whether much of it or at least a sentence was lost, and whether much of it is new.

    `is_slight` says that nothing but a few sentences was lost.
    """

    has_lost: bool = False
    has_grown: bool = False
    is_slight: bool = False

    def is_like(self, other: "Extent") -> bool:
        """Whether two texts changed widely in one direction."""
        return (self.has_lost and other.has_lost) or (self.has_grown and other.has_grown)


def extent(old: Article, new: Article) -> Extent:
    """How widely a text changed.

    >>> texts = ("The ferry ran aground at noon.", "All 40 passengers are safe.", "Divers will inspect the hull.")
    >>> extent(Article("a", "Ferry", paragraphs=texts), Article("a", "Ferry", paragraphs=texts[:2]))
    Extent(has_lost=True, has_grown=False, is_slight=False)
    """
    before, now = Counter(old.paragraphs), Counter(new.paragraphs)
    removed, added = before - now, now - before
    # Paragraphs bound what their letters can come to, and are counted much faster.
    may_have_lost = _size(removed) > MAX_LOST_SHARE * _size(before)
    may_have_grown = _size(added) > MAX_NEW_SHARE * _size(now)
    may_be_shortened = _lost_letters(removed, added) >= MIN_SHORTENED_LETTERS
    if not (may_have_lost or may_have_grown or may_be_shortened):
        return Extent()
    runs, runs_now = shingles(old.body), shingles(new.body)
    lost = len(runs - runs_now)
    is_shortened = may_be_shortened and lost > SHINGLE_LETTERS  # or paragraphs were joined
    has_lost_much = lost > MAX_LOST_SHARE * len(runs)
    has_grown = len(runs_now - runs) > MAX_NEW_SHARE * len(runs_now)
    is_slight = not (has_lost_much or has_grown)
    return Extent(has_lost_much or is_shortened, has_grown, is_shortened and is_slight)


def _lost_letters(removed: Counter[str], added: Counter[str]) -> int:
    """How many letters of paragraphs are missing, whatever came to others: of those that left, or got shorter."""
    came = list(added.elements())
    if removed.total() * len(came) > MAX_COMPARED_LINE_PAIRS:
        return _size(removed) - _size(added)
    left = shortened = 0
    for line in removed.elements():
        edited = next((other for other in came if is_edited_line(line, other)), None)
        if edited is None:
            left += len(line)
        else:
            came.remove(edited)
            shortened += max(len(line) - len(edited), 0)
    return shortened + max(left - sum(map(len, came)), 0)


def _size(lines: Counter[str]) -> int:
    return sum(len(line) * count for line, count in lines.items())


def is_wide_change(old: Article, new: Article) -> bool:
    """Whether a text changed so that a sibling should be asked whether its text did, too."""
    return extent(old, new) != Extent()


def site_wide_change(
    old: Article,
    new: Article,
    siblings: Sequence[Sibling],
    elsewhere: Elsewhere,
    trouble: Trouble,
) -> Doubt | None:
    """The doubt about a wide change while the texts of other articles change as widely; None without one.

    What siblings prove to be the publisher's is left out of both versions.
    """
    change = extent(old, new)
    if change == Extent():
        return None
    addition = sketch_of_addition(old, new)
    if _shows_fault(change, addition, elsewhere, trouble):
        reason = "the text changed while other articles of the host show wrong pages"
        return Doubt(reason, addition, is_own_story=True, is_slight=change.is_slight)
    if url := next(_changed_alike(change, siblings), None):
        reason = f"the text changed as that of {url} did at the same time"
        return Doubt(reason, addition, is_own_story=True, is_slight=change.is_slight)
    return None


def _shows_fault(change: Extent, addition: str, elsewhere: Elsewhere, trouble: Trouble) -> bool:
    """Whether earlier checks show that the site is at fault. A text that was doubtful at the last one still is.

    A slight loss is an edit as soon as few others are in doubt and a sibling is as before.
    """
    if elsewhere.at_once.is_site_at_fault:
        return True
    is_open = not change.is_slight or _are_many_wrong(elsewhere.answers)
    return is_open and unconfirmed_checks(addition, trouble) > 0


def _are_many_wrong(answers: HostAnswers) -> bool:
    checked = answers.wrong + answers.there
    return answers.wrong >= max(MIN_OTHERS_AT_FAULT, MIN_SHARE_AT_FAULT * checked)


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

    For a text that has nothing new, some others are enough while their last checks are in vain.
    """
    since = parse_instant(unconfirmed_since)
    if since is not None and now - since >= MAX_SITE_FAULT:
        return None
    fault = "the site is at fault, not this article"
    if elsewhere.answers.is_site_at_fault:
        return f"{elsewhere.answers.wrong} other articles of the host show wrong pages as well: {fault}"
    if doubt.sketch or elsewhere.answers.wrong < MIN_OTHERS_AT_FAULT:
        return None
    if doubt.is_slight and not _are_many_wrong(elsewhere.answers):
        return None
    others = addresses_with("", elsewhere)
    return f"{doubt.reason}, and so it is at {others[0]}: {fault}" if others else None
