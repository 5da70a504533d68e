"""The edits of all articles, newest first, a stretch at a time: from a cursor, never by counting."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from storage.search.highlight import held_in
from storage.search.tokens import query

Row = dict[str, Any]
# Where an edit stands among all: when its new text was first seen, and its id.
Place = tuple[str, int]

FIRST, LAST = "", "~"  # before and after every time
# So many edits are looked over for one stretch; where fewer fit, the next stretch goes on from there.
SCANNED = 200_000
# … and so many where their words must be read.
READ = 20_000
# Words in so many versions or fewer are sought in the index, commoner ones in the edits themselves.
RARE = 2_000
BETWEEN = "(e.seen_at, e.id) < (:top, :top_id) and (e.seen_at, e.id) >= (:floor, :floor_id)"


@dataclass(frozen=True, slots=True)
class Wanted:
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
class Stretch:
    """Edits with their article and its language, and the cursor of the next stretch, if there is one."""

    rows: tuple[Row, ...]
    before: int | None


def stretch(db: Database, wanted: Wanted, *, before: int | None = None, limit: int = 25) -> Stretch:
    """The newest edits that are wanted, of those older than the one with the id `before`.

    Newest is what was seen last: history that is imported takes its place among what was seen then.
    """
    top = _top(db, wanted, before)
    if wanted.words:
        ids, floor = _with_words(db, wanted, top, limit)
    else:
        floor = _floor(db, wanted, top, SCANNED)
        ids = [row[0] for row in _scan(db, wanted, top, floor, "e.id", limit=limit + 1)]
    rows = edit_rows(db, ids[:limit])
    if len(ids) > limit:
        return Stretch(rows, rows[-1]["id"])
    return Stretch(rows, floor[1] or None)


def edit_rows(db: Database, ids: list[int]) -> tuple[Row, ...]:
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


def neighbours(db: Database, article_id: int, edit_id: int) -> tuple[int | None, int | None]:
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


def _top(db: Database, wanted: Wanted, before: int | None) -> Place:
    """Below which place to begin. The edit of the cursor may be gone: then below the last one before it."""
    top = (wanted.until or LAST, 0)
    if before is None:
        return top
    row = db.execute(
        "select seen_at from edits where id <= ? order by id desc limit 1", [before]
    ).fetchone()
    return min(top, (row[0], before)) if row else (FIRST, 0)


def _floor(db: Database, wanted: Wanted, top: Place, scanned: int) -> Place:
    """Down to which place to look; its id is 0 where none lies below that is wanted.

    The edits of one article are all looked over at once; where every edit is wanted, the first ones do.
    """
    since = (wanted.since or FIRST, 0)
    if wanted.article_id is not None or not (_conditions(wanted) or wanted.words):
        return since
    row = db.execute(
        "select seen_at, id from edits indexed by edits_by_time where (seen_at, id) < (?, ?)"
        " order by seen_at desc, id desc limit 1 offset ?",
        [*top, scanned - 1],
    ).fetchone()
    return max(since, (row[0], row[1])) if row else since


def _scan(
    db: Database, wanted: Wanted, top: Place, floor: Place, columns: str, *, limit: int
) -> Iterator[Any]:
    """Columns of the edits that fit, words aside, newest first."""
    index = "edits_article" if wanted.article_id is not None else "edits_by_time"
    yield from db.execute(
        f"select {columns} from edits e indexed by {index} where {BETWEEN}{_conditions(wanted)}"
        " order by e.seen_at desc, e.id desc limit :limit",
        _values(wanted, top, floor, limit=limit),
    )


def _conditions(wanted: Wanted) -> str:
    """Only what is asked, so that the planner sees it; times are in the places that it lies between."""
    asked = {
        "e.article_id = :article": wanted.article_id,
        "e.article_id in (select id from articles where host = :host)": wanted.host,
        "e.field = :field": wanted.field,
        "e.kind = :kind": wanted.kind,
        "e.disclosed = 0": wanted.silent or None,
    }
    return "".join(f" and {test}" for test, value in asked.items() if value is not None)


def _values(wanted: Wanted, top: Place, floor: Place, **more: Any) -> dict[str, Any]:
    return {
        "article": wanted.article_id, "host": wanted.host, "field": wanted.field, "kind": wanted.kind,
        "top": top[0], "top_id": top[1], "floor": floor[0], "floor_id": floor[1], **more,
    }  # fmt: skip


def _with_words(db: Database, wanted: Wanted, top: Place, limit: int) -> tuple[list[int], Place]:
    """The ids of edits that hold the words, and down to which place they were looked for."""
    match = query(wanted.words)
    if not match:
        return [], (FIRST, 0)
    holds = held_in(wanted.words)
    if _is_rare(db, match):
        floor = (wanted.since or FIRST, 0)
        rows = _near_words(db, wanted, match, top, floor)
    else:
        floor = _floor(db, wanted, top, READ)
        rows = _scan(db, wanted, top, floor, "e.id, e.old, e.new, e.context", limit=-1)
    ids = list[int]()
    for edit_id, old, new, context, *_ in rows:
        if holds(f"{old or ''} \n {new or ''} \n {context}"):
            ids.append(edit_id)
            if len(ids) > limit:
                break
    return ids, floor


def _is_rare(db: Database, match: str) -> bool:
    row = db.execute(
        "select count(*) from (select 1 from version_words where words match ? limit ?)",
        [match, RARE + 1],
    ).fetchone()
    return int(row[0]) <= RARE


def _near_words(
    db: Database, wanted: Wanted, match: str, top: Place, floor: Place
) -> Iterator[Any]:
    """The edits between two versions of which one holds the words, newest first."""
    yield from db.execute(
        "select distinct e.id, e.old, e.new, e.context, e.seen_at from version_words w"
        " cross join versions v on v.id = w.rowid"
        " cross join edits e indexed by edits_article on e.article_id = v.article_id"
        " where w.words match :match and e.to_version between v.number and v.number + 1"
        f" and {BETWEEN}{_conditions(wanted)} order by e.seen_at desc, e.id desc",
        _values(wanted, top, floor, match=match),
    )
