"""The tables and views, as an append-only list of migrations; a shipped one is never edited."""

from sqlite_utils import Database, Migrations

from storage.schema.counters import COUNTERS, PUBLISHER_COUNTERS

migrations = Migrations("variorum")

INITIAL_TABLES = """
create table articles (
    id integer primary key,
    url text not null unique,
    host text not null,
    headline text,
    first_seen_at text not null,
    checked_at text,
    changed_at text,
    next_check_at text,
    next_check_reason text,
    state text not null default 'active' check (state in ('active', 'paused', 'gone', 'finished')),
    latest_version integer,
    leased_until text
);
create index articles_due on articles (next_check_at) where state in ('active', 'gone', 'finished');
create index articles_host on articles (host);

create table aliases (
    url text primary key,
    article_id integer not null references articles (id) on delete cascade
) without rowid;
create index aliases_article on aliases (article_id);

create table snapshots (
    id integer primary key,
    sha256 text not null unique,
    size integer not null,
    encoding text not null check (encoding in ('zstd', 'zstd-delta')),
    base_id integer references snapshots (id),
    data blob not null,
    headers text not null,
    depth integer not null default 0,
    check ((base_id is null) = (encoding = 'zstd'))
);

create table versions (
    id integer primary key autoincrement, -- the search index keeps these ids: never reused
    article_id integer not null references articles (id) on delete cascade,
    number integer not null check (number > 0),
    seen_at text not null,
    last_seen_at text not null,
    headline text not null,
    dek text,
    byline text not null default '[]',
    section text,
    lang text,
    published_at text,
    modified_at text,
    captions text not null default '[]',
    body text not null,
    content_hash text not null,
    reverts_to integer,
    technical integer not null default 0 check (technical in (0, 1)),
    extractor text not null,
    snapshot_id integer references snapshots (id),
    unique (article_id, number)
);

create table fetches (
    id integer primary key,
    article_id integer references articles (id) on delete cascade,
    url text not null,
    fetched_at text not null,
    outcome text not null check (outcome in ('new', 'unchanged', 'not_modified', 'edited', 'technical',
        'gone', 'restored', 'moved', 'blocked', 'refused', 'failed')),
    http_status integer,
    reason text,
    etag text,
    last_modified text,
    bytes integer,
    elapsed_ms integer,
    snapshot_id integer references snapshots (id),
    version_id integer references versions (id) on delete set null
);
create index fetches_article on fetches (article_id, id);
create index fetches_snapshot on fetches (snapshot_id);

create table edits (
    id integer primary key autoincrement,
    article_id integer not null references articles (id) on delete cascade,
    from_version integer not null,
    to_version integer not null,
    seen_after text not null,
    seen_at text not null,
    field text not null check (field in ('headline', 'dek', 'byline', 'body', 'caption', 'published_at',
        'modified_at', 'section')),
    op text not null check (op in ('insert', 'delete', 'replace', 'move')),
    kind text not null,
    old text,
    new text,
    context text not null default '',
    context_at integer not null default 0,
    paragraph integer,
    disclosed integer check (disclosed in (0, 1)),
    check (old is not null or new is not null)
);
create index edits_article on edits (article_id, id);
create index edits_seen on edits (seen_at);

create table sentences (
    id integer primary key,
    article_id integer not null references articles (id) on delete cascade,
    sentence text not null,
    came_version integer not null,
    left_version integer
);
create index sentences_article on sentences (article_id, left_version);

create table watches (
    id integer primary key,
    url text not null unique,
    kind text not null check (kind in ('article', 'feed', 'sitemap', 'section')),
    added_at text not null,
    state text not null default 'active' check (state in ('active', 'paused')),
    checked_at text,
    next_check_at text,
    etag text,
    last_modified text,
    reason text
);

create table sites (
    id integer primary key,
    host text not null,
    article_id integer references articles (id) on delete cascade,
    kind text not null check (kind in ('volatile', 'suspect', 'rule')),
    text text not null,
    evidence text not null,
    seen_at text not null,
    undone_at text
);
create index sites_article on sites (article_id, kind);

create table outbox (
    id integer primary key autoincrement,
    edit_id integer not null references edits (id) on delete cascade,
    channel text not null,
    created_at text not null,
    delivered_at text,
    attempts integer not null default 0,
    next_attempt_at text,
    last_error text,
    unique (edit_id, channel)
);
create index outbox_waiting on outbox (next_attempt_at) where delivered_at is null;

create virtual table version_words using fts5 (
    words, content = '', tokenize = "unicode61 remove_diacritics 2"
);
"""

INITIAL_VIEWS = """
create view article_latest as
select a.id, a.url, a.host, a.state, v.number as version, v.headline, v.dek, v.byline,
    v.published_at, v.modified_at, a.first_seen_at, a.checked_at, a.changed_at,
    a.next_check_at, a.next_check_reason, v.body
from articles a
left join versions v on v.article_id = a.id and v.number = a.latest_version;

create view edit_log as
select e.id, e.seen_at, e.seen_after, a.host, v.headline, e.field, e.op, e.kind, e.old, e.new,
    e.disclosed, e.context, e.from_version, e.to_version, e.paragraph, a.url, e.article_id
from edits e
join articles a on a.id = e.article_id
join versions v on v.article_id = e.article_id and v.number = e.to_version;

create view sentence_life as
select a.url, s.sentence, s.came_version, came.seen_at as came_at, s.left_version,
    gone.seen_at as left_at, s.left_version is null as stands, s.article_id
from sentences s
join articles a on a.id = s.article_id
join versions came on came.article_id = s.article_id and came.number = s.came_version
left join versions gone on gone.article_id = s.article_id and gone.number = s.left_version;

create view flapping as
with stood as (
    select article_id, number, headline, reverts_to,
        (julianday(coalesce(lead(seen_at) over (partition by article_id order by number), last_seen_at))
            - julianday(seen_at)) * 86400.0 as seconds
    from versions
), flapped as (
    select article_id, count(*) as returns from versions where reverts_to is not null group by article_id
)
select a.url, s.headline, count(*) as times_shown, round(sum(s.seconds), 1) as seconds_shown,
    round(sum(s.seconds) / nullif(sum(sum(s.seconds)) over (partition by s.article_id), 0), 3) as share,
    f.returns, s.article_id
from stood s
join flapped f on f.article_id = s.article_id
join articles a on a.id = s.article_id
group by s.article_id, s.headline;
"""


# What a look saw besides the text: which request it confirms, where the text stood, the titles by
# source; which of these moved with an edit of the headline, and what told that an edit was disclosed.
EVIDENCE = """
alter table fetches add column confirms integer references fetches (id);
alter table fetches add column anchor text;
alter table versions add column headlines text not null default '{}';
alter table edits add column source text;
alter table edits add column disclosure text;
drop view edit_log;
create view edit_log as
select e.id, e.seen_at, e.seen_after, a.host, v.headline, e.field, e.op, e.kind, e.old, e.new,
    e.disclosed, e.disclosure, e.source, e.context, e.from_version, e.to_version, e.paragraph, a.url, e.article_id
from edits e
join articles a on a.id = e.article_id
join versions v on v.article_id = e.article_id and v.number = e.to_version;
"""


# What is believed of how much an article is edited (Gamma shape and scale), a publisher's edits seen and
# those the average one would have had, the price of a look, and a timetable of the user's own; when a source said
# that an article was updated; how a host wants to be treated, and which process looks at it just now.
CADENCE = """
alter table articles add column born_at text;
alter table articles add column rate_shape real;
alter table articles add column rate_scale real;
alter table articles add column every text;
alter table articles drop column leased_until;
alter table watches add column every text;
create table hosts (
    host text primary key,
    edited real not null default 0,
    expected real not null default 0,
    failures integer not null default 0,
    not_before text,
    reason text,
    asked_at text,
    leased_until text,
    lessee text
) without rowid;
create table robots (
    authority text primary key,
    read_at text not null,
    status integer,
    text text not null,
    reason text,
    failing_since text
) without rowid;
alter table fetches add column late_seconds real;
drop index articles_host;
create index articles_host on articles (host, next_check_at);
create table mentions (
    watch_id integer not null references watches (id) on delete cascade,
    article_id integer not null references articles (id) on delete cascade,
    stamp text not null,
    primary key (watch_id, article_id)
) without rowid;
create index mentions_article on mentions (article_id);
create table pace (
    id integer primary key check (id = 1),
    price real not null,
    scale real not null,
    tau real not null,
    q real not null,
    moved_at text not null,
    fitted_at text not null
);
"""


# How to tell at the next look that an article stands: where its text was, a hash of all that it was
# read from, and when the page was last read whole; how long a source asked to be left alone, and how often it
# failed in a row; which article's page only named an address.
STANDING = """
alter table fetches add column region text;
alter table fetches add column digest text;
alter table fetches add column whole_at text;
alter table watches add column wait_seconds real;
alter table watches add column failures integer not null default 0;
alter table aliases add column named_by integer;
"""


# The last whole answer that showed an article, kept apart so that each look need not repeat it: validators,
# where its text stood and what it was read from, the last page that is stored of it. A look keeps the element
# only where the text stood in another than before.
LAST_SEEN = """
create table standing (
    article_id integer primary key references articles (id) on delete cascade,
    etag text,
    last_modified text,
    anchor text,
    region text,
    digest text,
    whole_at text,
    page_id integer references snapshots (id),
    page_sha256 text
);
insert into standing
select f.article_id, f.etag, f.last_modified, f.anchor, f.region, f.digest, f.whole_at, f.snapshot_id, s.sha256
from (select max(id) as id from fetches where http_status = 200 and version_id is not null group by article_id) l
join fetches f on f.id = l.id left join snapshots s on s.id = f.snapshot_id;
update fetches set anchor = null where anchor = (select e.anchor from fetches e
    where e.article_id = fetches.article_id and e.id < fetches.id and e.anchor is not null order by e.id desc limit 1);
alter table fetches drop column region;
alter table fetches drop column digest;
alter table fetches drop column whole_at;
"""


# All that edits are chosen by, in the order they are read in: a filter need not open the edits it passes over.
STREAM = """
create index edits_stream on edits (id, field, kind, disclosed, seen_at, article_id);
"""


# A page can be dropped without reading what stands of all articles.
STANDING_PAGE = "create index standing_page on standing (page_id) where page_id is not null"


# The places in the element of an article's text where none of it stands: what others put between.
ASIDES = "alter table standing add column asides text"


# All that edits are chosen by, in the order of time, which history that is imported has its place in; it serves all that asked for time alone.
BY_TIME = """
drop index edits_stream;
drop index edits_seen;
create index edits_by_time on edits (seen_at, id, field, kind, disclosed, article_id);
"""


@migrations()
def m001_tables(db: Database) -> None:
    _run(db, INITIAL_TABLES)


@migrations()
def m002_views(db: Database) -> None:
    _run(db, INITIAL_VIEWS)


@migrations()
def m003_evidence(db: Database) -> None:
    _run(db, EVIDENCE)


@migrations()
def m004_cadence(db: Database) -> None:
    _run(db, CADENCE)


@migrations()
def m005_standing(db: Database) -> None:
    _run(db, STANDING)


@migrations()
def m006_scale(db: Database) -> None:
    from storage.search.index import index_all_removed  # comparing texts takes long to load

    _run(db, COUNTERS)
    index_all_removed(db)


@migrations()
def m007_last_seen(db: Database) -> None:
    _run(db, LAST_SEEN)


@migrations()
def m008_stream(db: Database) -> None:
    _run(db, STREAM)


@migrations()
def m009_standing_page(db: Database) -> None:
    _run(db, STANDING_PAGE)


@migrations()
def m010_by_time(db: Database) -> None:
    _run(db, BY_TIME)


@migrations()
def m011_asides(db: Database) -> None:
    _run(db, ASIDES)


@migrations()
def m012_publishers(db: Database) -> None:
    _run(db, PUBLISHER_COUNTERS)


def _run(db: Database, script: str) -> None:
    """Each statement by itself: `executescript` would commit the migration's transaction."""
    for statement in script.split(";\n"):
        if statement.strip():
            db.execute(statement)


def migration_names() -> set[str]:
    """The names of every migration this program knows."""
    return {migration.name for migration in migrations.pending(Database(memory=True))}
