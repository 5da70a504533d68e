"""Hostile bytes: a short form of the fuzz benchmark, and proof that it finds what is wrong."""

import os
import random
import re
import signal
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import pytest

from benchmarks.fuzz import seeds
from benchmarks.fuzz.child import MAX_MEGABYTES, trials
from benchmarks.fuzz.mutate import mutated
from benchmarks.fuzz.run import FuzzFigures, fuzz_target, input_of, save_findings
from benchmarks.fuzz.targets import FuzzTarget, targets

INPUTS = range(12)
NAMES = (
    "page", "check", "edit", "feed", "sitemap", "section", "robots", "header", "charset", "encoding", "warc", "jsonl", "bundle",
    "bundle-history", "database",
)  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, FuzzTarget]:
    """Every target."""
    return targets(tmp_path_factory.mktemp("fuzz"))


def test_the_names_are_those_of_the_targets(made: Mapping[str, FuzzTarget]) -> None:
    assert tuple(made) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_hostile_bytes_take_bounded_time_and_memory(
    made: Mapping[str, FuzzTarget], name: str
) -> None:
    until = time.monotonic() + 60
    figures = fuzz_target(name, made[name], seed=2026, numbers=INPUTS, until=until)
    assert (figures.faults, figures.count) == ({}, len(INPUTS))


def test_the_seeds_are_valid(made: Mapping[str, FuzzTarget], tmp_path: Path) -> None:
    """Else all hostile forms of them would be refused by their first byte."""
    for name, ending in (("warc", "warc"), ("jsonl", "jsonl"), ("bundle", "wacz")):
        path = tmp_path / f"seed.{ending}"
        path.write_bytes(made[name].seeds[0])
        assert seeds.command("--db", tmp_path / f"{name}.db", "import", path) == 0
    history = made["bundle-history"].seeds[0]
    (tmp_path / "f.wacz").write_bytes(seeds.bundle_with(made["bundle"].seeds[0], "history.jsonl", history))  # fmt: skip
    assert seeds.command("--db", tmp_path / "again.db", "import", tmp_path / "f.wacz") in (0, 1)
    (tmp_path / "f.db").write_bytes(made["database"].seeds[0])
    assert seeds.command("--db", tmp_path / "f.db", "show", seeds.URL) == 0


def take_memory(number: int) -> None:
    if number == 1:
        assert b"x" * (MAX_MEGABYTES + 100) * 1_000_000


def fail(number: int) -> None:
    if number == 1:
        raise KeyError("x")


def die(number: int) -> None:
    if number == 1:
        os.kill(os.getpid(), signal.SIGKILL)


def hang(number: int) -> None:
    if number == 1:
        re.search(r"(?:a|a)*$", "a" * 60 + "b")


FAULTS: dict[str, tuple[Callable[[int], None], str]] = {
    "an error": (fail, "KeyError at test_fuzz.py"),
    "memory": (take_memory, f"takes more than {MAX_MEGABYTES} MB"),
    "a crash": (die, "dies of signal 9"),
    "a freeze": (hang, "hangs for more than 1.5 s"),
}


@pytest.mark.parametrize("case", FAULTS)
def test_a_fault_is_found_and_the_other_inputs_are_tried(
    case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("benchmarks.fuzz.child.HARD_SECONDS", 1.5)
    run, expected = FAULTS[case]
    found = list(trials(run, range(4), until=time.monotonic() + 60))
    assert [trial.number for trial in found] == [0, 1, 2, 3]
    assert [(trial.fault or "").startswith(expected) for trial in found] == [False, True, False, False]  # fmt: skip


def test_a_finding_is_saved_with_its_bytes(tmp_path: Path) -> None:
    target = FuzzTarget([b"seed"], [b"piece"], fail)  # type: ignore[arg-type]
    figures = FuzzFigures("x", faults={"KeyError": 7})
    saved = save_findings(figures, partial(input_of, target, "x", 1), tmp_path)
    assert [(fault, path.read_bytes()) for fault, path in saved] == [
        ("KeyError", input_of(target, "x", 1, 7))
    ]


def test_an_input_is_the_same_for_its_seed_and_number() -> None:
    first, second = (mutated([b"one two"], [b"<a>"], random.Random("x 1 2")) for _ in range(2))
    assert first == second
