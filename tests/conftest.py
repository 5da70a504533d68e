"""Fixtures: a web site on loopback, a clock, a fresh database, and a checker that uses them."""

from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from sqlite_utils import Database

from storage.database import open_database
from tests.support.checker import Checker, Clock
from tests.support.site import Site, serving

# No deadline for one example: the first compiles patterns, and a busy machine is slow.
hypothesis.settings.register_profile("variorum", deadline=None)
hypothesis.settings.load_profile("variorum")


@pytest.fixture
def site() -> Iterator[Site]:
    """A web site on 127.0.0.1 whose answers the test sets."""
    with serving() as site:
        yield site


@pytest.fixture
def clock() -> Clock:
    """A clock that the test sets."""
    return Clock()


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    """A fresh database. After the test its foreign keys must hold and its version numbers have no gap."""
    database = open_database(tmp_path / "variorum.db")
    yield database
    assert database.execute("pragma foreign_key_check").fetchall() == []
    gaps = "select article_id from versions group by article_id having count(*) <> max(number)"
    assert database.execute(gaps).fetchall() == []
    database.close()


@pytest.fixture
def checker(db: Database, clock: Clock) -> Checker:
    """A checker on the fresh database and the test's clock."""
    return Checker(db, clock)
