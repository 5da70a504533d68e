"""The publishers, their articles with real edits, and the page of an article in each round."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace

from benchmarks.pages.edits import MadeEdit
from benchmarks.publishers.campaigns import ROLLOUTS, Campaigns, make_campaigns
from benchmarks.publishers.edits import EDIT_KINDS, edit_story
from benchmarks.publishers.stories import (
    SentenceDeck,
    Story,
    StoryWriter,
    languages,
    person,
    phrases,
)
from benchmarks.publishers.template import Insert, PageText, Template, choose_template

ARTICLES_PER_PUBLISHER = (4, 6)
REPORTERS_PER_PUBLISHER = 2
EDITED_CHECK_SHARE = 1 / 3  # of the checks after the first
AGENCY_SHARE = 0.4  # of the publishers; one story has a second address
HOUSE_BYLINE_SHARE = 0.3  # of the publishers; their articles bear no name
BRAND_WORDS = ("Kurier", "Observer", "Tribuna", "Echo", "Meridian", "Lantern", "Halyard", "Vesper")


@dataclass(frozen=True, slots=True)
class WorldArticle:
    """An article: its story in every round, and its edits by the round that first shows them."""

    publisher: int
    index: int
    path: str
    reporter: str
    stories: dict[int, Story]
    edits: dict[int, MadeEdit]
    first_round: int = 1


@dataclass(frozen=True, slots=True)
class Publisher:
    """One publisher, on a host of its own. `house_bylines` maps a round to the byline of all."""

    number: int
    language: str
    template: Template
    campaigns: Campaigns
    house_bylines: dict[int, str]
    articles: tuple[WorldArticle, ...]

    def page(
        self, article: WorldArticle, round_number: int, base_url: str, *, request: int = 0
    ) -> bytes:
        """The page of an article in a round, the same at every request."""
        story = article.stories[round_number]
        return self.template.page(
            PageText(
                url=base_url + article.path,
                headline=story.headline,
                dek=story.dek,
                byline=self._byline(article, round_number),
                caption=story.caption,
                paragraphs=story.paragraphs,
                inserts=self.inserts(article, round_number),
                links=self.links(round_number, without=article),
                hour=6 + article.index,
            )
        )

    def inserts(self, article: WorldArticle, round_number: int) -> tuple[Insert, ...]:
        """The site-wide lines of an article in a round."""
        return self.campaigns.inserts(round_number, article.index, article.reporter)

    def links(
        self, round_number: int, *, without: WorldArticle | None = None
    ) -> tuple[tuple[str, str], ...]:
        """Paths and headlines of the articles, but for the one that shows the links."""
        return tuple(
            (article.path, article.stories[round_number].headline)
            for article in self.articles
            if article != without
        )

    def front_page(self, round_number: int) -> bytes:
        """The home page: links to all articles."""
        return self.template.front_page(self.links(round_number))

    def changes(self, article: WorldArticle, round_number: int) -> str:
        """In which rollout a line or the house byline is another one than a round before."""
        places = [self.campaigns.places(n, article.index) for n in (round_number - 1, round_number)]
        bylines = [self._byline(article, n) for n in (round_number - 1, round_number)]
        is_exchanged = places[0] != places[1] or bylines[0] != bylines[1]
        return f"exchanged {self.campaigns.rollout}" if is_exchanged else "as before"

    def _byline(self, article: WorldArticle, round_number: int) -> str:
        if self.house_bylines:
            return self.house_bylines[round_number]
        form: str = phrases(self.language)["bylines"][0]
        return form.format(reporter=article.reporter)


def build_publishers(count: int, *, rounds: int, seed: int) -> list[Publisher]:
    """Publishers in turn of all languages; the same seed builds the same world."""
    rng = random.Random(seed)
    kinds = rng.sample(EDIT_KINDS, len(EDIT_KINDS))
    codes = languages()
    return [
        _publisher(
            number, codes[number % len(codes)], kinds, rounds, random.Random(f"{seed}/{number}")
        )
        for number in range(count)
    ]


def _publisher(
    number: int, language: str, kinds: list[str], rounds: int, rng: random.Random
) -> Publisher:
    table = phrases(language)
    brand = f"{rng.choice(table['places'])} {rng.choice(BRAND_WORDS)}"
    template = choose_template(brand, language, tuple(rng.sample(table["topics"], 5)), rng)
    rollout = ROLLOUTS[number // len(languages()) % 2]
    deck = SentenceDeck(table, rng)
    reporters = [person(table, rng) for _ in range(REPORTERS_PER_PUBLISHER)]
    articles = tuple(
        _article(number, index, template.path, reporters[index // 2 % 2],
                 StoryWriter(table, rng, deck), kinds, rounds)
        for index in range(rng.randint(*ARTICLES_PER_PUBLISHER))
    )  # fmt: skip
    if rng.random() < AGENCY_SHARE:
        articles = (*articles, _same_story(articles, template.path, rng))
    return Publisher(
        number=number,
        language=language,
        template=template,
        campaigns=make_campaigns(brand, language, rollout, rounds=rounds, rng=rng),
        house_bylines=_house_bylines(table["house_bylines"], brand, rounds, rng),
        articles=articles,
    )


def _house_bylines(forms: list[str], brand: str, rounds: int, rng: random.Random) -> dict[int, str]:
    """The byline of the house by round: it changes once. Empty if the articles bear names."""
    if rng.random() >= HOUSE_BYLINE_SHARE:
        return {}
    before, after = (form.format(brand=brand) for form in rng.sample(forms, 2))
    change = rng.randint(2, rounds)
    return {n: before if n < change else after for n in range(1, rounds + 1)}


def _article(
    publisher: int,
    index: int,
    path: str,
    reporter: str,
    writer: StoryWriter,
    kinds: list[str],
    rounds: int,
) -> WorldArticle:
    stories = {1: writer.story()}
    edits: dict[int, MadeEdit] = {}
    for number in range(2, rounds + 1):
        story = stories[number - 1]
        if writer.rng.random() < EDITED_CHECK_SHARE:
            story, edits[number] = _edited(story, kinds, writer, edits)
        stories[number] = story
    path = path.format(id=writer.rng.randint(10**6, 10**7))
    return WorldArticle(publisher, index, path, reporter, stories, edits)


def _same_story(articles: tuple[WorldArticle, ...], path: str, rng: random.Random) -> WorldArticle:
    """One of the stories at another address, as with copy of an agency; its edits are the same."""
    story = rng.choice(articles)
    return replace(story, index=len(articles), path=path.format(id=rng.randint(10**6, 10**7)))


def _edited(
    story: Story, kinds: list[str], writer: StoryWriter, earlier: dict[int, MadeEdit]
) -> tuple[Story, MadeEdit]:
    """The story after an edit of the first kind in the queue that fits; it moves to the end."""
    once = {edit.kind for edit in earlier.values()} & {"headline", "caption", "correction note"}
    for kind, (edited_story, made_edit) in _possible_edits(story, kinds, writer, once):
        kinds.remove(kind)
        kinds.append(kind)
        return edited_story, made_edit
    raise AssertionError("a paragraph can always be added")


def _possible_edits(
    story: Story, kinds: list[str], writer: StoryWriter, excluded: set[str]
) -> Iterator[tuple[str, tuple[Story, MadeEdit]]]:
    for kind in list(kinds):
        change = None if kind in excluded else edit_story(story, kind, writer)
        if change is not None:
            yield kind, change
