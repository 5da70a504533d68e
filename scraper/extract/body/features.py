"""What the model sees of a block: numbers about its text, its place and its kin."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import accumulate

from scraper.extract.html.blocks import Block, Frame, is_within
from scraper.patterns import pattern
from scraper.phrases.boilerplate import KIND_COUNT, kinds

_TAGS = """
    p li h2 h3 h4 h5 h6 h1 div td blockquote section dd dt article pre header figcaption body center
    summary th
"""
TAGS = {tag: float(at) for at, tag in enumerate(_TAGS.split())}
ANCESTORS = {name: at for at, name in enumerate(("article", "li", "form", "figcaption"))}
WORD = pattern(r"\w+")
DIGIT = pattern("[0-9]")
WIDE = pattern("[\u3040-\u30ff\u3400-\u9fff]+")
HANGUL = pattern("[가-힣]+")
BROAD = pattern("[\u3040-\u30ff\u3400-\u9fff가-힣]")
HEAD = 120  # characters at the start that tell what the rest is like
MAX_SAID = 240  # characters of a block in which phrases are looked for
UNLIKELY = 0.15  # a first look under this is final: such blocks get no second one
FAR = 20  # steps; so many stand for all that is farther
STRONG = 4.2  # log of 67: a block of so many letters says where the text is
SHORT_LINK = 80  # characters
MENU_BAR = 0.0  # class words under this leave a short link no hope
COMMAS = ",，、"
STOPS = ".!?…。！？؟।"
CLOSERS = "\"'”’»)]」』）"
MUCH_PROSE = 1_000.0  # letters
CORE_SHARE = 0.9  # of the running text
LONGEST = 600.0  # letters of a block that count
PROBE = 40  # characters in which a wide script shows
MIN_PROSE = 70.0  # letters of a block that is running text, and no title or entry
MAX_AGAIN = 6  # halves of the headline: a line that says it again is no longer than three of it
ALIKE = 0.7  # of the words of two lines that say the same


def width(text: str) -> float:
    """Length of a text in letters of Latin script: a Chinese character says as much as 2.8.

    >>> width("abc"), width("中文")
    (3.0, 5.6)
    """
    if text.isascii() or not BROAD.search(text, 0, PROBE):
        return float(len(text))
    wide, hangul = "".join(WIDE.findall(text)), "".join(HANGUL.findall(text))
    return len(text) + 1.8 * len(wide) + 0.9 * len(hangul)


def is_menu_entry(block: Block) -> bool:
    """Whether the class words around a block leave no hope for it, and it is but a short link."""
    size = len(block.text)
    return block.frame.far < MENU_BAR and size < SHORT_LINK and block.linked >= 0.8 * size


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
            max(0.0, size - block.linked) if size >= MIN_PROSE else 0.0
            for size, block in zip(self.widths, blocks, strict=True)
        ]
        self.before = list(accumulate(letters, initial=0.0))
        self.weights = summed(blocks, letters)
        self.total = self.before[-1] + 1.0
        fars = [size * block.frame.far for size, block in zip(letters, blocks, strict=True) if size]
        self.far = sum(fars) / self.total
        self.title = next((at for at, block in enumerate(blocks) if block.frame.tag == "h1"), -1)
        self.core = self._core() if self.total > MUCH_PROSE else None

    def _core(self) -> Frame:
        bar = CORE_SHARE * self.total
        heavy = [frame for frame, weight in self.weights.items() if weight >= bar]
        return max(heavy, key=lambda frame: frame.depth)

    def is_apart(self, frame: Frame) -> bool:
        """Whether an element stands where next to no text is: a block in it that is too short to
        be text is left out.

        A fifth of the blocks that are no menu entries; no fold loses by leaving them out.
        """
        return self.core is not None and not is_within(frame, self.core)


def plain_features(size: float) -> list[float]:
    """What places are reckoned from, for a block that needs no look."""
    return [math.log1p(size), 1.0, *NO_LOOK]


def first_features(block: Block, at: int, letters: float, copies: int, page: Prose) -> list[float]:
    """What is told of a block at a glance: its size, links, last sign, tag and class words, and
    how much of the page's running text is near it. `at` is its place, `letters` its width,
    `copies` how often its text is on the page."""
    text = block.text
    size = len(text)
    linked, bold = block.linked, block.bold
    frame = block.frame
    far = frame.far
    inner = frame.parent or frame
    weights, total = page.weights, page.total
    last = text[-1]
    end = 0.0
    if last in STOPS:
        end = 1.0
    elif last in CLOSERS:
        end = 1.0 if text.rstrip(CLOSERS)[-1:] in STOPS else 0.5
    return [
        math.log1p(letters),
        linked / size if linked < size else 1.0,
        bold / size if bold < size else 1.0,
        end,
        float(text.count(",") if text.isascii() else sum(map(text.count, COMMAS))),
        TAGS.get(frame.tag, 30.0),
        far,
        frame.near,
        frame.own,
        float(copies) if copies < 3 else 3.0,
        far - page.far,
        weights[frame] / total,
        weights[inner] / total,
        weights[inner.parent or inner] / total,
        page.before[at] / total,
        0.0 if page.title < 0 else 1.0 if at < page.title else 2.0,
    ]


def text_features(block: Block, said: str) -> list[float]:
    """What takes a closer look at the text; `said` is the page's own `articleBody`."""
    text = block.text
    size = len(text)
    start = text[:HEAD]
    words = start.split()
    digits = len(DIGIT.findall(start))
    first = text[0]
    return [
        digits / len(start),
        sum([word[0].isupper() for word in words]) / len(words),
        1.0 if first.isupper() else 0.5 if first.islower() else 0.0,
        -1.0 if not said else 1.0 if text[:60] in said else 0.0,
        *(kinds(text, digits=digits) if size < MAX_SAID else NO_KINDS),
    ]


def says_again(headline: frozenset[str], letters: int, text: str) -> bool:
    """Whether a text says the headline again, give or take a word; `letters` is how many the words of
    the headline have.

    Only that: where a block's likeness to the headline counts by degrees, an edit of the
    headline moves sub-headings in and out of the body.
    """
    if not letters <= 2 * len(text) <= MAX_AGAIN * letters:
        return False
    line = text.lower()
    if sum(map(line.__contains__, headline)) < ALIKE * len(headline):
        return False  # told without taking the line apart
    words = WORD.findall(line)
    if not 0 < len(words) <= 2 * len(headline):
        return False
    shared = len(headline.intersection(words))
    return shared >= ALIKE * len(headline) and shared >= ALIKE * len(set(words))


FIRST_FEATURES = 16
NO_LOOK = [0.0] * (FIRST_FEATURES - 2)
TEXT_FEATURES = 4 + KIND_COUNT
NO_KINDS = [0.0] * KIND_COUNT


PLACE_FEATURES = 15 + len(ANCESTORS)


class Kin:
    """The blocks that stand in the same place of alike elements: what they have in common."""

    __slots__ = ("count", "likely", "linked", "size", "stops")

    def __init__(self) -> None:
        self.count = 0
        self.size = self.linked = self.stops = self.likely = 0.0


def place(frame: Frame) -> tuple[str, str, str, str]:
    """Alike places: the names of an element and of the one around it."""
    outer = frame.parent
    return (frame.tag, frame.label, outer.tag if outer else "", outer.label if outer else "")


def gather_kin(blocks: list[Block], rows: list[list[float]], likely: list[float]) -> list[Kin]:
    """For each block the group that it belongs to."""
    groups: defaultdict[tuple[str, str, str, str], Kin] = defaultdict(Kin)
    kin: list[Kin] = []
    for block, row, chance in zip(blocks, rows, likely, strict=True):
        group = groups[place(block.frame)]
        group.count += 1
        group.size += row[0]
        group.linked += row[1]
        group.stops += row[3]
        group.likely += chance
        kin.append(group)
    return kin


def weigh(blocks: list[Block], widths: list[float], likely: list[float]) -> dict[Frame, float]:
    """How much the blocks in each element speak for it or, where they are unlikely, against."""
    masses = [
        (chance - 0.4) * (size if size < LONGEST else LONGEST)
        for size, chance in zip(widths, likely, strict=True)
    ]
    return summed(blocks, masses)


def summed(blocks: list[Block], values: list[float]) -> dict[Frame, float]:
    """The sum of the values of all blocks in each element."""
    weights: dict[Frame, float] = {}
    levels: defaultdict[int, list[Frame]] = defaultdict(list)
    for block, value in zip(blocks, values, strict=True):
        frame = block.frame
        if frame in weights:
            weights[frame] += value
        else:
            weights[frame] = value
            levels[frame.depth].append(frame)
    for depth in range(max(levels, default=0), 0, -1):
        for frame in levels[depth]:
            outer = frame.parent
            if outer is None:
                continue
            if outer in weights:
                weights[outer] += weights[frame]
            else:
                weights[outer] = weights[frame]
                levels[depth - 1].append(outer)
    return weights


def place_features(
    blocks: list[Block],
    rows: list[list[float]],
    likely: list[float],
    weights: dict[Frame, float],
    container: Frame,
) -> tuple[dict[int, list[float]], set[int]]:
    """Where the likely blocks stand in the page and in the container, by their indices; and
    the indices of those that need no closer look."""
    kin = gather_kin(blocks, rows, likely)
    total = weights[container] + 1e-9
    steps = {container: 0}
    likes = [at for at, chance in enumerate(likely) if chance >= UNLIKELY]
    inside = {at: _steps(blocks[at].frame, steps) for at in likes}
    most = max(likely)
    strong = [at for at in likes if likely[at] > 0.5 and rows[at][0] > STRONG and inside[at] < FAR]
    first, last = (strong[0], strong[-1]) if strong else (0, len(blocks))
    commonest = Counter([kin[at] for at in strong]).most_common(1)
    main = commonest[0][0] if commonest else None
    sure = {at for at in strong if kin[at] is main and rows[at][1] < 0.5 and rows[at][3]}
    ancestry = {container: _around(container)}
    places = {}
    for at, previous, following in _between(likes, strong):
        if at in sure:
            continue
        frame = blocks[at].frame
        outer = frame.parent or frame
        group = kin[at]
        count = group.count
        places[at] = [
            likely[at],
            float(count),
            group.size / count,
            group.linked / count,
            group.stops / count,
            group.likely / count,
            weights[frame] / total,
            weights[outer] / total,
            weights[outer.parent or outer] / total,
            float(inside[at]),
            0.0 if first <= at <= last else 1.0 if at < first else 2.0,
            float(_apart(frame, blocks[previous].frame)) if previous >= 0 else float(FAR),
            float(_apart(frame, blocks[following].frame)) if following >= 0 else float(FAR),
            frame.far - container.far,
            likely[at] - most,
            *_ancestors(frame, ancestry),
        ]
    return places, sure


def _steps(frame: Frame | None, steps: dict[Frame, int]) -> int:
    """How many elements up the container is; FAR where the frame is not in it."""
    path = []
    found = FAR
    while frame is not None:
        known = steps.get(frame)
        if known is not None:
            found = known
            break
        path.append(frame)
        frame = frame.parent
    for below in reversed(path):
        found = min(found + 1, FAR)
        steps[below] = found
    return found


def _between(likes: list[int], strong: list[int]) -> Iterator[tuple[int, int, int]]:
    """Each likely block with the strong one before and the one after it, -1 where there is none."""
    rest = iter([*strong, -1])
    before, after = -1, next(rest)
    for at in likes:
        if at == after:
            after = next(rest)
            yield at, before, after
            before = at
        else:
            yield at, before, after


def _apart(frame: Frame, other: Frame) -> int:
    """Steps up from `frame` to the element that also holds `other`."""
    steps = 0
    left: Frame | None = frame
    right: Frame | None = other
    while left is not right and left is not None and right is not None and steps < FAR:
        if left.depth >= right.depth:
            if left.depth == right.depth:
                right = right.parent
            left = left.parent
            steps += 1
        else:
            right = right.parent
    return steps


def _around(container: Frame) -> list[float]:
    """0.5 for each kind of element that the container is or stands in."""
    found = [0.0] * len(ANCESTORS)
    above: Frame | None = container
    while above is not None:
        if above.tag in ANCESTORS:
            found[ANCESTORS[above.tag]] = 0.5
        above = above.parent
    return found


def _ancestors(frame: Frame, known: dict[Frame, list[float]]) -> list[float]:
    """1 for each kind of element around a block up to one that is known, and what that has."""
    path: list[Frame] = []
    above: Frame | None = frame
    while above is not None and above not in known:
        path.append(above)
        above = above.parent
    found = known[above] if above is not None else [0.0] * len(ANCESTORS)
    for below in reversed(path):
        if below.tag in ANCESTORS:
            found = found.copy()
            found[ANCESTORS[below.tag]] = 1.0
        known[below] = found
    return found
