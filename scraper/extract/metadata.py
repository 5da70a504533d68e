"""Headline, standfirst, byline, dates, section, language and address of a page.

Each field is read from every source that the page has; the tables below say which
one wins. `sources` tells which one did.
"""

from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser

from scraper.article import Stamp
from scraper.extract import headline as headlines
from scraper.extract import jsonld
from scraper.extract.dek import find_dek
from scraper.extract.jsonld import Thing
from scraper.extract.stamps import Clock, read_times
from scraper.extract.tags import Tags, fold, read_tags
from scraper.extract.vicinity import blocks_after, blocks_before, headline_node, page_blocks
from scraper.extract.writers import read_byline
from scraper.extract.zones import page_country, page_zone

TITLE_METAS = ("og:title", "twitter:title", "twitter:text:title", "headline", "dc.title", "dcterms.title",
               "parsely-title", "sailthru.title", "cxenseparse:title", "title", "citation_title")  # fmt: skip
SITE_METAS = ("og:site_name", "application-name", "apple-mobile-web-app-title", "publisher", "dc.publisher",
              "al:ios:app_name", "twitter:site", "copyright")  # fmt: skip
DEK_METAS = ("og:description", "description", "twitter:description", "sailthru.description")
SECTION_METAS = ("article:section", "og:article:section", "section", "parsely-section", "dable:section",
                 "cxenseparse:section", "category", "outbrainsection", "article2:section", "bi3dsection")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a page says of its article beside the text."""

    headline: str | None = None
    dek: str | None = None
    byline: tuple[str, ...] = ()
    published_at: Stamp | None = None
    modified_at: Stamp | None = None
    section: str | None = None
    lang: str | None = None
    canonical_url: str | None = None
    schema_type: str | None = None
    schema_body: str | None = None
    sources: dict[str, str] = field(default_factory=dict)


def read_metadata(tree: LexborHTMLParser, url: str) -> Metadata:
    """Every field that the page gives; never raises and leaves the tree as it was."""
    tags = read_tags(tree)
    things = jsonld.things(tags.scripts)
    index = jsonld.by_id(things)
    titles = [tags.meta("og:title"), tags.title, *(text for text, _ in tags.h1s)]
    article = jsonld.main_article(things, url, [title for title in titles if title])
    if article and isinstance(article.get("@id"), str):
        article = index.get(article["@id"], article)
    sources: dict[str, str] = {}
    named = _titles(tags, article, things, url)
    headline, sources_headline, at = headlines.pick(named)
    node = tags.h1s[at][1] if at is not None else headline_node(tree, headline or "")
    after = blocks_after(node) if node is not None else ()
    before = blocks_before(node) if node is not None else ()
    lang = _lang(tree, tags, article, headline)
    locale = tags.meta("og:locale")
    country = page_country(url, lang=lang, locale=locale)
    clock = Clock(page_zone(url, lang=lang, locale=locale), _is_month_first(lang, country, locale))
    times = read_times(tags, article, things, (*before, *after), elsewhere=lambda: page_blocks(tree), url=url, clock=clock)
    names, names_source = read_byline(
        tree, tags, article, index, (*before, *after), is_site=lambda name: headlines.is_own_name(name, named)
    )
    described = jsonld.text(article.get("description")) if article else None
    dek, dek_source = find_dek(
        headline or "",
        after,
        (described, *(jsonld.unescape(text) for name in DEK_METAS if (text := tags.meta(name)))),
    )
    section, section_source = _section(tags, article)
    for name, source in (
        ("headline", sources_headline),
        ("published_at", times.published_source),
        ("modified_at", times.modified_source),
        ("byline", names_source),
        ("section", section_source),
        ("dek", dek_source),
    ):
        if source:
            sources[name] = source
    return Metadata(
        headline=headline,
        dek=dek,
        byline=names,
        published_at=times.published_at,
        modified_at=times.modified_at,
        section=section,
        lang=lang,
        canonical_url=_canonical(tags, url),
        schema_type=next(iter(jsonld.types(article)), None) if article else None,
        schema_body=jsonld.text(article.get("articleBody")) if article else None,
        sources=sources,
    )


def _titles(tags: Tags, article: Thing | None, things: list[Thing], url: str) -> headlines.Titles:
    claims: list[tuple[str, str]] = []
    if article:
        for name in ("headline", "name"):
            if claim := jsonld.text(article.get(name)):
                claims.append(("json-ld", fold(claim)))
                break
    claims += [(name, fold(jsonld.unescape(text))) for name in TITLE_METAS if (text := tags.meta(name))]
    sites = [tags.meta(name) for name in SITE_METAS]
    for thing in things:
        publisher = thing.get("publisher")
        sites.append(jsonld.text(publisher) if isinstance(publisher, dict) else None)
        if set(jsonld.types(thing)) & {"WebSite", "Organization", "NewsMediaOrganization"}:
            sites.append(jsonld.text(thing.get("name")))
    return headlines.Titles(
        claims=tuple(claims),
        h1s=tuple(text for text, _ in tags.h1s),
        title=tags.title,
        site_names=headlines.distinct(site.lstrip("@") for site in sites if site),
        host=headlines.host_of(url) or headlines.host_of(tags.meta("og:url") or ""),
    )


def _section(tags: Tags, article: Thing | None) -> tuple[str | None, str | None]:
    if article and (found := jsonld.text(article.get("articleSection"))):
        return fold(found), "json-ld"
    for name in SECTION_METAS:
        if found := tags.meta(name):
            return fold(jsonld.unescape(found)), f"meta {name}"
    return None, None


def _lang(tree: LexborHTMLParser, tags: Tags, article: Thing | None, headline: str | None) -> str | None:
    root = tree.root
    for claim in (
        root.attributes.get("lang") if root is not None else None,
        tags.meta("og:locale"),
        jsonld.text(article.get("inLanguage")) if article else None,
        tags.meta("content-language", "language", "dc.language"),
    ):
        primary = (claim or "").strip().replace("_", "-").partition("-")[0].lower()
        if primary.isascii() and primary.isalpha() and 2 <= len(primary) <= 3:
            return primary
    return None


def _is_month_first(lang: str | None, country: str | None, locale: str | None) -> bool:
    return lang in (None, "en") and country in (None, "us", "ca", "ph")


def _canonical(tags: Tags, url: str) -> str | None:
    page = urlsplit(url)
    for claim in (tags.links.get("canonical"), tags.meta("og:url")):
        if not claim:
            continue
        try:
            address = urljoin(url, claim.strip())
            parts = urlsplit(address)
        except ValueError:
            continue
        same_site = (parts.hostname or "").split(".")[-2:] == (page.hostname or "").split(".")[-2:]
        if parts.scheme in ("http", "https") and (same_site or not url) and parts.path.strip("/"):
            return address
    return None

