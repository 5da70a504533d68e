"""Every regular expression of the program takes time in proportion to its text, whatever the text is."""

import ast
import gc
import importlib
import pkgutil
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from scraper.patterns import LazyPattern
from tests.scraper.adversarial import Attack, attacks, seconds_of

ROOT = Path(__file__).parents[2]
PACKAGES = ("scraper", "storage", "schedules", "variorum")
FILES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
METHODS = {"search", "match", "fullmatch", "finditer", "findall", "sub", "subn", "split"}
COMPILERS = METHODS | {"compile"}
# What is made of the words of a query or a key of the settings: escaped words, without a repeat.
DYNAMIC_PATTERNS = {
    "scraper/patterns.py",
    "storage/search/highlight.py",
    "variorum/config/toml.py",
}
# Patterns that see only a few characters of a text, and how many.
MAX_CHARACTERS: dict[str, int] = {}
SHORT, LONG = 1_500, 12_000
# Less than this for a short text is not worth a second measurement; less for a long one is fast.
MIN_SECONDS, MIN_LONG_SECONDS, MAX_SECONDS = 0.001, 0.04, 0.5
MAX_GROWTH = 3 * LONG / SHORT


@cache
def modules() -> tuple[Any, ...]:
    """Every module of the program, imported."""
    names = [
        module.name
        for package in PACKAGES
        for module in pkgutil.walk_packages([str(ROOT / package)], f"{package}.")
    ]
    return tuple(importlib.import_module(name) for name in names)


def patterns_in(name: str, value: object, depth: int = 0) -> Iterator[tuple[str, Any]]:
    """The patterns that a value of a module is or holds, each with a name."""
    if isinstance(value, LazyPattern | re.Pattern):
        yield name, value
    elif depth < 4 and isinstance(value, tuple | list | set | frozenset):
        for item in value:
            yield from patterns_in(f"{name}[]", item, depth + 1)
    elif depth < 4 and isinstance(value, dict):
        for item in (*value, *value.values()):
            yield from patterns_in(f"{name}[]", item, depth + 1)


@cache
def patterns() -> dict[str, Any]:
    """Each pattern of the program once, by the module that first has it and its name there."""
    found: dict[int, tuple[str, Any]] = {}
    for module in modules():
        for name, value in vars(module).items():
            for path, pattern in patterns_in(f"{module.__name__}.{name}", value):
                found.setdefault(id(pattern), (path, pattern))
    names: dict[str, Any] = {}
    for path, pattern in found.values():
        names[path if path not in names else f"{path}{len(names)}"] = pattern
    return names


@cache
def uses() -> dict[str, set[str]]:
    """The methods that the program calls on each name: `match` in `LOC.match(text)`."""
    methods: dict[str, set[str]] = defaultdict(set)
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr in METHODS:
                owner = node.value
                name = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
                methods[name].add(node.attr)
    return methods


@cache
def source_lines() -> tuple[str, ...]:
    """Every line of the program."""
    return tuple(line.strip() for path in FILES for line in path.read_text("utf-8").splitlines())


def lines_with(name: str) -> list[str]:
    """The lines of the program that have a name."""
    return [line for line in source_lines() if name in line]


def is_passed_on(name: str) -> bool:
    """Whether the program also hands the pattern to a function or keeps it in a table."""
    word = re.compile(rf"(?<!`)\b{name}\b(?!\.(?:{'|'.join(METHODS)})\()")
    definition = re.compile(rf"^{name}\b.*=|^(?:from|import)\b")
    return any(
        word.search(line) and not definition.match(line) and line != f"{name},"
        for line in lines_with(name)
    )


def methods_of(name: str) -> set[str]:
    """The methods to try: those that the program calls, or all if the pattern is handed around."""
    own = uses().get(name, set())
    return METHODS if not own or is_passed_on(name) else own


def runner(pattern: Any, methods: set[str], text: Any) -> Callable[[], object]:
    """Work that uses the pattern on a text in the way the program does."""
    calls: list[Callable[[], object]] = []
    if methods - {"match", "fullmatch", "search"}:
        calls.append(lambda: sum(1 for _ in pattern.finditer(text)))
    elif "search" in methods:
        calls.append(lambda: pattern.search(text))
    if methods & {"match"}:
        calls.append(lambda: pattern.match(text))
    if methods & {"fullmatch"}:
        calls.append(lambda: pattern.fullmatch(text))
    return lambda: [call() for call in calls]


def slow_attacks(name: str, pattern: Any) -> Iterable[str]:
    """The texts on which a pattern is slower than linear, with the seconds of a short and a long one."""
    compiled = re.compile(pattern.pattern, pattern.flags)
    methods = methods_of(name.rpartition(".")[2].rstrip("[]0123456789"))
    for attack in attacks(pattern.pattern, pattern.flags):

        def seconds(length: int, attack: Attack = attack) -> float:
            text: Any = attack.text(length)[: MAX_CHARACTERS.get(name)]
            raw = text.encode("utf-8", "replace") if isinstance(pattern.pattern, bytes) else text
            return seconds_of(runner(compiled, methods, raw), MAX_SECONDS)

        short = seconds(SHORT)
        if short < MIN_SECONDS:
            continue
        long = seconds(LONG)
        if long < MAX_SECONDS:  # the least of three counts: other programs are running, too
            long = min(long, seconds(LONG), seconds(LONG))
            short = min(short, seconds(SHORT), seconds(SHORT))
        if long >= MAX_SECONDS or long > max(MIN_LONG_SECONDS, MAX_GROWTH * short):
            yield f"{name}: {attack}: {short:.3f} s, then {long:.3f} s"


def test_all_patterns_are_at_module_level() -> None:
    inner = []
    for path in FILES:
        tree = ast.parse(path.read_text("utf-8"))
        functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)]  # fmt: skip
        for call in (node for function in functions for node in ast.walk(function)):
            if isinstance(call, ast.Call) and ast.unparse(call.func) == "lazy_pattern":
                inner.append(f"{path.name}:{call.lineno}")
    assert inner == []


def test_no_pattern_is_compiled_elsewhere() -> None:
    compiled = set()
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            if ast.unparse(node.func.value) == "re" and node.func.attr in COMPILERS:
                compiled.add(path.relative_to(ROOT).as_posix())
    assert compiled == DYNAMIC_PATTERNS


def test_the_walk_finds_every_pattern() -> None:
    walked = {id(pattern) for pattern in patterns().values()}
    alive = [item for item in gc.get_objects() if isinstance(item, LazyPattern)]
    missed = [item.pattern for item in alive if id(item) not in walked]
    assert len(walked) > 250
    assert missed == [] or missed == ["[0-9]+"]  # the doctest of `lazy_pattern`


@pytest.mark.parametrize("package", PACKAGES)
def test_every_pattern_is_linear_on_texts_made_against_it(package: str) -> None:
    own = {name: pattern for name, pattern in patterns().items() if name.startswith(f"{package}.")}
    assert own
    slow = [next(iter(slow_attacks(name, pattern)), None) for name, pattern in own.items()]
    assert list(filter(None, slow)) == []


@pytest.mark.parametrize("pattern", [r"\s*x", r"(?:a|a)*$", r"<loc>\s*([^<]+?)\s*</", r"(\w+)*\d"])
def test_the_attacks_find_what_is_slow(pattern: str) -> None:
    assert any(slow_attacks("x", re.compile(pattern)))
