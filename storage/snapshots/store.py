"""Snapshots: the bytes of each page, compressed with the page's earlier bytes as dictionary."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from sqlite_utils import Database
from zstandard import (
    DICT_TYPE_RAWCONTENT,
    ZstdCompressionDict,
    ZstdCompressionParameters,
    ZstdCompressor,
    ZstdDecompressor,
    ZstdError,
    frame_content_size,
)

from storage.database import damage_located
from storage.errors import DamagedError

ZSTD_LEVEL = 3
# So many snapshots form a run: the first is stored whole, the others as deltas of an earlier one. At most six
# are read to restore any. A check takes 0.9 kB on average, with runs of 20 it would take 1.3 kB.
MAX_DELTA_CHAIN = 32
# A larger page is not restored: the settings allow none, so a row that says so is not ours.
MAX_SNAPSHOT_BYTES = 100_000_000
STORED_HEADERS = ("content-type", "content-language", "date", "etag", "last-modified", "server")


@dataclass(
    frozen=True
)  # no slots: cached_property needs a __dict__, and a check needs the hash four times
class Snapshot:
    """The decoded bytes of a page and its response headers.

    `compressed` is what `compress_page` gives for the bytes without a base, if that is already done.
    """

    raw: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    compressed: bytes | None = field(default=None, repr=False, compare=False)

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256(self.raw).hexdigest()

    @property
    def content_type(self) -> str | None:
        return self.headers.get("content-type")


def store_snapshot(db: Database, snapshot: Snapshot, *, base_id: int | None) -> int:
    """Store a snapshot and give its id; the same bytes are stored only once.

    `base_id` is the article's last snapshot: the bytes are stored as a delta of it or of an earlier one. A
    damaged base is left out, and the bytes are stored whole; so are those of a damaged snapshot that come again.
    Call it inside a write transaction.
    """
    row = db.execute("select id from snapshots where sha256 = ?", [snapshot.sha256]).fetchone()
    if row:
        _repair(db, int(row[0]), snapshot)
        return int(row[0])
    base_id, depth, base = _readable_base(db, base_id)
    cursor = db.execute(
        "insert into snapshots (sha256, size, encoding, base_id, data, headers, depth)"
        " values (?, ?, ?, ?, ?, ?, ?)",
        [
            snapshot.sha256,
            len(snapshot.raw),
            "zstd" if base is None else "zstd-delta",
            base_id,
            (base is None and snapshot.compressed) or compress_page(snapshot.raw, base),
            json.dumps(_stored_headers(snapshot)),
            depth,
        ],
    )
    return int(cursor.lastrowid or 0)


def load_snapshot(db: Database, snapshot_id: int) -> Snapshot:
    """The snapshot with this id, verified: its bytes have the hash that was stored with them.

    Raises DamagedError if it cannot be restored to the byte, or is missing although a row refers to it.
    """
    try:
        return packed_snapshot(db, snapshot_id).unpacked()
    except DamagedError as error:
        raise DamagedError(damage_text(db, snapshot_id, str(error))) from error


def damage_text(db: Database, snapshot_id: int, reason: str) -> str:
    """Which page is damaged, and why, for people."""
    return f"the page of {_place(db, snapshot_id)} is damaged: {reason}"


def snapshot_damage(db: Database, snapshot_id: int) -> str | None:
    """Why a stored snapshot cannot be restored to the byte; None if it can."""
    try:
        packed_snapshot(db, snapshot_id).unpacked()
    except DamagedError as error:
        return str(error)
    return None


@dataclass(frozen=True, slots=True)
class PackedSnapshot:
    """A snapshot as its rows have it: data, size, hash and headers, then those of its bases.

    To unpack it takes time, and needs no database.
    """

    rows: tuple[tuple[bytes, int, str, str], ...]

    def unpacked(self) -> Snapshot:
        """The snapshot, verified. Raises DamagedError, without the place, if it cannot be restored to the byte."""
        raw = None
        for data, size, *_ in reversed(self.rows):
            raw = _decompress_page(data, size, raw)
        return _verified(raw, *self.rows[0][2:])


def packed_size(pages: Iterable[PackedSnapshot | None]) -> int:
    """How many bytes some pages have once they are unpacked, as far as their rows say."""
    sizes: list[object] = [page.rows[0][1] for page in pages if page]
    return sum(size for size in sizes if isinstance(size, int))


def packed_snapshot(db: Database, snapshot_id: int) -> PackedSnapshot:
    """The rows of a snapshot. Raises DamagedError, without the place, if some are missing."""
    return PackedSnapshot(tuple(_with_bases(db, snapshot_id)))


def _place(db: Database, snapshot_id: int) -> str:
    """The address and the time of the fetch that brought a snapshot, for people."""
    row = db.execute(
        "select url, fetched_at from fetches where snapshot_id = ? order by id limit 1",
        [snapshot_id],
    ).fetchone()
    return f"{row[0]} at {row[1]}" if row else f"snapshot {snapshot_id}"


def _verified(raw: bytes | None, sha256: str, headers: str) -> Snapshot:
    """The snapshot of some bytes, None if they could not be restored. Raises DamagedError unless they have this hash."""
    if raw is None:
        raise DamagedError("its bytes cannot be decompressed")
    try:
        snapshot = Snapshot(raw, json.loads(headers))
    except (ValueError, TypeError) as error:
        raise DamagedError("its headers are not JSON") from error
    if snapshot.sha256 != sha256:
        raise DamagedError("its bytes do not have the hash that was stored with them")
    if not _is_text_by_text(snapshot.headers):
        raise DamagedError("its headers are not texts")
    return snapshot


def _is_text_by_text(headers: object) -> bool:
    return isinstance(headers, dict) and all(isinstance(value, str) for value in headers.values())


def _with_bases(db: Database, snapshot_id: int) -> list[tuple[bytes, int, str, str]]:
    """Data, size, hash and headers of a snapshot, then of its bases up to the one that is stored whole.

    Raises DamagedError if a base is missing or not older than what is built on it.
    """
    rows: list[tuple[bytes, int, str, str]] = []
    next_id: int | None = snapshot_id
    while next_id is not None:
        row = _snapshot_row(db, next_id)
        if row is None:
            what = "an earlier page, of which it is a delta," if rows else "it"
            raise DamagedError(f"{what} is missing")
        base_id, *columns = row
        if base_id is not None and (type(base_id) is not int or base_id >= next_id):
            raise DamagedError("it is stored as a delta of a page that is not older")
        rows.append(tuple(columns))  # type: ignore[arg-type]  # the types of columns are checked when used
        if len(rows) > MAX_DELTA_CHAIN:
            raise DamagedError("it is a delta of too many pages")
        next_id = base_id
    return rows


def _snapshot_row(db: Database, snapshot_id: int) -> tuple[object, ...] | None:
    with damage_located(f"snapshot {snapshot_id}"):
        row: tuple[object, ...] | None = db.execute(
            "select base_id, data, size, sha256, headers from snapshots where id = ?", [snapshot_id]
        ).fetchone()
    return row


def _readable_base(db: Database, last_id: int | None) -> tuple[int | None, int, bytes | None]:
    """The base of the snapshot that follows `last_id`: its id, the position of the new one, the bytes.

    Without a base that can be read, the new snapshot begins a run.
    """
    base_id, depth = _delta_base(db, last_id)
    if base_id is None:
        return None, 0, None
    try:
        return base_id, depth, load_snapshot(db, base_id).raw
    except DamagedError:  # `doctor --full` names it; the new page does not depend on it
        return None, 0, None


def _repair(db: Database, snapshot_id: int, snapshot: Snapshot) -> None:
    """Store the bytes of a snapshot whole if those that are stored are damaged."""
    if snapshot_damage(db, snapshot_id) is None:
        return
    db.execute(
        "update snapshots set data = ?, size = ?, base_id = null, encoding = 'zstd', depth = 0,"
        " headers = ? where id = ?",
        [
            compress_page(snapshot.raw, None),
            len(snapshot.raw),
            json.dumps(_stored_headers(snapshot)),
            snapshot_id,
        ],
    )


def _delta_base(db: Database, last_id: int | None) -> tuple[int | None, int]:
    """The base of the snapshot that follows `last_id`, and its position in the run; None begins a run.

    The base of position n is n without its lowest bit (7 → 6 → 4 → 0), as in Subversion's skip deltas. So
    it is the last snapshot, or one in the last snapshot's chain of bases.
    """
    row = _chain_position(db, last_id)
    if row is None or row[0] >= MAX_DELTA_CHAIN - 1:
        return None, 0
    depth, base_id = row
    position = depth + 1
    target_depth, candidate_id = position & (position - 1), last_id
    for _ in range(MAX_DELTA_CHAIN):
        if depth <= target_depth or base_id is None:
            break
        candidate_id = base_id
        depth, base_id = _chain_position(db, candidate_id) or (0, None)
    return candidate_id, position


def _chain_position(db: Database, snapshot_id: int | None) -> tuple[int, int | None] | None:
    row = db.execute("select depth, base_id from snapshots where id = ?", [snapshot_id]).fetchone()
    return (int(row[0]), row[1]) if row else None


def compress_page(raw: bytes, base: bytes | None) -> bytes:
    """The bytes, compressed; if there is a base, as a delta of its bytes."""
    if not base:
        return ZstdCompressor(level=ZSTD_LEVEL).compress(raw)
    parameters = ZstdCompressionParameters.from_level(
        ZSTD_LEVEL, source_size=len(raw), dict_size=len(base)
    )
    dictionary = ZstdCompressionDict(base, dict_type=DICT_TYPE_RAWCONTENT)
    return ZstdCompressor(compression_params=parameters, dict_data=dictionary).compress(raw)


def _stored_headers(snapshot: Snapshot) -> dict[str, str]:
    """The headers of a snapshot that are kept."""
    return {name: snapshot.headers[name] for name in STORED_HEADERS if name in snapshot.headers}


def _decompress_page(data: object, size: object, base: bytes | None) -> bytes | None:
    """The bytes that `compress_page` got; None if the data are damaged.

    A frame says how long its content is. Memory for it is taken only if the row says the same.
    """
    if not isinstance(data, bytes) or type(size) is not int or not 0 <= size <= MAX_SNAPSHOT_BYTES:
        return None
    dictionary = ZstdCompressionDict(base, dict_type=DICT_TYPE_RAWCONTENT) if base else None
    try:
        if frame_content_size(data) != size:
            return None
        return ZstdDecompressor(dict_data=dictionary).decompress(data, max_output_size=size)
    except ZstdError:
        return None
