"""What the database of a world says, beside what the site really did."""

import re
import statistics
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.wrong.site import STORY_PATH, Scene
from benchmarks.wrong.stories import RealEdit, Story
from benchmarks.wrong.world import World
from storage.database import Database, open_existing
from storage.timestamps import parse_instant

ARTICLE_THERE = frozenset({"unchanged", "not_modified", "edited", "technical", "moved", "restored"})
SPACE = re.compile(r"\s+")
# A replaced text must be logged within this, and an article be gone within twice as long.
MAX_HOURS_UNTOLD = 26.0


@dataclass(frozen=True, slots=True)
class Row:
    """A logged edit: of which article and version, when, and what."""

    number: int
    version: int
    at: float
    field: str
    old: str
    new: str


@dataclass(slots=True)
class Verdict:
    """What was right and wrong in one world."""

    checks: int = 0
    false_rows: list[Row] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    extra_versions: int = 0
    wrong_states: list[str] = field(default_factory=list)
    hours_back: list[float] = field(default_factory=list)
    outcomes: Counter[str] = field(default_factory=Counter)
    true_rows: int = 0

    @property
    def is_clean(self) -> bool:
        """Whether nothing false was logged, nothing missed, and no article lost."""
        return not (self.false_rows or self.missed or self.extra_versions or self.wrong_states)

    @property
    def median_back(self) -> float:
        """The hours from the end of the wrong answers to the first good check, at the median."""
        return statistics.median(self.hours_back) if self.hours_back else 0.0


@dataclass(slots=True)
class Ledger:
    """Which real edits the rows of one article have told."""

    story: Story
    told: dict[int, float] = field(default_factory=dict)
    rows: set[tuple[str, str, str]] = field(default_factory=set)
    fate_told: bool = False

    def explains(self, row: Row, scene: Scene, max_delay: float | None = None) -> bool:
        """Whether a real edit explains the row; each row counts once."""
        key = (row.field, row.old, row.new)
        if key in self.rows:
            return False
        is_explained = (
            self._by_fate(row) if self.story.fate else self._by_edit(row, scene, max_delay)
        )
        if is_explained:
            self.rows.add(key)
        return is_explained

    def _by_edit(self, row: Row, scene: Scene, max_delay: float | None) -> bool:
        for place, edit in enumerate(self.story.edits):
            if edit.at <= row.at and _is_part_of(row, edit, scene):
                if max_delay is None or row.at - edit.at <= max_delay:
                    self.told.setdefault(place, row.at)
                return True
        return False

    def _by_fate(self, row: Row) -> bool:
        """A replaced text is one row, a rewritten one any number that quote it."""
        fate, story = self.story.fate, self.story
        if fate is None or fate.kind == "gone" or row.at < fate.at:
            return False
        is_first = not self.fate_told
        if row.at - fate.at <= MAX_HOURS_UNTOLD:
            self.fate_told = True
        if fate.kind == "replaced":
            return is_first
        old, new = (plain(" ".join(text.bodies())) for text in (story.first, story.other))
        return row.field == "body" and row.old in old and row.new in new

    def untold(self) -> list[str]:
        """The real edits that no row tells."""
        fate = self.story.fate
        if fate is not None and fate.kind != "gone" and not self.fate_told:
            return [f"{self.story.number}: {fate.kind} at {fate.at:.1f} h"]
        return [
            f"{self.story.number}: {edit.field} at {edit.at:.1f} h: {edit.old!r} → {edit.new!r}"
            for place, edit in enumerate(self.story.edits)
            if place not in self.told
        ]


def plain(text: str | None) -> str:
    """A text with single spaces."""
    return SPACE.sub(" ", text or "").strip()


def _is_part_of(row: Row, edit: RealEdit, scene: Scene) -> bool:
    if row.field == "modified_at":
        stamp = datetime.fromisoformat(scene.frame.stamp(edit.at))
        return row.new != "" and parse_instant(row.new) == stamp
    if row.field != edit.field:
        return False
    return row.old in plain(edit.old) and row.new in plain(edit.new)


def judge(world: World, scene: Scene, path: Path) -> Verdict:
    """Compare the database of a world with what its site did."""
    db = open_existing(path)
    verdict = Verdict()
    ledgers = {number: Ledger(story) for number, story in scene.stories.items()}
    explained_versions = set()
    for row in _rows(db, scene):
        if ledgers[row.number].explains(row, scene, world.max_delay_hours):
            verdict.true_rows += 1
            explained_versions.add((row.number, row.version))
        else:
            verdict.false_rows.append(row)
    verdict.missed = [line for ledger in ledgers.values() for line in ledger.untold()]
    versions = db.query("select a.url, v.number from versions v join articles a on a.id = v.article_id where v.number > 1 and not v.technical")  # fmt: skip
    verdict.extra_versions = sum(
        (_number(row["url"]), row["number"]) not in explained_versions for row in versions
    )
    _judge_checks(world, scene, db, verdict)
    verdict.wrong_states = list(_wrong_states(world, scene, db))
    db.close()
    return verdict


def _number(url: str) -> int:
    match = STORY_PATH.search(url)
    return int(match[1]) if match else 0


def _rows(db: Database, scene: Scene) -> Iterable[Row]:
    for row in db.query("select * from edit_log order by id"):
        number = _number(row["url"])
        at = _hour(row["seen_at"], scene)
        yield Row(number, row["to_version"], at, row["field"], plain(row["old"]), plain(row["new"]))


def _hour(text: str, scene: Scene) -> float:
    at = parse_instant(text)
    assert at is not None
    return (at - scene.frame.started_at) / timedelta(hours=1)


def _judge_checks(world: World, scene: Scene, db: Database, verdict: Verdict) -> None:
    """Count the checks, their outcomes while the site was wrong, and the hours back to normal."""
    back: dict[int, float] = {}
    for row in db.query("select f.*, a.url as article from fetches f join articles a on a.id = f.article_id where f.confirms is null order by f.id"):  # fmt: skip
        hour, number = _hour(row["fetched_at"], scene), _number(row["article"])
        verdict.checks += 1
        if world.is_wrong_at(hour):
            verdict.outcomes[row["outcome"]] += 1
        elif hour >= world.wrong_until and row["outcome"] in ARTICLE_THERE:
            back.setdefault(number, hour - world.wrong_until)
    verdict.hours_back = sorted(back.values())


def _wrong_states(world: World, scene: Scene, db: Database) -> Iterable[str]:
    """Articles that are lost, doubled, wrongly gone or not gone, or that end with another text."""
    rows: dict[int, list[dict[str, Any]]] = {}
    for row in db.query("select a.*, v.body from articles a left join versions v on v.article_id = a.id and v.number = a.latest_version where a.latest_version is not null"):  # fmt: skip
        rows.setdefault(_number(row["url"]), []).append(row)
    gone_at = {
        _number(row["url"]): _hour(row["at"], scene)
        for row in db.query(
            "select a.url, min(f.fetched_at) as at from fetches f join articles a on a.id = f.article_id where f.outcome = 'gone' group by a.id"
        )
    }
    for number, story in scene.stories.items():
        entries = rows.get(number, [])
        if len(entries) != 1:
            yield f"{number} is {len(entries)} articles"
            continue
        yield from _wrong_state(story, entries[0], gone_at.get(number), world)


def _wrong_state(
    story: Story, entry: dict[str, Any], gone_at: float | None, world: World
) -> Iterable[str]:
    fate = story.fate
    if fate is None or fate.kind != "gone":
        if gone_at is not None:
            yield f"{story.number} was gone at {gone_at:.1f} h"
    elif gone_at is None or not fate.at <= gone_at <= fate.at + 2 * MAX_HOURS_UNTOLD:
        yield f"{story.number} was to be gone from {fate.at:.1f} h on, not {gone_at}"
    is_gone = story.is_gone(world.ends_at)
    if (entry["state"] == "gone") is not is_gone:
        yield f"{story.number} ends as {entry['state']}"
    body = plain(entry["body"])
    lost = [line for line in story.text(world.ends_at).bodies() if plain(line) not in body]
    if lost and not is_gone:
        yield f"{story.number} ends without {lost[0][:60]!r}"
