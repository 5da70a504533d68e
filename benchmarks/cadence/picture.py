"""Draw docs/cadence.svg: when an edited article is checked, and one that nobody edits.

Each lane is one article in its first 30 days, checked as the daemon would check it. The chance of
an unseen edit rises until it reaches the threshold; then comes a check.

    python -m benchmarks cadence-picture
"""

import argparse
import math
from dataclasses import dataclass
from datetime import timedelta

from benchmarks.support.paths import ROOT
from schedules.cadence import CheckRate, next_check
from schedules.cadence.edit_rate import HORIZON_HOURS, EditRate, HostPrior, after_check

CHART_PATH = ROOT / "docs" / "cadence.svg"
HOUR = timedelta(hours=1)
# The age in hours at the first check, where the axis begins.
FIRST_SEEN_HOURS = 5 / 60
AXIS_LABELS = {5 / 60: "5 min", 0.5: "30 min", 1: "1 h", 3: "3 h", 12: "12 h", 24: "1 day",
         72: "3 days", 168: "1 week", 720: "30 days"}  # fmt: skip
CHART_WIDTH, MARGIN_LEFT, MARGIN_RIGHT = 760, 16, 16
LANE_HEIGHT, CURVE_HEIGHT, MARGIN_TOP = 116, 54, 34
# Points of a curve between two checks.
POINTS_PER_CURVE = 24

STYLE = """
text { font: 12px system-ui, sans-serif; fill: #57606a } .title { font-size: 14px; fill: #1f2328 }
.ground { fill: #fff } .chance { fill: #0969da22; stroke: #0969da; stroke-width: 1.2 }
.threshold { stroke: #57606a; stroke-dasharray: 4 4 } .axis { stroke: #d0d7de } .check { fill: #1f2328 }
.edit { fill: #cf222e }
@media (prefers-color-scheme: dark) {
text { fill: #9198a1 } .title { fill: #f0f6fc } .ground { fill: #0d1117 }
.chance { fill: #4493f833; stroke: #4493f8 } .threshold { stroke: #9198a1 } .axis { stroke: #3d444d }
.check { fill: #f0f6fc } .edit { fill: #ff7b72 }
}"""

AVERAGE_PUBLISHER, BUSY_PUBLISHER = HostPrior(), HostPrior(edits=295, expected_edits=95)


@dataclass(frozen=True, slots=True)
class Lane:
    """An article: a title, the ages in hours at which it is edited, and its host's prior."""

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
    """The time between two checks, in hours of age, and the edit rate assumed in it."""

    start: float
    end: float
    edit_rate: EditRate


def check_intervals(lane: Lane, check_rate: CheckRate) -> list[CheckInterval]:
    """The intervals between the checks of an article, over its first 30 days."""
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
    """The position of an age on the logarithmic axis."""
    share = math.log(age / FIRST_SEEN_HOURS) / math.log(HORIZON_HOURS / FIRST_SEEN_HOURS)
    return MARGIN_LEFT + share * (CHART_WIDTH - MARGIN_LEFT - MARGIN_RIGHT)


def chance_curve(interval: CheckInterval, check_rate: CheckRate, base_y: float) -> str:
    """The chance of an unseen edit between two checks, as a filled path."""
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
    """One lane: its title, the threshold, the chance that rises to it, checks and edits."""
    times, base_y = check_intervals(lane, check_rate), top + 26 + CURVE_HEIGHT
    check_ages = [
        FIRST_SEEN_HOURS,
        *(interval.end for interval in times if interval.end < HORIZON_HOURS),
    ]
    first_day = sum(check_age <= 24 for check_age in check_ages)
    check_count_text = f"{len(check_ages)} checks in 30 days, {first_day} of them on the first"
    lines = [
        f'<text class="title" x="{MARGIN_LEFT}" y="{top + 12}">{lane.title}</text>',
        f'<text x="{CHART_WIDTH - MARGIN_RIGHT}" y="{top + 12}" text-anchor="end">{check_count_text}</text>',
        f'<path class="threshold" d="M{MARGIN_LEFT},{base_y - CURVE_HEIGHT} H{CHART_WIDTH - MARGIN_RIGHT}"/>',
        *(chance_curve(interval, check_rate, base_y) for interval in times),
        f'<path class="axis" d="M{MARGIN_LEFT},{base_y} H{CHART_WIDTH - MARGIN_RIGHT}"/>',
    ]
    lines += [
        f'<circle class="check" cx="{x_position(age):.1f}" cy="{base_y}" r="2.6"/>'
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
        "<title>When an article is checked: less and less often with age, more often after an edit</title>",
        f"<style>{STYLE}</style>",
        f'<rect class="ground" width="{CHART_WIDTH}" height="{height}"/>',
        f'<text x="{MARGIN_LEFT}" y="20">● a check · ▲ an edit · blue: the chance of an unseen edit'
        f" · dashed: the threshold, {check_rate.threshold:.1%}</text>".replace("%<", " %<"),
    ]
    for number, lane in enumerate(LANES):
        lines += draw_lane(lane, check_rate, MARGIN_TOP + number * LANE_HEIGHT)
    for age, name in AXIS_LABELS.items():
        anchor = {5 / 60: "start", 720: "end"}.get(age, "middle")
        lines.append(
            f'<text x="{x_position(age):.1f}" y="{height - 12}" text-anchor="{anchor}">{name}</text>'
        )
    return "\n".join([*lines, "</svg>", ""])


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add nothing: `cadence-picture` has no options."""


def main(options: argparse.Namespace) -> int:
    """Draw the picture."""
    CHART_PATH.write_text(chart(CheckRate()), encoding="utf-8")
    print(CHART_PATH)
    return 0
