"""HTML becomes an Article: `extract` is the one public function of this folder."""

from collections.abc import Sequence
from dataclasses import replace

from selectolax.lexbor import LexborHTMLParser

from scraper.article import Article, Standing
from scraper.errors import ExtractError
from scraper.extract.body import Body, find_body
from scraper.extract.html.lines import Shown
from scraper.extract.html.parse import parse
from scraper.extract.html.tags import Tags, read_tags
from scraper.extract.metadata import read_metadata
from scraper.extract.rules.apply import missed, read_by_rules
from scraper.extract.rules.rule import FIELDS, Rule, all_rules_for, fingerprint
from scraper.extract.unchanged import (
    asides,
    digest,
    is_region,
    lines_in,
    read_around,
    region_of,
)

# Part of every version row: two versions read by different extractors are not compared
# before the older bytes were read again. Raise it with every change that can move a result.
EXTRACTOR = "3"


def extract(
    html: bytes,
    url: str,
    *,
    content_type: str | None = None,
    rules: Sequence[Rule] = (),
    anchor: str | None = None,
) -> Article:
    """The article on a page; `content_type` is the HTTP header, where there was one.

    `rules` are tried before the built-in ones of the same host; `anchor` is where the text stood
    at an earlier look (`Article.anchor`): as long as that element holds text, it stays there
    whatever else grows on the page. Pure: bytes and URL in, values out. Raises ExtractError where the page has no headline or no body: an empty
    extraction is a failure, never an empty article.
    """
    tree = parse(html, url, content_type)
    return _read(tree, read_tags(tree), url, rules, anchor)[0]


def _read(
    tree: LexborHTMLParser, tags: Tags, url: str, rules: Sequence[Rule], anchor: str | None
) -> tuple[Article, Body]:
    """The article of a parsed page, and its body as it was found."""
    metadata = read_metadata(tree, url, tags)
    own = all_rules_for(url, rules)
    found = read_by_rules(own, tree, tags, metadata) if own else None
    if found:
        metadata, body = found
    else:
        body = find_body(tree, tags, metadata, anchor=anchor)
    headline = metadata.headline or body.title
    if not headline:
        raise ExtractError(url, "no headline found; is this an article page?")
    if not body.paragraphs:
        raise ExtractError(url, "no article text found; is this an article page?")
    if metadata.dek in body.paragraphs:
        metadata = replace(metadata, dek=None)  # what was taken for it is the first paragraph
    sources = {"headline": "text", **metadata.sources, "body": body.source}
    if not found and (sentence := missed(own)):
        sources["rule"] = sentence
    article = Article(
        url=metadata.canonical_url or url,
        headline=headline,
        dek=metadata.dek,
        byline=metadata.byline,
        published_at=metadata.published_at,
        modified_at=metadata.modified_at,
        section=metadata.section,
        lang=metadata.lang,
        paragraphs=body.paragraphs,
        captions=body.captions,
        sources=sources,
        headlines=metadata.headlines,
        anchor=body.anchor,
        origin=metadata.origin,
    )
    return article, body


def look_at(
    html: bytes,
    url: str,
    *,
    content_type: str | None = None,
    rules: Sequence[Rule] = (),
    before: Standing | None = None,
    anchor: str | None = None,
    shown: Shown | None = None,
) -> tuple[Article, Standing | None]:
    """As `extract`, for a page that was looked at before: the very article of that look (the same
    object) where it stands as it did, and what the next look is to know.

    `shown` is the page where others read it, too. To tell that an article stands costs a third of an
    extraction. The answer is the one that extraction would give, but for noise that would have moved its
    verdicts. Raises ExtractError.
    """
    shown = shown or Shown(html, url, content_type)
    tree, tags = shown.tree, shown.tags
    ruled = [
        selector
        for rule in all_rules_for(url, rules)
        for name in FIELDS
        for selector in getattr(rule, name)
    ]
    around = read_around(tree, tags, ruled)
    lines = lines_in(tree, tags, before.region) if before else None
    if before and lines and digest(around, lines, before.asides) == before.digest:
        return before.article, before
    article, body = _read(tree, tags, url, rules, anchor)
    if before and lines and is_region(tree, before.region, body.frame):
        region: str | None = before.region
    else:
        region = region_of(tree, body.frame)
        lines = lines_in(tree, tags, region) if region else None
    if region is None or lines is None:
        return article, None
    apart = asides(lines, article)
    return article, Standing(article, region, digest(around, lines, apart), apart)


def extractor_for(url: str, rules: Sequence[Rule] = ()) -> str:
    """What a version row of this address keeps of how it was read: EXTRACTOR and its rules."""
    own = all_rules_for(url, rules)
    return f"{EXTRACTOR}+{fingerprint(own)}" if own else EXTRACTOR
