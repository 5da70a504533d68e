"""The tags of a headline, which say what it is and not what it says: [단독], LIVE:, UPDATE 2-.

They are recognised by their form, in any language: brackets at an end of the line, or capitals before a colon,
a bar or the dash of a news agency.
"""

from dataclasses import dataclass

from scraper.patterns import lazy_pattern

_BRACKETS = r"\[[^\[\]]{1,30}\]|【[^【】]{1,30}】|〔[^〔〕]{1,30}〕|<[^<>]{1,30}>|〈[^〈〉]{1,30}〉|\([^()]{1,8}\)"
FIRST_TAG = lazy_pattern(
    rf"(?:{_BRACKETS}|[A-ZÀ-ÞА-Я]{{2,16}}(?: [A-ZÀ-ÞА-Я]{{2,16}}){{0,3}}\s?[:|](?=\s)|[A-Z]{{3,16}}(?: \d{{1,2}})?-(?=\w))\s*"
)
LAST_TAG = lazy_pattern(rf"(?:{_BRACKETS})$")
MAX_TAGS_AT_END = 3  # at one end of a line
MAX_TAG_CHARACTERS = 40


@dataclass(frozen=True, slots=True)
class TaggedLine:
    """A line without its tags, where it begins in the whole line, and the tags before and after it."""

    text: str
    at: int
    first: tuple[str, ...]
    last: tuple[str, ...]

    @property
    def tags(self) -> tuple[str, ...]:
        """All tags, in order."""
        return self.first + self.last


def tagged_line(line: str) -> TaggedLine:
    """The tags of a line parted from its text; a line that is only tags has none.

    >>> tagged_line("[단독] 다리 끊겼다 (종합)")
    TaggedLine(text='다리 끊겼다', at=5, first=('[단독]',), last=('(종합)',))
    >>> tagged_line("UPDATE 2-Bank cuts rates").first
    ('UPDATE 2-',)
    """
    start, end = 0, len(line)
    first: list[str] = []
    last: list[str] = []
    while len(first) < MAX_TAGS_AT_END and (match := FIRST_TAG.match(line, start)):
        first.append(match[0].strip())
        start = match.end()
    while len(last) < MAX_TAGS_AT_END and (
        match := LAST_TAG.search(line, max(start, end - MAX_TAG_CHARACTERS), end)
    ):
        last.insert(0, match[0])
        end = len(line[: match.start()].rstrip())
    text = line[start:end].strip()
    if not text:
        return TaggedLine(line, 0, (), ())
    return TaggedLine(text, line.index(text, start), tuple(first), tuple(last))
