"""What the database of a world says, beside what the site really did."""

import statistics
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from benchmarks.wrong.records import CheckRow, Entry, Records, Row, plain, read_records, squeezed
from benchmarks.wrong.site import Scene
from benchmarks.wrong.stories import FOREVER, RealEdit, Story
from benchmarks.wrong.worlds import World
from storage.database import open_existing
from storage.timestamps import parse_instant

ARTICLE_THERE = frozenset({"unchanged", "not_modified", "edited", "technical", "moved", "restored"})
# A replaced text must be logged within this, and an article be gone within twice as long.
MAX_HOURS_UNTOLD = 26.0
# An article whose last wrong check was followed by none for so long after the end is blind.
MAX_HOURS_BLIND = 36.0


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
        if fate.kind in ("replaced", "refilled"):
            return is_first
        if row.field == "modified_at":
            return True
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


def _is_part_of(row: Row, edit: RealEdit, scene: Scene) -> bool:
    if row.field == "modified_at":
        stamp = datetime.fromisoformat(scene.frame.stamp(edit.at))
        return row.new != "" and parse_instant(row.new) == stamp
    if row.field != edit.field:
        return False
    return squeezed(row.old) in squeezed(edit.old) and squeezed(row.new) in squeezed(edit.new)


def judge(world: World, scene: Scene, path: Path) -> Verdict:
    """Compare the database of a world with what its site did."""
    db = open_existing(path)
    records, verdict = read_records(db, scene), Verdict()
    _judge_rows(world, records, verdict)
    _judge_checks(world, records, verdict)
    db.close()
    return verdict


def _judge_rows(world: World, records: Records, verdict: Verdict) -> None:
    """Enter the rows that no real edit explains, the edits that no row tells, and the versions too many."""
    scene = records.scene
    ledgers = {number: Ledger(story) for number, story in scene.stories.items()}
    explained_versions = set()
    for row in records.edits():
        ledger = ledgers.get(row.number)
        if ledger and ledger.explains(row, scene, world.max_delay_hours):
            verdict.true_rows += 1
            explained_versions.add((row.number, row.version))
        else:
            verdict.false_rows.append(row)
    verdict.missed = [line for ledger in ledgers.values() for line in ledger.untold()]
    versions = list(records.later_versions())
    verdict.extra_versions = sum(version not in explained_versions for version in versions)


def _judge_checks(world: World, records: Records, verdict: Verdict) -> None:
    """Enter the checks, their outcomes while the site was wrong, the hours back, and wrong states."""
    back: dict[int, float] = {}
    checks: dict[int, list[CheckRow]] = defaultdict(list)
    for check in records.checks():
        checks[check.number].append(check)
        if world.is_wrong_at(check.at):
            verdict.outcomes[check.outcome] += 1
        if check.at >= world.wrong_until and check.outcome in ARTICLE_THERE:
            back.setdefault(check.number, check.at - world.wrong_until)
    verdict.checks = sum(len(rows) for rows in checks.values())
    verdict.hours_back = sorted(back.values())
    entries: dict[int, list[Entry]] = defaultdict(list)
    for entry in records.entries():
        entries[entry.number].append(entry)
    for number, story in records.scene.stories.items():
        if len(entries[number]) != 1:
            verdict.wrong_states.append(f"{number} is {len(entries[number])} articles")
            continue
        faults = _state_faults(story, entries[number][0], checks[number], world)
        verdict.wrong_states += [f"{number} {fault}" for fault in faults]
        is_late = back.get(number, FOREVER) > MAX_HOURS_BLIND
        if story.fate is None and is_late and _failed_at_last(checks[number], world):
            verdict.wrong_states.append(f"{number} was left alone for {MAX_HOURS_BLIND:.0f} h")


def _failed_at_last(checks: list[CheckRow], world: World) -> bool:
    """Whether the last check while the site was wrong showed no article."""
    outcomes = [check.outcome for check in checks if check.at < world.wrong_until]
    return bool(outcomes) and outcomes[-1] not in ARTICLE_THERE | {"new"}


def _state_faults(
    story: Story, entry: Entry, checks: list[CheckRow], world: World
) -> Iterator[str]:
    """What is wrong with an article: gone or not, back or not, and its text at the end."""
    gone_at = next((check.at for check in checks if check.outcome == "gone"), None)
    fate = story.fate
    if fate is None or fate.kind != "gone":
        if gone_at is not None:
            yield f"was gone at {gone_at:.1f} h"
    else:
        if gone_at is None or not fate.at <= gone_at <= fate.at + 2 * MAX_HOURS_UNTOLD:
            yield f"was to be gone from {fate.at:.1f} h on, and was so at {gone_at}"
        is_back = any(check.outcome == "restored" for check in checks)
        if is_back is not (fate.until < world.ends_at):
            yield "was restored" if is_back else "was never restored"
    is_gone = story.is_gone(world.ends_at)
    if (entry.state == "gone") is not is_gone:
        yield f"ends as {entry.state}"
    lines = story.text(world.ends_at).bodies()
    lost = [line for line in lines if squeezed(line) not in squeezed(entry.body)]
    if lost and not is_gone:
        yield f"ends without {lost[0][:60]!r}"
