"""Two responses fetched seconds apart: what they agree on is the article, the rest page noise.

The unit is the sentence. A sentence that both responses have is the article's. One that only one
of them has is left out of both versions, so that no version holds a text that no response held.
There is one exception: a sentence of the earlier version that one response still has stays as it
was. Perhaps an edit reached one of the publisher's servers and not yet the other.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from scraper.article import Article, Timestamp
from storage.diff.noise.exclusions import PageNoise
from storage.diff.noise.pieces import Piece, joined_lines, split_lines
from storage.diff.noise.places.boxes import Pages
from storage.diff.noise.places.fillings import LineKinds, caption_kinds, line_kinds
from storage.diff.noise.responses.differing import Positions, differing_sentences
from storage.timestamps import seconds_between
from storage.vocabulary import FIELDS, Shape

# Timestamps closer than this agree.
CONFIRM_TOLERANCE_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The earlier version and the new one without what two responses disagree on.

    Comparing `old` with `article` gives the edits. `page_noise` is what the disagreement proves.
    """

    old: Article
    article: Article
    page_noise: tuple[PageNoise, ...]


def without_request_times(
    old: Article,
    responses: tuple[Article, Article],
    fetched_at: tuple[datetime | None, datetime | None],
) -> tuple[Article, Article]:
    """Two responses with the old times in place of those that are only the times of their requests. Pure.

    Such a time differs between the responses, and each has that of its own.
    """
    values: dict[str, Any] = {}
    for field in FIELDS:
        if field.shape is Shape.DATE:
            times = [getattr(response, field.attribute) for response in responses]
            if times[0] != times[1] and all(map(_is_time_of, times, fetched_at)):
                values[field.attribute] = getattr(old, field.attribute)
    if not values:
        return responses
    return replace(responses[0], **values), replace(responses[1], **values)


def _is_time_of(time: Timestamp | None, fetched_at: datetime | None) -> bool:
    if not isinstance(time, datetime) or fetched_at is None:
        return False
    return seconds_between(time, fetched_at) < CONFIRM_TOLERANCE_SECONDS


def keep_confirmed(
    old: Article,
    first: Article,
    second: Article,
    *,
    established: frozenset[str],
    pages: Pages | None = None,
) -> Confirmed:
    """Compare two responses in a row with each other, before comparing them with `old`. Pure.

    More than one check saw the `established` lines. What left them was no page noise of a single
    response, and its removal is an edit. `pages` are those of the three.
    """
    page_noise: tuple[PageNoise, ...] = ()
    base, article = _with_confirmed_fields(old, first, second)
    # A caption that left where two such captions differ is one of a gallery or of a teaser.
    for name, lasting, kinds_of in (
        ("paragraphs", established, line_kinds),
        ("captions", frozenset[str](), caption_kinds),
    ):
        before, one, two = (getattr(version, name) for version in (old, first, second))
        old_lines, lines, proofs = _confirmed_lines(
            before, one, two, partial(kinds_of, before, one, two, pages), established=lasting
        )
        old_field: dict[str, Any] = {name: old_lines}
        field: dict[str, Any] = {name: lines}
        base, article = replace(base, **old_field), replace(article, **field)
        page_noise += proofs
    return Confirmed(base, article, page_noise)


def _confirmed_lines(
    old: tuple[str, ...],
    first: tuple[str, ...],
    second: tuple[str, ...],
    kinds: Callable[[], LineKinds],
    *,
    established: frozenset[str],
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[PageNoise, ...]]:
    """The old lines and the new ones without what differs, and the proofs of page noise."""
    before, one, two = split_lines(old), split_lines(first), split_lines(second)
    if [piece.text for piece in one] == [piece.text for piece in two]:
        return old, first, ()
    differing = differing_sentences(before, one, two, kinds(), established=established)
    old_pieces = [piece for at, piece in enumerate(before) if at not in differing.left_out]
    return (
        joined_lines(old_pieces, old),
        joined_lines(_merged(one, two, differing.order, offset=len(first)), first + second),
        differing.page_noise,
    )


def _merged(
    one: list[Piece], two: list[Piece], order: Sequence[Positions], *, offset: int
) -> list[Piece]:
    """The sentences of the new version, on the lines of the first response.

    The other lines of the second response are numbered on from `offset`.
    """
    lines = {two[j].line: one[i].line for i, j in order if i is not None and j is not None}
    merged: list[Piece] = []
    for i, j in order:
        if i is not None:
            merged.append(one[i])
        elif j is not None:
            line = lines.get(two[j].line, offset + two[j].line)
            merged.append(replace(two[j], line=line))
    return merged


def _with_confirmed_fields(
    old: Article, first: Article, second: Article
) -> tuple[Article, Article]:
    """The old version and the new one with each field but the lists as both responses have it.

    If they disagree, the field stays as it was, provided that one of them has it so. Else the new
    version has what the first response has, and so has the old one: that is no edit either.
    """
    base, article = old, first
    for field in FIELDS:
        if field.shape in (Shape.TEXT, Shape.LINES):
            continue
        before, one, two = (getattr(version, field.attribute) for version in (old, first, second))
        if _agree(one, two):
            continue
        keeps_old = _agree(before, one) or _agree(before, two)
        fields: dict[str, Any] = {field.attribute: before if keeps_old else one}
        if field.name == "headline":
            fields["headlines"] = old.headlines if keeps_old else first.headlines
        base, article = replace(base, **fields), replace(article, **fields)
    return base, article


def _agree(one: object, other: object) -> bool:
    """Whether two values are the same, timestamps almost."""
    if isinstance(one, Timestamp) and isinstance(other, Timestamp):
        return seconds_between(one, other) < CONFIRM_TOLERANCE_SECONDS
    return one == other
