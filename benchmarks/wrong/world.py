"""What a world is: how its site answers, for how long, and what becomes of its articles."""

from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.wrong.site import Reply
from benchmarks.wrong.stories import Fate

WRONG_FROM = 3.0
ALL_HEAD = "canonical ld times og"


def no_fate(place: int) -> Fate | None:
    """Every article stays."""
    return None


@dataclass(frozen=True, slots=True)
class World:
    """A site whose answers are wrong from `wrong_from` on for `wrong_hours`, and good otherwise.

    `fate` gives what becomes of the article in a place of the site. `copies` are further addresses of
    every article that are watched from an hour on, and `first_path` is the one that is watched first.
    An edit that is logged later than `max_delay_hours` counts as missed.
    """

    name: str
    summary: str
    wrong: Reply
    lang: str = "en"
    style: str = "plain"
    head: str = ALL_HEAD
    wrong_from: float = WRONG_FROM
    wrong_hours: float = 6.0
    days_after: float = 8.0
    fate: Callable[[int], Fate | None] = no_fate
    first_path: str = "/news/{number}"
    copies: tuple[tuple[float, str], ...] = ()
    always: bool = False
    max_delay_hours: float | None = None

    @property
    def wrong_until(self) -> float:
        """The hour at which the site is good again."""
        return self.wrong_from + self.wrong_hours

    @property
    def ends_at(self) -> float:
        """The last hour of the run."""
        return self.wrong_until + 24 * self.days_after

    def is_wrong_at(self, hours: float) -> bool:
        """Whether the site answers in its wrong way at this hour."""
        return self.always or self.wrong_from <= hours < self.wrong_until

    def edit_spans(self) -> list[tuple[float, float]]:
        """When real edits happen: before, while the site is wrong, and after."""
        before = (0.3, max(self.wrong_from - 0.3, 0.4))
        during = (self.wrong_from + 0.1, max(self.wrong_until - 0.1, self.wrong_from + 0.2))
        return [before, during, (self.wrong_until + 1, self.wrong_until + 12)]
