"""A change inside a sentence, as the rules of the kinds see it."""

from dataclasses import dataclass


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
