"""Every place that needs a word of the vocabulary has it; a failing test names the place that lacks it.

To add a word, add its line to `storage/vocabulary.py`, and change these files:

| to add | change |
|---|---|
| a kind of edit | its rule in `storage/diff/kinds/rules.py`, in the order of KINDS; `docs/tables.md`; a case in `tests/diff/` |
| a field of an article | `scraper/article.py`; `scraper/extract/__init__.py`, which reads it; its column in `storage/schema/tables.py` and a step in `migrations.py`; `docs/tables.md` |
| an outcome of a check | its set beside OUTCOMES; `scraper/recognise.py` or `schedules/check/decide.py`, which decides on it; a step in `storage/schema/migrations.py`; `docs/tables.md` |
| a type of channel | its module in `variorum/notify/`, and a line in `channels.py` there; its setting and CHANNEL_TYPES in `variorum/config/channel.py`; `docs/variorum.toml`; `docs/daemon.md` |

A field or an outcome needs a migration, because a constraint of an older database lists the words: `replace_in_table`.
"""

import dataclasses
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from scraper.article import Article
from storage.articles.versions import article_from_row, content_hash, insert_version, version_row
from storage.database import Database, open_in_memory
from storage.diff import compare
from storage.diff.align.side_by_side import side_by_side_rows
from storage.diff.kinds.rules import KIND_RULES
from storage.search import search
from storage.search.hits import Scope
from storage.vocabulary import (
    ARTICLE_THERE,
    FIELD_NAMES,
    FIELDS,
    KINDS,
    NO_ARTICLE,
    OUTCOMES,
    STILL_THERE,
    Field,
    Shape,
)
from variorum.config.channel import CHANNEL_TYPES, ChannelConfig
from variorum.notify.channels import OPENERS
from variorum.terminal.results import OUTCOME_COLOURS, article_json

DOCS = Path(__file__).parents[2] / "docs"
ARTICLE = Article("https://example.org/news/1", "Pier closed", paragraphs=("The pier is closed.",))
NOON = "2026-05-14T12:00:00.000Z"
VALUES: dict[Shape, Any] = {
    Shape.LINE: "Lighthouse",
    Shape.LABEL: "Lighthouse",
    Shape.NAMES: ("Lighthouse",),
    Shape.LINES: ("Lighthouse",),
    Shape.TEXT: ("Lighthouse",),
    Shape.DATE: datetime(2026, 5, 14, 9, tzinfo=UTC),
}

each_field = pytest.mark.parametrize("field", FIELDS, ids=FIELD_NAMES)


def with_value(field: Field) -> Article:
    return replace(ARTICLE, **{field.attribute: VALUES[field.shape]})


def stored(article: Article) -> Database:
    """A database with the article as it is without the field, then with it, then without it again."""
    db = open_in_memory()
    db.execute(
        "insert into articles (id, url, host, first_seen_at, latest_version) values (1, ?, 'example.org', ?, 3)",
        [ARTICLE.url, NOON],
    )
    for number, version in enumerate((ARTICLE, article, ARTICLE), 1):
        insert_version(db, version, 1, number, NOON, "1", None)
    return db


def listed(name: str) -> tuple[str, ...]:
    """The words that docs/tables.md lists after a column, without what it says about them."""
    text = (DOCS / "tables.md").read_text(encoding="utf-8")
    entry = text.partition(f"- `{name}`")[2].partition(":")[2].partition("\n- ")[0]
    return tuple(re.sub(r"\(.*?\)|[\s.]", "", entry, flags=re.DOTALL).split(","))


def test_every_attribute_of_an_article_is_a_field_or_takes_no_part_in_edits() -> None:
    equality = {part.name for part in dataclasses.fields(Article) if part.compare}
    assert equality - {field.attribute for field in FIELDS} == {"url", "lang"}


@each_field
def test_a_field_is_compared(field: Field) -> None:
    edited_fields = {edit.field for edit in compare(ARTICLE, with_value(field))}
    assert edited_fields == {field.name}, "compare it in storage/diff/__init__.py"


@each_field
def test_a_field_counts_in_the_hash_as_it_says(field: Field) -> None:
    changes = content_hash(ARTICLE) != content_hash(with_value(field))
    assert changes is field.hashed, "hash it in storage/articles/content.py"


def test_the_hash_of_an_article_stays_what_databases_hold() -> None:
    article = replace(
        ARTICLE,
        dek="The span is back.",
        byline=("Mina Oswell", "Jon Ferry"),
        paragraphs=("The pier is closed.", "Ferries stop."),
        captions=("The bridge", "The pier"),
    )
    assert (
        content_hash(article) == "3819d6dbf101e0f871e844e0d349f8784b90bb4c80def16d7ba0340644fc8bb1"
    )


@each_field
def test_a_field_is_stored_and_read(field: Field) -> None:
    article = with_value(field)
    row = version_row(stored(article), 1, 2)
    assert article_from_row(row, ARTICLE.url) == article, (
        "storage/articles/versions.py and state.py"
    )


@each_field
def test_a_field_is_searched_as_it_says(field: Field) -> None:
    hits = search(stored(with_value(field)), "Lighthouse")
    assert bool(hits.rows) is field.searched, "index it in storage/articles/versions.py"


@each_field
def test_a_field_that_is_removed_is_searched_as_it_says(field: Field) -> None:
    hits = search(stored(with_value(field)), "Lighthouse", scope=Scope.DELETED)
    assert bool(hits.rows) is field.searched, "index it in storage/search/index.py"


@each_field
def test_a_field_is_shown_side_by_side(field: Field) -> None:
    if field.shape in (Shape.DATE, Shape.LABEL):  # these are not among the texts of the page
        return
    rows = side_by_side_rows(ARTICLE, with_value(field))
    assert {row.field for row in rows if row.op != "equal"} == {field.name}, "side_by_side.py"


@each_field
def test_a_field_is_printed_as_json(field: Field) -> None:
    assert article_json(with_value(field)) != article_json(ARTICLE), "variorum/terminal/results.py"


@pytest.mark.parametrize(
    ("column", "words"),
    [("fetches.outcome", OUTCOMES), ("edits.field", FIELD_NAMES), ("edits.kind", KINDS)],
)
def test_the_docs_list_every_word_in_its_order(column: str, words: tuple[str, ...]) -> None:
    assert listed(column) == words, "docs/tables.md"


def test_every_kind_has_a_rule_and_the_rules_have_its_order() -> None:
    without_rule = {
        "wording",
        "moved",
        "replaced",
    }  # what no rule takes; what `compare` or a check sees itself
    rules = [kind for kind in KINDS if kind not in without_rule]
    assert list(KIND_RULES) == rules, "storage/diff/kinds/rules.py"


def test_every_outcome_says_whether_the_article_was_there() -> None:
    assert [
        ((outcome in NO_ARTICLE) + (outcome in ARTICLE_THERE) + (outcome == "gone"))
        for outcome in OUTCOMES
    ] == [1] * len(OUTCOMES)


def test_no_set_of_outcomes_has_a_word_that_is_none() -> None:
    assert (NO_ARTICLE | ARTICLE_THERE | STILL_THERE | set(OUTCOME_COLOURS)) <= set(OUTCOMES)


def test_each_channel_type_has_a_setting_and_is_opened() -> None:
    settings = {setting.name for setting in dataclasses.fields(ChannelConfig)}
    assert set(CHANNEL_TYPES) <= settings, "variorum/config/channel.py"
    assert set(OPENERS) == set(CHANNEL_TYPES), "variorum/notify/channels.py"


@pytest.mark.parametrize("kind", CHANNEL_TYPES)
def test_the_docs_name_each_channel_type(kind: str) -> None:
    example = (DOCS / "variorum.toml").read_text(encoding="utf-8")
    assert re.search(rf"^# {kind} = ", example, re.MULTILINE)
    assert kind in (DOCS / "daemon.md").read_text(encoding="utf-8").lower()
