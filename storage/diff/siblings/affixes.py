"""How lines of siblings begin and end: a site may exchange the credit that it adds to each caption."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain, product, starmap
from typing import Any

from scraper.article import Article
from storage.diff.siblings.fields import affix_ways, exchanged_ends
from storage.diff.siblings.lines import site_terms
from storage.diff.siblings.sibling import Sibling, is_edited_line
from storage.diff.siblings.subjects import is_unrelated
from storage.diff.text.terms import terms
from storage.diff.text.topics import foreign_texts
from storage.diff.text.visible import visible

# "beginning" or "ending", what it was, and what it is.
Affix = tuple[str, ...]
# The fields whose lines are compared, and their attributes.
AFFIXED_FIELDS = {"body": "paragraphs", "caption": "captions"}


def shared_affixes(old: Article, new: Article, siblings: Sequence[Sibling]) -> frozenset[Affix]:
    """The beginnings and endings that were exchanged in the article and in an article on another subject. Pure.

    Or in one on the same subject that has other captions, if they are foreign to the article. Only an exchange
    of words counts: two stories may count the same victims.
    """
    names = site_terms(siblings)
    affixes = {
        affix
        for sibling in siblings
        for earlier in sibling.earlier_pages
        for affix in _possible_affixes(earlier.article, sibling.now.article)
        if _has_other_words(affix)
        and (
            is_unrelated(old, sibling.now.article)
            or (_has_other_captions(old, earlier.article) and _is_foreign(affix, old, names))
        )
    }
    return frozenset(one for one in affixes if with_affixes(old, new, frozenset({one})) != old)


def with_affixes(old: Article, new: Article, affixes: frozenset[Affix]) -> Article:
    """The old article with the beginnings and endings that its lines have now."""
    for attribute in AFFIXED_FIELDS.values():
        lines: tuple[str, ...] = getattr(old, attribute)
        news = [visible(line) for line in getattr(new, attribute)]
        for affix in affixes:
            lines = tuple(
                next(_exchanged(visible(line), news, affix), line)
                if visible(line) not in news
                else line
                for line in lines
            )
        exchanged: dict[str, Any] = {attribute: lines}
        old = replace(old, **exchanged)
    return old


def has_caption_affix(old: Article, new: Article) -> bool:
    """Whether a caption begins or ends in other words: the site may have exchanged its credit."""
    pairs = _changed_pairs(old.captions, new.captions)
    return any(map(_has_other_words, chain.from_iterable(starmap(_caption_affixes, pairs))))


def _possible_affixes(old: Article, new: Article) -> Iterator[Affix]:
    for line, other in _changed_pairs(old.paragraphs, new.paragraphs):
        yield from affix_ways(line, other)
    for line, other in _changed_pairs(old.captions, new.captions):
        yield from _caption_affixes(line, other)


def _caption_affixes(old: str, new: str) -> Iterator[Affix]:
    """What replaced the beginning or the end of a caption: a credit may be longer than the caption is."""
    return (way for way, kept in exchanged_ends(old, new) if kept)


def _changed_pairs(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each line that is in the old lines alone with each that is in the new ones alone."""
    before, after = list(map(visible, old)), list(map(visible, new))
    gone = [line for line in before if line not in after]
    return product(gone, [line for line in after if line not in before])


def _has_other_captions(one: Article, other: Article) -> bool:
    """Whether two articles show no picture with the same caption: its credit would be corrected in both."""
    return set(map(visible, one.captions)).isdisjoint(map(visible, other.captions))


def _is_foreign(affix: Affix, article: Article, names: frozenset[str]) -> bool:
    """Whether what was exchanged has to do with nothing in the body of an article, as a credit has not."""
    texts = frozenset(filter(None, affix[1:]))
    foreign = foreign_texts(
        article.headline, map(visible, article.paragraphs), texts, site_terms=names
    )
    return foreign == texts


def _has_other_words(affix: Affix) -> bool:
    return terms(affix[1]) != terms(affix[2])


def _exchanged(line: str, news: Sequence[str], affix: Affix) -> Iterator[str]:
    """The line with the new affix, if one of the new lines is this line with it."""
    stem = _stem(line, affix[0], affix[1])
    for new in news:
        new_stem = _stem(new, affix[0], affix[2])
        if stem and new_stem and (stem == new_stem or is_edited_line(stem, new_stem)):
            parts = (stem, affix[2]) if affix[0] == "ending" else (affix[2], stem)
            yield " ".join(filter(None, parts))


def _stem(line: str, side: str, affix: str) -> str | None:
    """The line without the affix; None if it has none."""
    if not affix:
        return line
    if side == "ending":
        return line.removesuffix(f" {affix}") if line.endswith(f" {affix}") else None
    return line.removeprefix(f"{affix} ") if line.startswith(f"{affix} ") else None
