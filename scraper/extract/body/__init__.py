"""Where the article's text is on a page."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from scraper.extract.body import model
from scraper.extract.body.boxes import (
    blocks_in_boxes,
    is_button,
    is_paid_link,
    is_read_more_link,
    members_by_element,
    orphan_titles,
)
from scraper.extract.body.captions import (
    caption_text,
    find_caption_blocks,
    is_article_picture,
    unique_captions,
    without_sign,
)
from scraper.extract.body.features import (
    HEADLINE_WORD,
    LOG_WIDTH,
    MIN_PROSE_WIDTH,
    Prose,
    first_features,
    is_menu_entry,
    plain_features,
    repeats_headline,
    text_features,
)
from scraper.extract.body.places import place_features, weigh
from scraper.extract.body.scripts import script_text, split_paragraphs
from scraper.extract.html.blocks import (
    Block,
    Element,
    is_within,
    read_all_blocks,
    read_blocks,
)
from scraper.extract.html.document import Document
from scraper.extract.html.text import one_line, width
from scraper.extract.metadata import Metadata
from scraper.extract.metadata.dek import is_dek_mark
from scraper.phrases.boilerplate import is_ad_label, is_boilerplate, is_sign_up_call

MAX_PAGE_BLOCKS = 6_000  # the longest article page measured has 3,100
MAX_CAPTION_SHARE = 0.2  # of the container's text: more cannot be a caption
MIN_CONTAINER_SHARE = 0.1  # of the heaviest element's text: less is what a redesign left
MAX_SKIPPED_DEK_LINES = 4  # a longer standfirst is the text itself
MAX_REPEATABLE_LINE = 60  # characters: a shorter line may come again
MAX_BLOCKS_TO_TITLE = 4  # blocks over the text in which its title may be
MIN_TITLE_WIDTH, MAX_TITLE_LENGTH = 12, 120  # letters, characters
BYLINE_BRACKETS = "[]()【】［］（）<>"  # around a byline that is a line of its own
LONG_TEXT_LOG_WIDTH, LONG_TEXT_THRESHOLD = (
    6.7,
    -1.0,
)  # a block of 800 letters is text unless much speaks against it


@dataclass(frozen=True, slots=True)
class Body:
    """The article's text: `paragraphs` and sub-headings in order, `captions` apart.

    `anchor` names the element that holds them all, for the next look at the same page, `frame` is
    that element;
    `source` says where the text was: "page", "json-ld" or "script". `title` is what the text
    may be called where the page gives no headline.
    """

    paragraphs: tuple[str, ...] = ()
    captions: tuple[str, ...] = ()
    container_path: str | None = None
    source: str = "page"
    title: str | None = None
    element: Element | None = None


def find_body(document: Document, metadata: Metadata, *, container_path: str | None = None) -> Body:
    """The article's body; no paragraphs if the page has none.

    `container_path` is that of an earlier check: while that element holds text, the body is in it.
    """
    tree, tags = document.tree, document.tags
    blocks = usable_blocks(read_blocks(tree, model.prior, tags.hidden), metadata.headline)
    body = _from_page(blocks, metadata, container_path)
    if container_path and total_width(body.paragraphs) < MIN_BODY_WIDTH:
        body = _from_page(blocks, metadata, None)
    size = total_width(body.paragraphs)
    schema_text = split_paragraphs(metadata.schema_body or "")
    if total_width(schema_text) > max(MIN_BODY_WIDTH, 2 * size):
        return Body(tuple(schema_text), body.captions, None, "json-ld")
    if size >= MIN_BODY_WIDTH:
        return body
    script_paragraphs, pictures = script_text(tree, metadata.headline)
    if total_width(script_paragraphs) > 2 * size:
        return Body(tuple(script_paragraphs), body.captions or tuple(pictures), None, "script")
    # What looks like menus, too; then what is hidden: some pages show their text only by script.
    for hidden in (tags.hidden, frozenset[int]()):
        blocks = usable_blocks(read_all_blocks(tree, model.prior, hidden), metadata.headline)
        shown = _from_page(blocks, metadata, container_path)
        if total_width(shown.paragraphs) > max(MIN_BODY_WIDTH, 2 * size):
            return shown
    return body


def total_width(paragraphs: Iterable[str]) -> float:
    """Letters in all, by the measure of `width`."""
    return sum(map(width, paragraphs))


MIN_BODY_WIDTH = 200  # characters: a shorter body sends us looking in the page's scripts


def _from_page(blocks: list[Block], metadata: Metadata, container_path: str | None) -> Body:
    if not blocks:
        return Body()
    schema_text = one_line(metadata.schema_body or "")
    prose = Prose(blocks)
    rows, likely = _first_pass(blocks, prose)
    weights = weigh(blocks, prose.widths, likely)
    previous_container = _previous_container(weights, container_path)
    container = heaviest_element(weights, previous_container)
    places, sure_indices = place_features(blocks, rows, likely, weights, container)
    text_blocks = _second_pass(blocks, rows, places, sure_indices, schema_text)
    if previous_container is not None:
        text_blocks = [
            block for block in text_blocks if is_within(block.element, previous_container)
        ]
    return _refine(blocks, text_blocks, weights, container, metadata)


def trusted_body(blocks: list[Block], metadata: Metadata, captions: Iterable[str]) -> Body:
    """The body where all blocks are the article's but for the furniture among them.

    `captions` are known already and no paragraphs.
    """
    if not blocks:
        return Body()
    weights = weigh(blocks, [width(block.text) for block in blocks], [1.0] * len(blocks))
    return _refine(blocks, blocks, weights, heaviest_element(weights), metadata, captions)


def _refine(
    blocks: list[Block],
    text_blocks: list[Block],
    weights: dict[Element, float],
    container: Element,
    metadata: Metadata,
    rule_captions: Iterable[str] = (),
) -> Body:
    """What stays of the liked blocks without boxes, asides, captions and the other fields."""
    caption_blocks = find_caption_blocks(blocks, weights, MAX_CAPTION_SHARE * weights[container])
    candidates = [block for block in text_blocks if block not in caption_blocks]
    members_of = members_by_element(blocks, [*candidates, *caption_blocks], container)
    blocks_to_drop = blocks_in_boxes(members_of, container, weights)
    captions = [
        *rule_captions,
        *(
            caption_text(block)
            for block in caption_blocks
            if block not in blocks_to_drop and is_article_picture(block, container)
        ),
    ]
    headline = one_line(metadata.headline or "")
    standfirst = _dek_lines(metadata.dek, text_blocks, container)
    skip = {headline, *standfirst, *metadata.byline, *captions, *map(without_sign, captions)}
    words = headline_words(headline)
    # Where a standfirst is all there is, it is the text.
    article_blocks = _article_blocks(candidates, blocks_to_drop, skip, words) or _article_blocks(
        candidates, blocks_to_drop, skip - standfirst, words
    )
    lone_titles = orphan_titles(set(article_blocks), members_of)
    text = [block for block in article_blocks if block not in lone_titles]
    title = _title_from_text(blocks, text) if text and not headline else None
    element = shared_element([block.element for block in text]) if text else None
    return Body(
        tuple(block.text for block in text),
        unique_captions(captions),
        element_path(element) if element else None,
        title=title,
        element=element,
    )


def _title_from_text(blocks: list[Block], body: list[Block]) -> str:
    """The line close above the text that may be its title; else its first words."""
    first = blocks.index(body[0])
    for block in reversed(blocks[max(0, first - MAX_BLOCKS_TO_TITLE) : first]):
        text = block.text
        is_candidate = (
            width(text) >= MIN_TITLE_WIDTH and len(text) <= MAX_TITLE_LENGTH and not block.linked
        )
        if is_candidate and not is_boilerplate(text):
            return text
    words = body[0].text
    return (
        words
        if len(words) <= MAX_TITLE_LENGTH
        else words[:MAX_TITLE_LENGTH].rpartition(" ")[0] + "…"
    )


def _first_pass(blocks: list[Block], prose: Prose) -> tuple[list[list[float]], list[float]]:
    """The features of each block at a glance, and how likely it is the article's."""
    copies = Counter([block.text for block in blocks])
    first = model.first_pass()
    rows: list[list[float]] = []
    likely: list[float] = []
    for at, (block, size) in enumerate(zip(blocks, prose.widths, strict=True)):
        if is_menu_entry(block) or (size < MIN_PROSE_WIDTH and prose.is_apart(block.element)):
            rows.append(plain_features(size))
            likely.append(0.0)
        else:
            row = first_features(block, at, size, copies[block.text], prose)
            rows.append(row)
            likely.append(model.probability(first(row)))
    return rows, likely


def _second_pass(
    blocks: list[Block],
    rows: list[list[float]],
    places: dict[int, list[float]],
    sure_indices: set[int],
    schema_text: str,
) -> list[Block]:
    """The blocks that are the article by what they say and where they stand."""
    second = model.second_pass()
    matches = []
    for at, block in enumerate(blocks):
        if at in places:
            row = rows[at]
            threshold = LONG_TEXT_THRESHOLD if row[LOG_WIDTH] > LONG_TEXT_LOG_WIDTH else 0.0
            if second(row + places[at] + text_features(block, schema_text)) > threshold:
                matches.append(block)
        elif at in sure_indices:
            matches.append(block)
    return matches


def _article_blocks(
    candidates: list[Block], blocks_to_drop: set[Block], skip: set[str], words: frozenset[str]
) -> list[Block]:
    """The candidates that are neither in a box, nor an aside, nor said before."""
    article_blocks: list[Block] = []
    texts_so_far: set[str] = set()
    letters = sum(map(len, words))
    for block in candidates:
        text = block.text
        if block in blocks_to_drop or text in texts_so_far or is_aside(block):
            continue
        if text in skip or text.strip(BYLINE_BRACKETS) in skip:
            continue
        if not repeats_headline(words, letters, text):
            article_blocks.append(block)
            if len(text) > MAX_REPEATABLE_LINE:
                texts_so_far.add(text)
    return article_blocks


def _dek_lines(dek: str | None, text_blocks: list[Block], container: Element) -> set[str]:
    """The lines of the dek that are no text: none where it is so long that it may be the text
    itself, and none that stands among the paragraphs as one of them."""
    lines = [line for part in (dek or "").split("\n") if (line := one_line(part or ""))]
    if not lines or len(lines) > MAX_SKIPPED_DEK_LINES:
        return set()
    matches = {one_line(dek or ""), *lines}
    return matches - {
        block.text
        for block in text_blocks
        if block.text in matches
        and 2 * block.bold < len(block.text)
        and not is_dek_mark(block.element.label)
        and is_within(block.element, container)
    }


def is_aside(block: Block) -> bool:
    """Whether the block by itself is none of the article, wherever it stands."""
    text = block.text
    if is_boilerplate(text) or is_ad_label(text):
        return True
    return block.linked > 0 and (
        is_read_more_link(block) or is_button(block) or is_paid_link(block) or is_sign_up_call(text)
    )


def heaviest_element(weights: dict[Element, float], outer: Element | None = None) -> Element:
    """The deepest of the heaviest elements (in `outer`): the article's container."""
    elements = (
        [element for element in weights if is_within(element, outer)] if outer else list(weights)
    )
    max_weight = max([weights[element] for element in elements])
    return max(
        (element for element in elements if weights[element] == max_weight), key=_element_depth
    )


def _element_depth(element: Element) -> int:
    return element.depth


def usable_blocks(blocks: list[Block], headline: str | None) -> list[Block]:
    """As many blocks as any article page has, from a little above the headline on."""
    if len(blocks) <= MAX_PAGE_BLOCKS:
        return blocks
    title = one_line(headline or "")
    shown = next((at for at, block in enumerate(blocks) if block.text == title), 0)
    first = max(0, shown - MAX_PAGE_BLOCKS // 10)
    return blocks[first : first + MAX_PAGE_BLOCKS]


def headline_words(headline: str | None) -> frozenset[str]:
    """The words of the headline, folded in case."""
    return frozenset(HEADLINE_WORD.findall((headline or "").lower()))


def _previous_container(
    weights: dict[Element, float], container_path: str | None
) -> Element | None:
    """The element that the text of an earlier look stood in, where it still holds text, whatever
    else holds more."""
    if not container_path:
        return None
    max_weight = max(weights.values())
    matches = [
        element
        for element, weight in weights.items()
        if weight > MIN_CONTAINER_SHARE * max_weight and element_path(element) == container_path
    ]
    return max(matches, key=lambda element: weights[element], default=None)


def shared_element(elements: list[Element]) -> Element:
    """The deepest element that holds all of some elements."""
    shared = elements[0]
    for element in elements[1:]:
        while not is_within(element, shared) and shared.parent is not None:
            shared = shared.parent
    return shared


def element_path(element: Element) -> str:
    """A short path to an element, from the nearest id on."""
    parts: list[str] = []
    at: Element | None = element
    while at is not None and len(parts) < 4:
        parts.append(f"{at.tag}.{'.'.join(at.label.split()[:3])}" if at.label else at.tag)
        at = at.parent
    return " > ".join(reversed(parts))
