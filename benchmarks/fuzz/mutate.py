"""Hostile forms of small valid inputs, from a seeded generator."""

import random
from collections.abc import Callable, Sequence

MAX_CHANGES = 4
MAX_INPUT_BYTES = 400_000
MAX_PIECE_BYTES = 48
# Pieces that many formats are sensitive to.
COMMON_PIECES = (
    b" ", b"\n", b"\t", b"\0", b"\r\n", b"<", b">", b"&", b'"', b"'", b"/", b"\\", b"[", b"{", b"(", b"-", b".", b",",
    b"0", b"1", b"9" * 20, b"a", b"a ", b"\xff", b"\xed\xa0\x80", "\u200b".encode(), "가".encode(), "가 ".encode(), "“".encode(),
    b"@", b"a@a.", b"1,", b"20", b"2026-", b"12:30 ", b"*", b"%", b"&amp;", b"&#x41;", b"http://", b"../",
)  # fmt: skip


def mutated(seeds: Sequence[bytes], pieces: Sequence[bytes], rng: random.Random) -> bytes:
    """One of the seeds after a few changes; `pieces` are those of its format."""
    data = rng.choice(seeds)
    for _ in range(rng.randint(1, MAX_CHANGES)):
        change = rng.choice(CHANGES)
        data = change(data, [*pieces, *COMMON_PIECES], rng)[:MAX_INPUT_BYTES]
    return data


def _span(data: bytes, rng: random.Random, longest: int) -> tuple[int, int]:
    start = rng.randrange(len(data) + 1)
    return start, min(len(data), start + rng.randint(1, longest))


def _flip(data: bytes, pieces: Sequence[bytes], rng: random.Random) -> bytes:
    start, end = _span(data, rng, 4)
    return data[:start] + rng.randbytes(end - start) + data[end:]


def _cut(data: bytes, pieces: Sequence[bytes], rng: random.Random) -> bytes:
    start, end = _span(data, rng, rng.choice([4, 40, 400, 4_000]))
    return data[:start] + data[end:]


def _break_off(data: bytes, pieces: Sequence[bytes], rng: random.Random) -> bytes:
    return data[: rng.randrange(len(data) + 1)]


def _insert(data: bytes, pieces: Sequence[bytes], rng: random.Random) -> bytes:
    start, _ = _span(data, rng, 1)
    return data[:start] + rng.choice(pieces) * _times(rng) + data[start:]


def _replace(data: bytes, pieces: Sequence[bytes], rng: random.Random) -> bytes:
    start, end = _span(data, rng, MAX_PIECE_BYTES)
    return data[:start] + rng.choice(pieces) * _times(rng) + data[end:]


def _repeat(data: bytes, pieces: Sequence[bytes], rng: random.Random) -> bytes:
    """A piece of the input itself, up to a hundred thousand bytes of it."""
    start, end = _span(data, rng, rng.choice([2, 8, MAX_PIECE_BYTES, 1_000]))
    return data[:start] + data[start:end] * _times(rng) + data[end:]


def _move(data: bytes, pieces: Sequence[bytes], rng: random.Random) -> bytes:
    start, end = _span(data, rng, 400)
    rest = data[:start] + data[end:]
    to = rng.randrange(len(rest) + 1)
    return rest[:to] + data[start:end] + rest[to:]


def _times(rng: random.Random) -> int:
    return rng.choice([1, 1, 2, 10, 100, 1_000, 10_000, 100_000])


Change = Callable[[bytes, Sequence[bytes], random.Random], bytes]
CHANGES: tuple[Change, ...] = (_flip, _cut, _break_off, _insert, _insert, _replace, _repeat, _repeat, _move)  # fmt: skip
