"""The program watches a world: its runner decides when to check, on a made clock."""

import json
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.support.paths import ROOT
from benchmarks.wrong.markup import Frame
from benchmarks.wrong.replies.answers import WireAnswer
from benchmarks.wrong.replies.intruders import front_page
from benchmarks.wrong.site import MadeClock, Reply, Scene, Visit, serving_scene
from benchmarks.wrong.stories import Story, with_fate, write_stories
from benchmarks.wrong.worlds import World
from schedules.cadence.budget import Budget, update_check_rate
from schedules.daemon.runner import Runner
from schedules.hosts.network import Network
from schedules.hosts.politeness import Hosts
from scraper.fetch import Fetcher
from storage.articles.watch import watch_article
from storage.database import open_database
from storage.timestamps import parse_instant

NEXT_DUE = "select min(next_check_at) from articles where state not in ('paused')"
# The doctor looks this long before the site is good again.
DOCTOR_BEFORE_END = 0.2
# How far the clock moves when something is due and its host waits.
IDLE_STEP = timedelta(minutes=1)
HOST_DELAY = timedelta(seconds=1)


@contextmanager
def opened_scene(world: World, articles: int, seed: int) -> Iterator[Scene]:
    """The site of a world on loopback while the block runs.

    The doctor reads the time of the machine. So the run begins in the past, by as many hours as pass
    until the doctor looks.
    """
    started_at = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=doctor_hour(world))
    stories = write_stories(world.lang, articles, seed, world.edit_spans())
    fated = [
        replace(story, edits=())
        if world.is_late(place)
        else with_fate(story, world.fate(place), seed)
        for place, story in enumerate(stories)
    ]
    scenes: list[Scene] = []
    with serving_scene(lambda path, headers: scenes[0].answer(path, headers)) as base:
        frame = Frame(
            world.lang,
            base,
            world.style,
            frozenset(world.head.split()),
            started_at,
            world.canonical,
        )
        by_number = {story.number: story for story in fated}
        scenes.append(Scene(frame, by_number, MadeClock(started_at), _reply(world), front_page))
        yield scenes[0]


def doctor_hour(world: World) -> float:
    """The hour at which the doctor looks: shortly before the site is good again."""
    return world.wrong_until - min(DOCTOR_BEFORE_END, world.wrong_hours / 2)


async def watch_world(world: World, scene: Scene, path: Path) -> list[dict[str, Any]]:
    """Watch every article from the first hour to the last; gives what the doctor said meanwhile."""
    clock = scene.clock
    db = open_database(path)
    async with Fetcher() as fetcher:
        network = Network(fetcher, Hosts(clock.now, HOST_DELAY, clock.sleep), clock.now, db)
        runner = Runner(db, network, 1, lambda checked: None)
        added = _additions(world, scene)
        findings: list[dict[str, Any]] = []
        for hour in sorted({doctor_hour(world), world.ends_at, *added}):
            await _run_until(runner, scene, hour)
            for url in added.get(hour, ()):
                watch_article(db, url, at=clock.now())
            if hour == doctor_hour(world):
                findings = _doctor(path)
    db.close()
    return findings


def _reply(world: World) -> Reply:
    def reply(scene: Scene, story: Story, visit: Visit) -> WireAnswer:
        if world.is_wrong_at(scene.hours):
            return world.wrong(scene, story, visit)
        return scene.good(story)

    return reply


def _additions(world: World, scene: Scene) -> dict[float, list[str]]:
    """The addresses that are added to what is watched, by the hour."""
    added: dict[float, list[str]] = defaultdict(list)
    for place, story in enumerate(scene.ordered()):
        first_at = world.late_from if world.late_from and world.is_late(place) else 0.0
        for hour, pattern in ((first_at, world.first_path), *world.copies):
            added[hour].append(scene.frame.base + pattern.format(number=story.number))
    return added


async def _run_until(runner: Runner, scene: Scene, hour: float) -> None:
    """Check what is due, whenever it is due, until this hour."""
    clock, end = scene.clock, scene.frame.started_at + timedelta(hours=hour)
    while clock.time < end:
        due = parse_instant(runner.db.execute(NEXT_DUE).fetchone()[0])
        if due is None or due >= end:
            clock.time = end
            return
        clock.time = max(clock.time, due)
        check_rate = update_check_rate(runner.db, Budget(), now=clock.now())
        runner.settings = replace(runner.settings, check_rate=check_rate)
        checks = runner.checks
        await runner.until_idle()
        if runner.checks == checks:
            clock.time += IDLE_STEP


def _doctor(path: Path) -> list[dict[str, Any]]:
    """What `variorum doctor` finds."""
    command = [sys.executable, "-m", "variorum.cli", "--db", str(path), "doctor", "--json"]
    process = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=60)
    if process.returncode not in (0, 1):
        raise RuntimeError(f"variorum doctor ended with {process.returncode}:\n{process.stderr}")
    return [json.loads(line) for line in process.stdout.splitlines()]
