"""The values that leave this folder."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

# A time on a page may be known to the second or only to the day: an aware datetime (in the
# page's own offset) where the time of day is known, a plain date where it is not.
Timestamp = datetime | date


@dataclass(frozen=True, slots=True)
class Article:
    """What a page says, without the page.

    `paragraphs` are the body's paragraphs and sub-headings in order, white space
    folded; the standfirst is `dek`, never a paragraph. What is unknown is None
    (or an empty tuple). `sources` says per field where it was read ("json-ld",
    "og:title", "h1" …), `headlines` what each source of the headline says, `anchor`
    in which element the text stood, `origin` which address on another site the page names as the
    article's own (a portal's copy does); these take no part in equality.

    >>> Article("https://example.org/a", "Bridge opens", paragraphs=("One.", "Two.")).body
    'One.\\n\\nTwo.'
    """

    url: str
    headline: str
    dek: str | None = None
    byline: tuple[str, ...] = ()
    published_at: Timestamp | None = None
    modified_at: Timestamp | None = None
    section: str | None = None
    lang: str | None = None
    paragraphs: tuple[str, ...] = ()
    captions: tuple[str, ...] = ()
    sources: Mapping[str, str] = field(default_factory=dict, compare=False)
    headlines: Mapping[str, str] = field(default_factory=dict, compare=False)
    container_path: str | None = field(default=None, compare=False)
    origin: str | None = field(default=None, compare=False)

    @property
    def body(self) -> str:
        """The paragraphs joined by one blank line."""
        return "\n\n".join(self.paragraphs)


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """An article, and how to tell at the next look that it stands as it did.

    `region` is a selector of the element that held its text, `asides` the places within where none of it
    stood, `digest` a hash of everything that it was read from.
    """

    article: Article
    container: str
    hash: str | None
    ignored_places: frozenset[str] = frozenset()
