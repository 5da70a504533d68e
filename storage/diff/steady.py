"""Is a text that was left out as page noise the article's after all? Later checks tell: page noise does not last.

Two caches of a publisher disagree for hours about a sentence that was added, and a place in which lines changed at
three checks may have been edited twice. Every later response has such a text, but not an ad or a counter.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from scraper.article import Article
from storage.diff.noise.exclusions import Streak
from storage.diff.noise.pieces import split_lines
from storage.diff.text.visible import fold_digits, visible
from storage.timestamps import parse_instant, to_text

# So many checks in a row, over so long, must show a text in both of their responses. An ad that is in half of all
# responses passes with a chance of 1 in 64. Each time that the text was missing again this takes as long once more.
MIN_STEADY_CHECKS, MIN_STEADY_TIME = 3, timedelta(hours=6)
# A text that was missing again so often comes and goes. No further request asks for it.
MAX_LAPSES = 3


def texts_of(article: Article) -> frozenset[str]:
    """The lines and sentences of an article, as a reader sees them.

    >>> sorted(texts_of(Article("a", "Fire", paragraphs=("It rained. He left.",))))
    ['He left.', 'It rained.', 'It rained. He left.']
    """
    lines = (*(article.dek or "").splitlines(), *article.paragraphs, *article.captions)
    return frozenset(map(visible, lines)) | {piece.text for piece in split_lines(lines)}


def open_texts(streaks: Mapping[str, Streak]) -> frozenset[str]:
    """The texts of which later checks may find that they are the article's.

    Texts that differ in their numbers only are a counter, however long one of them lasts.
    """
    texts = [text for text, streak in streaks.items() if _is_open(streak)]
    counts = Counter(map(fold_digits, streaks)) if texts else Counter()
    return frozenset(text for text in texts if counts[fold_digits(text)] == 1)


def streaks_after(
    streaks: Mapping[str, Streak], shown: Sequence[Collection[str]], *, at: datetime
) -> tuple[Streak, ...]:
    """The streaks that a check changed. `shown` has the texts of each of its responses."""
    changed: list[Streak] = []
    for text in sorted(open_texts(streaks)):
        streak = streaks[text]
        if all(text in texts for texts in shown):
            since = streak.since or to_text(at)
            changed.append(replace(streak, checks=streak.checks + 1, since=since))
        elif streak.checks:
            changed.append(replace(streak, checks=0, since=None, lapses=streak.lapses + 1))
    return tuple(changed)


def is_under_way(streak: Streak) -> bool:
    """Whether the last check showed the text, and the next ones decide."""
    return streak.checks > 0 and _is_open(streak)


def is_ripe(streak: Streak, *, at: datetime) -> bool:
    """Whether the pages have shown a text for long enough."""
    since = parse_instant(streak.since)
    is_old = since is not None and at - since >= MIN_STEADY_TIME * (streak.lapses + 1)
    return is_old and streak.checks >= _min_checks(streak)


def _min_checks(streak: Streak) -> int:
    return MIN_STEADY_CHECKS * (streak.lapses + 1)


def _is_open(streak: Streak) -> bool:
    # Something else keeps a text out that was ripe long ago: no further request asks for it.
    return streak.lapses < MAX_LAPSES and streak.checks < 3 * _min_checks(streak)
