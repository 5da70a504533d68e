"""Since when each sentence of an article stands, and when the others left."""

from typing import Any

from sqlite_utils import Database

from storage.articles.state import version_row
from storage.diff.text.sentences import sentences
from storage.diff.text.visible import visible

Row = dict[str, Any]

SENTENCE_COLUMNS = (
    "sentence",
    "added_version",
    "added_at",
    "removed_version",
    "removed_at",
    "technical",
)
SENTENCE_HISTORY = (
    "select s.sentence, s.added_version, came.seen_at, s.removed_version, gone.seen_at, came.technical"
    " from sentences s"
    " join versions came on came.article_id = s.article_id and came.number = s.added_version"
    " left join versions gone on gone.article_id = s.article_id and gone.number = s.removed_version"
    " where s.article_id = ?"
)


def current_sentences(db: Database, article_id: int, number: int) -> list[Row]:
    """Every sentence of the latest version, which is `number`, in the order of the text.

    With `paragraph` (from 0), `added_version` and `added_at`: the first version of those that
    hold it without a break, and when that was first seen. `technical` is 1 where that version
    came of reading the page anew: the sentence may be older.
    """
    current = {
        row["sentence"]: row for row in _sentence_rows(db, article_id, "s.removed_version is null")
    }
    body = version_row(db, article_id, number)["body"]
    return [
        {
            **current.get(sentence, dict.fromkeys(SENTENCE_COLUMNS)),
            "sentence": sentence,
            "paragraph": index,
        }
        for index, paragraph in enumerate(filter(None, body.split("\n\n")))
        for sentence in sentences(visible(paragraph))
    ]


def removed_sentences(db: Database, article_id: int) -> list[Row]:
    """The sentences that the publisher took out or changed, the last to leave first.

    What is missing because the page was read anew (a technical version) did not leave.
    """
    rows = _sentence_rows(
        db, article_id, "gone.technical = 0 order by s.removed_version desc, s.id"
    )
    return [{**row, "paragraph": None} for row in rows]


def _sentence_rows(db: Database, article_id: int, condition: str) -> list[Row]:
    rows = db.execute(f"{SENTENCE_HISTORY} and {condition}", [article_id]).fetchall()
    return [dict(zip(SENTENCE_COLUMNS, row, strict=True)) for row in rows]
