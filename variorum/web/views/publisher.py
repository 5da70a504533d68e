"""A publisher: how it edits, how sure that is, and how well its pages are read."""

from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import unquote

from storage.database import Database
from storage.queries.intervals import Estimate
from storage.queries.publishers import (
    STATS_DAYS,
    DailyUpdates,
    PublisherStats,
    extraction_stats,
    has_articles,
    publisher_stats,
    publishers,
)
from storage.queries.stream import EditFilter, edit_batch
from variorum.monitor.extraction_drop import degraded_hosts
from variorum.web.filters import hours, number, percent
from variorum.web.request import BadRequestError, WebRequest
from variorum.web.response import View
from variorum.web.views.edits import EDITS_PER_FEED, EDITS_PER_PAGE, edits_by_update, entries

Row = dict[str, Any]

CHART_WIDTH, CHART_HEIGHT, CHART_FOOTER_HEIGHT = 720, 120, 22
# Publishers on a page.
PUBLISHERS_PER_PAGE = 200


@dataclass(frozen=True, slots=True)
class ChartColumn:
    """A day in the chart: the updates that surely fell in it, and above them those that may have."""

    day: str
    x: float
    width: float
    certain_y: float
    certain: float
    possible_y: float
    possible: float
    told: str


def publisher_page(db: Database, web_request: WebRequest) -> View:
    """One publisher's habits, each with its limits, and its newest edits."""
    host = unquote(web_request.path_values["host"])
    if not has_articles(db, host):
        raise BadRequestError(f"No article of {host} is in this database.", 404)
    found = publisher_stats(db, host, now=web_request.now)
    health = extraction_stats(db, host)
    problems = [text for _, text in degraded_hosts(health.pop("first_versions"))]
    is_html = web_request.ending == "html"
    newest = edit_batch(db, EditFilter(host=host), limit=10 if is_html else EDITS_PER_FEED).rows
    return View(
        "publisher.html",
        host,
        {
            "host": host,
            "habits": found,
            "days": STATS_DAYS,
            "figures": _figures(found),
            "columns": _chart_columns(found.days),
            "most": max((day.possible for day in found.days), default=0),
            "reading": health,
            "troubles": problems,
            "groups": edits_by_update(newest)[:EDITS_PER_PAGE],
        },
        ("day", "certain", "possible"),
        [asdict(day) for day in found.days],
        {"publisher": host, "habits": asdict(found), "reading": {**health, "worse": problems}},
        entries(newest, web_request),
    )


def publishers_page(db: Database, web_request: WebRequest) -> View:
    """The publishers, those with the most articles first, from a cursor on."""
    found = publishers(db, below=web_request.text("before"), limit=PUBLISHERS_PER_PAGE + 1)
    rows = found[:PUBLISHERS_PER_PAGE]
    newest = (
        edit_batch(db, EditFilter(), limit=EDITS_PER_FEED).rows
        if web_request.ending == "atom"
        else ()
    )
    return View(
        "publishers.html",
        "Publishers",
        {"publishers": rows},
        ("host", "articles", "active", "changed_at", "checked_at"),
        rows,
        entries=entries(newest, web_request),
        older_url=web_request.self_url(web_request.ending, before=rows[-1]["host"])
        if len(found) > PUBLISHERS_PER_PAGE
        else None,
    )


def _figures(found: PublisherStats) -> list[tuple[str, str, str, str]]:
    """Each figure with its name, its limits, and what it says in words."""
    median = found.hours_to_edit
    edit_range = (
        f"{hours(median.earliest)} to {hours(median.latest)}" if found.timed_updates else "–"
    )
    limits = f"{hours(median.low)} to {hours(median.high)}" if median.low is not None else "too few"
    return [
        ("Updates a day", number(found.per_day.value), _limits(found.per_day, number),
         "An update is what one look found edited in one article."),
        ("From publication to an update, at the median", edit_range, limits,
         f"Half of the updates came sooner. Of {found.timed_updates} whose time of publication is known to the minute."),
        ("Silent updates", percent(found.silent_share.value), _limits(found.silent_share, percent),
         f"Of {found.judged_updates} of which the page tells; of {found.unjudged_updates} more it cannot be known."),
        ("Articles edited", percent(found.edited_share.value), _limits(found.edited_share, percent),
         "Of those looked at in this time. An edit taken back between two looks is not seen."),
        ("Articles with another headline", percent(found.headline_share.value), _limits(found.headline_share, percent),
         "Of those looked at in this time."),
    ]  # fmt: skip


def _limits(found: Estimate, say: Any) -> str:
    return "–" if found.value is None else f"{say(found.low)} to {say(found.high)}"


def _chart_columns(days: tuple[DailyUpdates, ...]) -> list[ChartColumn]:
    max_updates = max((day.possible for day in days), default=0) or 1
    step = CHART_WIDTH / max(len(days), 1)
    columns = []
    for index, day in enumerate(days):
        certain_height = (CHART_HEIGHT - CHART_FOOTER_HEIGHT) * day.certain / max_updates
        possible_height = (
            (CHART_HEIGHT - CHART_FOOTER_HEIGHT) * (day.possible - day.certain) / max_updates
        )
        columns.append(
            ChartColumn(
                day.day, round(index * step + 2, 1), round(step - 4, 1),
                round(CHART_HEIGHT - CHART_FOOTER_HEIGHT - certain_height, 1), round(certain_height, 1),
                round(CHART_HEIGHT - CHART_FOOTER_HEIGHT - certain_height - possible_height, 1), round(possible_height, 1),
                f"{day.day}: {day.certain} to {day.possible}",
            )
        )  # fmt: skip
    return columns
