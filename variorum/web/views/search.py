"""Search over all versions and the sentences that left; a pasted address leads to its article."""

from typing import Any

from markupsafe import escape

from scraper.errors import UrlError
from scraper.urls import canonical_url
from storage.articles.aliases import find_article
from storage.database import Database
from storage.diff.render import printable
from storage.search.finding import SearchBatch, search_deleted, search_removed, search_versions
from variorum.notify.atom import AtomEntry
from variorum.notify.message import cut
from variorum.web.request import WebRequest
from variorum.web.response import View

Row = dict[str, Any]

SEARCH_COLUMNS = (
    "headline", "host", "url", "first_version", "last_version", "latest_version", "deleted", "seen_at", "sentences",
    "article_id", "permalink",
)  # fmt: skip
# What is searched: all versions, those of articles that have the words no more, or the sentences that left.
DEFAULT_SCOPE = "versions"
SEARCHES_BY_SCOPE = {
    DEFAULT_SCOPE: search_versions,
    "deleted": search_deleted,
    "left": search_removed,
}


def search_page(db: Database, web_request: WebRequest) -> View:
    """Articles in which the words stand or stood, the newest first."""
    words = web_request.text("q") or ""
    scope = web_request.choice("among", tuple(SEARCHES_BY_SCOPE)) or DEFAULT_SCOPE
    search = SEARCHES_BY_SCOPE[scope]
    batch = (
        search(db, words, before=web_request.number("before")) if words else SearchBatch((), None)
    )
    address_article_id = _article_at(db, words)
    rows = [
        {
            **row,
            "permalink": web_request.absolute(web_request.url_for(f"article/{row['article_id']}")),
        }
        for row in batch.rows
    ]
    return View(
        "search.html",
        printable(f"Search: {words}") if words else "Search",
        {"words": words, "found": batch.rows, "among": scope, "address": address_article_id},
        SEARCH_COLUMNS,
        [{**row, "sentences": [_sentence(part) for part in row["sentences"]]} for row in rows],
        {"words": words, "among": scope},
        [_entry(row, words) for row in rows],
        web_request.self_url(web_request.ending, before=batch.before) if batch.before else None,
    )  # fmt: skip


def _article_at(db: Database, words: str) -> int | None:
    """The article under an address that was typed instead of words."""
    if "://" not in words:
        return None
    try:
        return find_article(db, canonical_url(words))
    except UrlError:
        return None


def _sentence(part: str | Row) -> str:
    return part if isinstance(part, str) else str(part["sentence"])


def _entry(row: Row, words: str) -> AtomEntry:
    text = "".join(
        f"<p dir='auto'>{escape(printable(_sentence(part)))}</p>" for part in row["sentences"]
    )
    return AtomEntry(
        id=f"urn:variorum:article:{row['article_id']}:version:{row['last_version']}",
        title=cut(printable(f"{row['host']}: {row['headline']}"), 200),
        updated_at=row["seen_at"],
        link=row["permalink"],
        html=text,
    )
