"""History read again from the stored pages, as if today's extractor had been there all along."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field, replace
from functools import cache, partial
from multiprocessing import get_context
from pathlib import Path

from schedules.check.decide import PageBefore, as_before, decide, needs_second
from schedules.check.observe import Request, Seen, seen
from scraper.article import Article
from scraper.extract.rules.rule import Rule
from scraper.fetch import Page
from storage.articles import SEEN
from storage.articles.content import content_hash
from storage.articles.replace import (
    Difference,
    Replayed,
    ReplayedLook,
    ReplayedVersion,
    StoredLook,
    difference,
    looks_of,
    undone_texts,
)
from storage.articles.result import DOUBT, Known, Look
from storage.database import Database, open_existing
from storage.errors import RebuildError
from storage.snapshots.store import Snapshot, load
from storage.timestamps import moment

OK = 200
# So many articles are handed to a process at a time; and no more are read ahead of who takes them, since
# memory holds them until then.
CHUNK, CHUNKS_AHEAD = 20, 10
# The last page of an archive, which no other could confirm, was recorded so when it was imported.
AT_ITS_WORD = ("edited", "restored")


@dataclass(slots=True)
class _Past:
    """What the replay knows so far; it is what the database would have held then."""

    known: Known
    page: Snapshot | None = None
    undone: frozenset[str] = frozenset()
    versions: list[ReplayedVersion] = field(default_factory=list)
    looks: list[ReplayedLook] = field(default_factory=list)

    def take(self, stored: StoredLook, look: Look, first: Seen) -> None:
        """Go on as after this look was recorded."""
        at = moment(stored.fetched_at)
        if look.article is not None:
            self._add_version(look.article, look, stored.snapshot_id, at)
        elif look.outcome in SEEN and not look.suspects:
            self.stand(at)
        if look.shows_version:
            self.page = first.fetch.snapshot
            self.known = replace(
                self.known,
                page_id=stored.snapshot_id,
                page_sha256=first.fetch.sha256,
                last_modified=first.fetch.last_modified,
                anchor=first.fetch.anchor,
            )
        proven = {block.text for block in look.volatile} - self.undone
        after = {block.after for block in look.volatile if block.after is not None}
        decides = look.outcome in ("edited", "restored", "unchanged")
        self.known = replace(
            self.known,
            suspects=look.suspects if decides else self.known.suspects,
            volatile=self.known.volatile | proven,
            volatile_after=self.known.volatile_after | after,
            state=look.state or self.known.state,
            doubted_at=at if (look.reason or "").startswith(DOUBT) else None,
        )
        version = len(self.versions) if look.shows_version else None
        for fetch_id in stored.fetch_ids:
            self.looks.append(ReplayedLook(fetch_id, look.outcome, look.reason, version))

    def stand(self, at: str) -> None:
        """The last version was seen to stand."""
        if self.versions:
            self.versions[-1] = replace(self.versions[-1], last_seen_at=at)
            self.known = replace(self.known, last_seen_at=at)

    def _add_version(self, article: Article, look: Look, snapshot_id: int | None, at: str) -> None:
        seen_after = self.known.last_seen_at or at
        self.versions.append(
            ReplayedVersion(article, at, at, snapshot_id, look.edits, look.disclosure, seen_after)
        )
        self.known = replace(
            self.known,
            version=len(self.versions),
            article=article,
            content_hash=content_hash(article),
            seen_at=at,
            last_seen_at=at,
        )


@dataclass(frozen=True, slots=True)
class Reading:
    """An article read again: what a rebuild would change and, where it would, the history as it should
    be; None where no stored page shows an article."""

    article_id: int
    url: str
    difference: Difference | None
    replayed: Replayed | None


def read_all(
    path: Path, articles: Sequence[tuple[int, str]], rules: Sequence[Rule], *, jobs: int
) -> Iterator[Reading]:
    """Read articles again, in their order, with so many processes; the database is only read.

    Raises RebuildError where one of the processes is killed.
    """
    read = partial(_read, path, tuple(rules))
    if jobs == 1:
        yield from map(read, articles)
        return
    ahead = jobs * CHUNK * CHUNKS_AHEAD
    try:
        with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as processes:
            for start in range(0, len(articles), ahead):
                yield from processes.map(read, articles[start : start + ahead], chunksize=CHUNK)
    except BrokenProcessPool as error:
        raise RebuildError(
            "a process that read was ended from outside, for want of memory perhaps; what was rewritten"
            " stays: rebuild once more, with fewer --jobs"
        ) from error


def _read(path: Path, rules: tuple[Rule, ...], article: tuple[int, str]) -> Reading:
    db = _database(path)
    replayed = replay(db, *article, rules)
    if not replayed.versions:
        return Reading(*article, None, None)
    found = difference(db, replayed)
    return Reading(*article, found, replayed if found else None)


@cache
def _database(path: Path) -> Database:
    """One connection for each process that reads."""
    return open_existing(path)


def replay(db: Database, article_id: int, url: str, rules: Sequence[Rule] = ()) -> Replayed:
    """Every look at an article decided anew from its stored pages, in the order of time.

    A look whose page is not stored stands as it was recorded. Where today's extractor sees an
    edit that no second request confirmed then, the next stored page confirms it or does not; the
    last page of an imported archive counts at its word, as it did then.
    The database is only read.
    """
    past = _Past(Known(article_id=article_id, url=url), undone=undone_texts(db, article_id))
    stored = list(looks_of(db, article_id))
    for at, look in enumerate(stored):
        if look.snapshot_id is None:
            if look.outcome == "gone":
                past.known = replace(past.known, state="gone")
            elif look.outcome in SEEN:
                past.stand(moment(look.fetched_at))
            continue
        first = _seen_again(db, past, look, look.snapshot_id, url, rules)
        second = None
        if needs_second(past.known, first):
            other = look.second_snapshot_id or _next_snapshot(stored[at + 1 :])
            if other is not None:
                second = _seen_again(db, past, look, other, url, rules)
            elif look.outcome in AT_ITS_WORD:
                second = first
        decided = decide(past.known, first, second, now=look.fetched_at)
        if second is None and needs_second(past.known, first):
            # Its edit waits for another page: the next look must not go by this one.
            decided = replace(decided, shows_version=False)
        past.take(look, decided, first)
    last = stored[-1].fetch_ids[-1] if stored else None
    return Replayed(article_id, url, tuple(past.versions), tuple(past.looks), last)


def _seen_again(
    db: Database, past: _Past, look: StoredLook, snapshot_id: int, url: str, rules: Sequence[Rule]
) -> Seen:
    snapshot = load(db, snapshot_id)
    page = Page(look.url, look.url, OK, dict(snapshot.headers), snapshot.raw, 0, ())
    request = Request(url, rules=tuple(rules), anchor=past.known.anchor)
    found = seen(request, look.fetched_at, page)
    last = past.page
    return as_before(past.known, found, PageBefore((lambda: last) if last else None, url))


def _next_snapshot(later: list[StoredLook]) -> int | None:
    return next((look.snapshot_id for look in later if look.snapshot_id is not None), None)
