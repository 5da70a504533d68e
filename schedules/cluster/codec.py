"""Frozen dataclasses as JSON values and back, each value checked against the type of its field.

It is for what another machine sends: a value of a wrong type is an error, and no code of the sender's runs.
"""

import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime, timedelta
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

ValueT = TypeVar("ValueT")
# The key that names the class of an encoded dataclass.
CLASS_KEY = "is"
# What an SQLite column of whole numbers holds.
MAX_REPLY_INTEGER = 2**63 - 1


class CodecError(Exception):
    """A value that does not have the type of its field; the message names the field."""


def encode_value(value: Any, left_out: frozenset[str] = frozenset()) -> Any:
    """A value as JSON has it. Fields of dataclasses with these names are left out.

    >>> encode_value((date(2026, 5, 14), None, 2))
    ['2026-05-14', None, 2]
    """
    if is_dataclass(value) and not isinstance(value, type):
        named = {one.name: getattr(value, one.name) for one in fields(value)}
        encoded = {
            name: encode_value(one, left_out) for name, one in named.items() if name not in left_out
        }
        return {CLASS_KEY: type(value).__name__, **encoded}
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, (tuple, list)):
        return [encode_value(one, left_out) for one in value]
    if isinstance(value, Mapping):
        return {str(key): encode_value(one, left_out) for key, one in value.items()}
    return value


def decode_value(
    expected: type[ValueT], value: Any, left_out: Mapping[str, Any] | None = None, place: str = ""
) -> ValueT:
    """The value of a type that `encode_value` made into `value`. Raises CodecError.

    `left_out` gives the values of the fields that were left out. They must not be among the encoded ones.
    """
    return _decode(expected, value, left_out or {}, place)  # type: ignore[no-any-return]


def _decode(expected: Any, value: Any, left_out: Mapping[str, Any], place: str) -> Any:
    origin, arguments = get_origin(expected), get_args(expected)
    if origin in (Union, UnionType):
        return _decode(_choose(arguments, value, place), value, left_out, place)
    if origin is tuple and isinstance(value, list):
        return tuple(_decode(arguments[0], one, left_out, place) for one in value)
    if origin is Mapping and isinstance(value, dict):
        return {
            _decode(arguments[0], key, left_out, place): _decode(arguments[1], one, left_out, place)
            for key, one in value.items()
        }
    if is_dataclass(expected) and isinstance(value, dict):
        return _decode_dataclass(expected, value, left_out, place)
    return _decode_scalar(expected, value, place)


def _choose(choices: tuple[Any, ...], value: Any, place: str) -> Any:
    """The one of several types that a value is of: none, a class by its name, or a time before a day."""
    if value is None and NoneType in choices:
        return NoneType
    others = [choice for choice in choices if choice is not NoneType]
    if isinstance(value, dict) and CLASS_KEY in value:
        others = [choice for choice in others if choice.__name__ == value[CLASS_KEY]]
    elif datetime in others and isinstance(value, str):
        others = [datetime if "T" in value else date]
    if len(others) != 1:
        raise CodecError(f"{place}: not one of {', '.join(str(choice) for choice in choices)}")
    return others[0]


def _decode_dataclass(
    expected: Any, value: dict[str, Any], left_out: Mapping[str, Any], place: str
) -> Any:
    hints, names = _hints(expected), {one.name for one in fields(expected)}
    sent = set(value) - {CLASS_KEY}
    if value.get(CLASS_KEY) != expected.__name__ or sent != names - set(left_out):
        raise CodecError(f"{place or expected.__name__}: not the fields of {expected.__name__}")
    decoded = {
        name: _decode(hints[name], value[name], left_out, f"{expected.__name__}.{name}")
        for name in sent
    }
    filled = {name: left_out[name] for name in names & set(left_out)}
    return expected(**decoded, **filled)


@cache
def _hints(cls: Any) -> dict[str, Any]:
    return get_type_hints(cls)


def _decode_scalar(expected: Any, value: Any, place: str) -> Any:
    try:
        if expected in (datetime, date) and isinstance(value, str):
            moment = expected.fromisoformat(value)
            if expected is date or moment.tzinfo is not None:
                return moment
        elif expected is timedelta and type(value) in (int, float):
            return timedelta(seconds=value)
        elif expected is float and type(value) in (int, float) and math.isfinite(value):
            return float(value)
        elif type(value) is expected and _is_storable(value):
            return value
    except (ValueError, OverflowError):
        pass  # the error below says where
    raise CodecError(
        f"{place}: {type(value).__name__} is not {getattr(expected, '__name__', expected)}"
    )


def _is_storable(value: Any) -> bool:
    """Can SQLite store the value? Neither half a surrogate pair nor a huge number."""
    if isinstance(value, str):
        value.encode()  # raises UnicodeEncodeError, a ValueError
    return not isinstance(value, int) or abs(value) <= MAX_REPLY_INTEGER
