"""Do two texts tell the same story? Signs that need no list of words."""

from collections.abc import Iterable
from datetime import datetime
from itertools import takewhile

from scraper.article import Article
from scraper.phrases.notices import MEMBERS_ONLY_NOTICE
from storage.diff.text.sentences import sentences
from storage.diff.text.sketch import SHINGLE_LETTERS, shared_share, shingles
from storage.diff.text.tokens import shared_start
from storage.diff.text.visible import NUMBER, visible

# Two headlines with this share are one, reworded.
MIN_HEADLINE_SHARE = 0.5
# A paywall leaves this share of the text or less.
MAX_TEASER_SHARE = 0.7
# A login wall leaves this share of the text or less, its own words included.
MAX_WALLED_SHARE = 0.7
# Where words were removed, others meet: so much of a text is not really new.
MAX_TRIFLING_SHARE = 0.1
# A story keeps this share of its numbers when it is rewritten. With fewer numbers nothing can be said.
MIN_KEPT_NUMBERS, MIN_NUMBERS = 0.3, 3
# So many lines of the publisher may follow the end of a text.
MAX_LINES_AFTER_END = 2


def is_same_story(old: Article, new: Article) -> bool:
    """Whether a page with other words is still about the same: by its headline, or its time of publication."""
    if isinstance(old.published_at, datetime) and old.published_at == new.published_at:
        return True
    return shared_share(shingles(old.headline), shingles(new.headline)) >= MIN_HEADLINE_SHARE


def is_later_story(old: Article, new: Article) -> bool:
    """Whether a page has a story with another headline that was published after the first one."""
    times = old.published_at, new.published_at
    if not (isinstance(times[0], datetime) and isinstance(times[1], datetime)):
        return False
    return times[0] < times[1] and not is_same_story(old, new)


def keeps_numbers(old: str, new: str) -> bool:
    """Whether a text still has some of the numbers of another, or that had hardly any.

    >>> keeps_numbers("12 died, 30 were hurt, 400 fled.", "400 people fled, and 12 are dead.")
    True
    >>> keeps_numbers("12 died, 30 were hurt, 400 fled.", "The pool has 3 lanes and opens at 7.")
    False
    """
    numbers = set(NUMBER.findall(old))
    kept = numbers & set(NUMBER.findall(new))
    return len(numbers) < MIN_NUMBERS or len(kept) >= MIN_KEPT_NUMBERS * len(numbers)


def kept_sentences(old: str, new: str) -> float:
    """How much of a text is in another by whole sentences, to the letter and to the number, 0 to 1."""
    text = visible(new)
    lengths = {sentence: len(sentence) for sentence in sentences(visible(old))}
    kept = sum(length for sentence, length in lengths.items() if sentence in text)
    return kept / (sum(lengths.values()) or 1)


def is_beginning(text: str, part: str) -> bool:
    """Whether a text begins with nearly the words of a part of it."""
    beginning = shingles(text[: len(part)])
    return shared_share(beginning, shingles(part)) >= 1 - MAX_TRIFLING_SHARE


def lines_after_lost_end(old: Article, new: Article) -> tuple[str, ...] | None:
    """The paragraphs below the end that a text lost; None if it still has its end, or has other words there.

    They may be lines of the publisher, which stay. If they are not, the loss was in the middle.

    >>> texts = ("The ferry ran aground. It was noon.", "Nobody was hurt.", "Write to our desk.")
    >>> lines_after_lost_end(Article("a", "Ferry", paragraphs=texts), Article("a", "Ferry", paragraphs=texts[::2]))
    ('Write to our desk.',)
    """
    pairs = zip(reversed(old.paragraphs), reversed(new.paragraphs), strict=False)
    after = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    before, now = old.paragraphs[: -after or None], new.paragraphs[: -after or None]
    last = sentences(visible(now[-1])) if now else []
    if not last or after > MAX_LINES_AFTER_END:
        return None
    _, found, lost = "\n".join(map(visible, before)).rpartition(last[-1])
    missing = [sentence for line in lost.splitlines() for sentence in sentences(line)]
    text = visible(new.body)
    is_lost = found and missing and not any(sentence in text for sentence in missing)
    return old.paragraphs[len(before) :] if is_lost else None


def is_beginning_with_more(old: str, new: str) -> bool:
    """Whether only the beginning of a text is left and other words follow, as a login wall leaves it.

    The beginning may be edited meanwhile: then it ends with the last sentence that both texts have.
    """
    if len(new) > MAX_WALLED_SHARE * len(old):
        return False
    kept = shared_start(old, new)
    if kept > SHINGLE_LETTERS and _have_other_words(old[kept:], new[kept:]):
        return True
    text, now = visible(old), visible(new)
    last = next((one for one in reversed(sentences(now)) if one in text), None)
    if last is None:
        return False
    rest, more = text.rpartition(last)[2], now.rpartition(last)[2]
    return _have_other_words(rest, more) and not any(one in now for one in sentences(rest))


def _have_other_words(one: str, other: str) -> bool:
    """Whether both texts have words, but none in common."""
    left, right = shingles(one), shingles(other)
    return min(len(left), len(right)) > 1 and not left & right


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
