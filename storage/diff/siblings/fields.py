"""The ways in which a field can change with a template, so that two articles can be compared."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from scraper.article import Article, Timestamp
from storage.diff.siblings.sibling import is_edited_line
from storage.diff.text.visible import fold_typography, visible
from storage.vocabulary import FIELDS, Shape

# Two pages that were written again within this time were written at once.
RESTAMP_MINUTES = 30

# Times that moved by as many minutes.
SHIFT = "shift"
# Two articles rarely change in such a way by chance.
STRONG_WAYS = frozenset({"became", "was", "beginning", "ending", SHIFT})
# Something is shown that was not, or is not that was.
APPEARED, DISAPPEARED, CAME, LEFT = "appeared", "disappeared", "came", "left"
PRESENCE_WAYS = frozenset({APPEARED, DISAPPEARED, CAME, LEFT})
# Ways in which two articles often change by chance: any other value, a new stamp at the same time.
OTHER, RESTAMPED = "other", "restamped"


@dataclass(frozen=True, slots=True)
class Sign:
    """A field, and the way in which it changed; two articles that share a sign changed alike."""

    field: str
    way: tuple[str, ...]

    @property
    def is_strong(self) -> bool:
        """Whether two articles rarely share this sign by chance.

        Headlines do: newsrooms put "Breaking" before one, and take it away.
        """
        return self.way[0] in STRONG_WAYS and self.field != "headline"

    @property
    def is_common(self) -> bool:
        """Whether two articles often share this sign by chance."""
        return self.way[0] in (OTHER, RESTAMPED)

    @property
    def is_presence(self) -> bool:
        """Whether a field or lines in a place of their own came or left, and nothing was rewritten."""
        return self.way[0] in PRESENCE_WAYS


def field_signs(old: Article, new: Article) -> frozenset[Sign]:
    """The signs of a new template in the fields that are one value; none if they are equal.

    >>> old, new = Article("a", "Fire"), Article("a", "Fire", section="News")
    >>> sorted(sign.way for sign in field_signs(old, new))
    [('appeared',), ('became', 'News')]
    """
    signs: set[Sign] = set()
    for field in FIELDS:
        before, after = getattr(old, field.attribute), getattr(new, field.attribute)
        match field.shape:
            case Shape.LINE | Shape.LABEL:
                ways = _line_ways(visible(before or ""), visible(after or ""), field.name)
            case Shape.NAMES:
                ways = _name_ways(tuple(map(visible, before)), tuple(map(visible, after)))
            case Shape.DATE:
                ways = _time_ways(before, after)
            case Shape.LINES | Shape.TEXT:
                continue
        signs |= {Sign(field.name, way) for way in ways}
    return frozenset(signs)


def changed_fields(old: Article, new: Article) -> tuple[str, ...]:
    """The fields in which two forms of an article differ."""
    return tuple(
        field.name
        for field in FIELDS
        if getattr(old, field.attribute) != getattr(new, field.attribute)
    )


def with_fields(old: Article, new: Article, names: frozenset[str]) -> Article:
    """The old article with the values that the new one has in some fields."""
    values: dict[str, Any] = {
        field.attribute: getattr(new, field.attribute) for field in FIELDS if field.name in names
    }
    headlines = new.headlines if "headline" in names else old.headlines
    return replace(old, headlines=headlines, **values)


def _line_ways(old: str, new: str, field: str) -> Iterator[tuple[str, ...]]:
    if old == new:
        return
    yield from _presence_ways(old, new)
    if old and new:
        yield from affix_ways(old, new)
        if fold_typography(old).casefold() == fold_typography(new).casefold():
            yield ("typography",)
    if field == "headline":
        return  # two articles with one headline are a wrong page, not a template
    yield from _value_ways(old, new)
    if old and new and not is_edited_line(old, new):
        yield (OTHER,)


def _presence_ways(old: object, new: object) -> Iterator[tuple[str, ...]]:
    if not old:
        yield (APPEARED,)
    if not new:
        yield (DISAPPEARED,)


def _value_ways(old: str, new: str) -> Iterator[tuple[str, ...]]:
    if new:
        yield ("became", new)
    if old:
        yield ("was", old)


def affix_ways(old: str, new: str) -> Iterator[tuple[str, ...]]:
    """What replaced the beginning or the end of a text, if most of it stayed."""
    least = min(len(text.split(" ")) for text in (old, new))
    return (way for way, kept in exchanged_ends(old, new) if 2 * kept >= least)


def exchanged_ends(old: str, new: str) -> Iterator[tuple[tuple[str, ...], int]]:
    """What replaced the end and the beginning of a text, each with how many words stayed."""
    before, after = old.split(" "), new.split(" ")
    start = _shared_words(before, after)
    end = _shared_words(before[::-1], after[::-1])
    yield ("ending", " ".join(before[start:]), " ".join(after[start:])), start
    tails = before[: len(before) - end], after[: len(after) - end]
    yield ("beginning", " ".join(tails[0]), " ".join(tails[1])), end


def _shared_words(one: list[str], other: list[str]) -> int:
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (left, right) in pairs if left != right), min(len(one), len(other)))


def _name_ways(old: tuple[str, ...], new: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    removed = tuple(name for name in old if name not in new)
    added = tuple(name for name in new if name not in old)
    if not removed and not added:
        return
    yield from _presence_ways(old, new)
    yield from _value_ways(", ".join(removed), ", ".join(added))
    if len(removed) == len(added) == 1:
        yield from affix_ways(removed[0], added[0])
    if removed and added:
        yield (OTHER,)


def _time_ways(old: Timestamp | None, new: Timestamp | None) -> Iterator[tuple[str, ...]]:
    if old == new:
        return
    yield from _presence_ways(old, new)
    if old is None or new is None:
        return
    if isinstance(old, datetime) and isinstance(new, datetime):
        yield (SHIFT, str(round((new - old).total_seconds() / 60)))
        at = int(new.timestamp() // (60 * RESTAMP_MINUTES))
        yield from ((RESTAMPED, str(at)), (RESTAMPED, str(at + 1)))
    elif isinstance(old, datetime) or isinstance(new, datetime):
        yield ("finer" if isinstance(new, datetime) else "coarser",)
    else:
        yield (SHIFT, str((new - old).days * 24 * 60))
