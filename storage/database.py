"""Opening the database: ours, current, and safe to write from several processes."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlite_utils import Database as Database

from storage.errors import DatabaseError
from storage.schema.migrations import migration_names, migrations

BUSY_TIMEOUT_MS = 10_000
SYNCHRONOUS_LEVELS = {"normal": 1, "full": 2}
DISK_FULL_MESSAGE = "database or disk is full"
# How a transaction, and a part of one, is begun, kept and taken back.
_TRANSACTION_STATEMENTS = ("begin immediate", "commit", ("rollback",))
_SAVEPOINT_STATEMENTS = ("savepoint part", "release part", ("rollback to part", "release part"))


def open_database(path: Path, *, synchronous: str = "normal") -> Database:
    """The database at `path`, made or brought up to date where needed; WAL, foreign keys on.

    What is committed outlives a process that is killed; with `synchronous` "full" a power cut, too, which
    may else take the last seconds (sqlite.org/pragma.html#pragma_synchronous).
    Raises DatabaseError where the file is not ours, is newer than this program, or
    cannot be written; such a file is left as it was.
    """
    if not path.parent.is_dir():
        raise DatabaseError(f"{path}: there is no folder {path.parent}; make it or choose --db")
    try:
        db = _connect(path, f"file:{_uri_path(path)}?mode=rwc")
        _check_ours(db, path)
        db.execute("pragma journal_mode = wal")
        db.execute(f"pragma synchronous = {SYNCHRONOUS_LEVELS[synchronous]}")
        if migrations.pending(db):
            _migrate(db)
    except sqlite3.Error as error:
        raise as_database_error(error, path) from error
    return db


def open_in_memory() -> Database:
    """An empty database in memory, for looks that are to leave nothing behind."""
    db = Database(memory=True)
    migrations.apply(db)
    return db


def open_existing(path: Path) -> Database:
    """The database at `path`, read-only; raises DatabaseError where there is none."""
    if not path.is_file():
        raise DatabaseError(
            f"{path}: no database here yet; `variorum fetch URL` makes one, --db names another"
        )
    try:
        db = _connect(path, read_only_uri(path))
        _check_ours(db, path)
    except sqlite3.Error as error:
        raise as_database_error(error, path) from error
    if migrations.pending(db):
        raise DatabaseError(
            f"{path}: from an older version; `variorum run --once` brings it up to date"
        )
    return db


def copy_of(path: Path, folder: Path) -> Database:
    """A copy of the database in another folder, to try things on; an empty one where there is none."""
    copy = folder / "copy.db"
    if path.is_file():
        source = open_existing(path)
        with closing(sqlite3.connect(copy)) as target:
            source.conn.backup(target)
        source.close()
    return open_database(copy)


def read_only_uri(path: Path) -> str:
    """How SQLite is told to open a database for reading alone, which sees what others write meanwhile."""
    # In a folder that cannot be written SQLite reads a WAL database only as immutable.
    immutable = "" if os.access(path.resolve().parent, os.W_OK) else "&immutable=1"
    return f"file:{_uri_path(path)}?mode=ro{immutable}"


@contextmanager
def write_transaction(db: Database) -> Iterator[None]:
    """One write transaction that takes the lock at its beginning; all of it or nothing.

    Inside of another it is a part of that one, which can fail by itself.
    """
    begin, commit, undo = (
        _SAVEPOINT_STATEMENTS if db.conn.in_transaction else _TRANSACTION_STATEMENTS
    )
    db.conn.execute(begin)
    try:
        yield
        db.conn.execute(commit)
    except BaseException:
        if db.conn.in_transaction:  # SQLite itself ends it where the disk is full
            for statement in undo:
                db.conn.execute(statement)
        raise


@contextmanager
def read_snapshot(db: Database) -> Iterator[None]:
    """Everything read within is of one moment, whatever others write meanwhile."""
    db.conn.execute("begin")
    try:
        yield
    finally:
        db.conn.rollback()


def as_database_error(error: sqlite3.Error, path: Path) -> DatabaseError:
    """What SQLite said, in words that tell what to do."""
    text = str(error)
    if DISK_FULL_MESSAGE in text or "disk I/O" in text:
        return DatabaseError(f"{path}: {text}; nothing of this look was written. Free some space")
    if "readonly" in text or "unable to open" in text:
        return DatabaseError(
            f"{path}: cannot be written ({text}); check its rights and its folder's"
        )
    if "not a database" in text:
        return DatabaseError(f"{path}: not an SQLite database; choose another file with --db")
    if "malformed" in text:
        return DatabaseError(
            f"{path}: damaged ({text}); `sqlite3 FILE .recover` can save what is left"
        )
    if "locked" in text:
        return DatabaseError(
            f"{path}: another program has kept it locked for {BUSY_TIMEOUT_MS // 1000} s"
        )
    return DatabaseError(f"{path}: {text}")


def _connect(path: Path, uri: str) -> Database:
    conn = sqlite3.connect(uri, uri=True, timeout=BUSY_TIMEOUT_MS / 1000, isolation_level=None)
    conn.execute("pragma foreign_keys = on")
    # The functions of sqlite-utils plugins are for people; to look for plugins takes 15 ms.
    return Database(conn, execute_plugins=False)


def _uri_path(path: Path) -> str:
    return str(path.resolve()).replace("%", "%25").replace("?", "%3f").replace("#", "%23")


def _check_ours(db: Database, path: Path) -> None:
    applied = {migration.name for migration in migrations.applied(db)}
    if not applied and db.table_names():
        raise DatabaseError(
            f"{path}: an SQLite database, but not one of Variorum's; choose another file with --db"
        )
    newer = sorted(applied - migration_names())
    if newer:
        raise DatabaseError(
            f"{path}: written by a newer Variorum ({', '.join(newer)}); update with `pip install -U variorum`"
        )


def _migrate(db: Database) -> None:
    """Bring the schema up to date; the lock keeps a second process from doing it at once."""
    with write_transaction(db):
        migrations.apply(db)
