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
from scraper.extract.html.blocks import Block, Element, label_of, no_weight, read_parts
from scraper.extract.html.nearby import lines_after, lines_before
from scraper.extract.html.tags import Tags
from scraper.patterns import lazy_pattern
from scraper.phrases.corrections import CORRECTION_NOTICE

# So many lines above and below the headline may hold standfirst, names and times.
NEARBY_LINES = 12
# Elements without a name are given by the one around them, up to here.
MAX_CONTAINER_CLIMB = 4
# Metas that are new in every answer and hold nothing of an article.
CHANGING_META = lazy_pattern(
    r"csrf|nonce|token|request|session|trace|sentry|render|build|generat", re.I
)
SELECTABLE_TAG = lazy_pattern("[a-z][a-z0-9-]*")  # a selector cannot say others: Word's `<o:p>`
MIN_PROSE_LINE_LENGTH = 120  # characters, most of them not linked
MAX_IGNORED_PLACES = 100  # places; beyond, none is kept apart
# Too much for a selector, and for one selector to find.
MAX_SELECTOR_VALUE, MAX_RULE_NODES = 300, 20


def container_selector(tree: LexborHTMLParser, element: Element | None) -> str | None:
    """A selector that finds just the element of a frame, or the nearest one around it that has one;
    None where the article was not in an element."""
    for _ in range(MAX_CONTAINER_CLIMB):
        if element is None or element.tag == "body":
            break
        nodes_by_tag = tree.css(element.tag) if SELECTABLE_TAG.fullmatch(element.tag) else []
        matching_nodes = [
            node for node in nodes_by_tag if label_of(node.attributes) == element.label
        ]
        if len(matching_nodes) == 1 and (result := _unique_selector(tree, matching_nodes[0])):
            return result
        element = element.parent
    return "body" if element else None


def is_container(tree: LexborHTMLParser, container: str, element: Element | None) -> bool:
    """Does a selector still find just the element of a frame?"""
    nodes = tree.css(container)
    return (
        element is not None
        and len(nodes) == 1
        and nodes[0].tag == element.tag
        and label_of(nodes[0].attributes) == element.label
    )


def _unique_selector(tree: LexborHTMLParser, node: LexborNode) -> str | None:
    """The selector of a node by its id, class or tag; None where it finds others, too."""
    attributes = node.attributes
    for name in ("id", "class", "itemprop"):
        value = attributes.get(name)
        if value and len(value) < MAX_SELECTOR_VALUE and not set(value) & set('"\\\n'):
            selector = f'{node.tag}[{name}="{value}"]'
            if len(tree.css(selector)) == 1:
                return selector
    return node.tag if len(tree.css(node.tag or "")) == 1 else None


@dataclass(frozen=True, slots=True)
class ContainerLine:
    """A run of text in the element that held the article's, and the elements that it stands in there."""

    text: str
    place: str
    is_prose: bool


def container_lines(
    tree: LexborHTMLParser, tags: Tags, container: str
) -> list[ContainerLine] | None:
    """The lines in the element; None where it is not there, or not alone."""
    nodes = tree.css(container)
    if len(nodes) != 1:
        return None
    places: dict[Element, str] = {}
    return [
        ContainerLine(block.text, _place_of(block.element, places), _is_prose_block(block))
        for block in read_parts(nodes, no_weight, tags.hidden)
    ]


def _is_prose_block(block: Block) -> bool:
    """Whether a block says more than an advertisement, a teaser or a counter does."""
    return len(block.text) >= MIN_PROSE_LINE_LENGTH and 2 * block.linked < len(block.text)


def _place_of(element: Element, places: dict[Element, str]) -> str:
    """The names of an element and of all around it, folded into one."""
    result = places.get(element)
    if result is None:
        outer = _place_of(element.parent, places) if element.parent else ""
        names = f"{outer}/{element.tag} {element.label}".encode("utf-8", "surrogatepass")
        result = places[element] = hashlib.blake2b(names, digest_size=6).hexdigest()
    return result


def ignored_places(lines: Collection[ContainerLine], article: Article) -> frozenset[str]:
    """The places where nothing that the article says stands, only what others put between."""
    article_texts = {article.headline, article.dek, *article.paragraphs, *article.captions}

    def is_in_article(text: str) -> bool:
        return (
            text in article_texts
            or any(text in caption or caption in text for caption in article.captions)
            or any(name in text for name in article.byline)
        )

    article_places = {line.place for line in lines if is_in_article(line.text)}
    result = frozenset(line.place for line in lines) - article_places
    return result if len(result) <= MAX_IGNORED_PLACES else frozenset()


def source_hash(
    context: Iterable[str], lines: Iterable[ContainerLine], ignored_places: Collection[str]
) -> str:
    """A hash of what was `read` around an article and of the lines in its element, but for the asides.

    What is new in an aside counts where it is prose, or says that something is put right.
    """
    state = hashlib.blake2b(digest_size=16)
    line_texts = (
        line.text for line in lines if line.place not in ignored_places or _may_be_article(line)
    )
    for text in (*context, *line_texts):
        state.update(text.encode("utf-8", "surrogatepass") + b"\n")
    return state.hexdigest()


def _may_be_article(line: ContainerLine) -> bool:
    """Whether a line may be the article's wherever it stands."""
    return line.is_prose or CORRECTION_NOTICE.search(line.text) is not None


def context_texts(tree: LexborHTMLParser, tags: Tags, selectors: Iterable[str] = ()) -> list[str]:
    """What an article is read from beside its text: the tags, the lines around the headline, and what a
    rule's `selectors` find."""
    rule_texts = (
        node.text() for selector in selectors for node in tree.css(selector)[:MAX_RULE_NODES]
    )
    return [*_tag_texts(tags), *_nearby_texts(tags), *rule_texts]


def _tag_texts(tags: Tags) -> Iterator[str]:
    """What the tags say."""
    for name, contents in tags.metas.items():
        if not CHANGING_META.search(name):
            yield f"{name} {contents}"
    yield f"{tags.canonical} {tags.title} {tags.fusion}"
    yield from tags.scripts
    yield from (text for text, _ in tags.h1s)
    yield from (
        f"{mark.name} {mark.value} {mark.text}" for mark in tags.marks if mark.name != "time"
    )


def _nearby_texts(tags: Tags) -> Iterator[str]:
    """The lines close above and below the headline, with the times in them."""
    for _, node in tags.h1s[:1]:
        for block in (*lines_before(node)[-NEARBY_LINES:], *lines_after(node)[:NEARBY_LINES]):
            yield f"{block.text} {block.datetime or ''}"
