"""Regular expressions that are compiled when they are first used.

The 329 of this program take 0.15 s to compile, a third of a command's start; most commands, and most
looks, use few of them.
"""

import re
from typing import Any, AnyStr, cast


class _LazyPattern:
    """Stands for a pattern; each of its methods is taken from the compiled one when first asked for."""

    def __init__(self, text: str | bytes, flags: int) -> None:
        self.pattern = text
        self.flags = flags

    def __getattr__(self, name: str) -> Any:
        attribute = getattr(re.compile(self.pattern, self.flags), name)
        setattr(self, name, attribute)  # next time it is there, and nothing stands between
        return attribute


def lazy_pattern(text: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """As `re.compile`, which it puts off until the pattern is used.

    >>> lazy_pattern("[0-9]+").findall("3 of 12")
    ['3', '12']
    """
    return cast("re.Pattern[AnyStr]", _LazyPattern(text, flags))
