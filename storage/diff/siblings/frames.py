"""Lines that are one sentence of the site with another name in each article: "Do you follow …? Tell us." """

from rapidfuzz.distance import Postfix, Prefix

from storage.diff.text.tokens import tokens

# Two lines that share fewer tokens, or less of the longer one, around the name may do so by chance.
MIN_FRAME_TOKENS, MIN_FRAME_SHARE = 6, 0.6


def frame(line: str, other: str) -> str | None:
    """What two lines have in common before and after the one run of words that differs; None if that is little.

    >>> frame("What do you think of the ferry? Vote in our poll.", "What do you think of hens? Vote in our poll.")
    'What do you think of ? Vote in our poll.'
    >>> frame("The ferry sailed at noon.", "The ferry sank at noon, and nobody was hurt.") is None
    True
    """
    one, two = tokens(line), tokens(other)
    start = Prefix.similarity(one, two)
    end = Postfix.similarity(one[start:], two[start:])
    if start + end < max(MIN_FRAME_TOKENS, MIN_FRAME_SHARE * max(len(one), len(two))):
        return None
    return f"{_beginning(line, one[:start])} {_ending(line, one[len(one) - end :])}"


def _beginning(line: str, found: list[str]) -> str:
    at = 0
    for token in found:
        at = line.index(token, at) + len(token)
    return line[:at]


def _ending(line: str, found: list[str]) -> str:
    at = len(line)
    for token in reversed(found):
        at = line.rindex(token, 0, at)
    return line[at:]
