"""Two versions become edits: `compare` is the one public function of this folder."""

from dataclasses import replace

from scraper.article import Article, Timestamp
from storage.diff.edit import Edit, change_op
from storage.diff.kinds.line_edits import headline_edits, line_edits
from storage.diff.sentence_edits import paragraph_edits
from storage.diff.text.visible import visible
from storage.timestamps import publisher_text, seconds_between
from storage.vocabulary import FIELDS, Field, Shape

# Publishers' timestamps differ by seconds between two responses (a cache, a save): no edit.
TIMESTAMP_TOLERANCE_SECONDS = 60.0


def compare(old: Article, new: Article) -> tuple[Edit, ...]:
    """The edits between two versions as a reader would list them, field by field.

    The headline comes first; the edits of the body are in reading order. White space, invisible
    characters and paragraph breaks are no edits. Pure. Time is linear in the common part and
    bounded in the rest.

    >>> old = Article("https://example.org/a", "Fire", paragraphs=("12 people died.",))
    >>> new = Article("https://example.org/a", "Fire", paragraphs=("21 people died.",))
    >>> [(edit.field, edit.kind, edit.old, edit.new) for edit in compare(old, new)]
    [('body', 'number', '12', '21')]
    """
    lang = new.lang or old.lang
    return tuple(edit for field in FIELDS for edit in _field_edits(field, old, new, lang))


def _field_edits(field: Field, old: Article, new: Article, lang: str | None) -> list[Edit]:
    if field.name == "headline":
        return _headline_edits(old, new, lang)
    before, after = getattr(old, field.attribute), getattr(new, field.attribute)
    match field.shape:
        case Shape.LINE:
            return line_edits(field.name, before, after, lang=lang)
        case Shape.LABEL:
            return _label_edits(field.name, before, after)
        case Shape.NAMES:
            return _name_edits(field.name, before, after)
        case Shape.LINES | Shape.TEXT:
            return paragraph_edits(field.name, before, after, lang=lang)
        case Shape.DATE:
            return _timestamp_edits(field.name, before, after)


def _headline_edits(old: Article, new: Article, lang: str | None) -> list[Edit]:
    """The edits of the headline, each with the names of the sources that changed.

    If the sources that both pages have agree, Variorum only chose another source: no edit.
    """
    common_sources = [source for source in new.headlines if source in old.headlines]
    changed_sources = [
        source
        for source in common_sources
        if visible(old.headlines[source]) != visible(new.headlines[source])
    ]
    if common_sources and not changed_sources:
        return []
    edits = headline_edits(old.headline, new.headline, lang=lang)
    return [replace(edit, source=", ".join(changed_sources) or None) for edit in edits]


def _name_edits(field: str, old: tuple[str, ...], new: tuple[str, ...]) -> list[Edit]:
    """One edit with the names that were removed and added; their order does not matter."""
    before, after = [visible(name) for name in old], [visible(name) for name in new]
    removed = ", ".join(name for name in before if name not in after)
    added = ", ".join(name for name in after if name not in before)
    if not removed and not added:
        return []
    context = ", ".join(after)
    at = max(0, context.find(added))
    op = change_op(removed, added)
    evidence = "a list of names"
    return [
        Edit(
            field, op, "name", removed or None, added or None, None, context, at, evidence=evidence
        )
    ]


def _timestamp_edits(field: str, old: Timestamp | None, new: Timestamp | None) -> list[Edit]:
    if old is None and new is None:
        return []
    if old and new and seconds_between(old, new) < TIMESTAMP_TOLERANCE_SECONDS:
        return []
    before, after = publisher_text(old), publisher_text(new)
    op, evidence = change_op(before, after), "a time that the publisher gives"
    return [Edit(field, op, "date", before, after, context=after or "", evidence=evidence)]


def _label_edits(field: str, old: str | None, new: str | None) -> list[Edit]:
    before, after = visible(old or ""), visible(new or "")
    if before == after:
        return []
    op = change_op(before, after)
    evidence = "a label of the page"
    return [
        Edit(field, op, "wording", before or None, after or None, context=after, evidence=evidence)
    ]
