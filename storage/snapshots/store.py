"""Snapshots: the bytes of each page, compressed with the page's earlier bytes as dictionary."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from sqlite_utils import Database
from zstandard import (
    DICT_TYPE_RAWCONTENT,
    ZstdCompressionDict,
    ZstdCompressionParameters,
    ZstdCompressor,
    ZstdDecompressor,
)

from storage.errors import NotFoundError

ZSTD_LEVEL = 3
# So many snapshots form a run: the first is stored whole, the others as deltas of an earlier one. At most six
# are read to restore any. A check takes 0.9 kB on average, with runs of 20 it would take 1.3 kB.
MAX_DELTA_CHAIN = 32
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

    `base_id` is the article's last snapshot: the bytes are stored as a delta of it or of an earlier one.
    Call it inside a write transaction.
    """
    row = db.execute("select id from snapshots where sha256 = ?", [snapshot.sha256]).fetchone()
    if row:
        return int(row[0])
    base_id, depth = _delta_base(db, base_id)
    base = load_snapshot(db, base_id).raw if base_id is not None else None
    headers = {name: snapshot.headers[name] for name in STORED_HEADERS if name in snapshot.headers}
    cursor = db.execute(
        "insert into snapshots (sha256, size, encoding, base_id, data, headers, depth)"
        " values (?, ?, ?, ?, ?, ?, ?)",
        [
            snapshot.sha256,
            len(snapshot.raw),
            "zstd" if base is None else "zstd-delta",
            base_id,
            (base is None and snapshot.compressed) or compress_page(snapshot.raw, base),
            json.dumps(headers),
            depth,
        ],
    )
    return int(cursor.lastrowid or 0)


def load_snapshot(db: Database, snapshot_id: int) -> Snapshot:
    """The snapshot with this id. Raises NotFoundError if it is not stored."""
    chain: list[tuple[bytes, int]] = []
    next_id: int | None = snapshot_id
    headers = "{}"
    while next_id is not None:
        row = db.execute(
            "select data, size, base_id, headers from snapshots where id = ?", [next_id]
        ).fetchone()
        if row is None:
            raise NotFoundError(f"snapshot {next_id} is not stored")
        if not chain:
            headers = row[3]
        chain.append((row[0], row[1]))
        next_id = row[2]
    raw: bytes | None = None
    for data, size in reversed(chain):
        raw = _decompress_page(data, size, raw)
    return Snapshot(raw or b"", json.loads(headers))


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
    while depth > target_depth and base_id is not None:
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


def _decompress_page(data: bytes, size: int, base: bytes | None) -> bytes:
    dictionary = ZstdCompressionDict(base, dict_type=DICT_TYPE_RAWCONTENT) if base else None
    return ZstdDecompressor(dict_data=dictionary).decompress(data, max_output_size=size)
