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

from scraper.article import Timestamp
from scraper.extract.byline.sources import read_byline
from scraper.extract.dates.published import DateContext, read_times
from scraper.extract.dates.timezones import page_country, page_zone
from scraper.extract.html import jsonld
from scraper.extract.html.document import PageMetadata, ValueWithSource, read_page_metadata
from scraper.extract.html.nearby import (
    Line,
    bold_node,
    headline_node,
    lines_after,
    lines_before,
    text_before,
)
from scraper.extract.html.tags import Tags, bare, fold_spaces
from scraper.extract.metadata.dek import read_dek
from scraper.extract.metadata.headline import pick_headline, with_kicker, without_day
from scraper.extract.metadata.section import MAX_TEXT_ABOVE_HEADLINE, visible_section
from scraper.extract.metadata.titles import (
    Titles,
    is_own_name,
    read_titles,
    titles_by_source,
    visible_head,
)
from scraper.patterns import lazy_pattern

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
MAX_SECTION_LENGTH = 100  # characters
MAX_KICKER_LINES = 4  # above the headline
LANGUAGE_SCRIPTS = (
    ("ko", lazy_pattern("[가-힣]")),
    ("ja", lazy_pattern("[ぁ-ヿ]")),
    ("zh", lazy_pattern("[一-鿿]")),
)
MIN_SCRIPT_SHARE = 0.3  # of a headline's letters


HeadlineSource = tuple[str | None, str | None, LexborNode | None, tuple[Line, ...]]


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a page says of its article beside the text; what it does not say is None.

    `clock` is how its times are to be read.
    """

    headline: str | None = None
    dek: str | None = None
    byline: tuple[str, ...] = ()
    published_at: Timestamp | None = None
    modified_at: Timestamp | None = None
    section: str | None = None
    lang: str | None = None
    canonical_url: str | None = None
    origin: str | None = None
    schema_type: str | None = None
    schema_body: str | None = None
    date_context: DateContext = field(default=DateContext(None, month_first=False), compare=False)
    sources: Mapping[str, str] = field(default_factory=dict, compare=False)
    headlines: Mapping[str, str] = field(default_factory=dict, compare=False)


def read_metadata(tree: LexborHTMLParser, url: str, tags: Tags | None = None) -> Metadata:
    """Every field that the page gives; raises for no page and leaves the tree as it was."""
    page = read_page_metadata(tree, url, tags)
    titles = read_titles(page)
    headline, headline_source, node, after = _read_headline(page, titles)
    before = lines_before(node) if node is not None else ()
    if headline:
        headline = with_kicker(
            headline, titles, [nearby_line.text for nearby_line in before[-MAX_KICKER_LINES:]]
        )
    lang = _read_language(page, headline)
    date_context = _date_context(page, lang)
    times = read_times(page, (*before, *after), date_context=date_context)
    byline, byline_source = read_byline(
        page, (*before, *after), is_site=lambda name: is_own_name(name, titles)
    )
    dek, dek_source = read_dek(page, headline or "", after)
    section, section_source = _read_section(page, headline or "", node)
    canonical_url, origin = _canonical_and_origin(page)
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
        date_context=date_context,
        sources={name: source for name, source in sources.items() if source},
        headlines=titles_by_source(titles),
    )


def _read_headline(page: PageMetadata, titles: Titles) -> HeadlineSource:
    """The headline, its source, the element that shows it and what follows that."""
    headline, source, index = pick_headline(titles)
    if index is not None:
        return headline, source, page.tags.h1s[index][1], titles.below(index)
    headline = headline or ""
    node = headline_node(page.tree, headline)
    if node is None:
        headline = visible_head(headline, page.text()) or headline
        node = bold_node(page.tree, headline)
    after = lines_after(node) if node is not None else ()
    return without_day(headline) or None, source, node, after


def _date_context(page: PageMetadata, lang: str | None) -> DateContext:
    locale = page.tags.meta("og:locale")
    country = page_country(page.url, lang=lang, locale=locale)
    month_first = lang in (None, "en") and country in (None, "us", "ca", "ph")
    return DateContext(page_zone(page.url, lang=lang, locale=locale), month_first)


def _read_section(page: PageMetadata, headline: str, node: LexborNode | None) -> ValueWithSource:
    claims = [("json-ld", page.claim("articleSection"))]
    claims += [(f"meta {name}", page.tags.meta(name)) for name in SECTION_METAS]
    for source, section_name in claims:
        if (
            section_name
            and len(section_name) <= MAX_SECTION_LENGTH
            and not section_name.startswith(("http:", "https:"))
        ):
            return fold_spaces(jsonld.unescape(section_name)), source
    if section_name := _breadcrumb_section(page, headline):
        return section_name, "breadcrumb"
    above = text_before(node, MAX_TEXT_ABOVE_HEADLINE) if node is not None else ""
    if section_name := visible_section(above, page.tags.title or ""):
        return (
            (None, None) if bare(section_name) == bare(headline) else (section_name, "breadcrumb")
        )
    return None, None


def _breadcrumb_section(page: PageMetadata, headline: str) -> str | None:
    """The first breadcrumb after the home page, where it is not the article itself."""
    for thing in page.things:
        entries = thing.get("itemListElement")
        if "BreadcrumbList" not in jsonld.types(thing) or not isinstance(entries, list):
            continue
        names = [
            fold_spaces(jsonld.text(entry.get("name")) or jsonld.text(entry.get("item")) or "")
            for entry in entries[:10]
            if isinstance(entry, dict)
        ]
        if len(names) >= 2 and names[1] and bare(names[1]) != bare(headline):
            return names[1]
    return None


def _read_language(page: PageMetadata, headline: str | None) -> str | None:
    """The headline's script where it tells, since templates say `en` on any page; else the claims."""
    root = page.tree.root
    claims = [
        root.attributes.get("lang") if root is not None else None,
        page.tags.meta("og:locale"),
        page.claim("inLanguage"),
        page.tags.meta(*LANGUAGE_METAS),
    ]
    claimed_lang = next(filter(None, map(_primary_tag, claims)), None)
    return _language_of_script(headline or "", claimed_lang) or claimed_lang


def _primary_tag(claim: str | None) -> str | None:
    primary = (claim or "").strip().replace("_", "-").partition("-")[0].lower()
    return primary if re.fullmatch("[a-z]{2,3}", primary) else None


def _language_of_script(headline: str, claimed_lang: str | None) -> str | None:
    if headline.isascii():
        return None
    letters = sum(character.isalpha() for character in headline)
    for lang, script in LANGUAGE_SCRIPTS:
        if letters and len(script.findall(headline)) >= MIN_SCRIPT_SHARE * letters:
            # Ideographs alone may be Japanese or Cantonese, if the page says so.
            return None if lang == "zh" and claimed_lang in ("ja", "ko", "yue") else lang
    return None


def _canonical_and_origin(page: PageMetadata) -> tuple[str | None, str | None]:
    """The addresses that the page calls its own, absolute and no home page: the first one on the same
    site, and the first one on another."""
    page_host = urlsplit(page.url).hostname
    same_site = other_site = None
    for claim in filter(None, (page.tags.canonical, page.tags.meta("og:url"))):
        address = claim.strip()
        try:
            if not address.startswith(("http://", "https://")):
                address = urljoin(page.url, address)
            parts = urlsplit(address)
            is_same_site = _site_labels(parts.hostname) == _site_labels(page_host) or not page.url
        except ValueError:
            continue
        if parts.scheme in ("http", "https") and parts.path.strip("/"):
            same_site, other_site = (
                (same_site or address, other_site)
                if is_same_site
                else (same_site, other_site or address)
            )
    return same_site, other_site


def _site_labels(host: str | None) -> list[str]:
    """The last labels of a host, enough to tell one publisher from another."""
    labels = (host or "").split(".")
    return labels[-3:] if len(labels) > 2 and len(labels[-2]) <= 3 else labels[-2:]
