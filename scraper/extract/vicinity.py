"""The visible text around the headline, as blocks, read in document order within bounds."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.extract.tags import bare, spaced_text

INLINE_WORDS = """
    a abbr acronym b bdi bdo big cite code data dfn em font i kbd label mark q ruby s samp small
    span strong sub sup time tt u var wbr
    """
INLINE = frozenset(INLINE_WORDS.split())
SKIPPED_WORDS = """
    script style template noscript svg iframe form button select nav aside figure video audio
    picture img input object footer
    """
SKIPPED = frozenset(SKIPPED_WORDS.split())
MARKING = ("class", "id", "itemprop", "rel", "data-testid")
MAX_NODES = 180
MAX_CHARACTERS = 2_500
MAX_BLOCK = 3_000
MAX_BEFORE = 90
MAX_PAGE_NODES = 3_000
MAX_PAGE_CHARACTERS = 12_000
MAX_HEADINGS = 60
HEADINGS = 'h2, h3, h4, h5, [class*="title" i], [class*="headline" i], [class*="heading" i]'


@dataclass(frozen=True, slots=True)
class Block:
    """A run of text that a reader sees as one line: its element, its class words, its text."""

    tag: str
    marks: str
    text: str
    datetime: str | None
    is_bold: bool


def headline_node(tree: LexborHTMLParser, headline: str) -> LexborNode | None:
    """The element that shows the headline where it is no `h1`: a smaller heading or a titled box."""
    wanted = bare(headline)
    if not wanted:
        return None
    for node in tree.css(HEADINGS)[:MAX_HEADINGS]:
        if (
            node.tag not in ("title", "meta", "body", "article", "a")
            and bare(spaced_text(node)) == wanted
        ):
            return node
    return None


def blocks_after(node: LexborNode) -> tuple[Block, ...]:
    """The blocks that follow a node, in order."""
    return tuple(_blocks(_following(node), MAX_CHARACTERS))


def page_blocks(tree: LexborHTMLParser) -> Iterator[Block]:
    """The page's blocks from its top: for pages whose headline is not found."""
    body = tree.body
    if body is not None:
        yield from _blocks(islice(_inside(body), MAX_PAGE_NODES), MAX_PAGE_CHARACTERS)


def blocks_before(node: LexborNode) -> tuple[Block, ...]:
    """The first blocks in the node's nearest ancestors that stand before it, in order."""
    start: LexborNode | None = node
    for _ in range(3):
        parent = start.parent if start is not None else None
        if parent is None or parent.tag in ("body", "html", "main"):
            break
        start = parent
    if start is None or start.mem_id == node.mem_id:
        return ()
    return tuple(_blocks(_descendants(start, node), MAX_CHARACTERS))


def _following(node: LexborNode) -> Iterator[tuple[LexborNode, bool]]:
    """(node, opened) in document order after `node`; opened is False where an element closes."""
    current = node
    count = 0
    while count < MAX_NODES:
        step = current.next
        if step is None:
            parent = current.parent
            if parent is None or parent.tag in ("html", "body"):
                return
            yield parent, False
            current = parent
            continue
        current = step
        for inner, opened in _inside(current):
            count += 1
            yield inner, opened
            if count >= MAX_NODES:
                return


def _descendants(top: LexborNode, stop: LexborNode) -> Iterator[tuple[LexborNode, bool]]:
    for count, (inner, opened) in enumerate(_inside(top)):
        if count >= MAX_BEFORE or inner.mem_id == stop.mem_id:
            return
        yield inner, opened


def _inside(top: LexborNode) -> Iterator[tuple[LexborNode, bool]]:
    """The subtree of `top` without what is skipped: iterative, since pages nest deep."""
    current: LexborNode | None = top
    top_id = top.mem_id
    while current is not None:
        tag = current.tag
        yield current, True
        child = None if tag in SKIPPED or tag == "-text" else current.first_child
        if child is not None:
            current = child
            continue
        while current is not None:
            if current.tag != "-text":
                yield current, False
            if current.mem_id == top_id:
                return
            if current.next is not None:
                current = current.next
                break
            current = current.parent


def _blocks(walk: Iterator[tuple[LexborNode, bool]], limit: int) -> Iterator[Block]:
    """Text runs between block borders, each with the marks of its element and of its inline children."""
    text: list[str] = []
    marks: list[str] = []
    stack: list[str] = []
    when: str | None = None
    tag, bold_depth, bold, total = "", 0, 0, 0
    for node, opened in walk:
        name = node.tag or ""
        if name == "-text":
            piece = node.text(deep=False)
            text.append(piece)
            if bold_depth:
                bold += len(piece)
            continue
        if name.startswith("-") or name in SKIPPED:
            continue
        inline = name in INLINE
        if inline:
            if name in ("b", "strong"):
                bold_depth = max(0, bold_depth + (1 if opened else -1))
        elif text:
            raw = "".join(text)[:MAX_BLOCK]
            line = " ".join(raw.split())
            if line:
                total += len(line)
                yield Block(
                    tag, " ".join([*stack[-3:], *marks]), line, when, bold * 10 >= len(raw) * 9
                )
                if total > limit:
                    return
            text, marks, when, bold = [], [], None, 0
        if not opened:
            if not inline and stack:
                stack.pop()
            continue
        attributes = node.attributes
        mark = _mark(attributes)
        if inline:
            if mark:
                marks.append(mark)
            when = when or attributes.get("datetime")
        elif name != "br":
            stack.append(mark)
            tag, marks = name, []


def _mark(attributes: dict[str, str | None]) -> str:
    if not attributes:
        return ""
    found = [value for name in MARKING if (value := attributes.get(name))]
    return " ".join(found)[:200]
