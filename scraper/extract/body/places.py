"""Where a block is: among the likely ones, in the container, beside blocks like it."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from scraper.extract.body.features import LINKED_SHARE, LOG_WIDTH, SENTENCE_END, sum_by_element
from scraper.extract.html.blocks import Block, Element

ANCESTOR_TAGS = {name: at for at, name in enumerate(("article", "li", "form", "figcaption"))}
MIN_SECOND_PASS_PROBABILITY = 0.15  # the first pass alone decides on blocks under this
MIN_STRONG_PROBABILITY = 0.5
STRONG_LOG_WIDTH = 4.2  # log of 67: a block of this many letters says where the text is
MAX_STEPS_APART = 20  # steps; everything farther counts as this far
MAX_COUNTED_WIDTH = 600.0  # letters of a block that count
NEUTRAL_PROBABILITY = 0.4  # a block over this speaks for its elements, one under it against them
# The columns of a row, in the order of `_Places.features` and of the trees in weights.json.
PLACE_FEATURE_NAMES = (
    "probability",
    "alike_count",
    "alike_log_width",
    "alike_linked_share",
    "alike_sentence_end",
    "alike_probability",
    "weight_of_element",
    "weight_of_parent",
    "weight_of_grandparent",
    "steps_to_container",
    "side_of_strong_blocks",
    "steps_to_strong_before",
    "steps_to_strong_after",
    "far_weight_against_container",
    "probability_against_best",
    *(f"in_{tag}" for tag in ANCESTOR_TAGS),
)


def weigh(blocks: list[Block], widths: list[float], likely: list[float]) -> dict[Element, float]:
    """The weight of each element: its likely blocks count for it, its unlikely ones against."""
    masses = [
        (chance - NEUTRAL_PROBABILITY) * (size if size < MAX_COUNTED_WIDTH else MAX_COUNTED_WIDTH)
        for size, chance in zip(widths, likely, strict=True)
    ]
    return sum_by_element(blocks, masses)


class AlikeBlocks:
    """The blocks in similar elements, as sums over them: log width, links, sentence ends, probability."""

    __slots__ = ("count", "likely", "linked", "size", "stops")

    def __init__(self) -> None:
        self.count = 0
        self.size = self.linked = self.stops = self.likely = 0.0


def element_signature(element: Element) -> tuple[str, str, str, str]:
    """What similar elements share: tag and label of the element and of the one around it."""
    outer = element.parent
    return (element.tag, element.label, outer.tag if outer else "", outer.label if outer else "")


def group_alike(
    blocks: list[Block], rows: list[list[float]], likely: list[float]
) -> list[AlikeBlocks]:
    """The group of each block."""
    groups: defaultdict[tuple[str, str, str, str], AlikeBlocks] = defaultdict(AlikeBlocks)
    group_of: list[AlikeBlocks] = []
    for block, row, chance in zip(blocks, rows, likely, strict=True):
        group = groups[element_signature(block.element)]
        group.count += 1
        group.size += row[LOG_WIDTH]
        group.linked += row[LINKED_SHARE]
        group.stops += row[SENTENCE_END]
        group.likely += chance
        group_of.append(group)
    return group_of


def place_features(
    blocks: list[Block],
    rows: list[list[float]],
    likely: list[float],
    weights: dict[Element, float],
    container: Element,
) -> tuple[dict[int, list[float]], set[int]]:
    """Where the likely blocks are, by their indices; and the indices that need no second pass.

    `rows` are the first features of all blocks, `likely` their probabilities. A block needs no
    second pass if it is a sentence, is strong, and is like most of the strong ones.
    """
    places = _Places(blocks, rows, likely, weights, container)
    sure_indices = places.sure_indices(rows)
    features = {
        at: places.features(at, previous, following)
        for at, previous, following in _with_strong_neighbours(
            places.likely_indices, places.strong_indices
        )
        if at not in sure_indices
    }
    return features, sure_indices


class _Places:
    """What the place of a block is measured against: the container, the strong and the similar blocks.

    Strong blocks are likely, long and in the container.
    """

    def __init__(
        self,
        blocks: list[Block],
        rows: list[list[float]],
        likely: list[float],
        weights: dict[Element, float],
        container: Element,
    ) -> None:
        self.blocks = blocks
        self.likely = likely
        self.weights = weights
        self.container = container
        self.group_of = group_alike(blocks, rows, likely)
        self.likely_indices = [
            at for at, chance in enumerate(likely) if chance >= MIN_SECOND_PASS_PROBABILITY
        ]
        steps = {container: 0}
        self.steps_inside = {
            at: _steps_to_container(blocks[at].element, steps) for at in self.likely_indices
        }
        self.strong_indices = [
            at
            for at in self.likely_indices
            if likely[at] > MIN_STRONG_PROBABILITY
            and rows[at][LOG_WIDTH] > STRONG_LOG_WIDTH
            and self.steps_inside[at] < MAX_STEPS_APART
        ]
        strong = self.strong_indices
        self.first, self.last = (strong[0], strong[-1]) if strong else (0, len(blocks))
        self.best = max(likely)
        self.ancestry = {container: _container_flags(container)}

    def sure_indices(self, rows: list[list[float]]) -> set[int]:
        """The strong blocks of the commonest kind that are sentences and no links."""
        commonest = Counter([self.group_of[at] for at in self.strong_indices]).most_common(1)
        main = commonest[0][0] if commonest else None
        return {
            at
            for at in self.strong_indices
            if self.group_of[at] is main and rows[at][LINKED_SHARE] < 0.5 and rows[at][SENTENCE_END]
        }

    def features(self, at: int, previous: int, following: int) -> list[float]:
        """The row of a block; `previous` and `following` are its strong neighbours, -1 for none."""
        blocks, likely, weights, container = self.blocks, self.likely, self.weights, self.container
        element = blocks[at].element
        outer = element.parent or element
        group = self.group_of[at]
        count = group.count
        total = weights[container] + 1e-9
        return [
            likely[at],
            float(count),
            group.size / count,
            group.linked / count,
            group.stops / count,
            group.likely / count,
            weights[element] / total,
            weights[outer] / total,
            weights[outer.parent or outer] / total,
            float(self.steps_inside[at]),
            0.0 if self.first <= at <= self.last else 1.0 if at < self.first else 2.0,
            _steps_apart(element, blocks[previous].element if previous >= 0 else None),
            _steps_apart(element, blocks[following].element if following >= 0 else None),
            element.far - container.far,
            likely[at] - self.best,
            *_ancestor_flags(element, self.ancestry),
        ]


def _steps_to_container(element: Element | None, steps: dict[Element, int]) -> int:
    """The elements between an element and the container; MAX_STEPS_APART outside the container."""
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
    """Each likely block with the strong blocks before and after it, -1 for none."""
    rest = iter([*strong_indices, -1])
    before, after = -1, next(rest)
    for at in likely_indices:
        if at == after:
            after = next(rest)
            yield at, before, after
            before = at
        else:
            yield at, before, after


def _steps_apart(element: Element, other: Element | None) -> float:
    """Steps up from an element to the one that also holds `other`, MAX_STEPS_APART if None."""
    if other is None:
        return float(MAX_STEPS_APART)
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
    return float(steps)


def _container_flags(container: Element) -> list[float]:
    """0.5 for each of `ANCESTOR_TAGS` that the container is or is inside; else 0."""
    result = [0.0] * len(ANCESTOR_TAGS)
    above: Element | None = container
    while above is not None:
        if above.tag in ANCESTOR_TAGS:
            result[ANCESTOR_TAGS[above.tag]] = 0.5
        above = above.parent
    return result


def _ancestor_flags(element: Element, cached: dict[Element, list[float]]) -> list[float]:
    """1 for each of `ANCESTOR_TAGS` around a block, up to a cached element, whose flags are added."""
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
