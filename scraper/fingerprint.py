"""The value by which a later check recognises an unchanged article.

`scraper.extract.unchanged` computes it. It has a module of its own because the database stores it,
and commands that only read the database need no parser.
"""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What recognises, without extraction, a page that still shows the same article.

    `container_path` names the element that held the body (`Article.container_path`) and
    `container` is a CSS selector that finds only it. `hash` covers everything the article was read
    from, except short lines in `ignored_places`. `extracted_at` is when the page was last
    extracted in full. Without `container` or `hash` a page must be extracted in full.
    """

    container_path: str | None = None
    container: str | None = None
    hash: str | None = None
    ignored_places: frozenset[str] = frozenset()
    extracted_at: datetime | None = None
