"""The one door to the benchmarks.

python -m benchmarks                   list them
python -m benchmarks NAME [options]    run one
python -m benchmarks NAME --help       its options
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module

from benchmarks.support.paths import CorporaError, find_corpora


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A benchmark: its name, the module that has its `add_options` and `main`, and what it does."""

    name: str
    module: str
    summary: str


BENCHMARKS = (
    Benchmark("extraction", "extraction.score", "fields extracted against hand-made truths; --speed: time a page"),
    Benchmark("stability", "extraction.stability", "fields that change although the article did not"),
    Benchmark("boilerplate", "extraction.boilerplate", "lines that real pages of one host share: is any of them the article's?"),
    Benchmark("pairs", "edits.pairs", "edits found between real, labelled versions; false alarms"),
    Benchmark("kinds", "kinds.score", "spans and kinds of logged edits against those that an editor marked"),
    Benchmark("sensitivity", "edits.sensitivity", "changes of one field that extraction sees: is each one logged?"),
    Benchmark("noise", "edits.noise", "edits and false alarms on real pages full of page noise"),
    Benchmark("publishers", "publishers.score", "edits and false alarms while site-wide lines are exchanged"),
    Benchmark("wrong-pages", "wrong.compare", "sites that serve the wrong page for hours: false edits, missed edits"),
    Benchmark("seed", "extraction.seed", "one Korean page in six markups and three charsets while its ticker moves"),
    Benchmark("cases", "support.cases", "small cases in the shapes of public bug reports"),
    Benchmark("diff", "edits.diff", "time of a comparison and size of its answer, beside other differs"),
    Benchmark("cadence", "cadence.compare", "edits caught, and how late, beside other rules at equal checks"),
    Benchmark("check", "speed.check", "CPU per check of 200 real pages, beside other trackers"),
    Benchmark("storage", "speed.storage", "bytes per check, time to read a page back, commits per second"),
    Benchmark("scale", "speed.scale", "queries and commands on a database that made-history made"),
    Benchmark("verify", "speed.verify", "doctor --full on a made history: time and memory"),
    Benchmark("daemon", "daemon.load", "lateness, CPU and memory of the daemon at 200 checks a second"),
    Benchmark("cluster", "daemon.cluster", "checks a second with Dask workers and without"),
    Benchmark("web", "speed.web", "time and size of every web page with 100,000 versions"),
    Benchmark("soak", "daemon.soak.run", "the daemon in a world that misbehaves, on a machine that fails"),
    Benchmark("made-history", "support.made_history", "makes a large database of invented articles"),
    Benchmark("fuzz", "fuzz.run", "looks for bytes that break what reads them: pages, feeds, archives, databases"),
    Benchmark("train-body", "extraction.train", "trains the body model (needs lightgbm, scikit-learn)"),
    Benchmark("screenshots", "support.screenshots", "takes the pictures of the web pages in docs/"),
    Benchmark("cadence-picture", "cadence.picture", "draws docs/cadence.svg"),
)  # fmt: skip


def main(arguments: Sequence[str]) -> int:
    """Run the benchmark that the first argument names, or list all; return the exit status."""
    by_name = {benchmark.name: benchmark for benchmark in BENCHMARKS}
    if not arguments or arguments[0] in ("-h", "--help"):
        print(listing())
        return 0
    name, *options = arguments
    if name not in by_name:
        print(f"no benchmark is named {name!r}; these are:\n\n{listing()}", file=sys.stderr)
        return 2
    return run(by_name[name], options)


def listing() -> str:
    """How to run a benchmark, and a line for each."""
    width = max(len(benchmark.name) for benchmark in BENCHMARKS)
    lines = [f"  {benchmark.name:{width}}  {benchmark.summary}" for benchmark in BENCHMARKS]
    return "\n".join(["python -m benchmarks NAME [options]", "", *lines])


def run(benchmark: Benchmark, arguments: Sequence[str]) -> int:
    """Parse the options of one benchmark and run it; return its exit status."""
    try:
        module = import_module(f"benchmarks.{benchmark.module}")
    except ModuleNotFoundError as error:
        print(f"{benchmark.name} needs {error.name}, which is not installed here", file=sys.stderr)
        return 2
    parser = argparse.ArgumentParser(
        prog=f"python -m benchmarks {benchmark.name}",
        description=module.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    module.add_options(parser)
    options = parser.parse_args(arguments)
    try:
        if "corpora" in options:
            options.corpora = find_corpora(options.corpora)
        return int(module.main(options))
    except CorporaError as error:
        print(error, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
