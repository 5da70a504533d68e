"""Looks for bytes that break what reads them: pages, feeds, archives, databases.

A seeded generator makes hostile forms of small valid inputs. Each is read in a child process: nothing may
take more than 2 s of processor time or 300 MB, or raise an error that is not the program's own. The first
input that fails in a place is saved. Mend the kind of fault, and add a test of it.

    python -m benchmarks fuzz --seconds 600
    python -m benchmarks fuzz --seconds 60 --target feed --target sitemap --seed 7
"""

import argparse
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.fuzz.child import Trial, trials
from benchmarks.fuzz.mutate import mutated
from benchmarks.fuzz.targets import FuzzTarget, targets

MAX_NUMBER = 10_000_000


@dataclass(slots=True)
class FuzzFigures:
    """What the inputs of one target took, and the first one with each fault."""

    name: str
    count: int = 0
    seconds: float = 0.0
    megabytes: float = 0.0
    faults: dict[str, int] = field(default_factory=dict)

    def add(self, trial: Trial) -> None:
        """Count one input."""
        self.count += 1
        self.seconds = max(self.seconds, trial.seconds)
        self.megabytes = max(self.megabytes, trial.megabytes)
        if trial.fault:
            self.faults.setdefault(trial.fault.partition(": ")[0], trial.number)


def input_of(target: FuzzTarget, name: str, seed: int, number: int) -> bytes:
    """The input of a number: always the same for one seed."""
    return mutated(target.seeds, target.pieces, random.Random(f"{name} {seed} {number}"))


def fuzz_target(
    name: str, target: FuzzTarget, *, seed: int, numbers: range, until: float
) -> FuzzFigures:
    """Read the inputs of these numbers, until a time of the monotonic clock."""
    figures = FuzzFigures(name)

    def read(number: int) -> None:
        target.read(input_of(target, name, seed, number))

    for trial in trials(read, numbers, until=until):
        figures.add(trial)
    return figures


def save_findings(
    figures: FuzzFigures, make: Callable[[int], bytes], folder: Path
) -> list[tuple[str, Path]]:
    """Write the first input with each fault; what is wrong with it, and where it is."""
    saved = []
    for fault, number in figures.faults.items():
        path = folder / f"{figures.name}-{number}.bin"
        path.write_bytes(make(number))
        saved.append((fault, path))
    return saved


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `fuzz`."""
    parser.add_argument("--seconds", type=int, default=600, help="for all targets together")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--target", action="append", default=[], help="one of them; all by default")
    parser.add_argument(
        "--folder", type=Path, default=Path("/tmp/variorum-fuzz"), help="where findings are saved"
    )


def main(options: argparse.Namespace) -> int:
    """Fuzz every target for its share of the time; return 1 if an input failed."""
    options.folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="variorum-fuzz-") as made:
        chosen = _chosen(options.target, Path(made))
        failures = 0
        print(f"{'target':15} {'inputs':>8} {'slowest':>9} {'memory':>8}  findings")
        for name, target in chosen:
            until = time.monotonic() + options.seconds / len(chosen)
            figures = fuzz_target(name, target, seed=options.seed, numbers=range(MAX_NUMBER), until=until)  # fmt: skip
            print(f"{name:15} {figures.count:8,} {figures.seconds:7.2f} s {figures.megabytes:5.0f} MB  {len(figures.faults)}", flush=True)  # fmt: skip
            make = lambda number, name=name, target=target: input_of(target, name, options.seed, number)  # noqa: E731 # fmt: skip
            for fault, path in save_findings(figures, make, options.folder):
                failures += 1
                print(f"    {fault}: {path}", flush=True)
    return 1 if failures else 0


def _chosen(names: Sequence[str], folder: Path) -> list[tuple[str, FuzzTarget]]:
    known = targets(folder)
    if unknown := set(names) - set(known):
        raise SystemExit(f"no target is named {', '.join(unknown)}; these are: {', '.join(known)}")
    return [(name, target) for name, target in known.items() if not names or name in names]
