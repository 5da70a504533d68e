"""Articles whose edits are known to the second: read from real times, or made."""

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

from schedules.cadence.edit_rate import HORIZON, Baseline, baseline

TIMES = ("published_at", "edit_at", "seen_at", "prev_state_last_seen_at")
TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)")
# The publisher's own system writes a first "update" seconds after publication; it is no edit.
BIRTH = 1 / 60


@dataclass(frozen=True, slots=True)
class Life:
    """One article: its host, the ages in hours at which it was edited, and its true rate.

    `rate` is its own factor of the baseline and `bursts` say by how much an edit raises it;
    both are known of made articles only.
    """

    host: str
    edits: tuple[float, ...]
    rate: float = 0.0


def read_lives(path: Path) -> list[Life]:
    """The articles of an `edit_times.csv.gz`; raises ValueError where it holds none.

    An edit that was observed lies between two looks of the observer: in their middle, here.
    """
    try:
        with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
            rows = [row for row in csv.DictReader(file) if row["article_id"]]
    except (OSError, EOFError, zlib.error, KeyError) as error:
        raise ValueError(f"{path}: cannot be read ({error})") from error
    if not rows:
        raise ValueError(f"{path}: holds no edit times")
    rows.sort(key=lambda row: row["article_id"])
    lives = []
    for article_id, its in groupby(rows, key=lambda row: row["article_id"]):
        ages = _ages(list(its))
        if ages is not None:
            lives.append(Life(article_id.partition(":")[0], ages))
    return lives


def _ages(rows: list[dict[str, str]]) -> tuple[float, ...] | None:
    """The ages at which one article was edited; None where its birth is not known."""
    rows = [row for row in rows if _is_timed(row)]
    moments = sorted(_edited_at(row) for row in rows if row["kind"] != "observed_first")
    firsts = [_time(row["seen_at"]) for row in rows if row["kind"] == "observed_first"]
    births = [_time(row["published_at"]) for row in rows if row["published_at"]] or firsts
    if not births:
        return None
    ages = sorted((moment - min(births)) / 3600 for moment in moments)
    return tuple(dict.fromkeys(age for age in ages if BIRTH < age < HORIZON))


def _is_timed(row: dict[str, str]) -> bool:
    """Are its times such that they can be told apart: with a day and an offset?"""
    times = [row[name] for name in TIMES if row[name]]
    return bool(row["edit_at"] or row["seen_at"]) and all(TIME.fullmatch(time) for time in times)


def _edited_at(row: dict[str, str]) -> float:
    if row["edit_at"]:
        return _time(row["edit_at"])
    seen, before = _time(row["seen_at"]), row["prev_state_last_seen_at"]
    return (seen + _time(before)) / 2 if before else seen


def _time(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


@dataclass(frozen=True, slots=True)
class World:
    """How made articles are edited; the defaults give what is published about news edits.

    35 % of the articles are updated within a day, 1.94 times each; 88 % of the last edits come
    within a day; the counts are negative binomial with k about 0.43. `k` is the shape of the
    rates within a publisher, `spread` the deviation of the publishers' own (log) rates; an edit
    is followed by a further one with the chance `burst`, `burst_hours` later on average.
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
    def baseline(self) -> Baseline:
        return baseline(edits_a_day=self.edits_a_day, tau=self.tau, q=self.q)


def made_lives(world: World, count: int, seed: int) -> list[Life]:
    """So many articles of the world; the same seed gives the same ones."""
    dice = random.Random(seed)
    habits = [
        math.exp(dice.gauss(-(world.spread**2) / 2, world.spread)) for _ in range(world.hosts)
    ]
    lives = []
    for number in range(count):
        host = number % world.hosts
        rate = habits[host] * dice.gammavariate(world.k, 1 / world.k)
        edits = [edit for edit in _first_edits(world, rate, dice) if edit < HORIZON]
        for edit in edits:  # grows while it is walked: an edit's burst may burst again
            if dice.random() < world.burst:
                later = edit + dice.expovariate(1 / world.burst_hours)
                edits += [later] if later < HORIZON else []
        lives.append(Life(f"host{host}", tuple(sorted(edits)), rate))
    return lives


def _first_edits(world: World, rate: float, dice: random.Random) -> list[float]:
    """The edits of a Poisson process with the intensity rate·g, by its inverse mass."""
    edits, age = [], 0.0
    while rate > 0 and age < HORIZON:
        age = world.baseline.age_after(age, dice.expovariate(1.0) / rate)
        edits.append(age)
    return edits


def facts(lives: list[Life]) -> str:
    """What is published of real articles, as these have it."""
    within = [sum(edit <= 24 for edit in life.edits) for life in lives]
    updated = [count for count in within if count]
    lasts = [life.edits[-1] for life in lives if life.edits]
    mean = sum(within) / len(within)
    variance = sum((count - mean) ** 2 for count in within) / len(within)
    k = mean**2 / (variance - mean) if variance > mean else math.inf
    return (
        f"{len(lives)} articles: {len(updated) / len(lives):.1%} updated within 24 h,"
        f" {sum(updated) / max(len(updated), 1):.2f} updates each, {sum(last <= 24 for last in lasts) / max(len(lasts), 1):.0%}"
        f" of the last edits within a day, k {k:.2f}"
    )
