"""Captions: text that belongs to a picture, not to the body."""

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache

from scraper.extract.body.model import label_words
from scraper.extract.html.blocks import Block, Element, is_within
from scraper.patterns import lazy_pattern

CAPTION_WORDS = frozenset(
    ("caption", "figcaption", "captions", "imgcaption", "photocaption", "pictext")
)
CAPTION_SIGNS = "▲▼△▽"
CAPTION_SIGN = "▲"  # Korean newspapers put it before a caption, and before the points of a list
MAX_UNCREDITED_CAPTIONS = 2  # captions without a credit on one page; more are a list
CAPTION_CREDIT = lazy_pattern(
    r"(?:사진|제공|뉴시스|연합뉴스|연합|뉴스1|로이터|AP|AFP|EPA|DB|자료|캡처|기자|=\S+)\W*$"
)
GALLERY_COUNTER = lazy_pattern(r"^[\[(]?\d{1,3}\s?(?:/|of)\s?\d{1,3}[\])]?\s+(?=\D)")
ANY_NUMBER = lazy_pattern(r"\d+")
ITEM_TAGS = frozenset(("li", "figcaption"))
MIN_GALLERY_PICTURES = 2  # counted lines that make a gallery
CAPTION_BUTTON = lazy_pattern(
    r"(?:licen[cs]e|purchase|buy|enlarge|expand|zoom|open|view|see|download|order)\b", re.I
)
# Chinese captions end with the photographer.
PHOTOGRAPHER_CREDIT = lazy_pattern(
    r"[^。]{4,120}[\s。，][\u4e00-\u9fff\s]{2,8}[摄攝](?:（[^）]{1,20}）)?\s*$"
    r"|.{4,120}[（(][\u4e00-\u9fff\s]{2,8}[摄攝][）)]\s*$"
)
CAPTION_BETWEEN_SIGNS = lazy_pattern(r"([▲▼△▽])[^▲▼△▽]{4,200}\1")  # in Hong Kong and Taiwan
MAX_CAPTION_CLIMB = 3  # elements up that may have the class of a caption
MAX_LEAD_PICTURE_CLIMB = 3  # elements up from the container that may hold its lead picture
MAX_CAPTION_LENGTH = 900  # characters


def is_captioned(
    element: Element | None,
    caption_elements: set[Element],
    weights: dict[Element, float],
    max_weight: float,
) -> bool:
    """Whether an element is one of `caption_elements`, or close within one.

    An element heavier than `max_weight` is no caption.
    """
    steps = 0
    while element is not None and weights[element] <= max_weight:
        if element in caption_elements and (
            steps < MAX_CAPTION_CLIMB or element.tag == "figcaption"
        ):
            return True
        element = element.parent
        steps += 1
    return False


@lru_cache(maxsize=50_000)
def is_caption_label(label: str) -> bool:
    """Whether a class or id names a caption."""
    return not CAPTION_WORDS.isdisjoint(label_words(label))


def _has_caption_form(text: str) -> bool:
    """Whether a line is a caption by the signs around it, or names a photographer at its end."""
    if text[0] in CAPTION_SIGNS and CAPTION_BETWEEN_SIGNS.fullmatch(text):
        return True
    return ("摄" in text or "攝" in text) and bool(PHOTOGRAPHER_CREDIT.fullmatch(text))


def find_caption_blocks(
    blocks: list[Block], weights: dict[Element, float], max_weight: float
) -> dict[Block, None]:
    """The captions in order, by the element or the sign that marks them, as a set with an order."""
    caption_elements = {
        element
        for element in weights
        if element.tag == "figcaption" or (element.label and is_caption_label(element.label))
    }
    elements_in_captions = {
        element
        for element in ({block.element for block in blocks} if caption_elements else ())
        if is_captioned(element, caption_elements, weights, max_weight)
    }
    signed_texts = signed_captions([block.text for block in blocks])
    gallery_lines = _gallery_lines(blocks)
    return dict.fromkeys(
        [
            block
            for block in blocks
            if (block.element in elements_in_captions and len(block.text) <= MAX_CAPTION_LENGTH)
            or block.text in signed_texts
            or block in gallery_lines
            or _has_caption_form(block.text)
        ]
    )


def _gallery_lines(blocks: list[Block]) -> set[Block]:
    """The lines of a gallery's pictures: of elements alike whose first lines count "1/9", "2/9", "3/9"."""
    pictures: defaultdict[tuple[str, str, str], dict[int, Element]] = defaultdict(dict)
    for block in blocks:
        if counter := GALLERY_COUNTER.match(block.text):
            number, total = ANY_NUMBER.findall(counter[0])
            picture = _item(block)
            pictures[picture.tag, picture.label, total].setdefault(int(number), picture)
    gallery = {
        picture
        for numbered in pictures.values()
        if len(numbered) >= MIN_GALLERY_PICTURES
        and max(numbered) == len(numbered) == len(set(numbered.values()))
        for picture in numbered.values()
    }
    return {block for block in blocks if _item(block) in gallery} if gallery else set()


def _item(block: Block) -> Element:
    """The element of a picture in a gallery: the list item of a line, or what is around the line."""
    element = block.element
    return element if element.tag in ITEM_TAGS or element.parent is None else element.parent


def signed_captions(texts: Iterable[str]) -> set[str]:
    """The texts that are captions by the sign before them.

    >>> sorted(signed_captions(["▲부두의 배. 연합뉴스", "배가 떠났다."]))
    ['▲부두의 배. 연합뉴스']
    """
    signed_texts = {text for text in texts if text.startswith(CAPTION_SIGN) and len(text) > 6}
    if len(signed_texts) <= MAX_UNCREDITED_CAPTIONS:
        return signed_texts
    return {text for text in signed_texts if CAPTION_CREDIT.search(text)}


def is_article_picture(block: Block, container: Element) -> bool:
    """Whether a caption is of a picture of the article: in the container, or close above it."""
    above: Element = container
    for _ in range(MAX_LEAD_PICTURE_CLIMB):
        if above.parent is None or above.parent.tag == "body" or above.tag == "main":
            break
        if above.tag == "article" and above.parent.tag != "main":
            break
        above = above.parent
    element: Element | None = block.element
    while element is not None and element is not above:
        if element.tag in ("aside", "nav", "footer"):
            return False
        if element.tag == "article" and not _are_nested(element, container):
            return False
        element = element.parent
    return element is above and 2 * block.linked < len(block.text)


def _are_nested(element: Element, inner: Element) -> bool:
    """Whether two elements are the same, or one is inside the other."""
    return is_within(inner, element) or is_within(element, inner)


def caption_text(block: Block) -> str:
    """The caption without the counter of a gallery before it and a button after it."""
    text = GALLERY_COUNTER.sub("", block.text)
    if block.tail and CAPTION_BUTTON.match(block.tail) and text.endswith(block.tail):
        text = text.removesuffix(block.tail).rstrip()
    return text or block.text


def unique_captions(captions: list[str]) -> tuple[str, ...]:
    """The captions in order, each once, with or without its sign."""
    return tuple({without_sign(text): text for text in reversed(captions)}.values())[::-1]


def without_sign(text: str) -> str:
    """The caption without its sign."""
    return text.lstrip(f"{CAPTION_SIGN} ")
