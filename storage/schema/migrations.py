"""Bringing a database to the present schema: an empty one at once, an older one by migrations.

`tables`, `views` and `counters` hold the schema as it is now. `migrations` is the list of steps that lead an
older database there. It only grows: a released step never changes. A change of the schema edits the first
three and adds a step here; `tests/storage/test_schema.py` checks that both ways end at the same schema.
"""

import sqlite3
from datetime import UTC, datetime

from sqlite_utils import Database, Migrations

from scraper.urls import netloc, site
from storage.schema.counters import TRIGGERS
from storage.schema.tables import TABLES
from storage.schema.views import VIEWS

FIRST_MIGRATION = "m001_first_schema"

# A check that waits for another has a sketch since. One without is a failed check; the next decides again.
HOST_EVIDENCE = """
update fetches set unconfirmed = 0;
alter table fetches add column sketch text check ((sketch is null) = (unconfirmed = 0));
create index fetches_unconfirmed on fetches (fetched_at) where unconfirmed = 1;
alter table last_pages add column fetched_at text;
alter table last_pages add column container_path text;
update last_pages set container_path = json_extract(fingerprint, '$.container_path'),
    fetched_at = (select max(f.fetched_at) from fetches f where f.article_id = last_pages.article_id
        and f.http_status = 200 and f.version_id is not null);
alter table last_pages drop column fingerprint;
update exclusions set evidence = json_set(evidence, '$.after', '', '$.field', 'body', '$.is_apart', json('false'), '$.checks', 1,
        '$.box', '', '$.reading', json('[]'))
    where kind = 'pending';
drop index exclusions_article;
create index exclusions_article on exclusions (article_id, kind) where article_id is not null;
create index exclusions_host on exclusions (host, id) where article_id is null;
create table host_stories (
    id integer primary key,
    host text not null,
    url text not null,
    article_id integer references articles (id) on delete cascade,
    headline text not null,
    day text not null,
    characters integer not null,
    same_as integer,
    seen_at text not null
);
create index host_stories_host on host_stories (host, seen_at);
create index host_stories_article on host_stories (article_id) where article_id is not null;
create table host_lines (
    line_hash integer not null,
    story_id integer not null references host_stories (id) on delete cascade,
    is_foreign integer not null check (is_foreign in (0, 1)),
    numbers_hash integer,
    lines_before integer,
    lines_after integer,
    primary key (line_hash, story_id)
) without rowid;
create index host_lines_story on host_lines (story_id);
alter table versions add column template_fields text not null default '[]';
alter table versions add column details_hash text;
alter table watches add column fetched_at text;
alter table watches add column waiting integer not null default 0;
alter table hosts add column validators_hid_edit_at text;
alter table fetches add column imported integer not null default 0 check (imported in (0, 1));
alter table exclusions add column imported integer not null default 0 check (imported in (0, 1));
create table erased (
    address_hash text primary key
) without rowid;
alter table edits add column evidence text;
alter table edits add column differ text;
alter table hosts add column requested_boot text;
alter table hosts add column requested_uptime real;
alter table hosts add column lease_boot text;
alter table hosts add column lease_uptime real;
alter table hosts add column checking text;
drop index outbox_waiting;
alter table outbox rename to old_outbox;
create table outbox (
    id integer primary key autoincrement,
    edit_id integer not null references edits (id) on delete cascade,
    channel text not null,
    address integer not null default 0,
    message integer,
    created_at text not null,
    delivered_at text,
    attempts integer not null default 0,
    next_attempt_at text,
    last_error text,
    unique (edit_id, channel, address)
);
insert into outbox (id, edit_id, channel, created_at, delivered_at, attempts, next_attempt_at, last_error)
    select id, edit_id, channel, created_at, delivered_at, attempts, next_attempt_at, last_error from old_outbox;
delete from sqlite_sequence where name = 'outbox';
update sqlite_sequence set name = 'outbox' where name = 'old_outbox';
drop table old_outbox;
create index outbox_waiting on outbox (channel) where delivered_at is null;
create table typed_hosts (
    authority text primary key,
    typed_at text not null,
    public_at text
) without rowid;
create table outages (
    id integer primary key,
    began_at text not null,
    ended_at text,
    reason text not null
);
create table machine_clock (
    id integer primary key check (id = 1),
    boot text not null,
    offset_seconds real not null,
    since text not null,
    followed_uptime real not null
);
"""

migrations = Migrations("variorum")


@migrations(name=FIRST_MIGRATION)
def create_schema(db: Database) -> None:
    """Create every table, view and trigger; inside a transaction."""
    for script in (TABLES, VIEWS, TRIGGERS):
        _run_script(db, script)


@migrations(name="m002_evidence_of_the_host")
def keep_evidence_of_the_host(db: Database) -> None:
    """Give the first schema what checks must know of a host: its lines, and the texts that it shows elsewhere."""
    _run_script(db, HOST_EVIDENCE)
    _drop_claims(db)
    _remember_sources(db)
    _recreate_views(db)
    replace_in_table(
        db, "exclusions", "('volatile', 'pending')", "('volatile', 'boilerplate', 'pending')"
    )
    replace_in_table(
        db,
        "articles",
        "id integer primary key,",
        "id integer primary key autoincrement, -- a check in hand may hold the id of an erased article: never reused",
    )


def _drop_claims(db: Database) -> None:
    """Delete the aliases on other sites: any redirect could claim one. The next check learns the true ones."""
    rows = db.execute(
        "select s.url, a.url from aliases s join articles a on a.id = s.article_id where s.url <> a.url"
    ).fetchall()
    claims = [(alias,) for alias, url in rows if site(alias) != site(url)]
    db.conn.executemany("delete from aliases where url = ?", claims)


def _remember_sources(db: Database) -> None:
    """The user gave the hosts of the sources. Of the articles nobody knows who did."""
    rows = db.execute("select url, added_at from watches").fetchall()
    db.conn.executemany(
        "insert or ignore into typed_hosts (authority, typed_at) values (?, ?)",
        [(netloc(url), added_at) for url, added_at in rows],
    )


def update_schema(db: Database, steps: Migrations = migrations) -> None:
    """Create the present schema in an empty database, or apply the pending steps to an older one."""
    if _is_empty(db):
        create_schema(db)
        steps.ensure_migrations_table(db)
        _mark_applied(db, steps)
    else:
        steps.apply(db)


def unknown_migrations(db: Database) -> list[str]:
    """The names of the migrations that a database has and this program does not."""
    ours = {migration.name for migration in migrations.pending(Database(memory=True))}
    return sorted({migration.name for migration in migrations.applied(db)} - ours)


def is_first_schema_applied(db: Database) -> bool:
    """Was the database created by a release, and not by a version before the first one?"""
    return any(migration.name == FIRST_MIGRATION for migration in migrations.applied(db))


def replace_in_table(db: Database, table: str, old: str, new: str) -> None:
    """Replace a part of a table's stored definition, such as the values of a CHECK constraint.

    SQLite has no statement for it; it recommends this way for constraints that only become wider
    (sqlite.org/lang_altertable.html, section 7). Raises ValueError if the definition lacks the part.
    """
    row = db.execute(
        "select sql from sqlite_schema where type = 'table' and name = ?", [table]
    ).fetchone()
    if row is None or old not in row[0]:
        raise ValueError(f"the definition of {table} has no {old!r} to replace")
    version = db.execute("pragma schema_version").fetchone()[0]
    db.execute("pragma writable_schema = on")
    db.execute(
        "update sqlite_schema set sql = ? where type = 'table' and name = ?",
        [row[0].replace(old, new), table],
    )
    db.execute(f"pragma schema_version = {version + 1}")
    db.execute("pragma writable_schema = off")


def _recreate_views(db: Database) -> None:
    """Give an older database the present views: they hold nothing."""
    for name in db.view_names():
        if f"create view {name} as" in VIEWS:
            db.execute(f"drop view {name}")
    _run_script(db, VIEWS)


def _is_empty(db: Database) -> bool:
    return bool(db.execute("select count(*) = 0 from sqlite_schema").fetchone()[0])


def _mark_applied(db: Database, steps: Migrations) -> None:
    at = str(datetime.now(UTC))
    db.conn.executemany(
        f"insert into {steps.migrations_table} (migration_set, name, applied_at) values (?, ?, ?)",
        [(steps.name, migration.name, at) for migration in steps.pending(db)],
    )


def _run_script(db: Database, script: str) -> None:
    """Run SQL statements one by one: `executescript` would commit the transaction."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            db.execute(statement)
            statement = ""
