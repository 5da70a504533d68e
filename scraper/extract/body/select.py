"""Which blocks of a page are text of its article: two passes of the model, and the container."""

from collections import Counter

from scraper.extract.body import model
from scraper.extract.body.features import (
    LOG_WIDTH,
    MIN_PROSE_WIDTH,
    Prose,
    first_features,
    is_menu_entry,
    plain_features,
    text_features,
)
from scraper.extract.html.blocks import Block, Element, is_within
from scraper.extract.html.text import one_line
from scraper.phrases.corrections import CORRECTION_NOTICE

MAX_PAGE_BLOCKS = 6_000  # the longest article page measured has 3,100
MAX_SHARE_BEFORE_HEADLINE = 0.1  # of MAX_PAGE_BLOCKS
# A block of 800 letters is text unless much speaks against it.
LONG_TEXT_LOG_WIDTH, LONG_TEXT_THRESHOLD = 6.7, -1.0
# So many paragraphs beside a correction note, in elements like its own, make it one of them.
MIN_NOTE_NEIGHBOURS = 2
MIN_BOLD_SHARE = 0.9  # of the characters of a heading
MAX_PATH_ELEMENTS, MAX_PATH_WORDS = 4, 3  # of a container's path, and of the label of each


def usable_blocks(blocks: list[Block], headline: str | None) -> list[Block]:
    """As many blocks as any article page has, from a little above the headline on."""
    if len(blocks) <= MAX_PAGE_BLOCKS:
        return blocks
    title = one_line(headline or "")
    position = next((at for at, block in enumerate(blocks) if block.text == title), 0)
    first = max(0, position - int(MAX_SHARE_BEFORE_HEADLINE * MAX_PAGE_BLOCKS))
    return blocks[first : first + MAX_PAGE_BLOCKS]


def first_pass(blocks: list[Block], prose: Prose) -> tuple[list[list[float]], list[float]]:
    """The first features of each block, and the probability that it is the article's."""
    copies = Counter([block.text for block in blocks])
    score = model.first_pass_scorer()
    rows: list[list[float]] = []
    likely: list[float] = []
    for at, (block, size) in enumerate(zip(blocks, prose.widths, strict=True)):
        if is_menu_entry(block) or (size < MIN_PROSE_WIDTH and prose.is_apart(block.element)):
            rows.append(plain_features(size))
            likely.append(0.0)
        else:
            row = first_features(block, at, size, copies[block.text], prose)
            rows.append(row)
            likely.append(model.probability(score(row)))
    return rows, likely


def second_pass(
    blocks: list[Block],
    rows: list[list[float]],
    places: dict[int, list[float]],
    sure_indices: set[int],
    schema_text: str,
) -> list[Block]:
    """The blocks that are the article by their place and their text, and the sure ones.

    `rows` are the first features of all blocks, `places` the place features of those in question,
    `schema_text` the page's own `articleBody`.
    """
    score = model.second_pass_scorer()
    matches = []
    for at, block in enumerate(blocks):
        if at in places:
            row = rows[at]
            threshold = LONG_TEXT_THRESHOLD if row[LOG_WIDTH] > LONG_TEXT_LOG_WIDTH else 0.0
            if score(row + places[at] + text_features(block, schema_text)) > threshold:
                matches.append(block)
        elif at in sure_indices:
            matches.append(block)
    return _with_run_in_headings(blocks, matches)


def _with_run_in_headings(blocks: list[Block], text_blocks: list[Block]) -> list[Block]:
    """The text, and each line in bold at the head of a paragraph of it, or of the box around that paragraph."""
    text = set(text_blocks)
    headings = {
        block
        for before, block, after in zip([None, *blocks], blocks, blocks[1:], strict=False)
        if after in text
        and block not in text
        and block.bold >= MIN_BOLD_SHARE * len(block.text)
        and not block.linked
        and _heads(block, after, before)
    }
    return (
        [block for block in blocks if block in text or block in headings]
        if headings
        else text_blocks
    )


def _heads(block: Block, after: Block, before: Block | None) -> bool:
    element = block.element
    if element is after.element:
        return True
    is_first = before is None or not is_within(before.element, element)
    return is_first and element is after.element.parent


def with_correction_notes(blocks: list[Block], text_blocks: list[Block]) -> list[Block]:
    """The text, and the correction notes among its paragraphs.

    A note is short and comes last, like a call to subscribe, and the model takes it for one.
    """
    neighbours = Counter(map(_place, text_blocks))
    text = set(text_blocks)
    return [
        block
        for block in blocks
        if block in text
        or (
            neighbours[_place(block)] >= MIN_NOTE_NEIGHBOURS
            and CORRECTION_NOTICE.search(block.text)
        )
    ]


def _place(block: Block) -> tuple[Element | None, str, str]:
    """The element around that of a block, and what its own looks like."""
    return block.element.parent, block.element.tag, block.element.label


def heaviest_element(weights: dict[Element, float]) -> Element:
    """The deepest of the heaviest elements: the article's container."""
    max_weight = max(weights.values())
    return max(
        (element for element, weight in weights.items() if weight == max_weight),
        key=_element_depth,
    )


def _element_depth(element: Element) -> int:
    return element.depth


def element_path(element: Element) -> str:
    """A short path to an element: its tag and labels, and those of up to three around it."""
    parts: list[str] = []
    at: Element | None = element
    while at is not None and len(parts) < MAX_PATH_ELEMENTS:
        words = at.label.split()[:MAX_PATH_WORDS] if at.label else []
        parts.append(f"{at.tag}.{'.'.join(words)}" if at.label else at.tag)
        at = at.parent
    return " > ".join(reversed(parts))
