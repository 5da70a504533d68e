"""What makes two versions the same text."""

import hashlib

from scraper.article import Article
from storage.diff.text.visible import visible


def content_hash(article: Article) -> str:
    """A hash of everything a reader reads, but for times and section, as a reader sees it.

    White space, invisible characters and paragraph breaks do not count.
    """
    parts = (
        article.headline,
        article.dek or "",
        "\x1f".join(article.byline),
        "\x1f".join(article.captions),
        " ".join(article.paragraphs),
    )
    text = "\x1e".join(visible(part) for part in parts)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def paragraphs_without(article: Article, texts: frozenset[str]) -> tuple[str, ...]:
    """The paragraphs that are not among `texts` (as a reader sees them)."""
    if not texts:
        return article.paragraphs
    return tuple(text for text in article.paragraphs if visible(text) not in texts)
