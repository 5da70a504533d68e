"""Where the article's text is on a page."""

from collections import Counter
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser

from scraper.extract import model
from scraper.extract.blocks import Block, Frame, read_blocks
from scraper.extract.captions import is_caption, unique_captions
from scraper.extract.features import WORD, place_features, text_features, weigh
from scraper.extract.phrases import is_furniture
from scraper.extract.scriptdata import script_paragraphs, split_paragraphs

MAX_BLOCKS = 6_000  # the longest article page measured has 3,100
ALSO_INSIDE = 0.02  # a first look under this is final outside the container


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
    size = sum(map(len, body.paragraphs))
    said = split_paragraphs(schema_body or "")
    if size < MIN_BODY or 2 * size < sum(map(len, said)):
        if sum(map(len, said)) > max(MIN_BODY, 2 * size):
            return Body(tuple(said), body.captions, None, "json-ld")
        told = script_paragraphs(tree, headline)
        if sum(map(len, told)) > max(MIN_BODY, 2 * size):
            return Body(tuple(told), body.captions, None, "script")
    return body


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
    places = place_features(blocks, rows, likely, weights, container)
    skip = {folded(headline), folded(dek), *map(folded, (dek or "").split("\n"))}
    kept: list[Block] = []
    captions: list[str] = []
    seen: set[str] = set()
    for block, row, where in zip(blocks, rows, places, strict=True):
        if is_caption(block):
            captions.append(block.text)
        elif block.text in skip or second(row + where) <= 0.0 or is_furniture(block.text):
            continue
        elif len(block.text) > 60 and block.text in seen:
            continue
        else:
            seen.add(block.text)
            kept.append(block)
    paragraphs = tuple(block.text for block in kept)
    return Body(paragraphs, unique_captions(captions), describe(container))


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


def describe(frame: Frame) -> str:
    """A short path to an element, from the nearest id on."""
    parts: list[str] = []
    at: Frame | None = frame
    while at is not None and len(parts) < 4:
        parts.append(f"{at.tag}.{'.'.join(at.label.split()[:3])}" if at.label else at.tag)
        at = at.parent
    return " > ".join(reversed(parts))
