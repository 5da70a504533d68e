"""The value that extraction gives: an Article."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

# A page may give a time to the second, or only to the day. The first is an aware datetime in the
# offset that the page uses, the second a plain date.
Timestamp = datetime | date


@dataclass(frozen=True, slots=True)
class Article:
    """An article as a reader reads it, without its page.

    `paragraphs` are the body's paragraphs and sub-headings in order, with white space
    folded. The standfirst is `dek`, never a paragraph. What the page does not say is None
    (or an empty tuple). These four take no part in equality:

    - `sources` maps each field to the place it was read from ("json-ld", "og:title", "h1" …).
    - `headlines` maps each source of the headline to what it says.
    - `container_path` names the element that held the body.
    - `origin` is the address on another site that the page gives for the article, as a
      portal's copy does.

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
