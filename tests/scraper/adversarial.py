"""Texts that a backtracking pattern is slow on, derived from the pattern itself."""

import re
import re._constants as codes  # type: ignore[import-untyped]
import re._parser as parser  # type: ignore[import-untyped]
import signal
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice, product
from types import FrameType
from typing import Any

REPEATS = (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT)
CATEGORY_SAMPLES = {
    codes.CATEGORY_SPACE: " \n",
    codes.CATEGORY_DIGIT: "1",
    codes.CATEGORY_WORD: "a1",
    codes.CATEGORY_NOT_SPACE: "a.",
    codes.CATEGORY_NOT_DIGIT: "a ",
    codes.CATEGORY_NOT_WORD: " -",
}
# Runs that pages have, whatever the pattern says.
COMMON_PUMPS = (" ", "\n", "a", "1", "-", ".", "<", "a ", "1 ", "가", "가 ")
NO_MATCH = "\x07"
MANY = 8  # a repeat that may go on for longer than this is worth a run
MAX_CLASS_SAMPLES = 5
MAX_PREFIXES, MAX_PUMPS, MAX_PIECES = 10, 36, 24


@dataclass(frozen=True, slots=True)
class Attack:
    """A text of any length: a beginning, a piece that is repeated, and an end that spoils the match."""

    before: str
    piece: str
    after: str

    def text(self, length: int) -> str:
        """The text with `length` characters of the repeated piece."""
        return self.before + self.piece * max(1, length // len(self.piece)) + self.after


def attacks(pattern: str | bytes, flags: int) -> list[Attack]:
    """Texts made of the pattern's own literals, classes, repeats and beginnings.

    >>> Attack("a=", " ", NO_MATCH) in attacks(r"a=\\s*b", 0)
    True
    """
    text = pattern.decode("latin-1") if isinstance(pattern, bytes) else pattern
    tree = parser.parse(text, flags & ~re.U if isinstance(pattern, bytes) else flags)
    runs = list(_runs(tree, ""))
    prefixes = sorted({"", *(before[-60:] for before, _ in runs)}, key=len)[:MAX_PREFIXES]
    pumps = dict.fromkeys([*COMMON_PUMPS, *(piece for _, pieces in runs for piece in pieces)])
    own = dict.fromkeys(
        Attack(before[-60:], piece, NO_MATCH) for before, pieces in runs for piece in pieces
    )
    crossed = [
        Attack(before, piece, NO_MATCH)
        for before, piece in product(prefixes, islice(pumps, MAX_PUMPS))
    ]
    repeated = [Attack("", piece, NO_MATCH) for piece in _pieces(tree, runs)]
    return list(dict.fromkeys([*own, *crossed, *repeated]))


def _pieces(tree: Any, runs: list[tuple[str, list[str]]]) -> list[str]:
    """Beginnings of what the pattern matches: repeated, each is the start of a match that fails."""
    wholes = {_sample(tree, 0), _sample(tree, 1)}
    wholes |= {before + piece * 30 for before, pieces in runs for piece in pieces[:1]}
    pieces = dict.fromkeys(
        whole[:cut]
        for whole in wholes
        for cut in {1, 2, 3, 5, 8, 13, len(whole) // 2, len(whole) - 1, len(whole)}
        if 0 < cut <= len(whole)
    )
    return sorted(pieces, key=len)[:MAX_PIECES]


def _runs(tree: Iterable[Any], before: str) -> Iterator[tuple[str, list[str]]]:
    """Each part that may be repeated often: a text that leads to it, and pieces that it repeats."""
    for op, value in tree:
        if op in REPEATS:
            _, most, body = value
            if most > MANY:
                yield before, _choices(body)
            yield from _runs(body, before)
        elif op is codes.SUBPATTERN:
            yield from _runs(value[3], before)
        elif op is codes.ATOMIC_GROUP:
            yield from _runs(value, before)
        elif op is codes.BRANCH:
            for branch in value[1]:
                yield from _runs(branch, before)
        elif op in (codes.ASSERT, codes.ASSERT_NOT):
            yield from _runs(value[1], before)
        before += _sample([(op, value)], 1)


def _choices(body: Iterable[Any]) -> list[str]:
    """Pieces that the body of a repeat matches: of a class, several of its characters."""
    nodes = list(body)
    if len(nodes) == 1 and nodes[0][0] is codes.IN:
        return [*_class_samples(nodes[0][1])]
    if len(nodes) == 1 and nodes[0][0] is codes.SUBPATTERN:
        return _choices(nodes[0][1][3])
    if len(nodes) == 1 and nodes[0][0] is codes.BRANCH:
        return [piece for branch in nodes[0][1][1] for piece in _choices(branch)]
    samples = [_sample(nodes, 0), _sample(nodes, 1)]
    return [sample for sample in dict.fromkeys(samples) if sample]


def _sample(tree: Iterable[Any], optional: int) -> str:
    """A text that the tree matches, apart from what it looks at around it; optional parts `optional` times."""
    text = ""
    for op, value in tree:
        if op is codes.LITERAL:
            text += chr(value)
        elif op is codes.NOT_LITERAL:
            text += "a" if value != ord("a") else "b"
        elif op is codes.ANY:
            text += "a"
        elif op is codes.IN:
            text += _class_samples(value)[0]
        elif op in REPEATS:
            least, most, body = value
            text += _sample(body, optional) * min(max(least, optional), most, 30)
        elif op is codes.SUBPATTERN:
            text += _sample(value[3], optional)
        elif op is codes.ATOMIC_GROUP:
            text += _sample(value, optional)
        elif op is codes.BRANCH:
            text += _sample(value[1][0], optional)
    return text


def _class_samples(members: list[Any]) -> str:
    """A few characters of a class, of different kinds."""
    if members[0][0] is codes.NEGATE:
        excluded = re.compile("[" + "".join(_class_text(members[1:])) + "]")
        allowed = [sample for sample in 'a1 \n.-<>"가' if not excluded.match(sample)]
        return "".join(allowed[:MAX_CLASS_SAMPLES]) or "\x01"
    samples = ""
    for op, value in members:
        if op is codes.LITERAL:
            samples += chr(value)
        elif op is codes.RANGE:
            samples += chr(value[0]) + chr((value[0] + value[1]) // 2)
        elif op is codes.CATEGORY:
            samples += CATEGORY_SAMPLES[value]
    step = max(1, len(samples) // MAX_CLASS_SAMPLES)
    return "".join(dict.fromkeys(samples[::step]))


def _class_text(members: list[Any]) -> Iterator[str]:
    names = {
        codes.CATEGORY_SPACE: r"\s",
        codes.CATEGORY_DIGIT: r"\d",
        codes.CATEGORY_WORD: r"\w",
        codes.CATEGORY_NOT_SPACE: r"\S",
        codes.CATEGORY_NOT_DIGIT: r"\D",
        codes.CATEGORY_NOT_WORD: r"\W",
    }
    for op, value in members:
        if op is codes.LITERAL:
            yield re.escape(chr(value))
        elif op is codes.RANGE:
            yield f"{re.escape(chr(value[0]))}-{re.escape(chr(value[1]))}"
        elif op is codes.CATEGORY:
            yield names[value]


class TooSlow(Exception):
    """The work took longer than its limit."""


@contextmanager
def alarm(seconds: float) -> Iterator[None]:
    """Ends the work within after `seconds` of processor time. Python's regular expressions heed signals."""

    def end(number: int, frame: FrameType | None) -> None:
        raise TooSlow

    before = signal.signal(signal.SIGPROF, end)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def seconds_of(work: Callable[[], object], limit: float) -> float:
    """The processor time of the work; the limit if it took longer."""
    started = time.process_time()
    try:
        with alarm(limit):
            work()
    except TooSlow:
        return limit
    return time.process_time() - started
