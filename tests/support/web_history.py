"""Histories for the web tests, and the pages as a visitor gets them."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from datasette.app import Datasette

from scraper.article import Article
from storage.database import Database, open_database
from tests.support.history import HOUR, record_versions
from variorum.web.server import Website, datasette_for

START = datetime(2026, 5, 14, tzinfo=UTC)
HOSTILE_TEXT = "\x1b[2J\u202e<script>alert(1)</script>\"'><img src=x onerror=alert(1)>\x07"


def add_article(
    db: Database,
    url: str,
    host: str,
    versions: list[Article],
    *,
    disclosed: int | None = 0,
    hour: int = 0,
) -> int:
    """Record an article of `host` with these versions, the first one `hour` + 1 hours after START.

    Returns the article's id. `host` need not be the host of `url`.
    """
    first_at = START + (hour + 1) * HOUR
    article_id = record_versions(db, url, versions, first_at=first_at, disclosed=disclosed)
    db.execute("update articles set host = ? where id = ?", [host, article_id])
    return article_id


def many_edits(path: Path, *, articles: int) -> Database:
    """Articles of three publishers, each with a headline and a number that change."""
    db = open_database(path)
    for number in range(articles):
        first_version = Article(f"https://a{number % 3}.example/{number}", f"Mill {number} burns", lang="en",
                      paragraphs=(f"Fire took {number + 10} sheds at the harbour.",))  # fmt: skip
        second_version = Article(first_version.url, f"Mill {number} burnt down", lang="en",
                      paragraphs=(f"Fire took {number + 30} sheds at the harbour.",))  # fmt: skip
        add_article(db, first_version.url, f"a{number % 3}.example", [first_version, second_version], disclosed=(0, 1, None)[number % 3])  # fmt: skip
    return db


def hostile_history(path: Path) -> Database:
    """One article whose publisher means harm."""
    db = open_database(path)
    huge = "말" * 200_000
    texts = [
        Article("javascript:alert(1)", f"{HOSTILE_TEXT} one", dek=HOSTILE_TEXT, byline=(HOSTILE_TEXT,), lang='"><b>',
                paragraphs=(HOSTILE_TEXT, "=cmd|' /C calc'!A0 stands here.", huge), captions=(HOSTILE_TEXT,)),
        Article("javascript:alert(1)", f"{HOSTILE_TEXT} two", dek=HOSTILE_TEXT, byline=(f"+{HOSTILE_TEXT}",), lang='"><b>',
                paragraphs=(f"{HOSTILE_TEXT} and more of it", "=cmd|' /C other'!A0 stands here.", huge[:-1]),
                captions=(HOSTILE_TEXT, "\x07=cmd()", "＝cmd()")),
    ]  # fmt: skip
    add_article(db, "javascript:alert(1)", '"><img src=x>', texts)
    return db


def unusual_history(path: Path) -> Database:
    """An Arabic article, a Hebrew one of which no page says so, one of 200 versions, one of a single word."""
    db = open_database(path)
    arabic = "https://ar.example/1"
    arabic_texts = [
        Article(arabic, f"حريق في المصنع يقتل {deaths} عاملا", dek="رئيس البلدية يعد بتحقيق", lang="ar", paragraphs=texts)
        for deaths, texts in (
            (12, ("قالت الشرطة إن 12 عاملا قتلوا.", "أغلقت المدرسة أبوابها ليوم واحد.", "سيزور الرئيس المكان غدا.")),
            (21, ("سيزور الرئيس المكان غدا.", "قالت الشرطة إن 21 عاملا قتلوا.", "أغلقت المدرسة أبوابها ليوم واحد.")),
        )
    ]  # fmt: skip
    add_article(db, arabic, "ar.example", arabic_texts)
    hebrew = "https://he.example/1"
    hebrew_texts = [Article(hebrew, text, paragraphs=("הגשר נבנה לפני שנים.",)) for text in ("הגשר נסגר", "הגשר נפתח")]  # fmt: skip
    add_article(db, hebrew, "he.example", hebrew_texts, hour=1)
    many_versions_url = "https://often.example/1"
    often_texts = [
        Article(many_versions_url, f"{count} boats are back", lang="en", paragraphs=(f"By now {count}.", "The harbour waits."))
        for count in range(200)
    ]  # fmt: skip
    add_article(db, many_versions_url, "often.example", often_texts, hour=2)
    word, long = "Donaudampfschiff" * 25, "https://long.example/1"
    long_texts = [Article(long, word + end, lang="de", paragraphs=("Kurz.", end + word)) for end in ("e", "en")]  # fmt: skip
    add_article(db, long, "long.example", long_texts, hour=3)
    return db


@contextmanager
def visitor_of(path: Path, **options: Any) -> Iterator["Visitor"]:
    """A visitor of the pages of a database."""
    datasette = datasette_for(Website(path, **options))
    yield Visitor(datasette)
    for database in datasette.databases.values():
        database.close()
    datasette.executor.shutdown()


class Visitor:
    """Requests pages inside this process, as a browser requests them from the server."""

    def __init__(self, datasette: Datasette) -> None:
        self._app = datasette.app()

    def send_request(self, path: str, *, method: str = "GET", **headers: str) -> httpx.Response:
        """The answer to one request."""
        return asyncio.run(self._send_request(method, path, headers))

    async def _send_request(
        self, method: str, path: str, headers: dict[str, str]
    ) -> httpx.Response:
        transport = httpx.ASGITransport(app=self._app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return await client.request(method, path, headers=headers)

    def page(self, path: str) -> str:
        """A page that must be there."""
        answer = self.send_request(path)
        assert answer.status_code == 200, (path, answer.text[-500:])
        return answer.text

    def rows(self, path: str) -> list[dict[str, Any]]:
        """The rows of a view as JSON."""
        rows: list[dict[str, Any]] = json.loads(self.page(path))["rows"]
        return rows
