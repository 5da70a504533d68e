"""What the user has set for looks, as every look needs it."""

from dataclasses import dataclass, field

from schedules.cadence import CheckRate
from scraper.extract.rules.rule import Rule
from storage.queue.outbox import ChannelFilter


@dataclass(frozen=True, slots=True)
class CheckSettings:
    """The user's rules for sites, how close looks may come, who is told of edits, and whether the page
    of a look is kept that saw nothing new."""

    rules: tuple[Rule, ...] = ()
    check_rate: CheckRate = field(default_factory=CheckRate)
    channel_filters: tuple[ChannelFilter, ...] = ()
    keeps_unchanged: bool = True
