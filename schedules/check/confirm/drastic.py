"""A change so large that it may be a failure of the page and not an edit."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from scraper.article import Article
from scraper.phrases.notices import MEMBERS_ONLY_NOTICE
from storage.diff.text.tokens import tokens
from storage.diff.text.visible import visible
from storage.timestamps import parse_timestamp

# A new version that shares fewer of its words is another text, unless it is a flash that grew.
MIN_SHARED_WORDS, MIN_GROWTH_FACTOR = 0.3, 2.0
# A new version with fewer of the old one's words has lost most of them.
MIN_KEPT_SHARE = 0.35
# A paywall leaves this share of the text or less.
MAX_TEASER_SHARE = 0.7
# Below this many words no change is large.
MIN_IMPLAUSIBLE_WORDS = 60
# An unconfirmed version is checked again after this time.
CONFIRM_AFTER = timedelta(minutes=5)
# A second check counts as a confirmation if it comes this much later.
MIN_CONFIRM_GAP = timedelta(minutes=1)


def shared_words(one: Article, other: Article) -> float:
    """The share of their bodies' words that two articles have in common, 0 to 1, in linear time.

    The Sørensen–Dice coefficient of the two multisets of words.
    """
    return _word_overlap(tokens(one.body), tokens(other.body))


def _word_overlap(left: Sequence[str], right: Sequence[str]) -> float:
    common = Counter(left) & Counter(right)
    return 2 * common.total() / ((len(left) + len(right)) or 1)


def implausible(old: Article, new: Article) -> str | None:
    """Why a later check must confirm a version before it counts; None if it counts at once."""
    old_words, new_words = tokens(old.body), tokens(new.body)
    before, now = len(old_words), len(new_words)
    if before < MIN_IMPLAUSIBLE_WORDS:
        return None
    if now < MIN_KEPT_SHARE * before:
        return f"most of the text is gone ({before} words before, {now} now)"
    if now < MIN_GROWTH_FACTOR * before and _word_overlap(old_words, new_words) < MIN_SHARED_WORDS:
        return "the text shares little with the last version"
    return None


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


def is_confirmed(unconfirmed_since: str | None, now: datetime) -> bool:
    """Whether earlier checks saw the same unconfirmed change, long enough ago for it to count."""
    at = parse_timestamp(unconfirmed_since)
    return isinstance(at, datetime) and now - at >= MIN_CONFIRM_GAP
