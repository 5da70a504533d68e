"""A change so large that it may be the page's failure and not an edit."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from scraper.article import Article
from scraper.phrases.notices import MEMBERS_ONLY_NOTICE
from storage.articles.result import DOUBT
from storage.diff.text.tokens import tokens
from storage.diff.text.visible import visible
from storage.timestamps import parse_timestamp

# Two texts with this share of their words in common are one story.
SAME_ARTICLE_SHARE = 0.5
# With less than this share a version is another text; a flash grows into a story, though.
OTHER_TEXT_SHARE, GROWTH_FACTOR = 0.3, 2.0
# A version with less than this share of the words that stood has lost most of them.
MIN_KEPT_SHARE = 0.35
# A paywall leaves this share of the text or less.
MAX_TEASER_SHARE = 0.7
# Under so many words nothing is large.
MIN_IMPLAUSIBLE_WORDS = 60
# After this long the same doubtful version is looked at again, and counts.
CONFIRM_AFTER = timedelta(minutes=5)
MIN_CONFIRM_GAP = timedelta(minutes=1)


def shared_words(one: Article, other: Article) -> float:
    """The share of their bodies' words that two articles have in common, in linear time."""
    return _word_overlap(tokens(one.body), tokens(other.body))


def _word_overlap(left: Sequence[str], right: Sequence[str]) -> float:
    common = Counter(left) & Counter(right)
    return 2 * common.total() / ((len(left) + len(right)) or 1)


def implausible(old: Article, new: Article) -> str | None:
    """Why a version should be seen again minutes later before it counts; None where it need not."""
    old_words, new_words = tokens(old.body), tokens(new.body)
    before, now = len(old_words), len(new_words)
    if before < MIN_IMPLAUSIBLE_WORDS:
        return None
    if now < MIN_KEPT_SHARE * before:
        return f"{DOUBT}most of the text is gone ({before} words before, {now} now)"
    if now < GROWTH_FACTOR * before and _word_overlap(old_words, new_words) < OTHER_TEXT_SHARE:
        return f"{DOUBT}the text shares little with the last version"
    return None


def is_teaser(old: Article, new: Article, lines: Iterable[str]) -> bool:
    """Whether the page shows but the beginning of the text, and asks to log in or to pay."""
    before, now = (
        [visible(text) for text in old.paragraphs],
        [visible(text) for text in new.paragraphs],
    )
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


def is_long_unconfirmed(unconfirmed_since: str | None, now: datetime) -> bool:
    """Whether the last look had the same doubt, and long enough ago to count this one."""
    at = parse_timestamp(unconfirmed_since)
    return isinstance(at, datetime) and now - at >= MIN_CONFIRM_GAP
