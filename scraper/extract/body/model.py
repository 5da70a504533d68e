"""Which blocks are the article: a small trained model, read from `weights.json`.

It works in two passes. The first judges a block by its own text and by the classes and ids around it.
That chooses the container. The second judges the block again by its place in the container. The
weights come from `benchmarks/extraction/train.py`.
"""

import json
import math
from collections.abc import Callable
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from scraper.patterns import lazy_pattern

MAX_LOG_ODDS = 30.0  # beyond which probabilities do not differ
Scorer = Callable[[list[float]], float]

LABEL_WORD = lazy_pattern(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


@cache
def _weights() -> dict[str, Any]:
    text = files("scraper.extract.body").joinpath("weights.json").read_text("utf-8")
    weights: dict[str, Any] = json.loads(text)
    return weights


@lru_cache(maxsize=50_000)
def label_words(label: str) -> frozenset[str]:
    """The words of a class and id, camel case split, without numbers.

    >>> sorted(label_words("articleBody story-2 p"))
    ['article', 'body', 'story']
    """
    return frozenset(word.lower() for word in LABEL_WORD.findall(label) if 1 < len(word) < 20)


@lru_cache(maxsize=50_000)
def prior(tag: str, label: str) -> tuple[float, float]:
    """The weights of an element for everything inside it, and for what is close by."""
    weights = _weights()
    far, near = weights["far"], weights["near"]
    names = [f"<{tag}", *label_words(label[:400])]
    # The order of a set differs between processes. The last digit of a plain sum would differ with it,
    # which has changed the verdict on a paragraph.
    return math.fsum(far.get(name, 0.0) for name in names), math.fsum(
        near.get(name, 0.0) for name in names
    )


@cache
def first_pass_scorer() -> Scorer:
    """Gives the log-odds of a block by its first features."""
    return _compile_trees(_weights()["first"])


@cache
def second_pass_scorer() -> Scorer:
    """Gives the log-odds of a block by all its features."""
    return _compile_trees(_weights()["second"])


def probability(log_odds: float) -> float:
    """The probability, from 0 to 1, of log-odds: the logistic function.

    >>> probability(0.0)
    0.5
    """
    if not -MAX_LOG_ODDS < log_odds < MAX_LOG_ODDS:
        log_odds = MAX_LOG_ODDS if log_odds > 0 else -MAX_LOG_ODDS
    return 1.0 / (1.0 + math.exp(-log_odds))


def _compile_trees(trees: list[Any]) -> Scorer:
    """The sum of all trees as one Python function, ten times as fast as walking them.

    Features are local variables in it: to read one takes half as long as to index a list.
    """
    features = sorted(set().union(*map(_features_used, trees)))
    reads = "\n".join(f" f{feature} = r[{feature}]" for feature in features)
    total = " \\\n  + ".join(map(_expression, trees))
    names: dict[str, Any] = {}
    exec(
        compile(f"def score(r):\n{reads}\n return {total}", "weights.json", "exec"),
        names,
    )
    scorer: Scorer = names["score"]
    return scorer


def _features_used(tree: Any) -> set[int]:
    """The indices of the features in a tree."""
    if not isinstance(tree, list):
        return set()
    feature, _, left, right = tree
    return {int(feature)} | _features_used(left) | _features_used(right)


def _expression(tree: Any) -> str:
    """The Python expression of a tree: a number, or `[feature, threshold, at most, over]`."""
    if isinstance(tree, list):
        feature, threshold, left, right = tree
        return (
            f"({_expression(left)} if f{int(feature)} <= {float(threshold)!r}"
            f" else {_expression(right)})"
        )
    return repr(float(tree))
