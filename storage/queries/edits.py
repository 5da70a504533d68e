"""Logged edits, newest first: all that match a filter, or a batch of them from a cursor on.

The order is that of the checks: an imported edit has a new id, but its place is by the time of its check.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from storage.database import Database, Row
from storage.schema.views import IS_IMPORTED
from storage.search.highlight import contains_words
from storage.search.hits import Batch
from storage.search.tokens import all_words_query

# The place of an edit in the order of all edits: when its new text was first seen, and its id.
EditPosition = tuple[str, int]

# Sort before and after every time of the database.
BEFORE_ALL_TIMES, AFTER_ALL_TIMES = "", "~"
# How many edits a batch reads at most: fewer if it must read their texts. If few match, the batch is
# short, and the next one continues where it stopped.
MAX_EDITS_SCANNED, MAX_TEXTS_SCANNED = 200_000, 20_000
# Words in at most this many versions are looked up in the full-text index, commoner ones in the edits.
MAX_RARE_VERSIONS = 2_000

SELECT_EDIT = (
    "select e.*, a.url, a.host, v.headline, v.lang, v.reverts_to,"
    f" {IS_IMPORTED} from edits e"
    " join articles a on a.id = e.article_id"
    " join versions v on v.article_id = e.article_id and v.number = e.to_version"
)
NEWEST_FIRST = "order by e.seen_at desc, e.id desc"
BETWEEN_POSITIONS = (
    "(e.seen_at, e.id) < (:top, :top_id) and (e.seen_at, e.id) >= (:floor, :floor_id)"
)


@dataclass(frozen=True, slots=True)
class EditFilter:
    """Which edits: None, False and "" do not filter.

    `silent` keeps the edits that the publisher is known not to have disclosed. `versions` keeps those
    between two version numbers. `since` is the first time, `until` the first time after, as the database
    stores times. `words` must all be in the old text, the new text or the sentence around them.
    """

    host: str | None = None
    article_id: int | None = None
    versions: tuple[int, int] | None = None
    field: str | None = None
    kind: str | None = None
    silent: bool = False
    since: str | None = None
    until: str | None = None
    words: str = ""


EVERY_EDIT = EditFilter()


def matching_edits(
    db: Database, edit_filter: EditFilter = EVERY_EDIT, *, limit: int | None = None
) -> Iterator[Row]:
    """The edits that match, newest first, at most `limit`, however long that takes.

    A row has the columns of `edits`, and the `url` and `host` of the article. It also has the `headline`,
    `lang` and `reverts_to` of the version that the edit led to; `imported` is 1 if its page came from a file.
    """
    conditions = [*_conditions(edit_filter)]
    if edit_filter.since is not None:
        conditions.append("e.seen_at >= :since")
    if edit_filter.until is not None:
        conditions.append("e.seen_at < :until")
    # Words are matched after the query, so with words the query must not stop at the limit.
    sql_limit = -1 if limit is None or edit_filter.words else limit
    rows: Iterator[Row] = db.query(
        f"{SELECT_EDIT} where {' and '.join(conditions) or 'true'} {NEWEST_FIRST} limit :limit",
        {**_bindings(edit_filter), "limit": sql_limit},
    )
    if edit_filter.words:
        has_words = contains_words(edit_filter.words)
        rows = islice((row for row in rows if has_words(_text_around(row))), limit)
    yield from rows


def edit_batch(
    db: Database,
    edit_filter: EditFilter = EVERY_EDIT,
    *,
    before: int | None = None,
    limit: int = 25,
) -> Batch[Row]:
    """The newest edits that match, older than the edit with the id `before`; in bounded time.

    Rows are those of `matching_edits`. A batch may be short although older edits match: only a cursor of
    None says that there are none.
    """
    top = _top(db, edit_filter, before)
    if edit_filter.words:
        ids, floor = _ids_with_words(db, edit_filter, top, limit)
    else:
        floor = _floor(db, edit_filter, top, MAX_EDITS_SCANNED)
        ids = [row[0] for row in _scan(db, edit_filter, top, floor, "e.id", limit=limit + 1)]
    rows = edits_by_id(db, ids[:limit])
    if len(ids) > limit:
        return Batch(rows, rows[-1]["id"])
    return Batch(rows, floor[1] or None)


def edits_by_id(db: Database, ids: list[int]) -> tuple[Row, ...]:
    """The edits with these ids, newest first, as `matching_edits` gives them; missing ids are left out."""
    marks = ", ".join("?" * len(ids))
    return tuple(db.query(f"{SELECT_EDIT} where e.id in ({marks}) {NEWEST_FIRST}", ids))


def neighbouring_edits(
    db: Database, article_id: int, edit_id: int
) -> tuple[int | None, int | None]:
    """The ids of the edits before and after an edit of an article, each None if there is none."""
    row = db.execute(
        "with this as (select seen_at, id from edits where id = :id) select"
        " (select id from edits where article_id = :article and (seen_at, id) < (select * from this)"
        " order by seen_at desc, id desc limit 1),"
        " (select id from edits where article_id = :article and (seen_at, id) > (select * from this)"
        " order by seen_at, id limit 1)",
        {"article": article_id, "id": edit_id},
    ).fetchone()
    return row[0], row[1]


def _top(db: Database, edit_filter: EditFilter, before: int | None) -> EditPosition:
    """The position below which a batch begins.

    `rebuild` may have deleted the edit of the cursor: then below the last edit with a smaller id.
    """
    top = (edit_filter.until or AFTER_ALL_TIMES, 0)
    if before is None:
        return top
    row = db.execute(
        "select seen_at from edits where id <= ? order by id desc limit 1", [before]
    ).fetchone()
    return min(top, (row[0], before)) if row else (BEFORE_ALL_TIMES, 0)


def _floor(
    db: Database, edit_filter: EditFilter, top: EditPosition, max_scanned: int
) -> EditPosition:
    """The position down to which a batch reads; its id is 0 if no edit below it can match.

    It bounds only filters that may skip many edits. One article has few edits, and without a filter the
    first edits match.
    """
    since = (edit_filter.since or BEFORE_ALL_TIMES, 0)
    if edit_filter.article_id is not None or not (_conditions(edit_filter) or edit_filter.words):
        return since
    row = db.execute(
        "select seen_at, id from edits indexed by edits_by_time where (seen_at, id) < (?, ?)"
        " order by seen_at desc, id desc limit 1 offset ?",
        [*top, max_scanned - 1],
    ).fetchone()
    return max(since, (row[0], row[1])) if row else since


def _scan(
    db: Database,
    edit_filter: EditFilter,
    top: EditPosition,
    floor: EditPosition,
    columns: str,
    *,
    limit: int,
) -> Iterator[Any]:
    """Columns of the edits between two positions that match but for the words, newest first."""
    index = "edits_article" if edit_filter.article_id is not None else "edits_by_time"
    conditions = " and ".join([BETWEEN_POSITIONS, *_conditions(edit_filter)])
    yield from db.execute(
        f"select {columns} from edits e indexed by {index} where {conditions} {NEWEST_FIRST} limit :limit",
        {**_bindings(edit_filter), **_position_bindings(top, floor), "limit": limit},
    )


def _conditions(edit_filter: EditFilter) -> list[str]:
    """The SQL conditions of the filter but for times and words.

    A condition is in the query only if the filter needs it: else the planner can use no index for it.
    """
    conditions = {
        "e.article_id = :article_id": edit_filter.article_id,
        "e.article_id in (select id from articles where host = :host)": edit_filter.host,
        "e.from_version >= :first and e.to_version <= :last": edit_filter.versions,
        "e.field = :field": edit_filter.field,
        # The index of fields leaves out the most common one.
        "e.field <> 'body'": edit_filter.field not in (None, "body") or None,
        "e.kind = :kind": edit_filter.kind,
        "e.disclosed = 0": edit_filter.silent or None,
    }
    return [condition for condition, value in conditions.items() if value is not None]


def _bindings(edit_filter: EditFilter) -> dict[str, Any]:
    first, last = edit_filter.versions or (None, None)
    return {
        "article_id": edit_filter.article_id, "host": edit_filter.host, "field": edit_filter.field, "kind": edit_filter.kind,
        "since": edit_filter.since, "until": edit_filter.until, "first": first, "last": last,
    }  # fmt: skip


def _position_bindings(top: EditPosition, floor: EditPosition) -> dict[str, Any]:
    return {"top": top[0], "top_id": top[1], "floor": floor[0], "floor_id": floor[1]}


def _ids_with_words(
    db: Database, edit_filter: EditFilter, top: EditPosition, limit: int
) -> tuple[list[int], EditPosition]:
    """The ids of at most `limit` + 1 edits with the words, and the position down to which it read."""
    match = all_words_query(edit_filter.words)
    if not match:
        return [], (BEFORE_ALL_TIMES, 0)
    if _is_rare(db, match):
        floor = (edit_filter.since or BEFORE_ALL_TIMES, 0)
        rows = _edits_near_words(db, edit_filter, match, top, floor)
    else:
        floor = _floor(db, edit_filter, top, MAX_TEXTS_SCANNED)
        rows = _scan(db, edit_filter, top, floor, "e.id, e.old, e.new, e.context", limit=-1)
    has_words = contains_words(edit_filter.words)
    texts = ((row[0], dict(zip(("old", "new", "context"), row[1:4], strict=True))) for row in rows)
    ids = (edit_id for edit_id, text in texts if has_words(_text_around(text)))
    return list(islice(ids, limit + 1)), floor


def _text_around(row: Row) -> str:
    """The text in which the words of a filter must be."""
    return f"{row['old'] or ''} \n {row['new'] or ''} \n {row['context']}"


def _is_rare(db: Database, match: str) -> bool:
    row = db.execute(
        "select count(*) from (select 1 from version_words where words match ? limit ?)",
        [match, MAX_RARE_VERSIONS + 1],
    ).fetchone()
    return int(row[0]) <= MAX_RARE_VERSIONS


def _edits_near_words(
    db: Database, edit_filter: EditFilter, match: str, top: EditPosition, floor: EditPosition
) -> Iterator[Any]:
    """The edits with the words in the version before or after, newest first."""
    conditions = " and ".join([BETWEEN_POSITIONS, *_conditions(edit_filter)])
    yield from db.execute(
        "select distinct e.id, e.old, e.new, e.context, e.seen_at from version_words w"
        " cross join versions v on v.id = w.rowid"
        " cross join edits e indexed by edits_article on e.article_id = v.article_id"
        " where w.words match :match and e.to_version between v.number and v.number + 1"
        f" and {conditions} {NEWEST_FIRST}",
        {**_bindings(edit_filter), **_position_bindings(top, floor), "match": match},
    )
