"""The edits inside one line of text: a headline, a caption, a sentence."""

from collections import Counter
from dataclasses import dataclass, replace

from scraper.patterns import lazy_pattern
from scraper.phrases.scripts import EAST_ASIAN
from storage.diff.align.spans import (
    MIN_KEPT_IN_HEADLINE,
    ChangedSpan,
    changed_spans,
    joined_span,
    span_words,
)
from storage.diff.align.words import MAX_BRIDGE_CHARACTERS
from storage.diff.edit import Edit, change_op
from storage.diff.kinds.change import Kind
from storage.diff.kinds.quotes import letters
from storage.diff.kinds.rules import sentence_kind, word_kind
from storage.diff.text.sentences import sentences
from storage.diff.text.tags import TaggedLine, tagged_line
from storage.diff.text.visible import visible

# A run of more words is one edit, whatever the kinds of its words.
MAX_PARTED_WORDS = 4
PARTED_KINDS = frozenset(("number", "date", "name", "negation"))
# A shorter text that is removed here and added there is a word such as "in".
MIN_MOVED_LETTERS = 4
MOVED = "the same words in another place"
ENDS_SENTENCE = lazy_pattern("[.!?。！？]$")


@dataclass(frozen=True, slots=True)
class ChangedLine:
    """A line before and after, and where it is."""

    field: str
    old: str
    new: str
    paragraph: int | None
    lang: str | None
    # Where a quotation that began before or goes on after the line is marked in it.
    opening: str = ""
    closing: str = ""

    def kind(self, span: ChangedSpan) -> Kind:
        """The kind of a change in the line; a whole sentence that was added is one."""
        begins_sentence = ENDS_SENTENCE.search(self.new[: span.at].rstrip())
        if not span.old and begins_sentence and ENDS_SENTENCE.search(span.new):
            return sentence_kind("insert", span.new)
        before, after = (f"{self.opening}{text}{self.closing}" for text in (self.old, self.new))
        return word_kind(
            span.old,
            span.new,
            old_sentence=before,
            new_sentence=after,
            at=span.at + len(self.opening),
            lang=self.lang,
        )

    def edit(self, span: ChangedSpan) -> Edit:
        """The edit of a change in the line."""
        op, kind = change_op(span.old, span.new), self.kind(span)
        return Edit(
            self.field, op, kind.name, span.old or None, span.new or None,
            self.paragraph, self.new, span.at, evidence=kind.evidence,
        )  # fmt: skip

    def move(self, old: str, new: str, at: int) -> Edit:
        """The edit of a text that is now elsewhere in the line."""
        return Edit(
            self.field, "move", "moved", old, new, self.paragraph, self.new, at, evidence=MOVED
        )


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
    edits = [_tag_edit("move", "moved", tag, tag, line) for tag in moved]
    if len(removed) == len(added):
        pairs = zip(removed, added, strict=True)
        return edits + [_tag_edit("replace", "wording", gone, tag, line) for gone, tag in pairs]
    edits += [_tag_edit("delete", "removed", tag, None, line) for tag in removed]
    return edits + [_tag_edit("insert", "added", None, tag, line) for tag in added]


def _tag_edit(op: str, kind: str, old: str | None, new: str | None, line: str) -> Edit:
    at = line.index(new) if new else 0
    return Edit("headline", op, kind, old, new, None, line, at, evidence="a tag of the headline")


def whole_edit(field: str, old: str, new: str, paragraph: int | None = None) -> Edit:
    """The edit of a text that was added or removed as a whole."""
    op = change_op(old, new)
    kind = sentence_kind(op, new or old)
    return Edit(field, op, kind.name, old or None, new or None, paragraph, evidence=kind.evidence)


def span_edits(
    field: str,
    old: str,
    new: str,
    paragraph: int | None = None,
    *,
    lang: str | None,
    **limits: float,
) -> list[Edit]:
    """The edits that turn one sentence, headline or caption into another, in order."""
    return changed_line_edits(ChangedLine(field, old, new, paragraph, lang), **limits)


def changed_line_edits(line: ChangedLine, **limits: float) -> list[Edit]:
    """The edits of a changed line, in order."""
    spans = [
        part for span in changed_spans(line.old, line.new, **limits) for part in _parted(span, line)
    ]
    moves, spans = _moves(spans, line)
    edits = moves + [line.edit(span) for span in _bridged(spans, line)]
    return sorted(edits, key=lambda edit: edit.at)


def _parted(span: ChangedSpan, line: ChangedLine) -> list[ChangedSpan]:
    """One span per word if each of a few neighbours changed in its own way: Sunday three, Monday four."""
    if len(added := sentences(span.new)) > 1 and span.old and len(sentences(span.old)) == 1:
        return _without_sentence(span, added)
    count = len(span.old.split())
    if not 1 < count <= MAX_PARTED_WORDS or count != len(span.new.split()):
        return [span]
    parts = span_words(span)
    kinds = {line.kind(part).name for part in parts}
    return parts if len(kinds) == count and kinds <= PARTED_KINDS else [span]


def _without_sentence(span: ChangedSpan, added: list[str]) -> list[ChangedSpan]:
    """The span of a sentence that became two or more, and the span of the whole ones that were added."""
    if not ENDS_SENTENCE.search(span.new):
        return [span]
    rest = span.new.index(added[1], len(added[0]))
    first = ChangedSpan(span.at, span.old, added[0], span.old_at)
    return [first, ChangedSpan(span.at + rest, "", span.new[rest:], span.old_at + len(span.old))]


def _bridged(spans: list[ChangedSpan], line: ChangedLine) -> list[ChangedSpan]:
    """The spans, with two that have hardly a letter between them joined, unless both are whole edits of different kinds."""
    joined: list[ChangedSpan] = []
    for span in spans:
        if joined and _is_one_edit(joined[-1], span, line):
            span = joined_span(joined.pop(), span, line.old, line.new)
        joined.append(span)
    return joined


def _is_one_edit(one: ChangedSpan, other: ChangedSpan, line: ChangedLine) -> bool:
    between = line.new[one.at + len(one.new) : other.at].strip()
    if not 0 < len(between) <= MAX_BRIDGE_CHARACTERS:
        return False  # a syllable or an ideograph says as much as two letters
    wholes = [span for span in (one, other) if _is_whole(span)]
    kinds = {line.kind(span).name for span in wholes}
    if len(wholes) == 2:
        return len(kinds) == 1 and not kinds <= PARTED_KINDS
    return not (kinds & PARTED_KINDS and any(map(str.isalnum, between)))


def _is_whole(span: ChangedSpan) -> bool:
    """Whether a word became another; a lone ideograph is only a part of a word."""
    texts = (span.old, span.new)
    return all(texts) and not any(len(text) == 1 and EAST_ASIAN.match(text) for text in texts)


def _moves(spans: list[ChangedSpan], line: ChangedLine) -> tuple[list[Edit], list[ChangedSpan]]:
    """The moves in a line, and the spans that are left: a text that was removed here and added there."""
    moves: list[Edit] = []
    left = list(spans)
    added = {letters(span.new): span for span in spans if span.new and not span.old}
    for span in spans:
        words = letters(span.old)
        if not span.new and len(words) >= MIN_MOVED_LETTERS and words in added:
            target = added.pop(words)
            moves.append(_shorter_move(span, target, line))
            left.remove(span)
            left.remove(target)
    return moves, left


def _shorter_move(gone: ChangedSpan, came: ChangedSpan, line: ChangedLine) -> Edit:
    """The move of a text, or of the shorter text that it passed."""
    start, end = sorted((gone.at, came.at + (len(came.new) if came.at < gone.at else 0)))
    passed = line.new[start:end].strip(" …,·-–—|:")
    if passed in line.old and 0 < len(letters(passed)) < len(letters(came.new)):
        return line.move(passed, passed, line.new.index(passed, start))
    return line.move(gone.old, came.new, came.at)
