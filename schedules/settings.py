"""What the user has set for looks, as every look needs it."""

from dataclasses import dataclass, field

from schedules.cadence import Pace
from scraper.extract.rules.rule import Rule
from storage.queue.outbox import Audience


@dataclass(frozen=True, slots=True)
class Settings:
    """The user's rules for sites, how close looks may come, who is told of edits, and whether the page
    of a look is kept that saw nothing new."""

    rules: tuple[Rule, ...] = ()
    pace: Pace = field(default_factory=Pace)
    audiences: tuple[Audience, ...] = ()
    keeps_unchanged: bool = True
