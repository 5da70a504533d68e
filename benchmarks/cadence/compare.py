"""Variorum's cadence beside other rules, at equal mean checks per article.

The benchmark replays the edits of real articles (an `edit_times.csv.gz`) and of a simulated world
that matches published figures about news edits. Each rule is scaled (its interval, its share of
the age, its threshold) until its mean checks per article over 30 days equal the budget. Then the
table says how many versions a check caught before the next one replaced them, how late, and in how
many edited articles the rule caught no edit.

    python -m benchmarks cadence
    python -m benchmarks cadence --times FILE
"""

import argparse
import math
import random
import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.cadence.rules import (
    MIN_INTERVAL_HOURS,
    RULES,
    CadenceRule,
    RuleMaker,
    WatchedArticle,
    clairvoyant,
    newsdiffs_ladder,
)
from benchmarks.cadence.world import (
    EditHistory,
    EditWorld,
    read_histories,
    simulate_histories,
    summary_line,
)
from benchmarks.support.paths import find_corpora
from schedules.cadence.edit_rate import HORIZON_HOURS

CHECK_BUDGETS = (6, 12, 24, 48)
# How close the mean checks must come to the budget, as a share, and the halvings that this may take.
MAX_BUDGET_ERROR, MAX_HALVINGS = 0.005, 22
# Sources with fewer articles are left out.
MIN_ARTICLES_PER_SOURCE = 200


@dataclass(frozen=True, slots=True)
class ReplayResult:
    """The result of a rule: mean checks per article, share of versions caught, and delays in hours.

    Also the share of edited articles of which it caught no edit.
    """

    checks: float
    caught: float
    delays: tuple[float, ...]
    never_caught: float

    def delay(self, share: float) -> float:
        """The quantile `share` of the delays, in minutes."""
        if not self.delays:
            return math.nan
        return sorted(self.delays)[min(int(len(self.delays) * share), len(self.delays) - 1)] * 60


def replay(rule: CadenceRule, histories: Sequence[EditHistory]) -> ReplayResult:
    """Check every article as the rule says, from its publication on, for 30 days."""
    checks, delays, never_caught = 0, list[float](), 0
    for history in histories:
        article, edit_index, caught, was_edited = WatchedArticle(history), 0, 0, False
        while True:
            checks += 1
            due = max(rule(article, was_edited), article.age + MIN_INTERVAL_HOURS)
            if due >= HORIZON_HOURS:
                break
            article.previous_check_age, article.age = article.age, due
            previous_index = edit_index
            while edit_index < len(history.edits) and history.edits[edit_index] <= due:
                edit_index += 1
            was_edited = edit_index > previous_index
            if was_edited:
                caught += 1
                delays.append(due - history.edits[edit_index - 1])
                article.last_edit_age = due
        never_caught += bool(history.edits) and not caught
    edits = sum(len(history.edits) for history in histories)
    edited = sum(bool(history.edits) for history in histories)
    return ReplayResult(
        checks / len(histories),
        len(delays) / max(edits, 1),
        tuple(delays),
        never_caught / max(edited, 1),
    )


def result_at_budget(
    make: RuleMaker, histories: Sequence[EditHistory], checks: float, bounds: tuple[float, float]
) -> ReplayResult:
    """The result of a rule at this many mean checks per article; a larger scale means fewer checks."""
    low, high = bounds
    result = replay(make(high), histories)
    for _ in range(MAX_HALVINGS):
        middle = math.sqrt(low * high)
        result = replay(make(middle), histories)
        if abs(result.checks - checks) <= MAX_BUDGET_ERROR * checks:
            break
        low, high = (middle, high) if result.checks > checks else (low, middle)
    return result


def compare_rules(name: str, histories: Sequence[EditHistory], world: EditWorld | None) -> None:
    """Print every rule at every budget, and Variorum's against the best of the others."""
    print(f"\n{name}: {summary_line(histories)}")
    print(f"{'':28}{'checks':>7}{'caught':>9}{'median':>9}{'95 %':>9}{'never':>8}")
    rules = dict(RULES)
    if world:
        rules["clairvoyant"] = (clairvoyant(world), (1e-4, 20.0))
    unscaled = replay(newsdiffs_ladder(1.0), histories)
    _print_row("NewsDiffs' ladder, unscaled", unscaled)
    for budget in CHECK_BUDGETS:
        results = {
            name: result_at_budget(make, histories, budget, bounds)
            for name, (make, bounds) in rules.items()
        }
        for rule, result in results.items():
            _print_row(rule, result)
        print(f"  at {budget}: {_comparison(results)}")


def _comparison(results: dict[str, ReplayResult]) -> str:
    """Variorum's versions caught and median delay, as shares of the best other rule's."""
    our_result, clairvoyant_result = results["ours"], results.get("clairvoyant")
    other_results = [r for name, r in results.items() if name not in ("ours", "clairvoyant")]
    caught = our_result.caught / max(result.caught for result in other_results)
    delay = our_result.delay(0.5) / min(result.delay(0.5) for result in other_results)
    text = f"ours catches {caught:.3f} of the best other"
    if clairvoyant_result:
        text += f", {our_result.caught / clairvoyant_result.caught:.3f} of the clairvoyant"
    return f"{text}; median {delay:.2f} of the best other's"


def _print_row(rule: str, result: ReplayResult) -> None:
    print(
        f"{rule:28}{result.checks:7.1f}{result.caught:9.1%}{result.delay(0.5):7.0f} m"
        f"{result.delay(0.95):7.0f} m{result.never_caught:8.1%}",
        flush=True,
    )


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `cadence`."""
    parser.add_argument(
        "--times",
        type=Path,
        metavar="FILE",
        help="real edit times; default: times/edit_times.csv.gz in the corpora",
    )
    parser.add_argument(
        "--articles", type=int, default=2000, help="of each source, and of the simulated world"
    )
    parser.add_argument("--seed", type=int, default=1)


def main(options: argparse.Namespace) -> int:
    """Print the tables; return 1 if the file of real edit times cannot be read."""
    world = EditWorld()
    simulated = simulate_histories(world, options.articles, options.seed)
    compare_rules("simulated world", simulated, world)
    try:
        histories = read_histories(options.times or find_corpora() / "times" / "edit_times.csv.gz")
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    sources: dict[str, list[EditHistory]] = defaultdict(list)
    for history in histories:
        sources[history.host].append(history)
    rng = random.Random(options.seed)
    for name, source_histories in sorted(sources.items(), key=lambda item: -len(item[1])):
        if len(source_histories) >= MIN_ARTICLES_PER_SOURCE:
            count = min(options.articles, len(source_histories))
            compare_rules(name, rng.sample(source_histories, count), None)
    return 0
