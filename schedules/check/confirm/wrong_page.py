"""Whether an unconfirmed text is certainly not the article's: another page of the host, or the host's own."""

from collections.abc import Collection

from schedules.check.confirm.drastic import Doubt, addresses_with
from scraper.article import Article
from scraper.extract.html.document import Document
from scraper.extract.metadata.canonical import claimed_addresses
from scraper.urls import number_in, site
from storage.diff.siblings.fields import with_fields
from storage.diff.text.sketch import shingles, sketch
from storage.queries.elsewhere import Elsewhere
from storage.vocabulary import FIELDS

# What a page states for machines, where the text that readers see may be right.
STATED_FIELDS = frozenset({"byline", "section", "published_at", "modified_at"})


def refutation(
    doubt: Doubt, page: Document, last_page: Document, elsewhere: Elsewhere
) -> str | None:
    """Why a doubtful text never counts, however long it stays; None if it may."""
    if url := foreign_address(page, last_page, elsewhere.own_urls):
        return f"another page came: it names {url} as its own address"
    if elsewhere.same_headline_url:
        return f"another article came: {elsewhere.same_headline_url}"
    if elsewhere.other_text:
        return f"another article came: its text is at {elsewhere.other_text.url}"
    # Without a sketch nothing is new, and `site_fault` decides.
    is_refutable = doubt.sketch and not doubt.is_own_story
    if urls := addresses_with(doubt.sketch, elsewhere) if is_refutable else ():
        more = f" and {len(urls) - 1} more" if len(urls) > 1 else ""
        return f"{doubt.reason}, and so it is at {urls[0]}{more}: the site is at fault, not this article"
    return None


def why_no_article(doubt: Doubt, old: Article, new: Article, second: Article) -> str | None:
    """Why an unrelated text is none of an article, on a site that signs and dates those; None if it may be.

    `second` is what a second fetch showed, seconds later.
    """
    if not doubt.is_unrelated:
        return None
    if (old.published_at or old.byline) and not (new.published_at or new.byline):
        return f"{doubt.reason}, and it has neither a byline nor a time of publication: it is no article"
    if old.published_at and new.published_at != second.published_at:
        return (
            f"{doubt.reason}, and its time of publication is that of the request: it is no article"
        )
    return None


def without_losses(old: Article, new: Article, elsewhere: Elsewhere) -> Article:
    """The new text; with the fields that it lacks and the old one had, while the host shows it elsewhere.

    A site that serves one article at all its addresses often serves it bare, without what its head states.
    """
    lost = {
        field.name
        for field in FIELDS
        if getattr(old, field.attribute) and not getattr(new, field.attribute)
    }
    # Most edits lose no field, and most hosts show no doubtful text: shingles take longer than a comparison.
    if not lost or not elsewhere.sketches:
        return new
    is_elsewhere = addresses_with(sketch(shingles(new.body)), elsewhere)
    return with_fields(new, old, frozenset(lost)) if is_elsewhere else new


def without_foreign_statements(old: Article, new: Article, other: Article) -> Article:
    """The new text; with the stated fields of the old one if those of the new are another article's.

    A cache may put the statement about one article into the page of another one.
    """
    own = old.published_at, old.byline
    stated, foreign = (new.published_at, new.byline), (other.published_at, other.byline)
    pairs = zip(own, stated, foreign, strict=True)
    if not any(before != now == there for before, now, there in pairs):
        return new
    return with_fields(new, old, STATED_FIELDS)


def foreign_address(page: Document, last_page: Document, own_urls: Collection[str]) -> str | None:
    """The address that a page names as its own, if it is not the article's and the last page did not name it.

    Some sites put one address on all their pages, and some give an article another slug.
    """
    claims = claimed_addresses(page)
    if names_own_address(claims, own_urls):
        return None
    return next((url for url in claims if url not in claimed_addresses(last_page)), None)


def names_own_address(claims: Collection[str], own_urls: Collection[str]) -> bool:
    """Whether one of the addresses that a page names as its own is the article's."""
    return any(_is_variant(claim, own) for claim in claims for own in own_urls)


def _is_variant(one: str, other: str) -> bool:
    """Whether two addresses are of one article: but for the scheme, a slash, a prefix for phones, or a slug."""
    if site(one) == site(other) and number_in(one) and number_in(one) == number_in(other):
        return True
    return _bare(one) == _bare(other)


def _bare(url: str) -> str:
    return site(url) + url.partition("://")[2].partition("/")[2].rstrip("/")
