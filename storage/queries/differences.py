"""What a rebuild would change in the history of one article: which rows it takes back, and which it adds."""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from storage.articles.replace import ReplayedHistory
from storage.articles.versions import content_hash, stored_text_hash
from storage.database import Database

# A change from or to one of these is shown: others go with an edit, or are evidence only.
SHOWN_OUTCOMES = frozenset({"gone", "restored"})

Stored = TypeVar("Stored")
Replayed = TypeVar("Replayed")


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version in a list: its number, when it was first seen, and its headline."""

    number: int
    seen_at: str
    headline: str


@dataclass(frozen=True, slots=True)
class EditLine:
    """An edit in a list, with the number of the version that it led to."""

    version: int
    seen_at: str
    field: str
    op: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class KindLine:
    """An edit that stays, and has another kind."""

    edit: EditLine
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class OutcomeLine:
    """The outcome of a check, as it is stored and as it should be."""

    fetched_at: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Difference:
    """What a rebuild changes: the number of versions `before` and `after`, and the rows.

    `changed_versions` have another text. `changed_kinds` are of edits that stay, and `changed_evidence` counts those
    that have other evidence for the same kind. `changed_checks` counts checks that have another outcome, or wait for
    other checks. By themselves they change no history, but they are evidence for other articles of the host.
    """

    before: int
    after: int
    removed_versions: tuple[VersionLine, ...] = ()
    added_versions: tuple[VersionLine, ...] = ()
    changed_versions: tuple[VersionLine, ...] = ()
    removed_edits: tuple[EditLine, ...] = ()
    added_edits: tuple[EditLine, ...] = ()
    changed_kinds: tuple[KindLine, ...] = ()
    changed_evidence: int = 0
    outcomes: tuple[OutcomeLine, ...] = ()
    changed_checks: int = 0

    def __bool__(self) -> bool:
        return bool(
            self.removed_versions
            or self.added_versions
            or self.changed_versions
            or self.removed_edits
            or self.added_edits
            or self.changed_kinds
            or self.outcomes
        )


@dataclass(frozen=True, slots=True)
class _Matched(Generic[Stored, Replayed]):
    pairs: tuple[tuple[Stored, Replayed], ...]
    removed: tuple[Stored, ...]
    added: tuple[Replayed, ...]


def difference(db: Database, replayed: ReplayedHistory) -> Difference:
    """What `replace_history` would change. A version is the same if it was first seen at the same time."""
    stored = _stored_versions(db, replayed.article_id)
    versions = _matched(
        ((line.seen_at, (line, digest)) for line, digest in stored),
        ((line.seen_at, (line, digest)) for line, digest in _replayed_versions(replayed)),
    )
    edits = _matched(
        ((_edit_key(one.edit), one) for one in _stored_edits(db, replayed.article_id)),
        ((_edit_key(one.edit), one) for one in _replayed_edits(replayed)),
    )
    changed_kinds = tuple(
        KindLine(one.edit, one.kind, other.kind)
        for one, other in edits.pairs
        if one.kind != other.kind
    )
    changed_evidence = sum(
        one.kind == other.kind and one.evidence != other.evidence for one, other in edits.pairs
    )
    outcomes, changed_checks = _changed_checks(db, replayed)
    return Difference(
        len(stored),
        len(replayed.versions),
        tuple(line for line, _ in versions.removed),
        tuple(line for line, _ in versions.added),
        tuple(line for (line, one), (_, other) in versions.pairs if one != other),
        tuple(one.edit for one in edits.removed),
        tuple(one.edit for one in edits.added),
        changed_kinds,
        changed_evidence,
        outcomes,
        changed_checks,
    )


def _matched(
    stored: Iterable[tuple[Hashable, Stored]], replayed: Iterable[tuple[Hashable, Replayed]]
) -> _Matched[Stored, Replayed]:
    """The rows of both sides with the same key, in their order, and those of one side only."""
    waiting: dict[Hashable, list[Stored]] = defaultdict(list)
    for key, row in stored:
        waiting[key].append(row)
    pairs: list[tuple[Stored, Replayed]] = []
    added: list[Replayed] = []
    for key, other in replayed:
        if waiting[key]:
            pairs.append((waiting[key].pop(0), other))
        else:
            added.append(other)
    removed = tuple(row for rows in waiting.values() for row in rows)
    return _Matched(tuple(pairs), removed, tuple(added))


def _edit_key(line: EditLine) -> Hashable:
    return line.seen_at, line.field, line.op, line.old, line.new


def _stored_versions(db: Database, article_id: int) -> list[tuple[VersionLine, str | None]]:
    """The versions of an article, each with the hash of its text as it is, not as it was when it was stored."""
    rows = db.query("select * from versions where article_id = ? order by number", [article_id])
    return [
        (VersionLine(row["number"], row["seen_at"], row["headline"]), stored_text_hash(row))
        for row in rows
    ]


def _replayed_versions(replayed: ReplayedHistory) -> list[tuple[VersionLine, str]]:
    return [
        (
            VersionLine(number, version.seen_at, version.article.headline),
            content_hash(version.article),
        )
        for number, version in enumerate(replayed.versions, 1)
    ]


@dataclass(frozen=True, slots=True)
class _NamedEdit:
    """An edit with its kind and the evidence for that."""

    edit: EditLine
    kind: str
    evidence: str | None


def _stored_edits(db: Database, article_id: int) -> list[_NamedEdit]:
    rows = db.execute(
        "select kind, evidence, to_version, seen_at, field, op, old, new from edits where article_id = ? order by id",
        [article_id],
    ).fetchall()
    return [_NamedEdit(EditLine(*line), kind, evidence) for kind, evidence, *line in rows]


def _replayed_edits(replayed: ReplayedHistory) -> list[_NamedEdit]:
    return [
        _NamedEdit(
            EditLine(number, version.seen_at, edit.field, edit.op, edit.old, edit.new),
            edit.kind,
            edit.evidence,
        )
        for number, version in enumerate(replayed.versions, 1)
        for edit in version.edits
    ]


def _changed_checks(db: Database, replayed: ReplayedHistory) -> tuple[tuple[OutcomeLine, ...], int]:
    """The outcomes that are shown, and how many checks change at all."""
    rows = db.execute(
        "select id, fetched_at, confirms is null, outcome, sketch from fetches where article_id = ?",
        [replayed.article_id],
    ).fetchall()
    stored = {row[0]: row[1:] for row in rows}
    lines: list[OutcomeLine] = []
    count = 0
    for check in replayed.checks:
        fetched_at, is_first, outcome, sketch = stored[check.fetch_id]
        count += (outcome, sketch) != (check.outcome, check.sketch)
        is_shown = outcome != check.outcome and SHOWN_OUTCOMES & {outcome, check.outcome}
        if is_first and is_shown:
            lines.append(OutcomeLine(fetched_at, outcome, check.outcome))
    return tuple(lines), count
