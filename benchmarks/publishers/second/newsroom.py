"""What the newsrooms of the second world write and edit, with what looks like the site's and is not.

Stories share a sentence with a number of their own; all stories of a day name a second reporter who is new;
two articles get a correction note of the same words in one round.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from benchmarks.pages.edits import MadeEdit
from benchmarks.publishers.edits import EDIT_KINDS, edit_story
from benchmarks.publishers.stories import Story, StoryWriter, person

EDITED_SHARE = 0.3  # of the rounds of an article after its first
SHARED_STORIES = 5  # that have the numbered sentence
STOCK_SHARE, DAY_NAME_SHARE, TWIN_NOTE_SHARE = 0.6, 0.4, 0.6  # of the sites that are large enough
RETRACTED_SHARE = 0.1  # of the edits; once per article
# What an article gets once.
ONCE = ("headline", "caption", "correction note", "retraction")


@dataclass(frozen=True, slots=True)
class History:
    """The story and the byline of an article by round, and its edits."""

    stories: dict[int, Story] = field(default_factory=dict)
    bylines: dict[int, tuple[str, ...]] = field(default_factory=dict)
    edits: dict[int, MadeEdit] = field(default_factory=dict)


class NewsroomEdits:
    """Plans what the articles of a site share, and writes the history of each."""

    def __init__(
        self,
        table: Mapping[str, Any],
        writers: Sequence[StoryWriter],
        rounds: int,
        rng: random.Random,
    ) -> None:
        self.rounds = rounds
        self._table, self._writers, self._rng = table, writers, rng
        count = len(writers)
        is_large = count >= SHARED_STORIES
        self._stock = (
            rng.choice(table["stock"]) if is_large and rng.random() < STOCK_SHARE else None
        )
        has_day_name = is_large and rng.random() < DAY_NAME_SHARE
        self._day_name = person(table, rng) if has_day_name else None
        has_twins = count >= 3 and rng.random() < TWIN_NOTE_SHARE
        self._twins = rng.sample(range(min(count, SHARED_STORIES)), 2) if has_twins else []
        self._note = writers[0].phrase("corrections")
        self._twin_round, self._stock_round = rng.randint(2, rounds), rng.randint(3, rounds)
        self._name_round = rng.randint(3, rounds)

    def is_trap(self, index: int) -> bool:
        """Whether an article is one of those that share something."""
        return index < SHARED_STORIES

    def history(self, index: int, first_round: int, reporter: str) -> History:
        """An article from its first round to the last one."""
        writer, history = self._writers[index], History()
        story, byline = self._first(index, writer), self._first_byline(index, reporter)
        for number in range(1, self.rounds + 1):
            if number > first_round:
                story, byline, edit = self._next(index, number, story, byline, writer, history)
                if edit is not None:
                    history.edits[number] = edit
            history.stories[number], history.bylines[number] = story, byline
        return history

    def _first(self, index: int, writer: StoryWriter) -> Story:
        story = writer.story()
        if self._stock is None or not self.is_trap(index):
            return story
        sentence = self._stock.format(n=11 + 7 * index)
        at = self._rng.randint(1, len(story.paragraphs))
        paragraphs = (*story.paragraphs[:at], sentence, *story.paragraphs[at:])
        return replace(story, paragraphs=paragraphs)

    def _first_byline(self, index: int, reporter: str) -> tuple[str, ...]:
        is_of_the_day = self._day_name is not None and self.is_trap(index)
        return (reporter, self._day_name) if is_of_the_day and self._day_name else (reporter,)

    def _next(
        self,
        index: int,
        number: int,
        story: Story,
        byline: tuple[str, ...],
        writer: StoryWriter,
        history: History,
    ) -> tuple[Story, tuple[str, ...], MadeEdit | None]:
        """The article a round later, and its edit if there is one."""
        if index in self._twins and number == self._twin_round:
            edit = MadeEdit("twin correction notes", ("body",), "", self._note, ())
            return replace(story, paragraphs=(*story.paragraphs, self._note)), byline, edit
        if index == 1 and number == self._stock_round and self._stock:
            corrected = self._stock_corrected(index, story)
            if corrected:
                return corrected[0], byline, corrected[1]
        if index == 2 and number == self._name_round and len(byline) > 1:
            edit = MadeEdit("second reporter removed", ("byline",), byline[1], "", ())
            return story, byline[:1], edit
        if self._rng.random() >= EDITED_SHARE:
            return story, byline, None
        edited, edit = self._regular(story, writer, {one.kind for one in history.edits.values()})
        return edited, byline, edit

    def _stock_corrected(self, index: int, story: Story) -> tuple[Story, MadeEdit] | None:
        assert self._stock is not None
        before, after = (self._stock.format(n=n) for n in (11 + 7 * index, 12 + 7 * index))
        if before not in story.paragraphs:
            return None
        paragraphs = tuple(after if text == before else text for text in story.paragraphs)
        edit = MadeEdit("number in a shared sentence", ("body",), before, after, ())
        return replace(story, paragraphs=paragraphs), edit

    def _regular(
        self, story: Story, writer: StoryWriter, earlier: set[str]
    ) -> tuple[Story, MadeEdit]:
        once = earlier.intersection(ONCE)
        if "retraction" not in once and self._rng.random() < RETRACTED_SHARE:
            note = writer.phrase("retractions")
            edit = MadeEdit("retraction", ("body", "dek"), "", note, ())
            return replace(story, paragraphs=(note, *story.paragraphs)), edit
        kinds = self._rng.sample(EDIT_KINDS, len(EDIT_KINDS))
        changes = (edit_story(story, kind, writer) for kind in kinds if kind not in once)
        return next(change for change in changes if change is not None)
