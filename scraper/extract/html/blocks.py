"""A page as blocks of text, each with its place in the tree."""

from collections.abc import Callable, Iterable

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.extract.html.reading.elements import BOLD_TAGS, Attributes
from scraper.extract.html.reading.hidden import SCRAMBLED_CLASS, hides, is_left_out
from scraper.extract.html.reading.kinds import (
    BLOCK_NODE,
    BREAK_NODE,
    INPUT_NODE,
    LINK_NODE,
    NODE_KINDS,
    TEXT_NODE,
    is_form_field,
    node_kind,
)
from scraper.extract.html.text import MAX_INITIAL_LENGTH, is_initial, join_drop_cap, one_line

# Weights under which an element, or a menu by its tag, is surely no part of the article. In folds
# over publishers this lowers no F1. If little text is left, the page is read without it.
HOPELESS_WEIGHT, HOPELESS_MENU_WEIGHT = -2.0, -1.0
DROP_CAP_TAGS = frozenset(("div", "p"))  # a drop cap may be one of its own before the text
# What the element itself must add to that: a list among paragraphs is no worse than they are.
MIN_HOPELESS_STEP = -0.45
MENU_TAGS = frozenset(("nav", "footer"))
MAX_WALKED_BLOCKS = 12_000  # the longest article page measured has 3,100
MAX_ELEMENT_LABEL = 200  # characters of a class or id
LABEL_ATTRIBUTES = ("id", "role", "itemprop")  # and class

# Two weights of an element by its tag and label: for everything in it, and for the blocks close by.
Prior = Callable[[str, str], tuple[float, float]]


def no_weight(tag: str, label: str) -> tuple[float, float]:
    """A prior under which no element is likelier to be the article than another."""
    return 0.0, 0.0


class Element:
    """An element around blocks, with the weights that its tag and label give it.

    `own` is its own weight for what is close by. `near` adds those of two elements around it, `far`
    the weights of all of them for everything inside.
    """

    __slots__ = ("depth", "far", "has_form", "label", "near", "own", "parent", "tag")

    def __init__(self, parent: "Element | None", tag: str, label: str, prior: Prior) -> None:
        self.parent = parent
        self.tag = tag
        self.label = label
        self.has_form = False
        far, own = prior(tag, label)
        self.own = own
        if parent is None:
            self.near, self.far, self.depth = own, far, 0
        else:
            outer = parent.parent
            self.near = own + parent.own + (outer.own if outer is not None else 0.0)
            self.far = far + parent.far
            self.depth = parent.depth + 1


def is_within(element: Element, outer: Element) -> bool:
    """Whether an element is another or is inside it."""
    at: Element | None = element
    while at is not None and at.depth > outer.depth:
        at = at.parent
    return at is outer


class Block:
    """A run of text without a break.

    `linked` and `bold` count its characters in links and in bold. `tail` is the link at its end,
    and `paid` says that a link in it is an advertisement.
    """

    __slots__ = ("bold", "element", "linked", "paid", "tail", "text")

    def __init__(
        self, text: str, element: Element, linked: int, bold: int, tail: str, paid: bool
    ) -> None:
        self.text = text
        self.tail = tail
        self.paid = paid
        self.element = element
        self.linked = linked
        self.bold = bold


def read_blocks(tree: LexborHTMLParser, prior: Prior, hidden: frozenset[int]) -> list[Block]:
    """The blocks of a page in order, without scripts, menus and `hidden` elements.

    `prior` gives the weights of elements, `hidden` is `Tags.hidden`.
    """
    return _Walk(prior, hidden, prunes=True).walk(tree.body)


def read_all_blocks(
    tree: LexborHTMLParser,
    prior: Prior,
    hidden: frozenset[int] = frozenset(),
    last_text: str | None = None,
) -> list[Block]:
    """The blocks of a page in order, as `read_blocks` gives them, and those of menus.

    None comes after the first block whose text is `last_text`.
    """
    return _Walk(prior, hidden, prunes=False, last_text=last_text).walk(tree.body)


def read_parts(
    roots: Iterable[LexborNode], prior: Prior, skipped_ids: frozenset[int]
) -> list[Block]:
    """The blocks of some elements in order, without the elements with `skipped_ids` (`mem_id`)."""
    walk = _Walk(prior, skipped_ids, prunes=False)
    top = Element(None, "body", "", prior)
    for root in roots:
        walk.walk(root, Element(top, root.tag or "", label_of(root.attributes), prior))
    return walk.blocks


class _Walk:
    """Gathers text nodes into blocks.

    Half of the text nodes are white space, and nothing of them is read. A node costs half a
    microsecond.
    """

    def __init__(
        self, prior: Prior, hidden: frozenset[int], *, prunes: bool, last_text: str | None = None
    ) -> None:
        self.prior = prior
        self.hidden = hidden
        self.prunes = prunes
        self.last_text = last_text
        self.is_complete = False
        self.blocks: list[Block] = []
        self.parts: list[str] = []
        self.linked = 0
        self.bold = 0
        self.tail = ""
        self.paid = False
        self.has_initial = False  # the last block may be a drop cap

    def flush(self, element: Element) -> None:
        """End the current block."""
        text = one_line("".join(self.parts))
        if " " in text[1:3]:
            text = join_drop_cap(self.parts, text)
        self.parts.clear()
        if text and not self.is_complete:
            if self.has_initial:
                text = self.take_initial(element, text)
            self.has_initial = len(text) <= MAX_INITIAL_LENGTH
            tail = one_line(self.tail)
            self.blocks.append(Block(text, element, self.linked, self.bold, tail, self.paid))
            self.is_complete = text == self.last_text or len(self.blocks) >= MAX_WALKED_BLOCKS
        if self.linked or self.bold or self.tail or self.paid:
            self.paid = False
            self.linked = self.bold = 0
            self.tail = ""

    def take_initial(self, element: Element, text: str) -> str:
        """The text of a block, with the drop cap before it as a line of its own."""
        last = self.blocks[-1]
        places = (last.element, last.element.parent)
        is_near = element in places or element.parent is last.element
        is_near = is_near or (element.tag in DROP_CAP_TAGS and element.parent in places)
        if is_near and is_initial(last.text, text):
            self.blocks.pop()
            return last.text + text
        return text

    def mark(self, text: str, in_link: bool, in_bold: bool) -> None:
        """Note whether the text just added is linked or bold."""
        if in_link:
            self.tail += text
            self.linked += len(text.strip())
        elif self.tail and not text.isspace():
            self.tail = ""
        if in_bold:
            self.bold += len(text.strip())

    def walk(  # noqa: C901 - in parts it takes 4 % longer
        self, root: LexborNode | None, within: Element | None = None
    ) -> list[Block]:
        """Depth first with a stack of its own, so nesting costs no recursion.

        One loop with its state in local variables. With the text nodes in a method of their own,
        reading the blocks of 200 pages took 4 % longer.
        """
        element = within or Element(None, "body", "", self.prior)
        stack: list[tuple[LexborNode | None, Element, bool, bool]] = []
        parts, hidden = self.parts, self.hidden
        node = root.first_child if root is not None else None
        in_link = in_bold = False
        while True:
            if node is None:
                if not stack:
                    break
                node, outer, in_link, in_bold = stack.pop()
                if outer is not element:
                    if parts:
                        self.flush(element)
                        if self.is_complete:
                            break
                    element = outer
                continue
            try:
                kind, tag = NODE_KINDS[node.tag_id]
            except KeyError:
                kind, tag = node_kind(node)
            if kind == TEXT_NODE:
                if not node.is_empty_text_node:
                    text = node.text_content or ""
                    parts.append(text)
                    if in_link or in_bold or self.tail:
                        self.mark(text, in_link, in_bold)
                elif parts:
                    parts.append(" ")
                    if in_link:
                        self.tail += " "
            elif kind <= LINK_NODE:
                if kind == BLOCK_NODE and parts:
                    self.flush(element)
                child = node.first_child
                if child is not None and not (hidden and node.mem_id in hidden):
                    inner = self.enter(node, tag, element) if kind == BLOCK_NODE else element
                    if inner is not None:
                        stack.append((node.next, element, in_link, in_bold))
                        if kind == BLOCK_NODE:
                            element = inner
                        elif kind == LINK_NODE:
                            in_link = in_link or self.follow(node)
                        elif tag in BOLD_TAGS:
                            in_bold = True
                        node = child
                        continue
            elif kind == BREAK_NODE:
                if parts:
                    self.flush(element)
            elif kind == INPUT_NODE and is_form_field(node):
                mark_form(element)
            node = node.next
        if parts:
            self.flush(element)
        return self.blocks

    def enter(self, node: LexborNode, tag: str, element: Element) -> Element | None:
        """The Element of a node; None if it is left out."""
        attributes = node.attributes
        label = label_of(attributes) if attributes else ""
        inner = Element(element, tag, label, self.prior)
        if (
            inner.far < HOPELESS_MENU_WEIGHT
            and self.prunes
            and inner.far - element.far < MIN_HOPELESS_STEP
            and (inner.far < HOPELESS_WEIGHT or tag in MENU_TAGS)
        ):
            return None
        return None if label and hides(label) and self.leaves_out(node, label) else inner

    def leaves_out(self, node: LexborNode, label: str) -> bool:
        """Whether what a class hides is left out: a script may show it on a page with little text."""
        return SCRAMBLED_CLASS in label or (self.prunes and is_left_out(node, label))

    def follow(self, node: LexborNode) -> bool:
        """Whether a link leads to another page: a table of contents is text."""
        attributes = node.attributes
        self.paid |= "sponsored" in (attributes.get("rel") or "")
        return not (attributes.get("href") or "").startswith("#")


def label_of(attributes: Attributes) -> str:
    """The class, id, role and itemprop of an element, with spaces between."""
    label = (attributes.get("class") or "")[:MAX_ELEMENT_LABEL]
    if len(attributes) == 1 and label:
        return label
    for key in LABEL_ATTRIBUTES:
        if key in attributes and (name := attributes[key]):
            label = f"{label} {name[:MAX_ELEMENT_LABEL]}" if label else name[:MAX_ELEMENT_LABEL]
    return label


def mark_form(element: Element) -> None:
    """Note in an element and in the one around it that they have a field to fill in."""
    element.has_form = True
    if element.parent is not None:
        element.parent.has_form = True
