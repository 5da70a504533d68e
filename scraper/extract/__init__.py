"""HTML becomes an Article: `extract` is the one public function of this folder."""

from scraper.article import Article
from scraper.errors import ExtractError
from scraper.extract.body import find_body
from scraper.extract.metadata import read_metadata
from scraper.extract.tree import parse

# Part of every version row: two versions read by different extractors are not compared
# before the older bytes were read again. Raise it with every change that can move a result.
EXTRACTOR = "1"


def extract(html: bytes, url: str, *, content_type: str | None = None) -> Article:
    """The article on a page; `content_type` is the HTTP header, where there was one.

    Pure: bytes and URL in, values out. Raises ExtractError where the page has no
    headline or no body: an empty extraction is a failure, never an empty article.
    """
    tree = parse(html, url, content_type)
    metadata = read_metadata(tree, url)
    body = find_body(
        tree,
        headline=metadata.headline,
        dek=metadata.dek,
        schema_body=metadata.schema_body,
    )
    if not metadata.headline:
        raise ExtractError(url, "no headline found; is this an article page?")
    if not body.paragraphs:
        raise ExtractError(url, "no article text found; is this an article page?")
    return Article(
        url=metadata.canonical_url or url,
        headline=metadata.headline,
        dek=metadata.dek,
        byline=metadata.byline,
        published_at=metadata.published_at,
        modified_at=metadata.modified_at,
        section=metadata.section,
        lang=metadata.lang,
        paragraphs=body.paragraphs,
        captions=body.captions,
        sources={**metadata.sources, "body": body.source},
    )
