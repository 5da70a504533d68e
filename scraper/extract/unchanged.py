"""Does an article stand as it did? Told from where its text stood, without reading it again.

Most looks find a page that has changed around an article that has not. What is held together
here is what a field of the article is read from: the tags, the lines around the headline, and
the text in the element that held the body, save for the places in it where none of the article
stood and only short lines or links do (advertisements, teasers, comments), but no note. Where all of it is as
before, so is the article.
What extraction finds elsewhere as a last resort (a time at the foot of the page, a caption far
from the text), or would have taken for text in an aside, waits until the page is read whole, which it is
once a day at least.
"""

import hashlib
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.article import Article
from scraper.extract.html.blocks import Block, Frame, label_of, read_parts
from scraper.extract.html.nearby import blocks_after, blocks_before
from scraper.extract.html.tags import Tags
from scraper.patterns import pattern
from scraper.phrases.notices import CORRECTION

# So many lines above and below the headline may hold standfirst, names and times.
LINES = 12
# Elements without a name are given by the one around them, up to here.
MAX_CLIMB = 4
# Metas that are new in every answer and hold nothing of an article.
PASSING = pattern(r"csrf|nonce|token|request|session|trace|sentry|render|build|generat", re.I)
TAG = pattern("[a-z][a-z0-9-]*")  # a selector cannot say others: Word's `<o:p>`
MIN_PROSE = 120  # characters, most of them not linked
MAX_ASIDES = 100  # places; beyond, none is kept apart
# Too much for a selector, and for one selector to find.
MAX_NAME, MAX_RULED = 300, 20


def region_of(tree: LexborHTMLParser, frame: Frame | None) -> str | None:
    """A selector that finds just the element of a frame, or the nearest one around it that has one;
    None where the article was not in an element."""
    for _ in range(MAX_CLIMB):
        if frame is None or frame.tag == "body":
            break
        found_by_tag = tree.css(frame.tag) if TAG.fullmatch(frame.tag) else []
        same = [node for node in found_by_tag if label_of(node.attributes) == frame.label]
        if len(same) == 1 and (found := _selector(tree, same[0])):
            return found
        frame = frame.parent
    return "body" if frame else None


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


@dataclass(frozen=True, slots=True)
class Line:
    """A run of text in the element that held the article's, and the elements that it stands in there."""

    text: str
    place: str
    is_prose: bool


def lines_in(tree: LexborHTMLParser, tags: Tags, region: str) -> list[Line] | None:
    """The lines in the element; None where it is not there, or not alone."""
    nodes = tree.css(region)
    if len(nodes) != 1:
        return None
    places: dict[Frame, str] = {}
    return [
        Line(block.text, _place(block.frame, places), _is_prose(block))
        for block in read_parts(nodes, _unweighed, tags.hidden)
    ]


def _is_prose(block: Block) -> bool:
    """Whether a block says more than an advertisement, a teaser or a counter does."""
    return len(block.text) >= MIN_PROSE and 2 * block.linked < len(block.text)


def _place(frame: Frame, places: dict[Frame, str]) -> str:
    """The names of an element and of all around it, folded into one."""
    found = places.get(frame)
    if found is None:
        outer = _place(frame.parent, places) if frame.parent else ""
        names = f"{outer}/{frame.tag} {frame.label}".encode("utf-8", "surrogatepass")
        found = places[frame] = hashlib.blake2b(names, digest_size=6).hexdigest()
    return found


def asides(lines: Collection[Line], article: Article) -> frozenset[str]:
    """The places where nothing that the article says stands, only what others put between."""
    said = {article.headline, article.dek, *article.paragraphs, *article.captions}

    def is_said(text: str) -> bool:
        return (
            text in said
            or any(text in caption or caption in text for caption in article.captions)
            or any(name in text for name in article.byline)
        )

    own = {line.place for line in lines if is_said(line.text)}
    found = frozenset(line.place for line in lines) - own
    return found if len(found) <= MAX_ASIDES else frozenset()


def digest(read: Iterable[str], lines: Iterable[Line], asides: Collection[str]) -> str:
    """A hash of what was `read` around an article and of the lines in its element, but for the asides.

    What is new in an aside counts where it is prose, or says that something is put right.
    """
    state = hashlib.blake2b(digest_size=16)
    told = (line.text for line in lines if line.place not in asides or _may_be_told(line))
    for text in (*read, *told):
        state.update(text.encode("utf-8", "surrogatepass") + b"\n")
    return state.hexdigest()


def _may_be_told(line: Line) -> bool:
    """Whether a line may be the article's wherever it stands."""
    return line.is_prose or CORRECTION.search(line.text) is not None


def read_around(tree: LexborHTMLParser, tags: Tags, selectors: Iterable[str] = ()) -> list[str]:
    """What an article is read from beside its text: the tags, the lines around the headline, and what a
    rule's `selectors` find."""
    ruled = (node.text() for selector in selectors for node in tree.css(selector)[:MAX_RULED])
    return [*_told(tags), *_around(tags), *ruled]


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


def _unweighed(tag: str, label: str) -> tuple[float, float]:
    return 0.0, 0.0
