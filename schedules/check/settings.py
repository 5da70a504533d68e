"""The user's settings that every check needs."""

from dataclasses import dataclass, field

from schedules.cadence import CheckRate
from scraper.extract.rules.rule import Rule
from storage.queue.outbox import ChannelFilter


@dataclass(frozen=True, slots=True)
class CheckSettings:
    """Site rules, how often to check, which edits go to which channel, and whether to keep the page
    of an unchanged check."""

    rules: tuple[Rule, ...] = ()
    check_rate: CheckRate = field(default_factory=CheckRate)
    channel_filters: tuple[ChannelFilter, ...] = ()
    keeps_unchanged: bool = True
