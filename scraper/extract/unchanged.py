"""Does a page still show the same article? The answer costs a third of an extraction.

Most checks fetch a page that has changed around an article that has not. A `Fingerprint` is a hash
of everything that a field of the article is read from:

- the tags of the page, and what the selectors of a site rule match,
- the lines around the headline,
- the text of the container, the element that held the body.

Within the container some places are ignored: those that held nothing of the article, only short
lines or links (ads, teasers, comments). A long paragraph or a correction note counts even there.
If the hash is the same, so is the article.

Extraction also has last resorts, such as a time at the foot of the page or a caption far from the
body. A change in those waits until the page is next extracted in full, at least once a day.
"""

import hashlib
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.article import Article
from scraper.extract import extract_document
from scraper.extract.html.blocks import Block, Element, label_of, no_weight, read_parts
from scraper.extract.html.document import Document
from scraper.extract.html.nearby import lines_after, lines_before
from scraper.extract.html.tags import Tags
from scraper.extract.rules.rule import RULE_FIELDS, Rule, all_rules_for, selector_and_attribute
from scraper.fingerprint import Fingerprint
from scraper.patterns import lazy_pattern
from scraper.phrases.corrections import CORRECTION_NOTICE

# This many lines above and below the headline may hold the standfirst, names and times.
NEARBY_LINES = 12
# An element without a selector of its own is covered by an ancestor, at most this far up.
MAX_CONTAINER_CLIMB = 4
# Metas that change with every response and hold nothing of an article.
CHANGING_META = lazy_pattern(
    r"csrf|nonce|token|request|session|trace|sentry|render|build|generat", re.I
)
SELECTABLE_TAG = lazy_pattern("[a-z][a-z0-9-]*")  # no selector can name others: Word's `<o:p>`
MIN_PROSE_LINE_LENGTH = 120  # characters, most of them outside links
MAX_IGNORED_PLACES = 100  # with more places than this, none is ignored
# The longest attribute value in a selector, and the most nodes that one rule selector adds.
MAX_SELECTOR_VALUE, MAX_RULE_NODES = 300, 20


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The page shows the article of the previous check: `fingerprint` still matches."""

    fingerprint: Fingerprint


@dataclass(frozen=True, slots=True)
class Extracted:
    """The page was extracted in full: its article, and the fingerprint for the next check."""

    article: Article
    fingerprint: Fingerprint


def read(
    document: Document,
    *,
    previous: Fingerprint | None,
    at: datetime,
    rules: Sequence[Rule] = (),
    container_path: str | None = None,
) -> Unchanged | Extracted:
    """`Unchanged` if the page has the fingerprint of the previous check, else the article on it.

    `Extracted.article` equals the answer of `extract`, given the same `rules` and `container_path`.
    Pure; `at` is the time of the check. Raises ExtractError as `extract` does.
    """
    tree, tags, url = document.tree, document.tags, document.url
    context = context_texts(tree, tags, _rule_selectors(url, rules))
    container = previous.container if previous else None
    lines = container_lines(tree, tags, container) if container else None
    if previous and lines and previous.hash == source_hash(context, lines, previous.ignored_places):
        return Unchanged(previous)
    article, body = extract_document(document, rules, container_path)
    if container is None or not lines or not is_container(tree, container, body.element):
        container = container_selector(tree, body.element)
        lines = container_lines(tree, tags, container) if container else None
    if container is None or lines is None:
        return Extracted(article, Fingerprint(article.container_path, extracted_at=at))
    places = ignored_places(lines, article)
    source = source_hash(context, lines, places)
    return Extracted(article, Fingerprint(article.container_path, container, source, places, at))


def _rule_selectors(url: str, rules: Sequence[Rule]) -> list[str]:
    """The selectors of every rule that applies to an address."""
    return [
        selector
        for rule in all_rules_for(url, rules)
        for name in RULE_FIELDS
        for selector in getattr(rule, name)
    ]


def container_selector(tree: LexborHTMLParser, element: Element | None) -> str | None:
    """A CSS selector that finds only this element, or its nearest ancestor that has one;
    None if there is no element."""
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
    """Does a selector find this element and no other?"""
    nodes = tree.css(container)
    return (
        element is not None
        and len(nodes) == 1
        and nodes[0].tag == element.tag
        and label_of(nodes[0].attributes) == element.label
    )


def _unique_selector(tree: LexborHTMLParser, node: LexborNode) -> str | None:
    """A selector of a node by its id, class or tag; None if each finds other nodes, too."""
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
    """A run of text in the container, and a hash of the elements around it there."""

    text: str
    place: str
    is_prose: bool


def container_lines(
    tree: LexborHTMLParser, tags: Tags, container: str
) -> list[ContainerLine] | None:
    """The lines in the container; None unless the selector finds exactly one element."""
    nodes = tree.css(container)
    if len(nodes) != 1:
        return None
    places: dict[Element, str] = {}
    return [
        ContainerLine(block.text, _place_of(block.element, places), _is_prose_block(block))
        for block in read_parts(nodes, no_weight, tags.hidden)
    ]


def _is_prose_block(block: Block) -> bool:
    """Whether a block is longer than an ad, a teaser or a counter."""
    return len(block.text) >= MIN_PROSE_LINE_LENGTH and 2 * block.linked < len(block.text)


def _place_of(element: Element, places: dict[Element, str]) -> str:
    """A hash of the names of an element and of its ancestors."""
    result = places.get(element)
    if result is None:
        outer = _place_of(element.parent, places) if element.parent else ""
        names = f"{outer}/{element.tag} {element.label}".encode("utf-8", "surrogatepass")
        result = places[element] = hashlib.blake2b(names, digest_size=6).hexdigest()
    return result


def ignored_places(lines: Collection[ContainerLine], article: Article) -> frozenset[str]:
    """The places in the container that hold no text of the article."""
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
    """A hash of the texts around an article and of the lines in its container.

    A line in one of `ignored_places` counts only if it is prose or a correction note.
    """
    state = hashlib.blake2b(digest_size=16)
    line_texts = (
        line.text for line in lines if line.place not in ignored_places or _may_be_article(line)
    )
    for text in (*context, *line_texts):
        state.update(text.encode("utf-8", "surrogatepass") + b"\n")
    return state.hexdigest()


def _may_be_article(line: ContainerLine) -> bool:
    """Whether a line may belong to the article in any place."""
    return line.is_prose or CORRECTION_NOTICE.search(line.text) is not None


def context_texts(tree: LexborHTMLParser, tags: Tags, selectors: Iterable[str] = ()) -> list[str]:
    """Everything but the body that an article is read from.

    That is the tags, the lines around the headline, and what `selectors` of a site rule match.
    """
    return [*_tag_texts(tags), *_nearby_texts(tags), *_rule_texts(tree, selectors)]


def _rule_texts(tree: LexborHTMLParser, selectors: Iterable[str]) -> Iterator[str]:
    """The texts that selectors of a site rule match, or the attribute that one asks for."""
    for text in selectors:
        selector, attribute = selector_and_attribute(text)
        for node in tree.css(selector)[:MAX_RULE_NODES]:
            yield (node.attributes.get(attribute) or "") if attribute else node.text()


def _tag_texts(tags: Tags) -> Iterator[str]:
    """The text of the tags."""
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
    """The lines just above and below the headline, with the times in them."""
    for _, node in tags.h1s[:1]:
        for block in (*lines_before(node)[-NEARBY_LINES:], *lines_after(node)[:NEARBY_LINES]):
            yield f"{block.text} {block.datetime or ''}"
