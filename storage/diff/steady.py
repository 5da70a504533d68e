"""Is a text that was left out as page noise the article's after all? Later checks tell: page noise does not last.

Two caches of a publisher disagree for hours about a sentence that was added, and a place in which lines changed at
three checks may have been edited twice. Every later response has such a text, but not an ad or a counter. A number
that was edited twice within seconds, at two checks, stays the same from then on; that of a counter does not.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from scraper.article import Article
from storage.diff.noise.exclusions import PARAGRAPH_BREAK, Exclusions, Streak
from storage.diff.noise.pieces import split_lines
from storage.diff.text.visible import fold_digits, visible
from storage.timestamps import parse_instant, to_text

# So many checks in a row, over so long, must show a text in both of their responses. An ad that is in half of all
# responses passes with a chance of 1 in 64. Each time that the text was missing again this takes as long once more.
MIN_STEADY_CHECKS, MIN_STEADY_TIME = 3, timedelta(hours=6)
# But no longer than this: else who lets a text come and go for some days hides it for good.
MAX_STEADY_CHECKS, MAX_STEADY_TIME = 12, timedelta(days=7)
# A text that was missing again so often comes and goes. A further request asks for it only when it may count.
MAX_LAPSES_ASKED_FOR = 3


def texts_of(article: Article) -> frozenset[str]:
    """The lines and sentences of an article, as a reader sees them.

    >>> sorted(texts_of(Article("a", "Fire", paragraphs=("It rained. He left.",))))
    ['He left.', 'It rained.', 'It rained. He left.']
    """
    lines = (*(article.dek or "").splitlines(), *article.paragraphs, *article.captions)
    return frozenset(map(visible, lines)) | {piece.text for piece in split_lines(lines)}


def streaks_after(
    exclusions: Exclusions, shown: Sequence[Collection[str]], *, at: datetime
) -> tuple[Streak, ...]:
    """The streaks that a check changed. `shown` has the texts of each of its responses."""
    ticking = exclusions.ticking
    changed: list[Streak] = []
    for text, streak in sorted(exclusions.streaks.items()):
        if fold_digits(text) in ticking:
            continue
        if all(text in texts for texts in shown):
            changed.append(_longer(streak, at))
        elif streak.checks:
            changed.append(_ended(streak))
    for streak in _counters(exclusions, ticking):
        readings = {_reading(streak.text, texts) for texts in shown}
        reading = readings.pop() if len(readings) == 1 else ""
        if reading and reading == streak.reading:
            changed.append(_longer(streak, at))
        elif reading:
            changed.append(replace(_longer(_ended(streak), at), reading=reading))
        elif streak.checks:
            changed.append(replace(_ended(streak), reading=None))
    return tuple(changed)


def _counters(exclusions: Exclusions, ticking: frozenset[str]) -> Iterator[Streak]:
    """One streak for each counter: that which has lasted or lapsed. What siblings show is the publisher's for good."""
    shared = set(map(fold_digits, exclusions.shared))
    for folded in sorted(ticking - shared):
        streaks = [one for one in exclusions.streaks.values() if fold_digits(one.text) == folded]
        if streaks:
            yield max(streaks, key=lambda one: (one.reading is not None, one.lapses, one.text))


def _reading(text: str, texts: Collection[str]) -> str:
    """What a response has of a counter: `text` with the numbers that it has there, "" for nothing."""
    folded = fold_digits(text)
    return PARAGRAPH_BREAK.join(sorted(other for other in texts if fold_digits(other) == folded))


def _longer(streak: Streak, at: datetime) -> Streak:
    return replace(streak, checks=streak.checks + 1, since=streak.since or to_text(at))


def _ended(streak: Streak) -> Streak:
    return replace(streak, checks=0, since=None, lapses=streak.lapses + bool(streak.checks))


def excluded_with(streak: Streak, exclusions: Exclusions) -> frozenset[str]:
    """The texts that count again with that of a streak: all numbers of a counter, and what it shows now."""
    if streak.reading is None:
        return frozenset((streak.text,))
    folded = fold_digits(streak.text)
    texts = (text for text in exclusions.volatile if fold_digits(text) == folded)
    return frozenset(texts).union(streak.reading.split(PARAGRAPH_BREAK))


def is_under_way(streak: Streak) -> bool:
    """Whether the last check showed the text, and the next ones decide; counters and what lapsed often have time."""
    return streak.checks > 0 and streak.reading is None and streak.lapses < MAX_LAPSES_ASKED_FOR


def is_ripe(streak: Streak, *, at: datetime) -> bool:
    """Whether the pages have shown a text for long enough."""
    since = parse_instant(streak.since)
    times = streak.lapses + 1
    min_time = min(MIN_STEADY_TIME * times, MAX_STEADY_TIME)
    min_checks = min(MIN_STEADY_CHECKS * times, MAX_STEADY_CHECKS)
    return since is not None and at - since >= min_time and streak.checks >= min_checks
