"""The timeline of an article's checks and versions, as coordinates of a picture. Pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from storage.database import Row
from storage.vocabulary import ARTICLE_THERE
from variorum.terminal.output import plural

# All sizes are in units of the picture.
TIMELINE_WIDTH, LEFT_MARGIN, RIGHT_MARGIN = 720, 12, 12
LANE_HEIGHT, TOP_MARGIN, AXIS_HEIGHT = 24, 8, 40
MIN_BAR_WIDTH, MIN_LABELLED_WIDTH, MIN_LABEL_DISTANCE = 3.0, 24, 80
MAX_LANES = 8
# Time is drawn about evenly up to this share of the whole span, then ever narrower: the first hours are
# the busy ones.
LOG_SCALE_FROM_SHARE = 0.1
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
    """One version, from the first to the last check that saw it."""

    number: int
    x: float
    y: float
    width: float
    label: str | None
    description: str


@dataclass(frozen=True, slots=True)
class Gap:
    """The time between the last check of one version and the first of the next: the edit lies there."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Tick:
    """One check, or several that are too close to draw apart."""

    x: float
    saw_article: bool


@dataclass(frozen=True, slots=True)
class AxisLabel:
    """A time on the axis."""

    x: float
    label: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """Everything to draw, with a description in words."""

    width: int
    height: int
    checks_y: float
    bars: tuple[Bar, ...]
    gaps: tuple[Gap, ...]
    ticks: tuple[Tick, ...]
    axis_labels: tuple[AxisLabel, ...]
    description: str


def timeline(versions: Sequence[Row], checks: Sequence[Row]) -> Timeline | None:
    """The timeline of versions and checks, both oldest first; None if there is no version.

    Each text has a lane of its own: a version that reverts to an earlier text returns to its lane.
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
    """Seconds from one stored time (ISO 8601) to another."""
    return (datetime.fromisoformat(later) - datetime.fromisoformat(earlier)).total_seconds()


@dataclass(frozen=True, slots=True)
class _TimeScale:
    """Turns a time into an x coordinate: logarithmic, from `begin` over `total` seconds."""

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


def _lanes(versions: Sequence[Row]) -> dict[str, int]:
    """The lane of each text, by content hash; from MAX_LANES texts on they share the last lane."""
    lanes = dict[str, int]()
    for version in versions:
        lanes.setdefault(version["content_hash"], min(len(lanes), MAX_LANES - 1))
    return lanes


def _bar(version: Row, lanes: dict[str, int], time_scale: _TimeScale) -> Bar:
    x = time_scale(version["seen_at"])
    width = max(time_scale(version["last_seen_at"]) - x, MIN_BAR_WIDTH)
    label = f"v{version['number']}" if width > MIN_LABELLED_WIDTH else None
    back = f", back to version {version['reverts_to']}" if version["reverts_to"] else ""
    begin, end = _to_minute(version["seen_at"]), _to_minute(version["last_seen_at"])
    description = f"version {version['number']}{back}: seen from {begin} to {end}"
    y = TOP_MARGIN + LANE_HEIGHT * lanes[version["content_hash"]]
    return Bar(version["number"], x, y, round(width, 1), label, description)


def _gap(earlier: Bar, later: Bar) -> Gap:
    x = earlier.x + earlier.width
    top, bottom = sorted((earlier.y, later.y))
    return Gap(round(x, 1), top, max(round(later.x - x, 1), 1.0), bottom - top + LANE_HEIGHT - 6)


def _ticks(checks: Sequence[Row], time_scale: _TimeScale) -> tuple[Tick, ...]:
    """One tick per x coordinate; a failed check stays visible beside one that saw the article."""
    saw_by_x = dict[int, bool]()
    for check in checks:
        x = round(time_scale(check["fetched_at"]))
        saw_by_x[x] = saw_by_x.get(x, True) and check["outcome"] in ARTICLE_THERE
    return tuple(Tick(x, saw_article) for x, saw_article in sorted(saw_by_x.items()))


def _axis_labels(time_scale: _TimeScale, total: float) -> tuple[AxisLabel, ...]:
    axis_labels = [AxisLabel(float(LEFT_MARGIN), "first check")]
    for step in AXIS_STEP_SECONDS:
        if not total / 100 < step < total:
            continue
        x = time_scale.after(step)
        if x - axis_labels[-1].x > MIN_LABEL_DISTANCE and TIMELINE_WIDTH - x > 60:
            axis_labels.append(AxisLabel(x, f"+{_step_label(step)}"))
    return tuple(axis_labels)


def _step_label(step: int) -> str:
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if step >= size:
            return f"{step // size} {unit}"
    return f"{step} s"


def _describe(versions: Sequence[Row], checks: Sequence[Row]) -> str:
    failed = sum(check["outcome"] not in ARTICLE_THERE for check in checks)
    reverting = sum(version["reverts_to"] is not None for version in versions)
    parts = [
        plural(len(checks), "check") + (f", {failed} of which failed" if failed else ""),
        plural(len(versions), "version"),
        f"{reverting} of them back to an earlier text" if reverting else "",
    ]
    return "; ".join(part for part in parts if part)


def _to_minute(text: str) -> str:
    return text[:16].replace("T", " ")
