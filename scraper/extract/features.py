"""What the model sees of a block: numbers about its text, its place and its kin."""

import math
import re
from collections import Counter, defaultdict

from scraper.extract.blocks import Block, Frame
from scraper.extract.phrases import KIND_COUNT, kinds

_TAGS = """
    p li h2 h3 h4 h5 h6 h1 div td blockquote section dd dt article pre header figcaption body center
    summary th
"""
TAGS = {tag: float(at) for at, tag in enumerate(_TAGS.split())}
ANCESTORS = ("article", "main", "aside", "nav", "footer", "header", "li", "table", "figure",
             "form", "blockquote", "figcaption")  # fmt: skip
END = re.compile(r"""[.!?…。！？؟।।"”’»」』)）\]]$""")
STOP = re.compile(r"""[.!?…。！？؟।]["'”’»)\]」』）]*$""")
SENTENCE = re.compile(r"""[.!?…؟।]["'”’»)]*\s|[。！？]""")
COMMA = re.compile(r"[,;，、；]")
DIGIT = re.compile(r"\d")
WORD = re.compile(r"\w+")
CAPITAL = re.compile(r"\b[A-ZÄÖÜÉÀØÅ]")
WIDE = re.compile("[\u3040-\u30ff\u3400-\u9fff]")
HANGUL = re.compile("[가-힣]")
BROAD = re.compile("[\u3040-\u30ff\u3400-\u9fff가-힣]")
ENDING = 12  # characters in which a block's last sign is looked for
SAID = 300  # characters of a block in which phrases are looked for
UNLIKELY = 0.07  # a first look under this is final: such blocks get no second one
FAR = 20
SHORT_LINK = 80  # characters
ALIKE = 0.7  # of the words of two lines that say the same


def width(text: str) -> float:
    """Length of a text in letters of Latin script: a Chinese character says as much as 2.8.

    >>> width("abc"), width("中文")
    (3.0, 5.6)
    """
    size = float(len(text))
    if not text.isascii() and BROAD.search(text):
        size += 1.8 * len(WIDE.findall(text)) + 0.9 * len(HANGUL.findall(text))
    return size


def is_menu_entry(block: Block) -> bool:
    """Whether the class words around a block leave no hope for it, and it is but a short link.

    Of a quarter of all blocks in 500 pages for which it holds, the first look gives none
    more than 0.19.
    """
    size = len(block.text)
    return block.frame.far < -1.0 and size < SHORT_LINK and block.linked >= 0.8 * size


def plain_features(block: Block) -> list[float]:
    """What places are reckoned from, for a block that needs no look."""
    row = [0.0] * TEXT_FEATURES
    row[0], row[1] = math.log1p(len(block.text)), 1.0
    return row


def text_features(block: Block, headline: frozenset[str], copies: int, said: str) -> list[float]:
    """The block by itself: independent of all other blocks."""
    text = block.text
    size = len(text)
    count, letters = word_sizes(text[:400])
    start = text[:SAID]
    ending = text[-ENDING:]
    frame = block.frame
    return [
        math.log1p(width(text)),
        min(1.0, block.linked / size),
        min(1.0, block.bold / size),
        1.0 if STOP.search(ending) else 0.5 if END.search(ending) else 0.0,
        float(len(SENTENCE.findall(text))),
        commas(text),
        digits(text) / size,
        len(CAPITAL.findall(start)) / count,
        1.0 if text[-1] in ":：" else 0.0,
        1.0 if "|" in text else 0.0,
        1.0 if text[0].isupper() else 0.5 if text[0].islower() else 0.0,
        TAGS.get(frame.tag, 30.0),
        frame.far,
        frame.near,
        frame.own,
        float(min(copies, 3)),
        1.0 if size <= 20 * len(headline) and says_again(headline, text) else 0.0,
        letters / count,
        -1.0 if not said else 1.0 if start[:60] in said else 0.0,
    ]


def word_sizes(text: str) -> tuple[int, int]:
    """How many words there are, and of how many letters in all.

    Words between spaces are counted by their signs, which takes a tenth of a pattern's time.
    """
    if not text.isascii() and BROAD.search(text):
        words = WORD.findall(text)
        return max(1, len(words)), sum(map(len, words))
    inner = text.count("-") + text.count("'") + text.count("’")
    signs = inner + text.count(",") + text.count(".") + text.count('"') + text.count("”")
    spaces = text.count(" ")
    return 1 + spaces + inner, max(0, len(text) - spaces - signs)


def commas(text: str) -> float:
    """How many commas, semicolons and their like there are."""
    if text.isascii():
        return float(text.count(",") + text.count(";"))
    return float(len(COMMA.findall(text)))


def digits(text: str) -> int:
    """How many digits there are."""
    if text.isascii():
        return sum(map(text.count, "0123456789"))
    return len(DIGIT.findall(text))


def says_again(headline: frozenset[str], text: str) -> bool:
    """`repeats` for a text."""
    return repeats(headline, WORD.findall(text.lower()))


def repeats(headline: frozenset[str], words: list[str]) -> bool:
    """Whether a block says the headline again, give or take a word.

    Only that: where a block's likeness to the headline counts by degrees, an edit of the
    headline moves sub-headings in and out of the body.
    """
    if not headline or not 0 < len(words) <= 2 * len(headline):
        return False
    shared = len(headline.intersection(words))
    return shared >= ALIKE * len(headline) and shared >= ALIKE * len(set(words))


TEXT_FEATURES = 19
NO_KINDS = [0.0] * KIND_COUNT


def kind_features(block: Block) -> list[float]:
    """What the start of the block sounds like."""
    start = block.text[:SAID].lower()
    return kinds(start, WORD.findall(start))


NO_PLACE = [0.0] * (17 + len(ANCESTORS))


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
    groups: dict[tuple[str, str, str, str], Kin] = {}
    by_frame: dict[Frame, Kin] = {}
    kin: list[Kin] = []
    for block, row, chance in zip(blocks, rows, likely, strict=True):
        group = by_frame.get(block.frame)
        if group is None:
            key = place(block.frame)
            group = groups.get(key)
            if group is None:
                group = groups[key] = Kin()
            by_frame[block.frame] = group
        group.count += 1
        group.size += row[0]
        group.linked += row[1]
        group.stops += row[3]
        group.likely += chance
        kin.append(group)
    return kin


def mass(block: Block, size: float, likely: float) -> float:
    """How much a block speaks for (or against) the elements that it is in."""
    return (likely - 0.4) * min(math.exp(size), 600.0)


def weigh(blocks: list[Block], rows: list[list[float]], likely: list[float]) -> dict[Frame, float]:
    """The summed mass of each element."""
    weights: dict[Frame, float] = {}
    levels: defaultdict[int, list[Frame]] = defaultdict(list)
    for block, row, chance in zip(blocks, rows, likely, strict=True):
        frame, value = block.frame, mass(block, row[0], chance)
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
) -> list[list[float]]:
    """The blocks by where they stand in the page and in the container."""
    kin = gather_kin(blocks, rows, likely)
    total = weights[container] + 1e-9
    steps = {container: 0}
    inside = [_steps(block.frame, steps) for block in blocks]
    strong = [
        at
        for at, chance in enumerate(likely)
        if chance > 0.5 and rows[at][0] > 4.2 and inside[at] < FAR
    ]
    first, last = (strong[0], strong[-1]) if strong else (0, len(blocks))
    commonest = Counter[Kin](kin[at] for at in strong).most_common(1)
    main = commonest[0][0] if commonest else None
    before, after = _neighbours(len(blocks), strong)
    ancestry: dict[Frame, list[float]] = {}
    features = []
    for at, block in enumerate(blocks):
        if likely[at] < UNLIKELY:
            features.append(NO_PLACE)
            continue
        frame = block.frame
        outer = frame.parent or frame
        group = kin[at]
        previous, following = before[at], after[at]
        features.append(
            [
                likely[at],
                float(group.count),
                group.size / group.count,
                group.linked / group.count,
                group.stops / group.count,
                group.likely / group.count,
                1.0 if group is main else 0.0,
                weights[frame] / total,
                weights[outer] / total,
                weights[outer.parent or outer] / total,
                float(inside[at]),
                0.0 if first <= at <= last else 1.0 if at < first else 2.0,
                float(max(first - at, at - last, 0)),
                (float(_apart(frame, blocks[previous].frame)) if previous >= 0 else float(FAR)),
                float(_apart(frame, blocks[following].frame)) if following >= 0 else float(FAR),
                1.0 if previous >= 0 and kin[previous] is group else 0.0,
                1.0 if following >= 0 and kin[following] is group else 0.0,
                *_ancestors(frame, container, ancestry),
            ]
        )
    return features


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


def _neighbours(count: int, strong: list[int]) -> tuple[list[int], list[int]]:
    """For each block the strong one before and the one after it, -1 where there is none."""
    before, after = [-1] * count, [-1] * count
    previous = -1
    marks = set(strong)
    for at in range(count):
        before[at] = previous
        if at in marks:
            previous = at
    following = -1
    for at in range(count - 1, -1, -1):
        after[at] = following
        if at in marks:
            following = at
    return before, after


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


def _ancestors(frame: Frame, container: Frame, known: dict[Frame, list[float]]) -> list[float]:
    """1 for a kind of element around the block inside the container, 0.5 for one outside."""
    found = known.get(frame)
    if found is None:
        found = [0.0] * len(ANCESTORS)
        value = 1.0
        above: Frame | None = frame
        while above is not None:
            if above is container:
                value = 0.5
            if above.tag in ANCESTORS:
                at = ANCESTORS.index(above.tag)
                found[at] = max(found[at], value)
            above = above.parent
        known[frame] = found
    return found
