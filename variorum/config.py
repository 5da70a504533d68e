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
WAYS = ("command", "webhook", "apprise", "atom")
VARIABLE = re.compile(r"\$\{(\w+)\}")


class ConfigError(Exception):
    """The configuration cannot be used: says which file and line, which key, and what it may be."""


@dataclass(frozen=True, slots=True)
class CadenceConfig:
    """[cadence]: what looks may cost. Seconds; `looks_per_day` 0 means so many per article."""

    looks_per_article: float = 24.0
    looks_per_day: int = 0
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
    look_timeout: float = 60.0
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
        return Limits(self.connect_timeout, self.read_timeout, self.look_timeout, self.max_body)

    @property
    def budget(self) -> "Budget":
        """What looks may cost, as the daemon takes it."""
        from schedules.cadence.budget import Budget  # most commands need no schedule

        cadence = self.cadence
        return Budget(
            cadence.looks_per_article,
            cadence.looks_per_day or None,
            timedelta(seconds=cadence.floor),
            timedelta(seconds=cadence.ceiling),
        )


# What a number may be, where that is not 0 to a day (or, whole, 1 to a milliard).
BOUNDS: dict[str, tuple[float, float]] = {
    "looks_per_article": (2, 10_000),
    "looks_per_day": (0, 100_000_000),
    "floor": (10, 86_400),
    "ceiling": (60, 366 * 86_400),
    "digest": (0, 7 * 86_400),
    "metrics_port": (0, 65_535),
    "jobs": (1, 500),
    "connect_timeout": (0.1, 600),
    "read_timeout": (0.1, 600),
    "look_timeout": (1, 3600),
}
# What a text may be.
CHOICES = {"synchronous": ("normal", "full"), "snapshots": ("all", "changed")}
TABLES = ("extract", "cadence", "alive", "storage")


@dataclass(frozen=True, slots=True)
class _Source:
    """The file that is read, to say where in it something is wrong."""

    path: Path
    text: str

    def error(self, told: str, key: str = "", table: str = "", nth: int = 0) -> ConfigError:
        line = self._line(key, table, nth)
        return ConfigError(f"{self.path}{f':{line}' if line else ''}: {told}")

    def _line(self, key: str, table: str, nth: int) -> int | None:
        """Where a key of the nth table of this name stands; the table's own line where it does not."""
        here, count, found = "", -1, None
        for number, line in enumerate(self.text.splitlines(), 1):
            if header := re.match(r"""\s*\[\[?\s*["']?([\w.-]+)["']?\s*\]\]?""", line):
                here = header[1]
                count += here == table
                if here == table and count == nth:
                    found = number
            elif here == table and (not table or count == nth):
                name = re.match(r"""\s*["']?([\w-]+)["']?\s*=""", line)
                if name and name[1] == key:
                    return number
        return found or self._mention(key)

    def _mention(self, key: str) -> int | None:
        """The first line that bears a key in another way: dotted, or in a table on one line."""
        named = re.compile(rf"""(?:^|[\s.,{{"'\[]){re.escape(key)}["'\]]*\s*(?:=|$)""", re.M)
        found = named.search(self.text) if key else None
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
    source = _Source(path, text)
    for name in TABLES:
        if not isinstance(values.get(name, {}), dict):
            raise source.error(f"{name} must be a table: [{name}]", name)
    if "sites" in values:
        raise source.error("sites belongs in a table: write [extract] above it", "sites")
    extract = _filled(source, ExtractConfig, values.pop("extract", {}), "extract")
    cadence = _filled(source, CadenceConfig, values.pop("cadence", {}), "cadence")
    if cadence.floor > cadence.ceiling:
        raise source.error("floor must not be above ceiling", "floor", "cadence")
    alive = _filled(source, AliveConfig, values.pop("alive", {}), "alive")
    if alive.url and not _is_address(alive.url):
        raise source.error("url must begin with http:// or https://", "url", "alive")
    storage = _filled(source, StorageConfig, values.pop("storage", {}), "storage")
    channels = _channels(source, values.pop("channels", []))
    config = _filled(source, Config, values, "")
    return replace(
        config,
        sites=str(path.parent / extract.sites) if extract.sites else "",
        cadence=cadence,
        alive=alive,
        storage=storage,
        channels=channels,
    )


def read_sites(config: Config) -> "tuple[Rule, ...]":
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


def _channels(source: _Source, tables: Any) -> tuple[ChannelConfig, ...]:
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise source.error("channels are tables of their own: write [[channels]]", "channels")
    channels = list[ChannelConfig]()
    for nth, table in enumerate(tables):
        channel = _filled(source, ChannelConfig, table, "channels", nth)
        ways = [way for way in WAYS if getattr(channel, way)]
        if not channel.name or channel.name in {other.name for other in channels}:
            raise source.error("each channel needs a name of its own", "name", "channels", nth)
        if len(ways) != 1:
            told = f"channel {channel.name!r} needs one way out: {', '.join(WAYS)}"
            raise source.error(told, ways[-1] if ways else "name", "channels", nth)
        if channel.webhook and not _is_address(channel.webhook):
            told = "webhook must be an address that begins with http:// or https://"
            raise source.error(told, "webhook", "channels", nth)
        if channel.secret and not channel.webhook:
            raise source.error(
                "secret signs a webhook, and there is none", "secret", "channels", nth
            )
        _check_audience(source, channel, nth)
        if channel.atom:
            channel = replace(channel, atom=str(source.path.parent / channel.atom))
        hosts = tuple(host.lower() for host in channel.hosts)
        channels.append(replace(channel, hosts=hosts, secrets=_secrets(table)))
    return tuple(channels)


def _check_audience(source: _Source, channel: ChannelConfig, nth: int) -> None:
    """Hosts, fields and kinds that can be met."""
    known = {"fields": EDIT_FIELDS, "kinds": EDIT_KINDS}
    for name, values in known.items():
        strange = sorted(set(getattr(channel, name)) - set(values))
        if strange:
            told = f"there is no {name[:-1]} {strange[0]!r}; there are: {', '.join(values)}"
            raise source.error(told, name, "channels", nth)
    for host in channel.hosts:
        if not re.fullmatch(r"[\w.-]+", host):
            told = f"hosts are names such as example.org, not {host!r}"
            raise source.error(told, "hosts", "channels", nth)


def _secrets(table: dict[str, Any]) -> tuple[str, ...]:
    """What the environment gave for the texts of a channel."""
    names = {name for value in table.values() for name in VARIABLE.findall(str(value))}
    return tuple(value for name in sorted(names) if (value := os.environ.get(name)))


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _filled(source: _Source, kind: type[T], table: dict[str, Any], name: str, nth: int = 0) -> T:
    """The settings of one table; an unknown key or a wrong value is an error with its line."""
    types = get_type_hints(kind)
    names = [one.name for one in fields(kind) if one.name != "sites" or kind is ExtractConfig]  # type: ignore[arg-type]
    known = [one for one in names if one not in (*TABLES, "channels", "secrets")]
    values = {}
    for key, value in table.items():
        if key not in known:
            where = f" in [{name}]" if name else ""
            told = f"there is no setting {key!r}{where}; there are: {', '.join(known)}"
            raise source.error(told, key, name, nth)
        values[key] = _checked(source, key, value, types[key], (name, nth))
    return kind(**values)


def _checked(source: _Source, key: str, value: Any, kind: Any, where: tuple[str, int]) -> Any:
    if kind == tuple[str, ...]:
        value = [value] if isinstance(value, str) else value
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise source.error(f"{key} must be a text or a list of texts", key, *where)
        return tuple(_expanded(source, key, one, where) for one in value)
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if type(value) is not kind:
        raise source.error(f"{key} must be a {_NAMES[kind]}, not {value!r}", key, *where)
    if kind in (int, float):
        low, high = BOUNDS.get(key, (1, 1_000_000_000) if kind is int else (0, 86_400))
        if not low <= value <= high:
            told = f"{key} must lie between {low} and {high}, not {value}"
            raise source.error(told, key, *where)
    if kind is str:
        value = _expanded(source, key, value, where)
    if key in CHOICES and value not in CHOICES[key]:
        told = f"{key} must be one of {', '.join(CHOICES[key])}, not {value!r}"
        raise source.error(told, key, *where)
    if key == "contact" and not (value.isascii() and value.isprintable()):
        told = "contact must be plain ASCII, for it goes into an HTTP header"
        raise source.error(told, key, *where)
    return value


def _expanded(source: _Source, key: str, text: str, where: tuple[str, int]) -> str:
    """The text with ${NAME} taken from the environment, where secrets belong."""

    def value(match: re.Match[str]) -> str:
        if match[1] not in os.environ:
            raise source.error(f"{key}: the environment has no {match[1]}", key, *where)
        return os.environ[match[1]]

    return VARIABLE.sub(value, text)


_NAMES: dict[Any, str] = {str: "text", float: "number", int: "whole number", bool: "true or false"}
