"""Whether the place of a date on the page says that it is the article's, and not one in its text or beside it."""

from collections.abc import Iterator
from itertools import islice
from typing import Literal

from selectolax.lexbor import LexborNode

from scraper.extract.dates.lines import MAX_HEAD_PARAGRAPHS, DateLine
from scraper.extract.dates.neighbours import (
    has_paragraph_beside,
    is_entry,
    is_in_text,
    is_long_link,
    is_teaser_box,
)
from scraper.patterns import lazy_pattern

MAX_CLIMB = 10  # elements around a date
MAX_MENU_LINKS = 5  # between a date and the headline below it
MARK_DEPTH = 3  # elements around a date whose marks may say that it is one
TEASER_DEPTH = 3  # elements around a date that may be the box of a teaser
NOT_ARTICLE_TAGS = frozenset(["blockquote", "figcaption", "caption", "button", "select", "dialog"])
ENTRY_TAGS = frozenset(["article", "dd", "div", "dt", "h2", "h3", "h4", "li", "p", "section", "tr"])
HEADINGS = "h1, h2, h3, h4, h5"
LabelKind = Literal["published", "modified"]
CAPITAL = lazy_pattern("(?<=[a-z])[A-Z]")
# Classes and ids of comments, of what to read next, of events, of the page's own header and footer.
OTHER_MARK = lazy_pattern(
    r"(?<![a-z])(?:comments?|disqus|repl(?:y|ies)|related?|recommend\w*|recent|popular|trending|most-?read|events?|todays?|clock"
    r"|weather|copyright|colophon|timeline|(?:site|global|main)-?(?:header|head)|(?:site|page|global|main)-?foot(?:er)?"
    r"|top-?bar|masthead)(?![a-z])"
)
# The same of boxes beside the text. By the headline, such words are in the names of styles.
BESIDE_MARK = lazy_pattern(
    r"(?<!\S)(?:teasers?|promos?|carousel|sidebar|newsletter|widget|quotes?|footer)(?!\S)"
)
# Classes, ids and itemprops of a date of the article, or of the line that says when and by whom.
DATE_MARK = lazy_pattern(
    r"(?<![a-z])(?:date\w*|time(?:stamp)?|pub(?:lish\w*|date)?|posted\w*|submitted|updated\w*|metas?|bylines?|authors?|infos?)(?![a-z])"
    r"|(?:pub|publish|post|entry|article|news|create|update)[_-]?date(?![a-z])"
)


def headline_path(heading: LexborNode | None) -> frozenset[int]:
    """The `mem_id` of each element around the headline."""
    ids = []
    while heading is not None:
        ids.append(heading.mem_id)
        heading = heading.parent
    return frozenset(ids)


def is_marked(line: DateLine, path: frozenset[int]) -> bool:
    """Whether the classes around a date say that it is one, or that its line says when and by whom."""
    elements = islice(_elements_around(line.node, path), MARK_DEPTH)
    return any(DATE_MARK.search(_marks(element)) for element in elements)


def is_articles_own(
    line: DateLine, path: frozenset[int], label: LabelKind | None, *, marked: bool
) -> bool:
    """Whether the date of a line is where an article says its own: by its headline, or marked as one.

    `path` are the elements around the headline. None of them counts, so that the same page with its
    headline inside or outside of them is read alike. What takes no text is asked first.
    """
    if line.is_before and line.links > MAX_MENU_LINKS:
        return False  # the clock in the header of the page
    is_by_headline = line.is_before or line.paragraphs <= MAX_HEAD_PARAGRAPHS
    if not (is_by_headline or label or marked or line.when):
        return False
    elements = list(_elements_around(line.node, path))
    marks = [_marks(element) for element in elements]
    if any(map(OTHER_MARK.search, marks)):
        return False
    if not is_by_headline and label != "published" and _is_beside_text_box(elements, marks):
        return False
    if any(_is_elsewhere(element, is_by_headline) for element in elements):
        return False
    if not is_by_headline and label is None and any(map(is_teaser_box, elements[:TEASER_DEPTH])):
        return False
    return bool(label) or marked or not any(map(is_in_text, elements))


def _is_beside_text_box(elements: list[LexborNode], marks: list[str]) -> bool:
    return any(element.tag == "aside" or _is_page_footer(element) for element in elements) or any(
        map(BESIDE_MARK.search, marks)
    )


def is_beside_text(line: DateLine, path: frozenset[int]) -> bool:
    """Whether the element of a date, or one around it, is a neighbour of paragraphs."""
    return any(map(has_paragraph_beside, _elements_around(line.node, path)))


def is_beside(node: LexborNode) -> bool:
    """Whether the marks of an element, or of one around it, say that it belongs to comments or to other articles."""
    return any(
        OTHER_MARK.search(_marks(element)) for element in _elements_around(node, frozenset())
    )


def _elements_around(node: LexborNode, path: frozenset[int]) -> Iterator[LexborNode]:
    current: LexborNode | None = node if node.tag != "-text" else node.parent
    for _ in range(MAX_CLIMB):
        if current is None or current.mem_id in path or current.tag == "body":
            return
        yield current
        current = current.parent


def _marks(element: LexborNode) -> str:
    attributes = element.attributes
    text = " ".join(filter(None, (attributes.get(name) for name in ("class", "id", "itemprop"))))
    return CAPITAL.sub(r"-\g<0>", text).lower()


def _is_elsewhere(element: LexborNode, is_by_headline: bool) -> bool:
    """Whether an element around a date is a quotation, a link to another page, or one of several entries."""
    tag = element.tag
    if tag in NOT_ARTICLE_TAGS:
        return True
    if tag == "a":
        return is_long_link(element) and (
            not is_by_headline or element.css_first(HEADINGS) is not None
        )
    if is_by_headline and _is_page_footer(element):
        return True
    is_item = tag in ("article", "li") and is_teaser_box(element)
    return is_item or (tag in ENTRY_TAGS and is_entry(element))


def _is_page_footer(element: LexborNode) -> bool:
    if element.tag != "footer":
        return False
    outer = _elements_around(element, frozenset())
    return not any(other.tag in ("article", "main") for other in outer)
