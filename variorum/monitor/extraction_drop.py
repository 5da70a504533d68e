"""Is extraction as good at a publisher as it was? Pure, from what its newest articles gave."""

import statistics
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

# The newest articles of a host are held against so many before them; fewer tell nothing.
NEWEST_ARTICLES, MAX_EARLIER_ARTICLES, MIN_EARLIER_ARTICLES = 20, 200, 20
# A body is taken to be cut where the newest are shorter by this factor at the median.
CUT_BODY_RATIO = 0.4
# A field is taken to be lost where it is filled less often by this share.
LOST_FIELD_SHARE = 0.5
MONITORED_FIELDS = ("dek", "byline", "published_at", "section")


def degraded_hosts(rows: Iterable[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """The hosts where extraction has fallen, and how; `rows` as `first_versions` gives them.

    >>> rows = [{"host": "a", "length": n, **dict.fromkeys(MONITORED_FIELDS, 1)} for n in [500] * 20 + [2000] * 60]
    >>> list(degraded_hosts(rows))
    [('a', 'bodies of the newest 20 articles are 500 characters long, 2000 before')]
    """
    for host, group in groupby(rows, key=lambda row: row["host"]):
        newest, earlier = _split(list(group))
        if len(newest) < NEWEST_ARTICLES or len(earlier) < MIN_EARLIER_ARTICLES:
            continue
        newest_value, earlier_value = (
            statistics.median(row["length"] for row in part) for part in (newest, earlier)
        )
        if newest_value < earlier_value * CUT_BODY_RATIO:
            lengths = f"{newest_value:.0f} characters long, {earlier_value:.0f} before"
            yield host, f"bodies of the newest {NEWEST_ARTICLES} articles are {lengths}"
        for name in MONITORED_FIELDS:
            newest_value, earlier_value = (
                sum(row[name] for row in part) / len(part) for part in (newest, earlier)
            )
            if newest_value < earlier_value - LOST_FIELD_SHARE:
                yield (
                    host,
                    f"{name} is filled in {newest_value:.0%} of the newest articles, {earlier_value:.0%} before",
                )


def _split(rows: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    return rows[:NEWEST_ARTICLES], rows[NEWEST_ARTICLES : NEWEST_ARTICLES + MAX_EARLIER_ARTICLES]
