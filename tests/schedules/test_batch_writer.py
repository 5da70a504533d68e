"""Writes that share a transaction."""

import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlite_utils import Database

from schedules.check.batch_writer import MOST, Writer
from storage.database import open_database, writing


@pytest.fixture
def numbers(tmp_path: Path) -> Database:
    db = open_database(tmp_path / "numbers.db")
    db.execute("create table numbers (n integer primary key)")
    return db


def insert(db: Database, number: int) -> int:
    with writing(db):
        db.execute("insert into numbers values (?)", [number])
    return number


def stored(db: Database) -> list[int]:
    return [row[0] for row in db.execute("select n from numbers order by n").fetchall()]


def commits_of(db: Database, work: Callable[[Writer], object], writer: Writer) -> list[str]:
    """The transactions that some work takes."""
    seen: list[str] = []
    db.conn.set_trace_callback(seen.append)
    asyncio.run(work(writer))  # type: ignore[arg-type]
    db.conn.set_trace_callback(None)
    return [statement for statement in seen if statement in ("commit", "rollback")]


async def write_all(writer: Writer, numbers: range) -> list[object]:
    writes = (writer.write(insert, writer.db, number) for number in numbers)
    return await asyncio.gather(*writes, return_exceptions=True)


def test_a_hundred_writes_are_one_transaction(numbers: Database) -> None:
    work = lambda writer: write_all(writer, range(MOST))  # noqa: E731 - it is one line
    assert commits_of(numbers, work, Writer(numbers)) == ["commit"]
    assert stored(numbers) == list(range(MOST))


def test_a_few_writes_wait_for_no_more_when_none_can_come(numbers: Database) -> None:
    async def timed() -> float:
        loop = asyncio.get_running_loop()
        begun = loop.time()
        await write_all(Writer(numbers, lambda: 3), range(3))
        return loop.time() - begun

    assert asyncio.run(timed()) < 0.04


def test_a_result_is_given_only_after_the_commit(numbers: Database, tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "numbers.db")

    async def write() -> int:
        await Writer(numbers).write(insert, numbers, 1)
        return int(other.execute("select count(*) from numbers").fetchone()[0])

    assert asyncio.run(write()) == 1
    other.close()


def test_a_write_that_fails_takes_no_other_with_it(numbers: Database) -> None:
    insert(numbers, 2)
    results = asyncio.run(write_all(Writer(numbers), range(4)))
    assert [type(result) for result in results] == [int, int, sqlite3.IntegrityError, int]
    assert stored(numbers) == [0, 1, 2, 3]


def test_a_full_disk_fails_all_that_share_the_transaction(numbers: Database) -> None:
    """SQLite ends the transaction by itself there; nothing of it may be told as written."""
    pages = numbers.execute("pragma page_count").fetchone()[0]
    numbers.execute("create table ballast (data blob)")
    numbers.execute(f"pragma max_page_count = {pages + 2}")

    def too_much(db: Database) -> None:
        with writing(db):
            db.execute("insert into ballast values (zeroblob(10000000))")

    async def write() -> list[object]:
        writer = Writer(numbers)
        writes = [writer.write(insert, numbers, 1), writer.write(too_much, numbers)]
        return await asyncio.gather(*writes, return_exceptions=True)

    results = asyncio.run(write())
    told = [result for result in results if not isinstance(result, sqlite3.OperationalError)]
    assert told == stored(numbers)


def test_what_nobody_waits_for_any_more_is_not_written(numbers: Database) -> None:
    async def give_up() -> None:
        task = asyncio.create_task(Writer(numbers).write(insert, numbers, 1))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await Writer(numbers).write(insert, numbers, 2)

    asyncio.run(give_up())
    assert stored(numbers) == [2]
