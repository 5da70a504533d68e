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

from benchmarks.cadence.world import Life, World, facts, made_lives, read_lives
from benchmarks.pages.corpus import DEFAULT
from schedules.cadence import Habits, Pace, after_look, next_check
from schedules.cadence.edit_rate import HORIZON, Belief, Sighting, baseline, refit

BUDGETS = (6, 12, 24, 48)
HOUR = timedelta(hours=1)
# Nobody looks closer than this.
FLOOR = 1 / 60
# How near the mean looks must come to those asked for, and the halvings that may take.
NEAR, STEPS = 0.005, 22
# Articles after which our course of edits is fitted again, and how many sightings that takes.
REFIT_EVERY, REFIT_FROM = 400, 1000
# A source with fewer articles tells nothing.
FEWEST = 200


@dataclass(slots=True)
class Watched:
    """One article as a rule sees it: when it was looked at last and when an edit was seen."""

    life: Life
    age: float = 0.0
    seen_age: float = 0.0
    edited_age: float = 0.0
    interval: float = 0.0
    belief: Belief | None = None


# A rule gives the age of the next look; `was_edited` is what the look just made has shown.
Rule = Callable[[Watched, bool], float]
# Makes a rule anew, with what it has learned forgotten, scaled by a number.
Maker = Callable[[float], Rule]


def fixed(scale: float) -> Rule:
    """The same interval always."""
    return lambda watched, was_edited: watched.age + scale


def ladder(scale: float) -> Rule:
    """NewsDiffs: 15 min under 3 h since the last update, 60 min under a day, 3 h under a week, 3 d
    under a month, 30 d under a year."""

    def rule(watched: Watched, was_edited: bool) -> float:
        quiet = watched.age - watched.edited_age
        for limit, hours in ((3, 0.25), (24, 1), (24 * 7, 3), (24 * 30, 72)):
            if quiet < limit:
                return watched.age + hours * scale
        return watched.age + 720 * scale

    return rule


def share_of_age(scale: float) -> Rule:
    """diffengine: a quarter of the age; here a share of it."""
    return lambda watched, was_edited: watched.age * (1 + scale)


def doubling(scale: float) -> Rule:
    """Twice the last interval after a quiet look, the first one again after an edit."""

    def rule(watched: Watched, was_edited: bool) -> float:
        first = was_edited or not watched.interval
        watched.interval = scale if first else watched.interval * 2
        return watched.age + watched.interval

    return rule


def ours(price: float) -> Rule:
    """`schedules.cadence` as the daemon uses it: beliefs, publishers' habits, the course refitted."""
    pace = Pace(price, floor=FLOOR * HOUR)
    habits: dict[str, Habits] = defaultdict(Habits)
    sightings: list[Sighting] = []
    articles = 0

    def first(watched: Watched) -> Belief:
        nonlocal articles, pace
        articles += 1
        if articles % REFIT_EVERY == 0 and sightings:
            lately = sightings[-REFIT_FROM:]
            share = len(lately) / len(sightings)
            course = refit(Pace().course, lately, [(0.0, HORIZON, round(articles * share))])
            pace = replace(pace, course=course)
        return habits[watched.life.host].prior()

    def rule(watched: Watched, was_edited: bool) -> float:
        age = watched.age * HOUR
        if watched.belief is None:
            watched.belief = first(watched)
        else:
            watched.belief, mass = after_look(
                watched.belief,
                watched.seen_age * HOUR,
                age,
                was_edited=was_edited,
                course=pace.course,
            )
            host = habits[watched.life.host]
            habits[watched.life.host] = Habits(host.edited + was_edited, host.expected + mass)
            if was_edited:
                sightings.append(Sighting(watched.seen_age, watched.age))
        return next_check(watched.belief, age, pace.price, pace=pace) / HOUR

    return rule


def formula(price: float) -> Rule:
    """The belief alone, at tau 1.5 h and q 1.2: no habits, no refit, a rare visit each week."""
    course = baseline(edits_a_day=0.5, tau=1.5, q=1.2)

    def rule(watched: Watched, was_edited: bool) -> float:
        age = watched.age * HOUR
        belief, _ = after_look(
            watched.belief or Belief(0.8, 0.8), watched.seen_age * HOUR, age,
            was_edited=was_edited, course=course,
        )  # fmt: skip
        watched.belief = belief
        return min(course.age_after(watched.age, belief.mass_until(price)), watched.age + 7 * 24)

    return rule


def clairvoyant(world: World) -> Maker:
    """Knows each article's true rate and the bursts under way, and looks at equal chances."""

    def make(chance: float) -> Rule:
        def rule(watched: Watched, was_edited: bool) -> float:
            age = watched.age
            past = [edit for edit in watched.life.edits if edit <= age][-4:]

            def mass(until: float) -> float:
                bursts = (
                    math.exp((edit - age) / world.burst_hours)
                    - math.exp((edit - until) / world.burst_hours)
                    for edit in past
                )
                rate = watched.life.rate
                return rate * world.baseline.mass(age, until) + world.burst * sum(bursts)

            low, high = age, HORIZON
            for _ in range(24):
                middle = (low + high) / 2
                low, high = (middle, high) if mass(middle) < chance else (low, middle)
            return high

        return rule

    return make


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a rule: mean looks, the share of versions caught, delays in hours, and the share
    of edited articles of which no edit was seen."""

    looks: float
    caught: float
    delays: tuple[float, ...]
    never: float

    def delay(self, share: float) -> float:
        """A quantile of the delays, in minutes."""
        if not self.delays:
            return math.nan
        return sorted(self.delays)[min(int(len(self.delays) * share), len(self.delays) - 1)] * 60


def replay(rule: Rule, lives: Sequence[Life]) -> Result:
    """Every article looked at as the rule says, from its publication on, for 30 days."""
    looks, delays, never = 0, list[float](), 0
    for life in lives:
        watched, at, caught, was_edited = Watched(life), 0, 0, False
        while True:
            looks += 1
            due = max(rule(watched, was_edited), watched.age + FLOOR)
            if due >= HORIZON:
                break
            watched.seen_age, watched.age = watched.age, due
            before = at
            while at < len(life.edits) and life.edits[at] <= due:
                at += 1
            was_edited = at > before
            if was_edited:
                caught += 1
                delays.append(due - life.edits[at - 1])
                watched.edited_age = due
        never += bool(life.edits) and not caught
    edits = sum(len(life.edits) for life in lives)
    edited = sum(bool(life.edits) for life in lives)
    return Result(
        looks / len(lives), len(delays) / max(edits, 1), tuple(delays), never / max(edited, 1)
    )


def scaled(make: Maker, lives: Sequence[Life], looks: float, bounds: tuple[float, float]) -> Result:
    """The rule's result at so many mean looks per article; a larger scale means fewer looks."""
    low, high = bounds
    result = replay(make(high), lives)
    for _ in range(STEPS):
        middle = math.sqrt(low * high)
        result = replay(make(middle), lives)
        if abs(result.looks - looks) <= NEAR * looks:
            break
        low, high = (middle, high) if result.looks > looks else (low, middle)
    return result


RULES: dict[str, tuple[Maker, tuple[float, float]]] = {
    "fixed interval": (fixed, (0.1, 800.0)),
    "NewsDiffs' ladder": (ladder, (0.05, 2000.0)),
    "diffengine, share of age": (share_of_age, (0.005, 500.0)),
    "doubling backoff": (doubling, (1e-4, 800.0)),
    "belief, tau 1.5 q 1.2": (formula, (0.0005, 0.99)),
    "ours": (ours, (0.0005, 0.99)),
}


def compare_rules(name: str, lives: Sequence[Life], world: World | None) -> None:
    """Print every rule at every budget, and how ours stands beside the best of the others."""
    print(f"\n{name}: {facts(lives)}")
    print(f"{'':28}{'looks':>7}{'caught':>9}{'median':>9}{'95 %':>9}{'never':>8}")
    rules = dict(RULES)
    if world:
        rules["clairvoyant"] = (clairvoyant(world), (1e-4, 20.0))
    native = replay(ladder(1.0), lives)
    _print_row("NewsDiffs' ladder as it is", native)
    for budget in BUDGETS:
        results = {
            name: scaled(make, lives, budget, bounds) for name, (make, bounds) in rules.items()
        }
        for rule, result in results.items():
            _print_row(rule, result)
        our, others = results.pop("ours"), results
        told = f"  at {budget}: ours catches {our.caught / max(r.caught for n, r in others.items() if n != 'clairvoyant'):.3f} of the best other"
        if world:
            told += f", {our.caught / others['clairvoyant'].caught:.3f} of the clairvoyant"
        print(
            f"{told}; median {our.delay(0.5) / min(r.delay(0.5) for n, r in others.items() if n != 'clairvoyant'):.2f} of the best other's"
        )


def _print_row(rule: str, result: Result) -> None:
    print(
        f"{rule:28}{result.looks:7.1f}{result.caught:9.1%}{result.delay(0.5):7.0f} m"
        f"{result.delay(0.95):7.0f} m{result.never:8.1%}",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--times", type=Path, default=DEFAULT / "times" / "edit_times.csv.gz")
    parser.add_argument("--articles", type=int, default=2000, help="of each source, and made ones")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    world = World()
    compare_rules("made world", made_lives(world, options.articles, options.seed), world)
    try:
        lives = read_lives(options.times)
    except ValueError as error:
        sys.exit(str(error))
    sources: dict[str, list[Life]] = defaultdict(list)
    for life in lives:
        sources[life.host].append(life)
    dice = random.Random(options.seed)
    for name, its in sorted(sources.items(), key=lambda item: -len(item[1])):
        if len(its) >= FEWEST:
            compare_rules(name, dice.sample(its, min(options.articles, len(its))), None)


if __name__ == "__main__":
    main()
