"""One walk over the tree: a page as blocks of text, each knowing where it stands."""

from collections.abc import Callable, Iterable

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.extract.html.tags import Attributes

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
TEXT, BOX, PART, LINK, BREAK, INPUT, NOTHING = range(7)
STATIC_TAGS = 1_000  # Lexbor numbers the tags of HTML and SVG under this, on every page alike
# Weights under which an element is surely none of the article: any, and one that is a menu by
# its tag. In folds over publishers no F1 falls by it; where little is left, all is read again.
HOPELESS, HOPELESS_MENU = -2.0, -1.0
MENUS = frozenset(("nav", "footer"))
SCRAMBLED = "obfuscated"  # by German papers' class, letters shifted until a reader has paid
MAX_WALKED = 12_000  # blocks; the longest article page measured has 3,100
MAX_LABEL = 200  # characters of a class or id
NAMING = ("id", "role", "itemprop")  # and class

# Two weights of an element by its tag and its class and id: for all that is in it,
# and for the blocks close by.
Prior = Callable[[str, str], tuple[float, float]]


class Frame:
    """An element around blocks; `far` and `near` are the summed weights of its ancestry."""

    __slots__ = ("depth", "far", "has_form", "label", "near", "own", "parent", "tag")

    def __init__(self, parent: "Frame | None", tag: str, label: str, prior: Prior) -> None:
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


def is_within(frame: Frame, outer: Frame) -> bool:
    """Whether an element is another or stands in it."""
    at: Frame | None = frame
    while at is not None and at.depth > outer.depth:
        at = at.parent
    return at is outer


class Block:
    """A run of text without a break; `linked` and `bold` count its characters in links and bold,
    `tail` is the link that it ends with, `paid` says that a link in it is an advertisement."""

    __slots__ = ("bold", "frame", "linked", "paid", "tail", "text")

    def __init__(
        self, text: str, frame: Frame, linked: int, bold: int, tail: str, paid: bool
    ) -> None:
        self.text = text
        self.tail = tail
        self.paid = paid
        self.frame = frame
        self.linked = linked
        self.bold = bold


def read_blocks(tree: LexborHTMLParser, prior: Prior, hidden: frozenset[int]) -> list[Block]:
    """The blocks of a page in order, without script text, what is `hidden` (`Tags.hidden`) and what is
    surely a menu."""
    return _Walk(prior, hidden, prunes=True).walk(tree.body)


def read_all_blocks(
    tree: LexborHTMLParser, prior: Prior, hidden: frozenset[int] = frozenset()
) -> list[Block]:
    """As read_blocks, with what looks like menus."""
    return _Walk(prior, hidden, prunes=False).walk(tree.body)


def read_parts(roots: Iterable[LexborNode], prior: Prior, apart: frozenset[int]) -> list[Block]:
    """The blocks of some elements in order, without what is `apart`, which has `mem_id`s."""
    walk = _Walk(prior, apart, prunes=False)
    top = Frame(None, "body", "", prior)
    for root in roots:
        walk.walk(root, Frame(top, root.tag or "", label_of(root.attributes), prior))
    return walk.blocks


class _Walk:
    """Gathers text nodes into blocks.

    Half of the text nodes are white space, of which nothing is read. A visit costs half a
    microsecond.
    """

    def __init__(self, prior: Prior, hidden: frozenset[int], *, prunes: bool) -> None:
        self.prior = prior
        self.hidden = hidden
        self.prunes = prunes
        self.blocks: list[Block] = []
        self.parts: list[str] = []
        self.linked = 0
        self.bold = 0
        self.tail = ""
        self.paid = False

    def flush(self, frame: Frame) -> None:
        """End the block that is being gathered."""
        text = one_line("".join(self.parts))
        self.parts.clear()
        if text and len(self.blocks) < MAX_WALKED:
            tail = one_line(self.tail)
            self.blocks.append(Block(text, frame, self.linked, self.bold, tail, self.paid))
        if self.linked or self.bold or self.tail or self.paid:
            self.paid = False
            self.linked = self.bold = 0
            self.tail = ""

    def mark(self, text: str, in_link: bool, in_bold: bool) -> None:
        """Note what of the piece of text that was just added is linked or bold."""
        if in_link:
            self.tail += text
            self.linked += len(text.strip())
        elif self.tail and not text.isspace():
            self.tail = ""
        if in_bold:
            self.bold += len(text.strip())

    def walk(self, root: LexborNode | None, within: Frame | None = None) -> list[Block]:
        """Depth first with a stack of its own, so nesting costs no recursion."""
        frame = within or Frame(None, "body", "", self.prior)
        stack: list[tuple[LexborNode | None, Frame, bool, bool]] = []
        parts, hidden = self.parts, self.hidden
        node = root.first_child if root is not None else None
        in_link = in_bold = False
        while True:
            if node is None:
                if not stack:
                    break
                node, outer, in_link, in_bold = stack.pop()
                if outer is not frame:
                    if parts:
                        self.flush(frame)
                        if len(self.blocks) >= MAX_WALKED:
                            break
                    frame = outer
                continue
            try:
                kind, tag = KNOWN[node.tag_id]
            except KeyError:
                kind, tag = known(node)
            if kind == TEXT:
                if not node.is_empty_text_node:
                    text = node.text_content or ""
                    parts.append(text)
                    if in_link or in_bold or self.tail:
                        self.mark(text, in_link, in_bold)
                elif parts:
                    parts.append(" ")
                    if in_link:
                        self.tail += " "
            elif kind <= LINK:
                if kind == BOX and parts:
                    self.flush(frame)
                child = node.first_child
                if child is not None and not (hidden and node.mem_id in hidden):
                    inner = self.enter(node, tag, frame) if kind == BOX else frame
                    if inner is not None:
                        stack.append((node.next, frame, in_link, in_bold))
                        if kind == BOX:
                            frame = inner
                        elif kind == LINK:
                            in_link = in_link or self.follow(node)
                        elif tag in BOLD:
                            in_bold = True
                        node = child
                        continue
            elif kind == BREAK:
                if parts:
                    self.flush(frame)
            elif kind == INPUT and (node.attributes.get("type") or "").lower() in ENTRIES:
                mark_form(frame)
            node = node.next
        if parts:
            self.flush(frame)
        return self.blocks

    def enter(self, node: LexborNode, tag: str, frame: Frame) -> Frame | None:
        """The frame for what is in an element; None where that is left out."""
        attributes = node.attributes
        label = label_of(attributes) if attributes else ""
        inner = Frame(frame, tag, label, self.prior)
        if inner.far < HOPELESS_MENU and self.prunes and (inner.far < HOPELESS or tag in MENUS):
            return None
        return None if label and SCRAMBLED in label else inner

    def follow(self, node: LexborNode) -> bool:
        """Whether a link goes to another page: a table of contents is text."""
        attributes = node.attributes
        self.paid |= "sponsored" in (attributes.get("rel") or "")
        return not (attributes.get("href") or "").startswith("#")


def one_line(text: str) -> str:
    """The text with its white space folded; where single blanks are all there is, told in half the
    time: no other white space is printable."""
    text = text.strip()
    return text if text.isprintable() and "  " not in text else " ".join(text.split())


def label_of(attributes: Attributes) -> str:
    """What an element's class, id, role and itemprop call it."""
    label = (attributes.get("class") or "")[:MAX_LABEL]
    if len(attributes) == 1 and label:
        return label
    for key in NAMING:
        if key in attributes and (name := attributes[key]):
            label = f"{label} {name[:MAX_LABEL]}" if label else name[:MAX_LABEL]
    return label


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


def mark_form(frame: Frame) -> None:
    """Note at an element and at the one around it that a reader can enter something there."""
    frame.has_form = True
    if frame.parent is not None:
        frame.parent.has_form = True
