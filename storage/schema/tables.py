"""The tables and their indices as they are now, with a line that says what a row is.

Times are ISO 8601 UTC text with `Z`; a publisher's own time may be a plain day (`YYYY-MM-DD`).
Triggers keep some columns of `articles` and `hosts`: see `storage.schema.counters`.
"""

from storage.vocabulary import (
    EXCLUSION_KINDS,
    FIELD_NAMES,
    OPERATIONS,
    OUTCOMES,
    SOURCE_KINDS,
    SOURCE_STATES,
    STATES,
    WATCHED,
    sql_list,
)

TABLES = f"""
-- An article, under its canonical URL.
create table articles (
    id integer primary key autoincrement, -- a check in hand may hold the id of an erased article: never reused
    url text not null unique,
    host text not null,
    headline text,
    first_seen_at text not null,
    checked_at text,
    changed_at text,
    next_check_at text,
    next_check_reason text,
    state text not null default 'active' check (state in ({sql_list(STATES)})),
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
create index articles_due on articles (next_check_at) where {WATCHED};
create index articles_host on articles (host);
create index articles_host_due on articles (host, next_check_at) where {WATCHED};

-- An address of an article.
create table aliases (
    url text primary key,
    article_id integer not null references articles (id) on delete cascade,
    declared_by integer -- the article whose page names this address, as long as nobody has fetched it
) without rowid;
create index aliases_article on aliases (article_id);

-- The bytes of a page.
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
create index snapshots_base on snapshots (base_id) where base_id is not null;

-- A text that an article had.
create table versions (
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
    headlines text not null default '{{}}', -- the headline by source (JSON)
    template_fields text not null default '[]', -- of a technical version: what changed with the template of the site
    details_hash text, -- of what content_hash leaves out: section, language, times, headlines
    unique (article_id, number)
);
create index versions_technical on versions (article_id) where technical = 1;
create index versions_snapshot on versions (snapshot_id) where snapshot_id is not null;

-- An address of an article that the user erased: no source adds it again. Only a hash of the address is kept.
create table erased (
    address_hash text primary key
) without rowid;

-- An HTTP request and what came of it; a check is one of these, or two of which the second confirms the first.
create table fetches (
    id integer primary key,
    article_id integer references articles (id) on delete cascade,
    url text not null,
    fetched_at text not null,
    outcome text not null check (outcome in ({sql_list(OUTCOMES)})),
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
    imported integer not null default 0 check (imported in (0, 1)), -- 1: from a file, not requested by this database
    check ((sketch is null) = (unconfirmed = 0))
);
create index fetches_unconfirmed on fetches (fetched_at) where unconfirmed = 1;
create index fetches_article on fetches (article_id, id);
-- Deleting a row that other rows refer to must not scan them: hence these three, versions_snapshot and snapshots_base.
create index fetches_snapshot on fetches (snapshot_id) where snapshot_id is not null;
create index fetches_version on fetches (version_id) where version_id is not null;
create index fetches_confirms on fetches (confirms) where confirms is not null;

-- What the next check of an article needs of its last page.
create table last_pages (
    article_id integer primary key references articles (id) on delete cascade,
    fetched_at text,
    etag text,
    last_modified text,
    container_path text, -- the element that held the text
    page_id integer references snapshots (id),
    page_sha256 text
);
create index last_pages_page on last_pages (page_id) where page_id is not null;

-- A difference between two versions.
create table edits (
    id integer primary key autoincrement, -- a cursor for readers: never reused
    article_id integer not null references articles (id) on delete cascade,
    from_version integer not null,
    to_version integer not null,
    seen_after text not null,
    seen_at text not null,
    field text not null check (field in ({sql_list(FIELD_NAMES)})),
    op text not null check (op in ({sql_list(OPERATIONS)})),
    kind text not null,
    old text,
    new text,
    context text not null default '',
    context_at integer not null default 0, -- where `new` begins in the context
    paragraph integer,
    disclosed integer check (disclosed in (0, 1)),
    disclosure text, -- what disclosed it
    source text, -- of a headline: which of its sources changed
    evidence text, -- why the edit is of its kind
    differ text, -- the version of the rules that compared the texts
    check (old is not null or new is not null)
);
create index edits_article on edits (article_id, id);
create index edits_kind on edits (kind, seen_at);
create index edits_field on edits (field, seen_at) where field <> 'body';
-- Covers every column that edits are filtered by: a filter opens no edit that it skips.
create index edits_by_time on edits (seen_at, id, field, kind, disclosed, article_id);

-- A sentence of an article, from the version that added it to the one that removed it.
create table sentences (
    id integer primary key,
    article_id integer not null references articles (id) on delete cascade,
    sentence text not null,
    added_version integer not null,
    removed_version integer
);
create index sentences_article on sentences (article_id, removed_version);

-- A text that is left out of an article: proven page noise, or a change that a later check must confirm.
-- Without article_id it is a publisher's line, left out of all articles of the host; an imported one only of imported articles.
create table exclusions (
    id integer primary key,
    host text not null,
    article_id integer references articles (id) on delete cascade,
    kind text not null check (kind in ({sql_list(EXCLUSION_KINDS)})),
    text text not null,
    evidence text not null,
    since text not null,
    restored_at text,
    imported integer not null default 0 check (imported in (0, 1)) -- 1: on the word of a file
);
create index exclusions_article on exclusions (article_id, kind) where article_id is not null;
create index exclusions_host on exclusions (host, id) where article_id is null;

-- A story that teaches what its host prints into all articles: the first version of an article.
create table host_stories (
    id integer primary key,
    host text not null,
    url text not null,
    article_id integer references articles (id) on delete cascade,
    headline text not null,
    day text not null, -- of its publication; if unknown, when it was seen first
    characters integer not null, -- of all its lines
    same_as integer, -- the story that it repeats under another address
    seen_at text not null
);
create index host_stories_host on host_stories (host, seen_at);
create index host_stories_article on host_stories (article_id) where article_id is not null;

-- A line of a story. The hash is of the host and of the line with every number as 0.
create table host_lines (
    line_hash integer not null,
    story_id integer not null references host_stories (id) on delete cascade,
    is_foreign integer not null check (is_foreign in (0, 1)), -- its terms do not recur in the story
    numbers_hash integer, -- of its numbers; null if it has none
    lines_before integer, -- where it is in the story; null for a name
    lines_after integer,
    primary key (line_hash, story_id)
) without rowid;
create index host_lines_story on host_lines (story_id);

-- A source of new articles.
create table watches (
    id integer primary key,
    url text not null unique,
    kind text not null check (kind in ({sql_list(SOURCE_KINDS)})),
    added_at text not null,
    state text not null default 'active' check (state in ({sql_list(SOURCE_STATES)})),
    checked_at text,
    next_check_at text,
    fetched_at text, -- the last answer with a page
    etag text,
    last_modified text,
    reason text,
    every text, -- the user's own timetable
    wait_seconds real, -- the wait that the source asks for between checks
    failures integer not null default 0, -- in a row
    waiting integer not null default 0 -- new articles of its last answer that the next checks add
);
create index watches_due on watches (next_check_at) where state = 'active';

-- The time that a source last gave for an article.
create table mentions (
    watch_id integer not null references watches (id) on delete cascade,
    article_id integer not null references articles (id) on delete cascade,
    timestamp text not null,
    primary key (watch_id, article_id)
) without rowid;
create index mentions_article on mentions (article_id);

-- A notification: one edit for one address of a channel.
create table outbox (
    id integer primary key autoincrement,
    edit_id integer not null references edits (id) on delete cascade,
    channel text not null,
    address integer not null default 0, -- its position among the addresses of the channel
    message integer, -- the first id of the message that it is sent in; a retry sends the same message
    created_at text not null,
    delivered_at text,
    attempts integer not null default 0,
    next_attempt_at text,
    last_error text,
    unique (edit_id, channel, address)
);
create index outbox_waiting on outbox (channel) where delivered_at is null;

-- A host: how often its articles are edited, how its server behaves, and the process that checks it now.
create table hosts (
    host text primary key,
    edited_checks real not null default 0,
    expected_edits real not null default 0, -- how many an average publisher would have made
    failures integer not null default 0, -- in a row
    backoff_until text,
    reason text,
    requested_at text,
    requested_boot text, -- the boot of the machine that requested it
    requested_uptime real, -- the uptime of that machine at the time
    validators_hid_edit_at text, -- when an edit was found under an unchanged ETag or Last-Modified time
    leased_until text,
    holder text,
    lease_boot text, -- the boot of the holder's machine
    lease_uptime real, -- the uptime of that machine at which the lease ends
    checking text, -- the address that the holder reads now
    -- kept by triggers, over its articles:
    due_at text, -- the first next_check_at
    articles integer not null default 0,
    active integer not null default 0,
    first_seen_at text,
    changed_at text,
    checked_at text
) without rowid;
create index hosts_due on hosts (due_at) where due_at is not null;
create index hosts_articles on hosts (articles desc, host) where articles > 0;

-- The robots.txt of a host and port.
create table robots (
    authority text primary key,
    read_at text not null,
    status integer,
    text text not null,
    reason text,
    failing_since text
) without rowid;

-- A host that the user gave, with its port. Only these may be in a private network.
create table typed_hosts (
    authority text primary key,
    typed_at text not null,
    public_at text -- when it was found to be public: then it must stay so
) without rowid;

-- A time in which this machine's own network was out.
create table outages (
    id integer primary key,
    began_at text not null,
    ended_at text,
    reason text not null
);

-- The clock of the machine whose processes checked last. It is known by how far it is ahead of the uptime.
create table machine_clock (
    id integer primary key check (id = 1),
    boot text not null,
    offset_seconds real not null, -- the time of day less the uptime, since 1970
    since text not null, -- the times of this boot begin here
    followed_uptime real not null -- when the stored times last followed the clock
);

-- The one row that sets how often articles are checked: the threshold, and the decay of edits with age.
create table check_rate (
    id integer primary key check (id = 1),
    threshold real not null,
    scale real not null,
    tau real not null,
    q real not null,
    adjusted_at text not null,
    fitted_at text not null
);

-- The words of a version, for full-text search.
create virtual table version_words using fts5 (
    words, content = '', tokenize = "unicode61 remove_diacritics 2"
);

-- The words that the next version removed, under the last version that had them.
create virtual table removed_words using fts5 (
    words, content = '', columnsize = 0, tokenize = "unicode61 remove_diacritics 2"
);
"""
