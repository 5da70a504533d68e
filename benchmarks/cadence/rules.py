"""Rules that plan the checks of an article: Variorum's, those of other programs, a clairvoyant's."""

import math
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from benchmarks.cadence.world import EditHistory, EditWorld
from schedules.cadence import CheckRate, next_check
from schedules.cadence.edit_rate import HORIZON_HOURS, EditRate, HostPrior, after_check, decay
from schedules.cadence.fit import EditInterval, refit

HOUR = timedelta(hours=1)
# No rule may check more often.
MIN_INTERVAL_HOURS = 1 / 60
# Variorum refits its decay after this many articles, to this many observed edits.
REFIT_EVERY_ARTICLES, REFIT_OBSERVATIONS = 400, 1000


@dataclass(slots=True)
class WatchedArticle:
    """One article as a rule sees it: ages in hours of the last checks and of the last observed edit."""

    history: EditHistory
    age: float = 0.0
    previous_check_age: float = 0.0
    last_edit_age: float = 0.0
    interval: float = 0.0
    edit_rate: EditRate | None = None


# A rule gives the age of the next check; the flag says whether the last check saw an edit.
CadenceRule = Callable[[WatchedArticle, bool], float]
# Makes a fresh rule, scaled by a number, that has learned nothing yet.
RuleMaker = Callable[[float], CadenceRule]


def fixed_interval(scale: float) -> CadenceRule:
    """Always the same interval, in hours."""
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
    """diffengine: a share of the age, there a quarter."""
    return lambda article, was_edited: article.age * (1 + scale)


def doubling_backoff(scale: float) -> CadenceRule:
    """Double the interval after a check without an edit, back to the first after an edit."""

    def rule(article: WatchedArticle, was_edited: bool) -> float:
        first = was_edited or not article.interval
        article.interval = scale if first else article.interval * 2
        return article.age + article.interval

    return rule


def our_rule(threshold: float) -> CadenceRule:
    """`schedules.cadence` as the daemon uses it: edit rates, host priors, a decay that is refitted."""
    check_rate = CheckRate(threshold, floor=MIN_INTERVAL_HOURS * HOUR)
    host_priors: dict[str, HostPrior] = defaultdict(HostPrior)
    intervals: list[EditInterval] = []
    articles = 0

    def first(article: WatchedArticle) -> EditRate:
        nonlocal articles, check_rate
        articles += 1
        if articles % REFIT_EVERY_ARTICLES == 0 and intervals:
            recent = intervals[-REFIT_OBSERVATIONS:]
            share = len(recent) / len(intervals)
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
                intervals.append(EditInterval(article.previous_check_age, article.age))
        return (
            next_check(article.edit_rate, age, check_rate.threshold, check_rate=check_rate) / HOUR
        )

    return rule


def edit_rate_only(threshold: float) -> CadenceRule:
    """The edit rate alone, at tau 1.5 h and q 1.2: no host prior, no refit, a check each week."""
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
    """A rule that knows the true rate and the running bursts, and checks at equal chances."""

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


# Each rule with the range of its scale.
RULES: dict[str, tuple[RuleMaker, tuple[float, float]]] = {
    "fixed interval": (fixed_interval, (0.1, 800.0)),
    "NewsDiffs' ladder": (newsdiffs_ladder, (0.05, 2000.0)),
    "diffengine, share of age": (share_of_age, (0.005, 500.0)),
    "doubling backoff": (doubling_backoff, (1e-4, 800.0)),
    "edit rate, tau 1.5 q 1.2": (edit_rate_only, (0.0005, 0.99)),
    "ours": (our_rule, (0.0005, 0.99)),
}
