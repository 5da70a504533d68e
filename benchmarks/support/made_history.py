"""Makes a database of invented articles with their history, as large as asked, the same for one seed.

Articles come over two years, from hosts of very different size, and are edited within days of it, so that the
versions of one lie among those of others, as they do in life. Everything goes through the real schema, its
indices and triggers; pages (`snapshots`) are not made.

    python -m benchmarks.support.made_history /tmp/made.db --articles 1000000 --versions 10 --no-search
"""

import argparse
import hashlib
import json
import multiprocessing
import random
import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from benchmarks.support.made_words import Language, Sentence, make_languages, zipf_weights
from storage.database import Database, open_database
from storage.timestamps import to_text

HISTORY_SPAN = timedelta(days=730)
# So many articles are written in one transaction.
ARTICLES_PER_TRANSACTION = 5_000
KOREAN_SHARE = 0.7
FEEDS_PER_HOST = 2
KIND_WEIGHTS = (("number", 20), ("name", 8), ("date", 6), ("quote", 6), ("attribution", 4), ("wording", 25),
         ("spelling", 8), ("punctuation", 6), ("typography", 2), ("added", 8), ("removed", 6),
         ("moved", 0.9), ("correction_note", 0.1))  # fmt: skip
FIELD_WEIGHTS = (
    ("body", 84),
    ("headline", 10),
    ("dek", 4),
    ("byline", 1.5),
    ("caption", 0.45),
    ("section", 0.05),
)
STATE_WEIGHTS = (("finished", 60), ("active", 37), ("paused", 2), ("gone", 1))
TABLE_COLUMNS = {
    "articles": "id url host headline first_seen_at checked_at changed_at next_check_at next_check_reason state"
    " latest_version born_at rate_shape rate_scale",
    "aliases": "url article_id",
    "versions": "id article_id number seen_at last_seen_at headline dek byline section lang published_at captions"
    " body content_hash technical extractor headlines",
    "fetches": "id article_id url fetched_at outcome http_status etag bytes elapsed_ms version_id container_path"
    " late_seconds",
    "last_pages": "article_id etag container_path container fingerprint extracted_at",
    "edits": "id article_id from_version to_version seen_after seen_at field op kind old new context context_at"
    " paragraph disclosed",
    "sentences": "id article_id sentence added_version removed_version",
    "exclusions": "host article_id kind text evidence since",
    "outbox": "edit_id channel created_at delivered_at attempts next_attempt_at",
    "version_words": "rowid words",
    "removed_words": "rowid words",
}


@dataclass(frozen=True, slots=True)
class HistoryShape:
    """How large the history is to be: versions per article and sentences per version on average."""

    articles: int
    versions: float = 10
    sentences: int = 10
    hosts: int = 2_000
    has_search: bool = True
    overdue: int = 1_000
    seed: int = 1


@dataclass(slots=True)
class HistoryMaker:
    """Owns the history being made: what is drawn at random, and the ids given so far."""

    shape: HistoryShape
    now: datetime
    languages: list[Language]
    rng: random.Random
    ids: dict[str, int] = field(default_factory=lambda: dict.fromkeys(TABLE_COLUMNS, 0))
    days: dict[int, str] = field(default_factory=dict)

    def next_id(self, table: str) -> int:
        self.ids[table] += 1
        return self.ids[table]

    def at(self, seconds: float) -> str:
        """A time as text, so many seconds since 1970."""
        day, rest = divmod(int(seconds), 86_400)
        if day not in self.days:
            self.days[day] = datetime.fromtimestamp(day * 86_400, UTC).date().isoformat()
        return f"{self.days[day]}T{rest // 3600:02}:{rest // 60 % 60:02}:{rest % 60:02}.000Z"


RowsByTable = dict[str, list[tuple[Any, ...]]]


@dataclass(slots=True)
class Story:
    """An article while it is made."""

    id: int
    url: str
    host: str
    language: Language
    first_seen_at: float
    headline: str
    body: list[Sentence]
    added_in: dict[int, int]
    number: int = 0
    version_id: int = 0
    seen_at: float = 0.0


def make_history(path: Path, shape: HistoryShape, *, now: datetime) -> Database:
    """The database at `path`, open."""
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
    """The rows of all articles, some articles at a time."""
    languages = make_languages(shape.seed, **_word_counts(shape))
    maker = HistoryMaker(shape, now, languages, random.Random(shape.seed))
    hosts, weights = _hosts(shape), zipf_weights(shape.hosts)
    for start in range(0, shape.articles, ARTICLES_PER_TRANSACTION):
        numbers = range(start, min(start + ARTICLES_PER_TRANSACTION, shape.articles))
        chosen = maker.rng.choices(hosts, cum_weights=weights, k=len(numbers))
        yield _batch(maker, list(zip(numbers, chosen, strict=True)))


def _batches_in_process(shape: HistoryShape, now: datetime) -> Iterator[RowsByTable]:
    """The same, made by a process of its own while this one writes."""
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


def _batch(maker: HistoryMaker, numbered_hosts: list[tuple[int, str]]) -> RowsByTable:
    """The rows of some articles and their history, in the order in which they were written."""
    rows: RowsByTable = {table: [] for table in TABLE_COLUMNS}
    checks: list[tuple[float, Story, bool]] = []
    stories = [_story(maker, number, host, rows) for number, host in numbered_hosts]
    latest = maker.now.timestamp() - 60
    for story in stories:
        checks.extend(
            (min(at, latest), story, is_edit) for at, is_edit in _check_times(maker, story)
        )
    checks.sort(key=lambda check: check[0])
    for at, story, is_edit in checks:
        _add_check(maker, story, at, is_edit, rows)
    for story in stories:
        _add_article_row(maker, story, rows)
    return rows


def _story(maker: HistoryMaker, number: int, host: str, rows: RowsByTable) -> Story:
    rng, shape = maker.rng, maker.shape
    language = maker.languages[rng.random() > KOREAN_SHARE]
    share = (number + rng.random()) / shape.articles
    first_seen_at = maker.now.timestamp() - HISTORY_SPAN.total_seconds() * (1 - share)
    count = max(3, int(rng.gauss(shape.sentences, shape.sentences / 3)))
    body = list(dict.fromkeys(rng.choices(language.sentences, k=count)))
    article_id = maker.next_id("articles")
    url = f"https://{host}/{maker.at(first_seen_at)[:10].replace('-', '/')}/article-{number}"
    rows["aliases"].append((url, article_id))
    if rng.random() < 0.2:
        rows["aliases"].append((f"{url}/amp", article_id))
    headline = rng.choice(language.sentences).text[:40]
    return Story(article_id, url, host, language, first_seen_at, headline, body, {})


def _check_times(maker: HistoryMaker, story: Story) -> Iterator[tuple[float, bool]]:
    """The looks at an article, and whether each sees another text; mostly in its first days."""
    rng = maker.rng
    at = story.first_seen_at
    yield at, True
    for _ in range(min(int(rng.expovariate(1 / (maker.shape.versions - 0.5))), 80)):
        at += rng.expovariate(1 / 20_000)
        yield at, True
        if rng.random() < 0.5:
            yield at + 120, False


def _add_check(
    maker: HistoryMaker, story: Story, at: float, is_edit: bool, rows: RowsByTable
) -> None:
    rng = maker.rng
    outcome = "edited" if story.number else "new"
    seen_at = maker.at(at)
    if is_edit:
        story.number += 1
        if story.number > 1:
            _add_edit(maker, story, at, rows)
        else:
            for sentence in story.body:
                story.added_in[id(sentence)] = 1
        _add_version(maker, story, seen_at, rows)
        story.seen_at = at
    else:
        outcome = "failed" if rng.random() < 0.02 else "unchanged"
    raw = f"{story.id}-{seen_at}"
    rows["fetches"].append(
        (maker.next_id("fetches"), story.id, story.url, seen_at, outcome,
         None if outcome == "failed" else 200, f'"{raw[:12]}"', 48_000, 180,
         None if outcome == "failed" else maker.ids["versions"], "article.story" if outcome == "new" else None,
         round(rng.expovariate(0.1), 1))
    )  # fmt: skip


def _add_version(maker: HistoryMaker, story: Story, seen_at: str, rows: RowsByTable) -> None:
    body = "\n\n".join(
        " ".join(sentence.text for sentence in story.body[at : at + 2])
        for at in range(0, len(story.body), 2)
    )
    story.version_id = version_id = maker.next_id("versions")
    text_hash = hashlib.sha256(body.encode()).hexdigest()
    published_at = maker.at(story.first_seen_at - 600)
    names = json.dumps([story.headline[:3]], ensure_ascii=False)
    rows["versions"].append(
        (version_id, story.id, story.number, seen_at, seen_at, story.headline, None, names, "local",
         story.language.code, published_at, "[]", body, text_hash, 0, "1", "{}")
    )  # fmt: skip
    if maker.shape.has_search:
        words = [
            Sentence(story.headline).bigram_text,
            *(sentence.bigram_text for sentence in story.body),
        ]
        rows["version_words"].append((version_id, " ".join(words)))


def _add_edit(maker: HistoryMaker, story: Story, at: float, rows: RowsByTable) -> None:
    """One sentence of the text becomes another, and one edit says so."""
    rng = maker.rng
    index = rng.randrange(len(story.body))
    old, new = story.body[index], rng.choice(story.language.sentences)
    if id(new) not in story.added_in:
        if maker.shape.has_search:
            rows["removed_words"].append((story.version_id, old.bigram_text))
        rows["sentences"].append((maker.next_id("sentences"), story.id, old.text,
                                  story.added_in.pop(id(old)), story.number))  # fmt: skip
        story.added_in[id(new)] = story.number
        story.body[index] = new
    name = _weighted_choice(rng, FIELD_WEIGHTS)
    kind = _weighted_choice(rng, KIND_WEIGHTS)
    if name == "headline":
        story.headline = new.text[:40]
    disclosed = _weighted_choice(rng, ((None, 40), (0, 40), (1, 20)))
    edit_id = maker.next_id("edits")
    rows["edits"].append(
        (edit_id, story.id, story.number - 1, story.number, maker.at(story.seen_at), maker.at(at), name,
         "replace", kind, old.text[:14], new.text[:14], new.text, 0, index // 2, disclosed)
    )  # fmt: skip
    if rng.random() < 0.05:
        is_sent = at < maker.now.timestamp() - 600
        rows["outbox"].append((edit_id, "desk", maker.at(at), maker.at(at + 5) if is_sent else None,
                               int(is_sent), maker.at(at)))  # fmt: skip


def _add_article_row(maker: HistoryMaker, story: Story, rows: RowsByTable) -> None:
    """The article's own row, the sentences that stand, a text that was proven to be the page's."""
    rng = maker.rng
    rows["sentences"].extend(
        (maker.next_id("sentences"), story.id, sentence.text, story.added_in[id(sentence)], None)
        for sentence in story.body
    )
    seen_at = maker.at(story.seen_at)
    text_hash = hashlib.md5(seen_at.encode(), usedforsecurity=False).hexdigest()
    rows["last_pages"].append(
        (story.id, f'"{story.id}"', "article.story", "article.story", text_hash, seen_at)
    )
    if rng.random() < 0.05:
        evidence = json.dumps({"first": "14 readers", "second": "15 readers", "after": None})
        rows["exclusions"].append((story.host, story.id, "volatile", "14 readers", evidence, maker.at(story.seen_at)))  # fmt: skip
    state = _weighted_choice(rng, STATE_WEIGHTS)
    now = maker.now.timestamp()
    is_overdue = rng.random() < maker.shape.overdue / maker.shape.articles
    next_check = (
        now - 3600 * rng.random() if is_overdue else now + 60 + 2_592_000 * rng.random() ** 3
    )
    rows["articles"].append(
        (story.id, story.url, story.host, story.headline, maker.at(story.first_seen_at),
         maker.at(min(story.seen_at + 120, now - 30)), maker.at(story.seen_at) if story.number > 1 else None,
         maker.at(next_check), "every 4 h while it is young", state, story.number,
         maker.at(story.first_seen_at - 600), 0.8, 1.2)
    )  # fmt: skip


def _weighted_choice(rng: random.Random, weighted: Sequence[tuple[Any, float]]) -> Any:
    """One of the values, by their weights, which come to 100 or so."""
    remaining = rng.random() * 100
    for value, weight in weighted:
        remaining -= weight
        if remaining < 0:
            return value
    return weighted[0][0]


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
    """What is learned of hosts, the newest articles that feeds name, the pace."""
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
    """Have so many articles overdue, as after a day without the daemon."""
    due_times = deque((to_text(now - timedelta(seconds=n % 86_400)), n) for n in range(count))
    db.execute("begin immediate")
    db.conn.executemany(
        "update articles set next_check_at = ? where id = (select max(id) from articles) - ? and state <> 'paused'",
        due_times,
    )
    db.execute("commit")


def shape_of(arguments: argparse.Namespace) -> HistoryShape:
    """The shape that the options ask for."""
    return HistoryShape(
        arguments.articles,
        arguments.versions,
        arguments.sentences,
        arguments.hosts,
        arguments.search,
        arguments.overdue,
        arguments.seed,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("path", type=Path)
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--versions", type=float, default=5)
    parser.add_argument("--sentences", type=int, default=10)
    parser.add_argument("--hosts", type=int, default=2_000)
    parser.add_argument("--search", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--overdue", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--now", type=datetime.fromisoformat, default=datetime.now(UTC))
    arguments = parser.parse_args()
    started = time.monotonic()
    db = make_history(arguments.path, shape_of(arguments), now=arguments.now)
    versions = db.execute("select count(*) from versions").fetchone()[0]
    size = arguments.path.stat().st_size
    print(
        f"{arguments.articles:,} articles, {versions:,} versions, {size / 1e9:.2f} GB in {time.monotonic() - started:.0f} s"
    )


if __name__ == "__main__":
    main()
