"""The clock of the machine, which somebody may set, beside its uptime, which nobody can."""

from dataclasses import dataclass
from datetime import datetime, timedelta

# A clock that is adjusted in small steps needs nothing. Checks are minutes apart.
MIN_JUMP = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class ClockReading:
    """The time of day and the uptime of one moment."""

    at: datetime
    uptime: timedelta


def clock_jump(before: ClockReading, after: ClockReading) -> timedelta:
    """How far the clock was set between two readings: forward, or back (negative); zero if it was not.

    >>> noon = datetime(2026, 5, 14, 12)
    >>> before, hour = ClockReading(noon, timedelta(0)), timedelta(hours=1)
    >>> clock_jump(before, ClockReading(noon + hour, hour)), clock_jump(before, ClockReading(noon - hour, timedelta(0)))
    (datetime.timedelta(0), datetime.timedelta(days=-1, seconds=82800))
    """
    jump = (after.at - before.at) - (after.uptime - before.uptime)
    return jump if abs(jump) >= MIN_JUMP else timedelta(0)
