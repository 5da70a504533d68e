"""Stored pages and texts after bits of the file have flipped."""

import shutil
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from storage.database import open_database, open_existing, write_transaction
from storage.diff.text.visible import visible
from storage.errors import DamagedError, DatabaseError
from storage.queries.damage.articles import verified_articles
from storage.snapshots.store import MAX_DELTA_CHAIN, Snapshot, load_snapshot, store_snapshot
from tests.support.checker import Checker
from tests.support.pages import STORIES, story_html
from tests.support.site import Site

FRAME = b"<p>The same frame around every page of the site.</p>" * 40


def pages(count: int) -> list[bytes]:
    return [FRAME + b"page %d" % number + FRAME for number in range(count)]


def store(db: Database, raws: list[bytes]) -> list[int]:
    """Store pages, each as a delta of the one before; gives their ids."""
    ids: list[int] = []
    with write_transaction(db):
        for raw in raws:
            ids.append(store_snapshot(db, Snapshot(raw), base_id=ids[-1] if ids else None))
    return ids


def damage(db: Database, snapshot_id: int) -> None:
    """Flip a bit in the middle of a stored page."""
    data = bytearray(
        db.execute("select data from snapshots where id = ?", [snapshot_id]).fetchone()[0]
    )
    data[len(data) // 2] ^= 4
    db.execute("update snapshots set data = ? where id = ?", [bytes(data), snapshot_id])


def is_readable(db: Database, snapshot_id: int) -> bool:
    try:
        load_snapshot(db, snapshot_id)
    except DamagedError:
        return False
    return True


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database of five stories, each edited twice, with all pages."""
    from datetime import timedelta

    from tests.support.checker import Clock
    from tests.support.site import serving

    path = tmp_path_factory.mktemp("history") / "v.db"
    with serving() as site, closing(open_database(path).conn) as conn:
        checker = Checker(Database(conn), Clock(), timedelta(0))
        for day in ("Monday", "Thursday", "Sunday"):
            for number in range(len(STORIES) - 1):
                checker(
                    site.page(f"/{number}", story_html(number, (f"Editors wrote this {day}.",)))
                )
            checker.clock.skip(hours=3)
        conn.execute("pragma wal_checkpoint(truncate)")
    return path


def texts(db: Database) -> dict[int, tuple[str, str]]:
    rows = db.execute("select id, headline, body from versions").fetchall()
    return {row[0]: (visible(row[1]), visible(row[2])) for row in rows}


@settings(max_examples=200)
@given(position=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_a_flipped_bit_never_alters_a_page_or_text_unseen(
    history: Path, tmp_path_factory: pytest.TempPathFactory, position: float, bit: int
) -> None:
    """A page is as it was, or is not read. A text that is not as it was is named."""
    with closing(open_existing(history).conn) as conn:
        sound = Database(conn)
        ids = [row[0] for row in sound.execute("select id from snapshots").fetchall()]
        raws = {snapshot_id: load_snapshot(sound, snapshot_id).raw for snapshot_id in ids}
        sound_texts = texts(sound)
    path = tmp_path_factory.mktemp("flipped") / "v.db"
    shutil.copy(history, path)
    with path.open("r+b") as file:
        file.seek(int(position * path.stat().st_size))
        byte = file.read(1)[0]
        file.seek(-1, 1)
        file.write(bytes([byte ^ 1 << bit]))
    try:
        db = open_existing(path)
    except DatabaseError:
        return
    with closing(db.conn):
        for snapshot_id in ids:
            with suppress(DamagedError):
                assert load_snapshot(db, snapshot_id).raw == raws[snapshot_id]
        try:
            read_texts = texts(db)
        except (sqlite3.DatabaseError, UnicodeDecodeError, AttributeError, TypeError):
            read_texts = {}  # at least one of them cannot be read at all
        try:
            found = [damage for one in verified_articles(db) for damage in one.damages]
        except DamagedError:
            return  # the list of articles or pages itself cannot be read, which is said
        assert found or read_texts == sound_texts


def test_a_damaged_base_is_left_out_and_the_next_page_is_stored_whole(db: Database) -> None:
    first_id, second_id = store(db, pages(2))
    damage(db, first_id)
    (third_id,) = [store_snapshot(db, Snapshot(FRAME + b"page 3"), base_id=second_id)]
    assert [is_readable(db, one) for one in (first_id, second_id, third_id)] == [False, False, True]
    assert db.execute("select base_id from snapshots where id = ?", [third_id]).fetchone() == (
        None,
    )


def test_a_damaged_page_that_comes_again_repairs_itself_and_its_deltas(db: Database) -> None:
    raws = pages(4)
    ids = store(db, raws)
    damage(db, ids[0])
    assert store_snapshot(db, Snapshot(raws[0]), base_id=None) == ids[0]
    assert [load_snapshot(db, one).raw for one in ids] == raws


def test_a_damaged_page_is_named_by_its_address_and_time(site: Site, checker: Checker) -> None:
    url = site.page("/a", story_html(0))
    checker(url)
    damage(checker.db, 1)
    with pytest.raises(DamagedError, match=rf"the page of {url} at 2026-05-14T12.* is damaged"):
        load_snapshot(checker.db, 1)


@pytest.mark.parametrize(
    "statement",
    [
        "update snapshots set base_id = id, encoding = 'zstd-delta' where id = 1",
        "update snapshots set base_id = 3, encoding = 'zstd-delta' where id = 1",
        "update snapshots set base_id = 999, encoding = 'zstd-delta' where id = 3",
        "update snapshots set size = -1",
        "update snapshots set size = 9000000000",
        "update snapshots set size = 'many'",
        "update snapshots set data = 'text'",
        "update snapshots set data = x''",
        "update snapshots set headers = '[1'",
        "update snapshots set headers = '[1]'",
        "update snapshots set headers = '{\"etag\": 1}'",
        "update snapshots set sha256 = 'f' || substr(sha256, 2) || id where id = 3",
    ],
)
def test_a_page_that_nobody_could_have_stored_is_damaged(db: Database, statement: str) -> None:
    store(db, pages(3))
    db.execute("pragma foreign_keys = off")
    db.execute(statement)
    assert not is_readable(db, 3)
    db.execute("delete from snapshots")


def test_a_long_chain_of_bases_is_not_followed(db: Database) -> None:
    ids = store(db, pages(MAX_DELTA_CHAIN + 8))
    db.execute("update snapshots set base_id = id - 1, encoding = 'zstd-delta' where id > 1")
    assert not is_readable(db, ids[-1])


def test_a_small_frame_that_says_it_is_large_takes_no_memory(db: Database) -> None:
    from tracemalloc import get_traced_memory, start, stop

    from zstandard import ZstdCompressor

    bomb = ZstdCompressor(level=19).compress(bytes(90_000_000))
    assert len(bomb) < 20_000
    store(db, pages(1))
    db.execute("update snapshots set data = ?", [bomb])
    start()
    try:
        assert not is_readable(db, 1)
        assert get_traced_memory()[1] < 1_000_000
    finally:
        stop()
