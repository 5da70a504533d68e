"""Readings that a site serves in turns: caches that disagree, and tests with two headlines, are no edits.

If two responses of one check, seconds apart, showed both readings, the next check may see either of them twice by
chance. So a change between two such readings counts only once the later one has lasted.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from scraper.article import Article
from scraper.phrases.corrections import CORRECTION_NOTICE
from storage.diff.noise.exclusions import PendingLine
from storage.diff.noise.lines.doubtful_lines import hold_back_lines
from storage.diff.noise.pieces import text_lines
from storage.diff.siblings.fields import with_fields
from storage.diff.siblings.sibling import is_edited_line
from storage.diff.steady import MIN_STEADY_CHECKS, MIN_STEADY_TIME, texts_of
from storage.diff.text.sentences import sentences
from storage.diff.text.visible import visible
from storage.timestamps import parse_instant
from storage.vocabulary import FIELDS, OPTIONAL_FIELDS, Shape

# A reading that only one check found beside another must be seen twice, as an edit that has reached one of two caches.
MIN_CHECKS_AFTER_ONE = 2
# A field that comes and goes anywhere on the host must have come or gone for so long. Of a byline that half of all
# responses lack, five checks in a row lack it twice each with a chance of 1 in 1,000.
MIN_FLICKER_CHECKS, MIN_FLICKER_TIME = 5, timedelta(hours=12)
# Two responses with less of their lines in common are not of one text.
MIN_COMMON_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Variants:
    """What the two responses of earlier checks showed, if they differed.

    `replaced` is the version that an earlier text replaced when it came back, None if none did. `checks` are
    those since all responses lack the stored version, the first of them at the time `since` (None for none).
    `flickering` are fields that one of two responses of another article lacked, or that this one lost or got back.
    """

    pairs: tuple[tuple[Article, Article], ...] = ()
    replaced: Article | None = None
    checks: int = 0
    since: str | None = None
    flickering: frozenset[str] = frozenset()


NO_VARIANTS = Variants()


def without_variants(
    old: Article,
    new: Article,
    variants: Variants,
    *,
    at: datetime,
    settled: frozenset[str] = frozenset(),
) -> tuple[Article, Article, tuple[PendingLine, ...]]:
    """Both versions without fields and lines that only alternate, and those lines, which are pending. Pure.

    Without any other change in its text the new version is the old one. Correction notes count whenever they
    come, and so does what is `settled`.
    """
    if not _has_stayed(variants, MIN_FLICKER_CHECKS, MIN_FLICKER_TIME, at=at):
        new = with_fields(new, old, variants.flickering & presence_changes(old, new))
    pairs = [pair for pair in variants.pairs if _is_of_one_text(*pair) and not _is_dated(*pair)]
    if variants.replaced:
        pairs += [(old, variants.replaced)]
    names, texts = frozenset[str](), frozenset[str]()
    found = 0
    for pair in pairs:
        fields = frozenset(_alternating_fields(old, new, pair))
        lines = {
            text
            for text in _alternating_texts(old, new, pair)
            if text not in settled and settled.isdisjoint(sentences(text))
        }
        names, texts, found = names | fields, texts | lines, found + bool(fields or lines)
    if not found or _has_lasted(variants, found, at):
        return old, new, ()
    if "dek" in names:
        return old, old, ()
    new = with_fields(new, old, names)
    return _with_lines_held_back(old, new, texts) if texts else (old, new, ())


def _with_lines_held_back(
    old: Article, new: Article, texts: frozenset[str]
) -> tuple[Article, Article, tuple[PendingLine, ...]]:
    """Both versions without the lines that alternate, or the old one if nothing else differs, or parts of an edited line do.

    The lines are pending: else the next check would take them for lines that are none of the article.
    """
    left, came = text_lines(old) - text_lines(new), text_lines(new) - text_lines(old)
    olds, news = _alternating(left, texts), _alternating(came, texts)
    olds |= {line for line in left if any(_is_part(line, one) for one in news)}
    news |= {line for line in came if any(_is_part(line, one) for one in olds)}
    names = [(one.headline, one.dek, one.byline) for one in (old, new)]
    if (olds, news) == (left, came) and names[0] == names[1]:
        return old, old, ()
    others = {line: news if line in olds else olds for line in (olds | news) - texts}
    if not all(any(_is_part(line, one) for one in found) for line, found in others.items()):
        return old, old, ()
    readings = {line: next((one for one in olds if _is_part(line, one)), None) for line in news}
    return hold_back_lines(old, new, {**dict.fromkeys(olds), **readings})


def _alternating(lines: frozenset[str], texts: frozenset[str]) -> frozenset[str]:
    """The lines of a version that alternate, or have a sentence that does."""
    return frozenset(line for line in lines if any(text in line for text in texts))


def _is_part(line: str, other: str) -> bool:
    """Whether one of two lines is the other without a sentence of it, or with a few other words."""
    return line in other or other in line or is_edited_line(line, other)


def presence_changes(old: Article, new: Article) -> frozenset[str]:
    """The optional fields that one of two forms of an article lacks."""
    return frozenset(
        field.name
        for field in FIELDS
        if field.name in OPTIONAL_FIELDS
        and bool(getattr(old, field.attribute)) != bool(getattr(new, field.attribute))
    )


def _is_of_one_text(one: Article, other: Article) -> bool:
    """Whether two responses have most of their lines and sentences in common: else one was a wrong page."""
    texts, others = texts_of(one), texts_of(other)
    return len(texts & others) >= MIN_COMMON_SHARE * min(len(texts), len(others))


def _is_dated(one: Article, other: Article) -> bool:
    """Whether the times of modification say which of two responses is older: it comes from a cache."""
    times = one.modified_at, other.modified_at
    return None not in times and times[0] != times[1]


def _has_lasted(variants: Variants, found: int, at: datetime) -> bool:
    if found == 1 and not variants.replaced:
        return variants.checks + 1 >= MIN_CHECKS_AFTER_ONE
    return _has_stayed(variants, MIN_STEADY_CHECKS, MIN_STEADY_TIME, at=at)


def _has_stayed(variants: Variants, checks: int, time: timedelta, *, at: datetime) -> bool:
    """Whether so many checks over this time have shown nothing of the stored version."""
    since = parse_instant(variants.since)
    return since is not None and at - since >= time and variants.checks + 1 >= checks


def _alternating_fields(old: Article, new: Article, pair: tuple[Article, Article]) -> Iterator[str]:
    """The fields whose old and new value two responses in a row showed."""
    for field in FIELDS:
        if field.shape in (Shape.TEXT, Shape.LINES):
            continue
        before, now, *shown = (getattr(one, field.attribute) for one in (old, new, *pair))
        if before != now and (shown == [before, now] or shown == [now, before]):
            yield field.name


def _alternating_texts(old: Article, new: Article, pair: tuple[Article, Article]) -> frozenset[str]:
    """The lines and sentences that came or left, and that only one of two responses in a row had."""
    one, other, before, now = map(texts_of, (*pair, old, new))
    notes = [visible(line) for line in new.paragraphs if CORRECTION_NOTICE.search(line)]
    came = (text for text in now - before if not any(text in note for note in notes))
    return (one ^ other) & ((before - now) | frozenset(came))
