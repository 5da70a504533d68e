"""What a page says in its tags, by one query that reads every attribute once."""

from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.extract.html.reading.elements import Attributes
from scraper.extract.html.reading.hidden import (
    drop_hidden,
    drop_spoken,
    drop_twin,
    hidden_by_sheets,
    is_hidden,
    is_spoken_class,
    read_style,
)
from scraper.extract.html.reading.signs import SignReader
from scraper.extract.html.text import fold_spaces

# One query, since each walks the whole tree; it gives an element once for each part that matches, one after
# the other. After the fields come signs and words that are no text as they stand, and what may be hidden.
TAGS_SELECTOR = """
    meta, title, h1, time, [itemprop], [property^='schema:date'], #fusion-metadata, link[rel=canonical],
    script[type*='ld+json'], style, sup, rt, a[href*='#'],
    span:is([class*=sr], [class*=idden], [class*=isual], [class*=creen], [class*=nvisib], [class*=ote], .fn, .blind,
    [aria-hidden], [style*=visib], [style*=absolute], [style*=super]),
    [hidden], [style*='display' i]
"""
HIDEABLE_SELECTOR = "[class], [hidden], [style]"
FIELD_TAGS = frozenset(("title", "h1", "time", "link", "script"))
SIGN_TAGS = frozenset(("sup", "rt", "a", "span"))
MARKED_PROPERTIES = frozenset(
    ["datePublished", "dateModified", "headline", "author", "articleSection", "articleBody", "time"]
)
# RDFa of content systems, and the microdata that says the same.
RDFA_PROPERTIES = {"schema:datePublished": "datePublished", "schema:dateCreated": "datePublished"}
META_NAME_ATTRIBUTES = ("property", "name", "itemprop", "http-equiv")
MAX_TAG_TEXT = 2_000  # characters of one tag: a headline is no novel
MAX_META_CONTENT = 5_000
MAX_H1S = 20
MAX_SAME_METAS = 30  # metas of one name
MAX_MICRODATA_MARKS = 200
UNREAD_TAGS = ("script", "style", "template")  # elements whose text no reader sees
MAX_SCRIPT_LENGTH = 2_000_000


@dataclass(frozen=True, slots=True)
class MicrodataMark:
    """A microdata or `<time>` element: its itemprop or "time", its value and its text."""

    name: str
    value: str
    text: str
    node: LexborNode


@dataclass(frozen=True, slots=True)
class Tags:
    """What the tags of a page say, in page order.

    `metas` are by name or property in lower case. `fusion` is Arc's state script, `body` the element
    with the microdata `articleBody`, `hidden` the `mem_id` of each element that hides itself.
    """

    metas: dict[str, tuple[str, ...]]
    canonical: str | None
    title: str | None
    h1s: tuple[tuple[str, LexborNode], ...]
    marks: tuple[MicrodataMark, ...]
    scripts: tuple[str, ...]
    fusion: str | None
    body: LexborNode | None
    hidden: frozenset[int]

    def meta(self, *names: str) -> str | None:
        """The first content of the first of the names that the page has."""
        for name in names:
            if name in self.metas:
                return self.metas[name][0]
        return None


def read_tags(tree: LexborHTMLParser) -> Tags:
    """The metas, canonical link, headings, times, microdata and JSON-LD scripts of a page.

    On the way, the small signs and hidden words of its lines become what a reader reads.
    """
    gatherer = _TagGatherer()
    signs = SignReader()
    fields: list[tuple[LexborNode, str, Attributes]] = []
    sheets: list[str] = []
    last_id = 0
    for node in tree.css(TAGS_SELECTOR):
        tag = node.tag or ""
        if tag == "style":
            sheets.append(node.text())
            continue
        attributes = node.attributes
        if tag == "meta":
            _read_meta(attributes, gatherer.metas)
            continue
        if node.mem_id == last_id:
            continue
        last_id = node.mem_id
        if ("hidden" in attributes or "style" in attributes) and is_hidden(node, attributes):
            gatherer.hidden.append(last_id)
        if tag in FIELD_TAGS or "itemprop" in attributes or "property" in attributes:
            fields.append((node, tag, attributes))
        else:
            _read_line_part(node, tag, attributes, signs)
    gatherer.hidden += hidden_by_sheets(tree, sheets)
    for node, tag, attributes in fields:
        gatherer.add(node, tag, attributes)
    return gatherer.tags()


def _read_line_part(node: LexborNode, tag: str, attributes: Attributes, signs: SignReader) -> None:
    """Make of an element in a line what a reader reads of it."""
    if tag == "span" and is_spoken_class(attributes.get("class") or ""):
        drop_spoken(node)
    elif tag == "span" and attributes.get("aria-hidden") == "true":
        drop_twin(node)
    elif tag in SIGN_TAGS:
        signs.read(node, tag)
    if style := attributes.get("style"):
        read_style(node, tag, style)


class _TagGatherer:
    """Sorts elements by the information in them."""

    def __init__(self) -> None:
        self.metas: dict[str, list[str]] = {}
        self.canonical: list[str] = []
        self.titles: list[str] = []
        self.h1s: list[tuple[str, LexborNode]] = []
        self.marks: list[MicrodataMark] = []
        self.scripts: list[str] = []
        self.fusion: list[str] = []
        self.bodies: list[LexborNode] = []
        self.hidden: list[int] = []

    def add(self, node: LexborNode, tag: str, attributes: Attributes) -> None:
        """Note the information in an element that is not a meta."""
        if tag == "link":
            self.canonical.append(attributes.get("href") or "")
        elif tag == "title":
            self.titles.append(fold_spaces(node.text()[:MAX_TAG_TEXT]))
        elif tag == "script":
            target = self.fusion if node.id == "fusion-metadata" else self.scripts
            target.append(node.text()[:MAX_SCRIPT_LENGTH])
        else:
            self._add_visible(node, tag, attributes)

    def _add_visible(self, node: LexborNode, tag: str, attributes: Attributes) -> None:
        if tag == "h1" and len(self.h1s) < MAX_H1S:
            for part in node.css(HIDEABLE_SELECTOR):
                drop_hidden(part)
            if text := spaced_text(node):
                self.h1s.append((text, node))
        if len(self.marks) >= MAX_MICRODATA_MARKS:
            return
        mark = _mark(node, tag, attributes)
        if mark is not None and mark.name == "articleBody":
            self.bodies.append(node)
        elif mark is not None:
            self.marks.append(mark)

    def tags(self) -> Tags:
        """What was gathered, as a value."""
        return Tags(
            metas={name: tuple(contents) for name, contents in self.metas.items()},
            canonical=next(filter(None, self.canonical), None),
            title=next(filter(None, self.titles), None),
            h1s=tuple(self.h1s),
            marks=tuple(self.marks),
            scripts=tuple(self.scripts),
            fusion=next(iter(self.fusion), None),
            body=self.bodies[0] if self.bodies else None,
            hidden=frozenset(self.hidden),
        )


def spaced_text(node: LexborNode) -> str:
    """The text of a node on one line; `<br>` and block elements separate words, inline ones do not."""
    only_child = node.first_child
    if (
        only_child is not None
        and only_child.tag == "-text"
        and only_child.next is None
        and node.tag not in UNREAD_TAGS
    ):
        return fold_spaces((only_child.text_content or "")[:MAX_TAG_TEXT])
    parts: list[str] = []
    for child in node.traverse(include_text=True):
        tag = child.tag
        if tag == "-text":
            if child.parent is not None and child.parent.tag not in UNREAD_TAGS:
                parts.append(child.text_content or "")
        elif tag in ("br", "div", "p", "li", "h2", "h3", "small"):
            parts.append(" ")
        if len(parts) > 200:
            break
    return fold_spaces("".join(parts)[:MAX_TAG_TEXT])


def _read_meta(attributes: Attributes, metas: dict[str, list[str]]) -> None:
    content = attributes.get("content") or attributes.get("value")
    if not content:
        return
    for key in META_NAME_ATTRIBUTES:
        if key in attributes and (name := attributes[key]):
            contents = metas.setdefault(name.strip().lower(), [])
            if len(contents) < MAX_SAME_METAS:
                contents.append(content.strip()[:MAX_META_CONTENT])


def _mark(node: LexborNode, tag: str, attributes: Attributes) -> MicrodataMark | None:
    name = attributes.get("itemprop") or ("time" if tag == "time" else "")
    if not name and "property" in attributes:
        name = RDFA_PROPERTIES.get(attributes["property"] or "", "")
    if name not in MARKED_PROPERTIES:
        return None
    value = attributes.get("datetime") or attributes.get("content") or ""
    if not value and tag == "abbr":
        value = attributes.get("title") or ""
    text = "" if value or name == "articleBody" else spaced_text(node)
    return MicrodataMark(name, value.strip(), text, node)
