"""Does an article stand as it did? Told from where its text stood, without reading it again.

Most looks find a page that has changed around an article that has not. What is held together
here is what a field of the article is read from: the tags, the lines around the headline, and
the text in the element that held the body. Where all of it is as before, so is the article.
What extraction finds elsewhere as a last resort (a time at the foot of the page, a caption far
from the text) waits until the page is read whole, which it is once a day at least.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.extract.blocks import Frame, hidden_nodes, label_of, read_parts
from scraper.extract.tags import Tags
from scraper.extract.vicinity import blocks_after, blocks_before
from scraper.patterns import pattern

# So many lines above and below the headline may hold standfirst, names and times.
LINES = 12
# Elements without a name are given by the one around them, up to here.
MAX_CLIMB = 4
# Metas that are new in every answer and hold nothing of an article.
PASSING = pattern(r"csrf|nonce|token|request|session|trace|sentry|render|build|generat", re.I)
# Too much for a selector, and for one selector to find.
MAX_NAME, MAX_RULED = 300, 20


def region_of(tree: LexborHTMLParser, frame: Frame | None) -> str | None:
    """A selector that finds just the element of a frame, or the nearest one around it that has one."""
    for _ in range(MAX_CLIMB):
        if frame is None or frame.tag == "body":
            return None
        same = [node for node in tree.css(frame.tag) if label_of(node.attributes) == frame.label]
        if len(same) == 1 and (found := _selector(tree, same[0])):
            return found
        frame = frame.parent
    return None


def is_region(tree: LexborHTMLParser, region: str, frame: Frame | None) -> bool:
    """Does a selector still find just the element of a frame?"""
    nodes = tree.css(region)
    return (
        frame is not None
        and len(nodes) == 1
        and nodes[0].tag == frame.tag
        and label_of(nodes[0].attributes) == frame.label
    )


def _selector(tree: LexborHTMLParser, node: LexborNode) -> str | None:
    """The selector of a node by its id, class or tag; None where it finds others, too."""
    attributes = node.attributes
    for name in ("id", "class", "itemprop"):
        value = attributes.get(name)
        if value and len(value) < MAX_NAME and not set(value) & set('"\\\n'):
            selector = f'{node.tag}[{name}="{value}"]'
            if len(tree.css(selector)) == 1:
                return selector
    return node.tag if len(tree.css(node.tag or "")) == 1 else None


def digest(
    tree: LexborHTMLParser, tags: Tags, region: str, selectors: Iterable[str] = ()
) -> str | None:
    """A hash of all that the article was read from, with what a rule's `selectors` find; None where the
    element is not there, or not alone."""
    nodes = tree.css(region)
    if len(nodes) != 1:
        return None
    state = hashlib.blake2b(digest_size=16)
    ruled = (node.text() for selector in selectors for node in tree.css(selector)[:MAX_RULED])
    for line in (*_told(tags), *_around(tags), *_inside(tree, nodes[0]), *ruled):
        state.update(line.encode("utf-8", "surrogatepass") + b"\n")
    return state.hexdigest()


def _told(tags: Tags) -> Iterator[str]:
    """What the tags say."""
    for name, contents in tags.metas.items():
        if not PASSING.search(name):
            yield f"{name} {contents}"
    yield f"{tags.canonical} {tags.title} {tags.fusion}"
    yield from tags.scripts
    yield from (text for text, _ in tags.h1s)
    yield from (
        f"{mark.name} {mark.value} {mark.text}" for mark in tags.marks if mark.name != "time"
    )


def _around(tags: Tags) -> Iterator[str]:
    """The lines close above and below the headline, with the times in them."""
    for _, node in tags.h1s[:1]:
        for block in (*blocks_before(node)[-LINES:], *blocks_after(node)[:LINES]):
            yield f"{block.text} {block.datetime or ''}"


def _inside(tree: LexborHTMLParser, node: LexborNode) -> Iterator[str]:
    """The lines in the element that held the text."""
    for block in read_parts([node], _unweighed, hidden_nodes(tree)):
        yield block.text


def _unweighed(tag: str, label: str) -> tuple[float, float]:
    return 0.0, 0.0
