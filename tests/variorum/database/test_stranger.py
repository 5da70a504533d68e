"""A database that a stranger has made: each command ends in bounded time, with one line and no traceback."""

import json
import os
import resource
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from multiprocessing import get_context
from multiprocessing.queues import SimpleQueue
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlite_utils.cli import cli as sqlite_utils_cli

from tests.support.pages import article_html, story_html
from tests.support.shell import Shell
from tests.support.site import Site
from variorum.cli import main

ROOT = Path(__file__).parents[3]
MAX_SECONDS = 60
MAX_MEMORY_BYTES = 1_500_000_000
READING = (
    ["list"], ["log"], ["log", "--json"], ["show", "URL"], ["show", "URL", "--format", "html"], ["show", "URL", "--format", "json"],
    ["blame", "URL"], ["diff", "URL"], ["search", "bridge"], ["stats"], ["doctor", "--full"], ["exclusions", "URL"], ["export"],
    ["export", "--format", "atom"], ["export", "--format", "warc", "--output", "o.warc.gz"],
    ["export", "--format", "bundle", "--output", "o.wacz", "URL"], ["rebuild", "--dry-run"], ["prune", "--keep", "ends", "--dry-run"],
)  # fmt: skip
WRITING = (["fetch", "--delay", "0", "URL"], ["run", "--once", "--delay", "0"], ["add", "URL"], ["remove", "--erase", "--yes", "URL"])  # fmt: skip
# What a stranger may have done, in SQL.
HOSTILE = {
    "a page that is a delta of itself": "update snapshots set base_id = id, encoding = 'zstd-delta'",
    "a page of a negative size": "update snapshots set size = -1",
    "headers that are no JSON": "update snapshots set headers = '[1'",
    "texts that are none": "update versions set byline = '{', captions = '5', body = x'ff00', headline = 7",
    "lists that are objects": "update versions set byline = '{}', captions = '{}', headlines = '[]', template_fields = '7'",
    "text that is not UTF-8": "update versions set headline = cast(x'ff41' as text), body = cast(x'fe' as text)",
    "times that are none": "update versions set seen_at = 'soon', published_at = 'x'; update fetches set fetched_at = 7;"
    " update articles set next_check_at = 'never', first_seen_at = x'00'",
    "words in place of numbers": "update versions set number = 'one' || id; update articles set latest_version = 'one'",
    "versions that are missing": "update articles set latest_version = 99",
    "evidence that is none": "insert into exclusions (host, article_id, kind, text, evidence, since) select host, id,"
    " 'volatile', 'a', '[', '' from articles; insert into exclusions (host, article_id, kind, text, evidence, since)"
    " select host, id, 'pending', 'a', '{}', '' from articles",
    "addresses that are none": "update articles set url = 'x' || id || char(27) || '[2J', host = ''",
    "outcomes that are none": "update fetches set outcome = 'exploded', sketch = 'zz', unconfirmed = 1",
    "a view without an end": "drop view edit_log; create view edit_log as with recursive c(x) as"
    " (select 1 union all select x + 1 from c) select x as id, x as url from c",
    "a view in place of a table": "alter table mentions rename to m; create view mentions as with recursive c(x) as"
    " (select 1 union all select x + 1 from c) select x as watch_id, x as article_id, x as timestamp from c",
    "a computed column": "alter table watches rename to w; create table watches (id integer primary key, url text,"
    " state text as (hex(zeroblob(900000000))), kind text, next_check_at text, failures integer, reason text)",
    "a trigger without an end": "create trigger t after insert on fetches begin insert into watches (url, kind, added_at)"
    " select x, 'feed', '' from (with recursive c(x) as (select 1 union all select x + 1 from c) select x from c); end",
    "a changed trigger": "drop trigger fetches_inserted; create trigger fetches_inserted after insert on fetches begin"
    " delete from versions; end",
    "a costly default": "alter table check_rate add column big text default (hex(zeroblob(900000000)))",
    "another program's table": "create table my_notes (note text); insert into my_notes values ('mine')",
}  # fmt: skip


# Triggers in the form of sqlite-utils.
COUNTING = (
    "create trigger fetches_counts_insert after insert on fetches begin insert or replace into _counts values"
    " ('fetches', coalesce((select count from _counts where \"table\" = 'fetches'), 0) + 1); end"
)
INDEXING = (
    "create trigger fetches_ai after insert on fetches begin"
    " insert into fetches_fts (rowid, url) values (new.rowid, new.url); end"
)


@pytest.fixture
def db_path(site: Site, shell: Shell) -> tuple[Path, str]:
    """A database of two articles, one edited, with all pages; and the address of that one."""
    url = site.page("/a", article_html())
    shell("fetch", url, site.page("/b", story_html(1)), "--delay", "0")
    site.page("/a", article_html().replace("21 people", "12 people"))
    shell("fetch", url, "--delay", "0")
    with closing(sqlite3.connect(shell.db)) as conn:
        conn.execute("pragma wal_checkpoint(truncate)")
    return shell.db, url


def attempt(path: Path, url: str, command: Sequence[str]) -> str | None:
    """What is wrong with how a command ends on a copy of a database; None if it ends as it should."""
    copy = path.with_name("copy.db")
    for suffix in ("", "-wal", "-shm"):
        copy.with_name(copy.name + suffix).unlink(missing_ok=True)
    copy.write_bytes(path.read_bytes())
    arguments = [url if part == "URL" else part for part in command]
    result = CliRunner().invoke(main, ["--db", str(copy), *arguments])
    if result.exit_code not in (0, 1) or not isinstance(result.exception, SystemExit | None):
        return f"{result.exit_code}, {result.exception!r}"
    return "a control sequence is printed" if "\x1b[2J" in result.output else None


def attempt_all(path: Path, url: str, problems: "SimpleQueue[str]") -> None:
    """Try every command with little memory; each is named before it begins, and so is what is wrong with it."""
    os.chdir(path.parent)
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES))
    for command in (*READING, *WRITING):
        problems.put(f"{' '.join(command)}: no end")
        problem = attempt(path, url, command)
        problems.put(f"{' '.join(command)}: {problem}" if problem else "")
    problems.put("done")


@pytest.mark.slow
@pytest.mark.parametrize("name", HOSTILE)
def test_no_command_hangs_or_breaks_on_a_strangers_database(
    db_path: tuple[Path, str], name: str
) -> None:
    path, url = db_path
    with closing(sqlite3.connect(path)) as conn:
        conn.execute("pragma ignore_check_constraints = on")
        conn.execute("pragma foreign_keys = off")
        conn.executescript(HOSTILE[name])
    context = get_context("spawn")
    queue: SimpleQueue[str] = context.SimpleQueue()
    process = context.Process(target=attempt_all, args=(path, url, queue))
    process.start()
    process.join(MAX_SECONDS)
    process.kill()
    messages = list[str]()
    while not queue.empty():
        messages.append(queue.get())
    unfinished = messages[-1:] if messages[-1:] != ["done"] else []
    problems = [one for one in messages if one and one != "done" and not one.endswith(": no end")]
    assert problems + unfinished == []


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("drop view edit_log; create view edit_log as select 1 as id", "its view edit_log is not the one"),
        ("drop trigger edits_deleted; create trigger edits_deleted after delete on edits begin select 1; end", "its trigger edits_deleted"),
        ("alter table mentions rename to m; create view mentions as select * from m", "its view mentions is not"),
        ("alter table watches add column x text as (upper(url))", "has a column that is computed"),
        ("create trigger mine after insert on fetches begin select 1; end", "the trigger 'mine' of another program"),
        ("create trigger mine after insert on version_words_data begin select 1; end", "the trigger 'mine' of another program"),
        (f"create table _counts (x, count); {COUNTING}; create trigger mine after insert on _counts begin select 1; end", "'mine'"),
        (f"create view _counts as select 1 as count; {COUNTING}", "the trigger 'fetches_counts_insert' of another program"),
        (f"create table fetches_fts (url text); {INDEXING}", "the trigger 'fetches_ai' of another program"),
        (f"create virtual table fetches_fts using fts5 (url); {INDEXING};"
         " create trigger mine after insert on fetches_fts_data begin select 1; end", "'mine'"),
        (f"create virtual table fetches_fts using fts5 (url); {INDEXING.replace('new.url', '(select url from watches)')}", "'fetches_ai'"),
    ],
)  # fmt: skip
def test_a_changed_schema_is_refused_in_one_line(
    db_path: tuple[Path, str], shell: Shell, statement: str, expected: str
) -> None:
    path, url = db_path
    with closing(sqlite3.connect(path)) as conn:
        conn.executescript(statement)
    result = shell("fetch", url, "--delay", "0")
    assert (result.exit_code, expected in result.stderr, result.stderr.count("\n")) == (1, True, 1)


def test_tables_and_triggers_of_other_programs_stand_beside_ours(
    db_path: tuple[Path, str], shell: Shell
) -> None:
    path, url = db_path
    with closing(sqlite3.connect(path)) as conn:
        conn.executescript(
            "create table notes (note text); create view v as select * from notes; create index i on articles (headline);"
            "create trigger t after insert on notes begin delete from notes where note = ''; end"
        )
    assert shell("fetch", url, "--delay", "0").exit_code == 0
    assert shell("doctor", "--full").exit_code == 0


def test_what_sqlite_utils_adds_to_our_tables_is_kept_up_to_date(
    db_path: tuple[Path, str], shell: Shell, site: Site
) -> None:
    path, url = db_path
    for line in ("enable-fts FILE versions headline body --create-triggers",
                 "enable-fts FILE edits old new --create-triggers", "enable-counts FILE versions fetches edits"):  # fmt: skip
        assert sqlite_utils(path, line).exit_code == 0
    site.page("/a", article_html().replace("21 people", "13 people"))
    result = shell("fetch", url, "--delay", "0")
    assert result.exit_code == 0, result.output
    assert shell("doctor", "--full").exit_code == 0
    assert '"13' in sqlite_utils(path, "search FILE edits 13").output
    with closing(sqlite3.connect(path)) as conn:
        counts = dict(conn.execute('select "table", count from _counts'))
        assert counts == {
            table: conn.execute(f"select count(*) from {table}").fetchone()[0] for table in counts
        }
    assert shell("remove", "--erase", "--yes", url).exit_code == 0
    assert json.loads(sqlite_utils(path, "search FILE edits 13").output) == []


def test_triggers_of_sqlite_utils_that_fail_are_refused_with_what_to_do(
    db_path: tuple[Path, str], shell: Shell
) -> None:
    """Those of FTS4 fail at each update of a version."""
    path, url = db_path
    sqlite_utils(path, "enable-fts FILE versions headline --create-triggers --fts4")
    result = shell("fetch", url, "--delay", "0")
    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
    assert "the trigger 'versions_ai' of another program" in result.stderr
    assert sqlite_utils(path, "disable-fts FILE versions").exit_code == 0
    assert shell("fetch", url, "--delay", "0").exit_code == 0


def sqlite_utils(path: Path, line: str) -> Result:
    """What a command of sqlite-utils says."""
    arguments = [str(path) if part == "FILE" else part for part in line.split()]
    return CliRunner().invoke(sqlite_utils_cli, arguments)


def test_doctor_names_a_value_that_no_variorum_has_written(
    db_path: tuple[Path, str], shell: Shell
) -> None:
    with closing(sqlite3.connect(db_path[0])) as conn:
        conn.execute("update versions set byline = '{' where number = 2")
        conn.commit()
    result = shell("doctor")
    assert (result.exit_code, "has a byline that Variorum does not write" in result.output) == (
        1,
        True,
    )


@pytest.mark.parametrize(
    "kind", ["text", "empty folder", "fifo", "device", "other database", "newer"]
)
def test_a_file_that_is_no_database_of_ours_ends_in_one_line(
    tmp_path: Path, shell: Shell, kind: str
) -> None:
    path = tmp_path / "x.db"
    if kind == "text":
        path.write_text("my notes, not a database, and quite long enough to be looked at" * 30)
    elif kind == "empty folder":
        path.mkdir()
    elif kind == "fifo":
        os.mkfifo(path)
    elif kind == "device":
        path = Path("/dev/null")
    else:
        with closing(sqlite3.connect(path)) as conn:
            conn.execute("create table t (x)")
            if kind == "newer":
                conn.execute(
                    "create table _sqlite_migrations (migration_set text, name text, applied_at text)"
                )
                conn.execute(
                    "insert into _sqlite_migrations values ('variorum', 'm001_first_schema', ''), ('variorum', 'm999_x', '')"
                )
            conn.commit()
    for command in (["log"], ["add", "https://example.org/a"]):
        done = subprocess.run(
            [sys.executable, "-m", "variorum.cli", "--db", str(path), *command],
            capture_output=True, timeout=MAX_SECONDS, text=True, cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)},
        )  # fmt: skip
        assert (done.returncode, done.stderr.count("\n")) == (1, 1), done.stderr
        assert "Traceback" not in done.stderr
