"""Texts that were left out as page noise, and that later checks show steadily: they count as the article's again. Pure."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from itertools import pairwise

from schedules.check.observe import Extracted, Observation, Unchanged
from schedules.check.previous import Previous
from scraper.article import Article
from storage.articles.result import CheckResult
from storage.articles.state import COMPARED_OUTCOMES
from storage.diff.noise.exclusions import PARAGRAPH_BREAK, Streak, without_noise
from storage.diff.steady import excluded_with, is_ripe, is_under_way, streaks_after, texts_of
from storage.diff.text.visible import visible

STEADY_REASON = (
    "every fetch of {checks} checks showed a text of the article that was left out as page noise"
)


def may_count_again(previous: Previous, first: Observation) -> bool:
    """Whether the first fetch shows a text that is left out, so that a second one must show it, too."""
    if not previous.state.exclusions.streaks or not isinstance(first.content, Extracted):
        return False
    at = first.fetch.fetched_at
    streaks = streaks_after(previous.state.exclusions, [texts_of(first.content.article)], at=at)
    return any(is_under_way(streak) or is_ripe(streak, at=at) for streak in streaks)


def with_steady_texts(
    previous: Previous,
    result: CheckResult,
    first: Observation,
    second: Observation | None,
    decide_again: Callable[[Previous], CheckResult],
) -> CheckResult:
    """The result, and what it says about the texts that are left out.

    The texts that were shown for long enough are withdrawn from the page noise, and the check is decided again with
    them. What an earlier version held comes back in a technical version, once nothing else changed: it is no edit.
    """
    result = _with_origins(previous, result)
    if result.outcome not in COMPARED_OUTCOMES or not previous.state.exclusions.streaks:
        return result
    result = replace(result, streaks=_streaks(previous, first, second))
    at = first.fetch.fetched_at
    ripe = tuple(streak for streak in result.streaks if is_ripe(streak, at=at))
    if not ripe or not isinstance(first.content, Extracted):
        return result
    if second is None:  # the page shows the stored text
        stored = _texts_in(previous.state.article)
        ripe = tuple(one for one in ripe if _shown(one) <= stored)
        texts = (excluded_with(one, previous.state.exclusions) for one in ripe)
        return _withdrawn(previous, result, frozenset().union(*texts), ripe)
    if stored_texts := tuple(one for one in ripe if one.was_stored and one.reading is None):
        if result.outcome == "unchanged" and not result.pending:
            return _with_stored_texts(previous, result, first, stored_texts)
        ripe = tuple(one for one in ripe if one not in stored_texts)
    return _with_edits(previous, result, first, ripe, decide_again)


def _with_edits(
    previous: Previous,
    result: CheckResult,
    first: Observation,
    ripe: Sequence[Streak],
    decide_again: Callable[[Previous], CheckResult],
) -> CheckResult:
    """The check decided again with these texts as the article's."""
    if not ripe:
        return result
    texts = _with_replaced_texts(previous, first, ripe)
    exclusions = previous.state.exclusions.without(texts)
    again = decide_again(replace(previous, state=replace(previous.state, exclusions=exclusions)))
    if again.outcome not in COMPARED_OUTCOMES:  # another doubt; the next check tries again
        return result
    again = replace(_with_origins(previous, again), streaks=result.streaks)
    return _withdrawn(previous, again, texts, ripe)


def _withdrawn(
    previous: Previous, result: CheckResult, texts: Collection[str], ripe: Sequence[Streak]
) -> CheckResult:
    """The result by which those of the texts that are left out count again, each with the streak that proves it."""
    exclusions = previous.state.exclusions
    withdrawn = exclusions.volatile.intersection(texts)
    proofs = {text: one for one in ripe for text in excluded_with(one, exclusions)}
    others = withdrawn & exclusions.streaks.keys() - {one.text for one in result.streaks}
    streaks = (
        replace(proofs.get(text, exclusions.streaks[text]), text=text) for text in sorted(others)
    )
    return replace(result, streaks=(*result.streaks, *streaks), withdrawn=tuple(sorted(withdrawn)))


def _with_stored_texts(
    previous: Previous, result: CheckResult, first: Observation, stored: tuple[Streak, ...]
) -> CheckResult:
    """The check with a technical version in which these texts are again."""
    version, content = previous.state.version, first.content
    assert version is not None
    assert isinstance(content, Extracted)
    texts = tuple(streak.text for streak in stored)
    shown = without_noise(content.article, previous.state.exclusions.without(texts))
    article = replace(
        version.article, dek=shown.dek, paragraphs=shown.paragraphs, captions=shown.captions
    )
    result = replace(result, withdrawn=texts)
    if article == version.article:
        return result
    reason = STEADY_REASON.format(checks=max(streak.checks for streak in stored))
    return replace(result, outcome="technical", article=article, technical=article, reason=reason)


def _with_replaced_texts(
    previous: Previous, first: Observation, ripe: Sequence[Streak]
) -> frozenset[str]:
    """The texts that count again, and those of the stored version that they replaced in their place."""
    assert isinstance(first.content, Extracted)
    exclusions = previous.state.exclusions
    texts = {text for streak in ripe for text in excluded_with(streak, exclusions)}
    lines = ["", *map(visible, first.content.article.paragraphs)]
    places = {streak.after for streak in ripe}
    places |= {before for before, line in pairwise(lines) if any(text in line for text in texts)}
    stored = _texts_in(previous.state.article)
    return frozenset(texts).union(
        streak.text
        for streak in exclusions.streaks.values()
        if streak.after is not None and streak.after in places
        if not streak.checks and streak.text in stored
    )


def _with_origins(previous: Previous, result: CheckResult) -> CheckResult:
    """The result whose page noise says whether the version before held it."""
    if not result.page_noise:
        return result
    stored = _texts_in(previous.state.article)
    noise = (replace(one, was_stored=one.text in stored) for one in result.page_noise)
    return replace(result, page_noise=tuple(noise))


def _streaks(
    previous: Previous, first: Observation, second: Observation | None
) -> tuple[Streak, ...]:
    """The streaks that the responses of a check changed; a response without an article says nothing."""
    shown: list[Collection[str]] = []
    if isinstance(first.content, Unchanged):
        shown.append(previous.page.text)
    shown += [
        texts_of(observation.content.article)
        for observation in (first, second)
        if observation and isinstance(observation.content, Extracted)
    ]
    if not shown:
        return ()
    return streaks_after(previous.state.exclusions, shown, at=first.fetch.fetched_at)


def _texts_in(article: Article | None) -> frozenset[str]:
    return texts_of(article) if article else frozenset()


def _shown(streak: Streak) -> frozenset[str]:
    """The texts that the pages show steadily."""
    return frozenset((streak.reading or streak.text).split(PARAGRAPH_BREAK))
