"""The places of two texts in which they differ, and how such a place grows."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from storage.diff.align.wholes import WholesAt
from storage.diff.edit import Hunk

# Where one text has a space and the other none, this many characters on each side belong to the change.
MAX_SPACED_CHARACTERS = 40


@dataclass(frozen=True, slots=True)
class Region:
    """The characters `old[0]` to `old[1]` of one text became `new[0]` to `new[1]` of the other.

    Between two regions, and before and after them, both texts are equal.
    """

    old: tuple[int, int]
    new: tuple[int, int]

    def grown(self, left: int, right: int) -> "Region":
        """The region with more of the equal text on its sides."""
        (a, b), (c, d) = self.old, self.new
        return Region((a - left, b + right), (c - left, d + right))

    def joined(self, other: "Region") -> "Region":
        """The smallest region that holds both."""
        return Region(
            (min(self.old[0], other.old[0]), max(self.old[1], other.old[1])),
            (min(self.new[0], other.new[0]), max(self.new[1], other.new[1])),
        )


def changed_regions(parts: Iterable[Hunk]) -> list[Region]:
    """The region of each hunk that is not equal, in order."""
    regions: list[Region] = []
    i = j = 0
    for part in parts:
        if part.op != "equal":
            regions.append(Region((i, i + len(part.old)), (j, j + len(part.new))))
        i, j = i + len(part.old), j + len(part.new)
    return regions


def stripped(span: tuple[int, int], text: str) -> tuple[int, int]:
    """A span without the white space at its ends; of white space alone, its end."""
    start, end = span
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return start, end


def with_wholes(
    regions: Sequence[Region], old: str, new: str, whole_parts: Callable[[str], WholesAt]
) -> list[Region]:
    """The regions, each with all of what it would cut; regions that meet are one."""
    sides = (whole_parts(old), whole_parts(new))
    current = list(regions)
    while True:
        needs = [_missing(region, old, new, sides) for region in current]
        grown = _grown(current, needs, old)
        if grown == current:
            return current
        current = grown


def _missing(
    region: Region, old: str, new: str, sides: tuple[WholesAt, WholesAt]
) -> tuple[int, int]:
    """How many characters a region lacks on its left and right of what it cuts."""
    left = right = 0  # never less: a part that is cut may end inside the region
    for span, text, parts in ((region.old, old, sides[0]), (region.new, new, sides[1])):
        start, end = stripped(span, text)
        for part in parts(start, end):
            if part.is_cut_by(start, end):
                left, right = max(left, span[0] - part.start), max(right, part.end - span[1])
    return left, right


def _grown(regions: list[Region], needs: list[tuple[int, int]], old: str) -> list[Region]:
    """The regions, each with as much of the equal text on its sides; those that meet are one."""
    starts = [*(region.old[0] for region in regions[1:]), len(old)]
    end = 0  # of the region before
    joined: list[Region] = []
    for region, (left, right), start in zip(regions, needs, starts, strict=False):
        wider = region.grown(min(left, region.old[0] - end), min(right, start - region.old[1]))
        end = region.old[1]
        if joined and joined[-1].old[1] >= wider.old[0]:
            wider = joined.pop().joined(wider)
        joined.append(wider)
    return joined


def spaced_words(regions: list[Region], old: str, new: str) -> list[Region]:
    """The regions, each space that came or went with the words on both sides of it."""
    return _grown(regions, [_beside_space(region, old, new) for region in regions], old)


def _beside_space(region: Region, old: str, new: str) -> tuple[int, int]:
    before, after = old[slice(*region.old)], new[slice(*region.new)]
    if "".join(before.split()) != "".join(after.split()):
        return 0, 0
    left = right = 0
    if before[:1].isspace() != after[:1].isspace():
        left = max(_run(old[: region.old[0]][::-1]), _run(new[: region.new[0]][::-1]))
    if before[-1:].isspace() != after[-1:].isspace():
        right = max(_run(old[region.old[1] :]), _run(new[region.new[1] :]))
    return left, right


def _run(text: str) -> int:
    """How many characters a text begins with before the first white space."""
    return len(text[:MAX_SPACED_CHARACTERS].split(maxsplit=1)[0]) if text[:1].strip() else 0
