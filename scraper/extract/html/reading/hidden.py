"""Elements that a reader does not see, and words for screen readers."""

import re
from functools import lru_cache

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.extract.html.reading.elements import BLOCK_INLINE_TAGS, HEADING_TAGS, Attributes
from scraper.extract.html.reading.neighbours import (
    NEXT,
    PREVIOUS,
    SiblingStep,
    inner_text,
    is_in_line,
)
from scraper.extract.html.reading.signs import drop_text
from scraper.extract.html.reading.stylesheet import hidden_selectors
from scraper.patterns import lazy_pattern

HIDDEN_STYLE = lazy_pattern(r"display\s*:\s*none", re.I)
# A script of WeChat and others shows an article that is invisible at first; words within a line stay so.
INVISIBLE_STYLE = lazy_pattern(
    r"visibility\s*:\s*hidden|clip(?:-path)?\s*:\s*(?:rect|inset)|(?:left|text-indent)\s*:\s*-\d{3}",
    re.I,
)
INLINE_STYLE = lazy_pattern(r"display\s*:\s*inline", re.I)
BLOCK_STYLE = lazy_pattern(r"display\s*:\s*(?:block|flex|grid|table|list-item)", re.I)
STREAMED_PART_ID = lazy_pattern(r"S:[0-9a-f]+")  # a late part, which React moves into its place
# The usual names of the class for words that only screen readers read out, in the front ends of the press.
SPOKEN_CLASS = lazy_pattern(
    r"(?:^|[-_])(?:sr[-_]?only|show[-_]for[-_]sr|visually[-_]?hidden|hid(?:den|e)[-_]?visually|accessibly[-_]?hidden"
    r"|screen[-_]?readers?|reader[-_]?only|off[-_]?screen|assistive[-_]text|a11y[-_](?:hidden|text|only)"
    r"|blind|screen[-_]out)(?:$|[-_])|^(?:element-)?invisible$",
    re.I,
)
SPOKEN_AGAIN = "not-sr-only"
MAX_SPOKEN_LENGTH = 300
# Names by which frameworks hide an element until a script shows it, and of the class that shows it on some screens.
SCRAMBLED_CLASS = "obfuscated"  # German papers: shifted letters until a reader pays
HIDING_CLASSES = frozenset(
    [
        "hidden",
        "hide",
        "u-hide",
        "d-none",
        "is-hidden",
        "u-hidden",
        "display-none",
        "w-condition-invisible",
    ]
)
SHOWING_CLASS = lazy_pattern(
    r"(?:^|\s)(?:\S*[:-])?!?(?:block|flex|grid|inline|table|contents|initial)\b"
)
MAX_HIDDEN_ELEMENTS = 500  # of one style sheet; more would be searched too long for what opens them
MAX_HIDDEN_TEXT = (
    1_500  # characters: a script shows a text that is longer, of a page or of an article
)


# What opens a fold, and what no fold of running text has in it.
CONTROL_SELECTOR = "[aria-expanded], [aria-controls]"
TITLE_CONTROL_SELECTOR = f"button, [role=button], {CONTROL_SELECTOR}"
FORM_SELECTOR = "input, textarea, form"
MAX_FOLD_TITLE = 200  # characters of what opens a fold
DIGITS_OR_POINT = lazy_pattern(r"\d[\d.,]*")
WORD_CHARACTER = lazy_pattern(r"\w")


def is_hidden(node: LexborNode, attributes: Attributes) -> bool:
    """Whether an element hides itself, and is no fold that a reader opens."""
    if "hidden" in attributes:
        if STREAMED_PART_ID.fullmatch(attributes.get("id") or ""):
            return False
        # A search in the page opens it.
        is_out = (attributes["hidden"] or "").lower() != "until-found"
    else:
        is_out = HIDDEN_STYLE.search(attributes.get("style") or "") is not None
    return is_out and not is_fold(node)


@lru_cache(maxsize=50_000)
def hides(label: str) -> bool:
    """Whether the classes of an element hide it, on screens of every size, from all or from all but screen readers.

    >>> hides("promo hidden"), hides("menu hidden md:block")
    (True, False)
    """
    if SCRAMBLED_CLASS in label:
        return True
    return _is_hiding(label) or is_spoken_class(label)


def _is_hiding(label: str) -> bool:
    return not HIDING_CLASSES.isdisjoint(label.split()) and not SHOWING_CLASS.search(label)


def is_left_out(node: LexborNode, label: str) -> bool:
    """Whether what its classes hide is left out: a fold is text, and so is much that only a screen reader is said to read."""
    if _is_hiding(label):
        return not is_fold(node)
    return node.tag != "h1" and len(node.text()) <= MAX_SPOKEN_LENGTH


def is_fold(node: LexborNode) -> bool:
    """Whether an element holds running text that its title, or the control before or after it, opens."""
    if node.css_first("p") is None or node.css_first(FORM_SELECTOR) is not None:
        return False
    title, control = _element_beside(node, PREVIOUS), _element_beside(node, NEXT)
    if title is not None and (title.tag in HEADING_TAGS or title.tag == "dt"):
        return title.css_first(TITLE_CONTROL_SELECTOR) is not None
    return any(
        beside is not None
        and beside.css_first(CONTROL_SELECTOR) is not None
        and len(inner_text(beside)) <= MAX_FOLD_TITLE
        for beside in (title, control)
    )


def _element_beside(node: LexborNode, step: SiblingStep) -> LexborNode | None:
    beside = step(node)
    while beside is not None and beside.tag in ("-text", "-comment"):
        if (beside.text_content or "").strip() and beside.tag == "-text":
            return None
        beside = step(beside)
    return beside


def hidden_by_sheets(tree: LexborHTMLParser, sheets: list[str]) -> list[int]:
    """The `mem_id` of each element that the style sheets in the page hide.

    Words that they keep for screen readers lose their text.
    """
    selectors = hidden_selectors(sheets)
    for node in _select(tree, selectors.spoken):
        drop_spoken(node)
    return [
        node.mem_id
        for node in _select(tree, selectors.invisible)
        if len(node.text()) <= MAX_HIDDEN_TEXT and not is_fold(node)
    ]


def _select(tree: LexborHTMLParser, selectors: tuple[str, ...]) -> list[LexborNode]:
    return tree.css(", ".join(selectors))[:MAX_HIDDEN_ELEMENTS] if selectors else []


@lru_cache(maxsize=2_000)
def is_spoken_class(names: str) -> bool:
    """Whether a class is that of words for screen readers alone.

    >>> is_spoken_class("sr-only"), is_spoken_class("Label_visuallyHidden__x1"), is_spoken_class("sr-only md:not-sr-only")
    (True, True, False)
    """
    return SPOKEN_AGAIN not in names and any(map(SPOKEN_CLASS.search, names.split()))


def drop_spoken(node: LexborNode) -> None:
    """Take words for screen readers out of a line.

    Text of some length stays, and so does the colon after a kicker, which is nowhere else.
    """
    text = inner_text(node) if node.tag in BLOCK_INLINE_TAGS else ""
    if len(text) <= MAX_SPOKEN_LENGTH and WORD_CHARACTER.search(text):
        drop_text(node)


def drop_hidden(node: LexborNode) -> None:
    """Drop the words of an element in a headline that no reader sees."""
    attributes = node.attributes
    if is_spoken_class(attributes.get("class") or "") or is_hidden(node, attributes):
        drop_spoken(node)


def drop_twin(node: LexborNode) -> None:
    """Drop the words for screen readers beside words that are hidden from these, if both say the same."""
    text = inner_text(node).strip()
    beside = _element_beside(node, NEXT) or _element_beside(node, PREVIOUS)
    if beside is None or beside.tag != "span" or not text or "aria-hidden" in beside.attributes:
        return
    other = inner_text(beside).strip()
    digits = DIGITS_OR_POINT.findall(text)
    if other.startswith(text) or (digits and digits == DIGITS_OR_POINT.findall(other)):
        drop_spoken(beside)


def read_style(node: LexborNode, tag: str, style: str) -> None:
    """Break or join lines, and drop words within one, as the style of an element says."""
    if tag in BLOCK_INLINE_TAGS:
        if INVISIBLE_STYLE.search(style):
            drop_spoken(node)
        elif BLOCK_STYLE.search(style):
            node.insert_before(node.parser.create_node("br"))
            node.insert_after(node.parser.create_node("br"))
    elif tag == "div" and INLINE_STYLE.search(style) and is_in_line(node):
        node.unwrap()
