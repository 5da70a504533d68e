"""Two texts become hunks: the parts that are equal and the parts that changed, word by word."""

from collections.abc import Callable

from rapidfuzz.distance import Indel

from storage.diff.edit import Hunk, change_op
from storage.diff.text.tokens import shared_start, spaced_tokens

# Above this many pairs of tokens they are not aligned: a text of 20,000 rewritten words is one hunk.
MAX_TOKEN_PAIRS = 400_000_000
# Two texts of more characters than this are not cut into words at all.
MAX_TEXT_CHARACTERS = 2_000_000
# An equal hunk of at most this many characters between two changes reads better as part of them.
MAX_BRIDGE_CHARACTERS = 3

Opcode = tuple[str, int, int, int, int]  # op, and the tokens i1 to i2 that became j1 to j2


def hunks(old: str, new: str) -> tuple[Hunk, ...]:
    """The hunks of two texts, in order; equal hunks and changes alternate.

    Joined, their `old` is the old text and their `new` the new one. If only the white space
    after a word differs, that space is a hunk of its own.

    >>> [(h.old, h.new) for h in hunks("12 people died", "21 people died")]
    [('12 ', '21 '), ('people died', 'people died')]
    """
    if old == new:
        return (Hunk("equal", old, new),) if old else ()
    if len(old) + len(new) > MAX_TEXT_CHARACTERS:
        return _coarse_hunks(old, new)
    before, after = spaced_tokens(old), spaced_tokens(new)
    pieces: list[Hunk] = []
    # rapidfuzz reads "" as NUL. So leading space, which has no word, is aligned as " ".
    words = [[word or " " for word, _ in pairs] for pairs in (before, after)]
    for op, i1, i2, j1, j2 in align(*words):
        if op == "equal" and before[i1:i2] == after[j1:j2]:
            same = _join_tokens(before[i1:i2])
            pieces.append(Hunk("equal", same, same))
        elif op == "equal":  # but for spaces
            for (word, gap), (_, other_gap) in zip(before[i1:i2], after[j1:j2], strict=True):
                pieces.append(Hunk("equal", word, word))
                pieces.append(_hunk(gap, other_gap))
        else:
            pieces.append(_hunk(_join_tokens(before[i1:i2]), _join_tokens(after[j1:j2])))
    return tuple(_merge(pieces))


def _coarse_hunks(old: str, new: str) -> tuple[Hunk, ...]:
    """The shared start, one change and the shared end of two very long texts."""
    start = _largest_size(lambda size: old[:size] == new[:size], min(len(old), len(new)))
    rest = min(len(old), len(new)) - start
    end = _largest_size(lambda size: old[len(old) - size :] == new[len(new) - size :], rest)
    middle = _hunk(old[start : len(old) - end], new[start : len(new) - end])
    parts = (
        Hunk("equal", old[:start], old[:start]),
        middle,
        _hunk(old[len(old) - end :], new[len(new) - end :]),
    )
    return tuple(part for part in parts if part.old or part.new)


def _largest_size(holds: Callable[[int], bool], limit: int) -> int:
    """The largest size up to `limit` for which `holds` is true, by bisection.

    `holds` must be true for every smaller size.
    """
    low, high = 0, limit
    while low < high:
        size = (low + high + 1) // 2
        low, high = (size, high) if holds(size) else (low, size - 1)
    return low


def align(before: list[str], after: list[str]) -> list[Opcode]:
    """The opcodes that turn one list of tokens into the other, in order.

    Time is linear in the shared start and end. If the rest is too large to align, it is one
    replace.

    >>> align(["it", "is"], ["it", "was"])
    [('equal', 0, 1, 0, 1), ('replace', 1, 2, 1, 2)]
    """
    start = shared_start(before, after)
    end = shared_start(before[start:][::-1], after[start:][::-1])
    i2, j2 = len(before) - end, len(after) - end
    opcodes: list[Opcode] = [("equal", 0, start, 0, start)] if start else []
    opcodes += _middle_opcodes(before[start:i2], after[start:j2], start)
    if end:
        opcodes.append(("equal", i2, len(before), j2, len(after)))
    return opcodes


def _middle_opcodes(before: list[str], after: list[str], offset: int) -> list[Opcode]:
    """The opcodes of what is between the shared start, of `offset` tokens, and the shared end."""
    if not before and not after:
        return []
    if not before or not after or len(before) * len(after) > MAX_TOKEN_PAIRS:
        op = "replace" if before and after else "delete" if before else "insert"
        return [(op, offset, offset + len(before), offset, offset + len(after))]
    codes: list[Opcode] = []
    for code in Indel.opcodes(before, after):
        op, i1, i2 = code.tag, code.src_start + offset, code.src_end + offset
        j1, j2 = code.dest_start + offset, code.dest_end + offset
        if op != "equal" and codes and codes[-1][0] != "equal":
            _, i1, _, j1, _ = codes.pop()
            op = "replace" if i1 < i2 and j1 < j2 else op
        codes.append((op, i1, i2, j1, j2))
    return codes


def _join_tokens(pairs: list[tuple[str, str]]) -> str:
    return "".join(word + gap for word, gap in pairs)


def _hunk(old: str, new: str) -> Hunk:
    return Hunk("equal" if old == new else change_op(old, new), old, new)


def _merge(pieces: list[Hunk]) -> list[Hunk]:
    """The hunks without empty ones, with equal neighbours joined and changed neighbours joined."""
    merged: list[Hunk] = []
    for piece in pieces:
        if not piece.old and not piece.new:
            continue
        if merged and (merged[-1].op == "equal") == (piece.op == "equal"):
            last = merged.pop()
            piece = _hunk(last.old + piece.old, last.new + piece.new)
        merged.append(piece)
    return merged


def bridge(parts: tuple[Hunk, ...]) -> list[Hunk]:
    """The hunks, with two changes and the few equal characters between them joined to one.

    >>> [(h.op, h.old, h.new) for h in bridge(hunks("one of us", "two of them"))]
    [('replace', 'one of us', 'two of them')]
    """
    joined: list[Hunk] = []
    for index, part in enumerate(parts):
        is_tiny = part.op == "equal" and len(part.old.strip()) <= MAX_BRIDGE_CHARACTERS
        is_bridge = is_tiny and joined and joined[-1].op != "equal" and index + 1 < len(parts)
        if (is_bridge or part.op != "equal") and joined and joined[-1].op != "equal":
            last = joined.pop()
            part = Hunk("replace", last.old + part.old, last.new + part.new)
        joined.append(part)
    return joined
