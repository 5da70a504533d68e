"""Validation of rows from outside, before they are written."""

import math

from scraper.errors import UrlError
from scraper.patterns import lazy_pattern
from scraper.urls import canonical_url, hostname
from storage.database import Row
from storage.timestamps import parse_timestamp
from storage.vocabulary import KINDS

INSTANT_TEXT = lazy_pattern(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?Z")
DAY_TEXT = lazy_pattern(r"\d{4}-\d\d-\d\d")
# Times of the publisher, of which only the day may be known.
DAY_OR_INSTANT_COLUMNS = ("published_at", "modified_at")
# The parameters of a gamma distribution, the posterior of the edit rate.
POSITIVE_COLUMNS = ("rate_shape", "rate_scale")
MAX_INTEGER = 2**63 - 1
# Columns that every row must have, even if the schema allows null: other rows or code need them.
REQUIRED_COLUMNS = {
    "articles": ("id", "url", "host", "first_seen_at"),
    "aliases": ("url",),
    "versions": ("id", "number", "headline", "body", "seen_at", "last_seen_at"),
    "fetches": ("id", "url", "fetched_at"),
    "edits": ("id", "from_version", "to_version", "field"),
    "exclusions": ("id", "kind", "text", "evidence"),
}


class RowError(ValueError):
    """A row is invalid. The text says why; the reader of the file adds where."""


def validated_row(table: str, row: Row, columns: dict[str, type]) -> Row:
    """The row itself. Raises RowError if a column is unknown or missing, or a value does not fit its column."""
    for name, value in row.items():
        if name not in columns:
            raise RowError(
                f"{table} has no column {name[:40]!r}: another version of Variorum wrote this file. Try `pip install -U variorum`"
            )
        if value is not None:
            _validate_value(name, value, columns[name])
    missing = [name for name in REQUIRED_COLUMNS[table] if row.get(name) is None]
    if missing:
        raise RowError(f"a row of {table} lacks {', '.join(missing)}")
    if table == "edits" and row.get("kind") not in KINDS:
        raise RowError(f"{str(row.get('kind'))[:40]!r} is not a kind of edit")
    if table == "articles" and row["host"] != hostname(row["url"]):
        raise RowError(f"the host of {row['url']} is not {row['host']!r}")
    return row


def _validate_value(name: str, value: object, kind: type) -> None:
    if kind is str:
        _validate_text(name, value)
    elif isinstance(value, bool) or not isinstance(value, int if kind is int else (int, float)):
        raise RowError(f"{name} must be a number")
    elif name in POSITIVE_COLUMNS and not value > 0:
        raise RowError(f"{name} must be more than 0")
    elif abs(value) > MAX_INTEGER or not math.isfinite(value):
        raise RowError(f"{name} is out of range")


def _validate_text(name: str, value: object) -> None:
    if not isinstance(value, str):
        raise RowError(f"{name} must be a string")
    try:
        value.encode("utf-8")
    except UnicodeEncodeError as error:
        raise RowError(f"{name} has half a character (a lone surrogate)") from error
    if name == "url":
        _validate_url(value)
    elif name.endswith("_at") or name == "since":
        validate_time(name, value)


def _validate_url(url: str) -> None:
    try:
        canonical = canonical_url(url)
    except UrlError as error:
        raise RowError(str(error)) from error
    if canonical != url:
        raise RowError(f"{url[:200]} is not a canonical URL; it should be {canonical[:200]}")


def validate_time(name: str, text: str) -> None:
    """Raises RowError if a text is not a time as the database writes it in the column `name`."""
    is_day = name in DAY_OR_INSTANT_COLUMNS and DAY_TEXT.fullmatch(text)
    try:
        if not is_day and not INSTANT_TEXT.fullmatch(text):
            raise ValueError("not in the format of the database")
        parse_timestamp(text)
    except ValueError as error:
        raise RowError(
            f"{name} is not a time such as 2026-05-14T09:00:00Z: {text[:40]!r}"
        ) from error
