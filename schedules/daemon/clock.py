"""The clock of a daemon: the time of day, which somebody may set, by the uptime, which nobody can."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from storage.queue.clock import ClockReading, clock_jump
from storage.queue.uptime import Uptime, uptime


@dataclass(slots=True)
class SteadyClock:
    """Gives the time of day, as the uptime says, since the clock was last followed.

    So if somebody sets the clock, no part of the program meets the new time before all times are moved.
    """

    time_of_day: Callable[[], datetime]
    uptime: Callable[[], Uptime] = uptime
    reading: ClockReading = field(init=False)

    def __post_init__(self) -> None:
        self.reading = self.read()

    def now(self) -> datetime:
        """The time."""
        passed = self.uptime().seconds - self.reading.uptime.seconds
        return self.reading.at + timedelta(seconds=passed)

    def read(self) -> ClockReading:
        """What the clock of the machine says."""
        return ClockReading(self.time_of_day(), self.uptime())

    def follow(self, reading: ClockReading) -> timedelta:
        """Go on from a reading; gives how far the clock was set before it."""
        jump = clock_jump(self.reading, reading)
        self.reading = reading
        return jump
