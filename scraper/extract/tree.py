"""Bytes become a tree, at a bounded price."""

import re

from selectolax.lexbor import LexborHTMLParser

from scraper.charset import decode
from scraper.errors import ExtractError

MAX_CHARACTERS = 6_000_000  # the longest article page measured has 3.4 million, mostly script
MAX_TAGS = 150_000  # both ends; a parse takes 1.8 s and 370 MB for two million
MAX_NESTING = 400  # the deepest article page measured has 60; Lexbor is quadratic in nesting
DEEP_OPENINGS = 4_000  # so many unclosed openings cost 30 ms at most
MAX_ATTRIBUTES = 5_000  # words in one tag; Lexbor is quadratic in them, 20,000 take a second
MAX_FORMATTING = 16  # unclosed <b>, <font> … are made again in every block that follows

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
# Elements without an end, or closed by the next of their kind.
FLAT = frozenset(
    (
        "area",
        "base",
        "br",
        "col",
        "dd",
        "dt",
        "embed",
        "hr",
        "img",
        "input",
        "li",
        "link",
        "meta",
        "option",
        "p",
        "param",
        "source",
        "tbody",
        "td",
        "th",
        "tr",
        "track",
        "wbr",
    )
)
FORMATTING = re.compile(
    r"<(/?)(?=[bcefinstu])(?:b(?:ig)?|code|em|font|i|nobr|s(?:mall|trike|trong)?|tt|u)"
    r"(?:\s[^<>]*)?>",
    re.I,
)
LONG_TAG = re.compile(r"<([a-zA-Z][a-zA-Z0-9:-]{0,30}+)(\s[^<>]{8000,}+)>")
START = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]{0,30})")
TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]{0,30})(?:[\s/][^<>]*)?>")


def parse(html: bytes, url: str, content_type: str | None = None) -> LexborHTMLParser:
    """The page as a tree; ExtractError where the bytes are no HTML.

    A page over the bounds of this file is cut or flattened first, so none costs more
    than about a second.
    """
    if not html.strip():
        raise ExtractError(url, "the page is empty")
    for magic, name in NOT_HTML:
        if html.startswith(magic):
            raise ExtractError(url, f"no HTML but {name}")
    text, _ = decode(html[: 2 * MAX_CHARACTERS], content_type)
    text = bounded(text)
    if "<" not in text:
        raise ExtractError(url, "no HTML: there is not one tag in it")
    return LexborHTMLParser(text)


def bounded(text: str) -> str:
    """Text without NUL, within the bounds of size, tags, nesting and unclosed formatting.

    >>> bounded("<p>a\\x00b</p>")
    '<p>ab</p>'
    """
    text = text[:MAX_CHARACTERS]
    if "\x00" in text:
        text = text.replace("\x00", "")
    tags = text.count("<")
    if tags > MAX_TAGS:
        text = text[: _place_of_tag(text, MAX_TAGS)]
    text = LONG_TAG.sub(_without_flood, text)
    if _unclosed_formatting(text) > MAX_FORMATTING:
        text = FORMATTING.sub("", text)
    if tags > DEEP_OPENINGS and tags - text.count("</") > DEEP_OPENINGS:
        text = _flattened(text)
    return text


def _without_flood(tag: re.Match[str]) -> str:
    """A tag with more attributes than any page has keeps none of them."""
    return f"<{tag[1]}>" if len(tag[2].split()) > MAX_ATTRIBUTES else tag[0]


def _place_of_tag(text: str, number: int) -> int:
    at = -1
    for _ in range(number):
        at = text.find("<", at + 1)
    return at


def _unclosed_formatting(text: str) -> int:
    """How many formatting elements are open at most."""
    slashes = FORMATTING.findall(text)
    if slashes.count("") <= MAX_FORMATTING:
        return 0
    depth = most = 0
    for slash in slashes:
        if slash:
            depth = max(0, depth - 1)
        else:
            depth += 1
            most = max(most, depth)
    return most


def _flattened(text: str) -> str:
    """Text without the tags that nest too deeply; what is in them stays."""
    depth = 0

    def keep(tag: re.Match[str]) -> str:
        nonlocal depth
        if tag[2].lower() in FLAT:
            return tag[0]
        if tag[1]:
            depth -= 1
            return tag[0] if 0 <= depth < MAX_NESTING else ""
        depth += 1
        return tag[0] if depth <= MAX_NESTING else ""

    return _cut_at_depth(TAG.sub(keep, text))


def _cut_at_depth(text: str) -> str:
    """Text up to where tags that only a parser can tell (`<div a="<">`) nest too deeply."""
    depth = 0
    for tag in START.finditer(text):
        if tag[2].lower() not in FLAT:
            depth = max(0, depth - 1) if tag[1] else depth + 1
            if depth > 2 * MAX_NESTING:
                return text[: tag.start()]
    return text
