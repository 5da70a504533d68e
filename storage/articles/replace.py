"""Replacing the history of one article by a replayed one: all of it or nothing."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from scraper.article import Article
from storage.articles.content import content_hash
from storage.articles.edits import edit_row, insert_edit
from storage.articles.last_page import stand_anew
from storage.articles.result import OUTCOMES
from storage.articles.versions import drop_words, insert_version, reverts_to, start_sentences_anew
from storage.database import writing
from storage.diff.disclosure import Disclosure
from storage.diff.edit import Edit
from storage.errors import StaleError
from storage.timestamps import parsed

EditKey = tuple[str, str, str, str | None, str | None]


@dataclass(frozen=True, slots=True)
class StoredLook:
    """One look as it was recorded: its first request, and the page that a second one brought."""

    fetch_ids: tuple[int, ...]
    url: str
    fetched_at: datetime
    outcome: str
    snapshot_id: int | None
    second_snapshot_id: int | None


@dataclass(frozen=True, slots=True)
class ReplayedVersion:
    """A version as it should be, with the edits that brought it."""

    article: Article
    seen_at: str
    last_seen_at: str
    snapshot_id: int | None
    edits: tuple[Edit, ...]
    disclosure: Disclosure
    seen_after: str


@dataclass(frozen=True, slots=True)
class ReplayedLook:
    """What a request should say: the outcome of its look and the version that its page shows."""

    fetch_id: int
    outcome: str
    reason: str | None
    version: int | None


@dataclass(frozen=True, slots=True)
class Replayed:
    """The history of one article as it should be, up to the request `last_fetch_id`."""

    article_id: int
    url: str
    versions: tuple[ReplayedVersion, ...]
    looks: tuple[ReplayedLook, ...]
    last_fetch_id: int | None


@dataclass(frozen=True, slots=True)
class Difference:
    """What a replay changes: numbers of versions, versions of another text, edits that go and come."""

    before: int
    after: int
    texts: int
    gone: tuple[EditKey, ...]
    come: tuple[EditKey, ...]

    def __bool__(self) -> bool:
        return self.before != self.after or bool(self.texts or self.gone or self.come)


def rebuildable(db: Database) -> Iterator[tuple[int, str, str | None]]:
    """(id, address, why not) of every article with a version; why not is None where all pages that
    brought one are stored."""
    yield from db.execute(
        "select a.id, a.url, iif(exists (select 1 from versions v where v.article_id = a.id and v.snapshot_id is null"
        "  and v.technical = 0), 'a page that brought a version is not stored', null)"
        " from articles a where a.latest_version is not null order by a.id"
    ).fetchall()


def looks_of(db: Database, article_id: int) -> Iterator[StoredLook]:
    """The looks at an article in the order of time."""
    rows = db.execute(
        "select f.id, f.url, f.fetched_at, f.outcome, f.snapshot_id, s.id, s.snapshot_id"
        " from fetches f left join fetches s on s.confirms = f.id"
        " where f.article_id = ? and f.confirms is null order by f.id",
        [article_id],
    ).fetchall()
    for fetch_id, url, fetched_at, outcome, snapshot_id, second_id, second_snapshot_id in rows:
        at = parsed(fetched_at)
        assert isinstance(at, datetime)
        ids = (fetch_id,) if second_id is None else (fetch_id, second_id)
        yield StoredLook(ids, url, at, outcome, snapshot_id, second_snapshot_id)


def undone_texts(db: Database, article_id: int) -> frozenset[str]:
    """The texts that the user counts as the article's, whatever a look proves."""
    rows = db.execute(
        "select text from sites where article_id = ? and kind = 'volatile' and undone_at is not null",
        [article_id],
    ).fetchall()
    return frozenset(row[0] for row in rows)


def difference(db: Database, replayed: Replayed) -> Difference:
    """What `rewrite` would change."""
    hashes = [
        row[0]
        for row in db.execute(
            "select content_hash from versions where article_id = ? order by number",
            [replayed.article_id],
        ).fetchall()
    ]
    wanted = [content_hash(version.article) for version in replayed.versions]
    texts = sum(old != new for old, new in zip(hashes, wanted, strict=False))
    stored = Counter(_stored_keys(db, replayed.article_id).values())
    made = Counter(key for key, *_ in _wanted_edits(replayed))
    return Difference(
        len(hashes), len(wanted), texts,
        tuple((stored - made).elements()), tuple((made - stored).elements()),
    )  # fmt: skip


def rewrite(db: Database, replayed: Replayed, *, extractor: str) -> None:
    """Make the stored history the replayed one; edits that stay keep their ids. Idempotent.

    Raises StaleError where another process has looked at the article since it was replayed;
    nothing is written then.
    """
    article_id = replayed.article_id
    with writing(db):
        last = db.execute(
            "select max(id) from fetches where article_id = ?", [article_id]
        ).fetchone()[0]
        if last != replayed.last_fetch_id:
            raise StaleError(f"{replayed.url}: it was looked at meanwhile; rebuild it once more")
        _rewrite_versions(db, replayed, extractor)
        _rewrite_edits(db, replayed)
        for look in replayed.looks:
            assert look.outcome in OUTCOMES
            db.execute(
                "update fetches set outcome = ?, reason = ?, version_id ="
                " (select id from versions where article_id = ? and number = ?) where id = ?",
                [look.outcome, look.reason, article_id, look.version, look.fetch_id],
            )
        stand_anew(db, article_id)
        changed_at = next((v.seen_at for v in reversed(replayed.versions) if v.edits), None)
        db.execute(
            "update articles set latest_version = ?, headline = ?, changed_at = ? where id = ?",
            [
                len(replayed.versions),
                replayed.versions[-1].article.headline,
                changed_at,
                article_id,
            ],
        )


def _rewrite_versions(db: Database, replayed: Replayed, extractor: str) -> None:
    article_id = replayed.article_id
    drop_words(db, article_id)
    start_sentences_anew(db, article_id)
    db.execute("update fetches set version_id = null where article_id = ?", [article_id])
    db.execute("delete from versions where article_id = ?", [article_id])
    for number, version in enumerate(replayed.versions, 1):
        insert_version(
            db, version.article, article_id, number, version.seen_at, extractor, version.snapshot_id,
            reverts_to=reverts_to(db, version.article, article_id),
        )  # fmt: skip
        db.execute(
            "update versions set last_seen_at = ? where article_id = ? and number = ?",
            [version.last_seen_at, article_id, number],
        )


def _rewrite_edits(db: Database, replayed: Replayed) -> None:
    article_id = replayed.article_id
    spare: dict[EditKey, list[int]] = {}
    for edit_id, key in _stored_keys(db, article_id).items():
        spare.setdefault(key, []).append(edit_id)
    for key, number, version, edit in _wanted_edits(replayed):
        ids = spare.get(key)
        row = edit_row(
            edit,
            article_id=article_id,
            number=number,
            seen_after=version.seen_after,
            seen_at=version.seen_at,
            disclosure=version.disclosure,
        )
        if ids:
            sets = ", ".join(f"{name} = :{name}" for name in row)
            db.execute(f"update edits set {sets} where id = :id", {**row, "id": ids.pop(0)})
        else:
            insert_edit(db, row)
    left = [(edit_id,) for ids in spare.values() for edit_id in ids]
    db.conn.executemany("delete from edits where id = ?", left)


def _stored_keys(db: Database, article_id: int) -> dict[int, EditKey]:
    rows = db.execute(
        "select id, seen_at, field, op, old, new from edits where article_id = ? order by id",
        [article_id],
    ).fetchall()
    return {row[0]: (row[1], row[2], row[3], row[4], row[5]) for row in rows}


def _wanted_edits(
    replayed: Replayed,
) -> Iterator[tuple[EditKey, int, ReplayedVersion, Edit]]:
    for number, version in enumerate(replayed.versions, 1):
        for edit in version.edits:
            key = (version.seen_at, edit.field, edit.op, edit.old, edit.new)
            yield key, number, version, edit
