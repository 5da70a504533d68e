"""Other programs that use the database while a check is under way."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from storage.database import Database
from storage.queries.health import integrity
from storage.snapshots.prune import prune_snapshots
from tests.support.checker import Checker, serve_during
from tests.support.pages import article_html
from tests.support.site import Site


def shrink(db: Database, copy: Path) -> None:
    pruned = prune_snapshots(db, "ends", before="2099-01-01T00:00:00.000Z", dry_run=False)
    assert [one.pages for one in pruned] == [1]
    db.execute("vacuum")


def back_up(db: Database, copy: Path) -> None:
    with closing(sqlite3.connect(copy)) as target:
        db.conn.backup(target)
        assert target.execute("pragma integrity_check").fetchone() == ("ok",)
        assert target.execute("select count(*) from versions").fetchone() == (1,)


def add_notes(db: Database, copy: Path) -> None:
    db.table("notes").insert({"text": "seen"})
    db.execute("create index notes_text on notes (text)")
    db.conn.commit()


def copy_file(db: Database, copy: Path) -> None:
    db.execute("vacuum into ?", [str(copy)])


@pytest.mark.parametrize("act", [shrink, back_up, add_notes, copy_file])
def test_an_edit_is_recorded_once_whatever_another_program_does_meanwhile(
    site: Site, checker: Checker, tmp_path: Path, act: Callable[[Database, Path], None]
) -> None:
    url = site.page("/a", article_html())
    for extra in ("", "<!-- 1 -->", "<!-- 2 -->"):
        site.page("/a", article_html() + extra)
        checker(url)
    serve_during(site, "/a", lambda db: act(db, tmp_path / "copy.db"), tmp_path / "variorum.db")
    assert [edit.new for edit in checker(url).result.edits] == ["12"]
    assert checker(url).result.outcome == "unchanged"
    assert (checker.db["edits"].count, integrity(checker.db)) == (1, [])
