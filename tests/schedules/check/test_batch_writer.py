"""Writes that share a transaction."""

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import pytest
from sqlite_utils import Database

from schedules.check.batch_writer import MAX_BATCH_WRITES, Writer
from storage.database import open_database, write_transaction


@pytest.fixture
def numbers_db(tmp_path: Path) -> Database:
    db = open_database(tmp_path / "numbers.db")
    db.execute("create table numbers (n integer primary key)")
    return db


def insert(db: Database, number: int) -> int:
    with write_transaction(db):
        db.execute("insert into numbers values (?)", [number])
    return number


def stored_numbers(db: Database) -> list[int]:
    return [row[0] for row in db.execute("select n from numbers order by n").fetchall()]


def transactions(db: Database, work: Callable[[Writer], object], writer: Writer) -> list[str]:
    """The transactions that some work takes."""
    statements: list[str] = []
    db.conn.set_trace_callback(statements.append)
    asyncio.run(work(writer))  # type: ignore[arg-type]
    db.conn.set_trace_callback(None)
    return [statement for statement in statements if statement in ("commit", "rollback")]


async def write_all(writer: Writer, values: range) -> list[object]:
    writes = (writer.write(insert, writer.db, number) for number in values)
    return await asyncio.gather(*writes, return_exceptions=True)


def test_a_hundred_writes_are_one_transaction(numbers_db: Database) -> None:
    work = lambda writer: write_all(writer, range(MAX_BATCH_WRITES))  # noqa: E731 - it is one line
    assert transactions(numbers_db, work, Writer(numbers_db)) == ["commit"]
    assert stored_numbers(numbers_db) == list(range(MAX_BATCH_WRITES))


def test_a_small_batch_is_committed_when_no_more_writes_can_come(numbers_db: Database) -> None:
    async def batch_seconds() -> float:
        loop = asyncio.get_running_loop()
        started = loop.time()
        await write_all(Writer(numbers_db, lambda: 3), range(3))
        return loop.time() - started

    assert asyncio.run(batch_seconds()) < 0.04


def test_a_result_is_given_only_after_the_commit(numbers_db: Database, tmp_path: Path) -> None:
    reader = sqlite3.connect(tmp_path / "numbers.db")

    async def write() -> int:
        await Writer(numbers_db).write(insert, numbers_db, 1)
        return int(reader.execute("select count(*) from numbers").fetchone()[0])

    assert asyncio.run(write()) == 1
    reader.close()


def test_a_failed_write_does_not_affect_others(numbers_db: Database) -> None:
    insert(numbers_db, 2)
    results = asyncio.run(write_all(Writer(numbers_db), range(4)))
    assert [type(result) for result in results] == [int, int, sqlite3.IntegrityError, int]
    assert stored_numbers(numbers_db) == [0, 1, 2, 3]


def test_a_full_disk_fails_every_write_in_the_transaction(numbers_db: Database) -> None:
    """SQLite ends the transaction by itself; no write may report success."""
    pages = numbers_db.execute("pragma page_count").fetchone()[0]
    numbers_db.execute("create table ballast (data blob)")
    numbers_db.execute(f"pragma max_page_count = {pages + 2}")

    def write_too_much(db: Database) -> None:
        with write_transaction(db):
            db.execute("insert into ballast values (zeroblob(10000000))")

    async def write() -> list[object]:
        writer = Writer(numbers_db)
        writes = [writer.write(insert, numbers_db, 1), writer.write(write_too_much, numbers_db)]
        return await asyncio.gather(*writes, return_exceptions=True)

    results = asyncio.run(write())
    committed_numbers = [
        result for result in results if not isinstance(result, sqlite3.OperationalError)
    ]
    assert committed_numbers == stored_numbers(numbers_db)


def test_a_cancelled_write_is_not_written(numbers_db: Database) -> None:
    async def give_up() -> None:
        task = asyncio.create_task(Writer(numbers_db).write(insert, numbers_db, 1))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await Writer(numbers_db).write(insert, numbers_db, 2)

    asyncio.run(give_up())
    assert stored_numbers(numbers_db) == [2]


@contextmanager
def lock_on(path: Path) -> Iterator[sqlite3.Connection]:
    """Another program that holds the lock until the block ends."""
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("begin exclusive")
    yield other
    other.close()


def test_a_patient_writer_waits_for_a_lock_and_writes_everything_once(
    numbers_db: Database, tmp_path: Path
) -> None:
    async def write() -> tuple[bool, list[object]]:
        writer = Writer(numbers_db)
        writer.be_patient()
        with lock_on(tmp_path / "numbers.db") as other:
            writes = asyncio.create_task(write_all(writer, range(3)))
            while writer.trouble is None:
                await asyncio.sleep(0.01)
            was_stuck = writer.is_stuck
            other.execute("rollback")
            return was_stuck, await writes

    assert asyncio.run(write()) == (True, [0, 1, 2])
    assert stored_numbers(numbers_db) == [0, 1, 2]


def test_a_lock_never_holds_the_event_loop_up(numbers_db: Database, tmp_path: Path) -> None:
    async def longest_pause() -> float:
        writer, loop = Writer(numbers_db), asyncio.get_running_loop()
        writer.be_patient()
        with lock_on(tmp_path / "numbers.db"):
            writes = asyncio.create_task(write_all(writer, range(3)))
            times = [loop.time()]
            while times[-1] < times[0] + 1:
                await asyncio.sleep(0.01)
                times.append(loop.time())
            writes.cancel()
        return max(after - before for before, after in pairwise(times))

    assert asyncio.run(longest_pause()) < 0.5


def test_a_writer_that_gives_up_raises_the_error_in_what_waits(
    numbers_db: Database, tmp_path: Path
) -> None:
    async def write() -> list[object]:
        writer = Writer(numbers_db)
        writer.be_patient()
        with lock_on(tmp_path / "numbers.db"):
            writes = asyncio.create_task(write_all(writer, range(2)))
            while writer.trouble is None:
                await asyncio.sleep(0.01)
            writer.give_up()
            return await writes

    assert [type(result) for result in asyncio.run(write())] == [sqlite3.OperationalError] * 2


def test_a_full_disk_is_logged_once_and_so_is_its_end(
    numbers_db: Database, caplog: pytest.LogCaptureFixture
) -> None:
    numbers_db.execute("create table ballast (data blob)")
    pages = numbers_db.execute("pragma page_count").fetchone()[0]
    numbers_db.execute(f"pragma max_page_count = {pages}")

    def write_much(db: Database) -> None:
        with write_transaction(db):
            db.execute("insert into ballast values (zeroblob(100000))")

    async def write() -> None:
        writer = Writer(numbers_db)
        writer.be_patient()
        written = asyncio.create_task(writer.write(write_much, numbers_db))
        await asyncio.sleep(1)
        assert not written.done()
        numbers_db.execute("pragma max_page_count = 1000000")
        await written

    asyncio.run(write())
    assert [record.message for record in caplog.records] == [
        "the database cannot be written (database or disk is full); no page is requested until it can be",
        "the database can be written again; the checks go on",
    ]
    assert numbers_db["ballast"].count == 1
