"""What a row from outside must be before it may be written."""

import math
import re
from typing import Any

from scraper.errors import UrlError
from scraper.urls import canonical_url, hostname
from storage.timestamps import parse_timestamp
from storage.vocabulary import KINDS

Row = dict[str, Any]

INSTANT_TEXT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?Z")
DAY_TEXT = re.compile(r"\d{4}-\d\d-\d\d")
# A publisher's own time may be known to the day only.
DAY_OR_INSTANT_COLUMNS = ("published_at", "modified_at")
# What is believed of how much an article is edited is a distribution over positive numbers.
POSITIVE_COLUMNS = ("rate_shape", "rate_scale")
MAX_INTEGER = 2**63 - 1
# Columns that must be there whatever the schema says: other rows refer to them.
REQUIRED_COLUMNS = {
    "articles": ("id", "url", "host", "first_seen_at"),
    "aliases": ("url",),
    "versions": ("id", "number", "headline", "body", "seen_at", "last_seen_at"),
    "fetches": ("id", "url", "fetched_at"),
    "edits": ("id", "from_version", "to_version"),
    "exclusions": ("id",),
}


class RowError(ValueError):
    """Says what is wrong with a row; who reads the file says where it stands."""


def validated_row(table: str, row: Row, columns: dict[str, type]) -> Row:
    """The row, if each value may stand in its column; raises RowError."""
    for name, value in row.items():
        if name not in columns:
            raise RowError(
                f"{table} has no column {name[:40]!r}; a newer Variorum's file needs `pip install -U variorum`"
            )
        if value is not None:
            _validate_value(name, value, columns[name])
    missing = [name for name in REQUIRED_COLUMNS[table] if row.get(name) is None]
    if missing:
        raise RowError(f"a row of {table} without {', '.join(missing)}")
    if table == "edits" and row.get("kind") not in KINDS:
        raise RowError(f"{str(row.get('kind'))[:40]!r} is no kind of edit")
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
        raise RowError(f"{name} must be a text")
    try:
        value.encode("utf-8")
    except UnicodeEncodeError as error:
        raise RowError(f"{name} holds half a character (a lone surrogate)") from error
    if name == "url":
        _validate_url(value)
    elif name.endswith("_at") or name == "since":
        _validate_time(name, value)


def _validate_url(url: str) -> None:
    try:
        canonical = canonical_url(url)
    except UrlError as error:
        raise RowError(str(error)) from error
    if canonical != url:
        raise RowError(
            f"{url[:200]} is not as Variorum writes addresses; it would be {canonical[:200]}"
        )


def _validate_time(name: str, text: str) -> None:
    is_day = name in DAY_OR_INSTANT_COLUMNS and DAY_TEXT.fullmatch(text)
    try:
        if not is_day and not INSTANT_TEXT.fullmatch(text):
            raise ValueError("not as Variorum writes times")
        parse_timestamp(text)
    except ValueError as error:
        raise RowError(f"{name} is no time: {text[:40]!r}; 2026-05-14T09:00:00Z is one") from error
