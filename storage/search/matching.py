"""Which versions of an article the full-text indices name for a query."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlite_utils import Database

# The texts of all versions; and the texts that a version has and the next one lacks.
VERSION_INDEX, REMOVED_INDEX = "version_words", "removed_words"
# If more versions than this match within a range of ids, they are looked up one by one instead.
MAX_MATCHES_LISTED = 2_000


@dataclass(frozen=True, slots=True)
class Version:
    """A version, with the times of the first and the last check that saw it."""

    id: int
    number: int
    seen_at: str
    last_seen_at: str


def versions_of(db: Database, article_id: int) -> list[Version]:
    """The versions of an article, oldest first."""
    rows = db.execute(
        "select id, number, seen_at, last_seen_at from versions where article_id = ? order by number",
        [article_id],
    )
    return [Version(*row) for row in rows.fetchall()]


def version_matcher(
    db: Database, match: str, versions: Sequence[Version], index: str = VERSION_INDEX
) -> Callable[[Version], bool]:
    """A test for these versions that is true if the FTS5 query `match` finds the version in the index."""
    ids = [version.id for version in versions]
    rows = db.execute(
        f"select rowid from {index} where words match ? and rowid between ? and ? limit ?",
        [match, min(ids, default=0), max(ids, default=0), MAX_MATCHES_LISTED],
    ).fetchall()
    if len(rows) < MAX_MATCHES_LISTED:
        matching_ids = {row[0] for row in rows}
        return lambda version: version.id in matching_ids
    return lambda version: _version_matches(db, match, version.id, index)


def latest_matches(db: Database, match: str, article_id: int) -> bool:
    """Does the latest version of an article match? False if no version is stored."""
    latest = db.execute(
        "select v.id from articles a join versions v on v.article_id = a.id and v.number = a.latest_version"
        " where a.id = ?",
        [article_id],
    ).fetchone()
    return latest is not None and _version_matches(db, match, latest[0], VERSION_INDEX)


def newest_match(
    versions: Sequence[Version], is_match: Callable[[Version], bool]
) -> Version | None:
    """The last of the versions (oldest first) that matches."""
    return next(filter(is_match, reversed(versions)), None)


def first_and_last_match(
    versions: Sequence[Version], is_match: Callable[[Version], bool]
) -> tuple[Version, Version] | None:
    """The first and the last of the versions (oldest first) that match; None if none does."""
    last = newest_match(versions, is_match)
    return (next(filter(is_match, versions)), last) if last else None


def _version_matches(db: Database, match: str, version_id: int, index: str) -> bool:
    # Descending, because the versions in question are mostly new: FTS5 walks the index from that end.
    rows = db.execute(
        f"select rowid from {index} where words match ? and rowid = ? order by rowid desc",
        [match, version_id],
    )
    return rows.fetchone() is not None
