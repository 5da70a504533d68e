"""The views, for people who query the database."""

# Of an edit that led to the version `v`: did its page come from a file? The SQL for a column.
IS_IMPORTED = (
    "exists (select 1 from fetches f where f.version_id = v.id and f.imported = 1) as imported"
)

VIEWS = f"""
-- An article with its latest version.
create view article_latest as
select a.id, a.url, a.host, a.state, v.number as version, v.headline, v.dek, v.byline,
    v.published_at, v.modified_at, a.first_seen_at, a.checked_at, a.changed_at,
    a.next_check_at, a.next_check_reason, v.body
from articles a
left join versions v on v.article_id = a.id and v.number = a.latest_version;

-- An edit with the article's address and the headline after the edit.
create view edit_log as
select e.id, e.seen_at, e.seen_after, a.host, v.headline, e.field, e.op, e.kind, e.old, e.new,
    e.disclosed, e.disclosure, e.source, e.evidence, e.context, e.from_version, e.to_version, e.paragraph, a.url, e.article_id,
    {IS_IMPORTED}
from edits e
join articles a on a.id = e.article_id
join versions v on v.article_id = e.article_id and v.number = e.to_version;

-- A sentence with the times of the versions that added and removed it.
create view sentence_life as
select a.url, s.sentence, s.added_version, added.seen_at as added_at, s.removed_version,
    removed.seen_at as removed_at, s.removed_version is null as current, s.article_id
from sentences s
join articles a on a.id = s.article_id
join versions added on added.article_id = s.article_id and added.number = s.added_version
left join versions removed on removed.article_id = s.article_id and removed.number = s.removed_version;

-- A headline of an article that reverted to an earlier text, with the share of the time that it was shown.
create view flapping as
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
"""
