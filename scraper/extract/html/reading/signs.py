"""Small signs beside words: footnote marks go, powers keep their height, readings get brackets.

`killed 12<sup>1</sup> people` with the mark of a note would read "121 people", and `10<sup>6</sup>` "106".
"""

import re

from selectolax.lexbor import LexborNode

from scraper.extract.html.reading.neighbours import NEXT, inner_text, text_just_before, words_beside
from scraper.patterns import lazy_pattern

_MARK = r"(?:[\[(]\s*(?:\d{1,3}|[a-zA-Z]|[ivx]{1,5})\s*[\])]|(?:\d{1,3}|[a-z]|[ivx]{1,5})[\])]?|[*†‡§¶※#]{1,3}[\])]?)"
NOTE_MARKS = lazy_pattern(rf"{_MARK}(?:(?:\s*[,;–-]\s*|\s+|(?=[\[(])){_MARK})*")
# Without a link only these are surely marks: a letter may be an exponent or an ordinal.
UNLINKED_NOTE_MARKS = lazy_pattern(r"(?:\[[^\]]{1,4}\]|\(?\d{1,3}\)|[*†‡§¶※])+")
BRACKETED = lazy_pattern(r"\[[^\]]{1,30}\]")  # [note 1]
WORD_SIGN = lazy_pattern(r"\w")
NOTE_WORD = lazy_pattern(
    r"foot-?note|end-?note|side-?note|note-?(?:ref|mark|link)|fn-?ref|(?:^|[\s_-])(?:fn|ref|cite|citation|reference)s?(?:$|[\s_-])",
    re.I,
)
NOTE_TARGET = lazy_pattern(r"#(?:[\w.]{0,30}[-_:])?_?(?:fn|ftn|edn|foot|end|note|cite|ref)", re.I)
NOTE_ATTRIBUTES = ("class", "role", "rel", "epub:type", "id")
# A digit above one of these is a power: a unit, a variable, a base.
POWER_BASE = lazy_pattern(r"(?:^|[^\w])(?:[a-zA-Zµ]{1,2}|mi|cm|km|mm|dm|10|2)\s?$|[)\]°]$")
RAISED_STYLE = lazy_pattern(r"vertical-align\s*:\s*super", re.I)
POWER = lazy_pattern("[0-9+−-]+")
RAISED = str.maketrans("0123456789+-−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻")
MAX_MARK_LENGTH = 32
FRACTION_SLASHES = ("/", "⁄")


class SignReader:
    """Writes the small signs of a page as text; the nodes come in page order.

    Unlinked digits count up from 1 if they are marks: `next_note` is the one that would come next.
    """

    def __init__(self) -> None:
        self.next_note = 1

    def read(self, node: LexborNode, tag: str) -> None:
        """Write or drop the sign in a `sup`, `a`, `span` or `rt`."""
        if tag == "sup" or RAISED_STYLE.search(node.attributes.get("style") or ""):
            self._read_raised(node)
        elif tag == "rt":
            _read_ruby(node)
        elif is_note_mark(node, tag):
            drop_text(node)

    def _read_raised(self, node: LexborNode) -> None:
        text = inner_text(node)[: MAX_MARK_LENGTH + 1].strip()
        if not text:
            return
        before = text_just_before(node)
        is_power = POWER.fullmatch(text) is not None
        if is_power and words_beside(node, NEXT).startswith(FRACTION_SLASHES):
            raise_digits(node)
        elif (link := _own_link(node, text)) is not None:
            is_base = is_power and POWER_BASE.search(before) is not None
            if NOTE_MARKS.fullmatch(text) or BRACKETED.fullmatch(text):
                leads_to_note = "#" in (link.attributes.get("href") or "") or not is_base
                drop_text(node) if leads_to_note else raise_digits(node)
        elif (
            UNLINKED_NOTE_MARKS.fullmatch(text)
            or (NOTE_MARKS.fullmatch(text) and _names_note(node))
            or (is_power and self._is_next_note(text, before))
        ):
            drop_text(node)
        elif is_power:
            raise_digits(node)

    def _is_next_note(self, text: str, before: str) -> bool:
        """Whether digits without a link number a note: they go up by one from 1, and are no power."""
        if text != str(self.next_note) or not before.strip() or POWER_BASE.search(before):
            return False
        self.next_note += 1
        return True


def _own_link(node: LexborNode, text: str) -> LexborNode | None:
    """The link in a raised sign, or around it alone."""
    parent = node.parent
    if parent is not None and parent.tag == "a" and inner_text(parent).strip() == text:
        return parent
    return node.css_first("a")


def _names_note(node: LexborNode) -> bool:
    """Whether an element, or one in it, calls itself a footnote's."""
    if "-" in (node.tag or "") and NOTE_WORD.search(node.tag or ""):
        return True
    for element in (node, *node.css("a, span, button")[:3]):
        attributes = element.attributes
        if any(NOTE_WORD.search(attributes.get(name) or "") for name in NOTE_ATTRIBUTES):
            return True
    return False


def is_note_mark(node: LexborNode, tag: str) -> bool:
    """Whether a link, span or button is the mark of a note, or a sign that only leads within the page."""
    start = node.first_child
    if start is not None and len(start.text_content or "") > MAX_MARK_LENGTH:
        return False
    text = inner_text(node)[: MAX_MARK_LENGTH + 1].strip()
    if not text or len(text) > MAX_MARK_LENGTH:
        return False
    href = (node.attributes.get("href") or "") if tag == "a" else ""
    if href.startswith("#") and not WORD_SIGN.search(text):
        return True  # an arrow back, or the "#" of a heading
    if not NOTE_MARKS.fullmatch(text) and not (href and BRACKETED.fullmatch(text)):
        return False
    before = text_just_before(node)
    if not before.strip():
        return False  # the number of the note itself
    if text[0] in "[(" and before[-1].isspace():
        return False  # it is apart, like a word
    if _names_note(node) or NOTE_TARGET.search(href):
        return True
    return (href.startswith("#") or tag == "button") and not before[-1].isspace()


def _read_ruby(node: LexborNode) -> None:
    """Put the reading of a word into brackets, unless the page does."""
    before = node.prev
    while before is not None and before.tag == "-text" and before.is_empty_text_node:
        before = before.prev
    if (before is None or before.tag != "rp") and inner_text(node).strip():
        node.insert_before("(")
        node.insert_after(")")


def set_apart(node: LexborNode) -> None:
    """Keep the word that a fold in a sentence explains apart from the explanation."""
    after = node.next
    if after is not None and not (after.text_content or " ")[0].isspace():
        node.insert_after(" ")


def read_term(node: LexborNode, tag: str) -> None:
    """Write a power or a fraction of a formula so that its two numbers do not become one."""
    last = node.last_child
    while last is not None and last.tag == "-text":
        last = last.prev
    if last is not None and tag == "msup":
        raise_digits(last)
    elif last is not None and (last.prev is None or last.prev.tag != "-text"):
        last.insert_before("/")


def raise_digits(node: LexborNode) -> None:
    """Write the digits of a raised sign as such: "10⁶"."""
    text = inner_text(node).strip()
    if POWER.fullmatch(text):
        node.insert_before(text.translate(RAISED))
        drop_text(node)


def drop_text(node: LexborNode) -> None:
    """Take the text out of an element. The element stays: others may refer to it."""
    for inner in [child for child in node.traverse(include_text=True) if child.tag == "-text"]:
        inner.decompose()
