"""The edits of all articles, newest first, a stretch at a time: from a cursor, never by counting."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from storage.search.highlight import contains_words
from storage.search.tokens import all_words_query

Row = dict[str, Any]
# Where an edit stands among all: when its new text was first seen, and its id.
EditPosition = tuple[str, int]

BEFORE_ALL_TIMES, AFTER_ALL_TIMES = "", "~"  # before and after every time
# So many edits are looked over for one stretch; where fewer fit, the next stretch goes on from there.
MAX_EDITS_SCANNED = 200_000
# … and so many where their words must be read.
MAX_EDITS_READ = 20_000
# Words in so many versions or fewer are sought in the index, commoner ones in the edits themselves.
MAX_RARE_VERSIONS = 2_000
BETWEEN_POSITIONS = (
    "(e.seen_at, e.id) < (:top, :top_id) and (e.seen_at, e.id) >= (:floor, :floor_id)"
)


@dataclass(frozen=True, slots=True)
class EditFilter:
    """Which edits: None and "" ask for nothing; times are text as the database holds it."""

    host: str | None = None
    article_id: int | None = None
    field: str | None = None
    kind: str | None = None
    silent: bool = False
    since: str | None = None
    until: str | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class EditBatch:
    """Edits with their article and its language, and the cursor of the next stretch, if there is one."""

    rows: tuple[Row, ...]
    before: int | None


def edit_batch(
    db: Database, edit_filter: EditFilter, *, before: int | None = None, limit: int = 25
) -> EditBatch:
    """The newest edits that are wanted, of those older than the one with the id `before`.

    Newest is what was seen last: history that is imported takes its place among what was seen then.
    """
    top = _top(db, edit_filter, before)
    if edit_filter.words:
        ids, floor = _ids_with_words(db, edit_filter, top, limit)
    else:
        floor = _floor(db, edit_filter, top, MAX_EDITS_SCANNED)
        ids = [row[0] for row in _scan(db, edit_filter, top, floor, "e.id", limit=limit + 1)]
    rows = edits_by_id(db, ids[:limit])
    if len(ids) > limit:
        return EditBatch(rows, rows[-1]["id"])
    return EditBatch(rows, floor[1] or None)


def edits_by_id(db: Database, ids: list[int]) -> tuple[Row, ...]:
    """The edits with these ids, newest first, with the article's address and language."""
    marks = ", ".join("?" * len(ids))
    return tuple(
        db.query(
            "select e.*, a.url, a.host, v.headline, v.lang, v.reverts_to from edits e"
            " join articles a on a.id = e.article_id"
            " join versions v on v.article_id = e.article_id and v.number = e.to_version"
            f" where e.id in ({marks}) order by e.seen_at desc, e.id desc",
            ids,
        )
    )


def neighbouring_edits(
    db: Database, article_id: int, edit_id: int
) -> tuple[int | None, int | None]:
    """The ids of the edits of an article before and after one."""
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
    """Below which place to begin. The edit of the cursor may be gone: then below the last one before it."""
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
    """Down to which place to look; its id is 0 where none lies below that is wanted.

    The edits of one article are all looked over at once; where every edit is wanted, the first ones do.
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
    """Columns of the edits that fit, words aside, newest first."""
    index = "edits_article" if edit_filter.article_id is not None else "edits_by_time"
    yield from db.execute(
        f"select {columns} from edits e indexed by {index} where {BETWEEN_POSITIONS}{_conditions(edit_filter)}"
        " order by e.seen_at desc, e.id desc limit :limit",
        _bindings(edit_filter, top, floor, limit=limit),
    )


def _conditions(edit_filter: EditFilter) -> str:
    """Only what is asked, so that the planner sees it; times are in the places that it lies between."""
    conditions = {
        "e.article_id = :article": edit_filter.article_id,
        "e.article_id in (select id from articles where host = :host)": edit_filter.host,
        "e.field = :field": edit_filter.field,
        "e.kind = :kind": edit_filter.kind,
        "e.disclosed = 0": edit_filter.silent or None,
    }
    return "".join(f" and {test}" for test, value in conditions.items() if value is not None)


def _bindings(
    edit_filter: EditFilter, top: EditPosition, floor: EditPosition, **more: Any
) -> dict[str, Any]:
    return {
        "article": edit_filter.article_id, "host": edit_filter.host, "field": edit_filter.field, "kind": edit_filter.kind,
        "top": top[0], "top_id": top[1], "floor": floor[0], "floor_id": floor[1], **more,
    }  # fmt: skip


def _ids_with_words(
    db: Database, edit_filter: EditFilter, top: EditPosition, limit: int
) -> tuple[list[int], EditPosition]:
    """The ids of edits that hold the words, and down to which place they were looked for."""
    match = all_words_query(edit_filter.words)
    if not match:
        return [], (BEFORE_ALL_TIMES, 0)
    has_words = contains_words(edit_filter.words)
    if _is_rare(db, match):
        floor = (edit_filter.since or BEFORE_ALL_TIMES, 0)
        rows = _edits_near_words(db, edit_filter, match, top, floor)
    else:
        floor = _floor(db, edit_filter, top, MAX_EDITS_READ)
        rows = _scan(db, edit_filter, top, floor, "e.id, e.old, e.new, e.context", limit=-1)
    ids = list[int]()
    for edit_id, old, new, context, *_ in rows:
        if has_words(f"{old or ''} \n {new or ''} \n {context}"):
            ids.append(edit_id)
            if len(ids) > limit:
                break
    return ids, floor


def _is_rare(db: Database, match: str) -> bool:
    row = db.execute(
        "select count(*) from (select 1 from version_words where words match ? limit ?)",
        [match, MAX_RARE_VERSIONS + 1],
    ).fetchone()
    return int(row[0]) <= MAX_RARE_VERSIONS


def _edits_near_words(
    db: Database, edit_filter: EditFilter, match: str, top: EditPosition, floor: EditPosition
) -> Iterator[Any]:
    """The edits between two versions of which one holds the words, newest first."""
    yield from db.execute(
        "select distinct e.id, e.old, e.new, e.context, e.seen_at from version_words w"
        " cross join versions v on v.id = w.rowid"
        " cross join edits e indexed by edits_article on e.article_id = v.article_id"
        " where w.words match :match and e.to_version between v.number and v.number + 1"
        f" and {BETWEEN_POSITIONS}{_conditions(edit_filter)} order by e.seen_at desc, e.id desc",
        _bindings(edit_filter, top, floor, match=match),
    )
