"""Invented news stories in eight languages.

Each file in `languages/` has the names, sentences and site-wide lines of one language.
"""

import random
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

LANGUAGE_FOLDER = Path(__file__).parent / "languages"
PARAGRAPHS_PER_STORY = (5, 8)
SENTENCES_PER_PARAGRAPH = (1, 3)
CAST_SHARE = 0.7  # of the names in a sentence; the others are not of the story's own cast
DEK_SHARE = 0.7


@dataclass(frozen=True, slots=True)
class Story:
    """What the newsroom writes. `caption` is that of the lead picture."""

    headline: str
    dek: str | None
    caption: str
    paragraphs: tuple[str, ...]


@cache
def phrases(language: str) -> dict[str, Any]:
    """The phrases of a language by the name of their list."""
    return tomllib.loads((LANGUAGE_FOLDER / f"{language}.toml").read_text(encoding="utf-8"))


def languages() -> list[str]:
    """The codes of all languages."""
    return sorted(path.stem for path in LANGUAGE_FOLDER.glob("*.toml"))


def person(table: Mapping[str, Any], rng: random.Random) -> str:
    """The name of a person."""
    name: str = table["name"]
    return name.format(first=rng.choice(table["first"]), last=rng.choice(table["last"]))


class SentenceDeck:
    """The sentences that one publisher has not used yet, so that its stories differ."""

    def __init__(self, table: Mapping[str, Any], rng: random.Random) -> None:
        self._templates: list[str] = table["sentences"]
        self._rng = rng
        self._unused: list[str] = []

    def draw(self) -> str:
        """The next sentence with its names left open; each comes once before any comes again."""
        if not self._unused:
            self._unused = self._rng.sample(self._templates, len(self._templates))
        return self._unused.pop()


class StoryWriter:
    """Writes one story and its edits: a cast of names, and the sentences about it."""

    def __init__(self, table: Mapping[str, Any], rng: random.Random, deck: SentenceDeck) -> None:
        self.rng = rng
        self._table = table
        self._deck = deck
        self._cast = {
            "who": [person(table, rng) for _ in range(2)],
            **{slot: rng.sample(self._table[name], 2) for slot, name in NAME_LISTS.items()},
        }

    @property
    def topic(self) -> str:
        """What the story is about."""
        return str(self._cast["topic"][0])

    def story(self) -> Story:
        """The story as it is first published."""
        dek = self.phrase("deks") if self.rng.random() < DEK_SHARE else None
        count = self.rng.randint(*PARAGRAPHS_PER_STORY)
        return Story(
            headline=self.phrase("headlines"),
            dek=dek,
            caption=self.phrase("captions"),
            paragraphs=tuple(self.paragraph() for _ in range(count)),
        )

    def paragraph(self) -> str:
        """A new paragraph of the story."""
        count = self.rng.randint(*SENTENCES_PER_PARAGRAPH)
        gap: str = self._table["gap"]
        return gap.join(self.pick("sentence") for _ in range(count))

    def phrase(self, name: str) -> str:
        """A phrase of a list about the cast of this story."""
        return self._fill(self.rng.choice(self._table[name]))

    def pick(self, name: str) -> str:
        """A `word` or a `sentence` to edit a text with."""
        if name == "word":
            return str(self.rng.choice(self._table["words"]))
        return self._fill(self._deck.draw())

    def _fill(self, template: str) -> str:
        slots = {slot: self._name(slot) for slot in self._cast}
        text = template.format(
            n=self.rng.randint(13, 98),
            k=self.rng.randint(3, 12),
            day=self.rng.choice(self._table["days"]),
            **slots,
        )
        return re.sub(r"^\W*\w", lambda start: start[0].upper(), text)

    def _name(self, slot: str) -> str:
        if self.rng.random() < CAST_SHARE:
            return str(self.rng.choice(self._cast[slot]))
        if slot == "who":
            return person(self._table, self.rng)
        return str(self.rng.choice(self._table[NAME_LISTS[slot]]))


NAME_LISTS = {"place": "places", "org": "orgs", "topic": "topics"}
