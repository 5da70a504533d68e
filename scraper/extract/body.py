"""Where the article's text is on a page."""

import re
from collections import defaultdict
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser

from scraper.extract.blocks import Block, Frame, read_blocks


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


JUNK = re.compile(
    r"comment|related|recommend|teaser|promo|outbrain|taboola|newsletter|share|social|sidebar|footer"
    r"|nav|menu|breadcrumb|tags|author|byline|advert|sponsor|banner|cookie|widget|popular|trending"
    r"|most-|latest|signup|subscribe|copyright|caption|credit|poll|disqus|meta|headline|title",
    re.I,
)
JUNK_TAGS = frozenset(("nav", "footer", "aside", "figcaption", "figure", "h1", "address", "menu"))


def find_body(
    tree: LexborHTMLParser,
    *,
    headline: str | None,
    dek: str | None,
    schema_body: str | None = None,
    anchor: str | None = None,
) -> Body:
    """The article's body; no paragraphs where the page has none."""
    blocks = read_blocks(tree)
    good = [worth(block) for block in blocks]
    weight: dict[Frame, float] = defaultdict(float)
    for block, value in zip(blocks, good, strict=True):
        frame: Frame | None = block.frame
        while frame is not None:
            weight[frame] += value
            frame = frame.parent
    if not weight:
        return Body()
    best = max(weight, key=lambda frame: (weight[frame], frame.depth))
    kept = [
        block
        for block, value in zip(blocks, good, strict=True)
        if value > 0 and _inside(block.frame, best)
    ]
    return Body(tuple(block.text for block in kept))


def _inside(frame: Frame | None, outer: Frame) -> bool:
    while frame is not None:
        if frame is outer:
            return True
        frame = frame.parent
    return False


def worth(block: Block) -> float:
    """Positive for a paragraph, negative for the page around it."""
    size = len(block.text)
    frame: Frame | None = block.frame
    while frame is not None:
        if frame.tag in JUNK_TAGS or JUNK.search(frame.label):
            return -min(size, 100)
        frame = frame.parent
    if block.linked * 2 > size:
        return -min(size, 100)
    if size > 80 or block.frame.tag in ("p", "blockquote", "h2", "h3", "h4"):
        return size
    return -10
