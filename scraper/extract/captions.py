"""Captions: text that belongs to a picture, not to the article."""

import re
from collections.abc import Iterable

from scraper.extract.blocks import Block, Frame
from scraper.extract.model import label_words

CAPTION_WORDS = frozenset(("caption", "figcaption", "captions", "imgcaption", "photocaption"))
SIGN = "▲"  # Korean newspapers put it before a caption, and before the points of a list
MAX_SIGNED = 2  # captions without a credit on one page; more are a list
CREDIT = re.compile(
    r"(?:사진|제공|뉴시스|연합뉴스|연합|뉴스1|로이터|AP|AFP|EPA|DB|자료|캡처|기자|=\S+)\W*$"
)
NEAR = 3  # elements up in which a caption's class is looked for
AROUND = 3  # elements up from the container in which its lead picture is
MAX_CAPTION = 900  # characters


def is_caption(block: Block, weights: dict[Frame, float], bar: float) -> bool:
    """Whether the block stands in a caption; an element heavier than `bar` is none."""
    frame: Frame | None = block.frame
    if len(block.text) > MAX_CAPTION:
        return False
    for _ in range(NEAR):
        if frame is None or weights[frame] > bar:
            return False
        if frame.tag == "figcaption" or (
            frame.label and not CAPTION_WORDS.isdisjoint(label_words(frame.label))
        ):
            return True
        frame = frame.parent
    return False


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
        if above.parent is None or above.parent.tag == "body" or above.tag in ("article", "main"):
            break
        above = above.parent
    frame: Frame | None = block.frame
    while frame is not None and frame is not above:
        if frame.tag in ("aside", "nav", "footer"):
            return False
        frame = frame.parent
    return frame is above and 2 * block.linked < len(block.text)


def unique_captions(captions: list[str]) -> tuple[str, ...]:
    """Captions in order, each once, whether or not the sign stands before it."""
    return tuple({bare(text): text for text in reversed(captions)}.values())[::-1]


def bare(text: str) -> str:
    """The caption without its sign."""
    return text.lstrip(f"{SIGN} ")
