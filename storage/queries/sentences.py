"""The sentences of an article: which version added each, and which removed it."""

from storage.articles.versions import version_row
from storage.database import Database, Row
from storage.diff.text.sentences import sentences
from storage.diff.text.visible import visible

SENTENCE_COLUMNS = (
    "sentence",
    "added_version",
    "added_at",
    "removed_version",
    "removed_at",
    "technical",
)
SENTENCE_HISTORY = (
    "select s.sentence, s.added_version, added.seen_at, s.removed_version, removed.seen_at, added.technical"
    " from sentences s"
    " join versions added on added.article_id = s.article_id and added.number = s.added_version"
    " left join versions removed on removed.article_id = s.article_id and removed.number = s.removed_version"
    " where s.article_id = ?"
)


def current_sentences(db: Database, article_id: int, number: int) -> list[Row]:
    """The sentences of the latest version, whose number is `number`, in the order of the text.

    A row has the `sentence`, its `paragraph` (from 0), `added_version` and `added_at`. These are the
    version that introduced the sentence for the last time, and when a check first saw that version.
    `technical` is 1 if only our extraction changed in that version: then the sentence may be older.
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
    """The sentences that the publisher deleted or changed, newest removal first.

    Rows are as in `current_sentences`, with `removed_version` and `removed_at`; `paragraph` is None. If a
    technical version lacks a sentence, the publisher did not remove it.
    """
    rows = _sentence_rows(
        db, article_id, "removed.technical = 0 order by s.removed_version desc, s.id"
    )
    return [{**row, "paragraph": None} for row in rows]


def _sentence_rows(db: Database, article_id: int, condition: str) -> list[Row]:
    rows = db.execute(f"{SENTENCE_HISTORY} and {condition}", [article_id]).fetchall()
    return [dict(zip(SENTENCE_COLUMNS, row, strict=True)) for row in rows]
