"""Writing and reading the history, in a real SQLite file."""

import sqlite3
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlite_utils import Database

from scraper.article import Article
from storage.articles import record
from storage.articles.load import article_state
from storage.articles.result import CheckResult, Fetch
from storage.articles.watch import erase_article, stop_watching
from storage.database import open_database, open_existing, write_transaction
from storage.diff import compare
from storage.errors import ConflictError, DatabaseError, NotFoundError
from storage.queries import articles as queries
from storage.queries.edits import matching_edits
from storage.queries.health import integrity
from storage.search import first_hits
from storage.search.hits import Scope
from storage.search.tokens import all_words_query, bigrams
from storage.snapshots.store import MAX_DELTA_CHAIN, Snapshot, load_snapshot, store_snapshot
from tests.support.history import record_versions

URL = "https://example.org/news/1"
NOON = datetime(2026, 5, 14, 12, tzinfo=UTC)
FIRST_ARTICLE = Article(
    URL,
    "중국, 인공지능 개발서 맹추격",
    paragraphs=("정부는 12명이 참석했다고 밝혔다.", "회의는 서울에서 열렸다."),
)
SECOND_ARTICLE = replace(
    FIRST_ARTICLE, paragraphs=("정부는 21명이 참석했다고 밝혔다.", "회의는 서울에서 열렸다.")
)


def check_result(
    article: Article | None,
    *,
    minute: int = 0,
    base: int | None = None,
    before: Article | None = None,
) -> CheckResult:
    at = NOON.replace(minute=minute)
    fetch = Fetch(
        URL,
        at,
        200,
        size=7,
        snapshot=Snapshot(f"<p>{minute}".encode(), {"content-type": "text/html"}),
    )
    edits = compare(before, article) if before and article else ()
    outcome = "unchanged" if article is None else "edited" if before else "new"
    return CheckResult(URL, outcome, (fetch,), article=article, base_version=base, edits=edits)


def test_a_new_article_gets_version_one_and_no_edits(db: Database) -> None:
    result = record(db, check_result(FIRST_ARTICLE), extractor="1")
    assert (result.version, result.previous_version, result.edit_ids) == (1, None, ())
    assert article_state(db, URL).article == FIRST_ARTICLE


def test_an_edit_is_stored_with_the_times_of_the_checks_around_it(db: Database) -> None:
    record(db, check_result(FIRST_ARTICLE), extractor="1")
    record(db, check_result(None, minute=5, base=1), extractor="1")
    record(db, check_result(SECOND_ARTICLE, minute=9, base=1, before=FIRST_ARTICLE), extractor="1")
    (edit,) = matching_edits(db)
    assert (edit["old"], edit["new"], edit["kind"]) == ("12명", "21명", "number")
    assert (edit["seen_after"], edit["seen_at"]) == (
        "2026-05-14T12:05:00.000Z",
        "2026-05-14T12:09:00.000Z",
    )


def test_an_unchanged_check_adds_no_version(db: Database) -> None:
    record(db, check_result(FIRST_ARTICLE), extractor="1")
    record(db, check_result(None, minute=5, base=1), extractor="1")
    assert db["versions"].count == 1
    assert db["fetches"].count == 2


@pytest.mark.parametrize("outcome", ["failed", "blocked", "refused", "gone"])
def test_a_check_without_an_article_does_not_say_that_the_version_was_seen(
    db: Database, outcome: str
) -> None:
    record(db, check_result(FIRST_ARTICLE), extractor="1")
    record(db, replace(check_result(None, minute=5, base=1), outcome=outcome), extractor="1")
    assert db.execute("select last_seen_at from versions").fetchone() == (
        "2026-05-14T12:00:00.000Z",
    )


def test_a_page_after_a_failure_is_stored_as_a_difference_from_the_last_page(db: Database) -> None:
    record(db, check_result(FIRST_ARTICLE), extractor="1")
    failure = Fetch(URL, NOON.replace(minute=5))
    record(db, CheckResult(URL, "failed", (failure,), 1, base_version=1), extractor="1")
    record(db, check_result(None, minute=9, base=1), extractor="1")
    assert db.execute("select base_id from snapshots order by id").fetchall() == [(None,), (1,)]


def test_a_restored_text_names_the_version_it_reverts_to(db: Database) -> None:
    record(db, check_result(FIRST_ARTICLE), extractor="1")
    record(db, check_result(SECOND_ARTICLE, minute=1, base=1, before=FIRST_ARTICLE), extractor="1")
    reverted = record(
        db, check_result(FIRST_ARTICLE, minute=2, base=2, before=SECOND_ARTICLE), extractor="1"
    )
    unchanged = record(db, check_result(None, minute=3, base=3), extractor="1")
    assert (reverted.reverts_to, unchanged.reverts_to) == (1, None)
    assert queries.version(db, 1)["reverts_to"] == 1
    assert db.execute("select returns from flapping limit 1").fetchone() == (1,)


def test_a_check_against_an_older_version_is_a_conflict_and_writes_nothing(db: Database) -> None:
    record(db, check_result(FIRST_ARTICLE), extractor="1")
    record(db, check_result(SECOND_ARTICLE, minute=1, base=1, before=FIRST_ARTICLE), extractor="1")
    with pytest.raises(ConflictError):
        record(
            db, check_result(SECOND_ARTICLE, minute=2, base=1, before=FIRST_ARTICLE), extractor="1"
        )
    assert db["fetches"].count == 2


def test_sentences_have_their_first_and_last_version(db: Database) -> None:
    record(db, check_result(FIRST_ARTICLE), extractor="1")
    record(db, check_result(SECOND_ARTICLE, minute=1, base=1, before=FIRST_ARTICLE), extractor="1")
    rows = db.execute(
        "select sentence, added_version, removed_version from sentence_life order by 2, 3"
    ).fetchall()
    assert ("정부는 12명이 참석했다고 밝혔다.", 1, 2) in rows
    assert ("정부는 21명이 참석했다고 밝혔다.", 2, None) in rows


def test_an_edit_removes_no_sentence_of_another_article(db: Database) -> None:
    other = Article("https://example.org/news/2", "Bridge", paragraphs=("Nobody was hurt.",))
    record_versions(db, other.url, [other])
    article_id = record(db, check_result(FIRST_ARTICLE), extractor="1").article_id
    edited = check_result(SECOND_ARTICLE, minute=1, base=1, before=FIRST_ARTICLE)
    record(db, replace(edited, article_id=article_id), extractor="1")
    rows = db.execute("select sentence from sentences where removed_version is not null").fetchall()
    assert rows == [("정부는 12명이 참석했다고 밝혔다.",)]


def test_a_sentence_that_returns_is_added_a_second_time(db: Database) -> None:
    record(db, check_result(FIRST_ARTICLE), extractor="1")
    record(db, check_result(SECOND_ARTICLE, minute=1, base=1, before=FIRST_ARTICLE), extractor="1")
    record(db, check_result(FIRST_ARTICLE, minute=2, base=2, before=SECOND_ARTICLE), extractor="1")
    rows = db.execute(
        "select added_version, removed_version from sentences where sentence like '%12명%' order by id"
    ).fetchall()
    assert rows == [(1, 2), (3, None)]


@pytest.mark.parametrize("words", ["중국", "인공지능", "서울", "열", "회의 서울", "21명"])
def test_korean_words_inside_an_eojeol_are_found(db: Database, words: str) -> None:
    record(db, check_result(FIRST_ARTICLE), extractor="1")
    record(db, check_result(SECOND_ARTICLE, minute=1, base=1, before=FIRST_ARTICLE), extractor="1")
    assert [hit.url for hit in first_hits(db, words)] == [URL]


def test_deleted_search_finds_only_removed_text(db: Database) -> None:
    record(db, check_result(FIRST_ARTICLE), extractor="1")
    record(db, check_result(SECOND_ARTICLE, minute=1, base=1, before=FIRST_ARTICLE), extractor="1")
    assert len(first_hits(db, "12명", scope=Scope.DELETED)) == 1
    assert first_hits(db, "서울", scope=Scope.DELETED) == []


@pytest.mark.parametrize("words", ["NEAR(x", "a OR", "col:x", 'x"', "* -x"])
def test_query_syntax_is_searched_for_as_words(db: Database, words: str) -> None:
    record(db, check_result(FIRST_ARTICLE), extractor="1")
    assert first_hits(db, words) == []


@pytest.mark.parametrize("words", ['"', "* -", "()", ""])
def test_a_search_without_a_word_is_an_error(db: Database, words: str) -> None:
    with pytest.raises(NotFoundError, match="at least one word"):
        first_hits(db, words)


# Letters that SQLite's tokenizer knows; it takes a character that it does not know for a letter.
KNOWN_CHARACTERS = "aZéß07 .,-'\"*()한국어신문漢字東京カナかな"


@given(st.text(KNOWN_CHARACTERS, max_size=40), st.text(max_size=10))
def test_any_words_are_a_valid_query_and_a_text_matches_its_own(text: str, words: str) -> None:
    conn = sqlite3.connect(":memory:")
    conn.execute(
        "create virtual table t using fts5 (w, tokenize = 'unicode61 remove_diacritics 2')"
    )
    conn.execute("insert into t values (?)", [bigrams(text)])
    for query, least in ((all_words_query(text), 1), (all_words_query(words), 0)):
        if query:
            rows = conn.execute("select * from t where w match ?", [query]).fetchall()
            assert len(rows) >= least, query
    conn.close()


def test_snapshots_round_trip(db: Database) -> None:
    page = b"<html>" + b"the same long page " * 2000
    raws = [page + str(number).encode() for number in range(MAX_DELTA_CHAIN * 2 + 3)]
    base = None
    with write_transaction(db):
        ids = [base := store_snapshot(db, Snapshot(raw), base_id=base) for raw in raws]
    assert [load_snapshot(db, snapshot_id).raw for snapshot_id in ids] == raws
    sizes = [
        row[0] for row in db.execute("select length(data) from snapshots where base_id is not null")
    ]
    assert max(sizes) < 200


def test_no_snapshot_needs_more_than_six_steps_to_read(db: Database) -> None:
    base = None
    with write_transaction(db):
        for number in range(MAX_DELTA_CHAIN * 3):
            base = store_snapshot(
                db, Snapshot(b"one page " * 50 + str(number).encode()), base_id=base
            )
    steps = db.execute(
        "with recursive chain (id, at, steps) as (select id, base_id, 1 from snapshots union all"
        " select c.id, s.base_id, c.steps + 1 from chain c join snapshots s on s.id = c.at)"
        " select max(steps) from chain"
    ).fetchone()[0]
    assert steps == 6
    assert db.execute("select count(*) from snapshots where base_id is null").fetchone()[0] == 3


@pytest.mark.parametrize(("mode", "number"), [("normal", 1), ("full", 2)])
def test_the_synchronous_setting_is_applied(tmp_path: Path, mode: str, number: int) -> None:
    db = open_database(tmp_path / "v.db", synchronous=mode)
    assert db.execute("pragma synchronous").fetchone()[0] == number
    assert db.execute("pragma journal_mode").fetchone()[0] == "wal"


def test_the_same_bytes_are_stored_once(db: Database) -> None:
    with write_transaction(db):
        assert store_snapshot(db, Snapshot(b"x"), base_id=None) == store_snapshot(
            db, Snapshot(b"x"), base_id=None
        )


def test_removing_keeps_the_history_and_erasing_does_not(db: Database) -> None:
    record(db, check_result(FIRST_ARTICLE), extractor="1")
    stop_watching(db, URL, at=NOON)
    assert queries.version(db, 1)["number"] == 1
    assert queries.overdue(db, "2030-01-01T00:00:00Z") == 0
    erase_article(db, URL)
    assert [db[table].count for table in ("articles", "versions", "fetches", "snapshots")] == [
        0
    ] * 4
    assert (
        db.execute("select rowid from version_words where version_words match '회의'").fetchall()
        == []
    )


def test_erasing_takes_removed_words_out_of_the_index(db: Database) -> None:
    record(db, check_result(FIRST_ARTICLE), extractor="1")
    record(db, check_result(SECOND_ARTICLE, minute=1, base=1, before=FIRST_ARTICLE), extractor="1")
    words = 'select count(*) from removed_words where removed_words match \'"12명" OR "12"\''
    assert db.execute(words).fetchone() == (1,)
    erase_article(db, URL)
    assert db.execute(words).fetchone() == (0,)


def test_the_views_work_empty_and_filled(db: Database) -> None:
    for view in ("article_latest", "edit_log", "sentence_life", "flapping"):
        assert db.execute(f"select * from {view}").fetchall() == []
    record(db, check_result(FIRST_ARTICLE), extractor="1")
    record(db, check_result(SECOND_ARTICLE, minute=1, base=1, before=FIRST_ARTICLE), extractor="1")
    rows = db.execute(
        "select seen_at, headline, old, new from edit_log order by seen_at desc limit 20"
    ).fetchall()
    assert rows == [("2026-05-14T12:01:00.000Z", FIRST_ARTICLE.headline, "12명", "21명")]


def test_edit_ids_are_never_reused(db: Database) -> None:
    record(db, check_result(FIRST_ARTICLE), extractor="1")
    first = record(
        db, check_result(SECOND_ARTICLE, minute=1, base=1, before=FIRST_ARTICLE), extractor="1"
    ).edit_ids
    erase_article(db, URL)
    record(db, check_result(FIRST_ARTICLE), extractor="1")
    second = record(
        db, check_result(SECOND_ARTICLE, minute=1, base=1, before=FIRST_ARTICLE), extractor="1"
    ).edit_ids
    assert min(second) > max(first)


# --------------------------------------------------------------- files that cannot be used


def test_a_file_that_is_not_a_database_is_left_unchanged(tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    path.write_text("my notes, not a database, and quite long enough to be looked at" * 30)
    before = path.read_bytes()
    with pytest.raises(DatabaseError, match="not an SQLite database"):
        open_database(path)
    assert path.read_bytes() == before


def test_another_programs_database_is_left_unchanged(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    Database(path)["recipes"].insert({"name": "soup"})
    with pytest.raises(DatabaseError, match="not one of Variorum's"):
        open_database(path)
    assert Database(path).table_names() == ["recipes"]


def test_a_database_from_a_newer_version_is_left_unchanged(tmp_path: Path) -> None:
    path = tmp_path / "new.db"
    db = open_database(path)
    db["_sqlite_migrations"].insert(
        {"migration_set": "variorum", "name": "m999_future", "applied_at": "2030"}
    )
    db.close()
    with pytest.raises(DatabaseError, match=r"newer Variorum.*m999_future"):
        open_database(path)


def test_opening_a_missing_database_to_read_creates_none(tmp_path: Path) -> None:
    with pytest.raises(DatabaseError, match="no database here yet"):
        open_existing(tmp_path / "none.db")
    assert list(tmp_path.iterdir()) == []


def test_a_missing_folder_is_reported(tmp_path: Path) -> None:
    with pytest.raises(DatabaseError, match="does not exist"):
        open_database(tmp_path / "missing" / "v.db")


def test_a_read_only_folder_gets_a_clear_error(tmp_path: Path) -> None:
    """In a process that becomes another user: root may write everywhere."""
    folder = tmp_path / "locked"
    folder.mkdir(mode=0o555)
    for parent in [tmp_path, *tmp_path.parents]:
        if parent.stat().st_uid == 0 and parent != Path("/tmp") and parent != Path("/"):
            parent.chmod(0o755)
    code = (
        "import os, sys; from pathlib import Path\n"
        "os.chdir('/')\n"
        "from storage.database import open_database\n"
        "from storage.errors import DatabaseError\n"
        "if os.geteuid() == 0: os.setgid(65534); os.setuid(65534)\n"
        "try: open_database(Path(sys.argv[1]) / 'v.db')\n"
        "except DatabaseError as error: print(error)\n"
    )
    process = subprocess.run(
        [sys.executable, "-c", code, str(folder)], capture_output=True, text=True, check=True,
        env={"PYTHONPATH": str(Path(__file__).parents[2])},
    )  # fmt: skip
    assert "cannot be written" in process.stdout


def test_a_full_disk_loses_nothing(db: Database) -> None:
    """`max_page_count` is SQLite's own full disk."""
    record(db, check_result(FIRST_ARTICLE), extractor="1")
    pages = db.execute("pragma page_count").fetchone()[0]
    db.execute(f"pragma max_page_count = {pages}")
    huge = replace(
        SECOND_ARTICLE, paragraphs=tuple(f"문단 {number} 끝." * 50 for number in range(400))
    )
    with pytest.raises(sqlite3.OperationalError, match="full"):
        record(db, check_result(huge, minute=1, base=1, before=FIRST_ARTICLE), extractor="1")
    db.execute("pragma max_page_count = 1000000")
    assert db["versions"].count == 1
    assert integrity(db) == []
    assert (
        record(
            db, check_result(SECOND_ARTICLE, minute=2, base=1, before=FIRST_ARTICLE), extractor="1"
        ).version
        == 2
    )
