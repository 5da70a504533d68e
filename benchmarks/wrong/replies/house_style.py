"""Pages of a site that sets all its articles in another way: other quotation marks, capitals, no names."""

from collections.abc import Callable
from dataclasses import replace

from benchmarks.wrong.markup import page_text, render
from benchmarks.wrong.replies.answers import WireAnswer, html_answer
from benchmarks.wrong.site import Reply, Scene, Visit
from benchmarks.wrong.stories import Story, StoryText

STRAIGHT = str.maketrans({"“": '"', "”": '"', "„": '"', "’": "'", "–": "-"})
POINTED = str.maketrans({"„": "»", "“": "«"})


def restyled_text(change: Callable[[StoryText], StoryText]) -> Reply:
    """Every article as the house writes it now; nothing that it says is other."""

    def reply(scene: Scene, story: Story, visit: Visit) -> WireAnswer:
        page = page_text(story, scene.ordered(), scene.hours, scene.frame)
        return html_answer(render(replace(page, text=change(page.text)), scene.frame))

    return reply


def with_marks(marks: dict[int, str]) -> Callable[[StoryText], StoryText]:
    """Other marks in all of a text."""

    def change(text: StoryText) -> StoryText:
        rows = tuple(tuple(line.translate(marks) for line in row) for row in text.paragraphs)
        return replace(
            text,
            headline=text.headline.translate(marks),
            dek=text.dek.translate(marks),
            caption=text.caption.translate(marks),
            paragraphs=rows,
        )

    return change


def in_capitals(text: StoryText) -> StoryText:
    """The headline and the section in capitals."""
    return replace(text, headline=text.headline.upper(), section=text.section.upper())


def unsigned(text: StoryText) -> StoryText:
    """No byline."""
    return replace(text, byline="")
