"""The edits inside one line of text: a headline, a caption, a sentence."""

from collections import Counter
from dataclasses import replace

from storage.diff.align.spans import MIN_KEPT_IN_HEADLINE, ChangedSpan, changed_spans
from storage.diff.edit import Edit, change_op
from storage.diff.kinds.rules import sentence_kind, word_kind
from storage.diff.text.tags import TaggedLine, tagged_line
from storage.diff.text.visible import visible


def line_edits(field: str, old: str | None, new: str | None, *, lang: str | None) -> list[Edit]:
    """The edits of a field that is one line of text; None and "" are a missing line.

    >>> [(e.kind, e.old, e.new) for e in line_edits("dek", "12 died.", "21 died.", lang="en")]
    [('number', '12', '21')]
    """
    before, after = visible(old or ""), visible(new or "")
    if before == after:
        return []
    if not before or not after:
        return [whole_edit(field, before, after)]
    return span_edits(field, before, after, lang=lang)


def headline_edits(old: str | None, new: str | None, *, lang: str | None) -> list[Edit]:
    """The edits of a headline: first those of its tags, then those of its text.

    >>> [(e.op, e.old, e.new) for e in headline_edits("Fire in mill", "LIVE: Fire in hall", lang="en")]
    [('insert', None, 'LIVE:'), ('replace', 'mill', 'hall')]
    """
    before, after = visible(old or ""), visible(new or "")
    if before == after or not before or not after:
        return line_edits("headline", old, new, lang=lang)
    one, other = tagged_line(before), tagged_line(after)
    tag_edits = _tag_edits(one, other, after)
    if (
        (not tag_edits and one.text == other.text)
        or _is_in_text(one, other)
        or _is_in_text(other, one)
    ):
        one, other, tag_edits = TaggedLine(before, 0, (), ()), TaggedLine(after, 0, (), ()), []
    edits = span_edits("headline", one.text, other.text, lang=lang, min_kept=MIN_KEPT_IN_HEADLINE)
    return tag_edits + [replace(edit, context=after, at=edit.at + other.at) for edit in edits]


def _is_in_text(one: TaggedLine, other: TaggedLine) -> bool:
    """Whether the words of a tag are in the text of the other line: then only its marks changed."""
    return any(
        tag.strip("[]【】〔〕<>〈〉():|-") in other.text
        for tag in one.tags
        if tag not in other.tags
    )


def _tag_edits(one: TaggedLine, other: TaggedLine, line: str) -> list[Edit]:
    """The edits of the tags. `line` is the new headline."""
    removed = list((Counter(one.tags) - Counter(other.tags)).elements())
    added = list((Counter(other.tags) - Counter(one.tags)).elements())
    moved = [
        tag
        for tag in other.tags
        if (tag in one.first and tag in other.last) or (tag in one.last and tag in other.first)
    ]
    edits = [
        Edit("headline", "move", "moved", tag, tag, None, line, line.index(tag)) for tag in moved
    ]
    if len(removed) == len(added):
        pairs = zip(removed, added, strict=True)
        return edits + [
            Edit("headline", "replace", "wording", gone, tag, None, line, line.index(tag))
            for gone, tag in pairs
        ]
    edits += [Edit("headline", "delete", "removed", tag, None, None, line, 0) for tag in removed]
    return edits + [
        Edit("headline", "insert", "added", None, tag, None, line, line.index(tag)) for tag in added
    ]


def whole_edit(field: str, old: str, new: str, paragraph: int | None = None) -> Edit:
    """The edit of a text that was added or removed as a whole."""
    op = change_op(old, new)
    return Edit(field, op, sentence_kind(op, new or old), old or None, new or None, paragraph)


def span_edits(
    field: str,
    old: str,
    new: str,
    paragraph: int | None = None,
    *,
    lang: str | None,
    **limits: float,
) -> list[Edit]:
    """The edits that turn one sentence, headline or caption into another."""
    return [
        _span_edit(field, span, old, new, paragraph, lang=lang)
        for span in changed_spans(old, new, **limits)
    ]


def _span_edit(
    field: str, span: ChangedSpan, old: str, new: str, paragraph: int | None, *, lang: str | None
) -> Edit:
    kind = word_kind(span.old, span.new, old_sentence=old, new_sentence=new, at=span.at, lang=lang)
    op = change_op(span.old, span.new)
    return Edit(field, op, kind, span.old or None, span.new or None, paragraph, new, span.at)
