"""Other stories on the page: below the text, beside it in a blog of many posts, or as readers' replies."""

from collections.abc import Iterable
from functools import lru_cache

from scraper.extract.body.features import headline_words, repeats_headline
from scraper.extract.body.model import label_words
from scraper.extract.html.blocks import Block, Element, is_within
from scraper.extract.html.text import width

# Words of the class of an element that is one post among others, and of the title of one.
ENTRY_WORDS = frozenset(("hentry", "blogpost", "blogposting"))
TITLE_LABELS = (
    "entry-title",
    "post-title",
    "article-title",
    "entry_title",
    "post_title",
    "itemheadline",
)
TITLE_WORDS = frozenset(("title", "headline"))
MIN_STORY_WIDTH = 200.0  # letters: a text so long has begun
MIN_STORY_PARAGRAPHS = 2
MIN_PARAGRAPH_WIDTH = 60.0  # letters of a line that counts as a paragraph
MAX_TITLE_WIDTH = 220.0  # letters
# Titles of other stories that may end the text, and those of its own; a page with more is hostile.
MAX_TITLES = 100


def one_story(blocks: list[Block], text_blocks: list[Block], headline: str) -> list[Block]:
    """The text blocks without those of other stories; `blocks` are all blocks of the page."""
    words = headline_words(headline)
    if not words or not text_blocks:
        return text_blocks
    letters = sum(map(len, words))
    own: list[tuple[int, Block]] = []
    others: list[tuple[int, Block]] = []
    for at, block in enumerate(blocks):
        if block.text == headline:
            own.append((at, block))
        elif _is_title(block.element.tag, block.element.label):
            is_own = repeats_headline(words, letters, block.text)
            (own if is_own else others).append((at, block))
    text_blocks = _in_own_entry(text_blocks, [block for _, block in own])
    return _until_next_title(blocks, text_blocks, own, others) if others else text_blocks


def _in_own_entry(text_blocks: list[Block], headlines: list[Block]) -> list[Block]:
    """The blocks without those of entries beside the one with the headline.

    All of them if that entry has no text: then its text is elsewhere.
    """
    entries_of: dict[Element, frozenset[Element]] = {}
    own = frozenset[Element]().union(*(_entries(block.element, entries_of) for block in headlines))
    entries = [_entries(block.element, entries_of) for block in text_blocks]
    if all(around <= own for around in entries):
        return text_blocks
    pairs = list(zip(text_blocks, entries, strict=True))
    if not _is_story([block for block, around in pairs if around & own]):
        return text_blocks
    return [block for block, around in pairs if not around or around & own]


def _entries(
    element: Element | None, cached: dict[Element, frozenset[Element]]
) -> frozenset[Element]:
    """The posts and articles that an element is in."""
    path: list[Element] = []
    while element is not None and element not in cached:
        path.append(element)
        element = element.parent
    entries = cached[element] if element is not None else frozenset[Element]()
    for inner in reversed(path):
        if _is_entry(inner.tag, inner.label):
            entries |= {inner}
        cached[inner] = entries
    return entries


@lru_cache(maxsize=50_000)
def _is_entry(tag: str, label: str) -> bool:
    return tag == "article" or not ENTRY_WORDS.isdisjoint(label_words(label))


def _until_next_title(
    blocks: list[Block],
    text_blocks: list[Block],
    headlines: list[tuple[int, Block]],
    others: list[tuple[int, Block]],
) -> list[Block]:
    """The blocks up to the title of another story: one of `others`, with their positions.

    It is outside of what holds the text so far. A page that titles its own parts with `h1` has them among its
    paragraphs.
    """
    first = headlines[0][0] if headlines else -1
    shown = [block for _, block in headlines[:MAX_TITLES]]
    positions = {block: at for at, block in enumerate(blocks)}
    for at, title in others[:MAX_TITLES]:
        if at <= first or width(title.text) > MAX_TITLE_WIDTH or not _is_titled_alike(title, shown):
            continue
        before = [block for block in text_blocks if first < positions[block] < at]
        if _is_story(before) and not _is_among(title.element, before):
            return [block for block in text_blocks if positions[block] < at]
    return text_blocks


@lru_cache(maxsize=50_000)
def _is_title(tag: str, label: str) -> bool:
    """Whether an element with this tag and label is the title of a page or of a post."""
    return tag == "h1" or any(name in label.lower() for name in TITLE_LABELS)


def _is_titled_alike(title: Block, headlines: list[Block]) -> bool:
    """Whether a title has a class of a title in common with the headline."""
    words = TITLE_WORDS & label_words(title.element.label)
    return any(words & label_words(other.element.label) for other in headlines)


def _is_among(element: Element, before: Iterable[Block]) -> bool:
    """Whether an element has its place among the last paragraphs, or inside what holds them."""
    last = [block for block in before if width(block.text) >= MIN_PARAGRAPH_WIDTH][-1]
    return last.element.parent is not None and is_within(element, last.element.parent)


def _is_story(blocks: Iterable[Block]) -> bool:
    """Whether some blocks are enough for the text of an article."""
    widths = [size for block in blocks if (size := width(block.text)) >= MIN_PARAGRAPH_WIDTH]
    return len(widths) >= MIN_STORY_PARAGRAPHS and sum(widths) >= MIN_STORY_WIDTH
