"""The user's settings that every check needs."""

from dataclasses import dataclass, field

from schedules.cadence import CheckRate
from scraper.extract.rules.rule import Rule
from storage.queue.outbox import ChannelFilter
from storage.vocabulary import LEARN_CHOICES


@dataclass(frozen=True, slots=True)
class CheckSettings:
    """Site rules, how often to check, which edits go to which channel, whether to keep the page of an
    unchanged check, and from which articles to learn the lines of a publisher."""

    rules: tuple[Rule, ...] = ()
    check_rate: CheckRate = field(default_factory=CheckRate)
    channel_filters: tuple[ChannelFilter, ...] = ()
    keeps_unchanged: bool = True
    learn: str = LEARN_CHOICES[0]
