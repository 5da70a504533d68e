"""Lines in which one link was exchanged for another.

A line that recommends another article keeps its words, and only the link in it differs from check to check.
An editor who corrects the text of a link keeps its address.
"""

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
    earlier = [(line, *frame) for line in olds for frame in _frames(line, before.links)]
    current = [(line, *frame) for line in news for frame in _frames(line, now.links)]
    return frozenset(
        line
        for old, old_frame, old_address in earlier
        for new, new_frame, new_address in current
        if old_frame == new_frame and old_address != new_address
        for line in (old, new)
    )


def _frames(line: str, links: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The words around each link of a line, and where it leads.

    >>> list(_frames("Read also: Snow in May.", {"Snow in May": "/news/2", "Home": "/"}))
    [('Read also: \\x00.', '/news/2')]
    """
    for text, address in links.items():
        if text and text in line:
            yield line.replace(text, LINK_MARK, 1), address
