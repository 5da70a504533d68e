"""Querying the edits: the same filter gives the same edits, all at once or batch by batch."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlite_utils import Database

from storage.database import Row
from storage.queries.edits import EditFilter, edit_batch, matching_edits
from tests.support.web_history import many_edits


@pytest.fixture(scope="module")
def edits_db(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    db = many_edits(Path(tmp_path_factory.mktemp("edits")) / "many.db", articles=30)
    yield db
    db.close()


FILTERS = {
    "none": EditFilter(),
    "host": EditFilter(host="a1.example"),
    "article": EditFilter(article_id=7),
    "versions": EditFilter(article_id=7, versions=(1, 2)),
    "field": EditFilter(field="headline"),
    "body": EditFilter(field="body"),
    "kind": EditFilter(kind="number"),
    "silent": EditFilter(silent=True),
    "since": EditFilter(since="2026-05-14T02:00:00.000Z"),
    "until": EditFilter(until="2026-05-14T02:00:00.000Z"),
    "words": EditFilter(words="harbour"),
    "all": EditFilter(host="a0.example", field="body", kind="number", silent=True, since="2026", words="sheds"),
}  # fmt: skip


@pytest.mark.parametrize("edit_filter", FILTERS.values(), ids=FILTERS)
def test_batches_give_the_same_edits_as_one_query(
    edits_db: Database, edit_filter: EditFilter
) -> None:
    rows, before = list[Row](), None
    while True:
        batch = edit_batch(edits_db, edit_filter, before=before, limit=4)
        rows += batch.rows
        before = batch.before
        if before is None:
            break
    assert rows == list(matching_edits(edits_db, edit_filter))
    assert bool(rows) == (edit_filter != FILTERS["until"])


@pytest.mark.parametrize("words", ["", "harbour"])
def test_at_most_the_limit_of_edits_is_given(edits_db: Database, words: str) -> None:
    newest = list(matching_edits(edits_db, EditFilter(words=words)))
    assert list(matching_edits(edits_db, EditFilter(words=words), limit=3)) == newest[:3]
