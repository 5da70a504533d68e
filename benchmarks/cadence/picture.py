"""The picture in docs/cadence.md: when looks fall for an article that is edited and one that is not.

Each lane is one article in its first 30 days, looked at as the daemon does: the chance of an unseen
edit rises until it reaches the price, then a look is made. Nothing is drawn by hand.

    python -m benchmarks.cadence.picture
"""

import math
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from schedules.cadence import CheckRate, next_check
from schedules.cadence.edit_rate import HORIZON_HOURS, EditRate, HostPrior, after_check

CHART_PATH = Path(__file__).parents[2] / "docs" / "cadence.svg"
HOUR = timedelta(hours=1)
# The age in hours at which the articles are found, where the axis begins.
FIRST_SEEN_HOURS = 5 / 60
AXIS_LABELS = {5 / 60: "5 min", 0.5: "30 min", 1: "1 h", 3: "3 h", 12: "12 h", 24: "1 day",
         72: "3 days", 168: "1 week", 720: "30 days"}  # fmt: skip
CHART_WIDTH, MARGIN_LEFT, MARGIN_RIGHT = 760, 16, 16
LANE_HEIGHT, CURVE_HEIGHT, MARGIN_TOP = 116, 54, 34
# Points of a curve between two looks.
POINTS_PER_CURVE = 24

STYLE = """
text { font: 12px system-ui, sans-serif; fill: #57606a } .title { font-size: 14px; fill: #1f2328 }
.ground { fill: #fff } .chance { fill: #0969da22; stroke: #0969da; stroke-width: 1.2 }
.price { stroke: #57606a; stroke-dasharray: 4 4 } .axis { stroke: #d0d7de } .look { fill: #1f2328 }
.edit { fill: #cf222e }
@media (prefers-color-scheme: dark) {
text { fill: #9198a1 } .title { fill: #f0f6fc } .ground { fill: #0d1117 }
.chance { fill: #4493f833; stroke: #4493f8 } .price { stroke: #9198a1 } .axis { stroke: #3d444d }
.look { fill: #f0f6fc } .edit { fill: #ff7b72 }
}"""

AVERAGE_PUBLISHER, BUSY_PUBLISHER = HostPrior(), HostPrior(edits=295, expected_edits=95)


@dataclass(frozen=True, slots=True)
class Lane:
    """An article: what is said of it, the ages in hours at which it is edited, its publisher."""

    title: str
    edits: tuple[float, ...] = ()
    host_prior: HostPrior = AVERAGE_PUBLISHER


LANES = (
    Lane("Nobody edits it"),
    Lane("Edited after 40 minutes and after 3 hours", (40 / 60, 3.0)),
    Lane("Nobody edits it; its publisher edits three times as often", host_prior=BUSY_PUBLISHER),
)


@dataclass(frozen=True, slots=True)
class CheckInterval:
    """The time between two looks, in hours of age, with what is believed in it."""

    start: float
    end: float
    edit_rate: EditRate


def check_intervals(lane: Lane, check_rate: CheckRate) -> list[CheckInterval]:
    """The times between the looks at an article, from when it is found to the end of its month."""
    intervals, age, edit_rate = list[CheckInterval](), FIRST_SEEN_HOURS, lane.host_prior.prior()
    while age < HORIZON_HOURS:
        due = next_check(edit_rate, age * HOUR, check_rate.threshold, check_rate=check_rate) / HOUR
        intervals.append(CheckInterval(age, due, edit_rate))
        was_edited = any(age < edit <= due for edit in lane.edits)
        edit_rate, _ = after_check(
            edit_rate, age * HOUR, due * HOUR, was_edited=was_edited, decay=check_rate.decay
        )
        age = due
    return intervals


def x_position(age: float) -> float:
    """Where an age stands on the logarithmic axis."""
    share = math.log(age / FIRST_SEEN_HOURS) / math.log(HORIZON_HOURS / FIRST_SEEN_HOURS)
    return MARGIN_LEFT + share * (CHART_WIDTH - MARGIN_LEFT - MARGIN_RIGHT)


def chance_curve(interval: CheckInterval, check_rate: CheckRate, base_y: float) -> str:
    """The chance of an unseen edit between two looks, as a filled path."""
    end = min(interval.end, HORIZON_HOURS)
    ages = [
        interval.start * (end / interval.start) ** (point / POINTS_PER_CURVE)
        for point in range(POINTS_PER_CURVE + 1)
    ]
    chances = [
        interval.edit_rate.chance_of_edit(check_rate.decay.mass(interval.start, age))
        for age in ages
    ]
    points = [
        f"{x_position(age):.1f},{base_y - chance / check_rate.threshold * CURVE_HEIGHT:.1f}"
        for age, chance in zip(ages, chances, strict=True)
    ]
    return f'<path class="chance" d="M{" L".join(points)} L{x_position(end):.1f},{base_y:.1f}"/>'


def draw_lane(lane: Lane, check_rate: CheckRate, top: float) -> list[str]:
    """One article: its title, the price, the chance that rises to it, looks and edits."""
    times, base_y = check_intervals(lane, check_rate), top + 26 + CURVE_HEIGHT
    check_ages = [
        FIRST_SEEN_HOURS,
        *(interval.end for interval in times if interval.end < HORIZON_HOURS),
    ]
    first_day = sum(check_age <= 24 for check_age in check_ages)
    check_count_text = f"{len(check_ages)} looks in 30 days, {first_day} of them on the first"
    lines = [
        f'<text class="title" x="{MARGIN_LEFT}" y="{top + 12}">{lane.title}</text>',
        f'<text x="{CHART_WIDTH - MARGIN_RIGHT}" y="{top + 12}" text-anchor="end">{check_count_text}</text>',
        f'<path class="price" d="M{MARGIN_LEFT},{base_y - CURVE_HEIGHT} H{CHART_WIDTH - MARGIN_RIGHT}"/>',
        *(chance_curve(interval, check_rate, base_y) for interval in times),
        f'<path class="axis" d="M{MARGIN_LEFT},{base_y} H{CHART_WIDTH - MARGIN_RIGHT}"/>',
    ]
    lines += [
        f'<circle class="look" cx="{x_position(age):.1f}" cy="{base_y}" r="2.6"/>'
        for age in check_ages
    ]
    for x in map(x_position, lane.edits):
        lines.append(
            f'<path class="edit" d="M{x:.1f},{base_y + 5} l5,9 h-10 z"><title>edited</title></path>'
        )
    return lines


def chart(check_rate: CheckRate) -> str:
    """The whole picture as SVG."""
    height = MARGIN_TOP + LANE_HEIGHT * len(LANES) + 10
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {CHART_WIDTH} {height}" width="{CHART_WIDTH}" role="img">',
        "<title>When an article is looked at: the looks thin out with age, and come closer after an edit</title>",
        f"<style>{STYLE}</style>",
        f'<rect class="ground" width="{CHART_WIDTH}" height="{height}"/>',
        f'<text x="{MARGIN_LEFT}" y="20">● a look · ▲ an edit · blue: the chance of an edit that nobody has seen yet'
        f" · dashed: the price, {check_rate.threshold:.1%}</text>".replace("%<", " %<"),
    ]
    for number, lane in enumerate(LANES):
        lines += draw_lane(lane, check_rate, MARGIN_TOP + number * LANE_HEIGHT)
    for age, name in AXIS_LABELS.items():
        anchor = {5 / 60: "start", 720: "end"}.get(age, "middle")
        lines.append(
            f'<text x="{x_position(age):.1f}" y="{height - 12}" text-anchor="{anchor}">{name}</text>'
        )
    return "\n".join([*lines, "</svg>", ""])


if __name__ == "__main__":
    CHART_PATH.write_text(chart(CheckRate()), encoding="utf-8")
    print(CHART_PATH)
