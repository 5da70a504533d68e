"""Bytes become a tree, at a bounded cost."""

import re

from selectolax.lexbor import LexborHTMLParser

from scraper.errors import ExtractError
from scraper.http.charset import to_utf8
from scraper.patterns import lazy_pattern

MAX_HTML_BYTES = 8_000_000  # the longest article page measured has 3.4 million, mostly script
MAX_TAGS = 150_000  # start and end tags; two million take 1.8 s and 370 MB to parse
MAX_NESTING = 400  # the deepest article page measured has 60; Lexbor is quadratic in nesting
MAX_UNCLOSED_TAGS = 10_000  # this many open elements, all nested, cost 0.2 s at most
MAX_ATTRIBUTES = 200  # of one tag; Lexbor is quadratic in them, 20,000 take a second
# Parsing a page of n bytes takes 0.6 s at most if no tag is longer than 1e9 / n bytes, whatever its
# attributes. Tags under 400 bytes are harmless on any page.
MAX_TAG_TIMES_PAGE_BYTES, MIN_LONG_TAG_BYTES = 1_000_000_000, 400
MIN_ATTRIBUTE_BYTES = 2  # of the shortest attribute with its space
MAX_UNCHECKED_TAGS = 15_000  # more than any page measured: as many attributes may each hold a "<"
MAX_UNCHECKED_FORMATTING_TAGS = 3_000  # fewer cost a second at most, however many are unclosed
MAX_UNCLOSED_FORMATTING = 16  # the parser repeats unclosed <b>, <font> … in every later block

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
# Control characters that are no white space: a reader sees none of them, and a paragraph of one is none. Those of C1
# are two bytes in UTF-8. A reference to one of those is a letter of Windows-1252. To look for one byte before
# another is twice as fast as to look for both.
UNSEEN_BYTES = bytes({*range(9), *range(14, 28), 127})
C1_CONTROL = lazy_pattern(rb"\xc2[\x80-\x84\x86-\x9f]")
CONTROL_REFERENCE = lazy_pattern(
    rb"&(?=#)#(?:[xX]0*(?:[0-8eEfF]|1[0-9a-bA-B]|7[fF])|0*(?:[0-8]|1[4-9]|2[0-7]|127))(?:;|(?![0-9a-fA-F]))"
)
# Elements without an end tag, or that the next of their kind closes.
_UNNESTED_TAGS = b"""
    area base br col dd dt embed hr img input li link
    meta option p param source tbody td th tr track wbr
"""
UNNESTED_TAGS = frozenset(_UNNESTED_TAGS.split())
FORMATTING_TAG = lazy_pattern(
    rb"<(/?)(?=[bcefinstu])(?:b(?:ig)?|code|em|font|i|nobr|s(?:mall|trike|trong)?|tt|u)"
    rb"(?:\s[^<>]*)?>",
    re.I,
)
# One attribute as the HTML standard's tokenizer reads it; linear, since it never backtracks.
_ATTRIBUTE = rb"""[\s/]*+[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>]*+))?+"""
TAG_WITH_ATTRIBUTES = lazy_pattern(rb"<[a-zA-Z][^\s/>]*+(?:%b)*+" % _ATTRIBUTE)
TAG_ATTRIBUTE = lazy_pattern(_ATTRIBUTE)
# Whole comments, scripts and tags, so that nothing is read twice or mistaken for something else.
# The second group is a flood.
TAG_OR_COMMENT_OR_SCRIPT = lazy_pattern(
    rb"<!--(?:[^-]++|-(?!->))*+|<(?i:script|style)\b(?:[^<]++|<(?!/(?i:script|style)))*+"
    rb"|(<[a-zA-Z][^\s/>]*+)((?:%b){%d}+)?+(?:%b)*+[\s/]*+"
    % (_ATTRIBUTE, MAX_ATTRIBUTES, _ATTRIBUTE)
)
SELECT_TAG = lazy_pattern(rb"</?select\b[^<>]*>", re.I)
MAX_OPTIONS = 3_000  # Lexbor is quadratic in the options of a select; 10,000 take 0.3 s
# Comments, and scripts but JSON-LD.
COMMENT_OR_SCRIPT = lazy_pattern(
    rb"<!--.*?(?:-->|\Z)|<(script|style)\b(?![^<>]{0,300}ld\+json)[^<>]{0,300}>.*?(?:</\1\s*>|\Z)",
    re.I | re.S,
)
TEMPLATE_TAG = lazy_pattern(rb"<(/?)template\b([^<>]*)>", re.I)
SHADOW_ROOT = lazy_pattern(rb"\bshadowroot(?:mode)?\s*=", re.I)
TAG_START = lazy_pattern(rb"<(/?)([a-zA-Z][a-zA-Z0-9:-]{0,30})")
CLOSED_TAG = lazy_pattern(rb"<(/?)([a-zA-Z][a-zA-Z0-9:-]{0,30})(?:[\s/][^<>]*)?>")


def parse(html: bytes, url: str, content_type: str | None = None) -> LexborHTMLParser:
    """The page as a tree. Raises ExtractError if the bytes are no HTML.

    A page over the bounds of this file is cut or flattened first, so no page costs more than about a
    second.
    """
    if not html or html.isspace():
        raise ExtractError(url, "the page is empty")
    for magic, name in NOT_HTML:
        if html.startswith(magic):
            raise ExtractError(url, f"no HTML but {name}; is the address right?")
    page = bounded(to_utf8(html[: 2 * MAX_HTML_BYTES], content_type))
    if b"<" not in page:
        raise ExtractError(url, "no HTML: the page has no tags; is the address right?")
    return LexborHTMLParser(_with_shadow_roots(page) if b"shadowroot" in page else page)


def bounded(page: bytes) -> bytes:
    """A page in UTF-8 without control characters, within the bounds of size, tags, nesting and unclosed formatting.

    >>> bounded(b"<p>a\\x00b&#8;</p>")
    b'<p>ab</p>'
    """
    if len(page) > MAX_HTML_BYTES:
        page = page[:MAX_HTML_BYTES].decode("utf-8", "ignore").encode()
    page = _without_controls(page)
    tags = page.count(b"<")
    if tags > MAX_TAGS:
        page = COMMENT_OR_SCRIPT.sub(b"", page)
        tags = page.count(b"<")
    if tags > MAX_TAGS:
        page = page[: _offset_of_tag(page, MAX_TAGS)]
    page = _without_floods(page, tags)
    if tags > MAX_OPTIONS and page.count(b"ption") + page.count(b"PTION") > MAX_OPTIONS:
        page = SELECT_TAG.sub(b"", page)
    if (
        tags > MAX_UNCHECKED_FORMATTING_TAGS
        and _unclosed_formatting(page) > MAX_UNCLOSED_FORMATTING
    ):
        page = FORMATTING_TAG.sub(b"", page)
    if tags > MAX_UNCLOSED_TAGS and tags - page.count(b"</") > MAX_UNCLOSED_TAGS:
        page = _flatten(page)
    return page


def _without_controls(page: bytes) -> bytes:
    """A page without control characters, however they are written."""
    page = page.translate(None, UNSEEN_BYTES)
    if b"\xc2" in page:
        page = C1_CONTROL.sub(b"", page)
    return CONTROL_REFERENCE.sub(b"", page)


def _with_shadow_roots(page: bytes) -> bytes:
    """A page with its declarative shadow roots as elements: a browser shows them, and no other template.

    >>> _with_shadow_roots(b'<template shadowrootmode="open"><template>a</template></template>')
    b'<shadow-root><template>a</template></shadow-root>'
    """
    is_root: list[bool] = []

    def rename(tag: re.Match[bytes]) -> bytes:
        if not tag[1]:
            is_root.append(SHADOW_ROOT.search(tag[2]) is not None)
            return b"<shadow-root>" if is_root[-1] else tag[0]
        return b"</shadow-root>" if is_root and is_root.pop() else tag[0]

    return TEMPLATE_TAG.sub(rename, page)


def _without_floods(page: bytes, tags: int) -> bytes:
    """The page without the attributes of tags that have more of them than any real page."""
    if tags <= MAX_UNCHECKED_TAGS and not _has_flood(page):
        return page
    return TAG_OR_COMMENT_OR_SCRIPT.sub(lambda tag: tag[1] if tag[2] else tag[0], page)


def _has_flood(page: bytes) -> bool:
    """Whether a long run after a "<", even in a script, has more attributes than a short tag can.

    Jumps from a "<" to the last one within the bytes that a harmless tag may have.
    """
    max_tag_bytes = max(MIN_LONG_TAG_BYTES, MAX_TAG_TIMES_PAGE_BYTES // (len(page) + 1))
    start = 0
    while start < len(page) - max_tag_bytes:
        last = page.rfind(b"<", start + 1, start + max_tag_bytes)
        if last >= 0:
            start = last
        else:
            tag = TAG_WITH_ATTRIBUTES.match(page, start)
            if tag and len(TAG_ATTRIBUTE.findall(tag[0])) > max_tag_bytes // MIN_ATTRIBUTE_BYTES:
                return True
            start = max(tag.end() if tag else 0, start + max_tag_bytes)
    return False


def _offset_of_tag(page: bytes, number: int) -> int:
    at = -1
    for _ in range(number):
        at = page.find(b"<", at + 1)
    return at


def _unclosed_formatting(page: bytes) -> int:
    """The deepest nesting of formatting elements."""
    slashes = FORMATTING_TAG.findall(page)
    if slashes.count(b"") <= MAX_UNCLOSED_FORMATTING:
        return 0
    depth = deepest = 0
    for slash in slashes:
        if slash:
            depth = max(0, depth - 1)
        else:
            depth += 1
            deepest = max(deepest, depth)
    return deepest


def _flatten(page: bytes) -> bytes:
    """The page without the tags that nest too deeply; their text stays."""
    depth = 0

    def keep(tag: re.Match[bytes]) -> bytes:
        nonlocal depth
        if tag[2].lower() in UNNESTED_TAGS:
            return tag[0]
        if tag[1]:
            depth -= 1
            return tag[0] if 0 <= depth < MAX_NESTING else b""
        depth += 1
        return tag[0] if depth <= MAX_NESTING else b""

    return _cut_at_depth(CLOSED_TAG.sub(keep, page))


def _cut_at_depth(page: bytes) -> bytes:
    """The page up to where tags that only a parser recognises (`<div a="<">`) nest too deeply."""
    depth = 0
    for tag in TAG_START.finditer(page):
        if tag[2].lower() not in UNNESTED_TAGS:
            depth = max(0, depth - 1) if tag[1] else depth + 1
            if depth > 2 * MAX_NESTING:
                return page[: tag.start()]
    return page
