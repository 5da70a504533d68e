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
from scraper.extract.body.stories import one_story
from scraper.extract.body.structures import with_structures
from scraper.extract.html.blocks import Block, read_all_blocks, read_blocks
from scraper.extract.html.document import Document
from scraper.extract.html.rows import join_rows
from scraper.extract.html.text import one_line, width
from scraper.extract.metadata import Metadata

TITLE_TAGS = ("h1", "h2", "h3")  # of the headline
MIN_BODY_WIDTH = 200  # letters: for a shorter body the page's scripts are searched, too


def find_body(document: Document, metadata: Metadata) -> Body:
    """The article's body; no paragraphs if the page has none."""
    tree, tags = document.tree, document.tags
    blocks = usable_blocks(
        join_rows(read_blocks(tree, model.prior, tags.hidden)), metadata.headline
    )
    body = _body_of_blocks(blocks, metadata)
    size = total_width(body.paragraphs)
    schema_text = split_paragraphs(metadata.schema_body or "")
    if total_width(schema_text) > max(MIN_BODY_WIDTH, 2 * size):
        return Body(tuple(schema_text), body.captions, None, "json-ld")
    if size >= MIN_BODY_WIDTH:
        is_pruned = _lacks_headline(blocks, document, metadata)
        return _unpruned_body(document, metadata, body) if is_pruned else body
    script_paragraphs, pictures = script_text(tree, metadata.headline)
    if total_width(script_paragraphs) > 2 * size:
        return Body(tuple(script_paragraphs), body.captions or tuple(pictures), None, "script")
    return _unpruned_body(document, metadata, body)


def _lacks_headline(blocks: list[Block], document: Document, metadata: Metadata) -> bool:
    """Whether the headline that the page shows was left out with a menu: then the article may be, too."""
    headline = one_line(metadata.headline or "")
    shown = [block for block in blocks if block.element.tag in TITLE_TAGS]
    return all(block.text != headline for block in shown) and any(
        one_line(node.text()) == headline for node in document.tree.css(", ".join(TITLE_TAGS))
    )


def _unpruned_body(document: Document, metadata: Metadata, body: Body) -> Body:
    """The body of the page with its menus, if it is far longer than `body`, else this."""
    tree, tags, size = document.tree, document.tags, total_width(body.paragraphs)
    # First what looks like menus, then what is hidden: a script shows the text of some pages.
    for hidden in (tags.hidden, frozenset[int]()):
        blocks = usable_blocks(
            join_rows(read_all_blocks(tree, model.prior, hidden)), metadata.headline
        )
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
    text_blocks = one_story(blocks, text_blocks, metadata.headline or "")
    text_blocks = with_structures(blocks, with_correction_notes(blocks, text_blocks), likely)
    return refine(blocks, text_blocks, weights, container, metadata)


def trusted_body(blocks: list[Block], metadata: Metadata, captions: Iterable[str]) -> Body:
    """The body if every block is the article's, but for the boilerplate among them.

    `captions` are the captions that a rule has read already; no paragraph repeats them.
    """
    if not blocks:
        return Body()
    weights = weigh(blocks, [width(block.text) for block in blocks], [1.0] * len(blocks))
    return refine(blocks, blocks, weights, heaviest_element(weights), metadata, captions)
