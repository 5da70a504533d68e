"""The stories that teach what a host prints into all its articles, and the publisher's lines they prove."""

import json
from collections.abc import Sequence
from dataclasses import astuple
from datetime import datetime

from sqlite_utils import Database

from scraper.article import Article
from scraper.urls import hostname
from storage.articles.versions import article_from_row, version_row
from storage.diff.noise.boilerplate import (
    Boilerplate,
    BoilerplateLine,
    boilerplate_of,
    without_boilerplate,
)
from storage.diff.noise.shared_lines import (
    HeldLine,
    LinePlace,
    SharedLines,
    StoredStory,
    Story,
    learn_lines,
    story_of,
)
from storage.diff.text.visible import fold_digits
from storage.timestamps import parse_instant, to_text

# A host is taught by its newest stories; older ones are forgotten.
MAX_STORIES_PER_HOST = 200
# No more of a publisher's lines are left out: those that stories share first, then the newest.
MAX_BOILERPLATE_PER_HOST = 200

# Whether an article came from a file: its first check did.
CAME_FROM_FILE = (
    "coalesce((select imported from fetches where article_id = :article order by id limit 1), 0)"
)
HOLDERS = """
select l.line_hash, l.is_foreign, l.numbers_hash, l.lines_before, l.lines_after,
    s.id, s.url, s.headline, s.day, s.characters, coalesce(s.same_as, s.id)
from host_lines l join host_stories s on s.id = l.story_id
where l.line_hash in (select value from json_each(?))
"""


def shared_lines(db: Database, story: Story) -> SharedLines:
    """The earlier stories of the host that share lines with a story."""
    total = db.execute(
        "select count(distinct coalesce(same_as, id)) from host_stories where host = ?",
        [story.host],
    ).fetchone()[0]
    stories: dict[int, StoredStory] = {}
    holders: dict[int, dict[int, HeldLine]] = {}
    keys = json.dumps([line.key for line in story.lines])
    for key, is_foreign, numbers, before, after, *columns in db.execute(HOLDERS, [keys]).fetchall():
        stored = StoredStory(*columns)
        stories[stored.id] = stored
        holders.setdefault(key, {})[stored.id] = HeldLine(
            bool(is_foreign), LinePlace(numbers, before, after)
        )
    return SharedLines(total, stories, holders)


def has_stories(db: Database, host: str) -> bool:
    """Whether any story has taught this host."""
    row = db.execute("select 1 from host_stories where host = ? limit 1", [host]).fetchone()
    return row is not None


def store_story(db: Database, story: Story, article_id: int | None, *, at: datetime) -> None:
    """Keep a story and forget the oldest ones of its host; inside a write transaction."""
    cursor = db.execute(
        "insert into host_stories (host, url, article_id, headline, day, characters, same_as, seen_at)"
        " values (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            story.host,
            story.url,
            article_id,
            story.headline,
            story.day,
            story.characters,
            story.same_as,
            to_text(at),
        ],
    )
    db.conn.executemany(
        "insert into host_lines (line_hash, story_id, is_foreign, numbers_hash, lines_before, lines_after)"
        " values (?, ?, ?, ?, ?, ?)",
        [
            (line.key, cursor.lastrowid, line.is_foreign, *astuple(line.place))
            for line in story.lines
        ],
    )
    db.execute(
        "delete from host_stories where id in (select id from host_stories where host = ?"
        " order by seen_at desc, id desc limit -1 offset ?)",
        [story.host, MAX_STORIES_PER_HOST],
    )


def teach(
    db: Database, article: Article, url: str, article_id: int | None, *, at: datetime
) -> None:
    """Let the first version of an article teach its host; inside a write transaction."""
    host = hostname(url)
    excluded, restored, _ = load_boilerplate(db, host, article_id)
    story = story_of(without_boilerplate(article, excluded), host, url, at=at)
    story, lines = learn_lines(story, shared_lines(db, story), restored)
    store_boilerplate(db, host, lines, article_id, at=at)
    store_story(db, story, article_id, at=at)


def teach_missing(db: Database) -> None:
    """Let every article teach its host that has not done so, the oldest first; inside a write transaction."""
    rows = db.execute(
        "select a.id, a.url from articles a join versions v on v.article_id = a.id and v.number = 1"
        " where not exists (select 1 from host_stories s where s.article_id = a.id) order by v.seen_at, a.id"
    ).fetchall()
    for article_id, url in rows:
        version = version_row(db, article_id, 1)
        at = parse_instant(version["seen_at"])
        assert at is not None
        teach(db, article_from_row(version, url), url, article_id, at=at)


def store_boilerplate(
    db: Database,
    host: str,
    lines: Sequence[BoilerplateLine],
    article_id: int | None = None,
    *,
    at: datetime,
) -> None:
    """Keep lines of a publisher that an article has taught, with their evidence; inside a write transaction.

    A line that is stored already, or that the user has restored, is not stored again. What an imported article
    teaches counts for imported articles only.
    """
    if not lines:
        return
    excluded, restored, _ = load_boilerplate(db, host, article_id)
    known = excluded | restored
    for line in lines:
        if known.holds(line):
            continue
        known |= boilerplate_of((line,))
        evidence = {
            "field": "byline" if line.is_name else "text",
            "articles": list(line.articles),
            "stories": line.stories,
            "instead_of": line.instead_of,
        }
        db.execute(
            "insert into exclusions (host, kind, text, evidence, since, imported)"
            f" values (:host, 'boilerplate', :text, :evidence, :since, {CAME_FROM_FILE})",
            {
                "host": host,
                "text": line.text,
                "evidence": json.dumps(evidence, ensure_ascii=False),
                "since": to_text(at),
                "article": article_id,
            },
        )


def load_boilerplate(
    db: Database, host: str, article_id: int | None = None
) -> tuple[Boilerplate, Boilerplate, str]:
    """The publisher's lines that are left out of an article, those that the user has restored, and when last.

    Those on the word of a file are left out of imported articles only: whoever can write a file could else hide
    a line of every article of the host.
    """
    lines = (
        "select text, json_extract(evidence, '$.field') = 'byline', restored_at from exclusions"
        f" where host = :host and article_id is null and imported <= {CAME_FROM_FILE}"
    )
    excluded = db.execute(
        f"{lines} and restored_at is null"
        " order by json_extract(evidence, '$.instead_of') is not null, id desc limit :limit",
        {"host": host, "article": article_id, "limit": MAX_BOILERPLATE_PER_HOST},
    ).fetchall()
    restored = db.execute(
        f"{lines} and restored_at is not null", {"host": host, "article": article_id}
    ).fetchall()
    last_at = max((row[2] for row in restored), default="")
    return _boilerplate(excluded), _boilerplate(restored), last_at


def _boilerplate(rows: Sequence[tuple[str, int, str | None]]) -> Boilerplate:
    return Boilerplate(
        frozenset(fold_digits(text) for text, is_name, _ in rows if not is_name),
        frozenset(fold_digits(text) for text, is_name, _ in rows if is_name),
    )
