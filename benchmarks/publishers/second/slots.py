"""Where a site of the second world shows its own lines, and in which rhythm they change."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

Place = Literal["after the first", "between", "end", "box", "list", "picture", "credit", "desk"]
Rhythm = Literal["at once", "one by one", "by request", "section", "old articles", "weekday"]
# Where a site shows a line, and from which lists it takes it.
LISTS: dict[Place, tuple[str, ...]] = {
    "after the first": ("pitch", "pitch", "topic", "city"),
    "between": ("pitch", "pitch", "topic", "city"),
    "end": ("pitch", "pitch", "archive"),
    "box": ("pitch", "topic", "city"),
    "list": ("items",),
    "picture": ("promo",),
    "credit": ("credit",),
    "desk": ("desk",),
}
RHYTHMS: tuple[Rhythm, ...] = (
    "at once", "one by one", "by request", "section", "old articles", "weekday",
)  # fmt: skip
SLOTS_PER_SITE = (2, 4)
TURN_SHARE = 0.25  # of the rounds after the first, for each slot that is exchanged
WITHDRAWN_SHARE = 0.15  # of the turns of a slot; nothing is there until the next one
ITEMS_AT_ONCE = 3
ROUNDS_OF_A_ROLLOUT = 3  # one after the other, over a day
ROUNDS_PER_DAY = 4
OLD_AGE = 6  # in rounds


@dataclass(frozen=True, slots=True)
class Reading:
    """What decides which lines a page shows: the round, and which request of the page this is."""

    round_number: int
    request: int = 0


@dataclass(frozen=True, slots=True)
class Shown:
    """The article that shows a line: how it is filled, and whether it is meant."""

    index: int
    section: int
    age: int
    topic: str
    reporter: str


@dataclass(frozen=True, slots=True)
class Slot:
    """A place with the lines that it shows in turn; an empty one shows nothing.

    `turns` are the rounds in which the next line comes.
    """

    place: Place
    after: int
    rhythm: Rhythm
    turns: tuple[int, ...]
    lines: tuple[tuple[str, ...], ...]
    figure: int
    growth: int

    def texts(self, reading: Reading, shown: Shown) -> tuple[str, ...]:
        """The templates of the lines that an article shows at a request; none if it is not meant."""
        at = reading.round_number
        match self.rhythm:
            case "section" if shown.section != self.figure % 2:
                return ()
            case "old articles":
                return self.lines[0] if shown.age >= OLD_AGE else ()
            case "by request":
                return self.lines[random.Random(f"{self.figure}/{reading}").randrange(2)]
            case "weekday":
                return self.lines[at // ROUNDS_PER_DAY % len(self.lines)]
            case "one by one":
                at -= shown.index % ROUNDS_OF_A_ROLLOUT
        return self.lines[sum(turn <= at for turn in self.turns) % len(self.lines)]


def make_slots(table: Mapping[str, Any], rounds: int, rng: random.Random) -> tuple[Slot, ...]:
    """The slots of a new site, each in another place."""
    places = rng.sample(sorted(LISTS), rng.randint(*SLOTS_PER_SITE))
    return tuple(_slot(place, table["lines"], rounds, rng) for place in places)


def _slot(
    place: Place, lists: Mapping[str, Sequence[str]], rounds: int, rng: random.Random
) -> Slot:
    kind = rng.choice(LISTS[place])
    rhythm: Rhythm = "old articles" if kind == "archive" else rng.choice(RHYTHMS)
    turns = tuple(n for n in range(2, rounds + 1) if rng.random() < TURN_SHARE)
    lines = rng.sample(lists[kind], len(lists[kind]))
    groups = [(line,) for line in lines]
    if kind == "items":
        groups = [
            tuple(lines[k : k + ITEMS_AT_ONCE]) for k in range(len(lines) - ITEMS_AT_ONCE + 1)
        ]
    elif rhythm not in ("by request", "weekday") and rng.random() < WITHDRAWN_SHARE * len(turns):
        groups.insert(rng.randint(1, len(groups)), ())
    growth = rng.choice((0, 0, 1, 7))
    return Slot(
        place, rng.randint(2, 4), rhythm, turns, tuple(groups), rng.randint(20, 800), growth
    )


def filled(
    slot: Slot, reading: Reading, shown: Shown, brand: str, cities: Sequence[str]
) -> tuple[str, ...]:
    """The lines of a slot as an article shows them; the reader's city is another one now and then."""
    at = reading.round_number
    return tuple(
        text.format(
            brand=brand,
            n=slot.figure + slot.growth * at,
            topic=shown.topic,
            reporter=shown.reporter,
            city=cities[at // ROUNDS_OF_A_ROLLOUT % len(cities)],
        )
        for text in slot.texts(reading, shown)
    )
