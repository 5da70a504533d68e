"""Did the whole page come? A page that breaks off has no closing tags and elements left open."""

import re
from collections import Counter
from collections.abc import Mapping

from scraper.patterns import lazy_pattern

PARTIAL_CONTENT = 206
CLOSING_TAG = lazy_pattern(rb"</(?:html|body)\s*>", re.I)
PAGE_END_BYTES = 4_000  # most pages close here, and a search of the whole page takes 0.1 ms
# HTML lets a page leave out the closing tags of `html` and `body`, but not those of these.
STRUCTURE_TAG = lazy_pattern(rb"<(/?)(div|main|article|section)\b", re.I)
UNREAD_MARKUP = lazy_pattern(
    rb"<!--.*?(?:-->|\Z)|<(script|style|textarea|noscript)\b.*?(?:</\1\s*>|\Z)", re.I | re.S
)
OPEN_TAG_AT_END = lazy_pattern(rb"<[a-z/!][^<>]{0,2000}\Z", re.I)
# Of 2,184 saved pages, 16 have no closing tag, and one of them leaves more than this open.
MAX_UNCLOSED_ELEMENTS = 1


def is_partial(status: int, headers: Mapping[str, str]) -> bool:
    """Whether an answer says itself that it is a part of the page, which nobody asked for."""
    return status == PARTIAL_CONTENT or "content-range" in headers


def is_closed(html: bytes) -> bool:
    """Whether a page closes its `html` or `body` element.

    >>> is_closed(b"<html><body>Hello</body></html>"), is_closed(b"<html><body>Hel")
    (True, False)
    """
    at_end = CLOSING_TAG.search(html, len(html) - PAGE_END_BYTES)
    return (at_end or CLOSING_TAG.search(html)) is not None


def breaks_off(html: bytes) -> bool:
    """Whether a page ends in the middle, as far as the page alone can tell.

    >>> breaks_off(b"<body><main><div><p>Hel"), breaks_off(b"<p>A short page"), breaks_off(b"<p>Hello<a hr")
    (True, False, True)
    """
    if is_closed(html):
        return False
    if OPEN_TAG_AT_END.search(html):
        return True
    depths: Counter[bytes] = Counter()
    for tag in STRUCTURE_TAG.finditer(UNREAD_MARKUP.sub(b"", html)):
        depths[tag[2].lower()] += -1 if tag[1] else 1
    return sum(max(depth, 0) for depth in depths.values()) > MAX_UNCLOSED_ELEMENTS
