"""Whether a line belongs to the story that it is in: its terms recur there, as those of a pitch do not."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from statistics import median

from storage.diff.text.terms import terms
from storage.diff.text.tokens import tokens

# A line with fewer tokens is a sub-heading or a stock phrase.
MIN_SENTENCE_TOKENS = 11
# A line is foreign if this much fewer of its terms recur in the story than of its middle sentence's.
# Of 213 paragraphs of real articles 10 % are foreign to their own article, of pitches 94 %.
MAX_FOREIGN_SHARE = 0.8


def foreign_texts(
    headline: str, own_texts: Iterable[str], doubtful: Collection[str]
) -> frozenset[str] | None:
    """The doubtful lines of a story that are foreign to its own lines; None if its own prove nothing.

    Those of a few lines, or of lines that share no term, do not.

    >>> story = ["The ferry crews refused to sail on Monday, and the landing in Norhaven stayed empty.",
    ...     "Crews want two hands on deck whenever a ferry sails from the landing after dark."]
    >>> pitch = "Every morning we collect what matters and send it to your inbox, free of charge."
    >>> foreign_texts("Ferry strike", story, [pitch, "The ferry crews met."]) == {pitch}
    True
    """
    own_terms = {text: terms(text) for text in own_texts}
    subject = terms(headline)
    counts = Counter(term for found in own_terms.values() for term in found)
    counts.update(subject)
    sentences = [
        _share(found, lambda term: counts[term] > 1)
        for text, found in own_terms.items()
        if found and not is_short(text)
    ]
    if not sentences or not (limit := MAX_FOREIGN_SHARE * median(sentences)):
        return None
    return frozenset(
        text
        for text in doubtful
        if subject.isdisjoint(terms(text))
        and _share(terms(text), lambda term: counts[term] > 0) <= limit
    )


def is_short(text: str) -> bool:
    """Whether a line is so short that it may be in several stories by chance."""
    return len(tokens(text)) < MIN_SENTENCE_TOKENS


def _share(found: frozenset[str], recurs: Callable[[str], bool]) -> float:
    return sum(map(recurs, found)) / len(found) if found else 0.0
