"""Lists, tables and boxes of facts among the paragraphs: each is kept as a whole."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator

from scraper.extract.body.boxes import is_box_label
from scraper.extract.html.blocks import Block, Element
from scraper.extract.html.reading.elements import HEADING_TAGS
from scraper.extract.html.rows import CELL_TAGS
from scraper.patterns import lazy_pattern
from scraper.phrases.boilerplate import is_boilerplate, phrase_kinds

PART_TAGS = frozenset(("li", "dt", "dd", "tr", "td", "th", "caption"))
MIN_WEIGHT_AGAINST_HOLDER = -0.5  # of the class words around a structure; a lower one is a box
TABLE_ROW_TAGS = CELL_TAGS | {"tr"}
MIN_PARAGRAPHS_BESIDE_TABLE = 2  # in the same element, for a table after the last of them
LIST_OR_HEADING_TAGS = PART_TAGS | HEADING_TAGS
CAPTION_TAGS = HEADING_TAGS | {"figcaption"}  # of a list or a table
MIN_LIKELY = 0.5  # by the first pass
PITCHING_KINDS = 2  # the first of `phrase_kinds`: related links and pitches
FOOTNOTE_NAME = lazy_pattern(
    r"(?:^|[\s_-])(?:fn|foot-?note|end-?note|note|cite-?note)[-_:]*\d", re.I
)
FOOTNOTES_NAME = lazy_pattern(r"(?:^|[\s_-])(?:foot|end)-?notes?(?:$|[\s_-])", re.I)
MAX_NOTE_CLIMB = 3  # elements up from a note to what holds the paragraphs
MAX_LINKED_SHARE = 0.5  # of the characters of a structure; one with more is a list of links
COLONS = (":", "：")
MAX_STRUCTURE_CLIMB = 6  # elements up from a line to the structure's place among the paragraphs


def with_structures(
    blocks: list[Block], text_blocks: list[Block], likely: list[float]
) -> list[Block]:
    """The text blocks, the rest of every list, table and small box of facts among them, and footnotes.

    The model judges line by line, and a short line in a list looks like a menu. What the paragraphs before and after
    it are, it is, too. `likely` are the probabilities of the first pass, which knows no places.
    """
    text = set(text_blocks)
    if text and all(block.element.tag in HEADING_TAGS for block in text):
        return [block for block in blocks if block in text or block.element.tag in TABLE_ROW_TAGS]
    spans = _spans(blocks, text)
    members, titled = _structures(blocks, text, spans)
    added = announced_lines(blocks, text_blocks)
    for structure, indices in members.items():
        lines = [blocks[at] for at in indices]
        chances = [likely[at] for at in indices]
        if _is_text(
            structure,
            lines,
            chances,
            is_titled=structure in titled,
            is_announced=_is_announced(blocks, indices[0], text),
        ):
            added.update(lines)
    added.update(block for block in blocks if _is_footnote(block.element, spans))
    return [block for block in blocks if block in text or block in added] if added else text_blocks


def _structures(
    blocks: list[Block], text: set[Block], spans: dict[Element, tuple[int, int]]
) -> tuple[dict[Element, list[int]], set[Element]]:
    """The positions of the lines that were left out of each element among the paragraphs, and the elements whose
    heading was kept.
    """
    line_counts = Counter(block.element.parent for block in text)
    first, last = _first_and_last(blocks, text)
    members: defaultdict[Element, list[int]] = defaultdict(list)
    titled: set[Element] = set()
    for at, block in enumerate(blocks[first:], first):
        if block in text and block.element.tag not in HEADING_TAGS:
            continue
        if at > last and block.element.tag not in TABLE_ROW_TAGS:
            continue
        structure = _structure(block.element, at, spans, line_counts)
        if structure is not None and block in text:
            titled.add(structure)
        elif structure is not None:
            members[structure].append(at)
    return members, titled


def _first_and_last(blocks: list[Block], text: set[Block]) -> tuple[int, int]:
    """The positions of the first and the last kept line; beyond all lines if there is none."""
    positions = [at for at, block in enumerate(blocks) if block in text]
    return (positions[0], positions[-1]) if positions else (len(blocks), -1)


def _spans(blocks: list[Block], text: set[Block]) -> dict[Element, tuple[int, int]]:
    """The first and the last index of the kept paragraphs in each element; lines of lists and headings are none."""
    spans: dict[Element, tuple[int, int]] = {}
    for at, block in enumerate(blocks):
        if block not in text or not _is_paragraph(block.element):
            continue
        element: Element | None = block.element.parent
        for _ in range(MAX_STRUCTURE_CLIMB):
            if element is None:
                break
            first, _ = spans.get(element, (at, at))
            spans[element] = first, at
            element = element.parent
    return spans


def _is_paragraph(element: Element) -> bool:
    """Whether a line is neither a heading nor in a list or a table."""
    is_part = element.parent is not None and element.parent.tag in PART_TAGS
    return not is_part and element.tag not in LIST_OR_HEADING_TAGS


def _structure(
    element: Element,
    at: int,
    spans: dict[Element, tuple[int, int]],
    line_counts: Counter[Element | None],
) -> Element | None:
    """The outermost element around a line that is still among kept paragraphs, or a table after them.

    None if there is none. `line_counts` counts the kept lines that are directly in an element.
    """
    is_row = False
    for _ in range(MAX_STRUCTURE_CLIMB):
        is_row |= element.tag in TABLE_ROW_TAGS
        outer = element.parent
        if outer is None:
            return None
        if outer in spans:
            first, last = spans[outer]
            is_after = at > last and line_counts[outer] >= MIN_PARAGRAPHS_BESIDE_TABLE
            return element if first < at < last or (is_row and is_after) else None
        element = outer
    return None


def _is_text(
    structure: Element,
    lines: list[Block],
    likely: list[float],
    *,
    is_titled: bool,
    is_announced: bool,
) -> bool:
    """Whether some lines among the paragraphs are a list or a table, or each of them may be text."""
    if structure.parent is None or any(_is_in_box(line.element, structure) for line in lines):
        return False
    parts = [line for line in lines if line.element.tag not in CAPTION_TAGS]
    is_list = bool(parts) and all(_is_in_list(line.element, structure) for line in parts)
    is_named_apart = structure.far - structure.parent.far < MIN_WEIGHT_AGAINST_HOLDER
    if is_list and (is_announced or (not is_named_apart and not _is_links(lines))):
        return True
    return (
        (is_titled or len(lines) > 1)
        and min(likely) >= MIN_LIKELY
        and (is_announced or not _is_links(lines))
        and not any(max(phrase_kinds(line.text, digits=0)[:PITCHING_KINDS]) for line in lines)
    )


def _within(element: Element, outer: Element) -> Iterator[Element]:
    """An element and those around it, up to and with `outer`."""
    at: Element | None = element
    while at is not None:
        yield at
        if at is outer:
            break
        at = at.parent


def _is_in_box(element: Element, structure: Element) -> bool:
    return any(part.has_form or is_box_label(part.label) for part in _within(element, structure))


def _is_in_list(element: Element, structure: Element) -> bool:
    return any(part.tag in PART_TAGS for part in _within(element, structure))


def _is_footnote(element: Element, spans: dict[Element, tuple[int, int]]) -> bool:
    """Whether a line is a note below the paragraphs: numbered by its name, or in an element of notes."""
    around: list[Element] = []
    above: Element | None = element
    while above is not None and above not in spans and len(around) < MAX_NOTE_CLIMB:
        around.append(above)
        above = above.parent
    if above not in spans or not around:
        return False
    return bool(FOOTNOTE_NAME.search(element.label)) or any(
        FOOTNOTES_NAME.search(part.label) for part in around
    )


def _is_links(lines: list[Block]) -> bool:
    size = sum(len(line.text) for line in lines)
    return sum(line.linked for line in lines) > MAX_LINKED_SHARE * size


def _is_announced(blocks: list[Block], at: int, text: set[Block]) -> bool:
    """Whether the paragraph before a list ends in a colon, and is no label over links."""
    before = blocks[at - 1] if at else None
    return (
        before is not None
        and before in text
        and before.text.endswith(COLONS)
        and not is_boilerplate(before.text)
    )


def announced_lines(blocks: list[Block], text_blocks: list[Block]) -> set[Block]:
    """The lines of lists that a paragraph announces: they are the article's, links or not."""
    text = set(text_blocks)
    lists: defaultdict[Element, list[int]] = defaultdict(list)
    for at, block in enumerate(blocks):
        if block.element.tag == "li" and block.element.parent is not None:
            lists[block.element.parent].append(at)
    return {
        blocks[at]
        for indices in lists.values()
        if _is_announced(blocks, indices[0], text)
        for at in indices
    }
