"""What a search gives back: hits, a batch at a time."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from storage.search.matching import Version

RowType = TypeVar("RowType")


class Scope(StrEnum):
    """Where to search."""

    VERSIONS = "versions"  # every version of every article
    DELETED = "deleted"  # only articles whose latest version no longer contains the words
    SENTENCES = "sentences"  # removed sentences


@dataclass(frozen=True, slots=True)
class Batch(Generic[RowType]):
    """Some results, newest first, and the cursor for the next older ones (None if there are none)."""

    rows: tuple[RowType, ...]
    before: int | None


@dataclass(frozen=True, slots=True)
class HitSentence:
    """A sentence of a hit. Only a search for removed sentences says when the sentence was removed."""

    text: str
    removed_version: int | None = None
    removed_at: str | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """An article of which at least one version has all the words.

    `first` and `last` are the first and the last version with the words; versions between them may
    lack them. `headline` and `lang` are those of `last`. `sentences` has at most MAX_SENTENCES sentences
    of `last` with the words or, in a search for removed sentences, the removed ones. `removed_at` is when
    a check first saw the article without the words or the sentence, None if it still has the words.
    """

    article_id: int
    url: str
    host: str
    headline: str
    lang: str | None
    latest_version: int
    first: Version
    last: Version
    sentences: tuple[HitSentence, ...]
    removed_at: str | None

    @property
    def is_deleted(self) -> bool:
        """Does the latest version lack the words?"""
        return self.last.number < self.latest_version
