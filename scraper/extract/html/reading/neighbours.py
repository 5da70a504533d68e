"""What is beside an element within its line, and whether the element is part of that line."""

from collections.abc import Callable, Iterator
from itertools import islice
from operator import attrgetter

from selectolax.lexbor import LexborNode

from scraper.extract.html.reading.elements import (
    BLOCK_INLINE_TAGS,
    BLOCK_SKIPPED_TAGS,
    HEADING_TAGS,
    MAX_STATIC_TAG_ID,
)
from scraper.patterns import lazy_pattern

MAX_STEPS = 12  # siblings and parents that are searched on each side
MAX_INNER_NODES = 40  # of an element whose text is wanted
MAX_PART_NODES = 16  # a part of a line is no larger
LINE_TAGS = HEADING_TAGS | {
    "p",
    "dt",
}  # whatever is in them and holds no blocks is in their line
WORD_LINE_TAGS = LINE_TAGS | {"li", "dd", "td", "blockquote", "figcaption"}
# Between two words they end no line.
PASSED_TAGS = BLOCK_SKIPPED_TAGS | {"-comment", "wbr", "input", "button", "details"}
SECTION_TITLE_SELECTOR, PAGE_HEADER_SELECTOR = "h2, h3, h4, h5, h6", "h1, nav, ul, form, figure"
MAX_BESIDE_TITLE = 30  # characters of a header beside its heading
CLOSED_SENTENCE = lazy_pattern(r"[.!?…。！？؟।][\"'”’»)\]」』）]*\s*\Z")

SiblingStep = Callable[[LexborNode], LexborNode | None]
PREVIOUS: SiblingStep = attrgetter("prev")
NEXT: SiblingStep = attrgetter("next")


def pieces_beside(node: LexborNode, step: SiblingStep) -> Iterator[str]:
    """The texts beside an element in its line, nearest first."""
    at = node
    for _ in range(MAX_STEPS):
        beside = step(at)
        if beside is not None:
            tag = beside.tag or ""
            if tag == "-text":
                yield beside.text_content or ""
            elif tag in BLOCK_INLINE_TAGS:
                yield inner_text(beside)
            elif tag not in PASSED_TAGS and beside.tag_id < MAX_STATIC_TAG_ID:
                return
            at = beside
        elif at.parent is not None and _goes_on_around(at.parent):
            at = at.parent
        else:
            return


def _goes_on_around(node: LexborNode) -> bool:
    return node.tag in BLOCK_INLINE_TAGS or node.tag_id >= MAX_STATIC_TAG_ID


def inner_text(node: LexborNode) -> str:
    """The text of a small element; of a large one the beginning, since elements nest in elements.

    >>> from selectolax.lexbor import LexborHTMLParser
    >>> inner_text(LexborHTMLParser("<b>12 <i>people</i></b>").css_first("b"))
    '12 people'
    """
    inner = islice(node.traverse(include_text=True), MAX_INNER_NODES)
    return "".join([child.text_content or "" for child in inner if child.tag == "-text"])


def text_just_before(node: LexborNode) -> str:
    """The text right before an element; empty if the element starts its line.

    >>> from selectolax.lexbor import LexborHTMLParser
    >>> text_just_before(LexborHTMLParser("<p>killed <b>12</b><sup>1</sup> people").css_first("sup"))
    '12'
    """
    return next(filter(None, pieces_beside(node, PREVIOUS)), "")


def words_beside(node: LexborNode, step: SiblingStep) -> str:
    """The nearest words beside an element in its line; empty if there are none."""
    return next((text for piece in pieces_beside(node, step) if (text := piece.strip())), "")


def is_in_line(node: LexborNode) -> bool:
    """Whether an element that HTML does not know is part of the sentence around it.

    One that holds blocks is a block itself.
    """
    if _holds_blocks(node):
        return False
    parent = node.parent
    for _ in range(MAX_STEPS):
        if parent is None or parent.tag_id < MAX_STATIC_TAG_ID:
            break
        parent = parent.parent
    if parent is not None and (parent.tag in LINE_TAGS or parent.tag in BLOCK_INLINE_TAGS):
        return True
    return bool(words_beside(node, PREVIOUS) or words_beside(node, NEXT))


def is_fold_in_line(node: LexborNode) -> bool:
    """Whether a `details` explains a word of a sentence, which goes on after it."""
    after = words_beside(node, NEXT)
    return bool(after) and not after[0].isupper() and not _holds_blocks(node, but={"summary"})


def is_word_button(node: LexborNode) -> bool:
    """Whether a button is a word of the sentence around it, or the text of a heading, and no control.

    >>> from selectolax.lexbor import LexborHTMLParser
    >>> page = LexborHTMLParser("<p>The <button>span</button> fell.</p><p>It broke. <button>Share</button></p>")
    >>> [is_word_button(button) for button in page.css("button")]
    [True, False]
    """
    text = inner_text(node).strip()
    parent = node.parent
    if not text or parent is None:
        return False
    before, after = words_beside(node, PREVIOUS), words_beside(node, NEXT)
    if not before and not after:
        return parent.tag in HEADING_TAGS or parent.tag == "dt"
    if before and after:
        return True
    if parent.tag not in WORD_LINE_TAGS:
        return False
    if after:
        return not after[0].isupper()
    is_last_word = text[0].islower() or CLOSED_SENTENCE.search(text) is not None
    return is_last_word and CLOSED_SENTENCE.search(before) is None


def is_title(node: LexborNode) -> bool:
    """Whether a `header` holds the heading of a section or post, and hardly more than its time."""
    heading = node.css_first(SECTION_TITLE_SELECTOR)
    if heading is None or node.css_first(PAGE_HEADER_SELECTOR) is not None:
        return False
    return len(inner_text(node).strip()) <= len(inner_text(heading).strip()) + MAX_BESIDE_TITLE


def _holds_blocks(node: LexborNode, but: frozenset[str] | set[str] = frozenset()) -> bool:
    inner = list(islice(node.traverse(), MAX_PART_NODES + 1))
    return len(inner) > MAX_PART_NODES or any(
        child.mem_id != node.mem_id
        and child.tag_id < MAX_STATIC_TAG_ID
        and child.tag not in BLOCK_INLINE_TAGS
        and child.tag not in PASSED_TAGS
        and child.tag not in but
        for child in inner
    )
