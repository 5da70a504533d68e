"""Regular expressions that are compiled when they are first used.

Variorum's 329 patterns take 0.15 s to compile, a third of a command's start. Most commands and most
checks use few of them. They read strangers' texts, so each takes time in proportion to its text:
`tests/scraper/test_patterns.py` tries all of them.
"""

import re
from typing import Any, AnyStr, cast


class LazyPattern:
    """A pattern that compiles itself at the first use of one of its methods."""

    def __init__(self, text: str | bytes, flags: int) -> None:
        self.pattern = text
        self.flags = flags

    def __getattr__(self, name: str) -> Any:
        attribute = getattr(re.compile(self.pattern, self.flags), name)
        setattr(self, name, attribute)  # found directly from now on
        return attribute


def lazy_pattern(text: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """The pattern that `re.compile` gives, compiled when it is first used.

    >>> lazy_pattern("[0-9]+").findall("3 of 12")
    ['3', '12']
    """
    return cast("re.Pattern[AnyStr]", LazyPattern(text, flags))
