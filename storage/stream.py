"""The edits of all articles, newest first, a stretch at a time: from a cursor, never by counting."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from storage.bigrams import query
from storage.words import held_in

Row = dict[str, Any]

# So many edits are looked over for one stretch; where fewer fit, the next stretch goes on from there.
SCANNED = 200_000
# … and so many where their words must be read.
READ = 20_000
# Words in so many versions or fewer are sought in the index, commoner ones in the edits themselves.
RARE = 2_000


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
    """The newest edits that are wanted, of those with an id below `before`."""
    top = before if before is not None else _newest(db) + 1
    if wanted.words:
        ids, floor = _with_words(db, wanted, top, limit)
    else:
        floor = _floor(wanted, top, SCANNED)
        ids = [row[0] for row in _scan(db, wanted, top, floor, "e.id", limit=limit + 1)]
    rows = edit_rows(db, ids[:limit])
    if len(ids) > limit:
        return Stretch(rows, rows[-1]["id"])
    return Stretch(rows, floor if floor > 1 else None)


def edit_rows(db: Database, ids: list[int]) -> tuple[Row, ...]:
    """The edits with these ids, newest first, with the article's address and language."""
    marks = ", ".join("?" * len(ids))
    return tuple(
        db.query(
            "select e.*, a.url, a.host, v.headline, v.lang, v.reverts_to from edits e"
            " join articles a on a.id = e.article_id"
            " join versions v on v.article_id = e.article_id and v.number = e.to_version"
            f" where e.id in ({marks}) order by e.id desc",
            ids,
        )
    )


def neighbours(db: Database, article_id: int, edit_id: int) -> tuple[int | None, int | None]:
    """The ids of the edits of an article before and after one."""
    row = db.execute(
        "select (select max(id) from edits where article_id = :article and id < :id),"
        " (select min(id) from edits where article_id = :article and id > :id)",
        {"article": article_id, "id": edit_id},
    ).fetchone()
    return row[0], row[1]


def hosts_by_size(db: Database, *, limit: int) -> list[tuple[str, int]]:
    """The publishers with the most articles, and how many."""
    rows = db.execute(
        "select host, count(*) as articles from articles group by host order by articles desc, host limit ?",
        [limit],
    )
    return [(row[0], row[1]) for row in rows.fetchall()]


def _newest(db: Database) -> int:
    return int(db.execute("select coalesce(max(id), 0) from edits").fetchone()[0])


def _floor(wanted: Wanted, top: int, scanned: int) -> int:
    """Where to stop; the edits of one article are all looked over at once."""
    return 0 if wanted.article_id is not None else max(0, top - scanned)


def _scan(
    db: Database, wanted: Wanted, top: int, floor: int, columns: str, *, limit: int
) -> Iterator[Any]:
    """Columns of the edits that fit, words aside, newest first."""
    index = "edits_article" if wanted.article_id is not None else "edits_stream"
    yield from db.execute(
        f"select {columns} from edits e indexed by {index}"
        f" where e.id < :top and e.id >= :floor{_conditions(wanted)} order by e.id desc limit :limit",
        _values(wanted, top=top, floor=floor, limit=limit),
    )


def _conditions(wanted: Wanted) -> str:
    """Only what is asked, so that the planner sees it."""
    asked = {
        "e.article_id = :article": wanted.article_id,
        "e.article_id in (select id from articles where host = :host)": wanted.host,
        "e.field = :field": wanted.field,
        "e.kind = :kind": wanted.kind,
        "e.disclosed = 0": wanted.silent or None,
        "e.seen_at >= :since": wanted.since,
        "e.seen_at < :until": wanted.until,
    }
    return "".join(f" and {test}" for test, value in asked.items() if value is not None)


def _values(wanted: Wanted, **more: Any) -> dict[str, Any]:
    return {
        "article": wanted.article_id, "host": wanted.host, "field": wanted.field, "kind": wanted.kind,
        "since": wanted.since, "until": wanted.until, **more,
    }  # fmt: skip


def _with_words(db: Database, wanted: Wanted, top: int, limit: int) -> tuple[list[int], int]:
    """The ids of edits that hold the words, and down to which id they were looked for."""
    match = query(wanted.words)
    if not match:
        return [], 0
    holds = held_in(wanted.words)
    if _is_rare(db, match):
        floor, rows = 0, _near_words(db, wanted, match, top)
    else:
        floor = _floor(wanted, top, READ)
        rows = _scan(db, wanted, top, floor, "e.id, e.old, e.new, e.context", limit=-1)
    ids = list[int]()
    for edit_id, old, new, context in rows:
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


def _near_words(db: Database, wanted: Wanted, match: str, top: int) -> Iterator[Any]:
    """The edits between two versions of which one holds the words, newest first."""
    yield from db.execute(
        "select distinct e.id, e.old, e.new, e.context from version_words w"
        " cross join versions v on v.id = w.rowid"
        " cross join edits e indexed by edits_article on e.article_id = v.article_id"
        " where w.words match :match and e.to_version between v.number and v.number + 1"
        f" and e.id < :top{_conditions(wanted)} order by e.id desc",
        _values(wanted, match=match, top=top),
    )
