"""What of the file is damaged: every stored page and every text against the hash that was stored with it.

Or what was never ours: values that no Variorum has written.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass

from storage.articles.versions import article_from_row, details_hash, stored_text_hash
from storage.database import Database, Row, damage_located, open_in_memory
from storage.diff.text.visible import visible
from storage.errors import DamagedError
from storage.snapshots.store import snapshot_damage

# The sort of value that a column of a declared type holds.
STORED_AS = {
    "TEXT": ("text",),
    "INTEGER": ("integer",),
    "REAL": ("real", "integer"),
    "BLOB": ("blob",),
}
JSON_LISTS = frozenset({"byline", "captions", "template_fields"})
JSON_OBJECTS = frozenset({"headlines", "headers"})
# The evidence of an exclusion is an object, that of an edit a text.
JSON_OBJECTS_OF = {"exclusions": frozenset({"evidence"})}
# SQLite asks after so many steps of its machine whether to go on.
STEPS_PER_QUESTION = 100_000


@dataclass(frozen=True, slots=True)
class Damage:
    """A damaged page or version of an article, or an article whose rows cannot be read.

    `version` is the number of the version that is damaged, or that the page shows; `fetched_at` is when a page came.
    """

    part: str
    url: str
    reason: str
    version: int | None = None
    fetched_at: str | None = None


@dataclass(frozen=True, slots=True)
class Verified:
    """An article whose pages and versions were all compared with their hashes, and what is damaged of it."""

    pages: int
    versions: int
    text_only: int
    damages: tuple[Damage, ...]


def verified_articles(db: Database) -> Iterator[Verified]:
    """Every article, verified in turn; then the pages that belong to none. Memory holds one article.

    Raises DamagedError if the list of the articles or of the pages cannot be read.
    """
    with damage_located("the list of articles"):
        articles = db.execute("select id, url from articles order by id").fetchall()
    for article_id, url in articles:
        yield _verified_article(db, article_id, url)
    yield _verified_remainder(db)


def _verified_article(db: Database, article_id: int, url: str) -> Verified:
    """The damage of one article. What cannot be read of it hides nothing of the others."""
    damages: list[Damage] = []
    pages = versions = text_only = 0
    bodies: dict[int, str] = {}
    try:
        with damage_located(url):
            for snapshot_id, fetched_at, number in _pages_of(db, article_id):
                pages += 1
                reason = snapshot_damage(db, snapshot_id)
                if reason is not None:
                    damages.append(Damage("page", url, reason, number, fetched_at))
            for row in db.query(
                "select * from versions where article_id = ? order by number", [article_id]
            ):
                versions += 1
                text_only += row["snapshot_id"] is None and not row["technical"]
                found = tuple(_version_damage(row, url))
                bodies |= {} if found else {row["number"]: visible(row["body"])}
                damages += found
            damages += _sentence_damage(db, article_id, url, bodies)
    except DamagedError as error:
        damages.append(Damage("rows", url, str(error).removeprefix(f"{url}: ")))
    return Verified(pages, versions, text_only, tuple(damages))


def _pages_of(db: Database, article_id: int) -> list[tuple[int, str, int | None]]:
    """The pages of an article: the id, when it first came, and the first version that it shows."""
    return list(
        db.execute(
            "select snapshot_id, min(at), min(number) from ("
            " select f.snapshot_id, f.fetched_at as at, v.number from fetches f"
            "  left join versions v on v.id = f.version_id where f.article_id = :article"
            " union all select snapshot_id, seen_at, number from versions where article_id = :article"
            ") where snapshot_id is not null group by snapshot_id order by snapshot_id",
            {"article": article_id},
        ).fetchall()
    )


def _version_damage(row: Row, url: str) -> Iterator[Damage]:
    text_hash = stored_text_hash(row)
    if text_hash is None:
        yield Damage("version", url, "its columns hold no text", row["number"])
    elif text_hash != row["content_hash"]:
        reason = "its text does not have the hash that was stored with it"
        yield Damage("version", url, reason, row["number"])
    elif row["details_hash"] not in (None, details_hash(article_from_row(row, ""))):
        reason = "its section, times, language or headlines do not have the hash that was stored with them"
        yield Damage("version", url, reason, row["number"])


def _sentence_damage(
    db: Database, article_id: int, url: str, bodies: dict[int, str]
) -> Iterator[Damage]:
    """The sentences that the version lacks to which they belong: their table is made of the versions."""
    rows = db.execute(
        "select sentence, added_version from sentences where article_id = ?", [article_id]
    )
    for sentence, number in rows:
        if number in bodies and sentence not in bodies[number]:
            reason = f"a sentence in `sentences` is not in the text of version {number}"
            yield Damage("rows", url, reason)


def _verified_remainder(db: Database) -> Verified:
    """The pages that no article refers to: nobody reads them, but other pages may be deltas of them."""
    with damage_located("the list of pages"):
        ids = db.execute(
            "select id from snapshots s where not exists (select 1 from fetches where snapshot_id = s.id)"
            " and not exists (select 1 from versions where snapshot_id = s.id)"
        ).fetchall()
    damages = [
        Damage("page", f"snapshot {snapshot_id}", reason)
        for (snapshot_id,) in ids
        if (reason := snapshot_damage(db, snapshot_id)) is not None
    ]
    return Verified(len(ids), 0, 0, tuple(damages))


def foreign_value(db: Database, *, seconds: float | None = None) -> str | None:
    """The table, row and column of the first value that is of another sort than ours; None if there is none.

    With `seconds`, the search ends after that time, as if there were none.
    """
    ours = open_in_memory()
    if seconds is not None:
        until = time.monotonic() + seconds
        db.conn.set_progress_handler(lambda: time.monotonic() > until, STEPS_PER_QUESTION)
    try:
        for table in ours.table_names():
            if table.startswith(("sqlite_", "_", "version_words", "removed_words")):
                continue
            columns = ours.execute(
                f"select name, type, \"notnull\" from pragma_table_info('{table}')"
            )
            if found := _foreign_value_of(db, table, columns.fetchall()):
                return found
    finally:
        db.conn.set_progress_handler(None, 0)
        ours.close()
    return None


def _foreign_value_of(db: Database, table: str, columns: list[tuple[str, str, int]]) -> str | None:
    objects = JSON_OBJECTS | JSON_OBJECTS_OF.get(table, frozenset())
    conditions = {name: _is_foreign(name, kind, objects) for name, kind, _ in columns}
    cases = " ".join(f"when {condition} then '{name}'" for name, condition in conditions.items())
    row = db.execute(
        f"select {columns[0][0]}, case {cases} end from {table}"
        f" where {' or '.join(conditions.values())} limit 1"
    ).fetchone()
    return f"{table} {row[0]!r} has a {row[1]} that Variorum does not write" if row else None


def _is_foreign(name: str, kind: str, objects: frozenset[str]) -> str:
    """The SQL that says whether a column holds a value of another sort than ours. `objects` are columns of JSON."""
    sorts = ", ".join(f"'{sort}'" for sort in STORED_AS.get(kind.upper(), ("text",)))
    is_other = f"typeof({name}) not in ({sorts}, 'null')"
    if name in JSON_LISTS or name in objects:
        json_type = "array" if name in JSON_LISTS else "object"
        return f"({is_other} or not json_valid({name}) or json_type({name}) <> '{json_type}')"
    if kind.upper() == "TEXT" and name.endswith("_at"):
        return f"({is_other} or ({name} is not null and julianday({name}) is null))"
    return f"({is_other})"
