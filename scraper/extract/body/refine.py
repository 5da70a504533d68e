"""From the blocks that the model likes to the article's paragraphs and captions."""

from collections.abc import Iterable
from dataclasses import dataclass

from scraper.extract.body.boxes import (
    Members,
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
from scraper.extract.body.features import headline_words, repeats_headline
from scraper.extract.body.select import element_path
from scraper.extract.body.structures import announced_lines
from scraper.extract.html.blocks import Block, Element, is_within
from scraper.extract.html.text import one_line, width
from scraper.extract.metadata import Metadata
from scraper.extract.metadata.dek import is_dek_mark
from scraper.phrases.boilerplate import is_ad_label, is_boilerplate, is_sign_up_call

MAX_CAPTION_SHARE = 0.2  # of the container's text: more cannot be a caption
MAX_SKIPPED_DEK_LINES = 4  # a longer dek is the text itself
MAX_REPEATABLE_LINE = 60  # characters: a shorter line may come again
MAX_BLOCKS_TO_TITLE = 4  # blocks over the text in which its title may be
MIN_TITLE_WIDTH, MAX_TITLE_LENGTH = 12, 120  # letters, characters
BYLINE_BRACKETS = "[]()【】［］（）<>"  # around a byline that is a line of its own


@dataclass(frozen=True, slots=True)
class Body:
    """The article's text: `paragraphs` and sub-headings in order, `captions` apart.

    `container_path` names the element that holds all of them. `source` says where the text was:
    "page", "json-ld", "script" or the name of a rule. `title` is what the text may be called if the
    page gives no headline.
    """

    paragraphs: tuple[str, ...] = ()
    captions: tuple[str, ...] = ()
    container_path: str | None = None
    source: str = "page"
    title: str | None = None


def refine(
    blocks: list[Block],
    text_blocks: list[Block],
    weights: dict[Element, float],
    container: Element,
    metadata: Metadata,
    rule_captions: Iterable[str] = (),
) -> Body:
    """The `text_blocks` without boxes, asides, captions and what other fields say.

    `blocks` are all blocks of the page, `weights` those of its elements.
    """
    caption_blocks = find_caption_blocks(blocks, weights, MAX_CAPTION_SHARE * weights[container])
    candidates = [block for block in text_blocks if block not in caption_blocks]
    members_of = members_by_element(blocks, [*candidates, *caption_blocks], container)
    blocks_to_drop = blocks_in_boxes(
        members_of, container, weights, candidates[-1] if candidates else None
    )
    blocks_to_drop -= announced_lines(blocks, candidates)
    captions = [
        *rule_captions,
        *_picture_captions(caption_blocks, blocks_to_drop, container),
    ]
    headline = one_line(metadata.headline or "")
    dek_lines = _dek_lines(metadata.dek, text_blocks, container)
    skip = {headline, *dek_lines, *metadata.byline, *captions, *map(without_sign, captions)}
    words = headline_words(headline)
    # If a dek is all there is, it is the text.
    article_blocks = _article_blocks(candidates, blocks_to_drop, skip, words) or _article_blocks(
        candidates, blocks_to_drop, skip - dek_lines, words
    )
    text = _without_orphans(article_blocks, members_of)
    title = _title_from_text(blocks, text) if text and not headline else None
    element = shared_element([block.element for block in text]) if text else None
    return Body(
        tuple(block.text for block in text),
        unique_captions(captions),
        element_path(element) if element else None,
        title=title,
    )


def _picture_captions(
    caption_blocks: Iterable[Block], blocks_to_drop: set[Block], container: Element
) -> list[str]:
    """The captions of the article's own pictures."""
    return [
        caption_text(block)
        for block in caption_blocks
        if block not in blocks_to_drop and is_article_picture(block, container)
    ]


def _without_orphans(article_blocks: list[Block], members_of: Members) -> list[Block]:
    titles = orphan_titles(set(article_blocks), members_of)
    return [block for block in article_blocks if block not in titles]


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
    if len(words) <= MAX_TITLE_LENGTH:
        return words
    return words[:MAX_TITLE_LENGTH].rpartition(" ")[0] + "…"


def _article_blocks(
    candidates: list[Block], blocks_to_drop: set[Block], skip: set[str], words: frozenset[str]
) -> list[Block]:
    """The candidates that are neither in a box, nor an aside, nor a repetition.

    `skip` are the lines of other fields, `words` those of the headline.
    """
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
    """The lines of the dek that are no text.

    None of them if the dek is so long that it may be the text itself, and none that is a paragraph
    among the others.
    """
    lines = [line for part in (dek or "").split("\n") if (line := one_line(part))]
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
    """Whether a block is no part of the article, wherever it is."""
    text = block.text
    if is_boilerplate(text) or is_ad_label(text):
        return True
    return block.linked > 0 and (
        is_read_more_link(block) or is_button(block) or is_paid_link(block) or is_sign_up_call(text)
    )


def shared_element(elements: list[Element]) -> Element:
    """The deepest element that holds all of `elements`, of which there is at least one."""
    shared = elements[0]
    for element in elements[1:]:
        while not is_within(element, shared) and shared.parent is not None:
            shared = shared.parent
    return shared
