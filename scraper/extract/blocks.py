"""One walk over the tree: a page as blocks of text, each knowing where it stands."""

import re
from collections.abc import Callable

from selectolax.lexbor import LexborHTMLParser, LexborNode

# No text of an article is in these.
SKIPPED = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "svg",
        "iframe",
        "head",
        "object",
        "canvas",
        "audio",
        "video",
        "select",
        "option",
        "textarea",
        "input",
        "button",
        "map",
        "datalist",
        "progress",
        "meter",
        "frame",
        "frameset",
        "noframes",
        "amp-ad",
        "amp-embed",
        "amp-iframe",
        "amp-social-share",
        "amp-analytics",
        "amp-sidebar",
    ]
)
INLINE = frozenset(
    [
        "a",
        "abbr",
        "acronym",
        "b",
        "bdi",
        "bdo",
        "big",
        "cite",
        "code",
        "data",
        "del",
        "dfn",
        "em",
        "font",
        "i",
        "ins",
        "kbd",
        "mark",
        "q",
        "rb",
        "rp",
        "rt",
        "ruby",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "var",
        "nobr",
        "label",
        "img",
        "picture",
        "source",
    ]
)
ENTRIES = frozenset(("text", "email", "search", "tel", ""))  # inputs that are filled in
BOLD = frozenset(("b", "strong"))
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
    """The blocks of a page in order, hidden and script text left out."""
    return _Walk(prior, is_hidden).walk(tree.body) if tree.body is not None else []


def read_all_blocks(tree: LexborHTMLParser, prior: Prior) -> list[Block]:
    """As read_blocks, with what is hidden: some pages show their text only by script."""
    return _Walk(prior, lambda attributes: False).walk(tree.body) if tree.body is not None else []


class _Walk:
    """Gathers text nodes into blocks."""

    def __init__(self, prior: Prior, hidden: Callable[[Attributes], bool]) -> None:
        self.prior = prior
        self.hidden = hidden
        self.blocks: list[Block] = []
        self.parts: list[str] = []
        self.linked = 0
        self.bold = 0
        self.tail = ""
        self.paid = False

    def flush(self, frame: Frame) -> None:
        """End the block that is being gathered."""
        if self.parts:
            text = " ".join("".join(self.parts).split())
            if text:
                block = Block(text, frame, self.linked, self.bold, " ".join(self.tail.split()))
                block.paid = self.paid
                self.blocks.append(block)
            self.paid = False
            self.parts = []
            self.linked = self.bold = 0
            self.tail = ""

    def walk(self, root: LexborNode) -> list[Block]:
        """Depth first with a stack of its own, so nesting costs no recursion."""
        frame = Frame(None, "body", "", self.prior)
        stack: list[tuple[LexborNode | None, Frame, bool, bool]] = []
        node = root.first_child
        in_link = in_bold = False
        while True:
            if node is None:
                if not stack:
                    break
                node, outer, in_link, in_bold = stack.pop()
                if outer is not frame:
                    self.flush(frame)
                    frame = outer
                continue
            tag = node.tag or "-none"
            if tag == "-text":
                text = node.text_content or ""
                self.parts.append(text)
                if in_link:
                    self.tail += text
                elif self.tail and not text.isspace():
                    self.tail = ""
                if in_link or in_bold:
                    size = len(text.strip())
                    self.linked += size * in_link
                    self.bold += size * in_bold
            elif tag == "br":
                self.flush(frame)
            elif tag == "wbr" or tag[0] == "-" or tag in SKIPPED:
                if tag == "input" and (node.attributes.get("type") or "").lower() in ENTRIES:
                    mark_form(frame)
            else:
                child = node.first_child
                inline = tag in INLINE
                if not inline:
                    self.flush(frame)
                if child is not None:
                    attributes = node.attributes
                    if not (attributes and self.hidden(attributes)):
                        stack.append((node.next, frame, in_link, in_bold))
                        if inline:
                            if tag == "a":
                                in_link = in_link or leads_away(attributes)
                                self.paid |= "sponsored" in (attributes.get("rel") or "")
                            in_bold = in_bold or tag in BOLD
                        else:
                            label = ""
                            if attributes:
                                label = " ".join(
                                    [v[:MAX_LABEL] for k in NAMING if (v := attributes.get(k))]
                                )
                            frame = Frame(frame, tag, label, self.prior)
                        node = child
                        continue
            node = node.next
        self.flush(frame)
        return self.blocks


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
