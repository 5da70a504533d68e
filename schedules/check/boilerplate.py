"""The lines of a publisher, taken out of what a fetch showed, and learned from a new article."""

from dataclasses import replace

from schedules.check.observe import Extracted, Observation
from schedules.check.previous import Previous
from scraper.urls import canonical_url, hostname
from storage.articles.stories import shared_lines
from storage.database import Database
from storage.diff.noise.boilerplate import boilerplate_of, without_boilerplate
from storage.diff.noise.shared_lines import learn_lines, story_of


def apart_from_boilerplate(previous: Previous, observation: Observation) -> Observation:
    """The observation as if its page showed no line of the publisher. Pure."""
    if not isinstance(observation.content, Extracted):
        return observation
    article = without_boilerplate(
        observation.content.article, previous.state.exclusions.boilerplate
    )
    return replace(observation, content=replace(observation.content, article=article))


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
