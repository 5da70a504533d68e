"""Marks that a site exchanges in all its texts: straight quotation marks for curly ones, another dash."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from scraper.article import Article
from storage.diff.align.words import align
from storage.diff.siblings.sibling import Sibling, article_lines, is_edited_line
from storage.diff.text.visible import fold_typography, visible

# A mark, and the one in its place.
Exchange = tuple[str, str]
# So many siblings must have exchanged a mark: two editors may each mend a quotation.
MIN_MARK_SIBLINGS = 2
# Among so many new lines one is looked for that was edited as well.
MAX_EDITED_LINES = 50


@dataclass(frozen=True, slots=True)
class SharedMarks:
    """The exchanges of an article that siblings share; `is_thin` says that a single sibling shows more of them."""

    proven: frozenset[Exchange] = frozenset()
    is_thin: bool = False


def shared_marks(old: Article, new: Article, siblings: Sequence[Sibling]) -> SharedMarks:
    """What the site exchanged in the article and in siblings. Pure."""
    if not (own := exchanged_marks(old, new)):
        return SharedMarks()
    counts = Counter(exchange for sibling in siblings for exchange in own & _exchanged_in(sibling))
    proven = frozenset(one for one, count in counts.items() if count >= MIN_MARK_SIBLINGS)
    return SharedMarks(proven, is_thin=len(counts) > len(proven))


def exchanged_marks(old: Article, new: Article) -> frozenset[Exchange]:
    """The marks that other marks replaced in words that both versions have.

    >>> old = Article("a", "Fire", paragraphs=('"It burns," he said.',))
    >>> sorted(exchanged_marks(old, Article("a", "Fire", paragraphs=("“It burns,” he said.",))))
    [('"', '“'), ('"', '”')]
    """
    before, after = _lines(old), _lines(new)
    news = [line for line in after if line not in before]
    words = (
        _exchanges(word, other)
        for line in before
        if line not in after
        for _, word, other in _common_words(line, _partner(line, news))
    )
    return frozenset().union(*words)


def with_marks(old: Article, new: Article, exchanges: frozenset[Exchange]) -> Article:
    """The old article with the marks that its words have now."""
    if not exchanges:
        return old
    before = _lines(old)
    news = [line for line in _lines(new) if line not in before]

    def marked(text: str) -> str:
        return _marked(text, news, exchanges)

    return replace(
        old,
        headline=marked(old.headline),
        headlines={source: marked(text) for source, text in old.headlines.items()},
        dek=old.dek and "\n".join(map(marked, old.dek.splitlines())),
        paragraphs=tuple(map(marked, old.paragraphs)),
        captions=tuple(map(marked, old.captions)),
    )


def _exchanged_in(sibling: Sibling) -> frozenset[Exchange]:
    now = sibling.now.article
    return frozenset().union(*(exchanged_marks(one.article, now) for one in sibling.earlier_pages))


def _lines(article: Article) -> dict[str, None]:
    """The lines of an article, each once."""
    headlines = (article.headline, *article.headlines.values())
    return dict.fromkeys((*map(visible, headlines), *article_lines(article)))


def _partner(line: str, news: Sequence[str]) -> str | None:
    """The new line that an old one became: with other marks only, or edited as well."""
    folded = fold_typography(line)
    same = (new for new in news if fold_typography(new) == folded)
    edited = (new for new in news[:MAX_EDITED_LINES] if is_edited_line(line, new))
    return next(same, None) or next(edited, None)


def _common_words(line: str, other: str | None) -> Iterator[tuple[int, str, str]]:
    """The words that both lines have, whatever their marks: the place in the first, and both forms."""
    if other is None:
        return
    words, others = line.split(" "), other.split(" ")
    keys = [[fold_typography(word) or " " for word in side] for side in (words, others)]
    for op, i1, i2, j1, j2 in align(*keys):
        if op == "equal":
            yield from zip(range(i1, i2), words[i1:i2], others[j1:j2], strict=True)


def _exchanges(word: str, other: str) -> frozenset[Exchange]:
    """The marks of a word that its other form has not, each with the one in its place."""
    marks, others = ([sign for sign in one if not sign.isalnum()] for one in (word, other))
    if len(marks) != len(others):
        return frozenset({("".join(marks), "".join(others))})
    return frozenset(pair for pair in zip(marks, others, strict=True) if pair[0] != pair[1])


def _marked(line: str, news: Sequence[str], exchanges: frozenset[Exchange]) -> str:
    """The line with the exchanged marks, if one of the new lines has its words with them."""
    words = visible(line).split(" ")
    found = {
        place: other
        for place, word, other in _common_words(visible(line), _partner(visible(line), news))
        if word != other and exchanges.issuperset(_exchanges(word, other))
    }
    return " ".join(found.get(at, word) for at, word in enumerate(words)) if found else line
