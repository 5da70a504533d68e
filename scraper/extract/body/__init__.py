"""The text of an article, and its captions, on a page."""

from collections.abc import Iterable

from scraper.extract.body import model
from scraper.extract.body.features import Prose
from scraper.extract.body.places import place_features, weigh
from scraper.extract.body.refine import Body, refine
from scraper.extract.body.scripts import script_text, split_paragraphs, total_width
from scraper.extract.body.select import (
    first_pass,
    heaviest_element,
    second_pass,
    usable_blocks,
    with_correction_notes,
)
from scraper.extract.html.blocks import Block, read_all_blocks, read_blocks
from scraper.extract.html.document import Document
from scraper.extract.html.text import one_line, width
from scraper.extract.metadata import Metadata

MIN_BODY_WIDTH = 200  # letters: for a shorter body the page's scripts are searched, too


def find_body(document: Document, metadata: Metadata) -> Body:
    """The article's body; no paragraphs if the page has none."""
    tree, tags = document.tree, document.tags
    blocks = usable_blocks(read_blocks(tree, model.prior, tags.hidden), metadata.headline)
    body = _body_of_blocks(blocks, metadata)
    size = total_width(body.paragraphs)
    schema_text = split_paragraphs(metadata.schema_body or "")
    if total_width(schema_text) > max(MIN_BODY_WIDTH, 2 * size):
        return Body(tuple(schema_text), body.captions, None, "json-ld")
    if size >= MIN_BODY_WIDTH:
        return body
    script_paragraphs, pictures = script_text(tree, metadata.headline)
    if total_width(script_paragraphs) > 2 * size:
        return Body(tuple(script_paragraphs), body.captions or tuple(pictures), None, "script")
    # First what looks like menus, then what is hidden: a script shows the text of some pages.
    for hidden in (tags.hidden, frozenset[int]()):
        blocks = usable_blocks(read_all_blocks(tree, model.prior, hidden), metadata.headline)
        unpruned = _body_of_blocks(blocks, metadata)
        if total_width(unpruned.paragraphs) > max(MIN_BODY_WIDTH, 2 * size):
            return unpruned
    return body


def _body_of_blocks(blocks: list[Block], metadata: Metadata) -> Body:
    """The body among the blocks of a page, by the two passes of the model."""
    if not blocks:
        return Body()
    schema_text = one_line(metadata.schema_body or "")
    prose = Prose(blocks)
    rows, likely = first_pass(blocks, prose)
    weights = weigh(blocks, prose.widths, likely)
    container = heaviest_element(weights)
    places, sure_indices = place_features(blocks, rows, likely, weights, container)
    text_blocks = second_pass(blocks, rows, places, sure_indices, schema_text)
    text_blocks = with_correction_notes(blocks, text_blocks)
    return refine(blocks, text_blocks, weights, container, metadata)


def trusted_body(blocks: list[Block], metadata: Metadata, captions: Iterable[str]) -> Body:
    """The body if every block is the article's, but for the boilerplate among them.

    `captions` are the captions that a rule has read already; no paragraph repeats them.
    """
    if not blocks:
        return Body()
    weights = weigh(blocks, [width(block.text) for block in blocks], [1.0] * len(blocks))
    return refine(blocks, blocks, weights, heaviest_element(weights), metadata, captions)
