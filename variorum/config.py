"""`variorum.toml`: what a user may set, and what each value may be."""

import re
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scraper.errors import RuleError
from scraper.http.limits import USER_AGENT, Limits
from storage.vocabulary import FIELD_NAMES, KINDS
from variorum.errors import ConfigError
from variorum.toml_settings import (
    NOT_A_SETTING,
    TOP_LEVEL,
    SettingsFile,
    TableRef,
    number_between,
    one_of,
    parse_table,
    read_toml,
    secret_setting,
    variable_values,
)

if TYPE_CHECKING:
    from schedules.cadence.budget import Budget
    from scraper.extract.rules.rule import Rule
    from storage.queue.outbox import ChannelFilter

# The types of channels; `variorum.notify` has a module for each.
CHANNEL_TYPES = ("command", "webhook", "apprise", "atom")
HOST_NAME = re.compile(r"[\w.-]+")


@dataclass(frozen=True, slots=True)
class ExtractConfig:
    """[extract]: the file of the user's own site rules, relative to the settings file."""

    sites: str = ""


@dataclass(frozen=True, slots=True)
class CadenceConfig:
    """[cadence]: how often articles are checked. `floor` and `ceiling` are seconds between two checks.

    With `checks_per_day` 0 the budget is per article, else it is for all articles together.
    """

    checks_per_article: float = number_between(24.0, 2, 10_000)
    checks_per_day: int = number_between(0, 0, 100_000_000)
    floor: float = number_between(120.0, 10, 86_400)
    ceiling: float = number_between(30 * 86_400.0, 60, 366 * 86_400)


@dataclass(frozen=True, slots=True)
class AliveConfig:
    """[alive]: how a monitor sees that the daemon works. The URL may be a secret."""

    file: str = ""
    url: str = secret_setting("")
    metrics_port: int = number_between(0, 0, 65_535)


@dataclass(frozen=True, slots=True)
class StorageConfig:
    """[storage]: how safe the last seconds are from a power cut, and which pages are kept."""

    synchronous: str = one_of("normal", "full")
    snapshots: str = one_of("all", "changed")


@dataclass(frozen=True, slots=True)
class ChannelConfig:
    """One [[channels]]: how notifications are delivered, and of which edits. `digest` is seconds.

    `secrets` holds the environment variables used in this channel: they must not be logged.
    """

    name: str = ""
    command: tuple[str, ...] = secret_setting(())
    webhook: str = secret_setting("")
    secret: str = secret_setting("")
    apprise: tuple[str, ...] = secret_setting(())
    atom: str = ""
    hosts: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    silent: bool = False
    digest: float = number_between(0.0, 0, 7 * 86_400)
    secrets: tuple[str, ...] = field(default=(), repr=False, metadata=NOT_A_SETTING)

    @property
    def type(self) -> str:
        """The type of the channel: the one setting of CHANNEL_TYPES that it has."""
        return next(name for name in CHANNEL_TYPES if getattr(self, name))

    @property
    def digest_duration(self) -> timedelta | None:
        """How long edits are gathered for one message; None sends each by itself."""
        return timedelta(seconds=self.digest) if self.digest else None

    @property
    def filter(self) -> "ChannelFilter":
        """The edits that this channel is notified of."""
        from storage.queue.outbox import ChannelFilter  # most users have no channel

        return ChannelFilter(self.name, self.hosts, self.fields, self.kinds, self.silent)


@dataclass(frozen=True, slots=True)
class Config:
    """All settings with their defaults: durations in seconds, sizes in bytes.

    `contact` becomes part of the User-Agent. `sites` is the path of the user's own site rules, empty
    if there are none; it is set in the table [extract].
    """

    db: str = "variorum.db"
    contact: str = ""
    delay: float = 1.0
    jobs: int = number_between(8, 1, 500)
    connect_timeout: float = number_between(10.0, 0.1, 600)
    read_timeout: float = number_between(20.0, 0.1, 600)
    check_timeout: float = number_between(60.0, 1, 3600)
    max_body: int = 10_000_000
    sites: str = field(default="", metadata=NOT_A_SETTING)
    cadence: CadenceConfig = field(default_factory=CadenceConfig, metadata=NOT_A_SETTING)
    alive: AliveConfig = field(default_factory=AliveConfig, metadata=NOT_A_SETTING)
    storage: StorageConfig = field(default_factory=StorageConfig, metadata=NOT_A_SETTING)
    channels: tuple[ChannelConfig, ...] = field(default=(), metadata=NOT_A_SETTING)

    @property
    def user_agent(self) -> str:
        """The User-Agent of every request."""
        return USER_AGENT.format(contact=f"; {self.contact}" if self.contact else "")

    @property
    def host_delay(self) -> timedelta:
        """The least time between two requests to one host."""
        return timedelta(seconds=self.delay)

    @property
    def limits(self) -> Limits:
        """How long a request may take, and how large its response may be."""
        return Limits(self.connect_timeout, self.read_timeout, self.check_timeout, self.max_body)

    @property
    def budget(self) -> "Budget":
        """How many checks the daemon may make."""
        from schedules.cadence.budget import Budget  # most commands need no schedule

        cadence = self.cadence
        return Budget(
            cadence.checks_per_article,
            cadence.checks_per_day or None,
            timedelta(seconds=cadence.floor),
            timedelta(seconds=cadence.ceiling),
        )

    @property
    def channel_filters(self) -> "tuple[ChannelFilter, ...]":
        """For each channel, the edits that it is notified of."""
        return tuple(channel.filter for channel in self.channels)


SUBTABLES: dict[str, type[Any]] = {
    "extract": ExtractConfig,
    "cadence": CadenceConfig,
    "alive": AliveConfig,
    "storage": StorageConfig,
}


def read_config(path: Path | None) -> Config:
    """The settings of a file, or the defaults if `path` is None. Raises ConfigError."""
    if path is None:
        return Config()
    source, values = read_toml(path)
    if "sites" in values:
        raise source.error("sites belongs in a table: write [extract] above it", "sites")
    tables = {name: _parse_subtable(source, name, values.pop(name, {})) for name in SUBTABLES}
    extract: ExtractConfig = tables.pop("extract")
    channels = _parse_channels(source, values.pop("channels", []))
    config = parse_table(source, Config, values, TOP_LEVEL)
    if not (config.contact.isascii() and config.contact.isprintable()):
        message = "contact must be plain ASCII, because it is sent in an HTTP header"
        raise source.error(message, "contact")
    sites = str(path.parent / extract.sites) if extract.sites else ""
    return replace(config, sites=sites, channels=channels, **tables)


def _parse_subtable(source: SettingsFile, name: str, values: Any) -> Any:
    if not isinstance(values, dict):
        raise source.error(f"{name} must be a table: write [{name}]", name)
    table = TableRef(name)
    settings = parse_table(source, SUBTABLES[name], values, table)
    if isinstance(settings, CadenceConfig) and settings.floor > settings.ceiling:
        raise source.error("floor must not be above ceiling", "floor", table)
    if isinstance(settings, AliveConfig) and settings.url and not _is_web_url(settings.url):
        raise source.error("url must begin with http:// or https://", "url", table)
    return settings


def _parse_channels(source: SettingsFile, tables: Any) -> tuple[ChannelConfig, ...]:
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise source.error("each channel is a table of its own: write [[channels]]", "channels")
    channels = list[ChannelConfig]()
    for nth, values in enumerate(tables):
        table = TableRef("channels", nth)
        channel = parse_table(source, ChannelConfig, values, table)
        if not channel.name or channel.name in {other.name for other in channels}:
            raise source.error("each channel needs a name of its own", "name", table)
        _check_channel_type(source, channel, table)
        _check_channel_filter(source, channel, table)
        if channel.atom:
            channel = replace(channel, atom=str(source.path.parent / channel.atom))
        hosts = tuple(host.lower() for host in channel.hosts)
        channels.append(replace(channel, hosts=hosts, secrets=variable_values(values)))
    return tuple(channels)


def _check_channel_type(source: SettingsFile, channel: ChannelConfig, table: TableRef) -> None:
    """Raise ConfigError unless a channel has exactly one way to deliver, with a valid address."""
    channel_types = [name for name in CHANNEL_TYPES if getattr(channel, name)]
    if len(channel_types) != 1:
        message = f"channel {channel.name!r} needs exactly one of: {', '.join(CHANNEL_TYPES)}"
        raise source.error(message, channel_types[-1] if channel_types else "name", table)
    if channel.webhook and not _is_web_url(channel.webhook):
        message = "webhook must be an address that begins with http:// or https://"
        raise source.error(message, "webhook", table)
    if channel.secret and not channel.webhook:
        message = "secret signs the messages of a webhook, and this channel has no webhook"
        raise source.error(message, "secret", table)


def _check_channel_filter(source: SettingsFile, channel: ChannelConfig, table: TableRef) -> None:
    """Raise ConfigError for a host, a field or a kind that no edit can have."""
    allowed = {"fields": FIELD_NAMES, "kinds": KINDS}
    for key, values in allowed.items():
        unknown = sorted(set(getattr(channel, key)) - set(values))
        if unknown:
            message = f"there is no {key[:-1]} {unknown[0]!r}; choose from: {', '.join(values)}"
            raise source.error(message, key, table)
    for host in channel.hosts:
        if not HOST_NAME.fullmatch(host):
            message = f"hosts must be names such as example.org, not {host!r}"
            raise source.error(message, "hosts", table)


def _is_web_url(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def read_site_rules(config: Config) -> "tuple[Rule, ...]":
    """The user's own site rules. Raises ConfigError, which names the file and the rule."""
    if not config.sites:
        return ()
    from scraper.extract.rules.rule import read_rules  # needs the parser; most commands do not

    path = Path(config.sites)
    try:
        return read_rules(path.read_text(encoding="utf-8"), path.name)
    except OSError as error:
        raise ConfigError(f"[extract] sites: {path}: cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"[extract] sites: {path}: is not UTF-8 text") from error
    except RuleError as error:
        raise ConfigError(f"[extract] sites: {path.parent}/{error}") from error
