"""The picture of an article's looks and versions, as places on a plane. Pure."""

import math
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from variorum.context import plural

Row = dict[str, Any]

WIDTH, LEFT, RIGHT = 720, 12, 12
LANE, TOP, AXIS = 24, 8, 40
MOST_LANES = 8
# The share of the whole span from which on time is drawn ever narrower: the first hours are the busy ones.
BEND = 0.1
SAW = frozenset({"new", "edited", "technical", "restored", "unchanged", "not_modified", "moved"})
STEPS = (1, 10, 60, 600, 3_600, 6 * 3_600, 86_400, 7 * 86_400, 30 * 86_400, 365 * 86_400)


@dataclass(frozen=True, slots=True)
class Bar:
    """How long a version was seen to stand: from its first to its last look."""

    number: int
    x: float
    y: float
    width: float
    label: str | None
    told: str


@dataclass(frozen=True, slots=True)
class Gap:
    """Between the last look at one version and the first at the next: there the edit lies."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Tick:
    """One look, or several so near each other that they are drawn as one."""

    x: float
    saw: bool


@dataclass(frozen=True, slots=True)
class Mark:
    """A time on the axis."""

    x: float
    label: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """All there is to draw, with a sentence that says it."""

    width: int
    height: int
    looks_y: float
    bars: tuple[Bar, ...]
    gaps: tuple[Gap, ...]
    ticks: tuple[Tick, ...]
    marks: tuple[Mark, ...]
    told: str


def timeline(versions: list[Row], looks: list[Row]) -> Timeline | None:
    """The picture of versions and looks, both oldest first; None where nothing was seen.

    A text that comes back stands in the lane that it had.
    """
    if not versions:
        return None
    lanes = _lanes(versions)
    begin = min([versions[0]["seen_at"], *(look["fetched_at"] for look in looks[:1])])
    last = max([versions[-1]["last_seen_at"], *(look["fetched_at"] for look in looks[-1:])])
    total = max(seconds(begin, last), 1.0)
    place = _Place(begin, total)
    bars = tuple(_bar(version, lanes, place) for version in versions)
    looks_y = TOP + LANE * (max(lanes.values()) + 1) + 4
    marks = _marks(place, total)
    return Timeline(
        WIDTH,
        int(looks_y + AXIS),
        looks_y,
        bars,
        tuple(_gap(one, other) for one, other in pairwise(bars)),
        _ticks(looks, place),
        marks,
        _told(versions, looks),
    )


def seconds(one: str, other: str) -> float:
    """From one stored time to another."""
    return (datetime.fromisoformat(other) - datetime.fromisoformat(one)).total_seconds()


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a time lies across the picture."""

    begin: str
    total: float

    def __call__(self, at: str) -> float:
        return self.after(seconds(self.begin, at))

    def after(self, passed: float) -> float:
        bend = self.total * BEND
        share = math.log1p(max(passed, 0.0) / bend) / math.log1p(self.total / bend)
        return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)


def _lanes(versions: list[Row]) -> dict[str, int]:
    """A lane for each text; what comes late in a long history shares the last."""
    lanes = dict[str, int]()
    for version in versions:
        lanes.setdefault(version["content_hash"], min(len(lanes), MOST_LANES - 1))
    return lanes


def _bar(version: Row, lanes: dict[str, int], place: _Place) -> Bar:
    x = place(version["seen_at"])
    width = max(place(version["last_seen_at"]) - x, 3.0)
    label = f"v{version['number']}"
    back = f", back to version {version['reverts_to']}" if version["reverts_to"] else ""
    told = f"version {version['number']}{back}: seen from {_minute(version['seen_at'])} to {_minute(version['last_seen_at'])}"
    y = TOP + LANE * lanes[version["content_hash"]]
    return Bar(version["number"], x, y, round(width, 1), label if width > 24 else None, told)


def _gap(one: Bar, other: Bar) -> Gap:
    x = one.x + one.width
    top, bottom = sorted((one.y, other.y))
    return Gap(round(x, 1), top, max(round(other.x - x, 1), 1.0), bottom - top + LANE - 6)


def _ticks(looks: list[Row], place: _Place) -> tuple[Tick, ...]:
    """One tick for each point across; a failed look is not hidden by one that saw the article."""
    seen = dict[int, bool]()
    for look in looks:
        x = round(place(look["fetched_at"]))
        seen[x] = seen.get(x, True) and look["outcome"] in SAW
    return tuple(Tick(x, saw) for x, saw in sorted(seen.items()))


def _marks(place: _Place, total: float) -> tuple[Mark, ...]:
    marks = [Mark(float(LEFT), "first look")]
    for step in STEPS:
        if not total / 100 < step < total:
            continue
        x = place.after(step)
        if x - marks[-1].x > 80 and WIDTH - x > 60:
            marks.append(Mark(x, f"+{_span(step)}"))
    return tuple(marks)


def _span(step: int) -> str:
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if step >= size:
            return f"{step // size} {unit}"
    return f"{step} s"


def _told(versions: list[Row], looks: list[Row]) -> str:
    failed = sum(look["outcome"] not in SAW for look in looks)
    back = sum(version["reverts_to"] is not None for version in versions)
    parts = [
        plural(len(looks), "look") + (f", {failed} of which saw no article" if failed else ""),
        plural(len(versions), "version"),
        f"{back} of them back to an earlier text" if back else "",
    ]
    return "; ".join(part for part in parts if part)


def _minute(text: str) -> str:
    return text[:16].replace("T", " ")
