"""A feed without what hides its articles: texts, comments, declarations and odd attributes.

feedparser reads twenty years of broken feeds, and its patterns take quadratic time on some of them: on
line ends before the first tag, declarations, the names of authors. So it gets only the elements of a
feed, in their order, with the text of those that hold addresses and times. One pass finds them.
"""

import re
from collections.abc import Iterator
from itertools import islice

from scraper.patterns import lazy_pattern

DECLARATION = '<?xml version="1.0" encoding="utf-8"?>'
CDATA_START, CDATA_END = "<![CDATA[", "]]>"
# What is skipped: how it begins and how it ends.
SKIPPED_MARKUP = (("<!--", "-->"), ("<?", "?>"), ("<!", ">"))
SUBSET_END = "]>"  # of a document type that declares entities
FEED_TAG = lazy_pattern(
    r"""<(/?)([a-z_][\w:.-]{0,80})((?:[^<>"']++|"[^"<]*+"|'[^'<]*+'|["'])*+)>""", re.I
)
FEED_ATTRIBUTE = lazy_pattern(
    r"""(?<![\w:.-])([a-z][\w:.-]{0,80}+)\s*+=\s*+("[^"<]*+"|'[^'<]*+'|[^\s"'<>=/]++)""", re.I
)
# Elements with an address or a time, by their local names in lower case.
ENTRY_ELEMENTS = frozenset(
    ["link", "guid", "id", "origlink", "updated", "published", "pubdate", "date", "modified", "issued", "created"]
)  # fmt: skip
ENTRIES = frozenset(["item", "entry"])
# Attributes that say where an entry leads to, or which kind of feed this is.
FEED_ATTRIBUTES = frozenset(
    ["href", "rel", "type", "ispermalink", "version", "xml:base", "rdf:about"]
)
# An "&" that begins no character reference: addresses are full of them.
BARE_AMPERSAND = lazy_pattern(r"&(?!(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,31});)", re.I)
CONTROL_CHARACTER = lazy_pattern("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
MAX_ENTRY_TEXT = 4_000  # characters of an address or a time
MAX_ATTRIBUTES_OF_TAG = 50
MAX_FEED_DEPTH = 200
# feedparser takes two seconds for so many tags and texts, those of five thousand articles. To find them takes a
# second in a feed of so many tags, most of them in texts.
MAX_KEPT_PARTS, MAX_FEED_TAGS = 56_000, 400_000
# Texts and signs that begin no tag cost time, too.
MAX_FEED_PIECES = 3 * MAX_FEED_TAGS
MAX_NAMESPACES = 50
MAX_ENTRY_TAGS = 200  # with addresses and times, of one entry


class TooDeepError(ValueError):
    """The elements of a feed are nested too deeply."""


def slim_feed(text: str) -> str:
    """The tags of a feed, and the texts of those that may name an article. Raises TooDeepError.

    >>> slim_feed("<rss>\\n<!-- x --><item id='1'><title>A</title><link> /a?b&c </link></item></rss>")
    '<?xml version="1.0" encoding="utf-8"?><rss><item><link>/a?b&amp;c</link></item></rss>'
    """
    parts, namespaces = [DECLARATION], set[str]()
    keeps_text, depth, tags, entry_tags = False, 0, 0, 0
    for piece in islice(_pieces(text), MAX_FEED_PIECES):
        if isinstance(piece, str):
            if keeps_text:
                parts.append(_plain(piece.strip()[:MAX_ENTRY_TEXT]))
            continue
        closing, name, attributes = piece.groups()
        is_empty = attributes.endswith("/") and not closing
        depth += -1 if closing else not is_empty
        tags += 1
        if depth > MAX_FEED_DEPTH:
            raise TooDeepError
        if tags > MAX_FEED_TAGS or len(parts) > MAX_KEPT_PARTS:
            break
        local_name = name.rpartition(":")[2].lower()
        is_entrys = local_name in ENTRY_ELEMENTS
        entry_tags = 0 if local_name in ENTRIES else entry_tags + is_entrys
        if is_entrys and entry_tags > MAX_ENTRY_TAGS:
            keeps_text = False
            continue
        keeps_text = is_entrys and not (closing or is_empty)
        if closing and not is_entrys and parts[-1] == f"<{name}>":
            parts.pop()  # an element that held only what is left out
            continue
        kept = "" if closing else _attributes(attributes, namespaces)
        parts.append(f"<{closing}{name}{kept}{'/' if is_empty else ''}>")
    return "".join(parts)


def _pieces(text: str) -> Iterator[str | re.Match[str]]:
    """The tags and the texts of a feed, in order; what never ends ends the feed."""
    position = 0
    while (start := text.find("<", position)) >= 0:
        yield text[position:start]
        tag = FEED_TAG.match(text, start)
        if tag:
            yield tag
            position = tag.end()
        elif text.startswith(CDATA_START, start):
            end = text.find(CDATA_END, start)
            end = len(text) if end < 0 else end
            yield text[start + len(CDATA_START) : end].replace("&", "&amp;").replace("<", "&lt;")
            position = end + len(CDATA_END)
        else:
            position = _after_skipped(text, start)
    yield text[position:]


def _after_skipped(text: str, start: int) -> int:
    """Where a comment, an instruction or a declaration ends that begins at `start`."""
    for mark, end_mark in SKIPPED_MARKUP:
        if text.startswith(mark, start):
            end = text.find(end_mark, start)
            if mark == "<!" and "[" in text[start : max(end, start)]:
                end_mark = SUBSET_END
                end = text.find(end_mark, start)
            return len(text) if end < 0 else end + len(end_mark)
    return start + 1  # a sign that begins nothing


def _attributes(text: str, namespaces: set[str]) -> str:
    """The attributes of a tag that matter, as XML writes them. `namespaces` are those declared so far."""
    if "=" not in text:
        return ""
    kept = []
    for count, attribute in enumerate(FEED_ATTRIBUTE.finditer(text)):
        name, value = attribute[1], attribute[2].strip("\"'")
        if count == MAX_ATTRIBUTES_OF_TAG:
            break
        if is_namespace := name.lower().startswith("xmlns") and len(namespaces) < MAX_NAMESPACES:
            namespaces.add(attribute[0])
        if is_namespace or name.lower() in FEED_ATTRIBUTES:
            quoted = _plain(value[:MAX_ENTRY_TEXT]).replace('"', "&quot;")
            kept.append(f' {name}="{quoted}"')
    return "".join(dict.fromkeys(kept))


def _plain(text: str) -> str:
    """A text as XML may hold it."""
    return BARE_AMPERSAND.sub("&amp;", CONTROL_CHARACTER.sub("", text)).replace("<", "&lt;")
