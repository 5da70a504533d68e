"""What the model sees of a block by itself: numbers about its text, labels and surroundings."""

import math
from collections import defaultdict
from itertools import accumulate

from scraper.extract.html.blocks import Block, Element, is_within
from scraper.extract.html.text import width
from scraper.patterns import lazy_pattern
from scraper.phrases.boilerplate import PHRASE_KIND_COUNT, PHRASE_KINDS, phrase_kinds

_TAG_ORDER = """
    p li h2 h3 h4 h5 h6 h1 div td blockquote section dd dt article pre header figcaption body center
    summary th
"""
TAG_NUMBERS = {tag: float(at) for at, tag in enumerate(_TAG_ORDER.split())}
HEADLINE_WORD = lazy_pattern(r"\w+")
DIGIT = lazy_pattern("[0-9]")
MAX_BLOCK_START = 120  # characters at the start that represent the rest
MAX_PHRASE_BLOCK = 240  # characters of a block that is searched for phrases
MAX_MENU_LINK_LENGTH = 80  # characters
MIN_MENU_ENTRY_WEIGHT = 0.0  # a short link with class words under this is a menu entry
COMMAS = ",，、"
SENTENCE_ENDS = ".!?…。！？؟।"
CLOSING_SIGNS = "\"'”’»)]」』）"
MIN_CORE_LETTERS = 1_000.0  # letters
MIN_CORE_SHARE = 0.9  # of the running text of a page of a page
MIN_PROSE_WIDTH = 70.0  # letters of a block that is running text, no title or entry
MAX_HEADLINE_LENGTHS = 3  # a line that repeats the headline is no longer than three of it
MIN_SHARED_WORD_SHARE = 0.7  # of the words of two lines that say the same


# The columns of a row, in the order of `first_features` and of the trees in weights.json.
FIRST_FEATURE_NAMES = (
    "log_width",
    "linked_share",
    "bold_share",
    "sentence_end",
    "commas",
    "tag",
    "far_weight",
    "near_weight",
    "own_weight",
    "copies",
    "far_weight_against_prose",
    "prose_in_element",
    "prose_in_parent",
    "prose_in_grandparent",
    "prose_before",
    "side_of_title",
)
LOG_WIDTH = FIRST_FEATURE_NAMES.index("log_width")
LINKED_SHARE = FIRST_FEATURE_NAMES.index("linked_share")
SENTENCE_END = FIRST_FEATURE_NAMES.index("sentence_end")
SKIPPED_FEATURES = [0.0] * (len(FIRST_FEATURE_NAMES) - 2)
TEXT_FEATURE_NAMES = (
    "digit_share",
    "capital_share",
    "starts_with_capital",
    "in_schema_text",
    "phrase_related",
    *(f"phrase_{kind}" for kind in PHRASE_KINDS),
)
NO_PHRASE_KINDS = [0.0] * PHRASE_KIND_COUNT


def is_menu_entry(block: Block) -> bool:
    """Whether a block is only a short link, with class words around it that speak against it."""
    size = len(block.text)
    return (
        block.element.far < MIN_MENU_ENTRY_WEIGHT
        and size < MAX_MENU_LINK_LENGTH
        and block.linked >= 0.8 * size
    )


class Prose:
    """The running text of a page: how much of it is in each block and element.

    `widths` are the widths of the blocks, `before` the letters of running text before each, `weights`
    those in each element, `total` all of them. `far` is the mean weight of the class words around a
    letter, `title` the index of the `h1` or -1. `core` is the deepest element with nearly all of the
    text, None if there is little.
    """

    __slots__ = ("before", "core", "far", "title", "total", "weights", "widths")

    def __init__(self, blocks: list[Block]) -> None:
        self.widths = [width(block.text) for block in blocks]
        letters = [
            max(0.0, size - block.linked) if size >= MIN_PROSE_WIDTH else 0.0
            for size, block in zip(self.widths, blocks, strict=True)
        ]
        self.before = list(accumulate(letters, initial=0.0))
        self.weights = sum_by_element(blocks, letters)
        self.total = self.before[-1] + 1.0
        fars = [
            size * block.element.far for size, block in zip(letters, blocks, strict=True) if size
        ]
        self.far = sum(fars) / self.total
        self.title = next((at for at, block in enumerate(blocks) if block.element.tag == "h1"), -1)
        self.core = self._core() if self.total > MIN_CORE_LETTERS else None

    def _core(self) -> Element:
        bar = MIN_CORE_SHARE * self.total
        heavy = [element for element, weight in self.weights.items() if weight >= bar]
        return max(heavy, key=lambda element: element.depth)

    def is_apart(self, element: Element) -> bool:
        """Whether an element is outside the core, so that a block too short to be text is left out.

        Of the blocks that are no menu entries this is a fifth; leaving them out lowers no F1.
        """
        return self.core is not None and not is_within(element, self.core)


def plain_features(size: float) -> list[float]:
    """The row of a block that the model does not judge: its width and that it is a link."""
    return [math.log1p(size), 1.0, *SKIPPED_FEATURES]


def first_features(block: Block, at: int, letters: float, copies: int, prose: Prose) -> list[float]:
    """The features of a block for both passes, as `FIRST_FEATURE_NAMES` lists them.

    `at` is its index, `letters` its width, `copies` the number of blocks with its text.
    """
    text = block.text
    size = len(text)
    linked, bold = block.linked, block.bold
    element = block.element
    far = element.far
    inner = element.parent or element
    weights, total = prose.weights, prose.total
    last = text[-1]
    end = 0.0
    if last in SENTENCE_ENDS:
        end = 1.0
    elif last in CLOSING_SIGNS:
        end = 1.0 if text.rstrip(CLOSING_SIGNS)[-1:] in SENTENCE_ENDS else 0.5
    return [
        math.log1p(letters),
        linked / size if linked < size else 1.0,
        bold / size if bold < size else 1.0,
        end,
        float(text.count(",") if text.isascii() else sum(map(text.count, COMMAS))),
        TAG_NUMBERS.get(element.tag, 30.0),
        far,
        element.near,
        element.own,
        float(copies) if copies < 3 else 3.0,
        far - prose.far,
        weights[element] / total,
        weights[inner] / total,
        weights[inner.parent or inner] / total,
        prose.before[at] / total,
        0.0 if prose.title < 0 else 1.0 if at < prose.title else 2.0,
    ]


def text_features(block: Block, schema_text: str) -> list[float]:
    """The features of a text for the second pass; `schema_text` is the page's `articleBody`."""
    text = block.text
    size = len(text)
    start = text[:MAX_BLOCK_START]
    words = start.split()
    digits = len(DIGIT.findall(start))
    first = text[0]
    return [
        digits / len(start),
        sum([word[0].isupper() for word in words]) / len(words),
        1.0 if first.isupper() else 0.5 if first.islower() else 0.0,
        -1.0 if not schema_text else 1.0 if text[:60] in schema_text else 0.0,
        *(phrase_kinds(text, digits=digits) if size < MAX_PHRASE_BLOCK else NO_PHRASE_KINDS),
    ]


def headline_words(headline: str) -> frozenset[str]:
    """The words of the headline, in lower case."""
    return frozenset(HEADLINE_WORD.findall(headline.lower()))


def repeats_headline(headline: frozenset[str], letters: int, text: str) -> bool:
    """Whether a text repeats the headline, give or take a word.

    `headline` are its words, `letters` the letters of these. A likeness by degrees would be wrong: an
    edit of the headline would move sub-headings in and out of the body.
    """
    if not letters <= 2 * len(text) <= 2 * MAX_HEADLINE_LENGTHS * letters:
        return False
    line = text.lower()
    if sum(map(line.__contains__, headline)) < MIN_SHARED_WORD_SHARE * len(headline):
        return False  # a quick no, without splitting the line
    words = HEADLINE_WORD.findall(line)
    if not 0 < len(words) <= 2 * len(headline):
        return False
    shared = len(headline.intersection(words))
    return shared >= MIN_SHARED_WORD_SHARE * len(
        headline
    ) and shared >= MIN_SHARED_WORD_SHARE * len(set(words))


def sum_by_element(blocks: list[Block], values: list[float]) -> dict[Element, float]:
    """The sum of `values`, one for each block, in each element."""
    weights: dict[Element, float] = {}
    levels: defaultdict[int, list[Element]] = defaultdict(list)
    for block, value in zip(blocks, values, strict=True):
        element = block.element
        if element in weights:
            weights[element] += value
        else:
            weights[element] = value
            levels[element.depth].append(element)
    for depth in range(max(levels, default=0), 0, -1):
        for element in levels[depth]:
            outer = element.parent
            if outer is None:
                continue
            if outer in weights:
                weights[outer] += weights[element]
            else:
                weights[outer] = weights[element]
                levels[depth - 1].append(outer)
    return weights
