"""A publisher: how it edits, how sure that is, and how well its pages are read."""

from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import unquote

from storage.database import Database
from storage.queries.intervals import Estimate
from storage.queries.publishers import DAYS, Day, Habits, habits, is_known, publishers, reading
from storage.queries.stream import Wanted, stretch
from variorum.monitor.extraction_drop import fallen
from variorum.web.filters import hours, number, percent
from variorum.web.request import Asked, AskedWrongError
from variorum.web.response import Page
from variorum.web.views.edits import IN_FEED, ON_PAGE, entries, grouped

Row = dict[str, Any]

WIDTH, HEIGHT, FOOT = 720, 120, 22
# Publishers on a page.
LISTED = 200


@dataclass(frozen=True, slots=True)
class Column:
    """A day in the chart: the updates that surely fell in it, and above them those that may have."""

    day: str
    x: float
    width: float
    certain_y: float
    certain: float
    possible_y: float
    possible: float
    told: str


def publisher_page(db: Database, asked: Asked) -> Page:
    """One publisher's habits, each with its limits, and its newest edits."""
    host = unquote(asked.named["host"])
    if not is_known(db, host):
        raise AskedWrongError(f"No article of {host} is in this database.", 404)
    found = habits(db, host, now=asked.now)
    health = reading(db, host)
    troubles = [text for _, text in fallen(health.pop("first_versions"))]
    is_html = asked.ending == "html"
    newest = stretch(db, Wanted(host=host), limit=10 if is_html else IN_FEED).rows
    return Page(
        "publisher.html",
        host,
        {
            "host": host,
            "habits": found,
            "days": DAYS,
            "figures": _figures(found),
            "columns": _columns(found.days),
            "most": max((day.possible for day in found.days), default=0),
            "reading": health,
            "troubles": troubles,
            "groups": grouped(newest)[:ON_PAGE],
        },
        ("day", "certain", "possible"),
        [asdict(day) for day in found.days],
        {"publisher": host, "habits": asdict(found), "reading": {**health, "worse": troubles}},
        entries(newest, asked),
    )


def publishers_page(db: Database, asked: Asked) -> Page:
    """The publishers, those with the most articles first, from a cursor on."""
    found = publishers(db, below=asked.text("before"), limit=LISTED + 1)
    rows = found[:LISTED]
    newest = stretch(db, Wanted(), limit=IN_FEED).rows if asked.ending == "atom" else ()
    return Page(
        "publishers.html",
        "Publishers",
        {"publishers": rows},
        ("host", "articles", "active", "changed_at", "checked_at"),
        rows,
        entries=entries(newest, asked),
        older=asked.this(asked.ending, before=rows[-1]["host"]) if len(found) > LISTED else None,
    )


def _figures(found: Habits) -> list[tuple[str, str, str, str]]:
    """Each figure with its name, its limits, and what it says in words."""
    median = found.hours_to_edit
    between = f"{hours(median.earliest)} to {hours(median.latest)}" if found.timed else "–"
    limits = f"{hours(median.low)} to {hours(median.high)}" if median.low is not None else "too few"
    return [
        ("Updates a day", number(found.per_day.value), _limits(found.per_day, number),
         "An update is what one look found edited in one article."),
        ("From publication to an update, at the median", between, limits,
         f"Half of the updates came sooner. Of {found.timed} whose time of publication is known to the minute."),
        ("Silent updates", percent(found.silent.value), _limits(found.silent, percent),
         f"Of {found.told} of which the page tells; of {found.untold} more it cannot be known."),
        ("Articles edited", percent(found.edited.value), _limits(found.edited, percent),
         "Of those looked at in this time. An edit taken back between two looks is not seen."),
        ("Articles with another headline", percent(found.headlines.value), _limits(found.headlines, percent),
         "Of those looked at in this time."),
    ]  # fmt: skip


def _limits(found: Estimate, say: Any) -> str:
    return "–" if found.value is None else f"{say(found.low)} to {say(found.high)}"


def _columns(days: tuple[Day, ...]) -> list[Column]:
    most = max((day.possible for day in days), default=0) or 1
    step = WIDTH / max(len(days), 1)
    columns = []
    for at, day in enumerate(days):
        sure = (HEIGHT - FOOT) * day.certain / most
        maybe = (HEIGHT - FOOT) * (day.possible - day.certain) / most
        columns.append(
            Column(
                day.day, round(at * step + 2, 1), round(step - 4, 1),
                round(HEIGHT - FOOT - sure, 1), round(sure, 1),
                round(HEIGHT - FOOT - sure - maybe, 1), round(maybe, 1),
                f"{day.day}: {day.certain} to {day.possible}",
            )
        )  # fmt: skip
    return columns
