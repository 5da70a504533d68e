"""Is extraction at a publisher as good as before? Its newest articles decide; all functions are pure."""

import statistics
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from storage.vocabulary import OPTIONAL_FIELDS

# The newest articles of a host are compared with those before them. Fewer prove nothing.
NEWEST_ARTICLES, MAX_EARLIER_ARTICLES, MIN_EARLIER_ARTICLES = 20, 200, 20
# Bodies count as cut if the median length falls below this share of the earlier one.
CUT_BODY_RATIO = 0.4
# A field counts as lost if the share of articles that have it falls by more than this.
LOST_FIELD_SHARE = 0.5


def degraded_hosts(rows: Iterable[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """The hosts where extraction has become worse, with a description; `rows` come from `first_versions`.

    >>> rows = [{"host": "a", "length": n, **dict.fromkeys(OPTIONAL_FIELDS, 1)} for n in [500] * 20 + [2000] * 60]
    >>> list(degraded_hosts(rows))
    [('a', 'the newest 20 articles have bodies of 500 characters, earlier ones of 2000')]
    """
    for host, group in groupby(rows, key=lambda row: row["host"]):
        newest, earlier = _split(list(group))
        if len(newest) < NEWEST_ARTICLES or len(earlier) < MIN_EARLIER_ARTICLES:
            continue
        newest_value, earlier_value = (
            statistics.median(row["length"] for row in part) for part in (newest, earlier)
        )
        if newest_value < earlier_value * CUT_BODY_RATIO:
            lengths = f"{newest_value:.0f} characters, earlier ones of {earlier_value:.0f}"
            yield host, f"the newest {NEWEST_ARTICLES} articles have bodies of {lengths}"
        for name in OPTIONAL_FIELDS:
            newest_value, earlier_value = (
                sum(row[name] for row in part) / len(part) for part in (newest, earlier)
            )
            if newest_value < earlier_value - LOST_FIELD_SHARE:
                yield (
                    host,
                    f"{name} is present in {newest_value:.0%} of the newest articles, before in {earlier_value:.0%}",
                )


def _split(rows: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    return rows[:NEWEST_ARTICLES], rows[NEWEST_ARTICLES : NEWEST_ARTICLES + MAX_EARLIER_ARTICLES]
