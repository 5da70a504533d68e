"""The visible text around the headline, as blocks, read in document order within bounds."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.extract.html.elements import BOLD_TAGS, NEARBY_INLINE_TAGS, NEARBY_SKIPPED_TAGS
from scraper.extract.html.tags import spaced_text
from scraper.extract.html.text import bare

LEAF_TAGS = NEARBY_SKIPPED_TAGS | {"-text"}
MARK_ATTRIBUTES = ("class", "id", "itemprop")
MAX_NEARBY_NODES = 180
MAX_NEARBY_TEXT = 2_500
MIN_PARAGRAPH_LENGTH = 120  # characters of a line that is surely the body's
MAX_NEARBY_PARAGRAPHS = 4
MAX_NEARBY_LINE_LENGTH = 3_000
MAX_MARKS_LENGTH = 200  # characters of an element's class words
MIN_BOLD_SHARE = (9, 10)  # nine tenths of its characters make a line bold
MAX_STEPS_BEFORE = 90
MAX_HEADING_CANDIDATES = 60
MAX_STEPS_BACK = 40
BOLD_SELECTOR = "b, strong, big, font"
HEADING_SELECTOR = 'h2, h3, h4, h5, [class*="title" i], [class*="headline" i], [class*="heading" i]'


# A node, its tag, and whether it opens (else it closes).
NodeStep = tuple[LexborNode, str, bool]


@dataclass(frozen=True, slots=True)
class Line:
    """A run of text that a reader sees as one line: its element, its class words, its text."""

    tag: str
    marks: str
    text: str
    datetime: str | None
    is_bold: bool


def headline_node(tree: LexborHTMLParser, headline: str) -> LexborNode | None:
    """The element that shows the headline where it is no `h1`: a smaller heading or a titled box."""
    bare_headline = bare(headline)
    if not bare_headline:
        return None
    for node in tree.css(HEADING_SELECTOR)[:MAX_HEADING_CANDIDATES]:
        if node.tag in ("title", "meta", "body", "article", "a"):
            continue
        # What the node has in C is a quick no; what a reader sees of it takes long to gather.
        if (
            bare_headline in bare(node.text()[:MAX_NEARBY_LINE_LENGTH])
            and bare(spaced_text(node)) == bare_headline
        ):
            return node
    return None


def bold_node(tree: LexborHTMLParser, headline: str) -> LexborNode | None:
    """The bold or large text that is the headline on a page laid out with tables."""
    bare_headline = bare(headline)
    if not bare_headline:
        return None
    for node in tree.css(BOLD_SELECTOR)[:MAX_HEADING_CANDIDATES]:
        if bare(spaced_text(node)) == bare_headline:
            return (
                node.parent
                if node.parent is not None and node.parent.tag in NEARBY_INLINE_TAGS
                else node
            )
    return None


def lines_after(node: LexborNode) -> tuple[Line, ...]:
    """The blocks that follow a node, in order."""
    return tuple(_nearby_lines(_steps_after(node)))


def lines_inside(node: LexborNode) -> tuple[Line, ...]:
    """The first blocks in a node, in order."""
    return tuple(_nearby_lines(islice(_subtree_steps(node), MAX_NEARBY_NODES)))


def lines_before(node: LexborNode) -> tuple[Line, ...]:
    """The first blocks in the node's nearest ancestors that stand before it, in order."""
    start: LexborNode | None = node
    for _ in range(3):
        parent = start.parent if start is not None else None
        if parent is None or parent.tag in ("body", "html", "main"):
            break
        start = parent
    if start is None or start.mem_id == node.mem_id:
        return ()
    return tuple(_nearby_lines(_steps_before(start, node)))


def text_before(node: LexborNode, characters: int) -> str:
    """The last text before a node, menus and all, a line feed between elements."""
    parts: list[str] = []
    current = node
    for _ in range(MAX_STEPS_BACK):
        step = current.prev
        if step is None:
            parent = current.parent
            if parent is None or parent.tag in ("html", "body"):
                break
            current = parent
            continue
        current = step
        if current.tag not in ("script", "style", "template"):
            parts.append(current.text(separator="\n")[-characters:])
            characters -= len(parts[-1])
            if characters <= 0:
                break
    return "\n".join(reversed(parts))


def _steps_after(node: LexborNode) -> Iterator[NodeStep]:
    """Steps in document order after `node`, bounded by what is inside its siblings."""
    current, depth, count = node, 0, 0
    while count < MAX_NEARBY_NODES:
        step = current.next
        if step is None:
            parent = current.parent
            tag = parent.tag if parent is not None else None
            if parent is None or tag is None or (not depth and tag in ("html", "body")):
                return
            yield parent, tag, False
            current = parent
            if depth:
                depth -= 1
                count += 1
            continue
        current = step
        while True:
            tag = current.tag or ""
            yield current, tag, True
            count += 1
            child = None if tag in LEAF_TAGS else current.first_child
            if child is None:
                break
            current = child
            depth += 1
        if tag != "-text":
            yield current, tag, False
            count += 1


def _steps_before(top: LexborNode, stop: LexborNode) -> Iterator[NodeStep]:
    for count, step in enumerate(_subtree_steps(top)):
        if count >= MAX_STEPS_BEFORE or step[0].mem_id == stop.mem_id:
            return
        yield step


def _subtree_steps(top: LexborNode) -> Iterator[NodeStep]:
    """The subtree of `top` without what is skipped: iterative, since pages nest deep."""
    current: LexborNode | None = top
    top_id = top.mem_id
    while current is not None:
        tag = current.tag or ""
        yield current, tag, True
        child = None if tag in LEAF_TAGS else current.first_child
        if child is not None:
            current = child
            continue
        while current is not None:
            if tag != "-text":
                yield current, tag, False
            if current.mem_id == top_id:
                return
            if current.next is not None:
                current = current.next
                break
            current = current.parent
            tag = (current.tag or "") if current is not None else ""


def _nearby_lines(steps: Iterable[NodeStep]) -> Iterator[Line]:
    """The lines of a walk, until `MAX_NEARBY_TEXT` or `MAX_NEARBY_PARAGRAPHS` is reached."""
    gatherer = _LineGatherer()
    for node, tag, is_opening in steps:
        if tag == "-text":
            gatherer.add_text(node)
        elif tag in NEARBY_INLINE_TAGS:
            gatherer.note_inline(node, tag, is_opening)
        elif tag not in NEARBY_SKIPPED_TAGS:
            if gatherer.parts and (line := gatherer.end_line()):
                yield line
                if gatherer.is_full:
                    return
            if tag != "br":
                gatherer.cross_border(node, tag, is_opening)
    if line := gatherer.end_line():
        yield replace(line, is_bold=False)  # a walk may stop in the middle of a line


class _LineGatherer:
    """Joins the text between two block borders to one line, with the marks of its elements."""

    __slots__ = ("bold", "bold_depth", "datetime", "paragraphs", "parts", "stack", "tag", "total")

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.stack: list[LexborNode | str] = []
        self.datetime: str | None = None
        self.tag = ""
        self.bold_depth = self.bold = self.total = self.paragraphs = 0

    def add_text(self, node: LexborNode) -> None:
        """Add a text node to the line."""
        piece = node.text_content or ""
        self.parts.append(piece)
        if self.bold_depth:
            self.bold += len(piece)

    def note_inline(self, node: LexborNode, tag: str, is_opening: bool) -> None:
        """Note what an element inside the line says: bold text, a machine-readable time."""
        if tag in BOLD_TAGS:
            self.bold_depth = max(0, self.bold_depth + (1 if is_opening else -1))
        elif tag == "time" and is_opening:
            self.datetime = self.datetime or node.attributes.get("datetime")

    def end_line(self) -> Line | None:
        """The line so far; None if it is only white space."""
        raw = "".join(self.parts)[:MAX_NEARBY_LINE_LENGTH]
        is_bold = self.bold * MIN_BOLD_SHARE[1] >= len(raw) * MIN_BOLD_SHARE[0]
        self.parts, self.bold = [], 0
        text = " ".join(raw.split())
        if not text:
            return None
        line = Line(self.tag, _stack_marks(self.stack), text, self.datetime, is_bold)
        self.datetime = None
        self.total += len(text)
        self.paragraphs += len(text) >= MIN_PARAGRAPH_LENGTH
        return line

    def cross_border(self, node: LexborNode, tag: str, is_opening: bool) -> None:
        """Enter or leave a block element."""
        if is_opening:
            self.stack.append(node)
            self.tag = tag
        elif self.stack:
            self.stack.pop()

    @property
    def is_full(self) -> bool:
        return self.total > MAX_NEARBY_TEXT or self.paragraphs >= MAX_NEARBY_PARAGRAPHS


def _stack_marks(stack: list[LexborNode | str]) -> str:
    """The class words of the last three elements, which are read once and left in the stack."""
    last = [entry if isinstance(entry, str) else _element_marks(entry) for entry in stack[-3:]]
    stack[-3:] = last
    return " ".join(last)


def _element_marks(node: LexborNode) -> str:
    attributes = node.attributes
    if not attributes:
        return ""
    marks = [value for name in MARK_ATTRIBUTES if (value := attributes.get(name))]
    return " ".join(marks)[:MAX_MARKS_LENGTH]
