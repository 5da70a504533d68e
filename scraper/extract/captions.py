"""Captions: text that belongs to a picture, not to the article."""

from scraper.extract.blocks import Block, Frame
from scraper.extract.model import label_words

CAPTION_WORDS = frozenset(("caption", "figcaption", "captions", "imgcaption", "photocaption"))
SIGN = "▲"  # Korean newspapers put it before a caption, also inside running text
NEAR = 4  # elements up in which a caption's class is looked for


def is_caption(block: Block) -> bool:
    """Whether the block is the caption or credit of a picture."""
    if block.text.startswith(SIGN) and len(block.text) > 6:
        return True
    frame: Frame | None = block.frame
    for _ in range(NEAR):
        if frame is None:
            return False
        if frame.tag == "figcaption" or (
            frame.label and not CAPTION_WORDS.isdisjoint(label_words(frame.label))
        ):
            return True
        frame = frame.parent
    return False


def unique_captions(captions: list[str]) -> tuple[str, ...]:
    """Captions in order, each once."""
    return tuple(dict.fromkeys(captions))
