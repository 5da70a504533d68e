"""What it costs that a host with many stories teaches: the time of its checks, and the bytes in the database."""

import contextlib
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

from benchmarks.publishers.stories import SentenceDeck, StoryWriter, phrases
from scraper.article import Article
from storage.articles.stories import load_boilerplate, shared_lines, store_boilerplate, store_story
from storage.database import Database, open_database, write_transaction
from storage.diff.noise.boilerplate import without_boilerplate
from storage.diff.noise.shared_lines import learn_lines, story_of

HOST, LANGUAGE = "example.org", "en"
FIRST_AT, APART = datetime(2026, 5, 14, 12, tzinfo=UTC), timedelta(minutes=20)
PARAGRAPHS = 20  # of a story; those of the world are shorter than real ones
STORIES_PER_CAMPAIGN = 25
# The stories and lines that are kept, and the bytes of their tables with the publisher's lines and all indices.
SIZES = """
select (select count(*) from host_stories), (select count(*) from host_lines), sum(pgsize) from dbstat
where name in (select name from sqlite_master where tbl_name in ('host_stories', 'host_lines', 'exclusions'))
"""


@dataclass(frozen=True, slots=True)
class _Check:
    """The milliseconds of one check: reading what the host has taught, learning from the story, writing it."""

    read: float
    learn: float
    write: float


def print_learning_cost(count: int, *, seed: int) -> None:
    """Let one host publish so many stories, and print what the newest hundred of each tenfold cost."""
    print(
        "             milliseconds of a check: median, 95 %          stories     lines         bytes"
    )
    print("  stories         read        learn        write           kept      kept       a story")
    checks: list[_Check] = []
    with (
        tempfile.TemporaryDirectory() as folder,
        contextlib.closing(open_database(Path(folder) / "learning.db")) as db,
    ):
        for number, article in enumerate(_articles(count, random.Random(seed)), 1):
            checks.append(_check(db, article, FIRST_AT + number * APART))
            if number in {100, 1_000, 10_000, count}:
                _print_row(db, number, checks[-100:])


def _articles(count: int, rng: random.Random) -> Iterator[Article]:
    """Stories of one newsroom, with a pitch in the middle that is exchanged now and then."""
    table = phrases(LANGUAGE)
    deck = SentenceDeck(table, rng)
    for number in range(count):
        writer = StoryWriter(table, rng, deck)
        story = writer.story()
        paragraphs = [writer.paragraph() for _ in range(PARAGRAPHS)]
        paragraphs.insert(PARAGRAPHS // 2, _pitch(number // STORIES_PER_CAMPAIGN))
        yield Article(
            f"https://{HOST}/{number}",
            story.headline,
            paragraphs=tuple(paragraphs),
            captions=(story.caption,),
        )


def _pitch(campaign: int) -> str:
    letters = "".join(chr(ord("a") + int(digit)) for digit in str(campaign))
    return f"Every morning our letter number {letters} brings you what matters, free of charge and before breakfast."


def _check(db: Database, article: Article, at: datetime) -> _Check:
    """A check of a new article, as far as the lines of its host go."""
    times = [time.process_time()]
    excluded, restored, _ = load_boilerplate(db, HOST)
    times.append(time.process_time())
    story = story_of(without_boilerplate(article, excluded), HOST, article.url, at=at)
    times.append(time.process_time())
    shared = shared_lines(db, story)
    times.append(time.process_time())
    story, lines = learn_lines(story, shared, restored)
    times.append(time.process_time())
    with write_transaction(db):
        store_boilerplate(db, HOST, lines, at=at)
        store_story(db, story, None, at=at)
    times.append(time.process_time())
    load, fold, look_up, learn, write = (1_000 * (end - begin) for begin, end in pairwise(times))
    return _Check(load + look_up, fold + learn, write)


def _print_row(db: Database, number: int, checks: list[_Check]) -> None:
    parts = ("read", "learn", "write")
    times = [_spread([getattr(check, part) for check in checks]) for part in parts]
    stories, lines, size = db.execute(SIZES).fetchone()
    print(f"{number:>9,} {' '.join(times)} {stories:>14,} {lines:>9,} {size / stories:>13,.0f}")


def _spread(values: list[float]) -> str:
    worst = sorted(values)[int(0.95 * (len(values) - 1))]
    return f"{statistics.median(values):>5.1f}, {worst:>5.1f}"
