"""`variorum.toml`: what a user may set, and what each value may be."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scraper.errors import RuleError
from scraper.http.addresses import AllowedHosts
from scraper.http.limits import USER_AGENT, Limits
from storage.vocabulary import LEARN_CHOICES
from variorum.config.channel import ChannelConfig, is_web_url, parse_channels
from variorum.config.toml import (
    NOT_A_SETTING,
    TOP_LEVEL,
    SettingsFile,
    TableRef,
    number_between,
    one_of,
    parse_table,
    read_toml,
    secret_setting,
)
from variorum.errors import ConfigError

if TYPE_CHECKING:
    from schedules.cadence.budget import Budget
    from scraper.extract.rules.rule import Rule
    from storage.queue.outbox import ChannelFilter


@dataclass(frozen=True, slots=True)
class ExtractConfig:
    """[extract]: the file of the user's own site rules, relative to the settings file, and from which
    articles to learn the lines of a publisher."""

    sites: str = ""
    learn: str = one_of(*LEARN_CHOICES)


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
    allowed: AllowedHosts = field(default_factory=AllowedHosts, metadata=NOT_A_SETTING)


@dataclass(frozen=True, slots=True)
class StorageConfig:
    """[storage]: how safe the last seconds are from a power cut, and which pages are kept."""

    synchronous: str = one_of("normal", "full")
    snapshots: str = one_of("all", "changed")


@dataclass(frozen=True, slots=True)
class ClusterConfig:
    """[cluster]: the files of TLS, relative to the settings file. All three, or none."""

    authority: str = ""
    certificate: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Config:
    """All settings with their defaults: durations in seconds, sizes in bytes.

    `contact` becomes part of the User-Agent. `allow_private` are names, addresses and networks of private
    hosts that pages may lead to. `sites` is the path of the user's own site rules, empty
    if there are none; it and `learn` are set in the table [extract].
    """

    db: str = "variorum.db"
    contact: str = ""
    delay: float = 1.0
    jobs: int = number_between(8, 1, 500)
    connect_timeout: float = number_between(10.0, 0.1, 600)
    read_timeout: float = number_between(20.0, 0.1, 600)
    check_timeout: float = number_between(60.0, 1, 3600)
    max_body: int = 10_000_000
    allow_private: tuple[str, ...] = ()
    sites: str = field(default="", metadata=NOT_A_SETTING)
    learn: str = field(default=LEARN_CHOICES[0], metadata=NOT_A_SETTING)
    cadence: CadenceConfig = field(default_factory=CadenceConfig, metadata=NOT_A_SETTING)
    alive: AliveConfig = field(default_factory=AliveConfig, metadata=NOT_A_SETTING)
    storage: StorageConfig = field(default_factory=StorageConfig, metadata=NOT_A_SETTING)
    cluster: ClusterConfig = field(default_factory=ClusterConfig, metadata=NOT_A_SETTING)
    channels: tuple[ChannelConfig, ...] = field(default=(), metadata=NOT_A_SETTING)

    @property
    def user_agent(self) -> str:
        """The User-Agent of every request."""
        return USER_AGENT.format(contact=f"; {self.contact}" if self.contact else "")

    @property
    def allowed_hosts(self) -> AllowedHosts:
        """The private hosts that pages may lead to."""
        return AllowedHosts.of(self.allow_private)

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
    "cluster": ClusterConfig,
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
    channels = parse_channels(source, values.pop("channels", []))
    config = parse_table(source, Config, values, TOP_LEVEL)
    if not (config.contact.isascii() and config.contact.isprintable()):
        message = "contact must be plain ASCII, because it is sent in an HTTP header"
        raise source.error(message, "contact")
    try:
        allowed = config.allowed_hosts
    except ValueError as error:
        raise source.error(f"allow_private: {error}", "allow_private") from error
    channels = tuple(replace(channel, allowed=allowed) for channel in channels)
    alive = replace(tables.pop("alive"), allowed=allowed)
    sites = str(path.parent / extract.sites) if extract.sites else ""
    return replace(
        config, sites=sites, learn=extract.learn, channels=channels, alive=alive, **tables
    )


def _parse_subtable(source: SettingsFile, name: str, values: Any) -> Any:
    if not isinstance(values, dict):
        raise source.error(f"{name} must be a table: write [{name}]", name)
    table = TableRef(name)
    settings = parse_table(source, SUBTABLES[name], values, table)
    if isinstance(settings, CadenceConfig) and settings.floor > settings.ceiling:
        raise source.error("floor must not be above ceiling", "floor", table)
    if isinstance(settings, AliveConfig) and settings.url and not is_web_url(settings.url):
        raise source.error("url must begin with http:// or https://", "url", table)
    if isinstance(settings, ClusterConfig) and settings != ClusterConfig():
        return _cluster_files(source, settings, table)
    return settings


def _cluster_files(source: SettingsFile, settings: ClusterConfig, table: TableRef) -> ClusterConfig:
    """The paths of the files of TLS. Raises ConfigError if one is not set or not there."""
    paths = dict[str, str]()
    for key in ("authority", "certificate", "key"):
        path = source.path.parent / getattr(settings, key)
        if not path.is_file():
            raise source.error(f"{key} must name a file; {path} is none", key, table)
        paths[key] = str(path)
    return ClusterConfig(**paths)


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
