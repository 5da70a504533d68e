"""The site-wide lines of one publisher over the rounds: campaigns that begin, change and end."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from benchmarks.publishers.stories import phrases
from benchmarks.publishers.template import Insert, choose_line_style

Rollout = Literal["at once", "one after another"]
ROLLOUTS: tuple[Rollout, ...] = ("at once", "one after another")
PLACES_PER_PUBLISHER = (2, 5)
EXCHANGE_SHARE = 0.55  # of the rounds after the first
FILLED_SHARE = 0.85  # of the places in the first round
WITHDRAWN_SHARE = 0.2  # of the exchanged lines; nothing takes their place
COUNTED_SHARE = 0.3  # of the lines; their figures are another one in each round
LINE_KINDS = (
    "newsletter", "messenger", "partner", "offer", "paywall",
    "credit", "author", "app", "donation", "podcast",
)  # fmt: skip
PICTURE_SHARE = 0.12  # of the places, at most one of a publisher
FOOT = 99  # after the last paragraph


@dataclass(frozen=True, slots=True)
class SiteLine:
    """A site-wide line: its template, and the figure that all its appearances share.

    The figure grows by `growth` from round to round.
    """

    kind: str
    template: str
    figure: int
    growth: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where the template shows a line: after how many paragraphs, and in which style."""

    after_paragraphs: int
    style: str
    line: SiteLine | None


@dataclass(slots=True)
class Campaigns:
    """The places of a publisher in every round.

    `starts` maps a round to the places that begin in it. A rollout "one after another" reaches
    half of the articles in that round and the others in the next.
    """

    brand: str
    language: str
    rollout: Rollout
    starts: dict[int, tuple[Place, ...]] = field(default_factory=dict)

    def places(self, round_number: int, article_index: int) -> tuple[Place, ...]:
        """What an article shows in a round."""
        return self.starts[
            max(s for s in self.starts if self._reached(s, article_index) <= round_number)
        ]

    def inserts(self, round_number: int, article_index: int, reporter: str) -> tuple[Insert, ...]:
        """The lines of an article in a round, with their figures filled in.

        A paywall shows a share that differs between articles. Some lines count members or
        readers again in each round.
        """
        inserts = []
        for place in self.places(round_number, article_index):
            if place.line is None:
                continue
            text = place.line.template.format(
                brand=self.brand,
                reporter=reporter,
                k=place.line.figure % 9 + 2,
                n=place.line.figure + place.line.growth * round_number,
                p=20 + (place.line.figure + 13 * article_index) % 70,
            )
            inserts.append(Insert(place.after_paragraphs, place.style, text[0].upper() + text[1:]))
        return tuple(inserts)

    def _reached(self, start: int, article_index: int) -> int:
        """The round in which an article shows what starts in round `start`."""
        is_late = self.rollout == "one after another" and start > 1 and article_index % 2 == 1
        return start + is_late


def make_campaigns(
    brand: str, language: str, rollout: Rollout, *, rounds: int, rng: random.Random
) -> Campaigns:
    """The campaigns of a new publisher over some rounds."""
    campaigns = Campaigns(brand, language, rollout)
    places = _first_places(language, rng)
    campaigns.starts[1] = places
    next_start = 2
    for round_number in range(2, rounds + 1):
        if round_number >= next_start and rng.random() < EXCHANGE_SHARE:
            places = _exchanged(places, language, rng)
            campaigns.starts[round_number] = places
            next_start = round_number + (1 if rollout == "at once" else 2)
    return campaigns


def _first_places(language: str, rng: random.Random) -> tuple[Place, ...]:
    count = rng.randint(*PLACES_PER_PUBLISHER)
    positions = rng.sample((1, 2, 3, 4, FOOT, FOOT), count)
    places: list[Place] = []
    for position in positions:
        has_picture = any(place.style == "picture" for place in places)
        is_picture = rng.random() < PICTURE_SHARE and not has_picture
        style = "picture" if is_picture else choose_line_style(rng)
        line = _new_line(style, language, places, rng) if rng.random() < FILLED_SHARE else None
        places.append(Place(position, style, line))
    return tuple(places)


def _exchanged(places: tuple[Place, ...], language: str, rng: random.Random) -> tuple[Place, ...]:
    """The places after one or two of them got another line, lost theirs or got a first one."""
    changed = list(places)
    for at in rng.sample(range(len(places)), rng.randint(1, min(2, len(places)))):
        is_withdrawn = places[at].line is not None and rng.random() < WITHDRAWN_SHARE
        line = None if is_withdrawn else _new_line(places[at].style, language, changed, rng)
        changed[at] = replace(places[at], line=line)
    return tuple(changed)


def _new_line(style: str, language: str, places: list[Place], rng: random.Random) -> SiteLine:
    """A line that none of the places shows."""
    lists: Mapping[str, list[str]] = phrases(language)["lines"]
    shown = {place.line.template for place in places if place.line}
    kinds = ("figure",) if style == "picture" else LINE_KINDS
    candidates = [
        (kind, template) for kind in kinds for template in lists[kind] if template not in shown
    ]
    kind, template = rng.choice(candidates)
    growth = rng.randint(1, 20) if rng.random() < COUNTED_SHARE else 0
    return SiteLine(kind, template, rng.randint(100, 700), growth)
