"""The visible lines around the headline, in document order and within bounds."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.extract.html.reading.elements import BOLD_TAGS, NEARBY_INLINE_TAGS, NEARBY_SKIPPED_TAGS
from scraper.extract.html.tags import spaced_text
from scraper.extract.html.text import bare

LEAF_TAGS = NEARBY_SKIPPED_TAGS | {"-text"}
MARK_ATTRIBUTES = ("class", "id", "itemprop")
MAX_NEARBY_NODES = 180
MAX_NEARBY_TEXT = 2_500
MIN_PARAGRAPH_LENGTH = 120  # characters of a line that is surely body text
MAX_NEARBY_PARAGRAPHS = 4
MAX_NEARBY_LINE_LENGTH = 3_000
MAX_MARKS_LENGTH = 200  # characters of the marks of an element
MAX_STEPS_BEFORE = 90
MAX_HEADING_CANDIDATES = 60
MAX_STEPS_BACK = 40
BOLD_SELECTOR = "b, strong, big, font"
HEADING_SELECTOR = 'h2, h3, h4, h5, [class*="title" i], [class*="headline" i], [class*="heading" i]'


# A node, its tag, and whether the walk enters it (or leaves it).
NodeStep = tuple[LexborNode, str, bool]


@dataclass(frozen=True, slots=True)
class Line:
    """A run of text that a reader sees as one line.

    `marks` are the class, id and itemprop of the three elements around it, `breaks` the `<br>` between it and the
    line before it in the same element.
    """

    tag: str
    marks: str
    text: str
    datetime: str | None
    is_bold: bool
    breaks: int = 0


def headline_node(tree: LexborHTMLParser, headline: str) -> LexborNode | None:
    """The element that shows a headline that is no `h1`: a smaller heading or a titled box."""
    bare_headline = bare(headline)
    if not bare_headline:
        return None
    for node in tree.css(HEADING_SELECTOR)[:MAX_HEADING_CANDIDATES]:
        if node.tag in ("title", "meta", "body", "article", "a"):
            continue
        # The text in C gives a quick no. To gather what a reader sees of it takes long.
        if (
            bare_headline in bare(node.text()[:MAX_NEARBY_LINE_LENGTH])
            and bare(spaced_text(node)) == bare_headline
        ):
            return node
    return None


def bold_node(tree: LexborHTMLParser, headline: str) -> LexborNode | None:
    """The bold or large text that shows the headline on a page laid out with tables."""
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
    """The lines after a node, in order."""
    return tuple(_nearby_lines(_steps_after(node)))


def lines_inside(node: LexborNode) -> tuple[Line, ...]:
    """The first lines in a node, in order."""
    return tuple(_nearby_lines(islice(_subtree_steps(node), MAX_NEARBY_NODES)))


def lines_before(node: LexborNode) -> tuple[Line, ...]:
    """The first lines before a node in its nearest ancestors, in order."""
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
    """The last `characters` of text before a node, menus too, a line feed between elements."""
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
    """The steps after a node in document order; those within its siblings count for the bound."""
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
    """The steps through an element without the skipped ones; iterative, since pages nest deeply."""
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
    """The lines of a walk, each with the marks of the three blocks that hold it.

    Ends at `MAX_NEARBY_TEXT` or `MAX_NEARBY_PARAGRAPHS`. One loop, since a method call for each of
    its 500 steps made reading the metadata 5 % slower.
    """
    parts: list[str] = []
    stack: list[LexborNode | str] = []
    when: str | None = None
    tag, bold_depth, bold, total, paragraphs, breaks = "", 0, 0, 0, 0, 0
    for node, name, is_opening in steps:
        if name == "-text":
            piece = node.text_content or ""
            parts.append(piece)
            bold += len(piece) if bold_depth else 0
        elif name in NEARBY_INLINE_TAGS:
            if name in BOLD_TAGS:
                bold_depth = max(0, bold_depth + (1 if is_opening else -1))
            elif name == "time" and is_opening:
                when = when or node.attributes.get("datetime")
        elif name not in NEARBY_SKIPPED_TAGS:
            if parts:
                raw = "".join(parts)[:MAX_NEARBY_LINE_LENGTH]
                if text := " ".join(raw.split()):
                    is_bold = bold * 10 >= len(raw) * 9
                    yield Line(tag, _stack_marks(stack), text, when, is_bold, breaks)
                    total += len(text)
                    paragraphs += len(text) >= MIN_PARAGRAPH_LENGTH
                    if total > MAX_NEARBY_TEXT or paragraphs >= MAX_NEARBY_PARAGRAPHS:
                        return
                    when, breaks = None, 0
                parts, bold = [], 0
            if name == "br":
                breaks += is_opening
            else:
                breaks = 0
                if is_opening:
                    stack.append(node)
                    tag = name
                elif stack:
                    stack.pop()
    if text := " ".join("".join(parts)[:MAX_NEARBY_LINE_LENGTH].split()):
        yield Line(tag, _stack_marks(stack), text, when, False, breaks)


def _stack_marks(stack: list[LexborNode | str]) -> str:
    """The marks of the last three elements, which replace them in the stack: each is read once."""
    last = [entry if isinstance(entry, str) else _element_marks(entry) for entry in stack[-3:]]
    stack[-3:] = last
    return " ".join(last)


def _element_marks(node: LexborNode) -> str:
    attributes = node.attributes
    if not attributes:
        return ""
    marks = [value for name in MARK_ATTRIBUTES if (value := attributes.get(name))]
    return " ".join(marks)[:MAX_MARKS_LENGTH]
