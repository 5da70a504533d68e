"""The values a comparison gives."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Hunk:
    """One stretch of two texts: `equal` where `old == new`, else what stood there before and after.

    Joining the `old` of all hunks gives the old text back, joining the `new` the new one.
    """

    op: str  # equal, insert, delete, replace
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Edit:
    """One change a reader would call an edit.

    `field` is headline, dek, byline, body, caption, published_at, modified_at or section;
    `op` is insert, delete, replace or move; `kind` is one of `storage.diff.kinds.rules.KINDS`.
    `old` and `new` are the smallest span that reads well, None on the side where there is
    nothing. `paragraph` counts from 0 in the version that holds the text: the new one, or
    the old one for what was deleted. `context` is the sentence as it stands now and `at`
    where in it `new` begins (for a deletion, where `old` stood); empty for a sentence that
    came, left or moved as a whole. `source` names the sources of the headline that moved.
    """

    field: str
    op: str
    kind: str
    old: str | None
    new: str | None
    paragraph: int | None = None
    context: str = ""
    at: int = 0
    source: str | None = None
