"""Lines that siblings leave in doubt: both versions without them."""

from collections.abc import Iterator, Mapping, Set
from dataclasses import replace
from typing import Any

from scraper.article import Article
from storage.diff.noise.exclusions import PendingLine
from storage.diff.text.visible import visible


def hold_back_lines(
    old: Article, new: Article, doubtful: Mapping[str, str | None]
) -> tuple[Article, Article, tuple[PendingLine, ...]]:
    """Both versions without the doubtful lines of their bodies and captions, which are pending.

    They came or left; a line that both versions have stays. `doubtful` maps a line to that of the other
    version of which it is another reading.
    """
    pending: list[PendingLine] = []
    for name, attribute in (("body", "paragraphs"), ("caption", "captions")):
        before, after = getattr(old, attribute), getattr(new, attribute)
        olds, news = set(map(visible, before)), set(map(visible, after))
        left, came = doubtful.keys() & (olds - news), doubtful.keys() & (news - olds)
        readings = {line: doubtful[line] for line in came if doubtful[line] in left}
        pending += [
            PendingLine(line, readings.get(line) or "", place, name)
            for line, place in _with_places(after, came)
        ]
        pending += [
            PendingLine("", line, place, name)
            for line, place in _with_places(before, left - set(readings.values()))
        ]
        kept_old: dict[str, Any] = {attribute: tuple(x for x in before if visible(x) not in left)}
        kept_new: dict[str, Any] = {attribute: tuple(x for x in after if visible(x) not in came)}
        old, new = replace(old, **kept_old), replace(new, **kept_new)
    return old, new, tuple(pending)


def _with_places(lines: tuple[str, ...], held: Set[str]) -> Iterator[tuple[str, str]]:
    """The lines that are held back, each with the last line before it that is not."""
    place = ""
    for line in map(visible, lines):
        if line in held:
            yield line, place
        else:
            place = line
