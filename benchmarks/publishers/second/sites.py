"""The sites of the second world: their articles with real edits, and the page of each at a request."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

from benchmarks.pages.edits import MadeEdit
from benchmarks.publishers.second.markup import Markup, PlacedLine, make_markup
from benchmarks.publishers.second.newsroom import NewsroomEdits
from benchmarks.publishers.second.slots import Reading, Shown, Slot, filled, make_slots
from benchmarks.publishers.second.texts import text_languages, text_table
from benchmarks.publishers.stories import SentenceDeck, Story, StoryWriter, person
from benchmarks.publishers.template import Insert

SIZES = ((2, 4), (4, 6), (12, 12))  # articles of a site, in turn
LATE_SHARE = 0.2  # of the articles after the second: published in a later round
AGENCY_SHARE = 0.4  # of the sites; one story has a second address
REPORTERS_PER_SITE = 3
MAX_FIRST_AGE = 5  # of an article in the first round
BRAND_ENDINGS = ("Radar", "Signal", "Nova", "Orbis", "Klar", "Delta", "Prisma", "Vega")


@dataclass(frozen=True, slots=True)
class SiteArticle:
    """An article: its story and its byline in every round, and its edits by the round that first shows them."""

    index: int
    path: str
    section: int
    topic: str
    first_round: int
    first_age: int
    stories: dict[int, Story]
    bylines: dict[int, tuple[str, ...]]
    edits: dict[int, MadeEdit]


@dataclass(frozen=True, slots=True)
class NewsSite:
    """One publisher of the second world, on a host of its own."""

    number: int
    language: str
    markup: Markup
    slots: tuple[Slot, ...]
    articles: tuple[SiteArticle, ...]

    def page(
        self, article: SiteArticle, round_number: int, base_url: str, *, request: int = 0
    ) -> bytes:
        """The page of an article in a round, at one of the requests for it."""
        return self.markup.page(
            base_url + article.path,
            article.stories[round_number],
            article.bylines[round_number],
            self._lines(article, Reading(round_number, request)),
            self.links(round_number, without=article),
            index=article.index,
        )

    def inserts(self, article: SiteArticle, round_number: int) -> tuple[Insert, ...]:
        """The site-wide lines of an article in a round that are lines of their own."""
        return tuple(
            Insert(line.after, line.place, line.text)
            for line in self._lines(article, Reading(round_number))
            if line.place not in ("credit", "desk")
        )

    def links(
        self, round_number: int, *, without: SiteArticle | None = None
    ) -> tuple[tuple[str, str], ...]:
        """Paths and headlines of the articles of a round, but for the one that shows the links."""
        return tuple(
            (article.path, article.stories[round_number].headline)
            for article in self.articles
            if article.first_round <= round_number and article != without
        )

    def front_page(self, round_number: int) -> bytes:
        """The home page: links to all articles."""
        return self.markup.front(self.links(round_number))

    def changes(self, article: SiteArticle, round_number: int) -> str:
        """In which rhythm a line of the article is another one than a round before."""
        readings = [Reading(n) for n in (round_number - 1, round_number)]
        if round_number <= article.first_round:
            return "as before"
        rhythms = {
            slot.rhythm
            for slot in self.slots
            if len({self._filled(slot, article, reading) for reading in readings}) > 1
        }
        rhythms |= {slot.rhythm for slot in self.slots if slot.rhythm == "by request"}
        return " + ".join(sorted(rhythms)) if len(rhythms) < 2 else "several"

    def _lines(self, article: SiteArticle, reading: Reading) -> tuple[PlacedLine, ...]:
        return tuple(
            PlacedLine(slot.place, slot.after, text[0].upper() + text[1:])
            for slot in self.slots
            for text in self._filled(slot, article, reading)
        )

    def _filled(self, slot: Slot, article: SiteArticle, reading: Reading) -> tuple[str, ...]:
        age = article.first_age + reading.round_number - article.first_round
        reporter = article.bylines[max(reading.round_number, article.first_round)][0]
        shown = Shown(article.index, article.section, age, article.topic, reporter)
        cities = text_table(self.language)["places"]
        return filled(slot, reading, shown, self.markup.brand, cities)


def build_sites(count: int, *, rounds: int, seed: int) -> list[NewsSite]:
    """Sites in turn of all languages and sizes; the same seed builds the same world."""
    codes = text_languages()
    return [
        _site(n, codes[n % len(codes)], SIZES[n // len(codes) % len(SIZES)], rounds, random.Random(f"{seed}:{n}"))
        for n in range(count)
    ]  # fmt: skip


def _site(
    number: int, language: str, size: tuple[int, int], rounds: int, rng: random.Random
) -> NewsSite:
    table = text_table(language)
    brand = f"{rng.choice(table['places'])} {rng.choice(BRAND_ENDINGS)}"
    deck = SentenceDeck(table, rng)
    reporters = [person(table, rng) for _ in range(REPORTERS_PER_SITE)]
    writers = [StoryWriter(table, rng, deck) for _ in range(rng.randint(*size))]
    newsroom = NewsroomEdits(table, writers, rounds, rng)
    path = rng.choice(("/n/{id}", "/{id}-story.html", "/2026/09/{id}/"))
    articles = tuple(
        _article(index, writer, newsroom, reporters[index % len(reporters)], path)
        for index, writer in enumerate(writers)
    )
    if rng.random() < AGENCY_SHARE:
        articles = (*articles, _copy(articles, path, rng))
    markup = make_markup(brand, language, rng)
    return NewsSite(number, language, markup, make_slots(table, rounds, rng), articles)


def _article(
    index: int, writer: StoryWriter, newsroom: NewsroomEdits, reporter: str, path: str
) -> SiteArticle:
    rng = writer.rng
    is_late = index > 1 and not newsroom.is_trap(index) and rng.random() < LATE_SHARE
    first_round = rng.randint(2, max(2, newsroom.rounds - 2)) if is_late else 1
    history = newsroom.history(index, first_round, reporter)
    return SiteArticle(
        index=index,
        path=path.format(id=rng.randint(10**6, 10**7)),
        section=index % 2,
        topic=writer.topic,
        first_round=first_round,
        first_age=rng.randint(0, MAX_FIRST_AGE),
        stories=history.stories,
        bylines=history.bylines,
        edits=history.edits,
    )


def _copy(articles: Sequence[SiteArticle], path: str, rng: random.Random) -> SiteArticle:
    """A story at a second address, as with copy of an agency; its edits are the same."""
    index = len(articles)
    identifier = rng.randint(10**6, 10**7)
    return replace(rng.choice(articles), index=index, path=path.format(id=identifier))
