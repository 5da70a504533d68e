"""The lines of a publisher, taken out of what a fetch showed, and learned from a new article."""

from dataclasses import replace

from schedules.check.observe import Extracted, Observation, page_of
from schedules.check.previous import Previous
from scraper.article import Article
from scraper.urls import canonical_url, hostname
from storage.articles.stories import shared_lines
from storage.database import Database
from storage.diff.noise.boilerplate import (
    BoilerplateLine,
    boilerplate_of,
    without_boilerplate,
)
from storage.diff.noise.shared_lines import learn_lines, story_of
from storage.diff.noise.succession import successors


def apart_from_boilerplate(previous: Previous, observation: Observation) -> Observation:
    """The observation as if its page showed no line of the publisher, nor one that took its place. Pure."""
    if not isinstance(observation.content, Extracted):
        return observation
    article = without_boilerplate(
        observation.content.article, previous.state.exclusions.boilerplate
    )
    lines = _succeeding_lines(previous, observation, article)
    article = without_boilerplate(article, boilerplate_of(lines))
    content = replace(observation.content, article=article)
    return replace(observation, content=content, boilerplate=lines)


def _succeeding_lines(
    previous: Previous, observation: Observation, article: Article
) -> tuple[BoilerplateLine, ...]:
    """The lines of an article that took the place of a line of the publisher."""
    exclusions, version = previous.state.exclusions, previous.state.version
    if version is None or not exclusions.boilerplate:
        return ()
    found = successors(
        version.article,
        article,
        before=previous.page,
        now=page_of(observation),
        boilerplate=exclusions.boilerplate,
    )
    lines = (
        BoilerplateLine(text, articles=(version.article.url,), instead_of=earlier)
        for text, earlier in found.items()
    )
    return tuple(line for line in lines if not exclusions.restored_boilerplate.holds(line))


def with_lesson(db: Database, previous: Previous, first: Observation, *, learn: str) -> Observation:
    """The observation of a new article with what it and the earlier stories of its host prove.

    `learn` is one of LEARN_CHOICES.
    """
    is_new = previous.state.version is None
    if learn == "off" or not is_new or not isinstance(first.content, Extracted):
        return first
    assert first.page is not None
    url = previous.state.url or canonical_url(first.page.moved_to or first.page.url)
    story = story_of(first.content.article, hostname(url), url)
    restored = previous.state.exclusions.restored_boilerplate
    story, lines = learn_lines(story, shared_lines(db, story), restored)
    article = without_boilerplate(first.content.article, boilerplate_of(lines))
    content = replace(first.content, article=article)
    return replace(first, content=content, boilerplate=lines, story=story)
