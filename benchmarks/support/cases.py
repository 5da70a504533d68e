"""Run the small cases beside the corpora on the Variorum that is installed here.

Each case is a page, feed or archive in the shape of a public bug report, with its right answer. The
folder of the cases brings its own runner, `run_cases.py`.

    python -m benchmarks cases
    python -m benchmarks cases --gate      exit 1 if fewer cases pass than the floor
"""

import argparse
import re
import subprocess
import sys
from pathlib import Path

from benchmarks.support.paths import CorporaError, add_corpora_option

# It only rises. Of 348 cases 346 passed on 2026-12-01.
MIN_PASSING_CASES = 346
TOTAL = re.compile(r"^(\d+) of (\d+) cases pass$", re.MULTILINE)


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `cases`."""
    add_corpora_option(parser)
    parser.add_argument(
        "--cases", type=Path, metavar="DIR", help="default: the folder `cases` beside the corpora"
    )
    parser.add_argument("--gate", action="store_true", help="exit 1 below the floor")


def main(options: argparse.Namespace) -> int:
    """Print what the runner prints; with --gate, return 1 if fewer cases pass than the floor.

    Raises CorporaError if there is no runner.
    """
    folder = options.cases or options.corpora.parent / "cases"
    if not (folder / "run_cases.py").is_file():
        raise CorporaError(f"no run_cases.py in {folder}: name its folder with --cases DIR")
    process = subprocess.run(
        [sys.executable, str(folder / "run_cases.py"), str(folder / "given")],
        stdout=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip
    print(process.stdout, end="")
    total = TOTAL.search(process.stdout)
    passing = int(total[1]) if total else 0
    return 1 if options.gate and not passes_floor(passing) else 0


def passes_floor(passing: int) -> bool:
    """Whether enough cases pass; prints how the number compares with the floor."""
    if passing < MIN_PASSING_CASES:
        print(f"gate: {passing} cases pass, at least {MIN_PASSING_CASES} must")
    elif passing > MIN_PASSING_CASES:
        print(f"gate: raise MIN_PASSING_CASES in {Path(__file__).name} to {passing}")
    return passing >= MIN_PASSING_CASES
