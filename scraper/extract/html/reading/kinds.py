"""What each node of a page is for the walk that gathers text into blocks."""

from selectolax.lexbor import LexborNode

from scraper.extract.html.reading.elements import (
    BLOCK_INLINE_TAGS,
    BLOCK_SKIPPED_TAGS,
    MAX_STATIC_TAG_ID,
)
from scraper.extract.html.reading.neighbours import (
    NEXT,
    PREVIOUS,
    is_fold_in_line,
    is_in_line,
    is_title,
    is_word_button,
    words_beside,
)
from scraper.extract.html.reading.signs import is_note_mark, read_term, set_apart

TEXT_NODE, BLOCK_NODE, INLINE_NODE, LINK_NODE, BREAK_NODE, INPUT_NODE, IGNORED_NODE = range(7)
# Inputs that a reader fills in.
TEXT_INPUT_TYPES = frozenset(("text", "email", "search", "tel", ""))
PLACEHOLDER_TAGS = frozenset(("slot", "marquee"))  # in a line or around blocks, as the page likes

# The kinds of the tags of HTML, by Lexbor's numbers of them.
NODE_KINDS: dict[int, tuple[int, str]] = {}


def node_kind(node: LexborNode) -> tuple[int, str]:
    """The kind of a node for the walk, and its tag.

    A header, a button, a fold and an element that HTML does not know are judged each time, by what is in and around them.
    """
    tag = node.tag or "-none"
    if tag in ("header", "hgroup"):
        return INLINE_NODE if is_title(node) else BLOCK_NODE, tag
    if tag == "button":
        is_word = is_word_button(node) and not is_note_mark(node, tag)
        return INLINE_NODE if is_word else IGNORED_NODE, tag
    if tag == "details":
        return INLINE_NODE if is_fold_in_line(node) else BLOCK_NODE, tag
    if tag == "summary":
        fold = node.parent
        if fold is not None and fold.tag == "details" and is_fold_in_line(fold):
            set_apart(node)
            return INLINE_NODE, tag
        return BLOCK_NODE, tag
    if tag in ("msup", "mfrac"):
        read_term(node, tag)
        return INLINE_NODE, tag
    kind = _kind_of_tag(tag)
    if 0 < node.tag_id < MAX_STATIC_TAG_ID and tag not in PLACEHOLDER_TAGS:
        NODE_KINDS[node.tag_id] = kind, tag
    elif kind == BLOCK_NODE and is_in_line(node):
        kind = IGNORED_NODE if is_note_mark(node, tag) else INLINE_NODE
    return kind, tag


def _kind_of_tag(tag: str) -> int:
    kinds = {
        "-text": TEXT_NODE,
        "br": BREAK_NODE,
        "input": INPUT_NODE,
        "a": LINK_NODE,
        "wbr": IGNORED_NODE,
    }
    if tag in kinds:
        return kinds[tag]
    if tag[0] == "-" or tag in BLOCK_SKIPPED_TAGS:
        return IGNORED_NODE
    return INLINE_NODE if tag in BLOCK_INLINE_TAGS else BLOCK_NODE


def is_form_field(node: LexborNode) -> bool:
    """Whether a reader fills in an input, and it is no gap in a sentence."""
    if (node.attributes.get("type") or "").lower() not in TEXT_INPUT_TYPES:
        return False
    return not (words_beside(node, PREVIOUS) and words_beside(node, NEXT))
