"""Raw snapshots: the bytes of every page, compressed against the page's earlier bytes."""

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

LEVEL = 3
# A full copy after this many steps, so that no snapshot needs a long chain to be read.
MAX_DEPTH = 20
KEPT_HEADERS = ("content-type", "content-language", "date", "etag", "last-modified", "server")


@dataclass(frozen=True)  # without slots, so that the hash can be kept: a look asks four times
class Snapshot:
    """The bytes of a page as they came, after decompression, and the headers worth keeping."""

    raw: bytes
    headers: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256(self.raw).hexdigest()

    @property
    def content_type(self) -> str | None:
        return self.headers.get("content-type")


def store(db: Database, snapshot: Snapshot, *, base_id: int | None) -> int:
    """The id of the stored bytes, which are kept once; call inside a write transaction.

    `base_id` is the article's last snapshot: the bytes are kept as what differs from it.
    """
    row = db.execute("select id from snapshots where sha256 = ?", [snapshot.sha256]).fetchone()
    if row:
        return int(row[0])
    depth = _depth(db, base_id)
    base = load(db, base_id).raw if base_id is not None and depth < MAX_DEPTH else None
    headers = {name: snapshot.headers[name] for name in KEPT_HEADERS if name in snapshot.headers}
    cursor = db.execute(
        "insert into snapshots (sha256, size, encoding, base_id, data, headers, depth)"
        " values (?, ?, ?, ?, ?, ?, ?)",
        [
            snapshot.sha256,
            len(snapshot.raw),
            "zstd" if base is None else "zstd-delta",
            None if base is None else base_id,
            _compress(snapshot.raw, base),
            json.dumps(headers),
            0 if base is None else depth + 1,
        ],
    )
    return int(cursor.lastrowid or 0)


def load(db: Database, snapshot_id: int) -> Snapshot:
    """The stored bytes; raises NotFoundError where there is no such snapshot."""
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
        raw = _decompress(data, size, raw)
    return Snapshot(raw or b"", json.loads(headers))


def _depth(db: Database, base_id: int | None) -> int:
    if base_id is None:
        return MAX_DEPTH
    row = db.execute("select depth from snapshots where id = ?", [base_id]).fetchone()
    return int(row[0]) if row else MAX_DEPTH


def _compress(raw: bytes, base: bytes | None) -> bytes:
    if not base:
        return ZstdCompressor(level=LEVEL).compress(raw)
    parameters = ZstdCompressionParameters.from_level(
        LEVEL, source_size=len(raw), dict_size=len(base)
    )
    earlier = ZstdCompressionDict(base, dict_type=DICT_TYPE_RAWCONTENT)
    return ZstdCompressor(compression_params=parameters, dict_data=earlier).compress(raw)


def _decompress(data: bytes, size: int, base: bytes | None) -> bytes:
    earlier = ZstdCompressionDict(base, dict_type=DICT_TYPE_RAWCONTENT) if base else None
    return ZstdDecompressor(dict_data=earlier).decompress(data, max_output_size=size)
