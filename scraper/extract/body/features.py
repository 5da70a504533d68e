"""What the model sees of a block: numbers about its text, its place and its kin."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import accumulate

from scraper.extract.html.blocks import Block, Element, is_within
from scraper.extract.html.text import width
from scraper.patterns import lazy_pattern
from scraper.phrases.boilerplate import PHRASE_KIND_COUNT, phrase_kinds

_TAG_ORDER = """
    p li h2 h3 h4 h5 h6 h1 div td blockquote section dd dt article pre header figcaption body center
    summary th
"""
TAG_NUMBERS = {tag: float(at) for at, tag in enumerate(_TAG_ORDER.split())}
ANCESTOR_TAGS = {name: at for at, name in enumerate(("article", "li", "form", "figcaption"))}
HEADLINE_WORD = lazy_pattern(r"\w+")
DIGIT = lazy_pattern("[0-9]")
MAX_BLOCK_START = 120  # characters at the start that tell what the rest is like
MAX_PHRASE_BLOCK = 240  # characters of a block in which phrases are looked for
MIN_SECOND_PASS_PROBABILITY = (
    0.15  # a first look under this is final: such blocks get no second one
)
MAX_STEPS_APART = 20  # steps; so many stand for all that is farther
STRONG_LOG_WIDTH = 4.2  # log of 67: a block of so many letters says where the text is
MAX_MENU_LINK_LENGTH = 80  # characters
MIN_MENU_ENTRY_WEIGHT = 0.0  # class words under this leave a short link no hope
COMMAS = ",，、"
SENTENCE_ENDS = ".!?…。！？؟।"
CLOSING_SIGNS = "\"'”’»)]」』）"
MIN_CORE_LETTERS = 1_000.0  # letters
MIN_CORE_SHARE = 0.9  # of the running text
MAX_COUNTED_WIDTH = 600.0  # letters of a block that count
MIN_PROSE_WIDTH = 70.0  # letters of a block that is running text, and no title or entry
MAX_HEADLINE_HALVES = (
    6  # halves of the headline: a line that says it again is no longer than three of it
)
MIN_SHARED_WORD_SHARE = 0.7  # of the words of two lines that say the same


def is_menu_entry(block: Block) -> bool:
    """Whether the class words around a block leave no hope for it, and it is but a short link."""
    size = len(block.text)
    return (
        block.element.far < MIN_MENU_ENTRY_WEIGHT
        and size < MAX_MENU_LINK_LENGTH
        and block.linked >= 0.8 * size
    )


class Prose:
    """How the running text of a page spreads over its blocks and elements.

    `widths` has each block's width, `before` the letters of running text before each, `weights`
    those in each element, `total` all of them; `far` is the mean weight of the class words
    around a letter, `title` the place of the `h1`, -1 where there is none; `core` is the deepest
    element that holds nearly all of the text, None where there is little.
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
        """Whether an element stands where next to no text is: a block in it that is too short to
        be text is left out.

        A fifth of the blocks that are no menu entries; no fold loses by leaving them out.
        """
        return self.core is not None and not is_within(element, self.core)


def plain_features(size: float) -> list[float]:
    """What places are reckoned from, for a block that needs no look."""
    return [math.log1p(size), 1.0, *SKIPPED_FEATURES]


def first_features(block: Block, at: int, letters: float, copies: int, prose: Prose) -> list[float]:
    """What is told of a block at a glance: its size, links, last sign, tag and class words, and
    how much of the page's running text is near it. `at` is its place, `letters` its width,
    `copies` how often its text is on the page."""
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
    """What takes a closer look at the text; `said` is the page's own `articleBody`."""
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


def repeats_headline(headline: frozenset[str], letters: int, text: str) -> bool:
    """Whether a text says the headline again, give or take a word; `letters` is how many the words of
    the headline have.

    Only that: where a block's likeness to the headline counts by degrees, an edit of the
    headline moves sub-headings in and out of the body.
    """
    if not letters <= 2 * len(text) <= MAX_HEADLINE_HALVES * letters:
        return False
    line = text.lower()
    if sum(map(line.__contains__, headline)) < MIN_SHARED_WORD_SHARE * len(headline):
        return False  # told without taking the line apart
    words = HEADLINE_WORD.findall(line)
    if not 0 < len(words) <= 2 * len(headline):
        return False
    shared = len(headline.intersection(words))
    return shared >= MIN_SHARED_WORD_SHARE * len(
        headline
    ) and shared >= MIN_SHARED_WORD_SHARE * len(set(words))


FIRST_FEATURES = 16
SKIPPED_FEATURES = [0.0] * (FIRST_FEATURES - 2)
TEXT_FEATURES = 4 + PHRASE_KIND_COUNT
NO_PHRASE_KINDS = [0.0] * PHRASE_KIND_COUNT


PLACE_FEATURES = 15 + len(ANCESTOR_TAGS)


class AlikeBlocks:
    """The blocks that stand in the same place of alike elements: what they have in common."""

    __slots__ = ("count", "likely", "linked", "size", "stops")

    def __init__(self) -> None:
        self.count = 0
        self.size = self.linked = self.stops = self.likely = 0.0


def element_signature(element: Element) -> tuple[str, str, str, str]:
    """Alike places: the names of an element and of the one around it."""
    outer = element.parent
    return (element.tag, element.label, outer.tag if outer else "", outer.label if outer else "")


def group_alike(
    blocks: list[Block], rows: list[list[float]], likely: list[float]
) -> list[AlikeBlocks]:
    """For each block the group that it belongs to."""
    groups: defaultdict[tuple[str, str, str, str], AlikeBlocks] = defaultdict(AlikeBlocks)
    group_of: list[AlikeBlocks] = []
    for block, row, chance in zip(blocks, rows, likely, strict=True):
        group = groups[element_signature(block.element)]
        group.count += 1
        group.size += row[0]
        group.linked += row[1]
        group.stops += row[3]
        group.likely += chance
        group_of.append(group)
    return group_of


def weigh(blocks: list[Block], widths: list[float], likely: list[float]) -> dict[Element, float]:
    """How much the blocks in each element speak for it or, where they are unlikely, against."""
    masses = [
        (chance - 0.4) * (size if size < MAX_COUNTED_WIDTH else MAX_COUNTED_WIDTH)
        for size, chance in zip(widths, likely, strict=True)
    ]
    return sum_by_element(blocks, masses)


def sum_by_element(blocks: list[Block], values: list[float]) -> dict[Element, float]:
    """The sum of the values of all blocks in each element."""
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


def place_features(
    blocks: list[Block],
    rows: list[list[float]],
    likely: list[float],
    weights: dict[Element, float],
    container: Element,
) -> tuple[dict[int, list[float]], set[int]]:
    """Where the likely blocks stand in the page and in the container, by their indices; and
    the indices of those that need no closer look."""
    group_of = group_alike(blocks, rows, likely)
    total = weights[container] + 1e-9
    steps = {container: 0}
    likely_indices = [
        at for at, chance in enumerate(likely) if chance >= MIN_SECOND_PASS_PROBABILITY
    ]
    steps_inside = {at: _steps_to_container(blocks[at].element, steps) for at in likely_indices}
    most = max(likely)
    strong_indices = [
        at
        for at in likely_indices
        if likely[at] > 0.5
        and rows[at][0] > STRONG_LOG_WIDTH
        and steps_inside[at] < MAX_STEPS_APART
    ]
    first, last = (strong_indices[0], strong_indices[-1]) if strong_indices else (0, len(blocks))
    commonest = Counter([group_of[at] for at in strong_indices]).most_common(1)
    main = commonest[0][0] if commonest else None
    sure_indices = {
        at for at in strong_indices if group_of[at] is main and rows[at][1] < 0.5 and rows[at][3]
    }
    ancestry = {container: _container_flags(container)}
    places = {}
    for at, previous, following in _with_strong_neighbours(likely_indices, strong_indices):
        if at in sure_indices:
            continue
        element = blocks[at].element
        outer = element.parent or element
        group = group_of[at]
        count = group.count
        places[at] = [
            likely[at],
            float(count),
            group.size / count,
            group.linked / count,
            group.stops / count,
            group.likely / count,
            weights[element] / total,
            weights[outer] / total,
            weights[outer.parent or outer] / total,
            float(steps_inside[at]),
            0.0 if first <= at <= last else 1.0 if at < first else 2.0,
            float(_steps_apart(element, blocks[previous].element))
            if previous >= 0
            else float(MAX_STEPS_APART),
            float(_steps_apart(element, blocks[following].element))
            if following >= 0
            else float(MAX_STEPS_APART),
            element.far - container.far,
            likely[at] - most,
            *_ancestor_flags(element, ancestry),
        ]
    return places, sure_indices


def _steps_to_container(element: Element | None, steps: dict[Element, int]) -> int:
    """How many elements up the container is; FAR where the frame is not in it."""
    path = []
    result = MAX_STEPS_APART
    while element is not None:
        cached = steps.get(element)
        if cached is not None:
            result = cached
            break
        path.append(element)
        element = element.parent
    for below in reversed(path):
        result = min(result + 1, MAX_STEPS_APART)
        steps[below] = result
    return result


def _with_strong_neighbours(
    likely_indices: list[int], strong_indices: list[int]
) -> Iterator[tuple[int, int, int]]:
    """Each likely block with the strong one before and the one after it, -1 where there is none."""
    rest = iter([*strong_indices, -1])
    before, after = -1, next(rest)
    for at in likely_indices:
        if at == after:
            after = next(rest)
            yield at, before, after
            before = at
        else:
            yield at, before, after


def _steps_apart(element: Element, other: Element) -> int:
    """Steps up from `frame` to the element that also holds `other`."""
    steps = 0
    left: Element | None = element
    right: Element | None = other
    while left is not right and left is not None and right is not None and steps < MAX_STEPS_APART:
        if left.depth >= right.depth:
            if left.depth == right.depth:
                right = right.parent
            left = left.parent
            steps += 1
        else:
            right = right.parent
    return steps


def _container_flags(container: Element) -> list[float]:
    """0.5 for each kind of element that the container is or stands in."""
    result = [0.0] * len(ANCESTOR_TAGS)
    above: Element | None = container
    while above is not None:
        if above.tag in ANCESTOR_TAGS:
            result[ANCESTOR_TAGS[above.tag]] = 0.5
        above = above.parent
    return result


def _ancestor_flags(element: Element, cached: dict[Element, list[float]]) -> list[float]:
    """1 for each kind of element around a block up to one that is known, and what that has."""
    path: list[Element] = []
    above: Element | None = element
    while above is not None and above not in cached:
        path.append(above)
        above = above.parent
    result = cached[above] if above is not None else [0.0] * len(ANCESTOR_TAGS)
    for below in reversed(path):
        if below.tag in ANCESTOR_TAGS:
            result = result.copy()
            result[ANCESTOR_TAGS[below.tag]] = 1.0
        cached[below] = result
    return result
