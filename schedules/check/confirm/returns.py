"""Did the publisher take an edit back, or does a cache show the page from before it?

A page that comes from a cache needs no time on it to be older. But a cache that has the old page of one article has
those of others, too: siblings that were edited lately show whether it does.
"""

from collections.abc import Sequence

from schedules.check.confirm.drastic import (
    MIN_OLDER_TIME,
    Doubt,
    sketch_of_addition,
    was_unconfirmed,
)
from scraper.article import Article
from storage.articles.state import Trouble
from storage.diff.siblings.sibling import Sibling
from storage.queries.elsewhere import Elsewhere


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
    """The doubt about an earlier text that came back; None if siblings that were edited lately kept theirs.

    A body that went back and forth before waits, too. A headline may be a test with two of them.
    """
    if not has_returned(old, new, elsewhere):
        return None
    addition = sketch_of_addition(old, new)
    alternates = old.body != new.body and (old.headline, old.body) in elsewhere.earlier_texts
    if (
        alternates
        or elsewhere.edited_at_once.is_site_at_fault
        or elsewhere.has_two_caches
        or any(sibling.has_returned for sibling in siblings)
        or was_unconfirmed(addition, trouble)
    ):
        return Doubt("an earlier text came back", addition, min_time=MIN_OLDER_TIME)
    return None
