"""Signs of life for a monitor: at each tick of the daemon it touches a file, pings an address and tells systemd."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from schedules.hosts.user_address import UserAddress, post_to_user
from scraper.errors import FetchError, UrlError
from storage.database import Database
from variorum.config.settings import AliveConfig
from variorum.monitor.log import LOGGER
from variorum.monitor.metrics import Metrics
from variorum.monitor.systemd import ALIVE, READY, tell_systemd

PING_TIMEOUT_SECONDS = 10.0
PING_INTERVAL = timedelta(minutes=1)


@dataclass(slots=True)
class Heartbeat:
    """Owns the signs of life: a file, an address, systemd's watchdog and the gauges of the metrics."""

    config: AliveConfig
    db: Database
    metrics: Metrics | None = None
    _ping_task: asyncio.Task[None] | None = None
    _pinged_at: datetime | None = None
    _has_beaten: bool = False
    _reported_problems: dict[str, str] = field(default_factory=dict)

    def beat(self, now: datetime) -> None:
        """Give all signs of life. A problem is logged, and never stops the daemon."""
        if self.config.file:
            problem = None
            try:
                Path(self.config.file).touch()
            except OSError as error:
                problem = f"[alive] file {self.config.file} cannot be touched: {error.strerror}"
            self._report_problem("file", problem)
        self._report_problem("systemd", tell_systemd(ALIVE if self._has_beaten else READY + ALIVE))
        self._has_beaten = True
        if self.metrics:
            self.metrics.set_gauges(self.db, now)
        # A ping in the future was sent before the clock was set back.
        is_ping_due = (
            self._pinged_at is None or not timedelta(0) <= now - self._pinged_at < PING_INTERVAL
        )
        if self.config.url and is_ping_due and (self._ping_task is None or self._ping_task.done()):
            self._pinged_at = now
            self._ping_task = asyncio.create_task(self._ping_url(now))

    async def _ping_url(self, at: datetime) -> None:
        """Send a POST to the address. A slow answer does not delay the ticks."""
        problem = None
        try:
            address = UserAddress(self.config.url, self.config.allowed)
            answer = await post_to_user(
                self.db, address, b"", headers={}, timeout=PING_TIMEOUT_SECONDS, at=at
            )
        except (FetchError, UrlError) as error:
            problem = f"the address in [alive] url does not answer: {error.reason}"
        else:
            if answer.status >= 400:
                problem = f"the address in [alive] url answers with status {answer.status}"
        self._report_problem("url", problem)

    def _report_problem(self, name: str, problem: str | None) -> None:
        """Log a problem once, when it begins."""
        if problem and self._reported_problems.get(name) != problem:
            LOGGER.warning("%s", problem)
        self._reported_problems[name] = problem or ""
