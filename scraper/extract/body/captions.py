"""Captions: text that belongs to a picture, not to the article."""

import re
from collections.abc import Iterable
from functools import lru_cache

from scraper.extract.body.model import label_words
from scraper.extract.html.blocks import Block, Frame, is_within
from scraper.patterns import pattern

CAPTION_WORDS = frozenset(
    ("caption", "figcaption", "captions", "imgcaption", "photocaption", "pictext")
)
SIGNS = "▲▼△▽"
SIGN = "▲"  # Korean newspapers put it before a caption, and before the points of a list
MAX_SIGNED = 2  # captions without a credit on one page; more are a list
CREDIT = pattern(
    r"(?:사진|제공|뉴시스|연합뉴스|연합|뉴스1|로이터|AP|AFP|EPA|DB|자료|캡처|기자|=\S+)\W*$"
)
GALLERY = pattern(r"^[\[(]?\d{1,3}\s?(?:/|of)\s?\d{1,3}[\])]?\s+(?=\D)")
BUTTON = pattern(
    r"(?:licen[cs]e|purchase|buy|enlarge|expand|zoom|open|view|see|download|order)\b", re.I
)
# Chinese captions end with who took the picture.
TAKEN = pattern(
    r"[^。]{4,120}[\s。，][\u4e00-\u9fff\s]{2,8}[摄攝](?:（[^）]{1,20}）)?\s*$"
    r"|.{4,120}[（(][\u4e00-\u9fff\s]{2,8}[摄攝][）)]\s*$"
)
WRAPPED = pattern(r"([▲▼△▽])[^▲▼△▽]{4,200}\1")  # in Hong Kong and Taiwan
NEAR = 3  # elements up in which a caption's class is looked for
AROUND = 3  # elements up from the container in which its lead picture is
MAX_CAPTION = 900  # characters


def is_captioned(
    frame: Frame | None, named: set[Frame], weights: dict[Frame, float], bar: float
) -> bool:
    """Whether an element is a caption, or close within one; one heavier than `bar` is none.

    `named` are those that call themselves so.
    """
    steps = 0
    while frame is not None and weights[frame] <= bar:
        if frame in named and (steps < NEAR or frame.tag == "figcaption"):
            return True
        frame = frame.parent
        steps += 1
    return False


@lru_cache(maxsize=50_000)
def is_caption_label(label: str) -> bool:
    """Whether a class or id is a caption's."""
    return not CAPTION_WORDS.isdisjoint(label_words(label))


def _is_taken(text: str) -> bool:
    """Whether a line is a caption by the signs around it or by who took the picture."""
    if text[0] in SIGNS and WRAPPED.fullmatch(text):
        return True
    return ("摄" in text or "攝" in text) and bool(TAKEN.fullmatch(text))


def pictured_blocks(
    blocks: list[Block], weights: dict[Frame, float], bar: float
) -> dict[Block, None]:
    """The blocks that are captions, in order: by where they stand or by the sign before them."""
    named = {
        frame
        for frame in weights
        if frame.tag == "figcaption" or (frame.label and is_caption_label(frame.label))
    }
    captioned = {
        frame
        for frame in ({block.frame for block in blocks} if named else ())
        if is_captioned(frame, named, weights, bar)
    }
    signed = signed_captions([block.text for block in blocks])
    return dict.fromkeys(
        [
            block
            for block in blocks
            if (block.frame in captioned and len(block.text) <= MAX_CAPTION)
            or block.text in signed
            or _is_taken(block.text)
        ]
    )


def signed_captions(texts: Iterable[str]) -> set[str]:
    """Those of the texts that are captions by the sign before them.

    >>> sorted(signed_captions(["▲부두의 배. 연합뉴스", "배가 떠났다."]))
    ['▲부두의 배. 연합뉴스']
    """
    signed = {text for text in texts if text.startswith(SIGN) and len(text) > 6}
    if len(signed) <= MAX_SIGNED:
        return signed
    return {text for text in signed if CREDIT.search(text)}


def belongs(block: Block, container: Frame) -> bool:
    """Whether a picture is the article's: in the container, or close above it."""
    above: Frame = container
    for _ in range(AROUND):
        if above.parent is None or above.parent.tag == "body" or above.tag == "main":
            break
        if above.tag == "article" and above.parent.tag != "main":
            break
        above = above.parent
    frame: Frame | None = block.frame
    while frame is not None and frame is not above:
        if frame.tag in ("aside", "nav", "footer"):
            return False
        if frame.tag == "article" and not _holds(frame, container):
            return False
        frame = frame.parent
    return frame is above and 2 * block.linked < len(block.text)


def _holds(frame: Frame, inner: Frame) -> bool:
    """Whether one element is another or holds it, or is held by it."""
    return is_within(inner, frame) or is_within(frame, inner)


def caption_text(block: Block) -> str:
    """The caption without the gallery's counter before it and the button after it."""
    text = GALLERY.sub("", block.text)
    if block.tail and BUTTON.match(block.tail) and text.endswith(block.tail):
        text = text.removesuffix(block.tail).rstrip()
    return text or block.text


def unique_captions(captions: list[str]) -> tuple[str, ...]:
    """Captions in order, each once, whether or not the sign stands before it."""
    return tuple({bare(text): text for text in reversed(captions)}.values())[::-1]


def bare(text: str) -> str:
    """The caption without its sign."""
    return text.lstrip(f"{SIGN} ")
