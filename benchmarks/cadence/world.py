"""Articles with the exact times of their edits, read from a file or simulated."""

import csv
import gzip
import math
import random
import re
import zlib
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from pathlib import Path

from schedules.cadence.edit_rate import HORIZON_HOURS, Decay, decay

TIME_COLUMNS = ("published_at", "edit_at", "seen_at", "prev_state_last_seen_at")
ISO_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)")
# A publisher's own system writes a first "update" seconds after publication, which is no edit.
MIN_EDIT_AGE_HOURS = 1 / 60


@dataclass(frozen=True, slots=True)
class EditHistory:
    """One article: its host, the ages in hours at which it was edited, and its true rate.

    `rate` is its own factor of the decay, 0 for a real article, whose rate is unknown.
    """

    host: str
    edits: tuple[float, ...]
    rate: float = 0.0


def read_histories(path: Path) -> list[EditHistory]:
    """The articles of an `edit_times.csv.gz`. Raises ValueError if it has none or cannot be read.

    An observed edit happened between two visits of the observer; here, halfway between them.
    """
    try:
        with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
            rows = [row for row in csv.DictReader(file) if row["article_id"]]
    except (OSError, EOFError, zlib.error, KeyError) as error:
        raise ValueError(f"{path}: cannot be read ({error})") from error
    if not rows:
        raise ValueError(f"{path}: holds no edit times")
    rows.sort(key=lambda row: row["article_id"])
    histories = []
    for article_id, article_rows in groupby(rows, key=lambda row: row["article_id"]):
        ages = _ages(list(article_rows))
        if ages is not None:
            histories.append(EditHistory(article_id.partition(":")[0], ages))
    return histories


def _ages(rows: list[dict[str, str]]) -> tuple[float, ...] | None:
    """The ages in hours at which one article was edited, None if its publication is unknown."""
    rows = [row for row in rows if _has_exact_times(row)]
    edited_at = sorted(_edited_at(row) for row in rows if row["kind"] != "observed_first")
    first_seen_at = [_time(row["seen_at"]) for row in rows if row["kind"] == "observed_first"]
    born_at = [_time(row["published_at"]) for row in rows if row["published_at"]] or first_seen_at
    if not born_at:
        return None
    ages = sorted((edit_time - min(born_at)) / 3600 for edit_time in edited_at)
    return tuple(dict.fromkeys(age for age in ages if MIN_EDIT_AGE_HOURS < age < HORIZON_HOURS))


def _has_exact_times(row: dict[str, str]) -> bool:
    """Whether all times of a row have a date, a time of day and a UTC offset."""
    times = [row[name] for name in TIME_COLUMNS if row[name]]
    return bool(row["edit_at"] or row["seen_at"]) and all(
        ISO_TIME.fullmatch(time) for time in times
    )


def _edited_at(row: dict[str, str]) -> float:
    if row["edit_at"]:
        return _time(row["edit_at"])
    seen_at, previous_seen_at = _time(row["seen_at"]), row["prev_state_last_seen_at"]
    return (seen_at + _time(previous_seen_at)) / 2 if previous_seen_at else seen_at


def _time(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


@dataclass(frozen=True, slots=True)
class EditWorld:
    """How simulated articles are edited. The defaults reproduce published figures about news edits.

    Of all articles 35 % are updated within a day, 1.94 times each; 88 % of the last edits come
    within a day; the counts are negative binomial with k about 0.43. `k` is the shape of the rates
    within a publisher, and `spread` the deviation of the publishers' log rates. With the chance
    `burst` another edit follows an edit, `burst_hours` later on average.
    """

    edits_a_day: float = 0.6
    tau: float = 1.0
    q: float = 1.8
    k: float = 0.66
    spread: float = 0.35
    burst: float = 0.1
    burst_hours: float = 0.4
    hosts: int = 40

    @property
    def decay(self) -> Decay:
        return decay(edits_a_day=self.edits_a_day, tau=self.tau, q=self.q)


def simulate_histories(world: EditWorld, count: int, seed: int) -> list[EditHistory]:
    """`count` articles of the world; the same seed gives the same articles."""
    rng = random.Random(seed)
    host_rates = [
        math.exp(rng.gauss(-(world.spread**2) / 2, world.spread)) for _ in range(world.hosts)
    ]
    histories = []
    for number in range(count):
        host = number % world.hosts
        rate = host_rates[host] * rng.gammavariate(world.k, 1 / world.k)
        edits = [edit for edit in _first_edits(world, rate, rng) if edit < HORIZON_HOURS]
        for edit in edits:  # the list grows in the loop: a burst may cause another one
            if rng.random() < world.burst:
                next_edit = edit + rng.expovariate(1 / world.burst_hours)
                edits += [next_edit] if next_edit < HORIZON_HOURS else []
        histories.append(EditHistory(f"host{host}", tuple(sorted(edits)), rate))
    return histories


def _first_edits(world: EditWorld, rate: float, rng: random.Random) -> list[float]:
    """The edits of a Poisson process whose intensity is the rate times the decay."""
    edits, age = [], 0.0
    while rate > 0 and age < HORIZON_HOURS:
        age = world.decay.age_after(age, rng.expovariate(1.0) / rate)
        edits.append(age)
    return edits


def summary_line(histories: list[EditHistory]) -> str:
    """The figures that are published of real articles, computed for these."""
    first_day_counts = [sum(edit <= 24 for edit in history.edits) for history in histories]
    updated_counts = [count for count in first_day_counts if count]
    last_edits = [history.edits[-1] for history in histories if history.edits]
    mean = sum(first_day_counts) / len(first_day_counts)
    variance = sum((count - mean) ** 2 for count in first_day_counts) / len(first_day_counts)
    k = mean**2 / (variance - mean) if variance > mean else math.inf
    return (
        f"{len(histories)} articles: {len(updated_counts) / len(histories):.1%} updated within 24 h,"
        f" {sum(updated_counts) / max(len(updated_counts), 1):.2f} updates each, {sum(last <= 24 for last in last_edits) / max(len(last_edits), 1):.0%}"
        f" of the last edits within a day, k {k:.2f}"
    )
