"""Small boxes inside the text: advertisements, pitches, teasers, lists of links.

The content alone decides about a box, not its place. The next check finds another box there, and must
leave that out as well.
"""

from collections import Counter
from functools import lru_cache
from itertools import chain

from scraper.extract.body.model import label_words
from scraper.extract.body.places import element_signature
from scraper.extract.html.blocks import Block, Element
from scraper.extract.html.reading.elements import HEADING_TAGS
from scraper.extract.html.text import width
from scraper.phrases.boilerplate import is_ad_label, is_comment_author, is_sign_up_call

MAX_BOX_BLOCKS = 12
MAX_BOX_LENGTH = 700  # characters; a longer box may be part of the article
MAX_FORM_LENGTH, MAX_TEASER_LENGTH, MAX_REMARK_LENGTH = 300, 200, 500
MAX_TEASER_BLOCKS = 4
MAX_ALIKE_TEASERS = 3  # similar boxes; more are a list of the article's own
MAX_BOX_CLIMB = 4  # elements up from a block
MIN_LINKED_SHARE = 0.8  # a block with this share of its characters in links is a link
MAX_BOX_TITLE_LENGTH = 40  # characters
MAX_LINK_LABEL_LENGTH = 30  # characters of "Read more"
MIN_LINK_WIDTH = 20  # letters of the headline after it
# Words of a class or id that no part of an article has.
_BOX_WORDS = """
    advert advertisement adsbox adslot newsletter outbrain taboola disqus sharing sharebar related
    recommended recommendations comments trending breadcrumb breadcrumbs subscribe signup sponsored
    sponsor
"""
BOX_WORDS = frozenset(_BOX_WORDS.split())
BOX_WORD_STARTS = ("advert", "newsletter", "recommend", "related", "sponsor")  # "relatedposts"
MAX_BOX_SHARE = 0.2  # of the container's text: an element with more is no box
MAX_LAST_BOX_SHARE = 0.5  # the same of a box after the text, if its class names it


Members = dict[Element, list[Block]]


def members_by_element(blocks: list[Block], candidates: list[Block], container: Element) -> Members:
    """The blocks of each element close above a candidate, inside the container."""
    members_of: Members = {}
    for block in candidates:
        element: Element | None = block.element
        for _ in range(MAX_BOX_CLIMB):
            if element is None or element is container:
                break
            members_of[element] = []
            element = element.parent
    for block in blocks:
        element = block.element
        for _ in range(MAX_BOX_CLIMB):
            if element is None or element is container:
                break
            members = members_of.get(element)
            if members is not None:
                members.append(block)
            element = element.parent
    return members_of


@lru_cache(maxsize=50_000)
def is_box_label(label: str) -> bool:
    """Whether a class or id names a box that is no part of an article.

    >>> is_box_label("jp-relatedposts"), is_box_label("article-body")
    (True, False)
    """
    words = label_words(label)
    return not BOX_WORDS.isdisjoint(words) or any(
        word.startswith(BOX_WORD_STARTS) for word in words
    )


def blocks_in_boxes(
    members_of: Members,
    container: Element,
    weights: dict[Element, float],
    last_block: Block | None,
) -> set[Block]:
    """The blocks in boxes that are no part of the article; `last_block` is the last of its text."""
    max_weight = MAX_BOX_SHARE * weights[container]
    max_last_weight = MAX_LAST_BOX_SHARE * weights[container]
    boxes: list[Element] = []
    teasers: list[Element] = []
    for element, members in members_of.items():
        weight = weights[element]
        is_small = weight < max_weight
        is_last = weight < max_last_weight and last_block in members
        if (is_small or is_last) and is_box_label(element.label):
            boxes.append(element)
        elif weight >= 2 * max_weight:
            continue
        elif len(members) <= MAX_BOX_BLOCKS:
            size = sum([len(block.text) for block in members])
            if size <= MAX_FORM_LENGTH and _is_sign_up_form(element, members):
                boxes.append(element)
            elif is_small and len(members) > 1:
                if _is_box(members, size):
                    boxes.append(element)
                elif _is_teaser(members, size):
                    teasers.append(element)
    boxes += _rare_teasers(teasers)
    return set(chain.from_iterable(map(members_of.__getitem__, boxes)))


def _rare_teasers(teasers: list[Element]) -> list[Element]:
    """The teasers without those that come often: many similar ones are the article's own list."""
    counts = Counter(map(element_signature, teasers))
    return [
        element for element in teasers if counts[element_signature(element)] <= MAX_ALIKE_TEASERS
    ]


def _is_box(members: list[Block], size: int) -> bool:
    """Whether a box is an advertisement with a label, a reader's comment, or links under a title."""
    if size > MAX_BOX_LENGTH:
        return False
    if is_ad_label(members[0].text):
        return True
    if size < MAX_REMARK_LENGTH and any(is_comment_author(block.text) for block in members[:2]):
        return True
    links = [_is_link(block) for block in members]
    return True in links and all(
        (linked and width(block.text) >= MIN_LINK_WIDTH)
        or (at == 0 and len(block.text) < MAX_BOX_TITLE_LENGTH)
        for at, (block, linked) in enumerate(zip(members, links, strict=True))
    )


def _is_sign_up_form(element: Element, members: list[Block]) -> bool:
    """Whether a few lines have a field to fill in, or a button that says "Subscribe"."""
    if element.has_form:
        return True
    links = [block for block in members if block.linked and _is_link(block)]
    return any(is_sign_up_call(block.text) for block in links)


def _is_teaser(members: list[Block], size: int) -> bool:
    """Whether a box is a heading with a link, and a sentence."""
    if len(members) > MAX_TEASER_BLOCKS or size > MAX_TEASER_LENGTH:
        return False
    return any(block.element.tag in HEADING_TAGS and _is_link(block) for block in members)


def _is_link(block: Block) -> bool:
    return block.linked >= MIN_LINKED_SHARE * len(block.text)


def orphan_titles(article_blocks: set[Block], members_of: Members) -> set[Block]:
    """The titles among `article_blocks` of boxes that have no other block there."""
    titles: set[Block] = set()
    for members in members_of.values():
        title, rest = members[0], members[1:]
        if (
            title in article_blocks
            and rest
            and _is_title(title)
            and article_blocks.isdisjoint(rest)
        ):
            titles.add(title)
    return titles


def _is_title(block: Block) -> bool:
    return block.element.tag in HEADING_TAGS or len(block.text) < MAX_BOX_TITLE_LENGTH


def is_paid_link(block: Block) -> bool:
    """Whether a block is one link that its markup says is paid for."""
    return block.paid and _is_link(block)


def is_button(block: Block) -> bool:
    """Whether a short block ends in a link after its last sentence: a button."""
    text, tail = block.text, block.tail
    if (
        not tail
        or len(text) > MAX_TEASER_LENGTH
        or len(tail) > MAX_LINK_LABEL_LENGTH
        or tail[-1] in ".!?。！？…"
    ):
        return False
    before = text.removesuffix(tail).rstrip(" ›»→>")
    return width(before) >= MIN_LINK_WIDTH and before[-1] in ".!?。！？"


def is_read_more_link(block: Block) -> bool:
    """Whether a block is a label and a link after a colon: "Read more: …" in any language."""
    label, _, rest = block.text.replace("：", ":").partition(":")
    return (
        len(label) <= MAX_LINK_LABEL_LENGTH
        and width(rest) >= MIN_LINK_WIDTH
        and len(rest) - 3 <= block.linked <= len(rest)
    )
