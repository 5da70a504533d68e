"""The values that one look brings to the database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from scraper.article import Article
from scraper.fingerprint import Fingerprint
from storage.diff.disclosure import Disclosure
from storage.diff.edit import Edit
from storage.snapshots.store import Snapshot

# With these words begins the reason of a look that counts only when a later one sees the same.
DOUBT = "in doubt: "


@dataclass(frozen=True, slots=True)
class Fetch:
    """One request and its response.

    `size` and `sha256` are of the page's bytes, None if there was no page. `snapshot` is the page
    itself, if it is to be kept. `fingerprint` tells a later check whether the article has
    changed, None if there was none.
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
    fingerprint: Fingerprint | None = None


@dataclass(frozen=True, slots=True)
class ArticleState:
    """What the database holds of an article before a look.

    `article` is the text of the latest version, None before the first, `snapshot_id` the page
    that it was read from, `page_id` the last page that showed it. `volatile` are
    texts proven to be the page's, not the article's, and `was_undone` says that the user has taken
    one back since the last look; `suspects` texts that wait for a later look
    to be believed, each with the text it stands instead of. `missing_since` is when the address began
    to answer 404 and has done so since, `doubted_at` when the first of the last looks was in doubt
    of what it saw; `failures` counts the looks in a row that saw no article. `belief` are shape and
    scale of the rate at which it is edited, `edited_looks` the looks that saw an edit, `habits` its
    host's edits seen and those to be expected, `every` the user's own timetable for it.
    """

    article_id: int | None = None
    url: str | None = None
    state: str = "active"
    version: int | None = None
    article: Article | None = None
    content_hash: str | None = None
    extractor: str | None = None
    snapshot_id: int | None = None
    page_id: int | None = None
    page_sha256: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    container_path: str | None = None
    container: str | None = None
    ignored_places: frozenset[str] = frozenset()
    fingerprint: str | None = None
    extracted_at: str | None = None
    seen_at: str | None = None
    last_seen_at: str | None = None
    volatile: frozenset[str] = frozenset()
    volatile_after: frozenset[str] = frozenset()
    was_restored: bool = False
    pending: Mapping[str, str] = field(default_factory=dict)
    missing_since: str | None = None
    unconfirmed_since: str | None = None
    first_seen_at: str | None = None
    changed_at: str | None = None
    failures: int = 0
    edit_rate: tuple[float, float] | None = None
    edited_checks: int = 0
    host_prior: tuple[float, float] = (0.0, 0.0)
    every: str | None = None
    next_check_at: str | None = None


@dataclass(frozen=True, slots=True)
class PageNoise:
    """A text proven to be the page's: what each of two looks in a row saw in its place, or the
    paragraph `after` which one look upon the other found another line.
    """

    text: str
    first: str | None = None
    second: str | None = None
    after: str | None = None


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One look at one article, decided: everything that `record` writes.

    `article_id` is the article looked at, None where it is new; `absorbs` an entry that was
    never seen and turned out to be this article under another address. `base_version` is the
    version that was compared against, `shows_version` says that the last page shows it (or the
    new one) to the word, so that its validators may be trusted. `technical` is the base read
    again by a newer extractor, where that gave another text. `belief` is what is believed of its
    rate of edits now, `expected` the edits that an average article has since the last look.
    `named` is an address that the page gives for it and
    nobody has opened. `late_seconds` is how long after its time the look was, None where none was due.
    """

    url: str
    outcome: str
    fetches: tuple[Fetch, ...]
    article_id: int | None = None
    absorbed_id: int | None = None
    shows_version: bool = False
    reason: str | None = None
    article: Article | None = None
    article_url: str | None = None
    base_version: int | None = None
    technical: Article | None = None
    edits: tuple[Edit, ...] = ()
    disclosure: Disclosure = field(default_factory=Disclosure)
    volatile: tuple[PageNoise, ...] = ()
    pending: Mapping[str, str] = field(default_factory=dict)
    aliases: tuple[str, ...] = ()
    declared_url: str | None = None
    state: str | None = None
    next_check_at: datetime | None = None
    next_check_reason: str | None = None
    late_seconds: float | None = None
    born_at: datetime | None = None
    edit_rate: tuple[float, float] | None = None
    expected: float = 0.0


@dataclass(frozen=True, slots=True)
class Recorded:
    """What `record` wrote: the ids that a reader may go on with."""

    article_id: int | None
    version: int | None
    previous_version: int | None
    reverts_to: int | None = None
    edit_ids: tuple[int, ...] = ()
