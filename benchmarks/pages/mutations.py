"""Small changes of a page in each field of its article, wherever the page has the text."""

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from benchmarks.pages.corpus import Run, blank_invisible, is_cjk, runs_of
from benchmarks.pages.edits import Patch, apply_patches, same_words
from scraper.article import Article, Timestamp

# Characters around the changed one that are looked for: the longest first, for it is rarest.
WINDOWS = (60, 24, 12, 5)
MAX_PLACES = 40  # a text in more places of the page is no text of the article
MAX_CAPTIONS, MAX_NAMES = 6, 3
SHIFTS = (-23, -11, -4, -1, 1, 3, 8, 17, 26)  # minutes of a time, days of a day

LETTERS = (
    "bcdfghklmnprstvw",
    "BCDFGHKLMNPRSTVW",
    "123456789",
    "가나다라마바사",
    "木水火土金山川",
    "かきくけこさしす",
    "бвгдклмнпрст",
    "بتدرسكلم",
)
ADDED_SENTENCES = {
    False: "The ferry master of Penwick said that nobody had rung the second bell.",
    True: "펜윅의 나루지기는 아무도 두 번째 종을 울리지 않았다고 말했다.",
}
WHOLE_PAGE = re.compile(r"(?s).*")
OPEN_TAG = re.compile(r"<([a-z][a-z0-9]*)\b[^<>]*>\s*$", re.I)
TIME_FORMATS = (
    "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M", "%Y.%m.%d %H:%M", "%Y.%m.%d. %H:%M",
    "%Y%m%d%H%M", "%Y%m%dT%H%M", "%H:%M", "%I:%M", "%-I:%M", "%-H:%M", "%Hh%M", "%H.%M",
    "%Hu%M", "%H시 %M분", "%H时%M分", "%H時%M分",
)  # fmt: skip
DAY_FORMATS = (
    "%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y. %m. %d", "%Y%m%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y",
    "%-m/%-d/%Y", "%-d/%-m/%Y", "%-d.%-m.%Y", "%d-%m-%Y", "%B %-d, %Y", "%b %-d, %Y", "%b. %-d, %Y",
    "%-d %B %Y", "%-d %b %Y", "%d %B %Y", "%Y年%m月%d日", "%Y年%-m月%-d日", "%Y년 %m월 %d일", "%Y년 %-m월 %-d일",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mutation:
    """A changed page. `field` is the field it was made in, `change` what was done there."""

    field: str
    change: str
    markup: str


def mutations(markup: str, article: Article, rng: random.Random) -> Iterator[Mutation]:
    """Changes of the page of an article, one at a time, in every field that it has.

    Whether extraction sees a change is not known here: the text may be elsewhere on the page, too.
    """
    for field, text in _texts(article):
        if changed := change_character(markup, text, rng):
            yield Mutation(field, "character", changed)
    for field, time in (
        ("published_at", article.published_at),
        ("modified_at", article.modified_at),
    ):
        if time is not None and (changed := change_time(markup, time, rng.choice(SHIFTS))):
            yield Mutation(field, "time", changed)
    yield from _line_mutations(markup, "body", article.paragraphs, rng)
    yield from _line_mutations(markup, "caption", article.captions[:MAX_CAPTIONS], rng)
    yield from _figure_mutations(markup, article.captions[:MAX_CAPTIONS], rng)


def _texts(article: Article) -> Iterator[tuple[str, str]]:
    """The texts to change, each with its field: of the body the first, some, and the last."""
    yield "headline", article.headline
    if article.dek:
        yield "dek", article.dek
    if article.section:
        yield "section", article.section
    for name in article.byline[:MAX_NAMES]:
        yield "byline", name
    for caption in article.captions[:MAX_CAPTIONS]:
        yield "caption", caption
    last = len(article.paragraphs) - 1
    for at in sorted({0, last // 3, 2 * last // 3, last}):
        yield "body", article.paragraphs[at]


def change_character(markup: str, text: str, rng: random.Random) -> str | None:
    """The page with one letter or digit of a text changed at every place; None if it has none.

    The text may be broken by tags: a window around the letter is looked for, in every spelling.
    """
    positions = [at for at, letter in enumerate(text) if _other_letter(letter, rng) != letter]
    rng.shuffle(positions)
    for size in WINDOWS:
        for at in positions[:6]:
            start, end = max(0, at - size // 2), min(len(text), at + size // 2 + 1)
            old = text[start:end]
            new = text[start:at] + _other_letter(text[at], rng) + text[at + 1 : end]
            patches = same_words(markup, [_whole(markup)], old, new)
            if 0 < len(patches) <= MAX_PLACES:
                return apply_patches(markup, list(patches))
    return None


def _whole(markup: str) -> re.Match[str]:
    match = WHOLE_PAGE.fullmatch(markup)
    assert match is not None
    return match


def _other_letter(letter: str, rng: random.Random) -> str:
    """Another letter of the same alphabet; the same letter if it is of none here."""
    alphabets = {
        "a": LETTERS[0], "A": LETTERS[1], "0": LETTERS[2], "가": LETTERS[3], "木": LETTERS[4],
        "か": LETTERS[5], "б": LETTERS[6], "ب": LETTERS[7],
    }  # fmt: skip
    kind = _alphabet(letter)
    return rng.choice(alphabets[kind].replace(letter, "")) if kind else letter


def _alphabet(letter: str) -> str | None:
    if letter.isascii():
        if letter.isdigit():
            return "0"
        return ("a" if letter.islower() else "A") if letter.isalpha() else None
    ranges = (
        ("가", "가", "힣"),
        ("木", "一", "鿿"),
        ("か", "ぁ", "ゖ"),
        ("б", "а", "я"),
        ("ب", "ا", "ي"),
    )
    return next((kind for kind, first, last in ranges if first <= letter <= last), None)


def change_time(markup: str, time: Timestamp, shift: int) -> str | None:
    """The page with a time moved by so many minutes (a day by as many days) in every spelling that it has."""
    is_time = isinstance(time, datetime)
    new = time + (timedelta(minutes=shift) if is_time else timedelta(days=shift))
    pairs: list[tuple[date, date]] = [(time, new)]
    if isinstance(time, datetime) and isinstance(new, datetime) and time.tzinfo:
        pairs.append((time.astimezone(UTC), new.astimezone(UTC)))
    patches: list[Patch] = []
    for old_time, new_time in pairs:
        for form in TIME_FORMATS if is_time else DAY_FORMATS:
            old = old_time.strftime(form)
            patches += same_words(markup, [_whole(markup)], old, new_time.strftime(form))
    if isinstance(time, datetime):
        old = str(int(time.timestamp()))
        patches += same_words(markup, [_whole(markup)], old, str(int(new.timestamp())))
    return apply_patches(markup, patches) if 0 < len(patches) <= MAX_PLACES else None


@dataclass(frozen=True, slots=True)
class _Line:
    """A text that is all there is in one element: where that starts and ends, and its tags."""

    start: int
    end: int
    opening: str
    closing: str


def _line_mutations(
    markup: str, field: str, texts: Sequence[str], rng: random.Random
) -> Iterator[Mutation]:
    lines = _lines(markup, texts)
    if not lines:
        return
    line = rng.choice(lines)
    yield Mutation(field, "line removed", _patched(markup, Patch(line.start, line.end, "")))
    line = rng.choice(lines)
    sentence = ADDED_SENTENCES[is_cjk(markup[line.start : line.end])]
    added = f"{line.opening}{sentence}{line.closing}"
    yield Mutation(field, "line added", _patched(markup, Patch(line.end, line.end, added)))
    if len(lines) < 3:
        return
    first, second = rng.sample(lines, 2)
    moved = markup[first.start : first.end]
    patches = (Patch(first.start, first.end, ""), Patch(second.end, second.end, moved))
    yield Mutation(field, "line moved", _patched(markup, *patches))


def _figure_mutations(
    markup: str, captions: Sequence[str], rng: random.Random
) -> Iterator[Mutation]:
    """A figure with its caption and credit removed, and another one added behind it."""
    figures = [figure for line in _lines(markup, captions) if (figure := _figure_of(markup, line))]
    if not figures:
        return
    line, start, end = rng.choice(figures)
    yield Mutation("caption", "figure removed", _patched(markup, Patch(start, end, "")))
    sentence = ADDED_SENTENCES[is_cjk(markup[line.start : line.end])]
    caption = f"{line.opening}{sentence}{line.closing}"
    added = markup[start : line.start] + caption + markup[line.end : end]
    yield Mutation("caption", "figure added", _patched(markup, Patch(end, end, added)))


def _figure_of(markup: str, line: _Line) -> tuple[_Line, int, int] | None:
    """The line with the start and end of the figure that holds it; None if none does."""
    start = markup.rfind("<figure", 0, line.start)
    end = markup.find("</figure>", line.end)
    if start < 0 or end < 0 or "</figure>" in markup[start : line.start]:
        return None
    return line, start, end + len("</figure>")


def _patched(markup: str, *patches: Patch) -> str:
    return apply_patches(markup, list(patches))


def _lines(markup: str, texts: Sequence[str]) -> list[_Line]:
    """Those of the texts that the page has once, alone in an element."""
    wanted = set(texts)
    runs: dict[str, list[Run]] = {}
    for run in runs_of(blank_invisible(markup)):
        if run.text in wanted:
            runs.setdefault(run.text, []).append(run)
    found = (_line(markup, same[0]) for same in runs.values() if len(same) == 1)
    return [line for line in found if line is not None]


def _line(markup: str, run: Run) -> _Line | None:
    opening = OPEN_TAG.search(markup, max(0, run.start - 300), run.start)
    if opening is None:
        return None
    closing = re.compile(rf"\s*</{opening[1]}\s*>", re.I).match(markup, run.end)
    if closing is None:
        return None
    return _Line(opening.start(), closing.end(), opening[0], closing[0])
