"""What of the rows beside pages and texts is damaged: edits, fetches, sentences and the search index.

They have no hash. Each says again what other rows say, and there it must agree.
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from scraper.article import Article
from storage.database import Database, is_passing
from storage.diff.text.visible import visible
from storage.queries.damage.edits import VersionTexts, edit_damage

SEARCH_INDICES = ("version_words", "removed_words")
EDITS = """
select e.*, e.seen_at is not v.seen_at or e.seen_after > e.seen_at as has_other_times
from edits e left join versions v on v.article_id = e.article_id and v.number = e.to_version
where e.article_id = ? order by e.id
"""
FETCHES = """
select f.id, case
    when f.bytes <> s.size then 'counts ' || f.bytes || ' bytes, its page has ' || s.size
    when v.article_id <> f.article_id then 'shows a version of another article'
    else 'confirms a fetch of another check' end
from fetches f
left join snapshots s on s.id = f.snapshot_id
left join versions v on v.id = f.version_id
left join fetches c on c.id = f.confirms
where f.article_id = ? and (f.bytes <> s.size or v.article_id <> f.article_id
    or c.article_id is not f.article_id and f.confirms is not null or c.confirms is not null)
"""
COUNTS = """
select checks, (select count(*) from fetches where article_id = a.id and confirms is null),
    edits, (select count(*) from edits where article_id = a.id) from articles a where id = ?
"""


def edit_faults(db: Database, article_id: int, texts: Sequence[Article]) -> Iterator[str]:
    """Every edit of an article that does not follow from the texts of its versions, all of them in order."""
    versions = VersionTexts(list(texts))
    for row in db.query(EDITS, [article_id]):
        reason = edit_damage(row, versions)
        if reason is None and row["has_other_times"]:
            reason = f"its times are not those of version {row['to_version']}"
        if reason:
            yield f"edit {row['id']}: {reason}"


def fetch_faults(db: Database, article_id: int) -> Iterator[str]:
    """Every fetch of an article that does not agree with its page or version, and rows that are missing."""
    for fetch_id, reason in db.execute(FETCHES, [article_id]):
        yield f"fetch {fetch_id} {reason}"
    checks, stored_checks, edits, stored_edits = db.execute(COUNTS, [article_id]).fetchone()
    if checks != stored_checks:
        yield f"it counts {checks} checks, and {stored_checks} are stored"
    if edits != stored_edits:
        yield f"it counts {edits} edits, and {stored_edits} are stored"


def sentence_faults(db: Database, article_id: int, texts: Mapping[int, Article]) -> Iterator[str]:
    """Every sentence that its version lacks: their table is made of the versions."""
    bodies = {number: visible(text.body) for number, text in texts.items()}
    rows = db.execute(
        "select sentence, added_version from sentences where article_id = ?", [article_id]
    )
    for sentence, number in rows:
        if number in bodies and sentence not in bodies[number]:
            yield f"a sentence in `sentences` is not in the text of version {number}"


def search_faults(db: Database) -> Iterator[str]:
    """What of the search index is damaged, as SQLite says it, and how many versions it lacks."""
    for name in SEARCH_INDICES:
        if fault := _index_fault(db, name):
            yield f"{name}: {fault}"
    (missing,) = db.execute(
        "select count(*) from versions where id not in (select id from version_words_docsize)"
    ).fetchone()
    if missing:
        yield f"version_words lacks {missing:,} version{'s' * (missing > 1)}"


def _index_fault(db: Database, name: str) -> str | None:
    """What FTS5's integrity-check says of a copy of an index: it counts as a write, and nobody can write meanwhile."""
    with TemporaryDirectory(prefix="variorum-") as folder:
        path = Path(folder) / "index.db"
        try:
            _copy_index(db, name, path)
            with closing(sqlite3.connect(path)) as copy:
                copy.execute(f"insert into {name} ({name}) values ('integrity-check')")
        except sqlite3.DatabaseError as error:
            if is_passing(error):
                return f"not verified, since its copy in {folder} failed: {error}"
            return str(error)
    return None


def _copy_index(db: Database, name: str, path: Path) -> None:
    query = (
        "select name, sql from sqlite_master where name = :n or name glob :n || '_*' order by name"
    )
    tables = dict(db.execute(query, {"n": name}).fetchall())
    with closing(sqlite3.connect(path, isolation_level=None)) as copy:
        copy.execute("begin")
        copy.execute(tables.pop(name))
        for table in tables:
            rows = db.execute(f"select * from {table}")
            marks = ", ".join("?" * len(rows.description))
            copy.execute(f"delete from {table}")
            copy.executemany(f"insert into {table} values ({marks})", rows)
        copy.execute("commit")
