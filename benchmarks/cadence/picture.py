"""The picture in docs/cadence.md: when looks fall for an article that is edited and one that is not.

Each lane is one article in its first 30 days, looked at as the daemon does: the chance of an unseen
edit rises until it reaches the price, then a look is made. Nothing is drawn by hand.

    python -m benchmarks.cadence.picture
"""

import math
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from schedules.cadence import Habits, Pace, after_look, next_check
from schedules.cadence.edit_rate import HORIZON, Belief

PICTURE = Path(__file__).parents[2] / "docs" / "cadence.svg"
HOUR = timedelta(hours=1)
# The age in hours at which the articles are found, where the axis begins.
FOUND = 5 / 60
TICKS = {5 / 60: "5 min", 0.5: "30 min", 1: "1 h", 3: "3 h", 12: "12 h", 24: "1 day",
         72: "3 days", 168: "1 week", 720: "30 days"}  # fmt: skip
WIDTH, LEFT, RIGHT = 760, 16, 16
LANE, CURVE, TOP = 116, 54, 34
# Points of a curve between two looks.
POINTS = 24

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

AVERAGE, THRICE = Habits(), Habits(edited=295, expected=95)


@dataclass(frozen=True, slots=True)
class Lane:
    """An article: what is said of it, the ages in hours at which it is edited, its publisher."""

    title: str
    edits: tuple[float, ...] = ()
    habits: Habits = AVERAGE


LANES = (
    Lane("Nobody edits it"),
    Lane("Edited after 40 minutes and after 3 hours", (40 / 60, 3.0)),
    Lane("Nobody edits it; its publisher edits three times as often", habits=THRICE),
)


@dataclass(frozen=True, slots=True)
class Stretch:
    """The time between two looks, in hours of age, with what is believed in it."""

    start: float
    end: float
    belief: Belief


def stretches(lane: Lane, pace: Pace) -> list[Stretch]:
    """The times between the looks at an article, from when it is found to the end of its month."""
    found, age, belief = list[Stretch](), FOUND, lane.habits.prior()
    while age < HORIZON:
        due = next_check(belief, age * HOUR, pace.price, pace=pace) / HOUR
        found.append(Stretch(age, due, belief))
        was_edited = any(age < edit <= due for edit in lane.edits)
        belief, _ = after_look(
            belief, age * HOUR, due * HOUR, was_edited=was_edited, course=pace.course
        )
        age = due
    return found


def across(age: float) -> float:
    """Where an age stands on the logarithmic axis."""
    share = math.log(age / FOUND) / math.log(HORIZON / FOUND)
    return LEFT + share * (WIDTH - LEFT - RIGHT)


def curve(stretch: Stretch, pace: Pace, floor: float) -> str:
    """The chance of an unseen edit between two looks, as a filled path."""
    end = min(stretch.end, HORIZON)
    ages = [
        stretch.start * (end / stretch.start) ** (point / POINTS) for point in range(POINTS + 1)
    ]
    chances = [stretch.belief.unseen(pace.course.mass(stretch.start, age)) for age in ages]
    points = [
        f"{across(age):.1f},{floor - chance / pace.price * CURVE:.1f}"
        for age, chance in zip(ages, chances, strict=True)
    ]
    return f'<path class="chance" d="M{" L".join(points)} L{across(end):.1f},{floor:.1f}"/>'


def drawn(lane: Lane, pace: Pace, top: float) -> list[str]:
    """One article: its title, the price, the chance that rises to it, looks and edits."""
    times, floor = stretches(lane, pace), top + 26 + CURVE
    looks = [FOUND, *(stretch.end for stretch in times if stretch.end < HORIZON)]
    first_day = sum(look <= 24 for look in looks)
    counted = f"{len(looks)} looks in 30 days, {first_day} of them on the first"
    lines = [
        f'<text class="title" x="{LEFT}" y="{top + 12}">{lane.title}</text>',
        f'<text x="{WIDTH - RIGHT}" y="{top + 12}" text-anchor="end">{counted}</text>',
        f'<path class="price" d="M{LEFT},{floor - CURVE} H{WIDTH - RIGHT}"/>',
        *(curve(stretch, pace, floor) for stretch in times),
        f'<path class="axis" d="M{LEFT},{floor} H{WIDTH - RIGHT}"/>',
    ]
    lines += [
        f'<circle class="look" cx="{across(age):.1f}" cy="{floor}" r="2.6"/>' for age in looks
    ]
    for x in map(across, lane.edits):
        lines.append(
            f'<path class="edit" d="M{x:.1f},{floor + 5} l5,9 h-10 z"><title>edited</title></path>'
        )
    return lines


def picture(pace: Pace) -> str:
    """The whole picture as SVG."""
    height = TOP + LANE * len(LANES) + 10
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" role="img">',
        "<title>When an article is looked at: the looks thin out with age, and come closer after an edit</title>",
        f"<style>{STYLE}</style>",
        f'<rect class="ground" width="{WIDTH}" height="{height}"/>',
        f'<text x="{LEFT}" y="20">● a look · ▲ an edit · blue: the chance of an edit that nobody has seen yet'
        f" · dashed: the price, {pace.price:.1%}</text>".replace("%<", " %<"),
    ]
    for number, lane in enumerate(LANES):
        lines += drawn(lane, pace, TOP + number * LANE)
    for age, name in TICKS.items():
        anchor = {5 / 60: "start", 720: "end"}.get(age, "middle")
        lines.append(
            f'<text x="{across(age):.1f}" y="{height - 12}" text-anchor="{anchor}">{name}</text>'
        )
    return "\n".join([*lines, "</svg>", ""])


if __name__ == "__main__":
    PICTURE.write_text(picture(Pace()), encoding="utf-8")
    print(PICTURE)
