"""The lines of a page that have a date, each with its place: from the headline on, read no further than asked."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice, takewhile

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.extract.html.nearby import MIN_PARAGRAPH_LENGTH, NodeStep
from scraper.extract.html.reading.elements import NEARBY_INLINE_TAGS, TEXTLESS_TAGS
from scraper.extract.html.text import fold_spaces
from scraper.patterns import lazy_pattern
from scraper.phrases.date_labels import DATE_LABEL

# Every line with a date has one of these: a year, or two digits and a separator before two more.
DATE_LIKE = lazy_pattern(
    r"(?:19|20|25|１９|２０)\d\d|\d\s?[./-]\s?\d{1,2}\s?[./-]\s?\d\d|令和|平成|民[国國]|[\u0660-\u0669\u06f0-\u06f9\u0966-\u096f\u0e50-\u0e59]{4}"
    r"|[\u0e00-\u0e7f]\.?\s?\d\d"
)
OPENING_DATE = lazy_pattern(r"\d{1,2}\.\s?(?:\d{1,2}\.|[^\W\d_]{3,9})\s?(?:20)?\d\d(?=\s?[–—|„-])")
MAX_DATE_LINE = 220  # characters; a date in a longer text belongs to the story
MAX_DATE_LABEL_LENGTH = 20  # characters
MAX_HEAD_PARAGRAPHS = 1  # between the headline and its date: a standfirst
MAX_DATE_STEPS_BEFORE = 150  # elements and texts before the headline
MAX_DATE_STEPS = 12_000
MAX_ANCESTORS = 8  # around the headline, in which a date may be before it
MAX_SHORT_TEXT = 1_000  # characters of short lines that count as a paragraph
MAX_HEADING_PART = 80  # characters
MAX_HEADING_PARTS = 12
PART_SELECTOR = "small, span, time, div, p"  # of a headline
END_TAGS = ("body", "html")
SKIPPED_TAGS = TEXTLESS_TAGS | frozenset(["figure", "img", "picture", "nav"])


@dataclass(frozen=True, slots=True)
class DateLine:
    """A line with a date, or with a `<time>` of which `when` is the value.

    `label` is the line before it if that is one of a date. `paragraphs` counts those between the
    headline and the line; before the headline, `links` counts those.
    """

    text: str
    label: str
    when: str | None
    node: LexborNode
    is_before: bool
    paragraphs: int = 0
    links: int = 0


# The text of a line, the value of the first `<time>` in it, its node, and the links before it.
Run = tuple[str, str | None, LexborNode, int]


def date_lines(
    tree: LexborHTMLParser, heading: LexborNode | None, *, max_paragraphs: int
) -> Iterator[DateLine]:
    """The lines with a date, in order: first those close before the headline, then those after it.

    Those after it end with more than `max_paragraphs` paragraphs.
    """
    body = tree.body
    if body is None:
        return
    if heading is None:
        if body.first_child is not None:
            yield from _lines(_steps(body.first_child), max_paragraphs)
        return
    yield from _lines_inside(heading)
    steps = _steps_before(heading, body.mem_id)
    links = sum(tag == "a" and is_opening for _, tag, is_opening in steps)
    for line in _lines(steps, len(steps), is_before=True):
        yield replace(line, links=links - line.links)
    yield from _lines(_steps_after(heading), max_paragraphs)


def _lines_inside(heading: LexborNode) -> Iterator[DateLine]:
    """A date that is an element of its own in the headline's."""
    for element in heading.css(PART_SELECTOR)[:MAX_HEADING_PARTS]:
        text = fold_spaces(element.text())
        if len(text) <= MAX_HEADING_PART and DATE_LIKE.search(text):
            yield DateLine(text, "", element.attributes.get("datetime"), element, is_before=False)


def _lines(
    steps: Iterable[NodeStep], max_paragraphs: int, *, is_before: bool = False
) -> Iterator[DateLine]:
    label, paragraphs, short = "", 0, 0
    for text, when, node, links in _runs(steps):
        if line := dated_part(text, when):
            yield DateLine(line, label, when, node, is_before, paragraphs, links)
        short += len(text)
        if len(text) >= MIN_PARAGRAPH_LENGTH or short >= MAX_SHORT_TEXT:
            paragraphs, short = paragraphs + 1, 0
        if paragraphs > max_paragraphs:
            return
        label = text if is_date_label(text) else ""


def _runs(steps: Iterable[NodeStep]) -> Iterator[Run]:
    """The lines of a walk; elements that are no part of a line separate them."""
    parts: list[str] = []
    when: str | None = None
    first: LexborNode | None = None
    links = 0
    for node, tag, is_opening in steps:
        if tag == "-text":
            piece = node.text_content or ""
            if parts and _needs_space(parts[-1], piece):
                parts.append(" ")
            parts.append(piece)
            first = first or node
        elif tag in NEARBY_INLINE_TAGS:
            links += tag == "a" and is_opening
            if tag == "time" and is_opening and when is None:
                when, first = node.attributes.get("datetime"), node
        elif first is not None and tag not in SKIPPED_TAGS:
            if text := fold_spaces("".join(parts)):
                yield text, when, first, links
            parts, when, first = [], None, None
    if first is not None and (text := fold_spaces("".join(parts))):
        yield text, when, first, links


def _needs_space(before: str, after: str) -> bool:
    """Whether two elements of a line are two words: "Health" and "March 12", "2020" and "10:43", but not "12" and "th"."""
    return before[-1:].isalnum() and (after[:1].isupper() or after[:1].isdigit())


def dated_part(text: str, when: str | None = None) -> str:
    """The line if it may have a date, or the date that opens a paragraph; else nothing."""
    if len(text) <= MAX_DATE_LINE:
        return text if when or DATE_LIKE.search(text) else ""
    opening = OPENING_DATE.match(text)
    return opening[0] if opening else ""


def is_date_label(text: str) -> bool:
    """Whether a line is "Published" or the like, and nothing else."""
    return len(text) <= MAX_DATE_LABEL_LENGTH and DATE_LABEL.fullmatch(text) is not None


def _steps_before(heading: LexborNode, body_id: int) -> list[NodeStep]:
    """The last steps before the headline, as far as whole levels of its nearest ancestors go."""
    steps: list[NodeStep] = []
    current = heading
    for _ in range(MAX_ANCESTORS):
        first = current
        while first.prev is not None:
            first = first.prev
        if first.mem_id != current.mem_id:
            level = list(islice(_until(_steps(first), current.mem_id), MAX_DATE_STEPS_BEFORE))
            if len(level) + len(steps) >= MAX_DATE_STEPS_BEFORE:
                break
            steps = level + steps
        if current.parent is None or current.parent.mem_id == body_id:
            break
        current = current.parent
    return steps


def _until(steps: Iterable[NodeStep], node_id: int) -> Iterator[NodeStep]:
    return takewhile(lambda step: step[0].mem_id != node_id, steps)


def _steps_after(node: LexborNode) -> Iterator[NodeStep]:
    """The steps after an element in document order, to the end of the body."""
    current: LexborNode | None = node
    while current is not None and current.next is None:
        current = current.parent
        if current is None or current.tag in END_TAGS:
            return
        yield current, current.tag or "", False
    if current is not None and current.next is not None:
        yield from _steps(current.next)


def _steps(first: LexborNode) -> Iterator[NodeStep]:
    """The steps from an element on in document order, to the end of the body; iterative, since pages nest deeply."""
    current = first
    for _ in range(MAX_DATE_STEPS):
        tag = current.tag or ""
        yield current, tag, True
        if tag != "-text":
            child = None if tag in SKIPPED_TAGS else current.first_child
            if child is not None:
                current = child
                continue
            yield current, tag, False
        step = current.next
        while step is None:
            parent = current.parent
            if parent is None or parent.tag in END_TAGS:
                return
            current = parent
            yield current, current.tag or "", False
            step = current.next
        current = step
