"""Is this an article we have? A page under a new address may show one that is stored already.

Of the addresses of an article, its own is the one that its pages name. What was found under a copy for
AMP or for print moves there, once a request has shown the article there.
"""

from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from schedules.cadence import CheckRate
from schedules.check.confirm.likeness import keeps_numbers
from schedules.check.observe import Extracted, Observation
from schedules.check.previous import Previous, load_previous, load_previous_with
from schedules.check.schedule import with_next_check
from schedules.processes import Reader
from scraper.article import Article
from scraper.extract.rules.rule import Rule
from scraper.urls import canonical_url, hostname, number_in, site, without_copy_mark
from storage.articles.aliases import declaring_article_url
from storage.articles.result import Addresses, CheckResult
from storage.database import Database
from storage.diff import compare
from storage.diff.noise.exclusions import without_noise
from storage.diff.text.tokens import tokens
from storage.queries.articles import article_urls_with_number

# Two texts that share this much of their words are one article.
MIN_SAME_ARTICLE_SHARE = 0.5
# Two addresses with the same number show one article if this share of paragraphs is identical.
MIN_SAME_TEXT_SHARE = 0.6


def shared_words(one: Article, other: Article) -> float:
    """The share of their bodies' words that two articles have in common, 0 to 1, in linear time.

    The Sørensen–Dice coefficient of the two multisets of words.
    """
    left, right = tokens(one.body), tokens(other.body)
    common = Counter(left) & Counter(right)
    return 2 * common.total() / ((len(left) + len(right)) or 1)


def is_same_article(one: Article, other: Article) -> bool:
    """Whether two addresses show one article: their bodies have mostly the same words, and numbers in common.

    Two stories of one newsroom may repeat each other's sentences, about other places and with other numbers.
    """
    shorter, longer = sorted((one.body, other.body), key=len)
    return shared_words(one, other) >= MIN_SAME_ARTICLE_SHARE and keeps_numbers(shorter, longer)


def is_same_text(one: Article, other: Article) -> bool:
    """Whether most paragraphs are identical; of two stories made from one template they are not."""
    own_paragraphs, other_paragraphs = set(one.paragraphs), set(other.paragraphs)
    return len(own_paragraphs & other_paragraphs) >= MIN_SAME_TEXT_SHARE * max(
        len(own_paragraphs), len(other_paragraphs), 1
    )


# Asks for what is stored under an address, is sent it, and gives the observation and the stored article.
SameArticleQuery = Generator[str, Previous, tuple[Observation, Previous | None]]


def find_same_article(
    db: Database, first: Observation, rules: Sequence[Rule]
) -> tuple[Observation, Previous | None]:
    """What `same_article` gives, with all that is stored read in this process."""
    query = same_article(db, first)
    try:
        address = next(query)
        while True:
            address = query.send(load_previous(db, address, rules))
    except StopIteration as end:
        return end.value  # type: ignore[no-any-return] # what the query returns


async def find_same_article_with(
    reader: Reader, db: Database, first: Observation, rules: Sequence[Rule]
) -> tuple[Observation, Previous | None]:
    """What `same_article` gives, with stored pages read by a reader."""
    query = same_article(db, first)
    try:
        address = next(query)
        while True:
            address = query.send(await load_previous_with(reader, db, address, rules))
    except StopIteration as end:
        return end.value  # type: ignore[no-any-return] # what the query returns


def same_article(db: Database, first: Observation) -> SameArticleQuery:
    """The stored article that a page under a new address shows; None if there is none.

    A redirect proves it. A canonical link, in either direction, or the same number on the same host
    proves it only together with the same text: some sites put one link on all their pages.
    The observation comes back without its link if that leads to another article.
    """
    content = first.content
    if not isinstance(content, Extracted) or first.page is None:
        return first, None
    final = canonical_url(first.page.final_url)
    same_number_urls = article_urls_with_number(db, hostname(final), number_in(final))
    for target in _candidate_urls(db, first, final, same_number_urls):
        previous = yield target
        if previous.state.article is None:
            continue
        is_same = is_same_text if target in same_number_urls else is_same_article
        if target == final or is_same(previous.state.article, content.article):
            return first, previous
        if target == first.link:
            first = replace(first, link=None)
    return first, None


def _candidate_urls(
    db: Database, first: Observation, final: str, same_number_urls: Sequence[str]
) -> Iterator[str]:
    """The addresses under which the article may be stored, the surest first, each once."""
    requested = canonical_url(first.fetch.url)
    # An article of another site may name any address as its own.
    declaring_urls = [
        declaring_url
        for url in (requested, final, first.link)
        if url
        and (declaring_url := declaring_article_url(db, url))
        and site(declaring_url) == site(url)
    ]
    urls = [
        final,
        first.link,
        first.origin,
        without_copy_mark(final),
        *declaring_urls,
        *same_number_urls,
    ]
    yield from dict.fromkeys(url for url in urls if url)


def is_own_page(db: Database, observation: Observation, stored_url: str) -> bool:
    """Whether a page is the article's own, and what is stored under `stored_url` a copy that names it."""
    assert observation.page is not None
    own_url = canonical_url(observation.page.final_url)
    return (
        own_url != stored_url
        and site(own_url) == site(stored_url)
        and declaring_article_url(db, own_url) == stored_url
        and observation.link in (None, own_url)
    )


def move_to_own_address(
    previous: Previous, own_page: Observation, *, now: datetime, check_rate: CheckRate
) -> CheckResult:
    """The check that moves an article to its own address, where `own_page` shows it.

    A copy may read otherwise. That is no edit: the text of the own page becomes a technical version.
    """
    state, content, page = previous.state, own_page.content, own_page.page
    assert state.version is not None
    assert page is not None
    stored = state.version.article
    article = content.article if isinstance(content, Extracted) else stored
    article = without_noise(article, state.exclusions)
    own_url = canonical_url(page.final_url)
    result = CheckResult(
        url=own_page.fetch.url,
        outcome="moved",
        fetches=(own_page.fetch,),
        article_id=state.article_id,
        reason=f"moved to {own_url}, the article's own address",
        status="active" if state.status == "gone" else None,
        base_version=state.version.number,
        article=article if compare(stored, article) else None,
        shows_version=True,
        addresses=Addresses(article_url=own_url),
    )
    return with_next_check(state, result, now=now, wait=None, check_rate=check_rate)
