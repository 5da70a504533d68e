"""Histories for the web tests, and the pages as a visitor gets them."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from datasette.app import Datasette

from scraper.article import Article
from storage.articles.edits import edit_row, insert_edit
from storage.articles.versions import insert_version
from storage.database import Database, open_database, write_transaction
from storage.diff import compare
from storage.diff.disclosure import Disclosure
from variorum.web.server import Website, datasette_for

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
    """An article with these versions, an hour apart from `hour` on, and the edits between them; gives its id."""
    with write_transaction(db):
        article_id = int(
            db.execute(
                "insert into articles (url, host, headline, first_seen_at, checked_at, changed_at, next_check_at,"
                " next_check_reason, latest_version) values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [url, host, versions[-1].headline, _at(hour), _at(hour + len(versions)),
                 _at(hour + len(versions)), _at(hour + 50), "asked for", len(versions)],
            ).lastrowid
            or 0
        )  # fmt: skip
        for number, version in enumerate(versions, 1):
            at = _at(hour + number)
            insert_version(db, version, article_id, number, at, "3", None)
            db.execute(
                "insert into fetches (article_id, url, fetched_at, outcome) values (?, ?, ?, ?)",
                [article_id, url, at, "edited" if number > 1 else "new"],
            )
            for edit in compare(versions[number - 2], version) if number > 1 else ():
                disclosure = Disclosure(disclosed, None)
                row = edit_row(edit, article_id=article_id, number=number, seen_after=_at(hour + number - 1),
                               seen_at=at, disclosure=disclosure)  # fmt: skip
                insert_edit(db, row)
    return article_id


def _at(hour: int) -> str:
    return f"2026-05-{14 + hour // 24}T{hour % 24:02}:00:00.000Z"


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
    """Asks for pages inside this process, as the server would be asked."""

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
