"""How much of one text is in another, and a short value by which two texts are found to be the same.

A *shingle* is a run of letters of fixed length, here hashed (Broder, "On the resemblance and containment of
documents", 1997). Shingles need no list of words and no spaces between words. Letters alone count: numbers, ids and
times differ from one answer to the next.
"""

from collections.abc import Iterator
from zlib import crc32

from scraper.patterns import lazy_pattern

# A shingle is this many letters long. An ideograph or a syllable says as much as three letters of an alphabet.
SHINGLE_LETTERS = 10
DENSE_LETTER = lazy_pattern("([\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3])")
NO_LETTER = lazy_pattern(r"[\W\d_]+")
# So many hashes tell two texts apart; each takes eight characters.
SKETCH_HASHES = 32
HASH_CHARACTERS = 8
# Fewer hashes of a text in another one may be those of a phrase.
MIN_COMPARED_HASHES = 8


def shingles(text: str) -> frozenset[int]:
    """The hashes of all runs of letters of a text, line by line; of a shorter line its own."""
    lines = (NO_LETTER.sub("", line) for line in text.lower().splitlines())
    return frozenset(crc32(run) for line in lines if line for run in _runs(line))


def _runs(letters: str) -> Iterator[bytes]:
    letters = DENSE_LETTER.sub(r"\1\1\1", letters)
    for start in range(max(len(letters) - SHINGLE_LETTERS, 0) + 1):
        yield letters[start : start + SHINGLE_LETTERS].encode("utf-8", "surrogatepass")


def shared_share(one: frozenset[int], other: frozenset[int]) -> float:
    """How much of the shorter of two texts is in the longer one, 0 to 1, by their shingles.

    >>> old, new = shingles("The harbour bridge opened on Monday."), shingles("On Monday, the harbour bridge opened.")
    >>> 0.5 < shared_share(old, new) < 1.0
    True
    """
    shorter = min(len(one), len(other))
    return len(one & other) / shorter if shorter else 0.0


def mutual_share(one: frozenset[int], other: frozenset[int]) -> float:
    """How much of the longer of two texts is in the shorter one, 0 to 1, by their shingles."""
    longer = max(len(one), len(other))
    return len(one & other) / longer if longer else 0.0


def sketch(hashes: frozenset[int]) -> str:
    """The smallest hashes of a text, as hexadecimal digits; empty if the text is."""
    return "".join(f"{value:08x}" for value in sorted(hashes)[:SKETCH_HASHES])


def resemblance(one: str, other: str) -> float:
    """How much two sketched texts have in common, 0 to 1; two empty ones are the same.

    >>> resemblance(sketch(shingles("A long line of words.")), sketch(shingles("Something else entirely.")))
    0.0
    """
    left, right = _hashes(one), _hashes(other)
    smallest = sorted(left | right)[:SKETCH_HASHES]
    return (
        sum(value in left and value in right for value in smallest) / len(smallest)
        if smallest
        else 1.0
    )


def holds(whole: str, part: str) -> float:
    """How much of a sketched text is in another, 0 to 1; 0 if too few of its hashes can be compared.

    The sketch of the whole has all its hashes up to the largest one that it shows. So a hash of the part
    below that is in the whole, or missing from it.

    >>> wall = "Subscribers read on: the whole report, the tables and the maps."
    >>> holds(sketch(shingles(wall + " Two more sentences of the story came.")), sketch(shingles(wall)))
    1.0
    """
    hashes = _hashes(whole)
    comparable = [value for value in _hashes(part) if value <= max(hashes, default="")]
    if len(comparable) < MIN_COMPARED_HASHES:
        return 0.0
    return sum(value in hashes for value in comparable) / len(comparable)


def _hashes(text: str) -> frozenset[str]:
    return frozenset(
        text[start : start + HASH_CHARACTERS] for start in range(0, len(text), HASH_CHARACTERS)
    )
