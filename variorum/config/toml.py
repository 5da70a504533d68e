"""A TOML file of settings, read into dataclasses. An error names the file, the line and the key."""

import os
import re
import tomllib
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

from scraper.patterns import lazy_pattern
from variorum.config.trust import distrust
from variorum.errors import ConfigError

SettingsT = TypeVar("SettingsT")
TABLE_HEADER = lazy_pattern(r"""\s*\[\[?\s*["']?([\w.-]+)["']?\s*\]\]?""")
KEY_START = lazy_pattern(r"""\s*["']?([\w-]+)["']?\s*=""")
ENV_REFERENCE = lazy_pattern(r"\$\{(\w+)\}")
# The metadata of a field of the dataclass that its table has no key for.
NOT_A_SETTING = {"is_setting": False}
# What a number may be if its setting says nothing else.
INT_BOUNDS = (1, 1_000_000_000)
FLOAT_BOUNDS = (0, 86_400)
TYPE_NAMES: dict[Any, str] = {
    str: 'a string such as "…"',
    float: "a number",
    int: "a whole number",
    bool: "true or false",
}


def number_between(default: float, low: float, high: float) -> Any:
    """A setting with the bounds of its value, both included."""
    return field(default=default, metadata={"bounds": (low, high)})


def one_of(default: str, *others: str) -> Any:
    """A setting with the values that it may have."""
    return field(default=default, metadata={"choices": (default, *others)})


def secret_setting(default: Any) -> Any:
    """A setting that may hold a password or a token: it is left out of `repr`."""
    return field(default=default, repr=False)


@dataclass(frozen=True, slots=True)
class TableRef:
    """A table of the file: the `nth` (from 0) of its name; without a name the keys above all tables."""

    name: str = ""
    nth: int = 0


TOP_LEVEL = TableRef()


@dataclass(frozen=True, slots=True)
class SettingsFile:
    """The path and the text of a file of settings, from which an error takes its line number."""

    path: Path
    text: str

    def error(self, message: str, key: str = "", table: TableRef = TOP_LEVEL) -> ConfigError:
        """An error at a key of a table, to be raised."""
        line = self._line(key, table)
        return ConfigError(f"{self.path}{f':{line}' if line else ''}: {message}")

    def _line(self, key: str, table: TableRef) -> int | None:
        """The line of a key in a table, or the line of the table if the key is not there."""
        current_table, count, header_line = "", -1, None
        for number, line in enumerate(self.text.splitlines(), 1):
            if header := TABLE_HEADER.match(line):
                current_table = header[1]
                count += current_table == table.name
                if current_table == table.name and count == table.nth:
                    header_line = number
            elif current_table == table.name and (not table.name or count == table.nth):
                name = KEY_START.match(line)
                if name and name[1] == key:
                    return number
        return header_line or self._mention_line(key)

    def _mention_line(self, key: str) -> int | None:
        """The first line with a key in another form: dotted, or in an inline table."""
        pattern = re.compile(rf"""(?:^|[\s.,{{"'\[]){re.escape(key)}["'\]]*\s*(?:=|$)""", re.M)
        match = pattern.search(self.text) if key else None
        return self.text.count("\n", 0, match.start(0) + 1) + 1 if match else None


def read_toml(path: Path) -> tuple[SettingsFile, dict[str, Any]]:
    """A file and the values in it.

    Raises ConfigError if it cannot be read, if others could have written it, or if it is not TOML.
    """
    try:
        with path.open(encoding="utf-8-sig") as file:
            if problem := distrust(path, file.fileno()):
                raise ConfigError(f"{path}: not read: {problem}")
            text = file.read()
        return SettingsFile(path, text), tomllib.loads(text)
    except OSError as error:
        raise ConfigError(
            f"{path}: cannot be read ({error.strerror}); choose another file with --config"
        ) from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: is not UTF-8 text; save it as UTF-8") from error
    except (
        ValueError,
        RecursionError,
    ) as error:  # as well a number of 5,000 digits, or deep nesting
        raise ConfigError(f"{path}: {error}") from error


def parse_table(
    source: SettingsFile, settings_type: type[SettingsT], values: dict[str, Any], table: TableRef
) -> SettingsT:
    """The settings of one table as a dataclass; a key that is not set has its default.

    Raises ConfigError for an unknown key or an invalid value.
    """
    types = get_type_hints(settings_type)
    settings = {
        one.name: one
        for one in fields(settings_type)  # type: ignore[arg-type]  # only dataclasses come here
        if one.metadata.get("is_setting", True)
    }
    parsed_values = {}
    for key, value in values.items():
        if key not in settings:
            place = f" in [{table.name}]" if table.name else ""
            message = f"there is no setting {key!r}{place}; choose from: {', '.join(settings)}"
            raise source.error(message, key, table)
        try:
            parsed_values[key] = _setting_value(settings[key], value, types[key])
        except ValueError as error:
            raise source.error(f"{key} {error}", key, table) from error
    return settings_type(**parsed_values)


def _setting_value(setting: "Field[Any]", value: Any, expected_type: Any) -> Any:
    """The value of a setting. Raises ValueError, which says what it must be."""
    if expected_type == tuple[str, ...]:
        return _parse_strings(value)
    if expected_type is float and type(value) is int:
        value = float(value)
    if type(value) is not expected_type:
        raise ValueError(f"must be {TYPE_NAMES[expected_type]}, not {value!r}")
    if expected_type in (int, float):
        default_bounds = INT_BOUNDS if expected_type is int else FLOAT_BOUNDS
        low, high = setting.metadata.get("bounds", default_bounds)
        if not low <= value <= high:
            raise ValueError(f"must be between {low} and {high}, not {value}")
    if expected_type is str:
        value = _expand_variables(value)
    choices = setting.metadata.get("choices")
    if choices and value not in choices:
        raise ValueError(f"must be one of {', '.join(choices)}, not {value!r}")
    return value


def _parse_strings(value: Any) -> tuple[str, ...]:
    strings = [value] if isinstance(value, str) else value
    if not isinstance(strings, list) or not all(isinstance(one, str) for one in strings):
        raise ValueError("must be a string or a list of strings")
    return tuple(map(_expand_variables, strings))


def _expand_variables(text: str) -> str:
    """The text with each ${NAME} replaced by the environment variable: secrets belong there."""

    def value(match: re.Match[str]) -> str:
        if match[1] not in os.environ:
            raise ValueError(f"needs the environment variable {match[1]}, which is not set")
        return os.environ[match[1]]

    if "\0" in text:
        raise ValueError("has a NUL, which no name of a file and no address has")
    return ENV_REFERENCE.sub(value, text)


def variable_values(table: dict[str, Any]) -> tuple[str, ...]:
    """The values of all environment variables that the texts of a table refer to."""
    names = {name for value in table.values() for name in ENV_REFERENCE.findall(str(value))}
    return tuple(value for name in sorted(names) if (value := os.environ.get(name)))
