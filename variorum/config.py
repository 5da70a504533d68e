"""`variorum.toml`: what a user may set, checked key by key."""

import os
import re
import tomllib
from dataclasses import dataclass, field, fields, replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, get_type_hints
from urllib.parse import urlsplit

from scraper.errors import RuleError
from scraper.http.limits import USER_AGENT, Limits

if TYPE_CHECKING:
    from schedules.cadence.budget import Budget
    from scraper.extract.rules.rule import Rule

T = TypeVar("T")
EDIT_FIELDS = (
    "headline", "dek", "byline", "body", "caption", "published_at", "modified_at", "section",
)  # fmt: skip
EDIT_KINDS = (
    "number", "date", "name", "negation", "quote", "attribution", "correction_note", "wording", "spelling",
    "punctuation", "typography", "added", "removed", "moved",
)  # fmt: skip
# Where a channel leads; each has one of them.
CHANNEL_TYPES = ("command", "webhook", "apprise", "atom")
ENV_REFERENCE = re.compile(r"\$\{(\w+)\}")


class ConfigError(Exception):
    """The configuration cannot be used: says which file and line, which key, and what it may be."""


@dataclass(frozen=True, slots=True)
class CadenceConfig:
    """[cadence]: what looks may cost. Seconds; `checks_per_day` 0 means so many per article."""

    checks_per_article: float = 24.0
    checks_per_day: int = 0
    floor: float = 120.0
    ceiling: float = 30 * 86_400.0


@dataclass(frozen=True, slots=True)
class AliveConfig:
    """[alive]: how others see that the daemon lives. The URL may be a secret."""

    file: str = ""
    url: str = field(default="", repr=False)
    metrics_port: int = 0


@dataclass(frozen=True, slots=True)
class StorageConfig:
    """[storage]: whether a power cut may take the last seconds, and which pages are kept."""

    synchronous: str = "normal"
    snapshots: str = "all"


@dataclass(frozen=True, slots=True)
class ChannelConfig:
    """One [[channels]]: where edits are announced, and which. Seconds; the way out may be a secret."""

    name: str = ""
    command: tuple[str, ...] = field(default=(), repr=False)
    webhook: str = field(default="", repr=False)
    secret: str = field(default="", repr=False)
    apprise: tuple[str, ...] = field(default=(), repr=False)
    atom: str = ""
    hosts: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    silent: bool = False
    digest: float = 0.0
    secrets: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Config:
    """Settings with their defaults; durations in seconds, sizes in bytes.

    `contact` is put into the User-Agent: an address where a publisher reaches you. `sites`
    is the file of the user's own site rules, empty where there is none; its key stands in
    the table [extract], its path is relative to the settings.
    """

    db: str = "variorum.db"
    contact: str = ""
    delay: float = 1.0
    jobs: int = 8
    connect_timeout: float = 10.0
    read_timeout: float = 20.0
    check_timeout: float = 60.0
    max_body: int = 10_000_000
    sites: str = ""
    cadence: CadenceConfig = field(default_factory=CadenceConfig)
    alive: AliveConfig = field(default_factory=AliveConfig)
    storage: StorageConfig = field(default_factory=StorageConfig)
    channels: tuple[ChannelConfig, ...] = ()

    @property
    def user_agent(self) -> str:
        return USER_AGENT.format(contact=f"; {self.contact}" if self.contact else "")

    @property
    def host_delay(self) -> timedelta:
        return timedelta(seconds=self.delay)

    @property
    def limits(self) -> Limits:
        return Limits(self.connect_timeout, self.read_timeout, self.check_timeout, self.max_body)

    @property
    def budget(self) -> "Budget":
        """What looks may cost, as the daemon takes it."""
        from schedules.cadence.budget import Budget  # most commands need no schedule

        cadence = self.cadence
        return Budget(
            cadence.checks_per_article,
            cadence.checks_per_day or None,
            timedelta(seconds=cadence.floor),
            timedelta(seconds=cadence.ceiling),
        )


# What a number may be, where that is not 0 to a day (or, whole, 1 to a milliard).
SETTING_BOUNDS: dict[str, tuple[float, float]] = {
    "checks_per_article": (2, 10_000),
    "checks_per_day": (0, 100_000_000),
    "floor": (10, 86_400),
    "ceiling": (60, 366 * 86_400),
    "digest": (0, 7 * 86_400),
    "metrics_port": (0, 65_535),
    "jobs": (1, 500),
    "connect_timeout": (0.1, 600),
    "read_timeout": (0.1, 600),
    "check_timeout": (1, 3600),
}
# What a text may be.
SETTING_CHOICES = {"synchronous": ("normal", "full"), "snapshots": ("all", "changed")}
SETTINGS_TABLES = ("extract", "cadence", "alive", "storage")


@dataclass(frozen=True, slots=True)
class _SettingsFile:
    """The file that is read, to say where in it something is wrong."""

    path: Path
    text: str

    def error(self, message: str, key: str = "", table: str = "", nth: int = 0) -> ConfigError:
        line = self._line(key, table, nth)
        return ConfigError(f"{self.path}{f':{line}' if line else ''}: {message}")

    def _line(self, key: str, table: str, nth: int) -> int | None:
        """Where a key of the nth table of this name stands; the table's own line where it does not."""
        current_table, count, found = "", -1, None
        for number, line in enumerate(self.text.splitlines(), 1):
            if header := re.match(r"""\s*\[\[?\s*["']?([\w.-]+)["']?\s*\]\]?""", line):
                current_table = header[1]
                count += current_table == table
                if current_table == table and count == nth:
                    found = number
            elif current_table == table and (not table or count == nth):
                name = re.match(r"""\s*["']?([\w-]+)["']?\s*=""", line)
                if name and name[1] == key:
                    return number
        return found or self._mention_line(key)

    def _mention_line(self, key: str) -> int | None:
        """The first line that bears a key in another way: dotted, or in a table on one line."""
        pattern = re.compile(rf"""(?:^|[\s.,{{"'\[]){re.escape(key)}["'\]]*\s*(?:=|$)""", re.M)
        found = pattern.search(self.text) if key else None
        return self.text.count("\n", 0, found.start(0) + 1) + 1 if found else None


def read_config(path: Path | None) -> Config:
    """The settings of a file, or the defaults where `path` is None; raises ConfigError."""
    if path is None:
        return Config()
    try:
        text = path.read_text(encoding="utf-8-sig")
        values = tomllib.loads(text)
    except OSError as error:
        raise ConfigError(
            f"{path}: cannot be read ({error.strerror}); --config names another"
        ) from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: is not UTF-8 text") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: {error}") from error
    source = _SettingsFile(path, text)
    for name in SETTINGS_TABLES:
        if not isinstance(values.get(name, {}), dict):
            raise source.error(f"{name} must be a table: [{name}]", name)
    if "sites" in values:
        raise source.error("sites belongs in a table: write [extract] above it", "sites")
    extract = _parse_table(source, ExtractConfig, values.pop("extract", {}), "extract")
    cadence = _parse_table(source, CadenceConfig, values.pop("cadence", {}), "cadence")
    if cadence.floor > cadence.ceiling:
        raise source.error("floor must not be above ceiling", "floor", "cadence")
    alive = _parse_table(source, AliveConfig, values.pop("alive", {}), "alive")
    if alive.url and not _is_web_url(alive.url):
        raise source.error("url must begin with http:// or https://", "url", "alive")
    storage = _parse_table(source, StorageConfig, values.pop("storage", {}), "storage")
    channels = _parse_channels(source, values.pop("channels", []))
    config = _parse_table(source, Config, values, "")
    return replace(
        config,
        sites=str(path.parent / extract.sites) if extract.sites else "",
        cadence=cadence,
        alive=alive,
        storage=storage,
        channels=channels,
    )


def read_site_rules(config: Config) -> "tuple[Rule, ...]":
    """The user's own site rules; raises ConfigError, which names the file and the rule."""
    from scraper.extract.rules.rule import (
        read_rules,  # needs the parser, which most commands do not
    )

    if not config.sites:
        return ()
    path = Path(config.sites)
    try:
        return read_rules(path.read_text(encoding="utf-8"), path.name)
    except OSError as error:
        raise ConfigError(f"[extract] sites: {path}: cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"[extract] sites: {path}: is not UTF-8 text") from error
    except RuleError as error:
        raise ConfigError(f"[extract] sites: {path.parent}/{error}") from error


@dataclass(frozen=True, slots=True)
class ExtractConfig:
    """[extract]: the file of the user's own site rules, relative to the settings."""

    sites: str = ""


def _parse_channels(source: _SettingsFile, tables: Any) -> tuple[ChannelConfig, ...]:
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise source.error("channels are tables of their own: write [[channels]]", "channels")
    channels = list[ChannelConfig]()
    for nth, table in enumerate(tables):
        channel = _parse_table(source, ChannelConfig, table, "channels", nth)
        channel_types = [
            channel_type for channel_type in CHANNEL_TYPES if getattr(channel, channel_type)
        ]
        if not channel.name or channel.name in {other.name for other in channels}:
            raise source.error("each channel needs a name of its own", "name", "channels", nth)
        if len(channel_types) != 1:
            message = f"channel {channel.name!r} needs one way out: {', '.join(CHANNEL_TYPES)}"
            raise source.error(
                message, channel_types[-1] if channel_types else "name", "channels", nth
            )
        if channel.webhook and not _is_web_url(channel.webhook):
            message = "webhook must be an address that begins with http:// or https://"
            raise source.error(message, "webhook", "channels", nth)
        if channel.secret and not channel.webhook:
            raise source.error(
                "secret signs a webhook, and there is none", "secret", "channels", nth
            )
        _check_filter(source, channel, nth)
        if channel.atom:
            channel = replace(channel, atom=str(source.path.parent / channel.atom))
        hosts = tuple(host.lower() for host in channel.hosts)
        channels.append(replace(channel, hosts=hosts, secrets=_secrets(table)))
    return tuple(channels)


def _check_filter(source: _SettingsFile, channel: ChannelConfig, nth: int) -> None:
    """Hosts, fields and kinds that can be met."""
    allowed = {"fields": EDIT_FIELDS, "kinds": EDIT_KINDS}
    for name, values in allowed.items():
        unknown = sorted(set(getattr(channel, name)) - set(values))
        if unknown:
            message = f"there is no {name[:-1]} {unknown[0]!r}; there are: {', '.join(values)}"
            raise source.error(message, name, "channels", nth)
    for host in channel.hosts:
        if not re.fullmatch(r"[\w.-]+", host):
            message = f"hosts are names such as example.org, not {host!r}"
            raise source.error(message, "hosts", "channels", nth)


def _secrets(table: dict[str, Any]) -> tuple[str, ...]:
    """What the environment gave for the texts of a channel."""
    names = {name for value in table.values() for name in ENV_REFERENCE.findall(str(value))}
    return tuple(value for name in sorted(names) if (value := os.environ.get(name)))


def _is_web_url(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _parse_table(
    source: _SettingsFile, expected_type: type[T], table: dict[str, Any], name: str, nth: int = 0
) -> T:
    """The settings of one table; an unknown key or a wrong value is an error with its line."""
    types = get_type_hints(expected_type)
    settings = fields(expected_type)  # type: ignore[arg-type]  # only dataclasses come here
    names = [one.name for one in settings if one.name != "sites" or expected_type is ExtractConfig]
    allowed = [one for one in names if one not in (*SETTINGS_TABLES, "channels", "secrets")]
    values = {}
    for key, value in table.items():
        if key not in allowed:
            where = f" in [{name}]" if name else ""
            message = f"there is no setting {key!r}{where}; there are: {', '.join(allowed)}"
            raise source.error(message, key, name, nth)
        values[key] = _check_value(source, key, value, types[key], (name, nth))
    return expected_type(**values)


def _check_value(
    source: _SettingsFile, key: str, value: Any, expected_type: Any, where: tuple[str, int]
) -> Any:
    if expected_type == tuple[str, ...]:
        value = [value] if isinstance(value, str) else value
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise source.error(f"{key} must be a text or a list of texts", key, *where)
        return tuple(_expand_variables(source, key, one, where) for one in value)
    if expected_type is float and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if type(value) is not expected_type:
        raise source.error(
            f"{key} must be a {_TYPE_NAMES[expected_type]}, not {value!r}", key, *where
        )
    if expected_type in (int, float):
        low, high = SETTING_BOUNDS.get(
            key, (1, 1_000_000_000) if expected_type is int else (0, 86_400)
        )
        if not low <= value <= high:
            message = f"{key} must lie between {low} and {high}, not {value}"
            raise source.error(message, key, *where)
    if expected_type is str:
        value = _expand_variables(source, key, value, where)
    if key in SETTING_CHOICES and value not in SETTING_CHOICES[key]:
        message = f"{key} must be one of {', '.join(SETTING_CHOICES[key])}, not {value!r}"
        raise source.error(message, key, *where)
    if key == "contact" and not (value.isascii() and value.isprintable()):
        message = "contact must be plain ASCII, for it goes into an HTTP header"
        raise source.error(message, key, *where)
    return value


def _expand_variables(source: _SettingsFile, key: str, text: str, where: tuple[str, int]) -> str:
    """The text with ${NAME} taken from the environment, where secrets belong."""

    def value(match: re.Match[str]) -> str:
        if match[1] not in os.environ:
            raise source.error(f"{key}: the environment has no {match[1]}", key, *where)
        return os.environ[match[1]]

    return ENV_REFERENCE.sub(value, text)


_TYPE_NAMES: dict[Any, str] = {
    str: "text",
    float: "number",
    int: "whole number",
    bool: "true or false",
}
