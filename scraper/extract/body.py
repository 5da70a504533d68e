"""Where the article's text is on a page."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser

from scraper.extract import model
from scraper.extract.blocks import Block, Frame, read_all_blocks, read_blocks
from scraper.extract.boxes import boxed_blocks, is_offer, is_paid, is_pointer, orphans
from scraper.extract.captions import (
    bare,
    belongs,
    is_caption,
    signed_captions,
    unique_captions,
)
from scraper.extract.features import (
    UNLIKELY,
    WORD,
    kind_features,
    place_features,
    repeats,
    text_features,
    weigh,
    width,
)
from scraper.extract.phrases import is_advert_label, is_call, is_furniture
from scraper.extract.scriptdata import script_paragraphs, split_paragraphs

MAX_BLOCKS = 6_000  # the longest article page measured has 3,100
CAPTION_SHARE = 0.2  # of the container's text: more cannot be a caption
ANCHOR_SHARE = 0.5  # of the heaviest element's text
MAX_REPEATED = 60  # characters: a shorter line may come again
LONG, LONG_BAR = 6.7, -1.0  # a block of 800 letters is text unless much speaks against it


@dataclass(frozen=True, slots=True)
class Body:
    """The article's text: `paragraphs` and sub-headings in order, `captions` apart.

    `anchor` names the container they stood in, for the next look at the same page;
    `source` says where the text was: "page", "json-ld" or "script".
    """

    paragraphs: tuple[str, ...] = ()
    captions: tuple[str, ...] = ()
    anchor: str | None = None
    source: str = "page"


def find_body(
    tree: LexborHTMLParser,
    *,
    headline: str | None,
    dek: str | None,
    schema_body: str | None = None,
    anchor: str | None = None,
) -> Body:
    """The article's body; no paragraphs where the page has none.

    `schema_body` is the page's own `articleBody`, `anchor` the one of an earlier look.
    """
    blocks = usable_blocks(read_blocks(tree, model.prior))
    body = _from_page(blocks, headline, dek, schema_body, anchor)
    size = length(body.paragraphs)
    said = split_paragraphs(schema_body or "")
    if length(said) > max(MIN_BODY, 2 * size):
        return Body(tuple(said), body.captions, None, "json-ld")
    if size >= MIN_BODY:
        return body
    told = script_paragraphs(tree, headline)
    if length(told) > 2 * size:
        return Body(tuple(told), body.captions, None, "script")
    blocks = usable_blocks(read_all_blocks(tree, model.prior))
    shown = _from_page(blocks, headline, dek, schema_body, anchor)
    return shown if length(shown.paragraphs) > max(MIN_BODY, 2 * size) else body


def length(paragraphs: Iterable[str]) -> float:
    """Letters in all, by the measure of `width`."""
    return sum(map(width, paragraphs))


MIN_BODY = 200  # characters: a shorter body sends us looking in the page's scripts


def _from_page(
    blocks: list[Block],
    headline: str | None,
    dek: str | None,
    schema_body: str | None,
    anchor: str | None,
) -> Body:
    if not blocks:
        return Body()
    words = headline_words(headline)
    said = folded(schema_body)
    copies = Counter(block.text for block in blocks)
    rows = [text_features(block, words, copies[block.text], said) for block in blocks]
    first, second = model.first_look(), model.second_look()
    likely = [model.probability(first(row)) for row in rows]
    weights, container = weighed(blocks, rows, likely)
    container = _known(weights, anchor) or container
    places = place_features(blocks, rows, likely, weights, container)
    boxed = boxed_blocks(blocks, container, weights)
    skip = {folded(headline), folded(dek), *map(folded, (dek or "").split("\n"))}
    bar = CAPTION_SHARE * weights[container]
    signed = signed_captions(block.text for block in blocks)
    kept: list[Block] = []
    captions: list[str] = []
    seen: set[str] = set()
    for block, row, chance, where in zip(blocks, rows, likely, places, strict=True):
        text = block.text
        if text in signed or is_caption(block, weights, bar):
            if block not in boxed and belongs(block, container):
                captions.append(text)
            continue
        if chance < UNLIKELY or block in boxed or text in skip or text in seen:
            continue
        bound = LONG_BAR if row[0] > LONG else 0.0
        if second(row + where + kind_features(block)) <= bound or is_aside(block):
            continue
        if not repeats(words, WORD.findall(text.lower())):
            kept.append(block)
            if len(text) > MAX_REPEATED:
                seen.add(text)
    told = {bare(caption) for caption in captions}
    left_over = orphans(set(kept), blocks, container)
    paragraphs = tuple(
        block.text for block in kept if block not in left_over and block.text not in told
    )
    return Body(paragraphs, unique_captions(captions), describe(container))


def is_aside(block: Block) -> bool:
    """Whether the block by itself is none of the article, wherever it stands."""
    text = block.text
    return (
        is_furniture(text)
        or is_advert_label(text)
        or is_pointer(block)
        or is_offer(block)
        or is_paid(block)
        or (block.linked > 0 and is_call(text))
    )


def weighed(
    blocks: list[Block], rows: list[list[float]], likely: list[float]
) -> tuple[dict[Frame, float], Frame]:
    """The weight of each element, and the deepest of the heaviest."""
    weights = weigh(blocks, rows, likely)
    return weights, max(weights, key=lambda frame: (weights[frame], frame.depth))


def usable_blocks(blocks: list[Block]) -> list[Block]:
    """As many blocks as any article page has."""
    return blocks[:MAX_BLOCKS]


def folded(text: str | None) -> str:
    """Text with its white space folded, empty for None."""
    return " ".join((text or "").split())


def headline_words(headline: str | None) -> frozenset[str]:
    """The words of the headline, folded in case."""
    return frozenset(WORD.findall((headline or "").lower()))


def _known(weights: dict[Frame, float], anchor: str | None) -> Frame | None:
    """The container of an earlier look, where it still holds most of the text."""
    if not anchor:
        return None
    most = max(weights.values())
    found = [
        frame
        for frame, weight in weights.items()
        if weight > ANCHOR_SHARE * most and describe(frame) == anchor
    ]
    return max(found, key=lambda frame: weights[frame], default=None)


def describe(frame: Frame) -> str:
    """A short path to an element, from the nearest id on."""
    parts: list[str] = []
    at: Frame | None = frame
    while at is not None and len(parts) < 4:
        parts.append(f"{at.tag}.{'.'.join(at.label.split()[:3])}" if at.label else at.tag)
        at = at.parent
    return " > ".join(reversed(parts))
