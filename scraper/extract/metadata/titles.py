"""The titles of a page, the names of its site, and titles without those names."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache, partial
from urllib.parse import unquote, urlsplit

from rapidfuzz import fuzz

from scraper.extract.html import jsonld
from scraper.extract.html.document import Document
from scraper.extract.html.nearby import Line, lines_after
from scraper.extract.html.tags import MAX_TAG_TEXT, Tags, spaced_text
from scraper.extract.html.text import bare, fold_spaces
from scraper.extract.metadata.h1s import headline_of_h1, is_front_page_link
from scraper.patterns import lazy_pattern

TITLE_METAS = (
    "og:title",
    "twitter:title",
    "twitter:text:title",
    "headline",
    "dc.title",
    "dcterms.title",
    "parsely-title",
    "sailthru.title",
    "cxenseparse:title",
    "title",
    "citation_title",
)
SITE_METAS = (
    "og:site_name",
    "application-name",
    "apple-mobile-web-app-title",
    "publisher",
    "dc.publisher",
    "al:ios:app_name",
    "twitter:site",
    "copyright",
)
SITE_TYPES = {"WebSite", "Organization", "NewsMediaOrganization"}
MAX_SITE_NAME_LENGTH = 100  # characters
MIN_OWN_TITLE_WORDS = 6  # of a text given as site name and as title of the page: it is the title
TITLE_SEPARATOR = lazy_pattern(
    r"\s+(?:[-–—|:•·»«<>›/~]|::|\|\|)\s*|\s*(?:[|｜»«›]|_)\s*|(?<=\S):\s+|\s*[:：]\s+"
)
# Every separator has one of these, which are found ten times as fast.
SEPARATOR_SIGN = lazy_pattern("[-–—|:•·»«<>›/~｜_：]")
TRAILING_SEPARATORS = " |-–—"  # after a title without the name of its site
MAX_TITLE_PARTS = 8
MAX_SITE_WORDS = 5  # of a part of a title with the name of the host in it
MIN_SITE_NAME_LIKENESS = 85  # of 100
MIN_TITLE_CHARACTERS = 3
MIN_HEAD_LENGTH = 10  # characters of a title that a line of the page repeats
MAX_HEAD_POSITIONS = 20  # positions at which it may be a line
LINE_MARGIN = 80  # characters of white space before and after it
SMALL_HEADING_SELECTOR = "h2, h3, h4"
MAX_HEADINGS = 40
TITLE_MARK = lazy_pattern(
    r"(?<![a-z])(?:(?:entry|post|article|story|page|node|news|item)[-_]?(?:title|headline|heading)|headline|name)(?![a-z])",
    re.I,
)
MIN_HOST_LABEL_LENGTH = 5  # characters: many words have shorter labels in them
MIN_OWN_NAME_SHARE = 0.8  # of a byline that is the name of the host


def _nothing_below(index: int) -> tuple[Line, ...]:
    return ()


# The headings that are no h1, by their letters: the text, and whether it is marked as a title.
Headings = Mapping[str, tuple[str, bool]]


def _no_headings() -> Headings:
    return {}


@dataclass(frozen=True, slots=True)
class Titles:
    """The titles of a page: `claims` are (source, text) in order of trust.

    `below` gives the lines after the h1 with an index, `headings` the smaller headings; both read once.
    """

    claims: tuple[tuple[str, str], ...]
    h1s: tuple[str, ...]
    title: str | None
    site_names: tuple[str, ...]
    host: str
    path: str = ""
    below: Callable[[int], tuple[Line, ...]] = field(default=_nothing_below, compare=False)
    headings: Callable[[], Headings] = field(default=_no_headings, compare=False)


def read_titles(document: Document) -> Titles:
    """The titles and site names in JSON-LD, metas, `<title>` and `h1` elements."""
    tags = document.tags
    claims = [("json-ld", document.claim("headline", "name"))]
    claims += [(name, tags.meta(name)) for name in TITLE_METAS if name in tags.metas]
    sites = [tags.meta(name) for name in SITE_METAS if name in tags.metas]
    for thing in document.things:
        publisher = thing.get("publisher")
        sites.append(jsonld.text(publisher) if isinstance(publisher, dict) else None)
        if SITE_TYPES & set(jsonld.types(thing)):
            sites.append(jsonld.text(thing.get("name")))
    texts = tuple(
        (source, fold_spaces(jsonld.unescape(claim)[:MAX_TAG_TEXT]))
        for source, claim in claims
        if claim
    )
    sites += [h1 for h1, node in tags.h1s if is_front_page_link(node, h1, document.url)]
    known = cache(partial(_title_parts, tuple(text for _, text in texts)))
    known_to_title = cache(partial(_title_parts, (tags.title,) if tags.title else ()))
    return Titles(
        claims=texts,
        h1s=tuple(
            headline_of_h1(node, jsonld.unescape(h1), known, known_to_title)
            for h1, node in tags.h1s
        ),
        title=tags.title,
        site_names=_site_names(sites, tags),
        host=host_or_empty(document.url) or host_or_empty(tags.meta("og:url") or ""),
        path=path_or_empty(document.url),
        below=_read_below(tags),
        headings=cache(partial(_read_headings, document)),
    )


def _title_parts(texts: Iterable[str]) -> frozenset[str]:
    """Each title, and what is before or after each of its separators, by its letters."""
    parts: list[str] = []
    for text in texts:
        parts.append(text)
        for match in separators(text)[:MAX_TITLE_PARTS]:
            parts += (text[: match.start()], text[match.end() :])
    return frozenset(map(bare, parts))


def titles_by_source(titles: Titles) -> dict[str, str]:
    """The titles that a reader or a search engine shows, unchanged, by source."""
    by_source = {
        source: text for source, text in titles.claims if source in ("json-ld", "og:title")
    }
    if titles.h1s:
        by_source["h1"] = titles.h1s[0]
    if titles.title:
        by_source["title"] = titles.title
    return by_source


def _read_headings(document: Document) -> Headings:
    headings: dict[str, tuple[str, bool]] = {}
    for node in document.tree.css(SMALL_HEADING_SELECTOR)[:MAX_HEADINGS]:
        marks = " ".join(filter(None, map(node.attributes.get, ("class", "itemprop"))))
        text = jsonld.unescape(spaced_text(node))
        headings.setdefault(bare(text), (text, TITLE_MARK.search(marks) is not None))
    return headings


def _read_below(tags: Tags) -> Callable[[int], tuple[Line, ...]]:
    """A function that gives the lines after an h1, and reads them once."""
    cached: dict[int, tuple[Line, ...]] = {}

    def below(index: int) -> tuple[Line, ...]:
        if index not in cached:
            cached[index] = lines_after(tags.h1s[index][1])
        return cached[index]

    return below


def _site_names(sites: Iterable[str | None], tags: Tags) -> tuple[str, ...]:
    """The names of the site without the title of the page: some templates confuse the two."""
    own_titles = {bare(text) for text in (tags.title, tags.meta("og:title")) if text}
    names = [site.lstrip("@")[:MAX_SITE_NAME_LENGTH] for site in sites if site]
    return tuple(
        dict.fromkeys(
            name
            for name in names
            if len(name.split()) < MIN_OWN_TITLE_WORDS or bare(name) not in own_titles
        )
    )


def separators(text: str) -> list[re.Match[str]]:
    """The matches of `TITLE_SEPARATOR` in a title, in order."""
    hits: list[re.Match[str]] = []
    end = 0
    for sign in SEPARATOR_SIGN.finditer(text):
        at = sign.start()
        match = (
            TITLE_SEPARATOR.match(text, max(end, len(text[:at].rstrip()))) if at >= end else None
        )
        if match and match.end() > at:
            hits.append(match)
            end = match.end()
    return hits


def split_title(text: str) -> list[str]:
    """The parts of a title between its separators.

    >>> split_title("Notes on boats » Archive » Bridge opens at last")
    ['Notes on boats', 'Archive', 'Bridge opens at last']
    """
    matches = separators(text)
    starts = [0, *(match.end() for match in matches)]
    ends = [*(match.start() for match in matches), len(text)]
    return [text[start:end].strip() for start, end in zip(starts, ends, strict=True)]


def strip_site(text: str, titles: Titles) -> str:
    """The title without the name of the site before or after a separator.

    A part goes if it is the name of the site or of its host, or if the rest is another title.
    """
    if not separators(text):
        return text
    others = {bare(other) for _, other in titles.claims} | {bare(h1) for h1 in titles.h1s}
    return _strip(text.rstrip(TRAILING_SEPARATORS), titles, others - {bare(text), ""})


def strip_name(h1: str, titles: Titles) -> str:
    """A heading without the name of the site; a reader sees the rest as the headline."""
    return _strip(h1, titles, set()) if separators(h1) else h1


def _strip(text: str, titles: Titles, others: set[str]) -> str:
    for _ in range(3):
        cut = _cut_once(text, titles, others)
        if cut is None:
            break
        text = cut
    return text


def _cut_once(text: str, titles: Titles, others: set[str]) -> str | None:
    matches = separators(text)
    for match in reversed(matches):
        head, tail = text[: match.start()].strip(), text[match.end() :].strip()
        if len(head) >= MIN_TITLE_CHARACTERS and is_site(tail, titles):
            return head
        is_other = len(bare(head)) >= MIN_HEAD_LENGTH and bare(head) in others
        if is_other and not is_site_name(head, titles):
            return _longest_part(text, head, others)
    for match in matches[:2]:
        head, tail = text[: match.start()].strip(), text[match.end() :].strip()
        if len(tail) >= MIN_TITLE_CHARACTERS and is_site_name(head, titles):
            return tail
    return None


def _longest_part(text: str, head: str, others: set[str]) -> str:
    """The longest part of a title that is another title; a shorter one before it is its section."""
    return max([head, *(part for part in split_title(text) if bare(part) in others)], key=len)


def visible_head(title: str, text: str) -> str | None:
    """The part of a title before a separator, if it is a whole line of the `text`; else None.

    >>> visible_head("Bridge opens at last - Daily", "Menu\\n Bridge opens at last \\n12 May")
    'Bridge opens at last'
    """
    for match in reversed(separators(title)):
        head = title[: match.start()].strip()
        if len(head) < MIN_HEAD_LENGTH or 2 * len(head.encode()) < len(title.encode()):
            break  # the site is the shorter half; bytes, since an ideograph says as much as three letters
        if _is_line(head, text):
            return head
    return None


def _is_line(head: str, text: str) -> bool:
    """Whether the head is a whole line of the text, at one of its first positions."""
    at = text.find(head)
    for _ in range(MAX_HEAD_POSITIONS):
        if at < 0:
            break
        end = at + len(head)
        before, after = text[max(0, at - LINE_MARGIN) : at], text[end : end + LINE_MARGIN]
        if _ends_line(before[::-1]) and _ends_line(after):
            return True
        at = text.find(head, end)
    return False


def _ends_line(rest: str) -> bool:
    return rest.lstrip(" \t\r\xa0")[:1] in ("\n", "")


def is_site(part: str, titles: Titles) -> bool:
    """Whether a part of a title is the name of the site, or has the name of its host in it."""
    if is_site_name(part, titles):
        return True
    words, part = len(part.split()), bare(part)
    has_host_name = any(
        len(label) >= MIN_HOST_LABEL_LENGTH and label in part for label in host_labels(titles.host)
    )
    return has_host_name and words <= MAX_SITE_WORDS


def is_site_name(part: str, titles: Titles) -> bool:
    """Whether a text is a name of the site: one that the page gives, or that of the host."""
    part = bare(part)
    if not part:
        return False
    for name in _bare_names(titles.site_names):
        if part == name:
            return True
        if len(name) > MIN_TITLE_CHARACTERS and fuzz.ratio(part, name) > MIN_SITE_NAME_LIKENESS:
            return True
    return part in host_words(titles.host) or part == bare(titles.host)


@lru_cache(maxsize=16)
def _bare_names(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(bare, names)) - {""}


def is_own_name(name: str, titles: Titles) -> bool:
    """Whether a byline is the site: a name of it, of its host, or the start of that."""
    bare_name = bare(name)
    if is_site_name(name, titles):
        return True
    for label in host_labels(titles.host):
        if (
            len(label) >= MIN_HOST_LABEL_LENGTH
            and label in bare_name
            and len(label) >= MIN_OWN_NAME_SHARE * len(bare_name)
        ):
            return True
        if (
            len(bare_name) >= MIN_TITLE_CHARACTERS
            and " " not in name.strip()
            and label.startswith(bare_name)
        ):
            return True
    return False


@lru_cache(maxsize=128)
def host_labels(host: str) -> tuple[str, ...]:
    """The labels of a host before its top-level domain, letters and digits only."""
    return tuple(bare(label) for label in host.removeprefix("www.").split(".")[:-1])


@lru_cache(maxsize=128)
def host_words(host: str) -> frozenset[str]:
    """The names that a host may be called by.

    >>> sorted(host_words("www.daily-example.co.uk"))
    ['daily', 'dailyexample', 'dailyexamplecouk', 'example']
    """
    labels = host.removeprefix("www.").split(".")
    words = {bare(host.removeprefix("www."))}
    for label in labels[:-1]:
        if len(label) > 3 or label == labels[0]:
            words.add(bare(label))
            words.update(word for word in label.split("-") if len(word) > 3)
    return frozenset(words - {""})


def host_or_empty(url: str) -> str:
    """The host of a URL in lower case, "" if it has none."""
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


def path_or_empty(url: str) -> str:
    """The path of a URL with its characters decoded, "" if it has none."""
    try:
        return unquote(urlsplit(url).path)
    except ValueError:
        return ""
