"""What every command gets: the database, the settings, a clock and the network."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from scraper.errors import UrlError
from storage.database import open_database, open_existing, open_in_memory
from variorum.config.settings import Config, read_site_rules
from variorum.errors import ConfigError

if TYPE_CHECKING:
    from schedules.check.settings import CheckSettings
    from schedules.hosts.network import Network
    from scraper.extract.rules.rule import Rule
    from storage.database import Database


# Reads and compares a page. What reads feeds, `run` has imported already, and `fetch` needs none of it.
REHEARSAL = "schedules.rehearsal"


@dataclass(frozen=True, slots=True)
class Context:
    """The path of the database and the settings of this call, with the file they were read from."""

    db_path: Path
    config: Config
    config_path: Path | None = None

    def open_writable(self) -> "Database":
        """The database, which is made if there is none."""
        return open_database(self.db_path, synchronous=self.config.storage.synchronous)

    def open_readable(self) -> "Database":
        """The database, read only. Raises DatabaseError if there is none."""
        return open_existing(self.db_path)

    def open_or_empty(self) -> "Database":
        """The database, read only, or an empty one in memory if there is none."""
        return open_existing(self.db_path) if self.db_path.is_file() else open_in_memory()

    def site_rules(self) -> "tuple[Rule, ...]":
        """The user's own site rules. Raises ConfigError if they cannot be used."""
        return read_site_rules(self.config)

    def check_settings(self, db: "Database") -> "CheckSettings":
        """The settings of a check. Raises ConfigError if the site rules cannot be used."""
        from schedules.cadence.budget import current_check_rate  # most commands check nothing
        from schedules.check.settings import CheckSettings

        return CheckSettings(
            self.site_rules(),
            current_check_rate(db, self.config.budget),
            self.config.channel_filters,
            keeps_unchanged=self.config.storage.snapshots == "all",
            learn=self.config.learn,
        )


def now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


@asynccontextmanager
async def open_network(
    config: Config,
    delay: float | None,
    db: "Database | None" = None,
    clock: Callable[[], datetime] = now,
) -> "AsyncIterator[Network]":
    """The network, within the limits of the settings; `delay` is seconds between two requests to a host.

    Raises ConfigError if the environment names a proxy that cannot be used.
    The connections are closed at the end. With a database, what it records of hosts (robots.txt,
    backoff) outlives the run. `clock` gives the time.
    """
    from schedules.hosts.network import Network
    from schedules.hosts.politeness import Hosts
    from schedules.processes import open_processes
    from scraper.fetch import Fetcher
    from scraper.http.pools import Pools

    host_delay = config.host_delay if delay is None else timedelta(seconds=delay)
    try:
        pools = Pools(config.allowed_hosts)
    except UrlError as error:
        raise ConfigError(str(error)) from error
    with open_processes(REHEARSAL) as reader:
        async with Fetcher(config.user_agent, config.limits, pools) as fetcher:
            yield Network(fetcher, Hosts(clock, host_delay), clock, db, reader=reader)
