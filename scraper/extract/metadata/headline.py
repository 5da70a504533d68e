"""The headline that a reader sees, without the name of the site.

An `h1` that is like another title of the page wins, unless the page shows another of its titles right
below. If no heading shows the headline, a title in the tags is taken.
"""

from collections.abc import Iterable, Sequence

from rapidfuzz import fuzz

from scraper.extract.dates.parse import VISIBLE_DATE
from scraper.extract.html.text import bare, fold_spaces, long_words
from scraper.extract.metadata.titles import (
    MIN_TITLE_CHARACTERS,
    TITLE_SEPARATOR,
    Titles,
    is_site,
    is_site_name,
    separators,
    split_title,
    strip_name,
    strip_site,
)
from scraper.patterns import lazy_pattern
from scraper.phrases.scripts import FIRST_CJK

# A title's source with its text.
Claim = tuple[str, str]

CJK_SITE_NAME = lazy_pattern(
    r"(?<=[\u2e80-\uffff])\s*[-_—–|]+\s*[^-_—–|]{0,6}(?:网|網|新闻|新聞|日报|日報|在线|频道|頻道|ニュース|新聞社)$"
)
GENERIC_TITLES_WORDS = """
    aboutus aktuelles article artikel blog home index magazin meldungen news presse startseite
    untitled untitleddocument
    """
GENERIC_TITLES = frozenset(GENERIC_TITLES_WORDS.split())
MAX_BLOG_NAME_WORDS = 4  # of an h1 that is the name of a blog or a section
MIN_HEADING_GROWTH = 1.5  # the letters of the heading that is the headline then, to those of the h1
COLON = ": "
MIN_H1_WORDS = 2  # long words in an h1 that no title repeats
MIN_TITLE_LIKENESS = 72  # of 100; an h1 with a greater likeness to another title is the headline
MIN_TITLE_PART_BYTES = 15  # bytes of an h1's part, or of a line below it, that may be the headline
MAX_H1_PARTS = 3  # such a part is at least a third of the h1
MAX_LOST_MARKS = 3  # characters that an h1 lost between its kicker and its headline
MIN_CUT_TITLE_LENGTH = 60  # characters of a title that may be cut: search engines show 70 or 110
MAX_LINES_BELOW_H1 = 4  # lines under the h1 that may be the headline
SHOWN_TITLE_SOURCES = ("json-ld", "og:title")  # other tags have a dek at times
TICKER_SEPARATOR = "+++"  # between the latest entries of a live ticker, in its h1
FULL_STOPS = (".", "。")


def pick_headline(titles: Titles) -> tuple[str | None, str | None, int | None]:
    """The headline, its source, and the index of the h1 that shows it; each None if there is none."""
    claims = _claims(titles)
    title = [("title", strip_site(titles.title, titles))] if titles.title else []
    others = [text for _, text in (*claims, *title)]
    index = _agreeing_h1(titles, others)
    if index is None:
        index = _only_h1(titles, others)
    if index is not None and (heading := _heading_beside_name(titles, index)):
        return heading, "heading", None
    if index is not None:
        h1 = strip_name(titles.h1s[index], titles)
        claim = _claim_below_h1(h1, claims, titles, index) or _better_claim(h1, claims, title)
        source, headline = claim or ("h1", without_day(_without_own_kicker(h1, claims)))
        return headline, source, index
    for source, text in (*claims, *title):
        return _without_tail(text), source, None
    if titles.h1s:
        return titles.h1s[0], "h1", 0
    return None, None, None


def _heading_beside_name(titles: Titles, index: int) -> str | None:
    """The headline in a smaller heading, if the h1 is the name of the blog or the section.

    Some title of the page then has both: "Notes on boats | Bridge opens at last". A name is short, and no
    standfirst continues it, unless its heading is marked as the title.
    """
    name = bare(titles.h1s[index])
    texts = [titles.title or "", *(text for _, text in titles.claims)]
    if len(titles.h1s[index].split()) > MAX_BLOG_NAME_WORDS or name in map(bare, texts):
        return None
    for text in dict.fromkeys(texts):
        parts = split_title(text)
        if name not in map(bare, parts):
            continue
        for part in parts:
            heading, is_marked = titles.headings().get(bare(part), ("", False))
            is_longer = len(bare(heading)) >= MIN_HEADING_GROWTH * len(name)
            if is_longer and not is_site(part, titles) and (is_marked or COLON not in text):
                return heading
    return None


def _claims(titles: Titles) -> list[Claim]:
    """The titles of the tags without the name of the site; a cut title is whole again."""
    titles_without_site = {
        text: strip_site(text, titles) for text in {text for _, text in titles.claims}
    }
    claims = [(source, titles_without_site[text]) for source, text in titles.claims]
    claims = [(source, text) for source, text in claims if len(text) >= MIN_TITLE_CHARACTERS]
    real = [(source, text) for source, text in claims if not is_site_name(text, titles)]
    texts = [text for _, text in claims]
    return [(source, _uncut(text, texts)) for source, text in real or claims]


def _uncut(text: str, others: Iterable[str]) -> str:
    """A cut title, as another spells it: JSON-LD cuts after 110 characters, others with "…".

    >>> long = "Port Ansel opens its new bridge after nine years, three mayors and a flood"
    >>> _uncut(long[:65] + "…", [long]) == long
    True
    """
    if len(text) < MIN_CUT_TITLE_LENGTH:
        return text
    start = text.rstrip(" .…")
    for other in others:
        if len(other) > len(text) and other.startswith(start):
            return text if TITLE_SEPARATOR.match(other, len(start)) else other
    return text


def _only_h1(titles: Titles, others: Iterable[str]) -> int | None:
    """The index of the only h1, if it shares a word with the titles or the address of the page."""
    real = [index for index, h1 in enumerate(titles.h1s) if not is_site_name(h1, titles)]
    if len({bare(titles.h1s[index]) for index in real}) != 1:
        return None
    specific_titles = [
        other
        for other in others
        if bare(other) not in GENERIC_TITLES and not is_site_name(other, titles)
    ]
    if titles.title and not specific_titles:
        return real[0]
    words = long_words(titles.h1s[real[0]])
    if _is_in_path(titles.h1s[real[0]], titles.path):
        return real[0]
    if len(words) >= MIN_H1_WORDS and (
        not specific_titles or any(words & long_words(other) for other in specific_titles)
    ):
        return real[0]
    return None


def _claim_below_h1(h1: str, claims: Sequence[Claim], titles: Titles, index: int) -> Claim | None:
    """The title in other words that a line below the h1 repeats: such an h1 is for search engines.

    A kicker may be a line of its own, or come before the headline in the same one.
    """
    others = _titles_in_other_words(h1, claims)
    if not any(map(_is_long_title, others)):
        return None
    repeated_names = {name for name in others if sum(bare(text) == name for _, text in claims) > 1}
    above = ""
    for line in (nearby_line.text for nearby_line in titles.below(index)[:MAX_LINES_BELOW_H1]):
        name = bare(line)
        if _is_long_title(name) and not line.endswith(FULL_STOPS):
            if name in others and (
                name in repeated_names or fold_spaces(others[name][1]) == fold_spaces(line)
            ):
                return others[name]
            if above and above + name in others:
                return others[above + name][0], line
        above = name
    return None


def _titles_in_other_words(h1: str, claims: Iterable[Claim]) -> dict[str, Claim]:
    """The claims that a page may show and that are no part of the h1, by their letters."""
    bare_h1 = bare(h1)
    others: dict[str, Claim] = {}
    for source, text in claims:
        name = bare(text)
        if source in SHOWN_TITLE_SOURCES and name not in bare_h1 and bare_h1 not in name:
            others.setdefault(name, (source, text))
    return others


def _is_long_title(name: str) -> bool:
    # An ideograph has three bytes and says about as much as three letters.
    return len(name.encode()) >= MIN_TITLE_PART_BYTES


def _better_claim(h1: str, claims: Sequence[Claim], title: Sequence[Claim]) -> Claim | None:
    """The claim that is the h1 without its kicker or tail, or with a mark that the h1 lost."""
    for source, claim in claims:
        if TICKER_SEPARATOR in h1 and TICKER_SEPARATOR not in claim:
            return source, claim
        rest = {bare(text) for other, text in (*claims, *title) if other != source}
        if bare(claim) == bare(h1):
            if _has_marks(claim, h1):
                return source, claim
        elif _is_part(claim, h1, rest, in_json=bare(claim) == _json_name(claims)):
            return source, claim
    return None


def _json_name(claims: Iterable[Claim]) -> str | None:
    return next((bare(text) for source, text in claims if source == "json-ld"), None)


def _has_marks(claim: str, h1: str) -> bool:
    """Whether a claim is the h1 with a space or mark after the kicker that the h1 lost."""
    if claim.count(" ") <= h1.count(" ") or len(claim) > len(h1) + MAX_LOST_MARKS:
        return False
    rest = iter(claim)
    return claim[-1] == h1[-1] and all(character in rest for character in h1)


def _is_part(claim: str, h1: str, rest: set[str], *, in_json: bool) -> bool:
    """Whether a claim is the h1 without a kicker before it or a tail after it."""
    part, bare_h1 = bare(claim), bare(h1)
    if not _is_long_title(part) or len(part) * MAX_H1_PARTS < len(bare_h1):
        return False
    if bare_h1.startswith(part):
        tail = h1[len(claim) :].lstrip()
        runs_on = in_json and tail[:1].isalnum()
        return part in rest and (runs_on or bool(VISIBLE_DATE.search(tail)))
    if not bare_h1.endswith(part):
        return False
    kicker = h1[: -len(claim)].rstrip()
    if part in rest:
        return in_json or not kicker.isalpha()  # a word alone may be the first of the headline
    return in_json and bare(kicker) in rest


def _without_own_kicker(h1: str, claims: Iterable[Claim]) -> str:
    """The h1 without a kicker that only it has: the tags put another before the same words.

    >>> _without_own_kicker("Harbour - The new bridge opens", [("og:title", "Ansel: The new bridge opens")])
    'The new bridge opens'
    """
    kicker_separator = next(iter(separators(h1)), None)
    if kicker_separator is None or ":" in kicker_separator[0]:
        return h1
    kicker, rest = h1[: kicker_separator.start()], h1[kicker_separator.end() :]
    if (
        not bare(kicker)
        or not _is_long_title(bare(rest))
        or len(bare(rest)) * MAX_H1_PARTS < len(bare(h1))
    ):
        return h1
    for _, claim in claims:
        other = next(iter(separators(claim)), None)
        if other and bare(claim[other.end() :]) == bare(rest):
            shared_words = long_words(kicker) & long_words(claim[: other.start()])
            return h1 if shared_words or bare(claim) == bare(h1) else rest
    return h1


def _is_in_path(h1: str, path: str) -> bool:
    name = bare(h1)
    return _is_long_title(name) and name in bare(path)


def without_day(h1: str) -> str:
    """A title without a date before it."""
    match = VISIBLE_DATE.match(h1)
    rest = h1[match.end() :].strip(" |•·–—-") if match else ""
    return rest if len(rest) >= MIN_TITLE_PART_BYTES else h1


def with_kicker(headline: str, titles: Titles, before: Iterable[str]) -> str:
    """The headline with its kicker, if JSON-LD and another tag have it and a line `before` is it."""
    bare_headline = bare(headline)
    names = [(source, bare(text), text) for source, text in titles.claims]
    longer = [
        claim for claim in names if claim[1].endswith(bare_headline) and claim[1] != bare_headline
    ]
    for source, name, text in longer:
        agreeing = sum(other == name for _, other, _ in longer)
        kicker = name.removesuffix(bare_headline)
        if source == "json-ld" and agreeing >= 2 and any(bare(line) == kicker for line in before):
            return text
    return headline


def _without_tail(text: str) -> str:
    """A title that no h1 confirms, without its last " | part", which is nearly always the site.

    >>> _without_tail("大桥终于通车_要闻频道")
    '大桥终于通车'
    """
    head, separator, _ = text.partition("_")
    if separator and _is_long_title(head) and max(head) > FIRST_CJK:
        return head.strip()
    if match := CJK_SITE_NAME.search(text):
        return text[: match.start()].strip()
    head, separator, tail = text.rpartition(" | ")
    if separator and len(head.split()) >= 4 and len(tail.split()) <= 4:
        return head.strip()
    return text


def _agreeing_h1(titles: Titles, others: Iterable[str]) -> int | None:
    """The index of the h1 that is most like another title of the page; None if none is like one."""
    other_titles = set(others)
    best, best_score = None, float(MIN_TITLE_LIKENESS)
    for index, h1 in enumerate(titles.h1s):
        if bare(h1) in GENERIC_TITLES or is_site_name(h1, titles):
            continue
        score = max((_title_likeness(h1, other) for other in other_titles), default=0.0)
        if score > best_score:
            best, best_score = index, score
    return best


def _title_likeness(one: str, other: str) -> float:
    one, other = bare(one), bare(other)
    if not one or not other:
        return 0.0
    if one == other:
        return 100.0
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) >= 12 and shorter in longer:
        return 90.0 + 9.0 * len(shorter) / len(longer)
    return fuzz.ratio(one, other)
