"""Full-text search: what it finds and shows, and that the command line and the web pages agree."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from click.testing import CliRunner
from sqlite_utils import Database

from scraper.article import Article
from storage.database import open_database, open_existing
from storage.search import first_hits, search
from storage.search.hits import Hit, Scope
from tests.support.web_history import add_article, visitor_of
from variorum.cli import main

URL = "https://a.example/1"
CAFE, ARRESTED = "The Café on the quay closed.", "Two people were arrested."


@pytest.fixture
def quay_path(tmp_path: Path) -> Path:
    """A database with one article, whose second sentence was removed, restored and removed again."""
    path = tmp_path / "variorum.db"
    texts = ((CAFE, ARRESTED), (CAFE,), (CAFE, ARRESTED), (CAFE,))
    db = open_database(path)
    add_article(db, URL, "a.example", [Article(URL, "Quay", paragraphs=text) for text in texts])
    db.close()
    return path


@pytest.fixture
def quay(quay_path: Path) -> Iterator[Database]:
    db = open_existing(quay_path)
    yield db
    db.close()


SHOWN_SENTENCES: dict[str, list[list[str]]] = {
    "cafe": [[CAFE]],
    "CAFÉ closed": [[CAFE]],
    "arrested": [[ARRESTED]],
    "quay arrested": [[CAFE, ARRESTED]],
    "arrest": [],
    "clos": [],
}


@pytest.mark.parametrize("words", SHOWN_SENTENCES)
def test_the_command_line_and_the_web_page_show_the_same_sentences(
    quay_path: Path, words: str
) -> None:
    command = ["--db", str(quay_path), "search", words]
    shown = CliRunner().invoke(main, command).stdout
    lines = CliRunner().invoke(main, [*command, "--json"]).stdout.splitlines()
    assert [json.loads(line)["sentences"] for line in lines] == SHOWN_SENTENCES[words]
    with visitor_of(quay_path) as visitor:
        rows = visitor.rows(f"/search.json?q={quote(words)}")
        page = re.sub("</?mark>", "", visitor.page(f"/search?q={quote(words)}"))
    assert [row["sentences"] for row in rows] == SHOWN_SENTENCES[words]
    for sentence in (CAFE, ARRESTED):
        is_expected = any(sentence in sentences for sentences in SHOWN_SENTENCES[words])
        assert (f"  {sentence}\n" in shown) == is_expected
        assert (sentence in page) == is_expected


def only_hit(db: Database, words: str, scope: Scope) -> Hit:
    (hit,) = search(db, words, scope=scope).rows
    return hit


def test_a_hit_has_the_versions_with_the_words_and_when_the_words_were_removed(
    quay: Database,
) -> None:
    hit = only_hit(quay, "arrested", Scope.VERSIONS)
    assert (hit.first.number, hit.last.number, hit.latest_version) == (1, 3, 4)
    assert hit.is_deleted
    assert hit.removed_at == "2026-05-14T04:00:00.000Z"
    assert only_hit(quay, "arrested", Scope.DELETED) == hit


def test_words_in_the_latest_version_are_not_removed(quay: Database) -> None:
    hit = only_hit(quay, "cafe", Scope.VERSIONS)
    assert (hit.is_deleted, hit.removed_at) == (False, None)
    assert search(quay, "cafe", scope=Scope.DELETED).rows == ()


def test_a_search_for_removed_sentences_says_when_each_was_removed(quay: Database) -> None:
    hit = only_hit(quay, "arrested", Scope.SENTENCES)
    assert [(part.text, part.removed_version) for part in hit.sentences] == [
        (ARRESTED, 4),
        (ARRESTED, 2),
    ]
    assert hit.removed_at == hit.sentences[0].removed_at == "2026-05-14T04:00:00.000Z"


def test_batches_give_the_same_hits_as_one_search(tmp_path: Path) -> None:
    db = open_database(tmp_path / "many.db")
    for number in range(7):
        url = f"https://a.example/{number}"
        versions = [Article(url, "Quay", paragraphs=(f"Boat {n} sank.",)) for n in range(3)]
        add_article(db, url, "a.example", versions)
    hits, before = list[Hit](), None
    while len(hits) < 20:
        batch = search(db, "sank", before=before, limit=2)
        hits += batch.rows
        before = batch.before
        if before is None:
            break
    assert [hit.article_id for hit in hits] == [7, 6, 5, 4, 3, 2, 1]
    assert {hit.url for hit in first_hits(db, "sank")} == {hit.url for hit in hits}
    db.close()
