"""Lines in which one link was exchanged for another.

A line that recommends another article keeps its words, and only the link in it differs from check to check.
An editor who corrects the text of a link keeps its address.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from typing import Protocol

LINK_MARK = "\0"


class HasLinks(Protocol):
    """A page that knows its links."""

    @property
    def links(self) -> Mapping[str, str]:
        """The address of each link by its text, as a reader sees it."""


def lines_with_other_links(
    olds: Collection[str], news: Collection[str], before: HasLinks, now: HasLinks
) -> frozenset[str]:
    """The lines, old and new, that differ from each other in the text and the address of a link only. Pure."""
    if not olds or not news:
        return frozenset()
    earlier, current = _by_frame(olds, before.links), _by_frame(news, now.links)
    return frozenset(
        line
        for frame in earlier.keys() & current.keys()
        for ours, theirs in (
            (earlier[frame], _addresses(current[frame])),
            (current[frame], _addresses(earlier[frame])),
        )
        for line, address in ours
        if theirs != {address}
    )


def _addresses(pairs: Collection[tuple[str, str]]) -> frozenset[str]:
    return frozenset(address for _, address in pairs)


def _by_frame(
    lines: Collection[str], links: Mapping[str, str]
) -> dict[str, frozenset[tuple[str, str]]]:
    """By the words around a link: the lines that have them, each with where its link leads."""
    found = defaultdict[str, set[tuple[str, str]]](set)
    for line in lines:
        for frame, address in _frames(line, links):
            found[frame].add((line, address))
    return {frame: frozenset(pairs) for frame, pairs in found.items()}


def _frames(line: str, links: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The words around each link of a line, and where it leads.

    >>> list(_frames("Read also: Snow in May.", {"Snow in May": "/news/2", "Home": "/"}))
    [('Read also: \\x00.', '/news/2')]
    """
    for text, address in links.items():
        if text and text in line:
            yield line.replace(text, LINK_MARK, 1), address
