"""Small boxes inside the text: advertisements, pitches, teasers, lists of links.

A box is judged by what is in it alone, whatever its name and wherever it stands, so that
the next look, which finds another one in its place, leaves out that one too.
"""

from scraper.extract.blocks import Block, Frame
from scraper.extract.model import label_words
from scraper.extract.phrases import is_advert_label

HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
MAX_BLOCKS = 12
MAX_WIDTH = 700  # characters; a longer box may well be a part of the article
MAX_FORM, MAX_TEASER = 400, 260
LEVELS = 4  # elements up from a block
LINKED = 0.8  # a block with this share of its characters in links is a link
SHORT = 40  # characters of a label or title
# Words of a class or id that no part of an article bears.
BOX_WORDS = frozenset(
    ("advert", "advertisement", "adsbox", "adslot", "newsletter", "outbrain", "taboola", "disqus")
    + ("sharing", "sharebar", "related", "recommended", "recommendations", "comments", "trending")
    + ("breadcrumb", "breadcrumbs", "subscribe", "signup", "sponsored", "sponsor", "promo", "teaser")
)
BOX_SHARE = 0.2  # of the container's text: a wrapper of more than this is no box


def boxed_blocks(
    blocks: list[Block], container: Frame, weights: dict[Frame, float]
) -> set[Block]:
    """The blocks that stand in a box that is none of the article."""
    inside: dict[Frame, list[Block]] = {}
    for block in blocks:
        frame: Frame | None = block.frame
        for _ in range(LEVELS):
            if frame is None or frame is container:
                break
            inside.setdefault(frame, []).append(block)
            frame = frame.parent
    bar = BOX_SHARE * weights[container]
    return {
        block
        for frame, members in inside.items()
        if weights[frame] < bar and (_is_named(frame) or _is_box(frame, members))
        for block in members
    }


def _is_named(frame: Frame) -> bool:
    return bool(frame.label) and not BOX_WORDS.isdisjoint(label_words(frame.label))


def _is_box(frame: Frame, members: list[Block]) -> bool:
    if len(members) > MAX_BLOCKS:
        return False
    size = sum(len(block.text) for block in members)
    if size > MAX_WIDTH:
        return False
    if frame.has_form and size < MAX_FORM:
        return True
    if len(members) < 2:
        return False
    links = [block for block in members if block.linked >= LINKED * len(block.text)]
    if is_advert_label(members[0].text):
        return True
    if any(block.frame.tag in HEADINGS for block in links) and size < MAX_TEASER:
        return True
    return bool(links) and all(
        block in links or (len(block.text) < SHORT and at == 0) for at, block in enumerate(members)
    )


def is_pointer(block: Block) -> bool:
    """Whether the block is a label with a link to elsewhere: "Read more: …" in any language."""
    text = block.text
    size = len(text)
    label, colon, _ = text.partition(":") if ":" in text else text.partition("：")
    return bool(
        colon
        and size < 240
        and len(label) < SHORT
        and block.linked
        and block.linked + len(label) + 4 >= size
    )
