"""Did the publisher take an edit back, or does a cache show the page from before it?

A page that comes from a cache needs no time on it to be older. But a cache that has the old page of one article has
those of others, too: siblings that were edited lately show whether it does.
"""

from collections.abc import Sequence
from datetime import datetime

from schedules.check.confirm.drastic import MIN_OLDER_TIME, Doubt, unconfirmed_checks
from scraper.article import Article
from storage.articles.state import Trouble
from storage.diff.siblings.sibling import Sibling
from storage.diff.text.sketch import shingles, sketch
from storage.queries.elsewhere import Elsewhere

RETURN_REASON = "an earlier text came back"
# So many checks must show an earlier text whose page does not say that it is newer: both responses of one check
# may come from the cache that has it.
MIN_RETURN_CHECKS = 2


def has_returned(old: Article, new: Article, elsewhere: Elsewhere) -> bool:
    """Whether a page shows the text of a version that was replaced lately."""
    text = new.headline, new.body
    return text in elsewhere.earlier_texts and text != (old.headline, old.body)


def returned_text(
    old: Article,
    new: Article,
    siblings: Sequence[Sibling],
    elsewhere: Elsewhere,
    trouble: Trouble,
) -> Doubt | None:
    """The doubt about an earlier text that came back; None if its page is dated later, or if two checks saw
    the text and siblings that were edited lately kept theirs.

    A body that went back and forth before waits, too. A headline may be a test with two of them.
    """
    if not has_returned(old, new, elsewhere):
        return None
    text = sketch(shingles(new.body))
    checks = unconfirmed_checks(text, trouble) + 1
    alternates = old.body != new.body and (old.headline, old.body) in elsewhere.earlier_texts
    if (
        alternates
        or elsewhere.edited_at_once.is_site_at_fault
        or elsewhere.has_two_caches
        or any(sibling.has_returned for sibling in siblings)
        or checks > MIN_RETURN_CHECKS
    ):
        return Doubt(RETURN_REASON, text, is_own_story=True, min_time=MIN_OLDER_TIME)
    if checks >= MIN_RETURN_CHECKS or _is_dated_later(old, new):
        return None
    return Doubt(RETURN_REASON, text, is_own_story=True)


def _is_dated_later(old: Article, new: Article) -> bool:
    before, now = old.modified_at, new.modified_at
    return isinstance(before, datetime) and isinstance(now, datetime) and before < now
