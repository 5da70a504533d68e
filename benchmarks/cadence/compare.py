"""When to look again: our rule beside the others', at equal mean looks per article.

Replays the edits of real articles (an `edit_times.csv.gz`) and of a made world fitted to what is
published about news edits. Each rule is scaled (its interval, its share of age, its price) until
its mean looks per article over 30 days are those asked for; then it is asked how many versions a
look caught before the next one replaced them, how late, and which edited articles it never saw edited.

    python -m benchmarks.cadence.compare
    python -m benchmarks.cadence.compare --times FILE
"""

import argparse
import math
import random
import sys
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from benchmarks.cadence.world import (
    EditHistory,
    EditWorld,
    read_histories,
    simulate_histories,
    summary_line,
)
from benchmarks.pages.corpus import DEFAULT_CORPORA
from schedules.cadence import CheckRate, next_check
from schedules.cadence.edit_rate import HORIZON_HOURS, EditRate, HostPrior, after_check, decay
from schedules.cadence.fit import EditInterval, refit

CHECK_BUDGETS = (6, 12, 24, 48)
HOUR = timedelta(hours=1)
# Nobody looks closer than this.
MIN_INTERVAL_HOURS = 1 / 60
# How near the mean looks must come to those asked for, and the halvings that may take.
MAX_BUDGET_ERROR, MAX_HALVINGS = 0.005, 22
# Articles after which our course of edits is fitted again, and how many sightings that takes.
REFIT_EVERY_ARTICLES, REFIT_OBSERVATIONS = 400, 1000
# A source with fewer articles tells nothing.
MIN_ARTICLES_PER_SOURCE = 200


@dataclass(slots=True)
class WatchedArticle:
    """One article as a rule sees it: when it was looked at last and when an edit was seen."""

    history: EditHistory
    age: float = 0.0
    previous_check_age: float = 0.0
    last_edit_age: float = 0.0
    interval: float = 0.0
    edit_rate: EditRate | None = None


# A rule gives the age of the next look; `was_edited` is what the look just made has shown.
CadenceRule = Callable[[WatchedArticle, bool], float]
# Makes a rule anew, with what it has learned forgotten, scaled by a number.
RuleMaker = Callable[[float], CadenceRule]


def fixed_interval(scale: float) -> CadenceRule:
    """The same interval always."""
    return lambda article, was_edited: article.age + scale


def newsdiffs_ladder(scale: float) -> CadenceRule:
    """NewsDiffs: 15 min under 3 h since the last update, 60 min under a day, 3 h under a week, 3 d
    under a month, 30 d under a year."""

    def rule(article: WatchedArticle, was_edited: bool) -> float:
        quiet = article.age - article.last_edit_age
        for limit, hours in ((3, 0.25), (24, 1), (24 * 7, 3), (24 * 30, 72)):
            if quiet < limit:
                return article.age + hours * scale
        return article.age + 720 * scale

    return rule


def share_of_age(scale: float) -> CadenceRule:
    """diffengine: a quarter of the age; here a share of it."""
    return lambda article, was_edited: article.age * (1 + scale)


def doubling_backoff(scale: float) -> CadenceRule:
    """Twice the last interval after a quiet look, the first one again after an edit."""

    def rule(article: WatchedArticle, was_edited: bool) -> float:
        first = was_edited or not article.interval
        article.interval = scale if first else article.interval * 2
        return article.age + article.interval

    return rule


def our_rule(threshold: float) -> CadenceRule:
    """`schedules.cadence` as the daemon uses it: beliefs, publishers' habits, the course refitted."""
    check_rate = CheckRate(threshold, floor=MIN_INTERVAL_HOURS * HOUR)
    host_priors: dict[str, HostPrior] = defaultdict(HostPrior)
    sightings: list[EditInterval] = []
    articles = 0

    def first(article: WatchedArticle) -> EditRate:
        nonlocal articles, check_rate
        articles += 1
        if articles % REFIT_EVERY_ARTICLES == 0 and sightings:
            recent = sightings[-REFIT_OBSERVATIONS:]
            share = len(recent) / len(sightings)
            decay = refit(
                CheckRate().decay, recent, [(0.0, HORIZON_HOURS, round(articles * share))]
            )
            check_rate = replace(check_rate, decay=decay)
        return host_priors[article.history.host].prior()

    def rule(article: WatchedArticle, was_edited: bool) -> float:
        age = article.age * HOUR
        if article.edit_rate is None:
            article.edit_rate = first(article)
        else:
            article.edit_rate, mass = after_check(
                article.edit_rate,
                article.previous_check_age * HOUR,
                age,
                was_edited=was_edited,
                decay=check_rate.decay,
            )
            host = host_priors[article.history.host]
            host_priors[article.history.host] = HostPrior(
                host.edits + was_edited, host.expected_edits + mass
            )
            if was_edited:
                sightings.append(EditInterval(article.previous_check_age, article.age))
        return (
            next_check(article.edit_rate, age, check_rate.threshold, check_rate=check_rate) / HOUR
        )

    return rule


def edit_rate_only(threshold: float) -> CadenceRule:
    """The belief alone, at tau 1.5 h and q 1.2: no habits, no refit, a rare visit each week."""
    kernel = decay(edits_a_day=0.5, tau=1.5, q=1.2)

    def rule(article: WatchedArticle, was_edited: bool) -> float:
        age = article.age * HOUR
        edit_rate, _ = after_check(
            article.edit_rate or EditRate(0.8, 0.8), article.previous_check_age * HOUR, age,
            was_edited=was_edited, decay=kernel,
        )  # fmt: skip
        article.edit_rate = edit_rate
        return min(
            kernel.age_after(article.age, edit_rate.mass_until(threshold)), article.age + 7 * 24
        )

    return rule


def clairvoyant(world: EditWorld) -> RuleMaker:
    """Knows each article's true rate and the bursts under way, and looks at equal chances."""

    def make(chance: float) -> CadenceRule:
        def rule(article: WatchedArticle, was_edited: bool) -> float:
            age = article.age
            past = [edit for edit in article.history.edits if edit <= age][-4:]

            def mass(until: float) -> float:
                bursts = (
                    math.exp((edit - age) / world.burst_hours)
                    - math.exp((edit - until) / world.burst_hours)
                    for edit in past
                )
                rate = article.history.rate
                return rate * world.decay.mass(age, until) + world.burst * sum(bursts)

            low, high = age, HORIZON_HOURS
            for _ in range(24):
                middle = (low + high) / 2
                low, high = (middle, high) if mass(middle) < chance else (low, middle)
            return high

        return rule

    return make


@dataclass(frozen=True, slots=True)
class ReplayResult:
    """What came of a rule: mean looks, the share of versions caught, delays in hours, and the share
    of edited articles of which no edit was seen."""

    checks: float
    caught: float
    delays: tuple[float, ...]
    never_caught: float

    def delay(self, share: float) -> float:
        """A quantile of the delays, in minutes."""
        if not self.delays:
            return math.nan
        return sorted(self.delays)[min(int(len(self.delays) * share), len(self.delays) - 1)] * 60


def replay(rule: CadenceRule, histories: Sequence[EditHistory]) -> ReplayResult:
    """Every article looked at as the rule says, from its publication on, for 30 days."""
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
    """The rule's result at so many mean looks per article; a larger scale means fewer looks."""
    low, high = bounds
    result = replay(make(high), histories)
    for _ in range(MAX_HALVINGS):
        middle = math.sqrt(low * high)
        result = replay(make(middle), histories)
        if abs(result.checks - checks) <= MAX_BUDGET_ERROR * checks:
            break
        low, high = (middle, high) if result.checks > checks else (low, middle)
    return result


RULES: dict[str, tuple[RuleMaker, tuple[float, float]]] = {
    "fixed interval": (fixed_interval, (0.1, 800.0)),
    "NewsDiffs' ladder": (newsdiffs_ladder, (0.05, 2000.0)),
    "diffengine, share of age": (share_of_age, (0.005, 500.0)),
    "doubling backoff": (doubling_backoff, (1e-4, 800.0)),
    "belief, tau 1.5 q 1.2": (edit_rate_only, (0.0005, 0.99)),
    "ours": (our_rule, (0.0005, 0.99)),
}


def compare_rules(name: str, histories: Sequence[EditHistory], world: EditWorld | None) -> None:
    """Print every rule at every budget, and how ours stands beside the best of the others."""
    print(f"\n{name}: {summary_line(histories)}")
    print(f"{'':28}{'looks':>7}{'caught':>9}{'median':>9}{'95 %':>9}{'never':>8}")
    rules = dict(RULES)
    if world:
        rules["clairvoyant"] = (clairvoyant(world), (1e-4, 20.0))
    unscaled = replay(newsdiffs_ladder(1.0), histories)
    _print_row("NewsDiffs' ladder as it is", unscaled)
    for budget in CHECK_BUDGETS:
        results = {
            name: result_at_budget(make, histories, budget, bounds)
            for name, (make, bounds) in rules.items()
        }
        for rule, result in results.items():
            _print_row(rule, result)
        our_result, other_results = results.pop("ours"), results
        comparison = f"  at {budget}: ours catches {our_result.caught / max(r.caught for n, r in other_results.items() if n != 'clairvoyant'):.3f} of the best other"
        if world:
            comparison += f", {our_result.caught / other_results['clairvoyant'].caught:.3f} of the clairvoyant"
        print(
            f"{comparison}; median {our_result.delay(0.5) / min(r.delay(0.5) for n, r in other_results.items() if n != 'clairvoyant'):.2f} of the best other's"
        )


def _print_row(rule: str, result: ReplayResult) -> None:
    print(
        f"{rule:28}{result.checks:7.1f}{result.caught:9.1%}{result.delay(0.5):7.0f} m"
        f"{result.delay(0.95):7.0f} m{result.never_caught:8.1%}",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument(
        "--times", type=Path, default=DEFAULT_CORPORA / "times" / "edit_times.csv.gz"
    )
    parser.add_argument("--articles", type=int, default=2000, help="of each source, and made ones")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    world = EditWorld()
    compare_rules("made world", simulate_histories(world, options.articles, options.seed), world)
    try:
        histories = read_histories(options.times)
    except ValueError as error:
        sys.exit(str(error))
    sources: dict[str, list[EditHistory]] = defaultdict(list)
    for history in histories:
        sources[history.host].append(history)
    rng = random.Random(options.seed)
    for name, source_histories in sorted(sources.items(), key=lambda item: -len(item[1])):
        if len(source_histories) >= MIN_ARTICLES_PER_SOURCE:
            compare_rules(
                name,
                rng.sample(source_histories, min(options.articles, len(source_histories))),
                None,
            )


if __name__ == "__main__":
    main()
