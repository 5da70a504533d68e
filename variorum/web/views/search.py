"""Full-text search over all versions, or over removed sentences; a pasted address leads to its article."""

from typing import Any

from markupsafe import escape

from scraper.errors import UrlError
from scraper.urls import canonical_url
from storage.articles.aliases import find_article
from storage.database import Database
from storage.diff.render import printable
from storage.search import search
from storage.search.hits import Hit, Scope
from variorum.notify.atom import AtomEntry
from variorum.notify.message import cut
from variorum.web.request import WebRequest
from variorum.web.response import View

SEARCH_COLUMNS = (
    "headline", "host", "url", "first_version", "last_version", "latest_version", "deleted", "seen_at", "removed_at",
    "sentences", "article_id", "permalink",
)  # fmt: skip


def search_page(db: Database, web_request: WebRequest) -> View:
    """The articles that match the request's words, newest first, from its cursor on.

    Raises BadRequestError if the scope or the cursor is none.
    """
    words = web_request.text("q") or ""
    scope = Scope(web_request.choice("scope", tuple(Scope)) or Scope.VERSIONS)
    batch = search(db, words, scope=scope, before=web_request.number("before"))
    older = batch.before and web_request.self_url(web_request.ending, before=batch.before)
    return View(
        template="search.html",
        title=printable(f"Search: {words}") if words else "Search",
        variables=lambda: {
            "words": words,
            "hits": batch.rows,
            "scope": scope,
            "article_at_address": _article_at(db, words),
        },
        columns=SEARCH_COLUMNS,
        rows=lambda: [_hit_row(hit, web_request) for hit in batch.rows],
        document=lambda: {"words": words, "scope": scope},
        entries=lambda: [_hit_entry(hit, web_request) for hit in batch.rows],
        older_url=older or None,
    )


def _article_at(db: Database, words: str) -> int | None:
    """The id of the article whose address was typed instead of words."""
    if "://" not in words:
        return None
    try:
        return find_article(db, canonical_url(words))
    except UrlError:
        return None


def _hit_row(hit: Hit, web_request: WebRequest) -> dict[str, Any]:
    """A hit as programs read it: the columns of SEARCH_COLUMNS."""
    return {
        "headline": hit.headline,
        "host": hit.host,
        "url": hit.url,
        "first_version": hit.first.number,
        "last_version": hit.last.number,
        "latest_version": hit.latest_version,
        "deleted": int(hit.is_deleted),
        "seen_at": hit.last.seen_at,
        "removed_at": hit.removed_at,
        "sentences": [sentence.text for sentence in hit.sentences],
        "article_id": hit.article_id,
        "permalink": _article_link(hit, web_request),
    }


def _article_link(hit: Hit, web_request: WebRequest) -> str:
    return web_request.absolute(web_request.url_for(f"article/{hit.article_id}"))


def _hit_entry(hit: Hit, web_request: WebRequest) -> AtomEntry:
    paragraphs = [f"<p dir='auto'>{escape(printable(part.text))}</p>" for part in hit.sentences]
    return AtomEntry(
        id=f"urn:variorum:article:{hit.article_id}:version:{hit.last.number}",
        title=cut(printable(f"{hit.host}: {hit.headline}"), 200),
        updated_at=hit.removed_at or hit.last.seen_at,
        link=_article_link(hit, web_request),
        html="".join(paragraphs),
    )
