"""Small boxes inside the text: advertisements, pitches, teasers, lists of links.

A box is judged by what is in it alone, whatever its name and wherever it stands, so that
the next look, which finds another one in its place, leaves out that one too.
"""

from collections import Counter

from scraper.extract.body.features import place, width
from scraper.extract.body.model import label_words
from scraper.extract.html.blocks import Block, Frame
from scraper.phrases.boilerplate import is_advert_label, is_call, is_remark

HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
MAX_BLOCKS = 12
MAX_WIDTH = 700  # characters; a longer box may well be a part of the article
MAX_FORM, MAX_TEASER, MAX_REMARK = 300, 200, 500
MANY = 3  # boxes alike: more are the article's own list
LEVELS = 4  # elements up from a block
LINKED = 0.8  # a block with this share of its characters in links is a link
SHORT = 40  # characters of a title
MAX_LABEL, MIN_LINK = 30, 20  # characters of "Read more" and of the headline that follows
# Words of a class or id that no part of an article bears.
_BOX_WORDS = """
    advert advertisement adsbox adslot newsletter outbrain taboola disqus sharing sharebar related
    recommended recommendations comments trending breadcrumb breadcrumbs subscribe signup sponsored
    sponsor
"""
BOX_WORDS = frozenset(_BOX_WORDS.split())
BOX_SHARE = 0.2  # of the container's text: a wrapper of more than this is no box


Members = dict[Frame, list[Block]]


def members_around(blocks: list[Block], candidates: list[Block], container: Frame) -> Members:
    """The blocks of each element that is not far above a candidate, inside the container."""
    around: Members = {}
    for block in candidates:
        frame: Frame | None = block.frame
        for _ in range(LEVELS):
            if frame is None or frame is container:
                break
            around[frame] = []
            frame = frame.parent
    for block in blocks:
        frame = block.frame
        for _ in range(LEVELS):
            if frame is None or frame is container:
                break
            members = around.get(frame)
            if members is not None:
                members.append(block)
            frame = frame.parent
    return around


def boxed_blocks(around: Members, container: Frame, weights: dict[Frame, float]) -> set[Block]:
    """The blocks that stand in a box that is none of the article."""
    bar = BOX_SHARE * weights[container]
    boxes: list[Frame] = []
    teasers: list[Frame] = []
    for frame, members in around.items():
        weight = weights[frame]
        if weight >= 2 * bar:
            continue
        is_small = weight < bar
        if is_small and frame.label and not BOX_WORDS.isdisjoint(label_words(frame.label)):
            boxes.append(frame)
        elif len(members) <= MAX_BLOCKS:
            size = sum([len(block.text) for block in members])
            if size <= MAX_FORM and _is_asking(frame, members):
                boxes.append(frame)
            elif is_small and size <= MAX_WIDTH and len(members) > 1:
                if _is_box(members, size):
                    boxes.append(frame)
                elif size <= MAX_TEASER and _is_teaser(members):
                    teasers.append(frame)
    alike = Counter(map(place, teasers))
    boxes += [frame for frame in teasers if alike[place(frame)] <= MANY]
    return {block for frame in boxes for block in around[frame]}


def _is_box(members: list[Block], size: int) -> bool:
    """An advertisement by its label, a reader's remark, or links with a title over them."""
    if is_advert_label(members[0].text):
        return True
    if size < MAX_REMARK and any(is_remark(block.text) for block in members[:2]):
        return True
    links = [_is_link(block) for block in members]
    return True in links and all(
        (linked and width(block.text) >= MIN_LINK) or (at == 0 and len(block.text) < SHORT)
        for at, (block, linked) in enumerate(zip(members, links, strict=True))
    )


def _is_asking(frame: Frame, members: list[Block]) -> bool:
    """A few lines with a field to fill in, or with a button that says "Subscribe"."""
    if frame.has_form:
        return True
    links = [block for block in members if block.linked and _is_link(block)]
    return any(is_call(block.text) for block in links)


def _is_teaser(members: list[Block]) -> bool:
    """A heading that leads elsewhere, and a sentence."""
    return len(members) <= 4 and any(
        block.frame.tag in HEADINGS and _is_link(block) for block in members
    )


def _is_link(block: Block) -> bool:
    return block.linked >= LINKED * len(block.text)


def orphans(kept: set[Block], around: Members) -> set[Block]:
    """Kept titles of boxes of which nothing else was kept."""
    found: set[Block] = set()
    for members in around.values():
        title, rest = members[0], members[1:]
        if title in kept and rest and _is_title(title) and kept.isdisjoint(rest):
            found.add(title)
    return found


def _is_title(block: Block) -> bool:
    return block.frame.tag in HEADINGS or len(block.text) < SHORT


def is_paid(block: Block) -> bool:
    """Whether a block is one link that says itself that it was paid for."""
    return block.paid and _is_link(block)


def is_offer(block: Block) -> bool:
    """Whether a short block ends in a link that is no part of its sentence: a button."""
    text, tail = block.text, block.tail
    if not tail or len(text) > MAX_TEASER or len(tail) > MAX_LABEL or tail[-1] in ".!?。！？…":
        return False
    before = text.removesuffix(tail).rstrip(" ›»→>")
    return width(before) >= MIN_LINK and before[-1] in ".!?。！？"


def is_pointer(block: Block) -> bool:
    """Whether the block is a label with a link to elsewhere: "Read more: …" in any language."""
    label, _, rest = block.text.replace("：", ":").partition(":")
    return (
        len(label) <= MAX_LABEL
        and width(rest) >= MIN_LINK
        and len(rest) - 3 <= block.linked <= len(rest)
    )
