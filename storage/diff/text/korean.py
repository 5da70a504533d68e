"""What changed inside a Korean word: its stem, or the particle (josa) or ending after it."""

from scraper.patterns import lazy_pattern
from storage.diff.text.tokens import HANGUL_TOKEN, shared_start

# Case particles and the most frequent connective endings.
PARTICLE = lazy_pattern(
    "이|가|은|는|을|를|에|의|도|로|으로|과|와|만|나|이나|에서|에게|에게서|께|께서|한테|까지|부터|보다|처럼|마다|라도|조차|밖에"
    "|에는|에도|에서는|에서도|로는|으로는|라고|이라고|라는|이라는|라며|이라며|고|며|면|면서|지만|는데|다고|다며|다는|들|들이|들은|들을"
)
MIN_STEM_SYLLABLES = 2  # before a particle that was added or removed


def shared_stem(old: str, new: str) -> int:
    """How many syllables of a Korean word are its stem, if only its particle or ending changed.

    0 if the stem changed too, or if the words are not Korean.

    >>> shared_stem("중국이", "중국은"), shared_stem("있다", "없다"), shared_stem("물걸래를", "물걸레를")
    (2, 0, 0)
    >>> shared_stem("서울에서", "서울에서도"), shared_stem("정부가", "정부")
    (4, 2)
    """
    if not (HANGUL_TOKEN.fullmatch(old) and HANGUL_TOKEN.fullmatch(new)):
        return 0
    count = shared_start(old, new)
    tails = old[count:], new[count:]
    if all(tails):
        return count if count and all(PARTICLE.fullmatch(tail) for tail in tails) else 0
    return count if count >= MIN_STEM_SYLLABLES and PARTICLE.fullmatch("".join(tails)) else 0
