"""The tables of the benchmark: spans and kinds by field, language and logged kind."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from math import sqrt
from typing import TypeVar

from benchmarks.kinds.judge import KIND_VERDICTS, SPAN_VERDICTS, JudgedEdit, JudgedPair
from benchmarks.kinds.labels import Interval, Label

NORMAL_95 = 1.959964

Value = TypeVar("Value")


def wilson(successes: int, trials: int) -> tuple[float, float]:
    """The 95 % interval of a share by Wilson (1927).

    >>> [round(limit, 3) for limit in wilson(8, 10)]
    [0.49, 0.943]
    """
    if not trials:
        return 0.0, 1.0
    share, square = successes / trials, NORMAL_95**2
    middle = share + square / (2 * trials)
    margin = NORMAL_95 * sqrt(share * (1 - share) / trials + square / (4 * trials**2))
    return max(0.0, (middle - margin) / (1 + square / trials)), (middle + margin) / (
        1 + square / trials
    )


def print_report(pairs: Sequence[JudgedPair]) -> None:
    """Print all tables."""
    print(
        "spans                 logged   right "
        + "".join(f"{word:>8}" for word in SPAN_VERDICTS[1:])
    )
    for title, group in _groups(pairs):
        _print_spans(title, group)
    print("\nspans, of labels      labels   right   missed")
    for title, group in _groups(pairs):
        labels = sum(pair.labels for pair in group)
        right = sum(pair.labels_right for pair in group)
        print(
            f"{title:20} {labels:7}  {_share(right, labels)} {sum(len(pair.missed) for pair in group):8}"
        )
    print("\nkinds                 logged   right or arguable       right arguable   wrong")
    for title, group in _groups(pairs):
        _print_kinds(title, [edit for pair in group for edit in pair.edits])
    edits = [edit for pair in pairs for edit in pair.edits]
    print("\nby logged kind")
    for kind, group in _by(lambda edit: edit.edit.kind, edits):
        _print_kinds(kind, group)
    print("\nby labelled kind      (a rule that calls everything wording is wrong here)")
    for kind, group in _by(lambda edit: edit.label.kind if edit.label else "none", edits):
        _print_kinds(kind, group)


def _groups(pairs: Sequence[JudgedPair]) -> Iterable[tuple[str, Sequence[JudgedPair]]]:
    yield "all", pairs
    yield from _by(lambda pair: pair.pair.field, pairs)
    languages = list(_by(lambda pair: pair.pair.lang, pairs))
    if len(languages) > 1:
        yield from languages


def _by(key: Callable[[Value], str], values: Iterable[Value]) -> Iterable[tuple[str, list[Value]]]:
    groups: dict[str, list[Value]] = {}
    for value in values:
        groups.setdefault(key(value), []).append(value)
    return sorted(groups.items(), key=lambda group: -len(group[1]))


def _print_spans(title: str, pairs: Sequence[JudgedPair]) -> None:
    counts = Counter(edit.span for pair in pairs for edit in pair.edits)
    rest = "".join(f"{counts[word]:8}" for word in SPAN_VERDICTS[1:])
    print(f"{title:20} {counts.total():7}  {_share(counts['right'], counts.total())} {rest}")


def _print_kinds(title: str, edits: Sequence[JudgedEdit]) -> None:
    counts = Counter(edit.kind for edit in edits)
    accepted = counts["right"] + counts["arguable"]
    rest = "".join(f"{counts[word]:8}" for word in KIND_VERDICTS)
    print(f"{title:20} {len(edits):7}  {_share(accepted, len(edits))} {rest}")


def _share(successes: int, trials: int) -> str:
    if not trials:
        return "     –             "
    low, high = wilson(successes, trials)
    return f"{successes / trials:6.1%} ({low:.0%} to {high:.0%})"


def print_pair(judged: JudgedPair) -> None:
    """Print what is not right in a pair: logged edits with their labels, and missed labels."""
    lines = [
        f"  {edit.span}, kind {edit.kind}: {edit.edit.kind} {edit.edit.old!r} → {edit.edit.new!r}"
        + (f"; label: {_described(edit.label, judged)}" if edit.label else "")
        for edit in judged.edits
        if edit.span != "right" or edit.kind == "wrong"
    ]
    lines += [f"  missed: {_described(label, judged)}" for label in judged.missed]
    if lines:
        pair = judged.pair
        print(f"{pair.source} {pair.pair_id} {pair.field} {pair.lang}", *lines, sep="\n")


def _described(label: Label, judged: JudgedPair) -> str:
    old, new = label.spans[0]
    words = f"{_words(judged.pair.old, old)!r} → {_words(judged.pair.new, new)!r}"
    return " or ".join([label.kind, *sorted(label.arguable)]) + " " + words


def _words(text: str, interval: Interval) -> str | None:
    return text[slice(*interval)] if interval else None
