"""Lines that several articles of one publisher share: the articles teach what is the publisher's.

Theory of operation
===================

Reporters write each story in its own words; sites print a pitch, a credit or a prompt to pay into all of
them. So a line that several *different* stories of a host share is the publisher's, in any language. Six
things that reporters do repeat must not be mistaken for it:

- One story under several addresses (agency copy, pages for phones, a story published again) counts
  once: it has mostly the same lines.
- Background that every story on one subject repeats is *topical*: its terms recur in the rest of the
  story (`text/topics.py`), and the headlines of the stories share terms. A pitch is foreign to its story.
- The reporter whose articles somebody watches is in all bylines. The house is beside a reporter.
- Sub-headings and stock phrases ("He died in 2021.") are short, and need a larger share of the stories.
- A sentence may have another number in each story, as prices and tolls have, and a newsroom may name one more
  reporter in all stories of a day. Names need stories of several days, and so do numbers that no two stories
  share, unless the line has the same place in each of them.
- Correction notes never count, nor do lines that came by an edit: only first versions teach.
"""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from scraper.article import Article
from scraper.phrases.corrections import CORRECTION_NOTICE
from storage.diff.noise.boilerplate import (
    Boilerplate,
    BoilerplateLine,
    line_forms,
)
from storage.diff.text.terms import LETTERS, terms
from storage.diff.text.topics import foreign_texts, is_short
from storage.diff.text.visible import NUMBER, fold_digits, visible
from storage.timestamps import publisher_text, to_text

# Of a longer article the first and the last lines are kept; a longer line is no publisher's.
MAX_STORY_LINES = 150
MAX_SHARED_LINE_CHARACTERS = 1_500
# Two addresses show one story if this share of the shorter text is the same, with another headline
# or with the same.
SAME_STORY_SHARE, SAME_HEADLINE_SHARE = 0.8, 0.5
MAX_EVIDENCE_ARTICLES = 5
DAY_CHARACTERS = len("2026-05-14")


@dataclass(frozen=True, slots=True)
class Proof:
    """How many stories must show a line, what share of the host's, and how many on unrelated subjects."""

    stories: int
    share: float
    unrelated: int


# A sentence that is foreign to its stories; one that fewer of many stories show; a short line; a name.
SENTENCE = Proof(3, 2 / 3, 2)
RARE_SENTENCE = Proof(8, 0.3, 4)
SHORT_LINE = Proof(4, 0.6, 2)
NAME = Proof(5, 0.9, 2)
# Of the stories after the first, so many must find a line foreign.
MIN_FOREIGN_VOTES = 0.75
# Names, and lines of which each story has a number of its own, must be in stories of so many days.
MIN_DAYS = 3


@dataclass(frozen=True, slots=True)
class LinePlace:
    """A hash of the numbers in a line, None if it has none, and how many lines are before and after it."""

    numbers: int | None = None
    before: int | None = None
    after: int | None = None


@dataclass(frozen=True, slots=True)
class StoryLine:
    """A line of a story; its `key` is a hash of the host and of the line with folded digits.

    A line that names the reporter comes in two forms, in one of them with "[byline]" in place of the
    name. `plain` is the other form. `place` says where in its story it is, for a name nowhere.
    """

    key: int
    text: str
    plain: str
    is_name: bool
    is_foreign: bool = False
    place: LinePlace = LinePlace()


@dataclass(frozen=True, slots=True)
class Story:
    """The first version of an article, as its host is taught by it.

    `day` is that of its publication, or else when it was seen first. `same_as` is the stored story that it
    repeats, None if it is a story of its own.
    """

    host: str
    url: str
    headline: str
    day: str
    lines: tuple[StoryLine, ...]
    same_as: int | None = None

    @property
    def characters(self) -> int:
        """The length of all lines."""
        return sum(len(line.text) for line in self.lines if line.text == line.plain)


@dataclass(frozen=True, slots=True)
class StoredStory:
    """An earlier story of the host; `original` is the first address of the same story."""

    id: int
    url: str
    headline: str
    day: str
    characters: int
    original: int


@dataclass(frozen=True, slots=True)
class HeldLine:
    """How a stored story has a line: whether it is foreign there, and its place."""

    is_foreign: bool
    place: LinePlace = LinePlace()


@dataclass(frozen=True, slots=True)
class SharedLines:
    """The earlier stories of a host that share a line with a story.

    `holders` maps the key of a line to the ids of the stories that have it, each with how. `total` counts all different stories of the host.
    """

    total: int = 0
    stories: Mapping[int, StoredStory] = field(default_factory=dict)
    holders: Mapping[int, Mapping[int, HeldLine]] = field(default_factory=dict)


def story_of(article: Article, host: str, url: str, *, at: datetime) -> Story:
    """The lines of an article that may teach its host, seen at a time; `learn_lines` says which are foreign."""
    lines = [
        StoryLine(_line_key(host, "line", form), form, text, False, place=place)
        for text, place in _placed_texts(article)
        if _may_be_shared(text)
        for form in line_forms(text, article.byline)
    ]
    names = [
        StoryLine(_line_key(host, "name", name), name, name, True)
        for name in map(visible, article.byline)
        if LETTERS.search(name)
    ]
    unique = {line.key: line for line in (*lines, *names)}
    day = (publisher_text(article.published_at) or to_text(at))[:DAY_CHARACTERS]
    return Story(host, url, visible(article.headline), day, tuple(unique.values()))


def _placed_texts(article: Article) -> Iterator[tuple[str, LinePlace]]:
    texts = list(map(visible, _texts(article)))
    for at, text in enumerate(texts):
        yield text, LinePlace(_numbers(text), at, len(texts) - 1 - at)


def _texts(article: Article) -> tuple[str, ...]:
    texts = (*(article.dek or "").splitlines(), *article.paragraphs, *article.captions)
    if len(texts) <= MAX_STORY_LINES:
        return texts
    return texts[: MAX_STORY_LINES // 2] + texts[-MAX_STORY_LINES // 2 :]


def _may_be_shared(text: str) -> bool:
    return (
        len(text) <= MAX_SHARED_LINE_CHARACTERS
        and LETTERS.search(text) is not None
        and not CORRECTION_NOTICE.search(text)
    )


def _line_key(host: str, group: str, text: str) -> int:
    return _hash(f"{host}\n{group}\n{fold_digits(text)}", size=8)


def _numbers(text: str) -> int | None:
    numbers = NUMBER.findall(text)
    return _hash("\n".join(numbers), size=4) if numbers else None


def _hash(text: str, *, size: int) -> int:
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=size).digest()
    return int.from_bytes(digest, signed=True)


def foreign_lines(article: Article, doubtful: Collection[str]) -> frozenset[str]:
    """The `doubtful` lines of an article that are foreign to its other lines."""
    texts = [text for text in map(visible, _texts(article)) if text not in doubtful]
    return foreign_texts(article.headline, texts, doubtful) or frozenset()


def learn_lines(
    story: Story, shared: SharedLines, restored: Boilerplate
) -> tuple[Story, tuple[BoilerplateLine, ...]]:
    """The story with what is known of it now, and the lines that it proves to be the publisher's. Pure.

    It is a story of its own or a repetition, and lines that it shares are foreign to it or topical.
    Nothing in `restored` is learned again.
    """
    original = _same_story(story, shared)
    if original is not None:
        return replace(story, same_as=original), ()
    names = [line.plain for line in story.lines if line.is_name]
    doubtful = [line for line in story.lines if line.key in shared.holders and not line.is_name]
    texts = dict.fromkeys(line.plain for line in story.lines if not line.is_name)
    own_texts = texts.keys() - {line.plain for line in doubtful}
    judged = {line.plain for line in doubtful}
    foreign = foreign_texts(story.headline, own_texts, judged) or frozenset()
    foreign |= {name for name in names if _is_house(name, names, story.host)}
    lines = tuple(replace(line, is_foreign=line.plain in foreign) for line in story.lines)
    story = replace(story, lines=lines)
    proven = (
        _boilerplate_line(story, line, shared) for line in lines if line.key in shared.holders
    )
    return story, tuple(line for line in proven if line and not restored.holds(line))


def _is_house(name: str, names: Sequence[str], host: str) -> bool:
    """Whether a byline may name the house: it is beside that of a reporter, or the host bears it.

    A name that is alone in all bylines may be that of the one reporter whom somebody watches.
    """
    return len(names) > 1 or any(term in host for term in terms(name))


def _same_story(story: Story, shared: SharedLines) -> int | None:
    """The original of the stored story that has mostly the same lines."""
    common: Counter[int] = Counter()
    for line in story.lines:
        for story_id in shared.holders.get(line.key, ()):
            common[story_id] += len(line.text) if line.text == line.plain else 0
    for story_id, characters in common.most_common():
        stored = shared.stories[story_id]
        is_same_headline = fold_digits(stored.headline) == fold_digits(story.headline)
        share = SAME_HEADLINE_SHARE if is_same_headline else SAME_STORY_SHARE
        if characters >= share * max(min(stored.characters, story.characters), 1):
            return stored.original
    return None


def _boilerplate_line(story: Story, line: StoryLine, shared: SharedLines) -> BoilerplateLine | None:
    """The line with its evidence; None if there is not enough."""
    holders = shared.holders[line.key]
    # Of one story under several addresses the first counts.
    by_original = {shared.stories[at].original: shared.stories[at] for at in sorted(holders, reverse=True)}  # fmt: skip
    stories = sorted(by_original.values(), key=lambda stored: stored.id)
    # When the first story came, nobody could know which of its lines it would share.
    votes = [*(holders[stored.id].is_foreign for stored in stories[1:]), line.is_foreign]
    is_foreign = sum(votes) >= MIN_FOREIGN_VOTES * len(votes)
    headlines = [story.headline, *(stored.headline for stored in stories)]
    has_days = len({story.day, *(stored.day for stored in stories)}) >= MIN_DAYS
    places = [line.place, *(holders[stored.id].place for stored in stories)]
    count = len(headlines) if has_days else _count_alike(line, places)
    total = shared.total + 1
    if not any(
        _is_proven(proof, count, total, headlines) for proof in _sufficient_proofs(line, is_foreign)
    ):
        return None
    urls = (*(stored.url for stored in stories[: MAX_EVIDENCE_ARTICLES - 1]), story.url)
    return BoilerplateLine(line.text, line.is_name, urls, f"{len(headlines)} of {total}")


def _count_alike(line: StoryLine, places: Sequence[LinePlace]) -> int:
    """How many stories of one day or two prove a line, for a name none.

    Those count that share its numbers, or have it in one place: a template puts a prompt to pay there.
    """
    if line.is_name:
        return 0
    numbers = Counter(place.numbers for place in places).values()
    columns = [place.before for place in places], [place.after for place in places]
    most = max(max(Counter(column).values()) for column in columns)
    return max(most, sum(count for count in numbers if count > 1))


def _sufficient_proofs(line: StoryLine, is_foreign: bool) -> Iterator[Proof]:
    """Each of these is enough for the line."""
    if is_foreign and line.is_name:
        yield NAME
    elif is_foreign and is_short(line.text):
        yield SHORT_LINE
    elif is_foreign:
        yield from (SENTENCE, RARE_SENTENCE)


def _is_proven(proof: Proof, count: int, total: int, headlines: Iterable[str]) -> bool:
    return (
        count >= proof.stories
        and count >= proof.share * total
        and _count_unrelated(headlines) >= proof.unrelated
    )


def _count_unrelated(headlines: Iterable[str]) -> int:
    """How many headlines at least share no term with each other."""
    subjects: list[frozenset[str]] = []
    for headline in headlines:
        subject = terms(headline)
        if all(subject.isdisjoint(other) for other in subjects):
            subjects.append(subject)
    return len(subjects)
