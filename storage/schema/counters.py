"""What keeps a large history quick: indices, and sums and times that triggers keep right."""

WATCHED = "state in ('active', 'gone', 'finished')"

# When the first of a host's articles is due, so that nobody reads all that is due to find a host.
FIRST_DUE_AT = f"(select min(next_check_at) from articles where host = {{row}}.host and {WATCHED})"
UPDATE_DUE = (
    f"insert into hosts (host, due_at) values (new.host, {FIRST_DUE_AT.format(row='new')})"
    " on conflict (host) do update set due_at = excluded.due_at"
)
UPDATE_OLD_HOST_DUE = (
    f"update hosts set due_at = {FIRST_DUE_AT.format(row='old')} where host = old.host"
)
# One edit more or less in the sums of its article; what a publisher's habits are told by.
COUNT_EDIT = (
    "update articles set edits = edits {sign} 1,"
    " headline_edits = headline_edits {sign} ({row}.field = 'headline'),"
    " silent_edits = silent_edits {sign} ({row}.disclosed is 0),"
    " judged_edits = judged_edits {sign} ({row}.disclosed is not null),"
    " gap_seconds = gap_seconds {sign} (julianday({row}.seen_at) - julianday({row}.seen_after)) * 86400"
    " where id = {row}.article_id"
)
ADD_EDIT, REMOVE_EDIT = (
    COUNT_EDIT.format(sign="+", row="new"),
    COUNT_EDIT.format(sign="-", row="old"),
)
ADD_CHECK = "update articles set looks = looks + 1 where id = new.article_id"
REMOVE_CHECK = "update articles set looks = looks - 1 where id = old.article_id"

# What a publisher's page begins with, so that nobody counts all its articles.
ADD_ARTICLE = (
    "insert into hosts (host, articles, active) values (new.host, 1, new.state = 'active')"
    " on conflict (host) do update set articles = articles + 1, active = active + excluded.active"
)
REMOVE_ARTICLE = "update hosts set articles = articles - 1, active = active - (old.state = 'active') where host = old.host"
UPDATE_HOST_TIMES = (
    "update hosts set first_seen_at = min(coalesce(first_seen_at, new.first_seen_at), new.first_seen_at),"
    " changed_at = coalesce(max(changed_at, new.changed_at), changed_at, new.changed_at),"
    " checked_at = coalesce(max(checked_at, new.checked_at), checked_at, new.checked_at)"
    " where host = new.host"
)
PUBLISHER_COUNTERS = f"""
alter table hosts add column articles integer not null default 0;
alter table hosts add column active integer not null default 0;
alter table hosts add column first_seen_at text;
alter table hosts add column changed_at text;
alter table hosts add column checked_at text;
create index hosts_articles on hosts (articles desc, host) where articles > 0;
insert into hosts (host, articles, active, first_seen_at, changed_at, checked_at)
    select host, count(*), sum(state = 'active'), min(first_seen_at), max(changed_at), max(checked_at)
    from articles where true group by host
    on conflict (host) do update set articles = excluded.articles, active = excluded.active,
    first_seen_at = excluded.first_seen_at, changed_at = excluded.changed_at, checked_at = excluded.checked_at;
create trigger articles_counted after insert on articles begin {ADD_ARTICLE}; {UPDATE_HOST_TIMES}; end;
create trigger articles_turned after update of state, host on articles
    when old.state <> new.state or old.host <> new.host begin {REMOVE_ARTICLE}; {ADD_ARTICLE}; {UPDATE_HOST_TIMES}; end;
create trigger articles_seen after update of first_seen_at, changed_at, checked_at on articles
    begin {UPDATE_HOST_TIMES}; end;
create trigger articles_uncounted after delete on articles begin {REMOVE_ARTICLE}; end;
"""

# What the triggers keep in `articles`.
COUNTER_COLUMNS = frozenset(
    {"looks", "edits", "headline_edits", "silent_edits", "judged_edits", "gap_seconds"}
)

# A row that other rows point to can be deleted without reading all of them: fetches_version, fetches_confirms,
# fetches_snapshot, versions_snapshot, snapshots_base.
COUNTERS = f"""
alter table hosts add column due_at text;
alter table articles add column looks integer not null default 0;
alter table articles add column edits integer not null default 0;
alter table articles add column headline_edits integer not null default 0;
alter table articles add column silent_edits integer not null default 0;
alter table articles add column judged_edits integer not null default 0;
alter table articles add column gap_seconds real not null default 0;
drop index articles_host;
create index articles_host on articles (host);
create index articles_host_due on articles (host, next_check_at) where {WATCHED};
create index hosts_due on hosts (due_at) where due_at is not null;
create index watches_due on watches (next_check_at) where kind <> 'article' and state = 'active';
create index versions_technical on versions (article_id) where technical = 1;
create index versions_snapshot on versions (snapshot_id) where snapshot_id is not null;
create index snapshots_base on snapshots (base_id) where base_id is not null;
drop index fetches_snapshot;
create index fetches_snapshot on fetches (snapshot_id) where snapshot_id is not null;
create index fetches_version on fetches (version_id) where version_id is not null;
create index fetches_confirms on fetches (confirms) where confirms is not null;
create index edits_kind on edits (kind, seen_at);
create index edits_field on edits (field, seen_at) where field <> 'body';
drop index outbox_waiting;
create index outbox_waiting on outbox (channel) where delivered_at is null;
update articles set looks = (select count(*) from fetches f where f.article_id = articles.id);
update articles set (edits, headline_edits, silent_edits, judged_edits, gap_seconds) = (
    select count(*), coalesce(sum(field = 'headline'), 0), coalesce(sum(disclosed is 0), 0),
        coalesce(sum(disclosed is not null), 0),
        coalesce(sum(julianday(seen_at) - julianday(seen_after)) * 86400, 0)
    from edits e where e.article_id = articles.id);
insert into hosts (host, due_at)
    select host, min(next_check_at) from articles where {WATCHED} group by host
    on conflict (host) do update set due_at = excluded.due_at;
create trigger articles_added after insert on articles begin {UPDATE_DUE}; end;
create trigger articles_moved after update of next_check_at, state, host on articles
    when old.next_check_at is not new.next_check_at or old.state <> new.state or old.host <> new.host begin
    {UPDATE_DUE}; {UPDATE_OLD_HOST_DUE} and old.host <> new.host; end;
create trigger articles_erased after delete on articles begin {UPDATE_OLD_HOST_DUE}; end;
create trigger fetches_added after insert on fetches begin {ADD_CHECK}; end;
create trigger fetches_erased after delete on fetches begin {REMOVE_CHECK}; end;
create trigger fetches_moved after update of article_id on fetches begin {REMOVE_CHECK}; {ADD_CHECK}; end;
create trigger edits_added after insert on edits begin {ADD_EDIT}; end;
create trigger edits_erased after delete on edits begin {REMOVE_EDIT}; end;
create trigger edits_moved after update of article_id, field, disclosed, seen_at, seen_after on edits
    begin {REMOVE_EDIT}; {ADD_EDIT}; end;
create virtual table departed_words using fts5 (
    words, content = '', columnsize = 0, tokenize = "unicode61 remove_diacritics 2"
);
"""
