"""A paywall that leaves the beginning of an article."""

from collections.abc import Iterable

from scraper.article import Article
from scraper.phrases.notices import MEMBERS_ONLY_NOTICE
from storage.diff.text.visible import visible

# A paywall leaves this share of the text or less.
MAX_TEASER_SHARE = 0.7


def is_teaser(old: Article, new: Article, lines: Iterable[str]) -> bool:
    """Whether a page shows only the beginning of the text, and asks readers to log in or pay.

    `lines` are all lines of the page.
    """
    before = [visible(text) for text in old.paragraphs]
    now = [visible(text) for text in new.paragraphs]
    own_texts = [text for text in now if not MEMBERS_ONLY_NOTICE.search(text)]
    if (
        sum(map(len, own_texts)) > MAX_TEASER_SHARE * sum(map(len, before))
        or len(own_texts) > len(before)
        or not own_texts
    ):
        return False
    *complete, last = own_texts
    starts = before[: len(complete)] == complete and before[len(complete)].startswith(
        last.rstrip(" .…")
    )
    return starts and any(MEMBERS_ONLY_NOTICE.search(line) for line in lines)
