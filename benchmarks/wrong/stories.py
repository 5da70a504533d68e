"""Invented articles of an invented paper, and the real edits that they get."""

import itertools
import random
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

TEXTS = Path(__file__).with_name("texts.toml")
UNSPACED_LANGUAGES = frozenset({"ja"})
NUMBER = re.compile(r"\d+")
FOREVER = float("inf")


@dataclass(frozen=True, slots=True)
class StoryText:
    """What an article says at one time. A paragraph is its sentences."""

    lang: str
    headline: str
    dek: str
    byline: str
    caption: str
    section: str
    paragraphs: tuple[tuple[str, ...], ...]

    def bodies(self) -> list[str]:
        """The paragraphs as a reader sees them."""
        space = "" if self.lang in UNSPACED_LANGUAGES else " "
        return [space.join(sentences) for sentences in self.paragraphs]


@dataclass(frozen=True, slots=True)
class RealEdit:
    """An edit by the publisher, in hours of the run: what it took away, what it wrote, the text since."""

    at: float
    field: str
    old: str
    new: str
    text: StoryText


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of an article for good or until an hour.

    It is gone, replaced by another article, refilled with another text under its headline, or
    rewritten in other words.
    """

    kind: str
    at: float
    until: float = FOREVER


@dataclass(frozen=True, slots=True)
class Story:
    """An article: its first text, its real edits in order, its fate and the text that comes with it."""

    number: int
    age_hours: float
    first: StoryText
    other: StoryText
    edits: tuple[RealEdit, ...] = ()
    fate: Fate | None = None

    def text(self, hours: float) -> StoryText:
        """What the article says at this hour of the run."""
        if self.has_other_text(hours):
            return self.other
        return [self.first, *(edit.text for edit in self.edits if edit.at <= hours)][-1]

    def is_gone(self, hours: float) -> bool:
        """Whether the publisher has taken the article down at this hour."""
        fate = self.fate
        return fate is not None and fate.kind == "gone" and fate.at <= hours < fate.until

    def has_other_text(self, hours: float) -> bool:
        """Whether its fate has given it another text by this hour."""
        return self.fate is not None and self.fate.kind != "gone" and hours >= self.fate.at

    def modified_at(self, hours: float) -> float:
        """The hour of the last change, before the run if there was none."""
        if self.fate and self.has_other_text(hours):
            return self.fate.at
        return max([-self.age_hours, *(edit.at for edit in self.edits if edit.at <= hours)])


@dataclass(slots=True)
class Writer:
    """Owns the random source of a paper and writes in its language."""

    lang: str
    rng: random.Random
    words: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        self.words = paper_words(self.lang)

    def text(self) -> tuple[StoryText, StoryText]:
        """An article and the same facts in other words, where the language has these."""
        slots = self.slots()
        patterns = self.rng.sample(self.words["sentences"], self.rng.randint(13, 17))
        first, second = [], []
        for wordings in patterns:
            numbers = {"n": self.rng.randint(21, 980), "m": self.rng.randint(981, 4990)}
            first.append(_sentence(wordings[0], slots | numbers))
            second.append(_sentence(wordings[-1], slots | numbers))
        cuts = self._cuts(len(patterns))
        text = self._around(slots, _paragraphs(first, cuts))
        return text, replace(text, paragraphs=_paragraphs(second, cuts))

    def slots(self) -> dict[str, str]:
        """The people, the place and the things that one article is about."""
        who, who2 = self.rng.sample(self.words["people"], 2)
        named = {name: self.rng.choice(self.words[plural]) for name, plural in
                 (("place", "places"), ("body", "bodies"), ("thing", "things"))}  # fmt: skip
        return {"who": who, "who2": who2, **named}

    def fill(self, pattern: str) -> str:
        """A line of the paper about nobody in particular."""
        numbers = {"n": self.rng.randint(21, 980), "m": self.rng.randint(981, 4990)}
        return _sentence(pattern, self.slots() | numbers)

    def _around(self, slots: dict[str, str], paragraphs: tuple[tuple[str, ...], ...]) -> StoryText:
        numbers = {"n": self.rng.randint(21, 980), "m": self.rng.randint(3, 20)}
        return StoryText(
            lang=self.lang,
            headline=_sentence(self.rng.choice(self.words["headlines"]), slots | numbers),
            dek=_sentence(self.words["dek"], slots),
            byline=self.rng.choice(self.words["people"]),
            caption=_sentence(self.words["caption"], slots),
            section=self.rng.choice(self.words["sections"]),
            paragraphs=paragraphs,
        )

    def _cuts(self, count: int) -> list[int]:
        cuts = [0]
        while cuts[-1] < count:
            cuts.append(min(count, cuts[-1] + self.rng.randint(2, 3)))
        return cuts


@cache
def paper_words(lang: str) -> dict[str, Any]:
    """The words of the paper in this language."""
    with TEXTS.open("rb") as file:
        words: dict[str, Any] = tomllib.load(file)[lang]
    return words


def _sentence(pattern: str, slots: dict[str, Any]) -> str:
    line = pattern.format(**slots)
    return line[0].upper() + line[1:]


def _paragraphs(sentences: list[str], cuts: list[int]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(sentences[start:end]) for start, end in itertools.pairwise(cuts))


def write_stories(
    lang: str, count: int, seed: int, edit_hours: list[tuple[float, float]]
) -> list[Story]:
    """The articles of a paper. Each span of hours brings an edit to about a third of them."""
    writer = Writer(lang, random.Random(f"{lang} {seed}"))
    stories: list[Story] = []
    while len(stories) < count:
        first, other = writer.text()
        if first.headline in {story.first.headline for story in stories}:
            continue
        number = 1000 + 7 * seed + len(stories)
        story = Story(number, writer.rng.uniform(0.2, 12), first, other)
        spans = [span for at, span in enumerate(edit_hours) if (len(stories) + at) % 3 == 0]
        hours = sorted(writer.rng.uniform(*span) for span in spans)
        stories.append(replace(story, edits=tuple(_edits(writer, first, hours))))
    return stories


def with_fate(story: Story, fate: Fate | None, seed: int) -> Story:
    """The article with what becomes of it; then it gets no other edit."""
    if fate is None:
        return story
    other, first = story.other, story.first
    if fate.kind in ("replaced", "refilled"):
        other, _ = Writer(first.lang, random.Random(f"other {seed} {story.number}")).text()
    if fate.kind == "refilled":
        other = replace(first, paragraphs=other.paragraphs)
    return replace(story, fate=fate, edits=(), other=other)


def _edits(writer: Writer, text: StoryText, hours: list[float]) -> Iterator[RealEdit]:
    ways = [_change_number, _add_sentence, _change_headline, _remove_sentence, _add_correction]
    for at, way in zip(hours, writer.rng.sample(ways, len(hours)), strict=True):
        edit = way(writer, at, text)
        yield edit
        text = edit.text


def _change_number(writer: Writer, at: float, text: StoryText) -> RealEdit:
    spots = [
        (row, column)
        for row, sentences in enumerate(text.paragraphs)
        for column, sentence in enumerate(sentences)
        if NUMBER.search(sentence)
    ]
    row, column = writer.rng.choice(spots)
    old = text.paragraphs[row][column]
    new = NUMBER.sub(lambda number: str(int(number[0]) + writer.rng.randint(3, 19)), old, count=1)
    sentences = (*text.paragraphs[row][:column], new, *text.paragraphs[row][column + 1 :])
    return RealEdit(at, "body", old, new, _with_row(text, row, sentences))


def _add_sentence(writer: Writer, at: float, text: StoryText) -> RealEdit:
    new = writer.fill(writer.words["added"])
    row = writer.rng.randrange(len(text.paragraphs))
    return RealEdit(at, "body", "", new, _with_row(text, row, (*text.paragraphs[row], new)))


def _remove_sentence(writer: Writer, at: float, text: StoryText) -> RealEdit:
    rows = [row for row, sentences in enumerate(text.paragraphs) if len(sentences) > 1]
    row = writer.rng.choice(rows)
    old = text.paragraphs[row][-1]
    return RealEdit(at, "body", old, "", _with_row(text, row, text.paragraphs[row][:-1]))


def _add_correction(writer: Writer, at: float, text: StoryText) -> RealEdit:
    new = writer.fill(writer.words["correction"])
    after = replace(text, paragraphs=(*text.paragraphs, (new,)))
    return RealEdit(at, "body", "", new, after)


def _change_headline(writer: Writer, at: float, text: StoryText) -> RealEdit:
    new = writer.fill(writer.rng.choice(writer.words["headlines"]))
    return RealEdit(at, "headline", text.headline, new, replace(text, headline=new))


def _with_row(text: StoryText, row: int, sentences: tuple[str, ...]) -> StoryText:
    return replace(
        text, paragraphs=(*text.paragraphs[:row], sentences, *text.paragraphs[row + 1 :])
    )
