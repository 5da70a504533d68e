"""HTML becomes an Article: `extract` is the one public function of this folder."""

from collections.abc import Sequence
from dataclasses import replace

from scraper.article import Article
from scraper.errors import ExtractError
from scraper.extract.body import find_body
from scraper.extract.html.document import Document
from scraper.extract.metadata import read_metadata
from scraper.extract.printable import without_controls
from scraper.extract.rules.apply import describe_unmatched, read_by_rules
from scraper.extract.rules.rule import Rule, all_rules_for, rules_fingerprint

# Part of every version row. Before Variorum compares versions of two extractors, it extracts
# the older page again. Raise it with every change that can move a result.
EXTRACTOR = "7"
# The longest live blog measured has a third of it. To compare, index and store a text takes time in proportion to
# its length, and some of that is done while no other check goes on.
MAX_ARTICLE_CHARACTERS = 1_000_000


def extract(
    html: bytes,
    url: str,
    *,
    content_type: str | None = None,
    rules: Sequence[Rule] = (),
) -> Article:
    """The article on a page. Pure: bytes and URL in, values out.

    `content_type` is the HTTP header, if there was one. `rules` are tried before the built-in
    rules of the same host.

    Raises ExtractError if the page has no headline or no body: an empty extraction is a
    failure, never an empty article.
    """
    return extract_document(Document(html, url, content_type), rules)


def extract_document(document: Document, rules: Sequence[Rule]) -> Article:
    """The article of a parsed page. Raises ExtractError as `extract` does."""
    url = document.url
    metadata = read_metadata(document)
    site_rules = all_rules_for(url, rules)
    rule_result = read_by_rules(site_rules, document, metadata) if site_rules else None
    if rule_result:
        metadata, body = rule_result
    else:
        body = find_body(document, metadata)
    if metadata.dek in body.paragraphs:
        metadata = replace(metadata, dek=None)  # that standfirst is the first paragraph
    sources = {"headline": "text", **metadata.sources, "body": body.source}
    if not rule_result and (sentence := describe_unmatched(site_rules)):
        sources["rule"] = sentence
    article = Article(
        url=metadata.canonical_url or url,
        headline=metadata.headline or body.title or "",
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
    return _complete(without_controls(article), url)


def _complete(article: Article, url: str) -> Article:
    """The article itself. Raises ExtractError if it lacks a headline or a body, or is none by its length."""
    if not article.headline:
        raise ExtractError(url, "no headline found; is this an article page?")
    if not article.paragraphs:
        raise ExtractError(url, "no article text found; is this an article page?")
    size = sum(
        map(
            len,
            (*article.paragraphs, *article.captions, *article.byline, *article.headlines.values()),
        )
    )
    size += len(article.headline) + len(article.dek or "") + len(article.section or "")
    if size > MAX_ARTICLE_CHARACTERS:
        limit = f"{MAX_ARTICLE_CHARACTERS:,}"
        raise ExtractError(url, f"the text has {size:,} characters, an article at most {limit}")
    return article


def extractor_for(url: str, rules: Sequence[Rule] = ()) -> str:
    """How pages of this address are read, for `versions.extractor`: EXTRACTOR, and if rules
    apply, a plus sign and their fingerprint."""
    site_rules = all_rules_for(url, rules)
    return f"{EXTRACTOR}+{rules_fingerprint(site_rules)}" if site_rules else EXTRACTOR
