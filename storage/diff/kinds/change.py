"""A change inside a sentence, as the rules of the kinds see it, and the kind that they give it."""

from collections.abc import Callable
from dataclasses import dataclass

# Beside the number, name or date that gives a change its kind.
MAX_OTHER_WORDS = 2
# Of words that evidence quotes; a span may hold more.
MAX_NAMED_WORDS, MAX_NAMED_CHARACTERS = 4, 60


@dataclass(frozen=True, slots=True)
class Kind:
    """One of `storage.vocabulary.KINDS`, and the evidence: why a change is of it, in words."""

    name: str
    evidence: str


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

    def main_words(self, is_of_kind: Callable[[str], bool]) -> str | None:
        """The words of a kind, if they are at least half of the words that changed, and hardly any other is beside them.

        A change of many words is one of wording, though a number may be among them.
        """
        words = [word for word in self.words if word[0].isalnum()]
        of_kind = [word for word in words if is_of_kind(word)]
        others = len(words) - len(of_kind)
        if not of_kind or others > min(len(of_kind), MAX_OTHER_WORDS):
            return None
        beside = "the only change" if not others else f"beside {others} of {len(words)} words"
        return f"{quoted(*of_kind)}, {beside}"


def quoted(*words: str) -> str:
    """Words for evidence, the first few of them.

    >>> quoted("12", "21"), quoted("a", "b", "c", "d", "e")
    ('12, 21', 'a, b, c, d …')
    """
    text = ", ".join(words[:MAX_NAMED_WORDS])
    is_cut = len(words) > MAX_NAMED_WORDS or len(text) > MAX_NAMED_CHARACTERS
    return f"{text[:MAX_NAMED_CHARACTERS]} …" if is_cut else text
