CREATE TABLE articles (
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
    born_at text, -- when it was published; if unknown, when first seen
    rate_shape real, -- the edit rate: a gamma distribution of this shape and scale
    rate_scale real,
    every text, -- the user's own timetable
    -- kept by triggers:
    checks integer not null default 0, -- rows of fetches that confirm no other
    edits integer not null default 0,
    headline_edits integer not null default 0,
    silent_edits integer not null default 0, -- disclosed is 0
    judged_edits integer not null default 0, -- disclosed is not null
    gap_seconds real not null default 0 -- sum of seen_at - seen_after
);
CREATE TABLE aliases (
    url text primary key,
    article_id integer not null references articles (id) on delete cascade,
    declared_by integer -- the article whose page names this address, as long as nobody has fetched it
) without rowid;
CREATE TABLE snapshots (
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
CREATE TABLE versions (
    id integer primary key autoincrement, -- the search index holds these ids: never reused
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
    headlines text not null default '{}', -- the headline by source (JSON)
    template_fields text not null default '[]', -- of a technical version: what changed with the template of the site
    unique (article_id, number)
);
CREATE TABLE fetches (
    id integer primary key,
    article_id integer references articles (id) on delete cascade,
    url text not null,
    fetched_at text not null,
    outcome text not null check (outcome in ('new', 'unchanged', 'not_modified', 'edited', 'technical', 'gone', 'restored', 'moved', 'blocked', 'refused', 'failed')),
    http_status integer,
    reason text,
    etag text,
    last_modified text,
    bytes integer,
    elapsed_ms integer,
    snapshot_id integer references snapshots (id),
    version_id integer references versions (id) on delete set null,
    confirms integer references fetches (id), -- the first request of the same check
    container_path text, -- the element that holds the text, if it differs from that of the fetch before
    late_seconds real, -- how long after its due time the check began
    unconfirmed integer not null default 0 check (unconfirmed in (0, 1)), -- 1 until later checks confirm the change
    sketch text, -- hashes of what is new on an unconfirmed page: the same text has the same ones
    check ((sketch is null) = (unconfirmed = 0))
);
CREATE TABLE last_pages (
    article_id integer primary key references articles (id) on delete cascade,
    fetched_at text,
    etag text,
    last_modified text,
    container_path text, -- the element that held the text
    page_id integer references snapshots (id),
    page_sha256 text
);
CREATE TABLE edits (
    id integer primary key autoincrement, -- a cursor for readers: never reused
    article_id integer not null references articles (id) on delete cascade,
    from_version integer not null,
    to_version integer not null,
    seen_after text not null,
    seen_at text not null,
    field text not null check (field in ('headline', 'dek', 'byline', 'body', 'caption', 'published_at', 'modified_at', 'section')),
    op text not null check (op in ('insert', 'delete', 'replace', 'move')),
    kind text not null,
    old text,
    new text,
    context text not null default '',
    context_at integer not null default 0, -- where `new` begins in the context
    paragraph integer,
    disclosed integer check (disclosed in (0, 1)),
    disclosure text, -- what disclosed it
    source text, -- of a headline: which of its sources changed
    check (old is not null or new is not null)
);
CREATE TABLE sentences (
    id integer primary key,
    article_id integer not null references articles (id) on delete cascade,
    sentence text not null,
    added_version integer not null,
    removed_version integer
);
CREATE TABLE exclusions (
    id integer primary key,
    host text not null,
    article_id integer references articles (id) on delete cascade,
    kind text not null check (kind in ('volatile', 'boilerplate', 'pending')),
    text text not null,
    evidence text not null,
    since text not null,
    restored_at text
);
CREATE TABLE host_stories (
    id integer primary key,
    host text not null,
    url text not null,
    article_id integer references articles (id) on delete cascade,
    headline text not null,
    characters integer not null, -- of all its lines
    same_as integer, -- the story that it repeats under another address
    seen_at text not null
);
CREATE TABLE host_lines (
    line_hash integer not null,
    story_id integer not null references host_stories (id) on delete cascade,
    is_foreign integer not null check (is_foreign in (0, 1)), -- its terms do not recur in the story
    primary key (line_hash, story_id)
) without rowid;
CREATE TABLE watches (
    id integer primary key,
    url text not null unique,
    kind text not null check (kind in ('feed', 'sitemap', 'section')),
    added_at text not null,
    state text not null default 'active' check (state in ('active', 'paused')),
    checked_at text,
    next_check_at text,
    fetched_at text, -- the last answer with a page
    etag text,
    last_modified text,
    reason text,
    every text, -- the user's own timetable
    wait_seconds real, -- the wait that the source asks for between checks
    failures integer not null default 0 -- in a row
);
CREATE TABLE mentions (
    watch_id integer not null references watches (id) on delete cascade,
    article_id integer not null references articles (id) on delete cascade,
    timestamp text not null,
    primary key (watch_id, article_id)
) without rowid;
CREATE TABLE outbox (
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
CREATE TABLE hosts (
    host text primary key,
    edited_checks real not null default 0,
    expected_edits real not null default 0, -- how many an average publisher would have made
    failures integer not null default 0, -- in a row
    backoff_until text,
    reason text,
    requested_at text,
    validators_hid_edit_at text, -- when an edit was found under an unchanged ETag or Last-Modified time
    leased_until text,
    holder text,
    -- kept by triggers, over its articles:
    due_at text, -- the first next_check_at
    articles integer not null default 0,
    active integer not null default 0,
    first_seen_at text,
    changed_at text,
    checked_at text
) without rowid;
CREATE TABLE robots (
    authority text primary key,
    read_at text not null,
    status integer,
    text text not null,
    reason text,
    failing_since text
) without rowid;
CREATE TABLE check_rate (
    id integer primary key check (id = 1),
    threshold real not null,
    scale real not null,
    tau real not null,
    q real not null,
    adjusted_at text not null,
    fitted_at text not null
);
CREATE VIRTUAL TABLE version_words using fts5 (
    words, content = '', tokenize = "unicode61 remove_diacritics 2"
);
CREATE VIRTUAL TABLE removed_words using fts5 (
    words, content = '', columnsize = 0, tokenize = "unicode61 remove_diacritics 2"
);
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
CREATE INDEX articles_due on articles (next_check_at) where state in ('active', 'gone', 'finished');
CREATE INDEX articles_host on articles (host);
CREATE INDEX articles_host_due on articles (host, next_check_at) where state in ('active', 'gone', 'finished');
CREATE INDEX aliases_article on aliases (article_id);
CREATE INDEX snapshots_base on snapshots (base_id) where base_id is not null;
CREATE INDEX versions_technical on versions (article_id) where technical = 1;
CREATE INDEX versions_snapshot on versions (snapshot_id) where snapshot_id is not null;
CREATE INDEX fetches_unconfirmed on fetches (fetched_at) where unconfirmed = 1;
CREATE INDEX fetches_article on fetches (article_id, id);
CREATE INDEX fetches_snapshot on fetches (snapshot_id) where snapshot_id is not null;
CREATE INDEX fetches_version on fetches (version_id) where version_id is not null;
CREATE INDEX fetches_confirms on fetches (confirms) where confirms is not null;
CREATE INDEX last_pages_page on last_pages (page_id) where page_id is not null;
CREATE INDEX edits_article on edits (article_id, id);
CREATE INDEX edits_kind on edits (kind, seen_at);
CREATE INDEX edits_field on edits (field, seen_at) where field <> 'body';
CREATE INDEX edits_by_time on edits (seen_at, id, field, kind, disclosed, article_id);
CREATE INDEX sentences_article on sentences (article_id, removed_version);
CREATE INDEX exclusions_article on exclusions (article_id, kind) where article_id is not null;
CREATE INDEX exclusions_host on exclusions (host, id) where article_id is null;
CREATE INDEX host_stories_host on host_stories (host, seen_at);
CREATE INDEX host_stories_article on host_stories (article_id) where article_id is not null;
CREATE INDEX host_lines_story on host_lines (story_id);
CREATE INDEX watches_due on watches (next_check_at) where state = 'active';
CREATE INDEX mentions_article on mentions (article_id);
CREATE INDEX outbox_waiting on outbox (channel) where delivered_at is null;
CREATE INDEX hosts_due on hosts (due_at) where due_at is not null;
CREATE INDEX hosts_articles on hosts (articles desc, host) where articles > 0;
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE TRIGGER fetches_inserted after insert on fetches when new.confirms is null begin
    update articles set checks = checks + 1 where id = new.article_id;
end;
CREATE TRIGGER fetches_deleted after delete on fetches when old.confirms is null begin
    update articles set checks = checks - 1 where id = old.article_id;
end;
CREATE TRIGGER fetches_moved after update of article_id on fetches when new.confirms is null begin
    update articles set checks = checks - 1 where id = old.article_id;
    update articles set checks = checks + 1 where id = new.article_id;
end;
CREATE TRIGGER edits_inserted after insert on edits begin 
        update articles set
            edits = edits + 1,
            headline_edits = headline_edits + (new.field = 'headline'),
            silent_edits = silent_edits + (new.disclosed is 0),
            judged_edits = judged_edits + (new.disclosed is not null),
            gap_seconds = gap_seconds + (julianday(new.seen_at) - julianday(new.seen_after)) * 86400
        where id = new.article_id;
end;
CREATE TRIGGER edits_deleted after delete on edits begin 
        update articles set
            edits = edits - 1,
            headline_edits = headline_edits - (old.field = 'headline'),
            silent_edits = silent_edits - (old.disclosed is 0),
            judged_edits = judged_edits - (old.disclosed is not null),
            gap_seconds = gap_seconds - (julianday(old.seen_at) - julianday(old.seen_after)) * 86400
        where id = old.article_id;
end;
CREATE TRIGGER edits_updated after update of article_id, field, disclosed, seen_at, seen_after on edits
begin 
        update articles set
            edits = edits - 1,
            headline_edits = headline_edits - (old.field = 'headline'),
            silent_edits = silent_edits - (old.disclosed is 0),
            judged_edits = judged_edits - (old.disclosed is not null),
            gap_seconds = gap_seconds - (julianday(old.seen_at) - julianday(old.seen_after)) * 86400
        where id = old.article_id; 
        update articles set
            edits = edits + 1,
            headline_edits = headline_edits + (new.field = 'headline'),
            silent_edits = silent_edits + (new.disclosed is 0),
            judged_edits = judged_edits + (new.disclosed is not null),
            gap_seconds = gap_seconds + (julianday(new.seen_at) - julianday(new.seen_after)) * 86400
        where id = new.article_id;
end;
CREATE TRIGGER articles_inserted after insert on articles
begin 
    insert into hosts (host, due_at) values (new.host, (select min(next_check_at) from articles where host = new.host and state in ('active', 'gone', 'finished')))
    on conflict (host) do update set due_at = excluded.due_at; 
    insert into hosts (host, articles, active) values (new.host, 1, new.state = 'active')
    on conflict (host) do update set articles = articles + 1, active = active + excluded.active; 
    update hosts set
        first_seen_at = min(coalesce(first_seen_at, new.first_seen_at), new.first_seen_at),
        changed_at = coalesce(max(changed_at, new.changed_at), changed_at, new.changed_at),
        checked_at = coalesce(max(checked_at, new.checked_at), checked_at, new.checked_at)
    where host = new.host;
end;
CREATE TRIGGER articles_deleted after delete on articles
begin 
    update hosts set due_at = (select min(next_check_at) from articles where host = old.host and state in ('active', 'gone', 'finished')) where host = old.host; 
    update hosts set articles = articles - 1, active = active - (old.state = 'active') where host = old.host;
end;
CREATE TRIGGER articles_rescheduled after update of next_check_at, state, host on articles
when old.next_check_at is not new.next_check_at or old.state <> new.state or old.host <> new.host
begin 
    insert into hosts (host, due_at) values (new.host, (select min(next_check_at) from articles where host = new.host and state in ('active', 'gone', 'finished')))
    on conflict (host) do update set due_at = excluded.due_at; 
    update hosts set due_at = (select min(next_check_at) from articles where host = old.host and state in ('active', 'gone', 'finished')) where host = old.host and old.host <> new.host;
end;
CREATE TRIGGER articles_moved after update of state, host on articles
when old.state <> new.state or old.host <> new.host
begin 
    update hosts set articles = articles - 1, active = active - (old.state = 'active') where host = old.host; 
    insert into hosts (host, articles, active) values (new.host, 1, new.state = 'active')
    on conflict (host) do update set articles = articles + 1, active = active + excluded.active; 
    update hosts set
        first_seen_at = min(coalesce(first_seen_at, new.first_seen_at), new.first_seen_at),
        changed_at = coalesce(max(changed_at, new.changed_at), changed_at, new.changed_at),
        checked_at = coalesce(max(checked_at, new.checked_at), checked_at, new.checked_at)
    where host = new.host;
end;
CREATE TRIGGER articles_checked after update of first_seen_at, changed_at, checked_at on articles
begin 
    update hosts set
        first_seen_at = min(coalesce(first_seen_at, new.first_seen_at), new.first_seen_at),
        changed_at = coalesce(max(changed_at, new.changed_at), changed_at, new.changed_at),
        checked_at = coalesce(max(checked_at, new.checked_at), checked_at, new.checked_at)
    where host = new.host;
end;
CREATE VIEW article_latest as
select a.id, a.url, a.host, a.state, v.number as version, v.headline, v.dek, v.byline,
    v.published_at, v.modified_at, a.first_seen_at, a.checked_at, a.changed_at,
    a.next_check_at, a.next_check_reason, v.body
from articles a
left join versions v on v.article_id = a.id and v.number = a.latest_version;
CREATE VIEW edit_log as
select e.id, e.seen_at, e.seen_after, a.host, v.headline, e.field, e.op, e.kind, e.old, e.new,
    e.disclosed, e.disclosure, e.source, e.context, e.from_version, e.to_version, e.paragraph, a.url, e.article_id
from edits e
join articles a on a.id = e.article_id
join versions v on v.article_id = e.article_id and v.number = e.to_version;
CREATE VIEW sentence_life as
select a.url, s.sentence, s.added_version, added.seen_at as added_at, s.removed_version,
    removed.seen_at as removed_at, s.removed_version is null as current, s.article_id
from sentences s
join articles a on a.id = s.article_id
join versions added on added.article_id = s.article_id and added.number = s.added_version
left join versions removed on removed.article_id = s.article_id and removed.number = s.removed_version;
CREATE VIEW flapping as
with shown as (
    select article_id, number, headline, reverts_to,
        (julianday(coalesce(lead(seen_at) over (partition by article_id order by number), last_seen_at))
            - julianday(seen_at)) * 86400.0 as seconds
    from versions
), reverted as (
    select article_id, count(*) as returns from versions where reverts_to is not null group by article_id
)
select a.url, s.headline, count(*) as times_shown, round(sum(s.seconds), 1) as seconds_shown,
    round(sum(s.seconds) / nullif(sum(sum(s.seconds)) over (partition by s.article_id), 0), 3) as share,
    r.returns, s.article_id
from shown s
join reverted r on r.article_id = s.article_id
join articles a on a.id = s.article_id
group by s.article_id, s.headline;
