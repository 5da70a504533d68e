"""Edits of an invented story, as its newsroom would make them."""

from dataclasses import replace

from benchmarks.pages.edits import CHANGES, MadeEdit
from benchmarks.publishers.stories import Story, StoryWriter

MIN_PARAGRAPHS = 4  # a story keeps at least as many
EDIT_KINDS = (
    *CHANGES,
    "paragraph added",
    "paragraph removed",
    "headline",
    "caption",
    "correction note",
)
SHORT_CHANGES = ("digit", "word", "letter")  # what a headline or a caption is changed by


def edit_story(story: Story, kind: str, writer: StoryWriter) -> tuple[Story, MadeEdit] | None:
    """The story after an edit of this kind, None if the kind does not fit it."""
    if kind == "headline":
        change = _short_change(story.headline, writer)
        return change and _field_edit(story, "headline", *change)
    if kind == "caption":
        change = _short_change(story.caption, writer)
        return change and _field_edit(story, "caption", *change)
    if kind == "correction note":
        note = writer.phrase("corrections")
        paragraphs = (*story.paragraphs, note)
        return replace(story, paragraphs=paragraphs), MadeEdit(kind, ("body",), "", note, ())
    if kind == "paragraph added":
        return _paragraph_added(story, writer)
    if kind == "paragraph removed":
        return _paragraph_removed(story, writer)
    return _paragraph_edited(story, kind, writer)


def _field_edit(story: Story, name: str, before: str, after: str) -> tuple[Story, MadeEdit]:
    if name == "headline":
        return replace(story, headline=after), MadeEdit(name, (name,), before, after, ())
    return replace(story, caption=after), MadeEdit(name, (name,), before, after, ())


def _short_change(text: str, writer: StoryWriter) -> tuple[str, str] | None:
    kinds = writer.rng.sample(SHORT_CHANGES, len(SHORT_CHANGES))
    for kind in kinds:
        after = CHANGES[kind](text, writer)
        if after is not None and after != text:
            return text, after
    return None


def _paragraph_added(story: Story, writer: StoryWriter) -> tuple[Story, MadeEdit]:
    at = writer.rng.randint(1, len(story.paragraphs))
    new = writer.paragraph()
    paragraphs = (*story.paragraphs[:at], new, *story.paragraphs[at:])
    made_edit = MadeEdit("paragraph added", ("body",), "", new, ())
    return replace(story, paragraphs=paragraphs), made_edit


def _paragraph_removed(story: Story, writer: StoryWriter) -> tuple[Story, MadeEdit] | None:
    if len(story.paragraphs) <= MIN_PARAGRAPHS:
        return None
    at = writer.rng.randrange(1, len(story.paragraphs))
    paragraphs = (*story.paragraphs[:at], *story.paragraphs[at + 1 :])
    made_edit = MadeEdit("paragraph removed", ("body",), story.paragraphs[at], "", ())
    return replace(story, paragraphs=paragraphs), made_edit


def _paragraph_edited(
    story: Story, kind: str, writer: StoryWriter
) -> tuple[Story, MadeEdit] | None:
    order = writer.rng.sample(range(len(story.paragraphs)), len(story.paragraphs))
    for at in order:
        before = story.paragraphs[at]
        after = CHANGES[kind](before, writer)
        if after is None or after.strip() in ("", before):
            continue
        after = after.strip()
        paragraphs = (*story.paragraphs[:at], after, *story.paragraphs[at + 1 :])
        fields = ("body", "dek") if at == 0 else ("body",)
        made_edit = MadeEdit(kind, fields, before, after, ())
        return replace(story, paragraphs=paragraphs), made_edit
    return None
