"""Confidence intervals of counts, shares and medians. Pure; all limits are of 95 %."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

Z_95 = 1.959964


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure and its confidence limits; the value is None if there was nothing to count."""

    value: float | None
    low: float | None = None
    high: float | None = None


def share(part: int, total: int) -> Estimate:
    """A share with Wilson's score interval (1927), which holds for few cases and near 0 and 1.

    >>> estimate = share(3, 10)
    >>> estimate.value, round(estimate.low, 3), round(estimate.high, 3)
    (0.3, 0.108, 0.603)
    """
    if not total:
        return Estimate(None)
    p, n = part / total, total
    middle = (p + Z_95**2 / (2 * n)) / (1 + Z_95**2 / n)
    half = Z_95 * math.sqrt(p * (1 - p) / n + Z_95**2 / (4 * n**2)) / (1 + Z_95**2 / n)
    low = middle - half if part else 0.0
    return Estimate(p, max(0.0, low), min(1.0, middle + half) if part < total else 1.0)


def rate(certain: int, possible: int, units: float) -> Estimate:
    """Events per unit of time, if between `certain` and `possible` of them happened in `units` of time.

    The value counts each uncertain one as a half. The limits are Byar's approximation for a Poisson count
    (Breslow & Day 1987, 2.2): the lower limit of `certain`, the upper limit of `possible`.

    >>> estimate = rate(8, 12, 10)
    >>> estimate.value, round(estimate.low, 2), round(estimate.high, 2)
    (1.0, 0.34, 2.1)
    """
    if units <= 0:
        return Estimate(None)
    low = (
        certain * (1 - 1 / (9 * certain) - Z_95 / (3 * math.sqrt(certain))) ** 3 if certain else 0.0
    )
    above = possible + 1
    high = above * (1 - 1 / (9 * above) + Z_95 / (3 * math.sqrt(above))) ** 3
    return Estimate((certain + possible) / 2 / units, low / units, high / units)


@dataclass(frozen=True, slots=True)
class Median:
    """The median of times that are known only as spans: between which two values it lies, and its limits."""

    earliest: float | None
    latest: float | None
    low: float | None = None
    high: float | None = None


def median_between(spans: Sequence[tuple[float, float]]) -> Median:
    """The median time of events, each known only to lie in a span (begin, end).

    It lies between the median of the beginnings and that of the ends. The limits are order statistics, by
    the normal approximation of the binomial count: the lower one of the beginnings, the upper one of the
    ends. They are None if there are too few spans.

    >>> median_between([(0, 1), (1, 3), (2, 3), (4, 9), (5, 8)])
    Median(earliest=2, latest=3, low=None, high=None)
    """
    n = len(spans)
    if not n:
        return Median(None, None)
    begins = sorted(begin for begin, _ in spans)
    ends = sorted(end for _, end in spans)
    middle = (n - 1) // 2
    reach = math.ceil(Z_95 * math.sqrt(n) / 2)
    first, last = middle - reach, n // 2 + reach
    has_limits = first >= 0 and last < n
    return Median(
        begins[middle],
        ends[n // 2],
        begins[first] if has_limits else None,
        ends[last] if has_limits else None,
    )
