"""HTML becomes an Article: `extract` is the one public function of this folder."""

from collections.abc import Sequence
from dataclasses import replace

from scraper.article import Article, Fingerprint
from scraper.errors import ExtractError
from scraper.extract.body import Body, find_body
from scraper.extract.html.document import Document
from scraper.extract.metadata import read_metadata
from scraper.extract.rules.apply import describe_unmatched, read_by_rules
from scraper.extract.rules.rule import RULE_FIELDS, Rule, all_rules_for, rules_fingerprint
from scraper.extract.unchanged import (
    container_lines,
    container_selector,
    context_texts,
    ignored_places,
    is_container,
    source_hash,
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
    container_path: str | None = None,
) -> Article:
    """The article on a page; `content_type` is the HTTP header, where there was one.

    `rules` are tried before the built-in ones of the same host; `anchor` is where the text stood
    at an earlier look (`Article.anchor`): as long as that element holds text, it stays there
    whatever else grows on the page. Pure: bytes and URL in, values out. Raises ExtractError where the page has no headline or no body: an empty
    extraction is a failure, never an empty article.
    """
    return _extract_parsed(Document(html, url, content_type), rules, container_path)[0]


def _extract_parsed(
    document: Document, rules: Sequence[Rule], container_path: str | None
) -> tuple[Article, Body]:
    """The article of a parsed page, and its body as it was found."""
    url = document.url
    metadata = read_metadata(document)
    site_rules = all_rules_for(url, rules)
    rule_result = read_by_rules(site_rules, document, metadata) if site_rules else None
    if rule_result:
        metadata, body = rule_result
    else:
        body = find_body(document, metadata, container_path=container_path)
    headline = metadata.headline or body.title
    if not headline:
        raise ExtractError(url, "no headline found; is this an article page?")
    if not body.paragraphs:
        raise ExtractError(url, "no article text found; is this an article page?")
    if metadata.dek in body.paragraphs:
        metadata = replace(metadata, dek=None)  # what was taken for it is the first paragraph
    sources = {"headline": "text", **metadata.sources, "body": body.source}
    if not rule_result and (sentence := describe_unmatched(site_rules)):
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
        container_path=body.container_path,
        origin=metadata.origin,
    )
    return article, body


def look_at(
    html: bytes,
    url: str,
    *,
    content_type: str | None = None,
    rules: Sequence[Rule] = (),
    before: Fingerprint | None = None,
    container_path: str | None = None,
    document: Document | None = None,
) -> tuple[Article, Fingerprint | None]:
    """As `extract`, for a page that was looked at before: the very article of that look (the same
    object) where it stands as it did, and what the next look is to know.

    `shown` is the page where others read it, too. To tell that an article stands costs a third of an
    extraction. The answer is the one that extraction would give, but for noise that would have moved its
    verdicts. Raises ExtractError.
    """
    document = document or Document(html, url, content_type)
    tree, tags = document.tree, document.tags
    rule_selectors = [
        selector
        for rule in all_rules_for(url, rules)
        for name in RULE_FIELDS
        for selector in getattr(rule, name)
    ]
    context = context_texts(tree, tags, rule_selectors)
    lines = container_lines(tree, tags, before.container) if before else None
    if before and lines and source_hash(context, lines, before.ignored_places) == before.hash:
        return before.article, before
    article, body = _extract_parsed(document, rules, container_path)
    if before and lines and is_container(tree, before.container, body.element):
        container: str | None = before.container
    else:
        container = container_selector(tree, body.element)
        lines = container_lines(tree, tags, container) if container else None
    if container is None or lines is None:
        return article, None
    places_to_ignore = ignored_places(lines, article)
    return article, Fingerprint(
        article, container, source_hash(context, lines, places_to_ignore), places_to_ignore
    )


def extractor_for(url: str, rules: Sequence[Rule] = ()) -> str:
    """What a version row of this address keeps of how it was read: EXTRACTOR and its rules."""
    site_rules = all_rules_for(url, rules)
    return f"{EXTRACTOR}+{rules_fingerprint(site_rules)}" if site_rules else EXTRACTOR
