"""Search over all versions and the sentences that left; a pasted address leads to its article."""

from typing import Any

from markupsafe import escape

from scraper.errors import UrlError
from scraper.urls import canonical_url
from storage.articles.aliases import find_article
from storage.database import Database
from storage.diff.render import printable
from storage.search.finding import Found, find, find_deleted, find_departed
from variorum.notify.atom import Entry
from variorum.notify.message import cut
from variorum.web.request import Asked
from variorum.web.response import Page

Row = dict[str, Any]

COLUMNS = (
    "headline", "host", "url", "first_version", "last_version", "latest_version", "deleted", "seen_at", "sentences",
    "article_id", "permalink",
)  # fmt: skip
# What is searched: all versions, those of articles that have the words no more, or the sentences that left.
VERSIONS = "versions"
SEARCHES = {VERSIONS: find, "deleted": find_deleted, "left": find_departed}


def search_page(db: Database, asked: Asked) -> Page:
    """Articles in which the words stand or stood, the newest first."""
    words = asked.text("q") or ""
    among = asked.choice("among", tuple(SEARCHES)) or VERSIONS
    search = SEARCHES[among]
    found = search(db, words, before=asked.number("before")) if words else Found((), None)
    address = _article_at(db, words)
    rows = [
        {**row, "permalink": asked.whole(asked.link(f"article/{row['article_id']}"))}
        for row in found.rows
    ]
    return Page(
        "search.html",
        printable(f"Search: {words}") if words else "Search",
        {"words": words, "found": found.rows, "among": among, "address": address},
        COLUMNS,
        [{**row, "sentences": [_sentence(part) for part in row["sentences"]]} for row in rows],
        {"words": words, "among": among},
        [_entry(row, words) for row in rows],
        asked.this(asked.ending, before=found.before) if found.before else None,
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


def _entry(row: Row, words: str) -> Entry:
    text = "".join(
        f"<p dir='auto'>{escape(printable(_sentence(part)))}</p>" for part in row["sentences"]
    )
    return Entry(
        id=f"urn:variorum:article:{row['article_id']}:version:{row['last_version']}",
        title=cut(printable(f"{row['host']}: {row['headline']}"), 200),
        updated_at=row["seen_at"],
        link=row["permalink"],
        html=text,
    )
