"""One page with what its tags say, read once and passed to every field's reader."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from selectolax.lexbor import LexborHTMLParser

from scraper.extract.html import jsonld
from scraper.extract.html.arc import fusion_article
from scraper.extract.html.jsonld import Thing
from scraper.extract.html.tags import Tags, read_tags

# A field's value with the name of the source it was read from.
ValueWithSource = tuple[str | None, str | None]

T = TypeVar("T")

MAX_BODY_TEXT = 160_000


@dataclass(frozen=True, slots=True)
class PageMetadata:
    """A parsed page: its tree, tags, JSON-LD things and the one thing that is its article.

    `text()` is all text of the body, scripts too: for what is found nowhere else.
    """

    tree: LexborHTMLParser
    url: str
    tags: Tags
    things: tuple[Thing, ...]
    index: dict[str, Thing]
    article: Thing
    text: Callable[[], str]

    def claim(self, *names: str) -> str | None:
        """The first of the article's JSON-LD values that is there, as plain text."""
        return next(filter(None, (jsonld.text(self.article.get(name)) for name in names)), None)


def read_page_metadata(tree: LexborHTMLParser, url: str, tags: Tags | None = None) -> PageMetadata:
    """The page's tags (read unless given) and JSON-LD; `article` is empty where no thing is the page's
    article."""
    tags = tags or read_tags(tree)
    things = jsonld.things(tags.scripts)
    index = jsonld.things_by_id(things)
    titles = [tags.meta("og:title"), tags.title, *(text for text, _ in tags.h1s)]
    article = jsonld.main_article(things, url, [title for title in titles if title]) or {}
    if not article and tags.fusion:
        article = fusion_article(tags.fusion) or {}
    identity = article.get("@id")
    if isinstance(identity, str):
        article = index.get(identity, article)
    return PageMetadata(
        tree, url, tags, tuple(things), index, article, once(partial(_body_text, tree))
    )


def once(read: Callable[[], T]) -> Callable[[], T]:
    """The reader, which reads when it is first asked; `functools.cache` takes longer to set up."""
    cached: list[T] = []

    def get() -> T:
        if not cached:
            cached.append(read())
        return cached[0]

    return get


def _body_text(tree: LexborHTMLParser) -> str:
    """All text of the body, a line feed between elements."""
    body = tree.body
    return body.text(separator="\n")[:MAX_BODY_TEXT] if body is not None else ""
