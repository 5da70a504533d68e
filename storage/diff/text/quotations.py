"""Text in quotation marks and brackets, whose two marks are a pair."""

from scraper.patterns import lazy_pattern

# Text in quotation marks. An apostrophe between letters quotes nothing.
QUOTED_WORDS = lazy_pattern(
    r"“[^“”]*”|„[^„“”]*[“”]|«[^«»]*»|‘[^‘’]*’(?![a-z])|「[^「」]*」|『[^『』]*』|《[^《》]*》|\"[^\"]*\"|(?<!\w)'[^']*'(?![a-z])"
)
BRACKETED_WORDS = lazy_pattern(
    r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】|（[^（）]*）|〈[^〈〉]*〉|<[^<>]*>"
)
# Marks around at most this many characters are one edit.
MAX_QUOTED_CHARACTERS = 80


def paired_marks(text: str) -> list[tuple[int, int]]:
    """Where each text in marks begins and ends, its marks included; long ones are left out.

    >>> paired_marks('He (55) said "we won".')
    [(13, 21), (3, 7)]
    """
    return [
        match.span()
        for pattern in (QUOTED_WORDS, BRACKETED_WORDS)
        for match in pattern.finditer(text)
        if match.end() - match.start() <= MAX_QUOTED_CHARACTERS + 2
    ]
