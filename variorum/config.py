"""`variorum.toml`: what a user may set, checked key by key."""

import tomllib
from dataclasses import dataclass, fields
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scraper.errors import RuleError
from scraper.fetch import USER_AGENT, Limits

if TYPE_CHECKING:
    from scraper.extract.sites import Rule


class ConfigError(Exception):
    """The configuration cannot be used: says which file, which key, and what it may be."""


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

    @property
    def user_agent(self) -> str:
        return USER_AGENT.format(contact=f"; {self.contact}" if self.contact else "")

    @property
    def host_delay(self) -> timedelta:
        return timedelta(seconds=self.delay)

    @property
    def limits(self) -> Limits:
        return Limits(self.connect_timeout, self.read_timeout, self.look_timeout, self.max_body)


def read_config(path: Path | None) -> Config:
    """The settings of a file, or the defaults where `path` is None; raises ConfigError."""
    if path is None:
        return Config()
    try:
        with path.open("rb") as file:
            values = tomllib.load(file)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror})") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: {error}") from error
    if "sites" in values:
        raise ConfigError(f"{path}: sites belongs in a table: write [extract] above it")
    values |= _checked_table(path, values.pop("extract", {}))
    return Config(**{name: _checked(path, name, value) for name, value in values.items()})


def read_sites(config: Config) -> "tuple[Rule, ...]":
    """The user's own site rules; raises ConfigError, which names the file and the rule."""
    from scraper.extract.sites import read_rules  # needs the parser, which most commands do not

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


def _checked_table(path: Path, table: Any) -> dict[str, Any]:
    """The settings in [extract], `sites` as a path."""
    if not isinstance(table, dict):
        raise ConfigError(f"{path}: extract must be a table: [extract]")
    for name in table:
        if name != "sites":
            raise ConfigError(f"{path}: there is no setting {name!r} in [extract]; there is: sites")
    sites = _checked(path, "sites", table.get("sites", ""))
    return {"sites": str(path.parent / sites) if sites else ""}


def _checked(path: Path, name: str, value: Any) -> Any:
    known = {field.name: field.type for field in fields(Config)}
    if name not in known:
        raise ConfigError(f"{path}: there is no setting {name!r}; there are: {', '.join(known)}")
    kind = known[name]
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if type(value) is not kind:
        raise ConfigError(f"{path}: {name} must be a {_NAMES[str(kind)]}, not {value!r}")
    low, high = (1, 1_000_000_000) if kind is int else (0, 86_400)
    if kind is not str and not low <= value <= high:
        raise ConfigError(f"{path}: {name} must lie between {low} and {high}, not {value}")
    if name == "contact" and not (value.isascii() and value.isprintable()):
        raise ConfigError(f"{path}: contact must be plain ASCII, for it goes into an HTTP header")
    return value


_NAMES = {str(str): "text", str(float): "number", str(int): "whole number"}
