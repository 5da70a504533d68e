"""The lines of a publisher, taken out of what a fetch showed, and learned from a new article."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from schedules.check.observe import Extracted, Observation, Request, page_of
from schedules.check.previous import Previous
from schedules.check.request import observe_on_host
from schedules.hosts.lease import Write, write_at_once
from schedules.hosts.network import Network
from schedules.processes import Reader, WorkEndedError
from scraper.article import Article
from scraper.extract.rules.rule import Rule
from scraper.recognise import Verdict
from scraper.urls import canonical_url, hostname, is_section
from storage.articles.state import ArticleState
from storage.articles.stories import has_stories, shared_lines, teach
from storage.database import Database, write_transaction
from storage.diff.noise.boilerplate import (
    Boilerplate,
    BoilerplateLine,
    boilerplate_of,
    without_boilerplate,
)
from storage.diff.noise.reclassified import removed_and_added
from storage.diff.noise.shared_lines import learn_lines, story_of
from storage.diff.noise.succession import Successors, successors
from storage.diff.text.visible import fold_digits

# So many neighbours of the first article of a host are read.
MAX_SIBLINGS = 3


def apart_from_boilerplate(previous: Previous, observation: Observation) -> Observation:
    """The observation as if its page showed no line of the publisher, nor one that took its place. Pure."""
    if not isinstance(observation.content, Extracted):
        return observation
    article = without_boilerplate(
        observation.content.article, previous.state.exclusions.boilerplate
    )
    found = _successors(previous, observation, article)
    lines = tuple(
        BoilerplateLine(text, articles=(previous.state.url or article.url,), instead_of=earlier)
        for text, earlier in found.proven.items()
    )
    restored = previous.state.exclusions.restored_boilerplate
    lines = tuple(line for line in lines if not restored.holds(line))
    article = without_boilerplate(article, boilerplate_of(lines))
    content = replace(observation.content, article=article)
    return replace(observation, content=content, boilerplate=lines, doubtful_lines=found.doubtful)


async def apart_by(reader: Reader, previous: Previous, observation: Observation) -> Observation:
    """What `apart_from_boilerplate` gives; if two pages must be compared for it, a reader does that."""
    if not _may_have_successors(previous, observation):
        return apart_from_boilerplate(previous, observation)
    previous.page.load()  # the database stays in this thread
    size = len(observation.page.body) if observation.page else 0
    work = partial(apart_from_boilerplate, previous, observation)
    try:
        return await reader.run(work, size=size, about=observation.fetch.url)
    except WorkEndedError as error:
        return replace(observation, content=None, verdict=Verdict("failed", str(error)))


def _may_have_successors(previous: Previous, observation: Observation) -> bool:
    """Whether a line came to the article of a host whose lines are known: it may be in the place of one of them."""
    state, content = previous.state, observation.content
    if not isinstance(content, Extracted) or state.article is None or not _known_lines(state):
        return False
    article = without_boilerplate(content.article, state.exclusions.boilerplate)
    return bool(removed_and_added(state.article, article)[1])


def _known_lines(state: ArticleState) -> Boilerplate:
    """The lines that are the publisher's, or that several stories of the host share."""
    shared = Boilerplate(frozenset(map(fold_digits, state.exclusions.shared)))
    return state.exclusions.boilerplate | shared


async def ask_siblings(
    db: Database,
    network: Network,
    previous: Previous,
    first: Observation,
    *,
    rules: Sequence[Rule],
    write: Write = write_at_once,
) -> None:
    """Let articles that the first article of a host links to teach the host; they are not watched.

    Each is requested once, as robots.txt and the host's slot allow, and no redirect leads to another host. One that fails teaches nothing. `write` may
    write what they teach together with other checks.
    """
    if previous.state.version is not None or not isinstance(first.content, Extracted):
        return
    assert first.page is not None
    url = _article_url(previous, first)
    if has_stories(db, hostname(url)):
        return
    # Feeds take long to import, and only the first article of a host needs the links of its page.
    from scraper.feeds import section_entries

    page = first.page
    work = partial(section_entries, page.body, page.final_url, page.content_type)
    try:
        links = await network.reader.run(work, size=len(page.body), about=page.url)
    except WorkEndedError:  # nobody is asked
        return
    siblings = [link.url for link in links if _may_be_sibling(link.url, url)]
    for sibling in siblings[:MAX_SIBLINGS]:
        if await network.refusal(sibling):
            continue
        answer = await observe_on_host(network, Request(sibling, rules=tuple(rules)))
        if isinstance(answer.content, Extracted):
            await write(_teach, db, answer.content.article, sibling, answer.fetch.fetched_at)


def _teach(db: Database, article: Article, url: str, at: datetime) -> None:
    with write_transaction(db):
        teach(db, article, url, None, at=at)


def _may_be_sibling(link: str, url: str) -> bool:
    """Whether a link on the page of an article may lead to another article of its host."""
    return hostname(link) == hostname(url) and not is_section(link) and link != url


def _article_url(previous: Previous, first: Observation) -> str:
    """The address that a new article will have."""
    assert first.page is not None
    return previous.state.url or canonical_url(first.page.moved_to or first.page.url)


def _successors(previous: Previous, observation: Observation, article: Article) -> Successors:
    """The lines of an article that took the place of a line of the publisher."""
    version, known = previous.state.version, _known_lines(previous.state)
    if version is None or not known:
        return Successors()
    return successors(
        version.article,
        article,
        before=previous.page,
        now=page_of(observation),
        boilerplate=known,
    )


def with_lesson(db: Database, previous: Previous, first: Observation, *, learn: str) -> Observation:
    """The observation of a new article with what it and the earlier stories of its host prove.

    `learn` is one of LEARN_CHOICES.
    """
    is_new = previous.state.version is None
    if learn == "off" or not is_new or not isinstance(first.content, Extracted):
        return first
    url = _article_url(previous, first)
    at = first.fetch.fetched_at
    story = story_of(first.content.article, hostname(url), url, at=at)
    restored = previous.state.exclusions.restored_boilerplate
    story, lines = learn_lines(story, shared_lines(db, story), restored)
    article = without_boilerplate(first.content.article, boilerplate_of(lines))
    content = replace(first.content, article=article)
    return replace(first, content=content, boilerplate=lines, story=story)
