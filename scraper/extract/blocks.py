"""One walk over the tree: a page as blocks of text, each knowing where it stands."""

import re
from collections.abc import Callable

from selectolax.lexbor import LexborHTMLParser, LexborNode

# No text of an article is in these.
_SKIPPED = """
    script style noscript template svg iframe head object canvas audio video select option
    textarea input button map datalist progress meter frame frameset noframes amp-ad amp-embed
    amp-iframe amp-social-share amp-analytics amp-sidebar
"""
SKIPPED = frozenset(_SKIPPED.split())
_INLINE = """
    a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd mark q rb rp rt ruby s
    samp small span strike strong sub sup time tt u var nobr label img picture source
"""
INLINE = frozenset(_INLINE.split())
ENTRIES = frozenset(("text", "email", "search", "tel", ""))  # inputs that are filled in
BOLD = frozenset(("b", "strong"))
# Inline elements that nobody hides: their attributes are not read.
PLAIN = frozenset(("b", "strong", "i", "em", "u", "s", "sub", "sup", "small", "font"))
TEXT, BOX, PART, LINK, BREAK, INPUT, NOTHING = range(7)
STATIC_TAGS = 1_000  # Lexbor numbers the tags of HTML and SVG under this, on every page alike
# Weights under which an element is surely none of the article: any, and one that is a menu by
# its tag. Of 68,000 paragraphs in 1,400 pages 130 stand so, most of them names in menus.
HOPELESS, HOPELESS_MENU = -4.0, -2.0
MENUS = frozenset(("nav", "footer"))
# `visibility: hidden` is not: WeChat and others lift it by script from the whole article.
HIDDEN_STYLE = re.compile(r"display\s*:\s*none", re.I)
STREAMED = re.compile(r"S:[0-9a-f]+")  # React sends late parts so, and moves them into place
MAX_LABEL = 200  # characters of a class or id
NAMING = ("class", "id", "role", "itemprop")

# Two weights of an element by its tag and its class and id: for all that is in it,
# and for the blocks close by.
Prior = Callable[[str, str], tuple[float, float]]


Attributes = dict[str, str | None]


class Frame:
    """An element around blocks; `far` and `near` are the summed weights of its ancestry."""

    __slots__ = ("depth", "far", "has_form", "label", "near", "own", "parent", "tag")

    def __init__(self, parent: "Frame | None", tag: str, label: str, prior: Prior) -> None:
        self.parent = parent
        self.tag = tag
        self.label = label
        self.has_form = False
        far, self.own = prior(tag, label)
        self.near: float = self.own
        self.far: float = far
        self.depth: int = 0
        if parent is not None:
            self.depth = parent.depth + 1
            self.far += parent.far
            self.near += parent.own
            if parent.parent is not None:
                self.near += parent.parent.own


class Block:
    """A run of text without a break; `linked` and `bold` count its characters in links and bold,
    `tail` is the link that it ends with."""

    __slots__ = ("bold", "frame", "linked", "paid", "tail", "text")

    def __init__(self, text: str, frame: Frame, linked: int, bold: int, tail: str) -> None:
        self.text = text
        self.tail = tail
        self.paid = False
        self.frame = frame
        self.linked = linked
        self.bold = bold


def read_blocks(tree: LexborHTMLParser, prior: Prior) -> list[Block]:
    """The blocks of a page in order, without hidden and script text and what is surely a menu."""
    return _Walk(prior, is_hidden, is_hopeless).walk(tree.body) if tree.body is not None else []


def read_all_blocks(tree: LexborHTMLParser, prior: Prior) -> list[Block]:
    """As read_blocks, with what is left out there: some pages show their text only by script."""
    return _Walk(prior, _never, _never).walk(tree.body) if tree.body is not None else []


def read_shown_blocks(tree: LexborHTMLParser, prior: Prior) -> list[Block]:
    """As read_blocks, with what looks like menus."""
    return _Walk(prior, is_hidden, _never).walk(tree.body) if tree.body is not None else []


class _Walk:
    """Gathers text nodes into blocks."""

    def __init__(
        self,
        prior: Prior,
        hidden: Callable[[Attributes], bool],
        hopeless: Callable[[Frame], bool],
    ) -> None:
        self.prior = prior
        self.hidden = hidden
        self.hopeless = hopeless
        self.blocks: list[Block] = []
        self.parts: list[str] = []
        self.linked = 0
        self.bold = 0
        self.tail = ""
        self.paid = False

    def flush(self, frame: Frame) -> None:
        """End the block that is being gathered."""
        text = " ".join("".join(self.parts).split())
        self.parts.clear()
        if text:
            tail = " ".join(self.tail.split()) if self.tail else ""
            block = Block(text, frame, self.linked, self.bold, tail)
            block.paid = self.paid
            self.blocks.append(block)
        self.paid = False
        self.linked = self.bold = 0
        self.tail = ""

    def take(self, text: str, in_link: bool, in_bold: bool) -> None:
        """Add a piece of text to the block that is being gathered."""
        if not self.parts and text.isspace():
            return
        self.parts.append(text)
        if in_link:
            self.tail += text
        elif self.tail and not text.isspace():
            self.tail = ""
        if in_link or in_bold:
            size = len(text.strip())
            self.linked += size * in_link
            self.bold += size * in_bold

    def walk(self, root: LexborNode) -> list[Block]:
        """Depth first with a stack of its own, so nesting costs no recursion."""
        frame = Frame(None, "body", "", self.prior)
        stack: list[tuple[LexborNode | None, Frame, bool, bool]] = []
        node = root.first_child
        in_link = in_bold = False
        while node is not None or stack:
            if node is None:
                node, outer, in_link, in_bold = stack.pop()
                if outer is not frame:
                    if self.parts:
                        self.flush(frame)
                    frame = outer
                continue
            kind, tag = KNOWN.get(node.tag_id) or known(node)
            if kind == TEXT:
                self.take(node.text_content or "", in_link, in_bold)
            elif kind <= LINK:
                if kind == BOX and self.parts:
                    self.flush(frame)
                child = node.first_child
                inner = self.enter(node, kind, tag, frame) if child is not None else None
                if inner is not None:
                    stack.append((node.next, frame, in_link, in_bold))
                    frame = inner
                    in_link = in_link or (kind == LINK and leads_away(node.attributes))
                    in_bold = in_bold or tag in BOLD
                    node = child
                    continue
            elif kind == BREAK and self.parts:
                self.flush(frame)
            elif kind == INPUT and (node.attributes.get("type") or "").lower() in ENTRIES:
                mark_form(frame)
            node = node.next
        if self.parts:
            self.flush(frame)
        return self.blocks

    def enter(self, node: LexborNode, kind: int, tag: str, frame: Frame) -> Frame | None:
        """The frame for what is in an element; None where that is left out."""
        if tag in PLAIN:
            return frame
        attributes = node.attributes
        if attributes and self.hidden(attributes):
            return None
        if kind != BOX:
            self.paid |= kind == LINK and "sponsored" in (attributes.get("rel") or "")
            return frame
        label = ""
        if attributes:
            label = " ".join([v[:MAX_LABEL] for k in NAMING if (v := attributes.get(k))])
        inner = Frame(frame, tag, label, self.prior)
        return None if self.hopeless(inner) else inner


# What was found of the tags of HTML, by their numbers.
KNOWN: dict[int, tuple[int, str]] = {}


def known(node: LexborNode) -> tuple[int, str]:
    """Which kind of node it is for the walk, and its tag."""
    tag = node.tag or "-none"
    found = _kind(tag), tag
    if 0 < node.tag_id < STATIC_TAGS:
        KNOWN[node.tag_id] = found
    return found


def _kind(tag: str) -> int:
    kinds = {"-text": TEXT, "br": BREAK, "input": INPUT, "a": LINK, "wbr": NOTHING}
    if tag in kinds:
        return kinds[tag]
    if tag[0] == "-" or tag in SKIPPED:
        return NOTHING
    return PART if tag in INLINE else BOX


def is_hopeless(frame: Frame) -> bool:
    """Whether no part of the article is in an element, by its class, its tag and those around it."""
    return frame.far < (HOPELESS_MENU if frame.tag in MENUS else HOPELESS)


def _never(_: object) -> bool:
    return False


def leads_away(attributes: Attributes) -> bool:
    """Whether a link goes to another page: a table of contents is text."""
    return not (attributes.get("href") or "").startswith("#")


def mark_form(frame: Frame) -> None:
    """Note at an element and at the one around it that a reader can enter something there."""
    frame.has_form = True
    if frame.parent is not None:
        frame.parent.has_form = True


def is_hidden(attributes: Attributes) -> bool:
    """Whether the element itself says that it is not shown."""
    if "hidden" in attributes:
        return not STREAMED.fullmatch(attributes.get("id") or "")
    style = attributes.get("style")
    return bool(style and HIDDEN_STYLE.search(style))
