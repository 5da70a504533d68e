"""A publisher: how it edits, with confidence limits, and how well extraction works on its pages."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import unquote

from storage.database import Database
from storage.queries.edits import EditFilter, edit_batch
from storage.queries.intervals import Estimate
from storage.queries.publishers import (
    STATS_DAYS,
    PublisherStats,
    extraction_stats,
    has_articles,
    publisher_stats,
    publishers,
)
from storage.queries.updates import DailyUpdates
from variorum.monitor.extraction_drop import degraded_hosts
from variorum.notify.atom import AtomEntry
from variorum.web.filters import hours, number, percent
from variorum.web.request import BadRequestError, WebRequest
from variorum.web.response import View
from variorum.web.views.edits import EDITS_PER_FEED, edit_entries, edits_by_update

# In units of the picture; the footer has the labels of the days.
CHART_WIDTH, CHART_HEIGHT, CHART_FOOTER_HEIGHT = 720, 120, 22
PUBLISHERS_PER_PAGE = 200
# Edits shown on the page of one publisher.
EDITS_PER_PUBLISHER = 10


@dataclass(frozen=True, slots=True)
class ChartColumn:
    """One day of the chart: a dark box for its certain updates, above it a pale one for the possible rest."""

    day: str
    x: float
    width: float
    certain_y: float
    certain_height: float
    possible_y: float
    possible_height: float
    description: str


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table: a figure with its 95 % limits, and what it is a figure of."""

    name: str
    value: str
    limits: str
    note: str


def publisher_page(db: Database, web_request: WebRequest) -> View:
    """One publisher: its figures with their limits, its updates by day, its newest edits.

    Raises BadRequestError if no article of the publisher is stored.
    """
    host = unquote(web_request.path_values["host"])
    if not has_articles(db, host):
        raise BadRequestError(f"No article of {host} is in this database.", 404)
    stats = publisher_stats(db, host, now=web_request.now)

    def extraction() -> dict[str, Any]:
        numbers = extraction_stats(db, host)
        problems = [text for _, text in degraded_hosts(numbers.pop("first_versions"))]
        return {**numbers, "problems": problems}

    def variables() -> dict[str, Any]:
        newest = edit_batch(db, EditFilter(host=host), limit=EDITS_PER_PUBLISHER).rows
        return {
            "host": host,
            "stats": stats,
            "days": STATS_DAYS,
            "figures": _figures(stats),
            "columns": _chart_columns(stats.days),
            "max_updates": max((day.possible for day in stats.days), default=0),
            "extraction": extraction(),
            "updates": edits_by_update(newest),
        }

    return View(
        template="publisher.html",
        title=host,
        variables=variables,
        columns=("day", "certain", "possible"),
        rows=lambda: [asdict(day) for day in stats.days],
        document=lambda: {"publisher": host, "stats": asdict(stats), "extraction": extraction()},
        entries=lambda: _newest_entries(db, EditFilter(host=host), web_request),
    )


def publishers_page(db: Database, web_request: WebRequest) -> View:
    """The publishers, those with the most articles first, from the request's cursor on."""
    batch = publishers(db, below=web_request.text("before"), limit=PUBLISHERS_PER_PAGE + 1)
    rows = batch[:PUBLISHERS_PER_PAGE]
    has_more = len(batch) > PUBLISHERS_PER_PAGE
    return View(
        template="publishers.html",
        title="Publishers",
        variables=lambda: {"publishers": rows},
        columns=("host", "articles", "active", "changed_at", "checked_at"),
        rows=lambda: rows,
        entries=lambda: _newest_entries(db, EditFilter(), web_request),
        older_url=web_request.self_url(web_request.ending, before=rows[-1]["host"])
        if has_more
        else None,
    )


def _newest_entries(
    db: Database, edit_filter: EditFilter, web_request: WebRequest
) -> list[AtomEntry]:
    return edit_entries(edit_batch(db, edit_filter, limit=EDITS_PER_FEED).rows, web_request)


def _figures(stats: PublisherStats) -> list[Figure]:
    """The table of figures, as text."""
    median = stats.hours_to_edit
    median_range = (
        f"{hours(median.earliest)} to {hours(median.latest)}" if stats.timed_updates else "–"
    )
    median_limits = (
        f"{hours(median.low)} to {hours(median.high)}" if median.low is not None else "too few"
    )
    return [
        Figure("Updates per day", number(stats.per_day.value), _limits(stats.per_day, number),
               "An update is everything that one check found edited in one article."),
        Figure("Median time from publication to an update", median_range, median_limits,
               f"Of {stats.timed_updates} whose publication time is known to the minute. Half of them came sooner."),
        Figure("Silent updates", percent(stats.silent_share.value), _limits(stats.silent_share, percent),
               f"Of {stats.judged_updates} for which the page shows it. For {stats.unjudged_updates} more it is unknown."),
        Figure("Articles edited", percent(stats.edited_share.value), _limits(stats.edited_share, percent),
               "Of the articles checked in this time. An edit reverted between two checks is missed."),
        Figure("Headline changed", percent(stats.headline_share.value), _limits(stats.headline_share, percent),
               "Of the articles checked in this time."),
    ]  # fmt: skip


def _limits(estimate: Estimate, as_text: Callable[[float | None], str]) -> str:
    if estimate.value is None:
        return "–"
    return f"{as_text(estimate.low)} to {as_text(estimate.high)}"


def _chart_columns(days: tuple[DailyUpdates, ...]) -> list[ChartColumn]:
    """The boxes of the chart, scaled so that the day with the most possible updates is as high as it."""
    max_updates = max((day.possible for day in days), default=0) or 1
    base_y = CHART_HEIGHT - CHART_FOOTER_HEIGHT
    step = CHART_WIDTH / max(len(days), 1)
    columns = []
    for index, day in enumerate(days):
        certain = base_y * day.certain / max_updates
        possible = base_y * (day.possible - day.certain) / max_updates
        columns.append(
            ChartColumn(
                day=day.day,
                x=round(index * step + 2, 1),
                width=round(step - 4, 1),
                certain_y=round(base_y - certain, 1),
                certain_height=round(certain, 1),
                possible_y=round(base_y - certain - possible, 1),
                possible_height=round(possible, 1),
                description=f"{day.day}: {day.certain} to {day.possible}",
            )
        )
    return columns
