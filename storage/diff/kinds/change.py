"""A change inside a sentence, as the rules of the kinds see it."""

from collections.abc import Callable
from dataclasses import dataclass

# Beside the number, name or date that gives a change its kind.
MAX_OTHER_WORDS = 2


@dataclass(frozen=True, slots=True)
class Change:
    """A change as the rules see it: its texts, the words that only one of them has, its place.

    `at` is where `new` begins in `new_sentence`.
    """

    old: str
    new: str
    removed_words: tuple[str, ...]
    added_words: tuple[str, ...]
    old_sentence: str
    new_sentence: str
    at: int
    lang: str | None

    @property
    def words(self) -> tuple[str, ...]:
        """The words that only one side has, the removed ones first."""
        return self.removed_words + self.added_words

    @property
    def before(self) -> str:
        """The new sentence before the change."""
        return self.new_sentence[: self.at]

    @property
    def after(self) -> str:
        """The new sentence after the change."""
        return self.new_sentence[self.at + len(self.new) :]

    def is_mostly(self, is_of_kind: Callable[[str], bool]) -> bool:
        """Whether at least half of the words that changed are of a kind, and hardly any other.

        A change of many words is one of wording, though a number may be among them.
        """
        words = [word for word in self.words if word[0].isalnum()]
        of_kind = sum(map(is_of_kind, words))
        return of_kind > 0 and len(words) - of_kind <= min(of_kind, MAX_OTHER_WORDS)
