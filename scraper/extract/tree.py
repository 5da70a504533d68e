"""Bytes become a tree, at a bounded price."""

import re

from selectolax.lexbor import LexborHTMLParser

from scraper.charset import decode
from scraper.errors import ExtractError

MAX_BYTES = 16_000_000
MAX_CHARACTERS = 6_000_000  # the longest article page measured has 3.4 million, mostly script
MAX_TAGS = 120_000  # a parse takes 1.8 s and 370 MB for a million elements
MAX_NESTING = 600  # the deepest article page measured has 60; Lexbor is quadratic in nesting
DEEP_OPENINGS = 3_000  # under this many unclosed openings nesting costs some milliseconds
MAX_FORMATTING = 300  # unclosed <b>, <font> … are opened again in every later block

NOT_HTML = (
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"RIFF", "a WebP image or a media file"),
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"\x1f\x8b", "gzip data that was never unpacked"),
    (b"\x28\xb5\x2f\xfd", "zstd data that was never unpacked"),
)
VOID = frozenset(
    "area base br col embed hr img input link meta param source track wbr".split()
)
FORMATTING = frozenset("a b big code em font i nobr s small strike strong tt u".split())
TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)[^>]*>")
UNREADABLE = re.compile("[\x00\ud800-\udfff]")


def parse(html: bytes, url: str, content_type: str | None = None) -> LexborHTMLParser:
    """The page as a tree; ExtractError where the bytes are no HTML.

    A page that is over the bounds of this file is cut there, so none costs more than
    about a second.
    """
    if not html.strip():
        raise ExtractError(url, "the page is empty")
    for magic, name in NOT_HTML:
        if html.startswith(magic):
            raise ExtractError(url, f"no HTML but {name}")
    text, _ = decode(html[:MAX_BYTES], content_type)
    text = bounded(text)
    if "<" not in text:
        raise ExtractError(url, "no HTML: there is not one tag in it")
    return LexborHTMLParser(text)


def bounded(text: str) -> str:
    """Text without NUL and surrogates, cut where size, tags or nesting go over the bounds.

    >>> bounded("<p>a\\x00b</p>")
    '<p>ab</p>'
    """
    if "\x00" in text or not text.isascii():
        text = UNREADABLE.sub("", text)
    text = text[:MAX_CHARACTERS]
    openings = text.count("<")
    if openings - text.count("</") > DEEP_OPENINGS or openings > MAX_TAGS:
        return _cut(text)
    return text


def _cut(text: str) -> str:
    """Text up to the tag that nests too deeply or is one too many."""
    depth = formatting = 0
    for count, tag in enumerate(TAG.finditer(text)):
        name = tag[2].lower()
        if name in VOID:
            continue
        step = -1 if tag[1] else 1
        depth = max(0, depth + step)
        if name in FORMATTING:
            formatting = max(0, formatting + step)
        if depth > MAX_NESTING or formatting > MAX_FORMATTING or count > MAX_TAGS:
            return text[: tag.start()]
    return text
