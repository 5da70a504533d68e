"""What becomes of lines that came, left or were replaced: an edit, page noise, or pending until a later check.

`replaced_lines` says why.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from storage.diff.noise.exclusions import PARAGRAPH_BREAK, PendingLine
from storage.diff.noise.lines.evidence import (
    Evidence,
    is_alone,
    is_own_sentence,
    is_transient,
    may_wait,
)
from storage.diff.noise.lines.labels import is_number_in_sentence
from storage.diff.noise.lines.replacements import has_other_numbers
from storage.diff.noise.places.boxes import BoxChanges, is_refilled

# A line in a doubtful place is an edit once so many checks found it.
MIN_CHECKS_IN_DOUBTFUL_PLACE = 3


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of replaced lines: pending, page noise, or an edit if neither is given."""

    pending: PendingLine | None = None
    noise: Sequence[str] = ()


def decide_line(line: PendingLine, evidence: Evidence, boxes: BoxChanges) -> Decision:
    """Whether lines that came, left or were replaced are an edit, by this check and those before."""
    if boxes.is_filled_by_noise(line, evidence.exclusions.volatile):
        return Decision(noise=(*line.replaced_lines, *line.lines))
    if not (
        line.is_apart
        or all(may_wait(text, evidence) for text in (*line.lines, *line.replaced_lines))
    ):
        return Decision()
    is_proven_place = line.after in evidence.exclusions.volatile_after
    same = next((entry for entry in evidence.pending if _is_same(line, entry)), None)
    if _is_counting(line, evidence):
        return Decision(None if same or evidence.has_new_stamp else line)
    is_refilled = same is not None and _is_refilled_since(line, same)
    if same is not None and (line.text or not is_refilled):
        line = replace(line, checks=same.checks + 1)
        is_doubtful = is_proven_place or is_refilled or _is_replaced_whole(line)
        waits = is_doubtful and line.checks < MIN_CHECKS_IN_DOUBTFUL_PLACE
        return Decision(line if waits else None)
    earlier = [entry for entry in evidence.pending if _is_in_place(line, entry)]
    if earlier:
        return _alternating(line, earlier)
    may_pass = (line.is_apart and _is_unsettled(line)) or is_transient(line, evidence)
    may_pass = may_pass and not is_own_sentence(line, evidence)
    waits = is_proven_place or (may_pass and not is_alone(line, evidence))
    return Decision(line if waits else None)


def _is_counting(line: PendingLine, evidence: Evidence) -> bool:
    """Whether a line among the prose has other numbers now, and had others again before the last edit.

    The check before may have held it back for that, while it logged other edits.
    """
    if line.is_apart or not has_other_numbers(line.instead_of, line.text):
        return False
    if any(
        _is_in_place(line, entry) and is_number_in_sentence(entry) for entry in evidence.pending
    ):
        return True
    return line.instead_of not in evidence.established and any(
        has_other_numbers(line.instead_of, text) for text in evidence.established
    )


def _is_same(line: PendingLine, entry: PendingLine) -> bool:
    """Whether the previous check found the same: these lines, or nothing in the place of the same."""
    return entry.text == line.text and (bool(line.text) or entry.instead_of == line.instead_of)


def _is_in_place(line: PendingLine, entry: PendingLine) -> bool:
    """Whether a pending line replaced the same as this one, or is apart from the prose in its place."""
    if line.instead_of and entry.instead_of == line.instead_of:
        return True
    if line.box and line.box == entry.box:
        return _is_refilled_since(line, entry)
    return line.is_apart and entry.is_apart and line.after == entry.after


def _is_replaced_whole(line: PendingLine) -> bool:
    """Whether a text apart from the prose took the place of another."""
    return (
        line.is_apart
        and bool(line.text and line.instead_of)
        and not has_other_numbers(line.instead_of, line.text)
    )


def _is_refilled_since(line: PendingLine, entry: PendingLine) -> bool:
    """Whether the box of two pending lines shows another text than it did at the check before."""
    return line.box == entry.box != "" and is_refilled(entry.reading, line.reading)


def _alternating(line: PendingLine, earlier: list[PendingLine]) -> Decision:
    """The lines of a place that three checks found to differ, as page noise.

    Several lines may be pending together. One that the check before found, too, was edited, and so was
    the line that it replaced. Apart from the prose it may be there again by chance: it waits on, unless its
    whole box was filled again.
    """
    olds, news = line.replaced_lines, line.lines
    pending = [text for entry in earlier for text in entry.lines]
    edited = set(news) & set(pending)
    if len(olds) == len(news):
        edited |= {old for old, new in zip(olds, news, strict=True) if new in edited}
    if any(_is_refilled_since(line, entry) for entry in earlier):
        edited.clear()
    noise = [text for text in dict.fromkeys((*olds, *news, *pending)) if text not in edited]
    if not (line.is_apart and edited):
        return Decision(noise=noise)
    waiting = replace(
        line,
        text=PARAGRAPH_BREAK.join(text for text in news if text in edited),
        instead_of=PARAGRAPH_BREAK.join(text for text in olds if text in edited),
        checks=max(entry.checks for entry in earlier) + 1,
    )
    return Decision(waiting, noise)


def _is_unsettled(line: PendingLine) -> bool:
    """Whether a line apart from the prose came, left, or replaced another; a caption only that."""
    return line.field == "body" or bool(line.text and line.instead_of)
