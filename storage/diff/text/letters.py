"""The letters of texts and pages, and whether a line is among them."""

from dataclasses import dataclass

from scraper.patterns import lazy_pattern
from storage.diff.text.visible import visible

NOT_LETTERS = lazy_pattern(r"[\W_]+")
# Lines in the order of their page cost one reading of it, and each of the others one more at most. Two seconds.
MAX_SEARCHED_LETTERS = 10_000_000_000


class ScatteredError(Exception):
    """So many lines are elsewhere in a text that looking for them takes too long."""


def letters_of(text: str) -> str:
    """The letters and digits of a text: typography, white space and markup may differ."""
    return NOT_LETTERS.sub("", visible(text).casefold())


@dataclass(slots=True)
class SearchedText:
    """Owns the place in a text at which the last line was found; the next one is looked for from there on.

    So lines in their order take time in proportion to the text. `left` are the letters that may still be read.

    >>> text = SearchedText(letters_of("The ferry ran aground. Nobody was hurt."))
    >>> text.has("Nobody was hurt!"), text.has("The ferry"), text.has("It sank.")
    (True, True, False)
    """

    letters: str
    left: int = MAX_SEARCHED_LETTERS
    _position: int = 0

    def has(self, line: str) -> bool:
        """Whether the text has the letters of a line in a row. Raises ScatteredError once too much was read."""
        sought = letters_of(line)
        found = self.letters.find(sought, self._position)
        self.left -= (found if found >= 0 else len(self.letters)) - self._position
        if found < 0:
            found = self.letters.find(sought, 0, self._position + len(sought))
            self.left -= found if found >= 0 else self._position
        if self.left < 0:
            raise ScatteredError(
                "its lines are scattered over its pages: looking for them takes too long"
            )
        self._position = max(found, 0)
        return found >= 0
