"""Does a wrong page become an edit? Sites that serve the wrong page for some hours, then the right one.

Each world is a site of invented articles on loopback. Variorum watches them on a made clock and
decides itself when to check. The site serves the home page everywhere, a maintenance notice, half
pages, 404s …, and edits some articles before, meanwhile and afterwards.

    python -m benchmarks wrong-pages
    python -m benchmarks wrong-pages --world home --world half-60 --verbose
    python -m benchmarks wrong-pages --gate
"""

import argparse
import asyncio
import tempfile
import time
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.wrong.judge import Verdict, judge
from benchmarks.wrong.peer import peer_false_rows
from benchmarks.wrong.watching import opened_scene, watch_world
from benchmarks.wrong.worlds import WORLDS

MAX_LISTED = 12
HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class WorldResult:
    """What came of a world: the verdict, the peer's false rows, the doctor's findings, the seconds."""

    name: str
    verdict: Verdict
    peer_rows: int | None
    doctor: list[dict[str, Any]]
    seconds: float

    def diagnosis(self) -> str:
        """What the doctor said of the host and of the checks, in one line; "fine" marks what is not wrong."""
        lines = [
            finding["finding"] if finding["wrong"] else f"fine: {finding['finding']}"
            for finding in self.doctor
            if finding["wrong"] or finding["check"] == HOST
        ]
        return "; ".join(lines) or "nothing"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `wrong-pages`."""
    parser.add_argument(
        "--world", action="append", choices=[world.name for world in WORLDS], metavar="NAME",
        help="only this world; may be repeated",
    )  # fmt: skip
    parser.add_argument("--articles", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2, help="worlds at the same time")
    parser.add_argument("--no-peer", action="store_true", help="do not ask the peer")
    parser.add_argument("--verbose", action="store_true", help="list every fault")
    parser.add_argument("--gate", action="store_true", help="exit 1 unless every world is clean")


def main(options: argparse.Namespace) -> int:
    """Run the worlds and print the table; with --gate, return 1 if a world is not clean."""
    worlds = [world for world in WORLDS if not options.world or world.name in options.world]
    run = partial(run_world, articles=options.articles, seed=options.seed, peer=not options.no_peer)  # fmt: skip
    print(f"{len(worlds)} worlds of {options.articles} articles, seed {options.seed}\n")
    print(HEADER)
    results = []
    with ProcessPoolExecutor(options.jobs) as pool:
        for result in pool.map(run, [world.name for world in worlds]):
            results.append(result)
            print_world(result, verbose=options.verbose)
    print_totals(results)
    return int(options.gate and not all(result.verdict.is_clean for result in results))


def run_world(name: str, *, articles: int, seed: int, peer: bool = True) -> WorldResult:
    """Run one world in a database of its own."""
    world = next(world for world in WORLDS if world.name == name)
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "wrong.db"
        with opened_scene(world, articles, seed) as scene:
            doctor = asyncio.run(watch_world(world, scene, path))
        verdict = judge(world, scene, path)
    peer_rows = peer_false_rows(scene) if peer else None
    return WorldResult(name, verdict, peer_rows, doctor, time.monotonic() - started)


HEADER = (
    f"{'world':22} {'checks':>6} {'false':>6} {'extra':>6} {'missed':>6} {'states':>6} {'back':>12} {'peer':>6} {'s':>4}"
    "\n" + " " * 23 + "checks; false rows; versions too many; real edits missed; articles lost, doubled or wrongly gone;"
    "\n" + " " * 23 + "hours back to normal, median and last; false rows of the peer; seconds of the run\n"
)  # fmt: skip


def print_world(result: WorldResult, *, verbose: bool) -> None:
    """Print the line of a world, and with `verbose` its faults."""
    verdict = result.verdict
    back = f"{verdict.median_back:.1f} {max(verdict.hours_back, default=0):.1f}"
    peer = "" if result.peer_rows is None else str(result.peer_rows)
    print(
        f"{result.name:22} {verdict.checks:6} {len(verdict.false_rows):6} {verdict.extra_versions:6}"
        f" {len(verdict.missed):6} {len(verdict.wrong_states):6} {back:>12} {peer:>6} {result.seconds:4.0f}"
        f"  doctor: {result.diagnosis()[:110]}",
        flush=True,
    )
    if not verbose:
        return
    print(
        f"    outcomes while wrong: {dict(verdict.outcomes)}; rows explained: {verdict.true_rows}"
    )
    rows = [
        f"false  {row.number} at {row.at:.1f} h {row.field}: {row.old[:60]!r} → {row.new[:60]!r}"
        for row in verdict.false_rows
    ]
    _print_some(rows)
    _print_some([f"missed {line}" for line in verdict.missed])
    _print_some([f"state  {line}" for line in verdict.wrong_states])


def _print_some(lines: list[str]) -> None:
    for line in lines[:MAX_LISTED]:
        print(f"    {line}")
    if len(lines) > MAX_LISTED:
        print(f"    … and {len(lines) - MAX_LISTED} more")


def print_totals(results: Iterable[WorldResult]) -> None:
    """Print the sums over all worlds."""
    verdicts = [result.verdict for result in results]
    rows, extra, missed, states = (
        sum(len(verdict.false_rows) for verdict in verdicts),
        sum(verdict.extra_versions for verdict in verdicts),
        sum(len(verdict.missed) for verdict in verdicts),
        sum(len(verdict.wrong_states) for verdict in verdicts),
    )
    clean = sum(verdict.is_clean for verdict in verdicts)
    peer = sum(result.peer_rows or 0 for result in results)
    print(
        f"\n{clean} of {len(verdicts)} worlds are clean: {rows} false rows (peer {peer}), {extra} versions too many,"
    )
    print(
        f"{missed} real edits missed, {states} wrong states, in {sum(verdict.checks for verdict in verdicts)} checks"
    )
