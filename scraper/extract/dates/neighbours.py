"""What is beside a date: paragraphs, titles of other pages, entries with dates of their own.

Boxes may hold the whole page, so no more of a text is read than is asked.
"""

from collections.abc import Iterator
from itertools import chain
from typing import Literal

from selectolax.lexbor import LexborNode

from scraper.extract.dates.parse import VISIBLE_DATE
from scraper.extract.html.nearby import MIN_PARAGRAPH_LENGTH
from scraper.extract.html.tags import UNREAD_TAGS
from scraper.extract.html.text import fold_spaces, width
from scraper.phrases.date_labels import MODIFIED_LABEL, PUBLISHED_LABEL

MAX_DATE_NEIGHBOURS = 4  # elements before or after one
MIN_PAGE_TITLE_WIDTH = 36  # letters of a link that is the title of another page
MAX_TEASER_BOX_LENGTH = 600  # characters of a box with such a link and a date
MAX_DATE_BEGINNING = 300  # characters of an entry in which its date is
MIN_ENTRY_LENGTH = 40
# Characters of an entry that is a date alone, its text after it, or a row of a table.
MAX_ENTRY_LENGTH = {"li": 10_000, "dt": 60, "h2": 60, "h3": 60, "h4": 60, "p": 60, "tr": 300}
NAMELESS_TAGS = frozenset(["div", "section"])  # two of them without a class are no list


def is_teaser_box(element: LexborNode) -> bool:
    """Whether a small box has a link as long as a title."""
    if len(_beginning(element, MAX_TEASER_BOX_LENGTH + 1)) > MAX_TEASER_BOX_LENGTH:
        return False
    return any(map(is_long_link, element.css("a[href]")))


def is_long_link(link: LexborNode) -> bool:
    """Whether a link has more text than the times in it."""
    times = sum(len(fold_spaces(time.text())) for time in link.css("time"))
    text = VISIBLE_DATE.sub("", _beginning(link, MAX_TEASER_BOX_LENGTH))
    return width(text) - times >= MIN_PAGE_TITLE_WIDTH


def is_entry(element: LexborNode) -> bool:
    """Whether other elements of the same kind beside it have dates without a label, too."""
    kind = _kind(element)
    longest = MAX_ENTRY_LENGTH.get(element.tag or "")
    alike = [sibling for sibling in _siblings(element) if _kind(sibling) == kind]
    if not alike or (
        longest is None and len(_beginning(element, MIN_ENTRY_LENGTH)) < MIN_ENTRY_LENGTH
    ):
        return False  # a line of its own: the publication beside the modification
    entries = 0
    for sibling in alike:
        text = _beginning(sibling, MAX_DATE_BEGINNING + 1)
        if longest is None or len(text) <= longest:
            entries += _begins_with_date(sibling, text)
    return entries > (element.tag in NAMELESS_TAGS and not kind[1])


def is_in_text(element: LexborNode) -> bool:
    """Whether an element is between two paragraphs of one kind, or closes paragraphs of its own kind."""
    before = next(filter(_is_paragraph, _siblings_on(element, "prev")), None)
    if before is None:
        return False
    if element.tag == "p" and _kind(before) == _kind(element):
        return True
    after = next(filter(_is_paragraph, _siblings_on(element, "next")), None)
    return after is not None and _kind(before) == _kind(after)


def has_paragraph_beside(element: LexborNode) -> bool:
    """Whether one of the elements beside it is a paragraph, and no box that holds the text."""
    return any(
        _is_paragraph(sibling) and (sibling.tag == "p" or sibling.css_first("p") is None)
        for sibling in _siblings(element)
    )


def _begins_with_date(element: LexborNode, beginning: str) -> bool:
    if MODIFIED_LABEL.search(beginning) or PUBLISHED_LABEL.search(beginning):
        return False
    return bool(VISIBLE_DATE.search(beginning)) or element.css_first("time[datetime]") is not None


def _is_paragraph(element: LexborNode) -> bool:
    return len(_beginning(element, MIN_PARAGRAPH_LENGTH)) >= MIN_PARAGRAPH_LENGTH


def _beginning(element: LexborNode, characters: int) -> str:
    """The text of an element on one line, as many characters of it at least, if it has them."""
    parts: list[str] = []
    missing = characters
    for node in element.traverse(include_text=True):
        if node.tag == "-text" and node.parent is not None and node.parent.tag not in UNREAD_TAGS:
            piece = node.text_content or ""
            if not piece.isspace():
                parts.append(piece)
                missing -= len(piece.strip())
                if missing <= 0:
                    break
    return fold_spaces(" ".join(parts))


def _kind(element: LexborNode) -> tuple[str | None, str | None]:
    return element.tag, element.attributes.get("class")


def _siblings(element: LexborNode) -> Iterator[LexborNode]:
    return chain(_siblings_on(element, "prev"), _siblings_on(element, "next"))


def _siblings_on(element: LexborNode, side: Literal["prev", "next"]) -> Iterator[LexborNode]:
    """The nearest elements before or after an element, the nearest first."""
    current: LexborNode | None = element
    count = 0
    while current is not None and count < MAX_DATE_NEIGHBOURS:
        current = current.prev if side == "prev" else current.next
        if current is not None and (current.tag or "-").isalnum():
            count += 1
            yield current
