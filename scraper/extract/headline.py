"""The headline that a reader sees, without the site's name.

An `h1` that agrees with another title of the page wins, whatever its wording; the
tags' titles stand in where no heading shows one.
"""

import re
from collections.abc import Iterable

from rapidfuzz import fuzz

from scraper.extract.dates import VISIBLE
from scraper.extract.tags import bare, long_words
from scraper.extract.titles import MIN_CHARACTERS, Titles, is_named, strip_site

CJK_SITE = re.compile(
    r"(?<=[\u2e80-\uffff])\s*[-_—–|]+\s*[^-_—–|]{0,6}(?:网|網|新闻|新聞|日报|日報|在线|频道|頻道|ニュース|新聞社)$"
)
GENERIC = frozenset(
    ["news", "blog", "home", "aktuelles", "artikel", "article", "magazin", "meldungen", "presse"]
)
MIN_WORDS = 2  # of four letters and more, in an h1 that no title repeats
AGREEMENT = 72  # of 100: an h1 at least so like another title is the page's headline


def pick(titles: Titles) -> tuple[str | None, str | None, int | None]:
    """The headline, its source, and the index of the h1 that shows it (None where none does)."""
    stripped = {text: strip_site(text, titles) for text in {text for _, text in titles.claims}}
    claims = [(source, stripped[text]) for source, text in titles.claims]
    claims = [(source, text) for source, text in claims if len(text) >= MIN_CHARACTERS]
    title = strip_site(titles.title, titles) if titles.title else None
    others = [text for _, text in claims] + ([title] if title else [])
    index = _agreeing_h1(titles, others)
    if index is None:
        index = _only_h1(titles, others)
    if index is not None:
        h1 = strip_site(titles.h1s[index], titles)
        for source, claim in claims:
            if _says_better(
                claim, h1, [text for _, text in claims if text is not claim] + others[-1:]
            ):
                return claim, source, index
        return _without_day(h1), "h1", index
    for source, text in claims:
        return _without_tail(text), source, None
    if title:
        return _without_tail(title), "title", None
    if titles.h1s:
        return titles.h1s[0], "h1", 0
    return None, None, None


def _only_h1(titles: Titles, others: list[str]) -> int | None:
    """An h1 in other words than the page's titles: the only one, sharing a word with them."""
    real = [index for index, h1 in enumerate(titles.h1s) if not is_named(h1, titles)]
    if len(real) != 1:
        return None
    words = long_words(titles.h1s[real[0]])
    if len(words) >= MIN_WORDS and (
        not others or any(words & long_words(other) for other in others)
    ):
        return real[0]
    return None


def _says_better(claim: str, h1: str, rest: list[str]) -> bool:
    """Whether a claim is the h1 without a kicker or date beside it, or with a space that it lost."""
    one, other = bare(claim), bare(h1)
    if one == other:
        return claim.count(" ") > h1.count(" ") and len(claim) == len(h1) + 1
    if len(one) < 15 or len(one) * 3 < len(other) or not any(bare(text) == one for text in rest):
        return False
    return other.startswith(one) or other.endswith(one)


def _without_day(h1: str) -> str:
    """An h1 without the date before it."""
    match = VISIBLE.match(h1)
    rest = h1[match.end() :].strip(" |•·–—-") if match else ""
    return rest if len(rest) >= 15 else h1


def with_kicker(headline: str, titles: Titles, before: Iterable[str]) -> str:
    """The headline with its kicker, where two claims have it and the page shows it above the h1."""
    short = bare(headline)
    longer = [
        text for _, text in titles.claims if bare(text).endswith(short) and bare(text) != short
    ]
    for text in longer:
        kicker = bare(text).removesuffix(short)
        agreeing = sum(bare(other) == bare(text) for other in longer)
        if agreeing >= 2 and any(bare(line) == kicker for line in before):
            return text
    return headline


def _without_tail(text: str) -> str:
    """A title that no h1 confirms, without its last " | part": a site or section nearly always."""
    if match := CJK_SITE.search(text):
        return text[: match.start()].strip()
    head, separator, tail = text.rpartition(" | ")
    if separator and len(head.split()) >= 4 and len(tail.split()) <= 4:
        return head.strip()
    return text


def _agreeing_h1(titles: Titles, others: list[str]) -> int | None:
    """The h1 most like any other title of the page."""
    best, best_score = None, float(AGREEMENT)
    for index, h1 in enumerate(titles.h1s):
        if bare(h1) in GENERIC:
            continue
        score = max((_likeness(h1, other) for other in set(others)), default=0.0)
        if score > best_score:
            best, best_score = index, score
    return best


def _likeness(one: str, other: str) -> float:
    one, other = bare(one), bare(other)
    if not one or not other:
        return 0.0
    if one == other:
        return 100.0
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) >= 12 and shorter in longer:
        return 90.0 + 9.0 * len(shorter) / len(longer)
    return fuzz.ratio(one, other)
