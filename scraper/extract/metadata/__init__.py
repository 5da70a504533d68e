"""Headline, standfirst, byline, times, section, language and address of a page.

Each field is read from every source that the page has, in an order that its file
gives as a table or a generator: `headline.py`, `dek.py`, `writers.py`, `stamps.py`,
and for the small ones here. `sources` tells which source won.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.article import Stamp
from scraper.extract.byline.sources import read_byline
from scraper.extract.dates.published import Clock, read_times
from scraper.extract.dates.timezones import page_country, page_zone
from scraper.extract.html import jsonld
from scraper.extract.html.document import Page, Sourced, read_page
from scraper.extract.html.nearby import (
    Block,
    blocks_after,
    blocks_before,
    bold_node,
    headline_node,
    text_before,
)
from scraper.extract.html.tags import Tags, bare, fold
from scraper.extract.metadata.dek import read_dek
from scraper.extract.metadata.headline import pick, with_kicker, without_day
from scraper.extract.metadata.section import MAX_ABOVE, shown_crumb
from scraper.extract.metadata.titles import Titles, is_own_name, read_titles, said_by, shown_head
from scraper.patterns import pattern

SECTION_METAS = (
    "article:section",
    "og:article:section",
    "section",
    "parsely-section",
    "dable:section",
    "cxenseparse:section",
    "article2:section",
    "outbrainsection",
    "bi3dsection",
    "category",
)
LANGUAGE_METAS = ("content-language", "language", "dc.language", "dcterms.language")
MAX_SECTION = 100  # characters
KICKER_LINES = 4  # above the headline
SCRIPTS = (
    ("ko", pattern("[가-힣]")),
    ("ja", pattern("[ぁ-ヿ]")),
    ("zh", pattern("[一-鿿]")),
)
SCRIPT_SHARE = 0.3  # of a headline's letters


Headline = tuple[str | None, str | None, LexborNode | None, tuple[Block, ...]]


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a page says of its article beside the text; what it does not say is None.

    `clock` is how its times are to be read.
    """

    headline: str | None = None
    dek: str | None = None
    byline: tuple[str, ...] = ()
    published_at: Stamp | None = None
    modified_at: Stamp | None = None
    section: str | None = None
    lang: str | None = None
    canonical_url: str | None = None
    origin: str | None = None
    schema_type: str | None = None
    schema_body: str | None = None
    clock: Clock = field(default=Clock(None, month_first=False), compare=False)
    sources: Mapping[str, str] = field(default_factory=dict, compare=False)
    headlines: Mapping[str, str] = field(default_factory=dict, compare=False)


def read_metadata(tree: LexborHTMLParser, url: str, tags: Tags | None = None) -> Metadata:
    """Every field that the page gives; raises for no page and leaves the tree as it was."""
    page = read_page(tree, url, tags)
    titles = read_titles(page)
    headline, headline_source, node, after = _headline(page, titles)
    before = blocks_before(node) if node is not None else ()
    if headline:
        headline = with_kicker(headline, titles, [block.text for block in before[-KICKER_LINES:]])
    lang = _lang(page, headline)
    clock = _clock(page, lang)
    times = read_times(page, (*before, *after), clock=clock)
    byline, byline_source = read_byline(
        page, (*before, *after), is_site=lambda name: is_own_name(name, titles)
    )
    dek, dek_source = read_dek(page, headline or "", after)
    section, section_source = _section(page, headline or "", node)
    canonical_url, origin = _addresses(page)
    sources = {
        "headline": headline_source,
        "dek": dek_source,
        "byline": byline_source,
        "published_at": times.published_source,
        "modified_at": times.modified_source,
        "section": section_source,
    }
    return Metadata(
        headline=headline,
        dek=dek,
        byline=byline,
        published_at=times.published_at,
        modified_at=times.modified_at,
        section=section,
        lang=lang,
        canonical_url=canonical_url,
        origin=origin,
        schema_type=next(iter(jsonld.types(page.article)), None),
        schema_body=page.claim("articleBody"),
        clock=clock,
        sources={name: source for name, source in sources.items() if source},
        headlines=said_by(titles),
    )


def _headline(page: Page, titles: Titles) -> Headline:
    """The headline, its source, the element that shows it and what follows that."""
    headline, source, index = pick(titles)
    if index is not None:
        return headline, source, page.tags.h1s[index][1], titles.below(index)
    headline = headline or ""
    node = headline_node(page.tree, headline)
    if node is None:
        headline = shown_head(headline, page.text()) or headline
        node = bold_node(page.tree, headline)
    after = blocks_after(node) if node is not None else ()
    return without_day(headline) or None, source, node, after


def _clock(page: Page, lang: str | None) -> Clock:
    locale = page.tags.meta("og:locale")
    country = page_country(page.url, lang=lang, locale=locale)
    month_first = lang in (None, "en") and country in (None, "us", "ca", "ph")
    return Clock(page_zone(page.url, lang=lang, locale=locale), month_first)


def _section(page: Page, headline: str, node: LexborNode | None) -> Sourced:
    claims = [("json-ld", page.claim("articleSection"))]
    claims += [(f"meta {name}", page.tags.meta(name)) for name in SECTION_METAS]
    for source, found in claims:
        if found and len(found) <= MAX_SECTION and not found.startswith(("http:", "https:")):
            return fold(jsonld.unescape(found)), source
    if found := _crumb(page, headline):
        return found, "breadcrumb"
    above = text_before(node, MAX_ABOVE) if node is not None else ""
    if found := shown_crumb(above, page.tags.title or ""):
        return (None, None) if bare(found) == bare(headline) else (found, "breadcrumb")
    return None, None


def _crumb(page: Page, headline: str) -> str | None:
    """The first breadcrumb after the home page, where it is not the article itself."""
    for thing in page.things:
        entries = thing.get("itemListElement")
        if "BreadcrumbList" not in jsonld.types(thing) or not isinstance(entries, list):
            continue
        names = [
            fold(jsonld.text(entry.get("name")) or jsonld.text(entry.get("item")) or "")
            for entry in entries[:10]
            if isinstance(entry, dict)
        ]
        if len(names) >= 2 and names[1] and bare(names[1]) != bare(headline):
            return names[1]
    return None


def _lang(page: Page, headline: str | None) -> str | None:
    """The headline's script where it tells, since templates say `en` on any page; else the claims."""
    root = page.tree.root
    claims = [
        root.attributes.get("lang") if root is not None else None,
        page.tags.meta("og:locale"),
        page.claim("inLanguage"),
        page.tags.meta(*LANGUAGE_METAS),
    ]
    claimed = next(filter(None, map(_primary_tag, claims)), None)
    return _script_lang(headline or "", claimed) or claimed


def _primary_tag(claim: str | None) -> str | None:
    primary = (claim or "").strip().replace("_", "-").partition("-")[0].lower()
    return primary if re.fullmatch("[a-z]{2,3}", primary) else None


def _script_lang(headline: str, claimed: str | None) -> str | None:
    if headline.isascii():
        return None
    letters = sum(character.isalpha() for character in headline)
    for lang, script in SCRIPTS:
        if letters and len(script.findall(headline)) >= SCRIPT_SHARE * letters:
            # Ideographs alone may be Japanese or Cantonese, if the page says so.
            return None if lang == "zh" and claimed in ("ja", "ko", "yue") else lang
    return None


def _addresses(page: Page) -> tuple[str | None, str | None]:
    """The addresses that the page calls its own, absolute and no home page: the first one on the same
    site, and the first one on another."""
    own = urlsplit(page.url).hostname
    near = far = None
    for claim in filter(None, (page.tags.canonical, page.tags.meta("og:url"))):
        address = claim.strip()
        try:
            if not address.startswith(("http://", "https://")):
                address = urljoin(page.url, address)
            parts = urlsplit(address)
            is_near = _site(parts.hostname) == _site(own) or not page.url
        except ValueError:
            continue
        if parts.scheme in ("http", "https") and parts.path.strip("/"):
            near, far = (near or address, far) if is_near else (near, far or address)
    return near, far


def _site(host: str | None) -> list[str]:
    """The last labels of a host, enough to tell one publisher from another."""
    labels = (host or "").split(".")
    return labels[-3:] if len(labels) > 2 and len(labels[-2]) <= 3 else labels[-2:]
