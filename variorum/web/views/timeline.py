"""The picture of an article's looks and versions, as places on a plane. Pure."""

import math
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from variorum.terminal.output import plural

Row = dict[str, Any]

TIMELINE_WIDTH, LEFT_MARGIN, RIGHT_MARGIN = 720, 12, 12
LANE_HEIGHT, TOP_MARGIN, AXIS_HEIGHT = 24, 8, 40
MAX_LANES = 8
# The share of the whole span from which on time is drawn ever narrower: the first hours are the busy ones.
LOG_SCALE_FROM_SHARE = 0.1
SAW_ARTICLE = frozenset(
    {"new", "edited", "technical", "restored", "unchanged", "not_modified", "moved"}
)
AXIS_STEP_SECONDS = (
    1,
    10,
    60,
    600,
    3_600,
    6 * 3_600,
    86_400,
    7 * 86_400,
    30 * 86_400,
    365 * 86_400,
)


@dataclass(frozen=True, slots=True)
class Bar:
    """How long a version was seen to stand: from its first to its last look."""

    number: int
    x: float
    y: float
    width: float
    label: str | None
    description: str


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
    saw_article: bool


@dataclass(frozen=True, slots=True)
class AxisLabel:
    """A time on the axis."""

    x: float
    label: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """All there is to draw, with a sentence that says it."""

    width: int
    height: int
    checks_y: float
    bars: tuple[Bar, ...]
    gaps: tuple[Gap, ...]
    ticks: tuple[Tick, ...]
    axis_labels: tuple[AxisLabel, ...]
    description: str


def timeline(versions: list[Row], checks: list[Row]) -> Timeline | None:
    """The picture of versions and looks, both oldest first; None where nothing was seen.

    A text that comes back stands in the lane that it had.
    """
    if not versions:
        return None
    lanes = _lanes(versions)
    begin = min([versions[0]["seen_at"], *(check["fetched_at"] for check in checks[:1])])
    last = max([versions[-1]["last_seen_at"], *(check["fetched_at"] for check in checks[-1:])])
    total = max(seconds_apart(begin, last), 1.0)
    time_scale = _TimeScale(begin, total)
    bars = tuple(_bar(version, lanes, time_scale) for version in versions)
    checks_y = TOP_MARGIN + LANE_HEIGHT * (max(lanes.values()) + 1) + 4
    axis_labels = _axis_labels(time_scale, total)
    return Timeline(
        TIMELINE_WIDTH,
        int(checks_y + AXIS_HEIGHT),
        checks_y,
        bars,
        tuple(_gap(earlier, later) for earlier, later in pairwise(bars)),
        _ticks(checks, time_scale),
        axis_labels,
        _describe(versions, checks),
    )


def seconds_apart(earlier: str, later: str) -> float:
    """From one stored time to another."""
    return (datetime.fromisoformat(later) - datetime.fromisoformat(earlier)).total_seconds()


@dataclass(frozen=True, slots=True)
class _TimeScale:
    """Where a time lies across the picture."""

    begin: str
    total: float

    def __call__(self, at: str) -> float:
        return self.after(seconds_apart(self.begin, at))

    def after(self, elapsed_seconds: float) -> float:
        log_from_seconds = self.total * LOG_SCALE_FROM_SHARE
        share = math.log1p(max(elapsed_seconds, 0.0) / log_from_seconds) / math.log1p(
            self.total / log_from_seconds
        )
        return round(LEFT_MARGIN + share * (TIMELINE_WIDTH - LEFT_MARGIN - RIGHT_MARGIN), 1)


def _lanes(versions: list[Row]) -> dict[str, int]:
    """A lane for each text; what comes late in a long history shares the last."""
    lanes = dict[str, int]()
    for version in versions:
        lanes.setdefault(version["content_hash"], min(len(lanes), MAX_LANES - 1))
    return lanes


def _bar(version: Row, lanes: dict[str, int], time_scale: _TimeScale) -> Bar:
    x = time_scale(version["seen_at"])
    width = max(time_scale(version["last_seen_at"]) - x, 3.0)
    label = f"v{version['number']}"
    back = f", back to version {version['reverts_to']}" if version["reverts_to"] else ""
    description = f"version {version['number']}{back}: seen from {_to_minute(version['seen_at'])} to {_to_minute(version['last_seen_at'])}"
    y = TOP_MARGIN + LANE_HEIGHT * lanes[version["content_hash"]]
    return Bar(version["number"], x, y, round(width, 1), label if width > 24 else None, description)


def _gap(earlier: Bar, later: Bar) -> Gap:
    x = earlier.x + earlier.width
    top, bottom = sorted((earlier.y, later.y))
    return Gap(round(x, 1), top, max(round(later.x - x, 1), 1.0), bottom - top + LANE_HEIGHT - 6)


def _ticks(checks: list[Row], time_scale: _TimeScale) -> tuple[Tick, ...]:
    """One tick for each point across; a failed look is not hidden by one that saw the article."""
    saw_by_x = dict[int, bool]()
    for check in checks:
        x = round(time_scale(check["fetched_at"]))
        saw_by_x[x] = saw_by_x.get(x, True) and check["outcome"] in SAW_ARTICLE
    return tuple(Tick(x, saw_article) for x, saw_article in sorted(saw_by_x.items()))


def _axis_labels(time_scale: _TimeScale, total: float) -> tuple[AxisLabel, ...]:
    axis_labels = [AxisLabel(float(LEFT_MARGIN), "first look")]
    for step in AXIS_STEP_SECONDS:
        if not total / 100 < step < total:
            continue
        x = time_scale.after(step)
        if x - axis_labels[-1].x > 80 and TIMELINE_WIDTH - x > 60:
            axis_labels.append(AxisLabel(x, f"+{_step_label(step)}"))
    return tuple(axis_labels)


def _step_label(step: int) -> str:
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if step >= size:
            return f"{step // size} {unit}"
    return f"{step} s"


def _describe(versions: list[Row], checks: list[Row]) -> str:
    failed = sum(check["outcome"] not in SAW_ARTICLE for check in checks)
    back = sum(version["reverts_to"] is not None for version in versions)
    parts = [
        plural(len(checks), "look") + (f", {failed} of which saw no article" if failed else ""),
        plural(len(versions), "version"),
        f"{back} of them back to an earlier text" if back else "",
    ]
    return "; ".join(part for part in parts if part)


def _to_minute(text: str) -> str:
    return text[:16].replace("T", " ")
