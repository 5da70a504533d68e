"""The headline that a reader sees, without the site's name."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from rapidfuzz import fuzz

from scraper.extract.tags import NOT_WORD, bare

SEPARATOR = re.compile(r"\s+(?:[-–—|:•·»«<>›/~]|::|\|\|)\s*|\s*(?:[|｜»«›]|_)\s*|(?<=\S):\s+|\s*[:：]\s+")
QUOTES = str.maketrans("“”„«»‘’‚`´", "\"\"\"\"\"'''''")
MIN_WORDS = 2  # of four letters and more, in an h1 that no title repeats
AGREEMENT = 72  # of 100: an h1 at least so like another title is the page's headline
MIN_CHARACTERS = 3


@dataclass(frozen=True, slots=True)
class Titles:
    """What the page calls itself, by source: `claims` are (source, text) in order of trust."""

    claims: tuple[tuple[str, str], ...]
    h1s: tuple[str, ...]
    title: str | None
    site_names: tuple[str, ...]
    host: str


def pick(titles: Titles, seen_before: str = "") -> tuple[str | None, str | None, int | None]:
    """The headline, its source, and the index of the h1 that shows it (None where none does)."""
    claims = [(source, strip_site(text, titles)) for source, text in titles.claims]
    claims = [(source, text) for source, text in claims if len(text) >= MIN_CHARACTERS]
    title = strip_site(titles.title, titles) if titles.title else None
    others = [text for _, text in claims] + ([title] if title else [])
    index = _agreeing_h1(titles, others)
    if index is None:
        index = _only_h1(titles, others)
    if index is not None:
        h1 = strip_site(titles.h1s[index], titles)
        for source, claim in claims:
            if _says_better(claim, h1, [text for _, text in claims if text is not claim]):
                return claim, source, index
        return h1, "h1", index
    for source, text in claims:
        return _without_tail(text), source, None
    if title:
        return _without_tail(title), "title", None
    if titles.h1s:
        return titles.h1s[0], "h1", 0
    return None, None, None


def _only_h1(titles: Titles, others: list[str]) -> int | None:
    """An h1 in other words than the page's titles: the only one, sharing a word with them."""
    real = [index for index, h1 in enumerate(titles.h1s) if not is_site(h1, titles)]
    if len(real) != 1:
        return None
    words = _words(titles.h1s[real[0]])
    if len(words) >= MIN_WORDS and (not others or any(words & _words(other) for other in others)):
        return real[0]
    return None


def _words(text: str) -> set[str]:
    return {word for word in NOT_WORD.split(text.casefold()) if len(word) >= 4 or word > "\u2e80"}


def _says_better(claim: str, h1: str, rest: list[str]) -> bool:
    """Whether a claim is the h1 without a kicker or date beside it, or with a space that it lost."""
    one, other = bare(claim), bare(h1)
    if one == other:
        return claim.count(" ") > h1.count(" ") and len(claim) == len(h1) + 1
    if len(one) < 15 or len(one) * 3 < len(other) or not any(bare(text) == one for text in rest):
        return False
    return other.startswith(one) or other.endswith(one)


def _without_tail(text: str) -> str:
    """A title that no h1 confirms, without its last " | part": a site or section nearly always."""
    head, separator, tail = text.rpartition(" | ")
    if separator and len(head.split()) >= 4 and len(tail.split()) <= 4:
        return head.strip()
    return text


def _agreeing_h1(titles: Titles, others: list[str]) -> int | None:
    """The h1 most like any other title of the page."""
    best, best_score = None, float(AGREEMENT)
    for index, h1 in enumerate(titles.h1s):
        score = max((_likeness(h1, other) for other in others), default=0.0)
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


def strip_site(text: str, titles: Titles) -> str:
    """The title without the site's name before or after a separator, where there is evidence.

    Evidence: the part is the site's name or its host's word, or the rest is another title of the page.
    """
    others = {bare(other) for _, other in titles.claims} | {bare(h1) for h1 in titles.h1s}
    others -= {bare(text), ""}
    for _ in range(3):
        cut = _cut_once(text, titles, others)
        if cut is None:
            break
        text = cut
    return text


def _cut_once(text: str, titles: Titles, others: set[str]) -> str | None:
    matches = list(SEPARATOR.finditer(text))
    for match in reversed(matches):
        head, tail = text[: match.start()].strip(), text[match.end() :].strip()
        if len(head) >= MIN_CHARACTERS and is_site(tail, titles):
            return head
        if len(bare(head)) >= 10 and bare(head) in others:
            return head
    for match in matches[:2]:
        head, tail = text[: match.start()].strip(), text[match.end() :].strip()
        if len(tail) >= MIN_CHARACTERS and is_site(head, titles):
            return tail
    return None


def is_site(part: str, titles: Titles) -> bool:
    """Whether a part of a title is the site's name."""
    part = bare(part)
    if not part:
        return False
    names = [bare(name) for name in titles.site_names]
    if any(name and (part == name or (len(name) > 3 and fuzz.ratio(part, name) > 85)) for name in names):
        return True
    if part in host_words(titles.host) or part == bare(titles.host):
        return True
    labels = [bare(label) for label in titles.host.removeprefix("www.").split(".")[:-1]]
    return any(len(label) >= 5 and label in part for label in labels) and len(part) <= 60


def is_own_name(name: str, titles: Titles) -> bool:
    """Whether a byline is the site itself: its name, its host's words, or their beginning."""
    short = bare(name)
    if is_site(name, titles):
        return True
    labels = [bare(label) for label in titles.host.removeprefix("www.").split(".")[:-1]]
    return len(short) >= 3 and " " not in name.strip() and any(label.startswith(short) for label in labels)


def host_words(host: str) -> set[str]:
    """Names a host gives away.

    >>> sorted(host_words("www.daily-example.co.uk"))
    ['daily', 'dailyexample', 'dailyexamplecouk', 'example']
    """
    labels = host.removeprefix("www.").split(".")
    words = {bare(host.removeprefix("www."))}
    for label in labels[:-1]:
        if len(label) > 3 or label == labels[0]:
            words.add(bare(label))
            words.update(word for word in label.split("-") if len(word) > 3)
    return words - {""}


def host_of(url: str) -> str:
    """The host of a URL, "" where it has none."""
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


def distinct(texts: Iterable[str]) -> tuple[str, ...]:
    """Each text once, in order."""
    return tuple(dict.fromkeys(text for text in texts if text))
