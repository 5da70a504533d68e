"""Other stories on the page: below the text, beside it in a blog of many posts, or as readers' replies."""

from collections.abc import Iterable, Iterator

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


def one_story(blocks: list[Block], text_blocks: list[Block], headline: str) -> list[Block]:
    """The text blocks without those of other stories; `blocks` are all blocks of the page."""
    words = headline_words(headline)
    if not words or not text_blocks:
        return text_blocks
    titles = [block for block in blocks if _is_headline(block, headline, words)]
    text_blocks = _in_own_entry(text_blocks, titles)
    return _until_next_title(blocks, text_blocks, titles, words)


def _is_headline(block: Block, headline: str, words: frozenset[str]) -> bool:
    return block.text == headline or (
        _is_title(block.element) and repeats_headline(words, sum(map(len, words)), block.text)
    )


def _in_own_entry(text_blocks: list[Block], titles: list[Block]) -> list[Block]:
    """The blocks without those of entries beside the one with the headline.

    All of them if that entry has no text: then its text is elsewhere.
    """
    entries = {block: list(_entries(block.element)) for block in text_blocks}
    own = {entry for title in titles for entry in _entries(title.element)}
    inside = [block for block in text_blocks if not own.isdisjoint(entries[block])]
    if not _is_story(inside):
        return text_blocks
    return [
        block for block in text_blocks if not entries[block] or not own.isdisjoint(entries[block])
    ]


def _entries(element: Element | None) -> Iterator[Element]:
    """The posts or articles that an element is in."""
    while element is not None:
        if element.tag == "article" or (
            element.label and not ENTRY_WORDS.isdisjoint(label_words(element.label))
        ):
            yield element
        element = element.parent


def _until_next_title(
    blocks: list[Block], text_blocks: list[Block], titles: list[Block], words: frozenset[str]
) -> list[Block]:
    """The blocks up to the title of another story.

    That is outside of what holds the text so far. A page that titles its own parts with `h1` has them among its
    paragraphs.
    """
    positions = {block: at for at, block in enumerate(blocks)}
    first = min((positions[title] for title in titles if title in positions), default=-1)
    text = [block for block in text_blocks if positions[block] > first]
    for at, block in enumerate(blocks):
        if at <= first or not _is_title(block.element) or width(block.text) > MAX_TITLE_WIDTH:
            continue
        before = [one for one in text if positions[one] < at]
        if not _is_story(before) or _is_among(block.element, before):
            continue
        if repeats_headline(words, sum(map(len, words)), block.text) or not _is_titled_alike(
            block, titles
        ):
            continue
        return [one for one in text_blocks if positions[one] < at]
    return text_blocks


def _is_title(element: Element) -> bool:
    """Whether an element is the title of a page or of a post."""
    label = element.label.lower()
    return element.tag == "h1" or any(name in label for name in TITLE_LABELS)


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
