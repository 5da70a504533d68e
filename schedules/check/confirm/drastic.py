"""A change so large that it may be another page or half of one, and what confirms it.

One check proves nothing about it, nor does its second answer: a cache or a maintenance page gives the same twice.
Such a text waits, *unconfirmed*, until it has stayed for hours at several checks. It never counts while the host shows
it at other addresses, too, or while the page names another address as its own.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile

from schedules.check.confirm.likeness import (
    MAX_TRIFLING_SHARE,
    is_beginning,
    is_beginning_with_more,
    is_later_story,
    is_same_story,
    keeps_numbers,
    kept_sentences,
)
from scraper.article import Article
from scraper.http.completeness import breaks_off
from scraper.http.header_date import header_date
from storage.articles.state import FailedCheck, Trouble
from storage.diff.text.sketch import (
    holds,
    mutual_share,
    resemblance,
    shared_share,
    shingles,
    sketch,
)
from storage.diff.text.tokens import tokens
from storage.queries.elsewhere import Elsewhere
from storage.timestamps import parse_instant

# Two texts that share less than the first have nothing in common: of unrelated articles of one language, 99 in 100
# share less than 0.03, and a text that was rewritten with the same names and facts shares 0.06 to 0.2.
# Texts of which the longer one has less than the last in common with the other need a sign that they are one story: a
# newsroom repeats whole sentences, and a home page has some of each article. Below the second, the page's own address is
# no sign: some servers write the address of any request into any page.
MAX_UNRELATED_SHARE, MAX_REWRITTEN_SHARE, MAX_DOUBTFUL_SHARE = 0.05, 0.3, 0.8
# A new version with fewer of the old one's words has lost most of them, if those were not few.
MIN_KEPT_SHARE, MIN_LOSABLE_WORDS = 0.35, 60
# What a broken encoding or a cache shows counts if nobody mends it for so long.
MIN_GARBLED_TIME, MIN_OLDER_TIME = timedelta(days=7), timedelta(days=2)
# Servers of one site may disagree about the time of modification by seconds.
MIN_OLDER = timedelta(minutes=1)
# A text with so much of the old one's sentences has grown; with less than the second, it is another.
MIN_GROWN_SENTENCES, MIN_KEPT_SENTENCES = 0.8, 0.2
# Two sketches with this resemblance are of one text.
MIN_RESEMBLANCE = 0.5
# A text that has so much of another one has all of it: two answers differ in a name or a word.
MIN_SHARE_HELD = 0.9
# A text that only lost something counts at the second check, after this time. It must not be the beginning: that is what
# paywalls and broken pages leave.
MIN_DELETION_TIME = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why one check does not prove a version.

    An unconfirmed text counts once `min_checks` over `min_time` have shown it. `sketch` is of what is new in
    the text, and by it the same text is recognised at later checks and at other addresses. An
    unrelated text shares nothing with the version before, or neither numbers nor sentences. One that tells the
    own story waits only because others change, too: what they show does not refute it for good. One that is
    slight, too, waits only while most others are in doubt.
    """

    reason: str
    sketch: str
    is_unrelated: bool = False
    is_own_story: bool = False
    is_slight: bool = False
    min_checks: int = 3
    min_time: timedelta = timedelta(hours=6)


def drastic_change(old: Article, new: Article, *, has_own_address: bool = False) -> Doubt | None:
    """Why later checks must confirm a version before it counts; None if it counts at once.

    `has_own_address` says that the page names the article's address as its own.
    """
    if doubt := _doubt_about_loss(old, new):
        return doubt
    if is_beginning_with_more(old.body, new.body):
        reason = "only the beginning of the text is left, with other words after it"
        return Doubt(reason, sketch_of_addition(old, new))
    kept = kept_sentences(old.body, new.body)
    if kept >= MIN_GROWN_SENTENCES:  # most edits: shingles take much longer than sentences
        return None
    before, now = shingles(old.body), shingles(new.body)
    if mutual_share(before, now) >= MAX_DOUBTFUL_SHARE:
        return None
    share = shared_share(before, now)
    is_unrelated = share < MAX_UNRELATED_SHARE
    is_short = len(tokens(old.body)) < MIN_LOSABLE_WORDS
    has_facts = keeps_numbers(old.body, new.body)
    is_named = has_own_address and share >= MAX_REWRITTEN_SHARE
    if (is_named or is_same_story(old, new)) and (is_short or (has_facts and not is_unrelated)):
        return None
    addition = sketch_of_addition(old, new)  # without any it is a part of the old text
    is_another = (
        is_unrelated or is_later_story(old, new) or not (has_facts or kept >= MIN_KEPT_SENTENCES)
    )
    reason = "the text shares little with the last version"
    return Doubt(reason, addition, bool(addition) and is_another)


def _doubt_about_loss(old: Article, new: Article) -> Doubt | None:
    """The doubt about a text that has lost most of its words; None if it has not, or if those were few."""
    before, now = Counter(old.paragraphs), Counter(new.paragraphs)
    # Paragraphs that both have only raise the share that is kept. To count their words takes 1 ms.
    added, removed = (now - before).elements(), (before - now).elements()
    if _word_count(added) >= MIN_KEPT_SHARE * _word_count(removed):
        return None
    old_count, new_count = _word_count(old.paragraphs), _word_count(new.paragraphs)
    if old_count < MIN_LOSABLE_WORDS or new_count >= MIN_KEPT_SHARE * old_count:
        return None
    reason = f"most of the text is gone ({old_count} words before, {new_count} now)"
    addition = sketch_of_addition(old, new)
    if not addition and not is_beginning(old.body, new.body):
        return Doubt(reason, addition, min_checks=2, min_time=MIN_DELETION_TIME)
    share = shared_share(shingles(old.body), shingles(new.body))
    return Doubt(reason, addition, is_unrelated=share < MAX_UNRELATED_SHARE)


def _word_count(paragraphs: Iterable[str]) -> int:
    return sum(len(tokens(text)) for text in paragraphs)


def sketch_of_addition(old: Article, new: Article) -> str:
    """The sketch of what is new in a text; empty if hardly anything is."""
    now = shingles(new.body)
    addition = now - shingles(old.body)
    return sketch(addition) if len(addition) > MAX_TRIFLING_SHARE * len(now) else ""


def broken_off(old: Article, new: Article) -> Doubt:
    """The doubt about a page that ends in the middle, while the last page did not."""
    return Doubt("the page breaks off in the middle", sketch_of_addition(old, new))


def garbled_text(old: Article, new: Article) -> Doubt:
    """The doubt about a text whose letters were spoiled on the way."""
    reason = "the letters of the text were read in a wrong encoding"
    return Doubt(reason, sketch_of_addition(old, new), min_time=MIN_GARBLED_TIME)


def older_copy(old: Article, new: Article, headers: tuple[str | None, str | None]) -> Doubt | None:
    """The doubt about a page that was modified before the last version was: a cache may have kept it.

    `headers` are the `Last-Modified` of both pages; they count if the pages themselves give no time. If headline
    and body are the same, the publisher or a new template set the time back: an older copy has an older text.
    """
    times = old.modified_at, new.modified_at
    if times == (None, None):
        times = _header_time(headers[0]), _header_time(headers[1])
    before, now = times
    if not isinstance(before, datetime) or not isinstance(now, datetime):
        return None
    is_same_text = (old.headline, old.body) == (new.headline, new.body)
    if before - now < MIN_OLDER or is_same_text:
        return None
    reason = "an older copy of the page came, by its time of modification"
    return Doubt(reason, sketch_of_addition(old, new), min_time=MIN_OLDER_TIME)


def unproven_text(old: Article, new: Article) -> Doubt:
    """The doubt about a text while other articles cannot be read, of which some might show the same change."""
    reason = "the stored pages that may show the same change take too long to read"
    return Doubt(reason, sketch_of_addition(old, new), is_own_story=True)


def _header_time(text: str | None) -> datetime | None:
    """The time in a header; None if it is no date, or has no time zone."""
    time = header_date(text)
    return time if time and time.tzinfo else None


def addresses_with(sketched: str, elsewhere: Elsewhere) -> list[str]:
    """The other addresses of the host that show the same text, or one that is in this one, as a paywall's is."""
    urls = (
        url
        for url, other in elsewhere.sketches
        if resemblance(sketched, other) >= MIN_RESEMBLANCE
        or holds(sketched, other) >= MIN_SHARE_HELD
    )
    return list(dict.fromkeys(urls))


def is_confirmed(doubt: Doubt, trouble: Trouble, *, now: datetime) -> bool:
    """Whether earlier checks saw the same text, often enough and long enough ago for it to count."""
    earlier = [check for check in trouble.checks if _shows(check, doubt.sketch)]
    since = parse_instant(earlier[-1].at) if earlier else None
    is_old = since is not None and now - since >= doubt.min_time
    return is_old and len(earlier) + 1 >= doubt.min_checks


def unconfirmed_checks(sketched: str, trouble: Trouble) -> int:
    """How many checks in a row, up to the last one, saw the same text, unconfirmed."""
    return len(list(takewhile(lambda check: _shows(check, sketched), trouble.checks)))


def _shows(check: FailedCheck, sketched: str) -> bool:
    return check.sketch is not None and resemblance(sketched, check.sketch) >= MIN_RESEMBLANCE


def first_page_doubt(article: Article, html: bytes, elsewhere: Elsewhere) -> Doubt | None:
    """Why the first page at an address does not prove an article; None if it does."""
    if breaks_off(html):
        text = sketch(shingles(article.body))
        return Doubt("the page breaks off in the middle; Variorum asks again", text)
    if not elsewhere.sketches:  # the usual case, which need not sketch the text
        return None
    text = sketch(shingles(article.body))
    if urls := addresses_with(text, elsewhere):
        return Doubt(f"the site shows one page at several addresses, as at {urls[0]}", text)
    return None
