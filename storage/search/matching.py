"""Which versions of articles the full-text indices name."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlite_utils import Database

# The index of all versions, and that of the texts that left with a version.
VERSION_INDEX, REMOVED_INDEX = "version_words", "removed_words"
# A word is common where so many versions have it among those asked for; then they are looked up one by one.
MAX_MATCHES_LISTED = 2_000


@dataclass(frozen=True, slots=True)
class Version:
    """A version and when it was seen."""

    id: int
    number: int
    seen_at: str
    last_seen_at: str


def versions_of(db: Database, article_id: int) -> list[Version]:
    """The versions of an article, the oldest first."""
    rows = db.execute(
        "select id, number, seen_at, last_seen_at from versions where article_id = ? order by number",
        [article_id],
    )
    return [Version(*row) for row in rows.fetchall()]


def version_matcher(
    db: Database, match: str, versions: Sequence[Version], index: str = VERSION_INDEX
) -> Callable[[Version], bool]:
    """Tells of some versions which match, as an index has it."""
    ids = [version.id for version in versions]
    rows = db.execute(
        f"select rowid from {index} where words match ? and rowid between ? and ? limit ?",
        [match, min(ids, default=0), max(ids, default=0), MAX_MATCHES_LISTED],
    ).fetchall()
    if len(rows) < MAX_MATCHES_LISTED:
        hits = {row[0] for row in rows}
        return lambda version: version.id in hits
    return lambda version: version_matches(db, match, version.id, index)


def version_matches(db: Database, match: str, version_id: int, index: str = VERSION_INDEX) -> bool:
    """Does a version match, as an index has it? From the end of the index on: most asked for are new."""
    hits = db.execute(
        f"select rowid from {index} where words match ? and rowid = ? order by rowid desc",
        [match, version_id],
    )
    return hits.fetchone() is not None


def latest_matches(db: Database, match: str, article_id: int) -> bool:
    """Does the latest version of an article match?"""
    latest = db.execute(
        "select v.id from articles a join versions v on v.article_id = a.id and v.number = a.latest_version"
        " where a.id = ?",
        [article_id],
    ).fetchone()
    return latest is not None and version_matches(db, match, latest[0])


def newest_match(
    versions: Sequence[Version], is_match: Callable[[Version], bool]
) -> Version | None:
    """The last version that matches."""
    return next(filter(is_match, reversed(versions)), None)


def first_and_last_match(
    versions: Sequence[Version], is_match: Callable[[Version], bool]
) -> tuple[Version, Version] | None:
    """The first and the last version that match: mostly the first and last there are."""
    last = newest_match(versions, is_match)
    return (next(filter(is_match, versions)), last) if last else None
