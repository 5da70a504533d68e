"""Headline, dek, byline, times, section, language and address of a page.

Each field is read from every source that the page has, in an order that its file gives as a table
or a generator. `Metadata.sources` names the source that won.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from selectolax.lexbor import LexborNode

from scraper.article import Timestamp
from scraper.extract.byline.sources import read_byline
from scraper.extract.dates.parse import DayOrder
from scraper.extract.dates.published import read_times
from scraper.extract.dates.timezones import page_country, page_zone
from scraper.extract.dates.visible import DateContext
from scraper.extract.html.document import Document
from scraper.extract.html.nearby import Line, bold_node, headline_node, lines_after, lines_before
from scraper.extract.metadata.canonical import canonical_and_origin
from scraper.extract.metadata.dek import read_dek
from scraper.extract.metadata.headline import pick_headline, with_kicker, without_day
from scraper.extract.metadata.language import read_language
from scraper.extract.metadata.section import read_section
from scraper.extract.metadata.titles import (
    MIN_HEAD_LENGTH,
    Titles,
    is_own_name,
    read_titles,
    split_title,
    titles_by_source,
    visible_head,
)

MAX_KICKER_LINES = 4  # above the headline
MONTH_FIRST_COUNTRIES = (None, "us", "ca", "ph")
YEAR_FIRST_COUNTRIES = ("kr", "jp", "cn", "tw")


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a page says about its article besides the text; None or empty if it says nothing.

    `date_context` says how the page writes times, `headlines` what each source calls the article.
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
    schema_body: str | None = None
    date_context: DateContext = field(default=DateContext(None), compare=False)
    sources: Mapping[str, str] = field(default_factory=dict, compare=False)
    headlines: Mapping[str, str] = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True)
class _Heading:
    """The headline with its source, the element that shows it, and the lines around that."""

    headline: str | None
    source: str | None
    node: LexborNode | None
    before: tuple[Line, ...]
    after: tuple[Line, ...]


def read_metadata(document: Document) -> Metadata:
    """Every field that the page gives. Raises ExtractError only if the bytes are no HTML."""
    titles = read_titles(document)
    heading = _read_heading(document, titles)
    headline, nearby = heading.headline, (*heading.before, *heading.after)
    lang = read_language(document, headline)
    date_context = _date_context(document, lang)
    times = read_times(document, heading.node, nearby, date_context=date_context)
    byline, byline_source = read_byline(
        document, nearby, is_site=lambda name: is_own_name(name, titles)
    )
    dek, dek_source = read_dek(document, headline or "", heading.after)
    section, section_source = read_section(document, headline or "", heading.node)
    canonical_url, origin = canonical_and_origin(document)
    sources = {
        "headline": heading.source,
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
        schema_body=document.claim("articleBody"),
        date_context=date_context,
        sources={name: source for name, source in sources.items() if source},
        headlines=titles_by_source(titles),
    )


def _read_heading(document: Document, titles: Titles) -> _Heading:
    headline, source, index = pick_headline(titles)
    if index is not None:
        node: LexborNode | None = document.tags.h1s[index][1]
        after = titles.below(index)
    else:
        headline = headline or ""
        node = headline_node(document.tree, headline)
        if node is None:
            headline = visible_head(headline, document.body_text) or headline
            node = bold_node(document.tree, headline)
        if node is None:
            headline, node = _visible_part(headline, document)
        after = lines_after(node) if node is not None else ()
        headline = without_day(headline)
    before = lines_before(node) if node is not None else ()
    if headline:
        above = [nearby_line.text for nearby_line in before[-MAX_KICKER_LINES:]]
        headline = with_kicker(headline, titles, above)
    return _Heading(headline or None, source, node, before, after)


def _visible_part(title: str, document: Document) -> tuple[str, LexborNode | None]:
    """The longest part of a title that a heading shows, and that heading; else the title and None.

    The others are the names of a blog and of its section: "Notes » Archive » Bridge opens at last".
    """
    for part in sorted(split_title(title)[1:], key=len, reverse=True):
        if len(part) >= MIN_HEAD_LENGTH and (node := headline_node(document.tree, part)):
            return part, node
    return title, None


def _date_context(document: Document, lang: str | None) -> DateContext:
    locale = document.tags.meta("og:locale")
    country = page_country(document.url, lang=lang, locale=locale)
    first: DayOrder = "day"
    if country in YEAR_FIRST_COUNTRIES:
        first = "year"
    elif lang in (None, "en") and country in MONTH_FIRST_COUNTRIES:
        first = "month" if lang == "en" else "month-slash"
    return DateContext(page_zone(document.url, lang=lang, locale=locale), first)
