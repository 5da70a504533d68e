"""Options and arguments that several commands share, and what a user means by them."""

import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import click

from scraper.errors import UrlError
from scraper.patterns import lazy_pattern
from scraper.urls import canonical_url
from storage.timestamps import to_text
from variorum.context import now
from variorum.errors import UsageError

TIME_AGO = lazy_pattern(r"(\d+)\s*([smhdw])")
TIME_AGO_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
MAX_DELAY_SECONDS = 86_400
MAX_JOBS = 500


class SecondsRange(click.FloatRange):
    """A number of seconds in a range; `nan` is refused."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        number = super().convert(value, param, ctx)
        if number != number:
            self.fail("give a number of seconds", param, ctx)
        return number


json_option = click.option(
    "--json", "is_json", is_flag=True, help="Print one JSON object per line."
)
limit_option = click.option(
    "--limit",
    type=click.IntRange(1),
    default=100,
    show_default=True,
    help="Print at most this many.",
)
urls_argument = click.argument("urls", nargs=-1, required=True, metavar="URL…")
delay_option = click.option(
    "--delay",
    type=SecondsRange(0, MAX_DELAY_SECONDS),
    help="Seconds between two requests to one host.",
)
host_jobs_option = click.option(
    "--jobs", type=click.IntRange(1, MAX_JOBS), help="How many hosts are checked at the same time."
)
yes_option = click.option("--yes", is_flag=True, help="Do not ask for confirmation.")


def parse_url(url: str) -> str:
    """The canonical form of a URL. Raises UsageError if it is not a web address."""
    try:
        return canonical_url(url)
    except UrlError as error:
        raise UsageError(str(error)) from error


def parse_urls(urls: Iterable[str]) -> list[str]:
    """The canonical forms of URLs, in order; `-` means those on standard input, one per line."""
    return [parse_url(given) for url in urls for given in (stdin_lines() if url == "-" else [url])]


def stdin_lines() -> Iterator[str]:
    """The lines of standard input, without blank lines and comments (`#`)."""
    for line in sys.stdin:
        if line.strip() and not line.startswith("#"):
            yield line.strip()


def parse_since(text: str | None, *, option: str = "--since") -> str | None:
    """The time that an option gives, as stored times are written; None if it is not given.

    An option gives a time (ISO 8601, UTC if it names no zone) or an age (`90m`, `2h`, `3d`).
    Raises UsageError for anything else.
    """
    if text is None:
        return None
    match = TIME_AGO.fullmatch(text.strip())
    try:
        if match:
            return to_text(now() - timedelta(**{TIME_AGO_UNITS[match[2]]: int(match[1])}))
        time = datetime.fromisoformat(text)
        return to_text(time if time.tzinfo else time.replace(tzinfo=UTC))
    except (ValueError, OverflowError) as error:
        raise UsageError(
            f"{option} {text}: give a time such as 2026-05-14T09:00Z, or an age such as 90m, 2h, 3d"
        ) from error


def parse_timetable(every: str | None, cron: str | None) -> str | None:
    """The timetable that `--every` or `--cron` gives, if any. Raises UsageError if it is invalid."""
    from schedules.cadence.timetable import TimetableError, valid_cron, valid_interval

    if every and cron:
        raise UsageError("--every and --cron exclude each other: give one of them")
    try:
        if every:
            return valid_interval(every)
        return valid_cron(cron) if cron else None
    except TimetableError as error:
        raise UsageError(str(error)) from error
