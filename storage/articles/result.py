"""The values that one check brings to the database."""

from dataclasses import dataclass, field
from datetime import datetime

from scraper.article import Article
from storage.diff.disclosure import Disclosure
from storage.diff.edit import Edit
from storage.diff.noise.boilerplate import BoilerplateLine
from storage.diff.noise.exclusions import PageNoise, PendingLine, Streak
from storage.diff.noise.shared_lines import Story
from storage.snapshots.store import Snapshot


@dataclass(frozen=True, slots=True)
class Fetch:
    """One request and its response.

    `size` and `sha256` are of the page's bytes, None if there was no page. `snapshot` is the page
    itself, if it is kept. `container_path` names the element that held the body, None if the page
    was not read or showed no article.
    """

    url: str
    fetched_at: datetime
    http_status: int | None = None
    etag: str | None = None
    last_modified: str | None = None
    elapsed_ms: int | None = None
    size: int | None = None
    sha256: str | None = None
    snapshot: Snapshot | None = None
    container_path: str | None = None


@dataclass(frozen=True, slots=True)
class RateParameters:
    """The edit rate of an article: a gamma distribution of this shape and scale."""

    shape: float
    scale: float


@dataclass(frozen=True, slots=True)
class HostEdits:
    """The checks of one host that saw an edit, and how many an average publisher would have had."""

    edited_checks: float = 0.0
    expected: float = 0.0


@dataclass(frozen=True, slots=True)
class Addresses:
    """What a page says about the addresses of its article.

    `article_url` is the address to keep the article under: of a new article, or after a move.
    `aliases` redirect to it. `declared_url` is an address that the page names as its own and
    that nobody has fetched.
    """

    article_url: str | None = None
    aliases: tuple[str, ...] = ()
    declared_url: str | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """When to check next and why, and what this check says about the edit rate.

    `late_seconds` is how long after its due time the check began, None if it was not due.
    `born_at` is when the article was published or first seen. `expected_edits` are those of an
    average article since the last check, `edit_rate` is None if the check saw no article.
    """

    next_check_at: datetime | None = None
    reason: str | None = None
    late_seconds: float | None = None
    born_at: datetime | None = None
    edit_rate: RateParameters | None = None
    expected_edits: float = 0.0


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One check of one article, decided: everything that `record` writes.

    - `article_id`: the article, None if it is new. `absorbed_id`: an entry without versions that
      turned out to be this article under another address.
    - `base_version`: the number of the version that the page was compared with.
    - `article`: the text of a new version, None if there is none; a technical one if the article
      moved. `technical`: the base as it should read by now, if it is stored otherwise: extracted again by a newer extractor,
      or without what is proven page noise since.
    - `template_fields`: what changed with the template of the site. `technical` has these fields as the
      article has them now; without edits `article` is the technical version.
    - `wanted_siblings`: so many siblings should be asked whether an edit is the publisher's own change.
      `has_returned`: an earlier text came back, and siblings that were edited lately are the ones to ask.
      `has_wide_change`: much of the text changed, or its end was lost, and a sibling shows whether the site is at fault.
      `has_counting_line`: only numbers changed in a line, and stored pages of siblings may show it, too.
    - `has_variants`: something was held back that alternates, as two responses of an earlier check showed.
    - `shows_version`: the last page shows that version to the word, so the next check may use its
      validators and its hash.
    - `sketch`: what is new on a page that only later checks can confirm, as
      `storage.diff.text.sketch` writes it; None if the check needs no other.
    - `validators_hid_edit`: an edit, though the page has the ETag or the Last-Modified time of the
      last one. A conditional request would have missed it.
    - `page_noise` was proven by this check, and `pending` is what it holds back. `streaks` are of the texts left out
      that its responses had, or had no longer. `withdrawn` are those that count as the article's from now on.
    - `boilerplate`: lines that this check proved to be the publisher's. `story`: what a new article
      teaches its host, None if it teaches nothing.
    - `status`: the new `articles.state`, None if it stays.
    - `is_imported`: its pages come from a file. Nobody here has requested them.
    """

    url: str
    outcome: str
    fetches: tuple[Fetch, ...]
    article_id: int | None = None
    absorbed_id: int | None = None
    reason: str | None = None
    sketch: str | None = None
    status: str | None = None
    is_imported: bool = False
    base_version: int | None = None
    article: Article | None = None
    technical: Article | None = None
    template_fields: tuple[str, ...] = ()
    wanted_siblings: int = 0
    has_returned: bool = False
    has_wide_change: bool = False
    has_counting_line: bool = False
    has_variants: bool = False
    edits: tuple[Edit, ...] = ()
    disclosure: Disclosure = field(default_factory=Disclosure)
    shows_version: bool = False
    validators_hid_edit: bool = False
    page_noise: tuple[PageNoise, ...] = ()
    pending: tuple[PendingLine, ...] = ()
    streaks: tuple[Streak, ...] = ()
    withdrawn: tuple[str, ...] = ()
    boilerplate: tuple[BoilerplateLine, ...] = ()
    story: Story | None = None
    addresses: Addresses = field(default_factory=Addresses)
    plan: Plan = field(default_factory=Plan)

    @property
    def holds_back(self) -> bool:
        """Whether the page showed another text than the stored one, and later checks decide about it."""
        return bool(self.pending) or self.has_variants

    @property
    def unconfirmed(self) -> bool:
        """Whether the page changed so much that only later checks can confirm it."""
        return self.sketch is not None


@dataclass(frozen=True, slots=True)
class Recorded:
    """The ids and version numbers that `record` wrote; None if there is no article."""

    article_id: int | None
    version: int | None
    previous_version: int | None
    reverts_to: int | None = None
    edit_ids: tuple[int, ...] = ()
