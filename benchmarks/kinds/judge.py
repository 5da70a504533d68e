"""Each logged edit against the labels: is its span right, is its kind?

Of a span that is not right, the verdict says how it is wrong:

- split: several edits are logged for one labelled edit, and together they have all of it
- torn: they leave parts of it out; or one edit cuts across the edge of the labelled one
- wide: the edit has all of the labelled one, and more
- narrow: it is a part of the labelled one
- false: there is no labelled edit in its place
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from benchmarks.kinds.labels import Interval, Label, LabelledPair, Spans
from benchmarks.kinds.places import compact_spans, compact_texts, possible_places
from storage.diff.edit import Edit

SPAN_VERDICTS = ("right", "torn", "split", "wide", "narrow", "false")
KIND_VERDICTS = ("right", "arguable", "wrong")


@dataclass(frozen=True, slots=True)
class JudgedEdit:
    """A logged edit, its verdicts, and the label that it belongs to, if any."""

    edit: Edit
    span: str
    kind: str
    label: Label | None


@dataclass(frozen=True, slots=True)
class JudgedPair:
    """The logged edits of a pair, and how many of the labelled ones have the right span or none."""

    pair: LabelledPair
    edits: tuple[JudgedEdit, ...]
    labels: int
    labels_right: int
    missed: tuple[Label, ...]


def judge(pair: LabelledPair, edits: Sequence[Edit]) -> JudgedPair:
    """The verdicts by the reading of the pair that suits the logged edits best."""
    return max(
        (_judge_reading(pair, labels, edits) for labels in pair.readings),
        key=lambda judged: (
            sum(edit.span == "right" for edit in judged.edits) - len(judged.missed),
            sum(edit.kind != "wrong" for edit in judged.edits),
        ),
    )


def _judge_reading(
    pair: LabelledPair, labels: Sequence[Label], edits: Sequence[Edit]
) -> JudgedPair:
    texts = compact_texts(pair)
    wanted = [tuple(compact_spans(spans, texts) for spans in label.spans) for label in labels]
    places = _places(edits, wanted, [possible_places(edit, *texts) for edit in edits])
    judged = [
        _judge_edit(edit, place, labels, wanted, places)
        for edit, place in zip(edits, places, strict=True)
    ]
    right = [any(place in options for place in places) for options in wanted]
    missed = [
        label
        for label, options in zip(labels, wanted, strict=True)
        if not any(_touches(place, options) for place in places)
    ]
    return JudgedPair(pair, tuple(judged), len(labels), sum(right), tuple(missed))


def _places(
    edits: Sequence[Edit], wanted: Sequence[Sequence[Spans]], possible: Sequence[Sequence[Spans]]
) -> list[Spans]:
    """A place for each edit: that of a label which no edit has yet, else the likeliest."""
    places: list[Spans] = []
    for edit, candidates in zip(edits, possible, strict=True):
        if not candidates:
            raise LookupError(f"the logged words are not in the texts: {edit}")
        free = [options for options in wanted if not any(place in options for place in places)]
        labelled = [place for place in candidates if any(place in options for options in free)]
        places.append((labelled or candidates)[0])
    return places


def _judge_edit(
    edit: Edit,
    place: Spans,
    labels: Sequence[Label],
    wanted: Sequence[Sequence[Spans]],
    places: Iterable[Spans],
) -> JudgedEdit:
    touched = [number for number, options in enumerate(wanted) if _touches(place, options)]
    if not touched:
        return JudgedEdit(edit, "false", "wrong", None)
    best = max(
        touched,
        key=lambda number: (
            place in wanted[number],
            max(_common(place, option) for option in wanted[number]),
        ),
    )
    label = labels[best]
    if place in wanted[best]:
        span = "right"
    elif len(touched) > 1:
        span = "wide"
    else:
        span = _wrong_span(place, wanted[best], [p for p in places if _touches(p, wanted[best])])
    return JudgedEdit(edit, span, _kind_verdict(edit.kind, label), label)


def _wrong_span(place: Spans, options: Sequence[Spans], fragments: Sequence[Spans]) -> str:
    """How the span of an edit is wrong. `fragments` are the places of all edits at the label."""
    if len(fragments) > 1:
        return "split" if any(_cover(fragments, option) for option in options) else "torn"
    if any(_holds(place, option) for option in options):
        return "wide"
    return "narrow" if any(_holds(option, place) for option in options) else "torn"


def _kind_verdict(kind: str, label: Label) -> str:
    if kind == label.kind:
        return "right"
    return "arguable" if kind in label.arguable else "wrong"


def _touches(place: Spans, options: Iterable[Spans]) -> bool:
    return any(_common(place, option) for option in options)


def _common(one: Spans, other: Spans) -> int:
    """How many characters two edits share, on both sides."""
    return sum(map(_shared, one, other))


def _shared(one: Interval, other: Interval) -> int:
    return max(0, min(one[1], other[1]) - max(one[0], other[0])) if one and other else 0


def _holds(outer: Spans, inner: Spans) -> bool:
    return all(
        within is None or (around is not None and _shared(around, within) == within[1] - within[0])
        for around, within in zip(outer, inner, strict=True)
    )


def _cover(fragments: Sequence[Spans], option: Spans) -> bool:
    """Whether fragments, which do not overlap, have all of a labelled edit."""
    return all(
        whole is None
        or sum(_shared(fragment[side], whole) for fragment in fragments) >= whole[1] - whole[0]
        for side, whole in enumerate(option)
    )
