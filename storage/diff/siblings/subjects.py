"""Whether two articles tell one story, or are about different subjects."""

from collections import Counter

from scraper.article import Article
from storage.diff.text.terms import terms
from storage.diff.text.visible import fold_digits, visible

# Two addresses show one story if this share of the shorter text is the same, with another headline or
# with the same. Of the longer text it proves nothing: what the publisher adds makes a text longer.
MIN_SAME_STORY_SHARE, MIN_SAME_HEADLINE_SHARE = 0.7, 0.4


def tells_same_story(one: Article, other: Article) -> bool:
    """Whether two addresses show one story, as agency copy does; the sites may add lines of their own.

    >>> text = ("The ferry ran aground.", "Nobody was hurt.")
    >>> copy = Article("b", "Ferry", paragraphs=(*text, "Read us every morning."))
    >>> tells_same_story(Article("a", "Ferry", paragraphs=text), copy)
    True
    """
    texts = [Counter(map(visible, article.paragraphs)) for article in (one, other)]
    common, shorter = _size(texts[0] & texts[1]), min(map(_size, texts))
    is_same_headline = fold_digits(visible(one.headline)) == fold_digits(visible(other.headline))
    share = MIN_SAME_HEADLINE_SHARE if is_same_headline else MIN_SAME_STORY_SHARE
    return common >= share * max(shorter, 1)


def is_unrelated(one: Article, other: Article) -> bool:
    """Whether the headlines share no term: stories on one subject may all count the same victims.

    >>> is_unrelated(Article("a", "Fire at the mill"), Article("b", "Mill closes after fire"))
    False
    """
    return terms(one.headline).isdisjoint(terms(other.headline))


def _size(lines: Counter[str]) -> int:
    return sum(len(line) * count for line, count in lines.items())
