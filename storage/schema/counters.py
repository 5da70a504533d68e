"""The sums and times in `articles` and `hosts` that triggers keep, so that nobody reads a million rows for them.

Of an article: how many checks and edits it has, and of which sort. Of a host: how many articles it has, and
when the first of them is due. Also when one was first seen, last edited and last checked.
"""

from storage.vocabulary import WATCHED

# The columns of `articles` that triggers keep; a row that is imported brings none of them.
COUNTER_COLUMNS = frozenset(
    {"checks", "edits", "headline_edits", "silent_edits", "judged_edits", "gap_seconds"}
)


def _count_edit(row: str, sign: str) -> str:
    """The statement that adds an edit (the row `new`, sign +) to its article's sums or takes one (`old`, -) off."""
    return f"""
        update articles set
            edits = edits {sign} 1,
            headline_edits = headline_edits {sign} ({row}.field = 'headline'),
            silent_edits = silent_edits {sign} ({row}.disclosed is 0),
            judged_edits = judged_edits {sign} ({row}.disclosed is not null),
            gap_seconds = gap_seconds {sign} (julianday({row}.seen_at) - julianday({row}.seen_after)) * 86400
        where id = {row}.article_id;"""


def _first_due_at(host: str) -> str:
    """The query for when the first article of a host (`new.host`, `old.host`) is due."""
    return f"(select min(next_check_at) from articles where host = {host} and {WATCHED})"


_SET_DUE = f"""
    insert into hosts (host, due_at) values (new.host, {_first_due_at("new.host")})
    on conflict (host) do update set due_at = excluded.due_at;"""
_SET_OLD_HOST_DUE = f"""
    update hosts set due_at = {_first_due_at("old.host")} where host = old.host"""

_ADD_ARTICLE = """
    insert into hosts (host, articles, active) values (new.host, 1, new.state = 'active')
    on conflict (host) do update set articles = articles + 1, active = active + excluded.active;"""
_REMOVE_ARTICLE = """
    update hosts set articles = articles - 1, active = active - (old.state = 'active') where host = old.host;"""
_WIDEN_HOST_TIMES = """
    update hosts set
        first_seen_at = min(coalesce(first_seen_at, new.first_seen_at), new.first_seen_at),
        changed_at = coalesce(max(changed_at, new.changed_at), changed_at, new.changed_at),
        checked_at = coalesce(max(checked_at, new.checked_at), checked_at, new.checked_at)
    where host = new.host;"""

TRIGGERS = f"""
create trigger fetches_inserted after insert on fetches when new.confirms is null begin
    update articles set checks = checks + 1 where id = new.article_id;
end;
create trigger fetches_deleted after delete on fetches when old.confirms is null begin
    update articles set checks = checks - 1 where id = old.article_id;
end;
create trigger fetches_moved after update of article_id on fetches when new.confirms is null begin
    update articles set checks = checks - 1 where id = old.article_id;
    update articles set checks = checks + 1 where id = new.article_id;
end;

create trigger edits_inserted after insert on edits begin {_count_edit("new", "+")}
end;
create trigger edits_deleted after delete on edits begin {_count_edit("old", "-")}
end;
create trigger edits_updated after update of article_id, field, disclosed, seen_at, seen_after on edits
begin {_count_edit("old", "-")} {_count_edit("new", "+")}
end;

create trigger articles_inserted after insert on articles
begin {_SET_DUE} {_ADD_ARTICLE} {_WIDEN_HOST_TIMES}
end;
create trigger articles_deleted after delete on articles
begin {_SET_OLD_HOST_DUE}; {_REMOVE_ARTICLE}
end;
create trigger articles_rescheduled after update of next_check_at, state, host on articles
when old.next_check_at is not new.next_check_at or old.state <> new.state or old.host <> new.host
begin {_SET_DUE} {_SET_OLD_HOST_DUE} and old.host <> new.host;
end;
create trigger articles_moved after update of state, host on articles
when old.state <> new.state or old.host <> new.host
begin {_REMOVE_ARTICLE} {_ADD_ARTICLE} {_WIDEN_HOST_TIMES}
end;
create trigger articles_checked after update of first_seen_at, changed_at, checked_at on articles
begin {_WIDEN_HOST_TIMES}
end;
"""
