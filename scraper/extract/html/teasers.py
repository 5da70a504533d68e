"""Teasers: the small boxes of a page that link to another article and repeat what it says."""

from collections.abc import Iterator
from itertools import islice
from urllib.parse import unquote, urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.errors import UrlError
from scraper.extract.html.text import fold_spaces
from scraper.urls import canonical_url

# A longer element is no teaser.
MAX_TEASER_CHARACTERS = 600
# More links to one article are not read.
MAX_TEASER_LINKS = 20


def teasers_of(tree: LexborHTMLParser, page_url: str, url: str) -> Iterator[str]:
    """The text around each link to an address: of the largest element that is no longer than a teaser."""
    yield from map(_box_text, islice(_links(tree, page_url, url), MAX_TEASER_LINKS))


def _links(tree: LexborHTMLParser, page_url: str, url: str) -> Iterator[LexborNode]:
    path = unquote(urlsplit(url).path).rpartition("/")[2]
    for link in tree.css("a[href]"):
        target = link.attributes.get("href") or ""
        # Most links lead elsewhere, and reading an address takes much longer than this.
        if path in unquote(target) and _address(page_url, target) == url:
            yield link


def _address(page_url: str, target: str) -> str | None:
    try:
        return canonical_url(urljoin(page_url, target))
    except (UrlError, ValueError):  # no web address
        return None


def _box_text(link: LexborNode) -> str:
    text = _text_of(link)
    outer = link.parent
    while outer is not None and len(longer := _text_of(outer)) <= MAX_TEASER_CHARACTERS:
        text, outer = longer, outer.parent
    return text


def _text_of(node: LexborNode) -> str:
    return fold_spaces(node.text(separator=" "))
