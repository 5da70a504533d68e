"""The words that columns, settings, options and pages share: each list once, in the order that people see.

This module imports nothing of the project, so that every room can use it. `tests/storage/test_vocabulary.py`
names the places that a new field, kind, outcome or channel still lacks.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum


class Shape(Enum):
    """What a field of an article holds; it decides how the field is compared."""

    LINE = "a line of text"
    LABEL = "a line that only changes as a whole"
    NAMES = "names"
    LINES = "lines in an order"
    TEXT = "paragraphs"
    DATE = "a day, or a time of day"


@dataclass(frozen=True, slots=True)
class Field:
    """One field of an article that edits are logged of, under its name in `edits.field`.

    `attribute` is its name in `Article`, `column` its name in `versions`. `searched` fields are in the full-text
    index. Versions that agree in all `hashed` fields have the same text.
    """

    name: str
    attribute: str
    column: str
    shape: Shape
    searched: bool = False
    hashed: bool = True


FIELDS = (
    Field("headline", "headline", "headline", Shape.LINE, searched=True),
    Field("dek", "dek", "dek", Shape.LINE, searched=True),
    Field("byline", "byline", "byline", Shape.NAMES),
    Field("body", "paragraphs", "body", Shape.TEXT, searched=True),
    Field("caption", "captions", "captions", Shape.LINES, searched=True),
    Field("published_at", "published_at", "published_at", Shape.DATE, hashed=False),
    Field("modified_at", "modified_at", "modified_at", Shape.DATE, hashed=False),
    Field("section", "section", "section", Shape.LABEL, hashed=False),
)
FIELD_NAMES = tuple(field.name for field in FIELDS)
DATE_FIELDS = tuple(field.name for field in FIELDS if field.shape is Shape.DATE)
# Pages have these or lack them; a headline and a body they always have.
OPTIONAL_FIELDS = ("dek", "byline", "published_at", "section")

OPERATIONS = ("insert", "delete", "replace", "move")

# The most newsworthy first.
KINDS = (
    "number", "date", "name", "negation", "quote", "attribution", "correction_note",
    "wording", "spelling", "punctuation", "typography", "added", "removed", "moved", "replaced",
)  # fmt: skip

OUTCOMES = (
    "new", "unchanged", "not_modified", "edited", "technical", "gone", "restored", "moved",
    "blocked", "refused", "failed",
)  # fmt: skip
# The page showed no article, for a reason that says nothing about the article.
NO_ARTICLE = frozenset({"blocked", "refused", "failed"})
# The article was there as before.
STILL_THERE = frozenset({"unchanged", "not_modified", "moved", "restored"})
# The article was there, in whatever state.
ARTICLE_THERE = STILL_THERE | {"new", "edited", "technical"}

STATES = ("active", "paused", "gone", "finished")
# Variorum checks articles in these states when they are due.
WATCHED_STATES = ("active", "gone", "finished")

SOURCE_KINDS = ("feed", "sitemap", "section")
SOURCE_STATES = ("active", "paused")

# From which articles Variorum learns the lines of a publisher: those that are watched, also neighbours of
# the first article of a host, or none.
LEARN_CHOICES = ("watched", "siblings", "off")

EXCLUSION_KINDS = ("volatile", "boilerplate", "pending")


def sql_list(words: Iterable[str]) -> str:
    """The words as SQL strings, sorted if they are a set.

    >>> sql_list(("feed", "sitemap"))
    "'feed', 'sitemap'"
    """
    ordered = sorted(words) if isinstance(words, frozenset) else words
    return ", ".join(f"'{word}'" for word in ordered)


# The SQL condition that is true of an article that Variorum checks; indices are limited by the same text.
WATCHED = f"state in ({sql_list(WATCHED_STATES)})"
