"""Make a database of invented articles with their histories; the same seed gives the same rows.

The articles appear over two years, on hosts of very different size, and are edited within days. So
the versions of one article lie among those of others, as in a real database. All rows pass through
the real schema with its indices and triggers. There are no stored pages (`snapshots`).

    python -m benchmarks made-history /tmp/made.db --articles 1000000 --versions 10 --no-search
"""

import argparse
import multiprocessing
import random
import time
from collections import deque
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path

from benchmarks.support.made_articles import (
    HISTORY_SPAN,
    TABLE_COLUMNS,
    HistoryMaker,
    HistoryShape,
    RowsByTable,
    batch_rows,
)
from benchmarks.support.made_words import make_languages, zipf_weights
from storage.database import Database, open_database
from storage.timestamps import to_text

ARTICLES_PER_TRANSACTION = 5_000
FEEDS_PER_HOST = 2


def make_history(path: Path, shape: HistoryShape, *, now: datetime) -> Database:
    """Make a database at `path`, in place of the one that is there; return it open."""
    path.unlink(missing_ok=True)
    db = open_database(path)
    for pragma in ("synchronous = off", "cache_size = -1500000", "foreign_keys = off"):
        db.execute(f"pragma {pragma}")
    hosts = _hosts(shape)
    for rows in (
        _batches(shape, now)
        if shape.articles <= ARTICLES_PER_TRANSACTION
        else _batches_in_process(shape, now)
    ):
        db.execute("begin immediate")
        _write(db, rows)
        db.execute("commit")
    db.execute("begin immediate")
    _write_sources(db, hosts, now)
    _write_totals(db, shape, now)
    db.execute("commit")
    for pragma in ("foreign_keys = on", "cache_size = -2000", "wal_checkpoint(truncate)"):
        db.execute(f"pragma {pragma}")
    return db


def _hosts(shape: HistoryShape) -> list[str]:
    return [f"news{number}.example" for number in range(shape.hosts)]


def _batches(shape: HistoryShape, now: datetime) -> Iterator[RowsByTable]:
    """The rows of all articles, ARTICLES_PER_TRANSACTION articles at a time."""
    languages = make_languages(shape.seed, **_word_counts(shape))
    maker = HistoryMaker(shape, now, languages, random.Random(shape.seed))
    hosts, weights = _hosts(shape), zipf_weights(shape.hosts)
    for start in range(0, shape.articles, ARTICLES_PER_TRANSACTION):
        numbers = range(start, min(start + ARTICLES_PER_TRANSACTION, shape.articles))
        chosen = maker.rng.choices(hosts, cum_weights=weights, k=len(numbers))
        yield batch_rows(maker, list(zip(numbers, chosen, strict=True)))


def _batches_in_process(shape: HistoryShape, now: datetime) -> Iterator[RowsByTable]:
    """The same, made by another process while this one writes."""
    context = multiprocessing.get_context("spawn")
    receiving, sending = context.Pipe(duplex=False)
    process = context.Process(target=_send_batches, args=(sending, shape, now), daemon=True)
    process.start()
    sending.close()
    while rows := receiving.recv():
        yield rows
    process.join()


def _send_batches(out: Connection, shape: HistoryShape, now: datetime) -> None:
    for rows in _batches(shape, now):
        out.send(rows)
    out.send(None)


def _word_counts(shape: HistoryShape) -> dict[str, int]:
    """A small history needs few words."""
    return {"words": 2_000, "sentences": 4_000} if shape.articles < 10_000 else {}


def _write(db: Database, rows: RowsByTable) -> None:
    for table, table_rows in rows.items():
        names = TABLE_COLUMNS[table].split()
        if table_rows:
            db.conn.executemany(
                f"insert into {table} ({', '.join(names)}) values ({', '.join('?' * len(names))})",
                table_rows,
            )


def _write_sources(db: Database, hosts: Sequence[str], now: datetime) -> None:
    """The feeds of every host, due within the next ten minutes."""
    db.conn.executemany(
        "insert into watches (url, kind, added_at, checked_at, next_check_at) values (?, 'feed', ?, ?, ?)",
        [
            (f"https://{host}/rss{number}", to_text(now - HISTORY_SPAN), to_text(now - timedelta(minutes=5)),
             to_text(now + timedelta(seconds=1 + index % 600)))
            for index, host in enumerate(hosts)
            for number in range(FEEDS_PER_HOST)
        ],
    )  # fmt: skip


def _write_totals(db: Database, shape: HistoryShape, now: datetime) -> None:
    """Write the edit counts of hosts, the newest articles that feeds mention, and the check rate."""
    db.execute(
        "insert into hosts (host, edited_checks, expected_edits) select host, count(*), count(*) / 1.1 from articles"
        " where true group by host"
        " on conflict (host) do update set edited_checks = excluded.edited_checks, expected_edits = excluded.expected_edits"
    )
    db.execute(
        "insert into mentions (watch_id, article_id, timestamp) select w.id, a.id, a.first_seen_at"
        " from articles a join watches w on w.url = 'https://' || a.host || '/rss0' where a.id > ?",
        [shape.articles * 9 // 10],
    )
    db.execute(
        "insert into check_rate values (1, 0.05, 1, 1.5, 1.2, ?, ?)", [to_text(now), to_text(now)]
    )


def make_overdue(db: Database, count: int, *, now: datetime) -> None:
    """Make the newest `count` articles overdue, as after a day without the daemon."""
    due_times = deque((to_text(now - timedelta(seconds=n % 86_400)), n) for n in range(count))
    db.execute("begin immediate")
    db.conn.executemany(
        "update articles set next_check_at = ? where id = (select max(id) from articles) - ? and state <> 'paused'",
        due_times,
    )
    db.execute("commit")


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `made-history`."""
    parser.add_argument("path", type=Path)
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--versions", type=float, default=5)
    parser.add_argument("--sentences", type=int, default=10)
    parser.add_argument("--hosts", type=int, default=2_000)
    parser.add_argument("--search", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--overdue", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--now", type=datetime.fromisoformat, default=datetime.now(UTC))


def main(options: argparse.Namespace) -> int:
    """Make the database and print its size."""
    shape = HistoryShape(
        options.articles, options.versions, options.sentences, options.hosts, options.search,
        options.overdue, options.seed,
    )  # fmt: skip
    started = time.monotonic()
    db = make_history(options.path, shape, now=options.now)
    versions = db.execute("select count(*) from versions").fetchone()[0]
    size = options.path.stat().st_size
    print(
        f"{options.articles:,} articles, {versions:,} versions, {size / 1e9:.2f} GB in {time.monotonic() - started:.0f} s"
    )
    return 0
