"""Was a text read in a wrong encoding somewhere on its way? Its letters tell; no dictionary is needed."""

from collections import defaultdict

from scraper.article import Article

# A byte above 127 that is read as one letter becomes one of these: of Latin-1, or of Windows-1252.
SINGLE_BYTE_LETTERS = frozenset(
    bytes(range(128, 256)).decode("latin-1") + bytes(range(128, 256)).decode("cp1252", "ignore")
)
REPLACEMENTS = "?\ufffd"
# A letter takes two bytes or more in UTF-8.
MIN_BYTES_PER_LETTER = 2
# So much of what is new in a text must be old lines with spoiled letters.
MIN_GARBLED_SHARE = 0.5


def is_garbled(old: Article, new: Article) -> bool:
    """Whether most of what is new in a text are old lines whose letters were spoiled on the way.

    >>> text = Article("a", "Dry", paragraphs=("Die Bäche führen kein Wasser mehr.",))
    >>> is_garbled(text, Article("a", "Dry", paragraphs=("Die BÃ¤che fÃ¼hren kein Wasser mehr.",)))
    True
    >>> is_garbled(text, Article("a", "Dry", paragraphs=("Die Baeche fuehren kein Wasser mehr.",)))
    False
    """
    known = frozenset(old.paragraphs)
    added = [line for line in new.paragraphs if line not in known]
    by_skeleton: dict[str, list[str]] = defaultdict(list)
    for line in old.paragraphs:
        if not line.isascii():
            by_skeleton[_skeleton(line)].append(line)
    if not added or not by_skeleton:
        return False
    garbled = [line for line in added if _is_spoiled(line, by_skeleton.get(_skeleton(line), []))]
    return sum(map(len, garbled)) >= MIN_GARBLED_SHARE * sum(map(len, added))


def _skeleton(line: str) -> str:
    """The part of a line that every encoding leaves alone."""
    return "".join(letter for letter in line if letter.isascii() and not letter.isspace() and letter != "?")  # fmt: skip


def _is_spoiled(line: str, originals: list[str]) -> bool:
    """Whether a line is one of these with its letters read byte by byte, or replaced by a sign."""
    foreign = [letter for letter in line if not letter.isascii() and letter not in REPLACEMENTS]
    if not SINGLE_BYTE_LETTERS.issuperset(foreign):
        return False
    return any(_lost_letters(line, foreign, original) for original in originals)


def _lost_letters(line: str, foreign: list[str], original: str) -> bool:
    letters = [letter for letter in original if not letter.isascii()]
    replaced = sum(line.count(sign) - original.count(sign) for sign in REPLACEMENTS)
    if not foreign:
        return replaced >= len(letters)
    return len(foreign) + replaced >= MIN_BYTES_PER_LETTER * len(letters)
