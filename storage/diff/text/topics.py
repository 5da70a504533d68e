"""Whether a line belongs to the story that it is in: its terms recur there, as those of a pitch do not.

A term of the headline, or a name that the story mentions elsewhere, is enough: "The war in Velia began …".
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from scraper.patterns import lazy_pattern
from storage.diff.text.terms import terms
from storage.diff.text.tokens import tokens

# A line with fewer tokens is a sub-heading or a stock phrase.
MIN_SENTENCE_TOKENS = 11
# A line is foreign if this much fewer of its terms recur in the story than of its middle sentence's.
# Of 213 paragraphs of real articles 10 % are foreign to their own article, of pitches 94 %.
MAX_FOREIGN_SHARE = 0.8
# A line is a link if this share of it is one.
MIN_SHARE_OF_LINK = 0.5
# A capitalised word after one that is none.
NAME_INSIDE = lazy_pattern(
    "(?<=[a-z\u00df-\u00f6\u00f8-\u00ff\u03ac-\u03ce\u0430-\u045f,;:] )[A-Z\u00c0-\u00d6\u00d8-\u00de\u0391-\u03a9\u0410-\u042f]\\w{3,}"
)


def foreign_texts(
    headline: str,
    own_texts: Iterable[str],
    doubtful: Collection[str],
    *,
    site_terms: frozenset[str] = frozenset(),
) -> frozenset[str] | None:
    """The doubtful lines of a story that are foreign to its own lines; None if its own prove nothing.

    Those of a few lines, or of lines that share no term, do not. `site_terms` prove nothing: they are of the
    publisher's name, which may be that of the story's town.

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
    if not sentences or not (limit := MAX_FOREIGN_SHARE * _median(sentences)):
        return None
    return frozenset(
        text
        for text in doubtful
        if subject.isdisjoint(own := terms(text) - site_terms)
        and counts.keys().isdisjoint(_names(text) - site_terms)
        and _share(own, lambda term: counts[term] > 0) <= limit
    )


@dataclass(frozen=True, slots=True)
class Subjects:
    """Lines of a story that are about what the rest of it is about, and lines that are foreign to it.

    Of a line that is mostly a link to another article, which may be about the same, neither is known.
    """

    topical: frozenset[str] = frozenset()
    foreign: frozenset[str] = frozenset()


def subjects(
    headline: str, own_texts: Iterable[str], lines: Collection[str], *, links: Iterable[str]
) -> Subjects:
    """What these lines of a story are about, given its own lines and the texts of links. Pure."""
    foreign = foreign_texts(headline, own_texts, lines)
    if foreign is None:
        return Subjects()
    texts = [text for text in links if text]
    linked = {
        line
        for line in set(lines) - foreign
        if any(text in line and MIN_SHARE_OF_LINK * len(line) <= len(text) for text in texts)
    }
    return Subjects(frozenset(lines) - foreign - linked, foreign)


def _median(shares: Collection[float]) -> float:
    """The middle share; `statistics` imports fractions and decimals for it."""
    ordered = sorted(shares)
    return (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2


def _names(text: str) -> frozenset[str]:
    """The terms that begin with a capital inside a sentence; none in a script without capitals."""
    return terms(" ".join(NAME_INSIDE.findall(text)))


def is_short(text: str) -> bool:
    """Whether a line is so short that it may be in several stories by chance."""
    return len(tokens(text)) < MIN_SENTENCE_TOKENS


def _share(found: frozenset[str], recurs: Callable[[str], bool]) -> float:
    return sum(map(recurs, found)) / len(found) if found else 0.0
