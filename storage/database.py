"""Opening the database: up to date, and safe to write from several processes."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlite_utils import Database as Database

from storage.diff.render import printable
from storage.errors import DamagedError, DatabaseError
from storage.schema.migrations import (
    is_first_schema_applied,
    migrations,
    unknown_migrations,
    update_schema,
)
from storage.schema.shape import foreign_trigger, foreign_view_or_table

# A row of a query: its values by column name.
Row = dict[str, Any]

BUSY_TIMEOUT_MS = 10_000
# No text or page is longer; a file that says otherwise takes no memory for it.
MAX_STORED_VALUE_BYTES = 200_000_000
SYNCHRONOUS_LEVELS = {"normal": 1, "full": 2}
LOCK_CODES = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL})
PASSING_CODES = LOCK_CODES | {
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CANTOPEN,
}
# The message of Python for a text that is not UTF-8; it has no code.
UNDECODABLE_MESSAGE = "Could not decode to UTF-8"
MAX_ERROR_CHARACTERS = 200
DISK_FULL_MESSAGE = "database or disk is full"
# The statements that begin, keep and undo a transaction, and a part of one.
_TRANSACTION_STATEMENTS = ("begin immediate", "commit", ("rollback",))
_SAVEPOINT_STATEMENTS = ("savepoint part", "release part", ("rollback to part", "release part"))


def open_database(path: Path, *, synchronous: str = "normal") -> Database:
    """The database at `path`, created or brought up to date if needed; WAL mode, foreign keys on.

    A commit survives a killed process. A power cut may take the commits of the last seconds, unless
    `synchronous` is "full" (sqlite.org/pragma.html#pragma_synchronous).
    Raises DatabaseError if the file is not a Variorum database, is newer than this program, dates from
    before the first release, or cannot be written. Then the file is unchanged.
    """
    if not path.parent.is_dir():
        raise DatabaseError(
            f"{path}: the folder {path.parent} does not exist; create it, or name another file with --db"
        )
    try:
        db = _connect(path, f"file:{_uri_path(path)}?mode=rwc")
        _check_schema(db, path)
        _refuse_foreign_trigger(db, path)
        db.execute("pragma journal_mode = wal")
        db.execute(f"pragma synchronous = {SYNCHRONOUS_LEVELS[synchronous]}")
        if migrations.pending(db):
            with write_transaction(db):  # the lock keeps a second process from doing the same
                update_schema(db)
        _refuse_foreign_schema(db, path)
        # The triggers by which sqlite-utils keeps a full-text index write to a virtual table. They may come while this
        # process runs. No function of ours has effects, and the views and triggers are known by now.
        db.execute("pragma trusted_schema = on")
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise as_database_error(error, path) from error
    return db


def open_in_memory() -> Database:
    """An empty database in memory, for checks that record nothing."""
    db = Database(memory=True)
    update_schema(db)
    return db


def open_existing(path: Path) -> Database:
    """The database at `path`, read-only; raises DatabaseError if there is none, or one that is not current."""
    if not path.is_file():
        raise DatabaseError(
            f"{path}: no database here yet; `variorum fetch URL` creates one, --db names another"
        )
    try:
        db = _connect(path, read_only_uri(path))
        _check_schema(db, path)
        is_current = not migrations.pending(db)
        if is_current:
            _refuse_foreign_schema(db, path)
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise as_database_error(error, path) from error
    if not is_current:
        raise DatabaseError(
            f"{path}: written by an older Variorum; `variorum rebuild --dry-run` brings"
            " it up to date, and says what its history would be today"
        )
    return db


def copy_of(path: Path, folder: Path) -> Database:
    """A copy of the database in another folder, for a dry run; an empty database if there is none at `path`."""
    copy = folder / "copy.db"
    if path.is_file():
        source = open_existing(path)
        with closing(sqlite3.connect(copy)) as target:
            source.conn.backup(target)
        source.close()
    return open_database(copy)


def read_only_uri(path: Path) -> str:
    """The URI that opens a database read-only; a reader still sees what other processes commit."""
    # SQLite reads a WAL database in a read-only folder only as immutable.
    immutable = (
        "" if os.access(os.path.dirname(os.path.realpath(path)), os.W_OK) else "&immutable=1"
    )
    return f"file:{_uri_path(path)}?mode=ro{immutable}"


@contextmanager
def write_transaction(db: Database) -> Iterator[None]:
    """One write transaction, all of it or nothing; it takes the write lock first.

    Inside another transaction it is a part of that one, and can fail without it.
    """
    begin, commit, undo = (
        _SAVEPOINT_STATEMENTS if db.conn.in_transaction else _TRANSACTION_STATEMENTS
    )
    db.conn.execute(begin)
    try:
        yield
        db.conn.execute(commit)
    except BaseException:
        if db.conn.in_transaction:  # when the disk is full, SQLite has ended it already
            for statement in undo:
                db.conn.execute(statement)
        raise


@contextmanager
def read_snapshot(db: Database) -> Iterator[None]:
    """All queries inside read the database as of one moment, whatever other processes write."""
    db.conn.execute("begin")
    try:
        yield
    finally:
        db.conn.rollback()


def is_damage(error: sqlite3.Error) -> bool:
    """Does the error say that a part of the file is damaged? The rest may be sound."""
    is_corrupt = _primary_code(error) in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
    return is_corrupt or UNDECODABLE_MESSAGE in str(error)


def is_passing(error: BaseException) -> bool:
    """Does the error pass by itself: another program holds the lock, the disk is full or does not answer?"""
    return isinstance(error, sqlite3.OperationalError) and _primary_code(error) in PASSING_CODES


def is_lock(error: BaseException) -> bool:
    """Does another program hold the lock that a write needs?"""
    return isinstance(error, sqlite3.OperationalError) and _primary_code(error) in LOCK_CODES


@contextmanager
def damage_located(place: str) -> Iterator[None]:
    """Inside, a part of the file that cannot be read raises DamagedError with this place: the rest may be sound."""
    try:
        yield
    except UnicodeDecodeError as error:  # as SQLite's message may quote what it cannot read
        raise DamagedError(f"{place}: a part of the file is damaged ({error.reason})") from error
    except sqlite3.DatabaseError as error:
        if not is_damage(error):
            raise
        text = printable(str(error))[:MAX_ERROR_CHARACTERS]
        raise DamagedError(f"{place}: a part of the file is damaged ({text})") from error


def _primary_code(error: sqlite3.Error) -> int:
    """SQLite's code for the kind of an error, without what it adds for details."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def as_database_error(error: sqlite3.Error | UnicodeDecodeError, path: Path) -> DatabaseError:
    """SQLite's error, or that of a text which is none, with the file and what to try."""
    text = printable(str(error))[:MAX_ERROR_CHARACTERS]
    if DISK_FULL_MESSAGE in text or "disk I/O" in text:
        return DatabaseError(f"{path}: {text}; this check was not recorded. Free some disk space")
    if "readonly" in text or "unable to open" in text:
        return DatabaseError(
            f"{path}: cannot be written ({text}); check the permissions of the file and its folder"
        )
    if "not a database" in text:
        return DatabaseError(f"{path}: not an SQLite database; name another file with --db")
    if isinstance(error, UnicodeDecodeError) or is_damage(error):
        return DatabaseError(f"{path}: damaged ({text}); `sqlite3 FILE .recover` may save the rest")
    if "locked" in text:
        return DatabaseError(
            f"{path}: another program has locked it for {BUSY_TIMEOUT_MS // 1000} s; try again when that program ends"
        )
    return DatabaseError(f"{path}: {text}")


def _connect(path: Path, uri: str) -> Database:
    conn = sqlite3.connect(uri, uri=True, timeout=BUSY_TIMEOUT_MS / 1000, isolation_level=None)
    conn.execute("pragma foreign_keys = on")
    # What the file itself brings (views, triggers, defaults, indices) may call no function with effects of its own.
    conn.execute("pragma trusted_schema = off")
    conn.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_STORED_VALUE_BYTES)
    # People use the functions of sqlite-utils plugins; Variorum does not, and loading them takes 15 ms.
    return Database(conn, execute_plugins=False)


def _uri_path(path: Path) -> str:
    return os.path.realpath(path).replace("%", "%25").replace("?", "%3f").replace("#", "%23")


def _refuse_foreign_schema(db: Database, path: Path) -> None:
    if problem := foreign_view_or_table(db):
        raise DatabaseError(
            f"{path}: {problem}; another program has changed it. Use a copy from before, or name another file with --db"
        )


def _refuse_foreign_trigger(db: Database, path: Path) -> None:
    if name := foreign_trigger(db):
        raise DatabaseError(
            f"{path}: the trigger {name!r} of another program would run at every check; if you know what it does,"
            f" move it to a table of your own, else drop it: sqlite-utils query {path.name} 'drop trigger [{name}]'"
        )


def _check_schema(db: Database, path: Path) -> None:
    """Raise DatabaseError if this program cannot use the schema of a database that is not empty."""
    unknown = unknown_migrations(db)
    if not db.table_names() or (is_first_schema_applied(db) and not unknown):
        return
    if is_first_schema_applied(db):
        raise DatabaseError(
            f"{path}: written by a newer Variorum ({', '.join(unknown)}); update with `pip install -U variorum`"
        )
    if unknown:
        raise DatabaseError(
            f"{path}: written by a Variorum from before the first release; name another file with --db. To keep"
            " its pages, `variorum export --format warc` with that version and `variorum import` with this one"
        )
    raise DatabaseError(
        f"{path}: an SQLite database, but not one of Variorum's; name another file with --db"
    )
