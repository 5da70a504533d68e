"""Is extraction as good at a publisher as it was? Pure, from what its newest articles gave."""

import statistics
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

# The newest articles of a host are held against so many before them; fewer tell nothing.
NEWEST, BEFORE, LEAST = 20, 200, 20
# A body is taken to be cut where the newest are shorter by this factor at the median.
SHORTER = 0.4
# A field is taken to be lost where it is filled less often by this share.
LOST = 0.5
FIELDS = ("dek", "byline", "published_at", "section")


def fallen(rows: Iterable[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """The hosts where extraction has fallen, and how; `rows` as `first_versions` gives them.

    >>> rows = [{"host": "a", "length": n, **dict.fromkeys(FIELDS, 1)} for n in [500] * 20 + [2000] * 60]
    >>> list(fallen(rows))
    [('a', 'bodies of the newest 20 articles are 500 characters long, 2000 before')]
    """
    for host, its in groupby(rows, key=lambda row: row["host"]):
        newest, before = _split(list(its))
        if len(newest) < NEWEST or len(before) < LEAST:
            continue
        now, then = (statistics.median(row["length"] for row in part) for part in (newest, before))
        if now < then * SHORTER:
            told = f"{now:.0f} characters long, {then:.0f} before"
            yield host, f"bodies of the newest {NEWEST} articles are {told}"
        for name in FIELDS:
            now, then = (sum(row[name] for row in part) / len(part) for part in (newest, before))
            if now < then - LOST:
                yield (
                    host,
                    f"{name} is filled in {now:.0%} of the newest articles, {then:.0%} before",
                )


def _split(rows: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    return rows[:NEWEST], rows[NEWEST : NEWEST + BEFORE]
