"""Does one response prove what it shows? The doubts about it, with what is stored of the article."""

from schedules.check.confirm.drastic import (
    Doubt,
    broken_off,
    drastic_change,
    garbled_text,
    older_copy,
    sketch_of_addition,
)
from schedules.check.confirm.garbled import is_garbled
from schedules.check.confirm.likeness import is_teaser
from schedules.check.confirm.wrong_page import names_own_address
from schedules.check.observe import Observation, page_of
from schedules.check.previous import Previous
from scraper.article import Article
from scraper.extract.metadata.canonical import claimed_addresses
from scraper.http.completeness import breaks_off
from storage.diff.noise.lone import is_lone_loss
from storage.queries.elsewhere import Elsewhere

TEASER_REASON = "only the beginning of the text is left, on a page that asks to log in or pay"


def doubt_about(
    previous: Previous, old: Article, observation: Observation, new: Article, elsewhere: Elsewhere
) -> Doubt | None:
    """Why one response does not prove a new text; None if it does."""
    if breaks_off_now(previous, observation):
        return broken_off(old, new)
    if is_garbled(old, new):
        return garbled_text(old, new)
    other_url = elsewhere.claimed_url
    if other_url and other_url not in claimed_addresses(previous.page.document):
        return Doubt("another page came", sketch_of_addition(old, new))
    page = page_of(observation)
    claims = claimed_addresses(page.document)
    has_own_address = names_own_address(claims, elsewhere.own_urls)
    doubt = drastic_change(old, new, has_own_address=has_own_address)
    if doubt is None and is_teaser(old, new, page.lines):
        doubt = Doubt(TEASER_REASON, sketch_of_addition(old, new))
    if doubt and not is_lone_loss(previous.page, page):
        return doubt
    headers = previous.state.last_page.last_modified, observation.fetch.last_modified
    return older_copy(old, new, headers)


def doubt_about_second(
    previous: Previous,
    old: Article,
    responses: tuple[Observation, Observation],
    articles: tuple[Article, Article],
    elsewhere: Elsewhere,
) -> Doubt | None:
    """Why a second response proves nothing about what the first shows; None if it does.

    If it is older than the first, one of two caches still has the earlier page: what only one of them
    shows is no page noise. `articles` are what both show with their page noise: a paywall is known by its own words.
    """
    headers = responses[0].fetch.last_modified, responses[1].fetch.last_modified
    return doubt_about(previous, old, responses[1], articles[1], elsewhere) or older_copy(
        articles[0], articles[1], headers
    )


def shows_paywall(previous: Previous, observation: Observation, new: Article) -> bool:
    """Whether a paywall came. A notice that the last page had as well may belong to another story, or to the site."""
    old = previous.state.article
    assert old is not None
    if len(new.body) >= len(old.body):
        return False
    return is_teaser(old, new, page_of(observation).lines - previous.page.lines)


def breaks_off_now(previous: Previous, observation: Observation) -> bool:
    """Whether a page ends in the middle, while the last one did not."""
    page = observation.page
    if page is None or page_of(observation).document.has_closing_tags:
        return False
    return not is_same_page(previous, observation) and (
        breaks_off(page.body) or previous.page.document.has_closing_tags
    )


def is_same_page(previous: Previous, first: Observation) -> bool:
    """Whether the response is the last page to the byte."""
    sha256 = first.fetch.sha256
    return sha256 is not None and sha256 == previous.state.last_page.sha256
