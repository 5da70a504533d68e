"""What the database of a world holds, by the numbers of its articles and the hours of the run."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from benchmarks.wrong.site import Scene
from storage.database import Database
from storage.diff.text.visible import fold_typography
from storage.timestamps import parse_instant

NUMBER_IN_PATH = re.compile(r"/(\d+)$")
SPACE = re.compile(r"\s+")
# The number of an article whose address names none.
NO_NUMBER = 0


@dataclass(frozen=True, slots=True)
class Row:
    """A logged edit: of which article and version, when, and what."""

    number: int
    version: int
    at: float
    field: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class CheckRow:
    """A check: of which article, when, and its outcome."""

    number: int
    at: float
    outcome: str


@dataclass(frozen=True, slots=True)
class Entry:
    """An article with a text, as the database has it at the end."""

    number: int
    state: str
    body: str


def plain(text: str | None) -> str:
    """A text with single spaces."""
    return SPACE.sub(" ", text or "").strip()


def squeezed(text: str) -> str:
    """A text without spaces, typography and capitals: a row may put a space between two Japanese sentences,
    and a house may set all its articles in other marks."""
    return fold_typography(text).casefold()


@dataclass(frozen=True, slots=True)
class Records:
    """The rows of a database; `numbers` are those of the articles by their ids."""

    db: Database
    scene: Scene
    numbers: dict[int, int]

    def edits(self) -> Iterator[Row]:
        """Every row of `edit_log`, the oldest first."""
        for row in self.db.query("select * from edit_log order by id"):
            number, at = self._number(row), self._hour(row["seen_at"])
            old, new = plain(row["old"]), plain(row["new"])
            yield Row(number, row["to_version"], at, row["field"], old, new)

    def later_versions(self) -> Iterator[tuple[int, int]]:
        """The number of the article and of the version, of each that is neither first nor technical."""
        sql = "select article_id, number from versions where number > 1 and not technical"
        for row in self.db.query(sql):
            yield self._number(row), row["number"]

    def checks(self) -> Iterator[CheckRow]:
        """Every check, the oldest first."""
        sql = (
            "select article_id, fetched_at, outcome from fetches where confirms is null order by id"
        )
        for row in self.db.query(sql):
            yield CheckRow(self._number(row), self._hour(row["fetched_at"]), row["outcome"])

    def entries(self) -> Iterator[Entry]:
        """Every article that has a version."""
        sql = (
            "select a.id as article_id, a.state, v.body from articles a"
            " join versions v on v.article_id = a.id and v.number = a.latest_version"
        )
        for row in self.db.query(sql):
            yield Entry(self._number(row), row["state"], plain(row["body"]))

    def _number(self, row: dict[str, Any]) -> int:
        return self.numbers.get(row["article_id"], NO_NUMBER)

    def _hour(self, text: str) -> float:
        at = parse_instant(text)
        assert at is not None
        return (at - self.scene.frame.started_at) / timedelta(hours=1)


def read_records(db: Database, scene: Scene) -> Records:
    """The rows of a database. An article has the number in its address, or in one that it was fetched at."""
    numbers: dict[int, int] = {}
    for sql in (
        "select id as article_id, url from articles",
        "select article_id, url from fetches where article_id is not null order by id",
    ):
        for row in db.query(sql):
            match = NUMBER_IN_PATH.search(row["url"])
            if match:
                numbers.setdefault(row["article_id"], int(match[1]))
    return Records(db, scene, numbers)
