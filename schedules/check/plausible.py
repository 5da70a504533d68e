"""A change so large that it may be the page's failure and not an edit."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from scraper.article import Article
from scraper.phrases.notices import MEMBERS
from storage.articles.result import DOUBT
from storage.diff.text.tokens import tokens
from storage.diff.text.visible import visible
from storage.timestamps import parsed

# Two texts with this share of their words in common are one story.
SAME_STORY = 0.5
# With less than this share a version is another text; a flash grows into a story, though.
OTHER_TEXT, GROWN = 0.3, 2.0
# A version with less than this share of the words that stood has lost most of them.
MOST_LOST = 0.35
# A paywall leaves this share of the text or less.
TEASER = 0.7
# Under so many words nothing is large.
FEW = 60
# After this long the same doubtful version is looked at again, and counts.
AGAIN = timedelta(minutes=5)
SOON = timedelta(minutes=1)


def shared_words(one: Article, other: Article) -> float:
    """The share of their bodies' words that two articles have in common, in linear time."""
    return _shared(tokens(one.body), tokens(other.body))


def _shared(left: Sequence[str], right: Sequence[str]) -> float:
    both = Counter(left) & Counter(right)
    return 2 * both.total() / ((len(left) + len(right)) or 1)


def doubt(old: Article, new: Article) -> str | None:
    """Why a version should be seen again minutes later before it counts; None where it need not."""
    stood, stands = tokens(old.body), tokens(new.body)
    before, now = len(stood), len(stands)
    if before < FEW:
        return None
    if now < MOST_LOST * before:
        return f"{DOUBT}most of the text is gone ({before} words before, {now} now)"
    if now < GROWN * before and _shared(stood, stands) < OTHER_TEXT:
        return f"{DOUBT}the text shares little with the last version"
    return None


def is_teaser(old: Article, new: Article, lines: Iterable[str]) -> bool:
    """Whether the page shows but the beginning of the text, and asks to log in or to pay."""
    before, now = (
        [visible(text) for text in old.paragraphs],
        [visible(text) for text in new.paragraphs],
    )
    own = [text for text in now if not MEMBERS.search(text)]
    if sum(map(len, own)) > TEASER * sum(map(len, before)) or len(own) > len(before) or not own:
        return False
    *whole, last = own
    starts = before[: len(whole)] == whole and before[len(whole)].startswith(last.rstrip(" .…"))
    return starts and any(MEMBERS.search(line) for line in lines)


def is_old(doubted_at: str | None, now: datetime) -> bool:
    """Whether the last look had the same doubt, and long enough ago to count this one."""
    at = parsed(doubted_at)
    return isinstance(at, datetime) and now - at >= SOON
