"""The damage of every article: each stored page and text against the hash stored with it, and other rows against those."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from scraper.article import Article
from storage.articles.versions import article_from_row, details_hash, stored_text_hash
from storage.database import Database, Row, damage_located
from storage.errors import DamagedError
from storage.queries.damage.rows import edit_faults, fetch_faults, sentence_faults
from storage.snapshots.store import snapshot_damage


@dataclass(frozen=True, slots=True)
class Damage:
    """A damaged page or version of an article, or an article whose rows cannot be read.

    `version` is the number of the version that is damaged, or that the page shows; `fetched_at` is when a page came.
    """

    part: str
    url: str
    reason: str
    version: int | None = None
    fetched_at: str | None = None


@dataclass(frozen=True, slots=True)
class Verified:
    """An article whose pages and versions were all compared with their hashes, and what is damaged of it."""

    pages: int
    versions: int
    text_only: int
    damages: tuple[Damage, ...]


def verified_articles(db: Database) -> Iterator[Verified]:
    """Every article, verified in turn; then the pages that belong to none. Memory holds one article.

    Raises DamagedError if the list of the articles or of the pages cannot be read.
    """
    with damage_located("the list of articles"):
        articles = db.execute("select id, url from articles order by id").fetchall()
    for article_id, url in articles:
        yield _verified_article(db, article_id, url)
    yield _verified_remainder(db)


def _verified_article(db: Database, article_id: int, url: str) -> Verified:
    """The damage of one article. What cannot be read of it hides nothing of the others."""
    damages: list[Damage] = []
    pages = versions = text_only = 0
    texts: dict[int, Article] = {}
    try:
        with damage_located(url):
            for snapshot_id, fetched_at, number in _pages_of(db, article_id):
                pages += 1
                reason = snapshot_damage(db, snapshot_id)
                if reason is not None:
                    damages.append(Damage("page", url, reason, number, fetched_at))
            for row in db.query(
                "select * from versions where article_id = ? order by number", [article_id]
            ):
                versions += 1
                text_only += row["snapshot_id"] is None and not row["technical"]
                found = tuple(_version_damage(row, url))
                if not found:
                    texts[row["number"]] = article_from_row(row, url)
                damages += found
            damages += _row_damage(db, article_id, url, texts)
    except DamagedError as error:
        damages.append(Damage("rows", url, str(error).removeprefix(f"{url}: ")))
    return Verified(pages, versions, text_only, tuple(damages))


def _pages_of(db: Database, article_id: int) -> list[tuple[int, str, int | None]]:
    """The pages of an article: the id, when it first came, and the first version that it shows."""
    return list(
        db.execute(
            "select snapshot_id, min(at), min(number) from ("
            " select f.snapshot_id, f.fetched_at as at, v.number from fetches f"
            "  left join versions v on v.id = f.version_id where f.article_id = :article"
            " union all select snapshot_id, seen_at, number from versions where article_id = :article"
            ") where snapshot_id is not null group by snapshot_id order by snapshot_id",
            {"article": article_id},
        ).fetchall()
    )


def _version_damage(row: Row, url: str) -> Iterator[Damage]:
    text_hash = stored_text_hash(row)
    if text_hash is None:
        yield Damage("version", url, "its columns hold no text", row["number"])
    elif text_hash != row["content_hash"]:
        reason = "its text does not have the hash that was stored with it"
        yield Damage("version", url, reason, row["number"])
    elif row["details_hash"] not in (None, details_hash(article_from_row(row, ""))):
        reason = "its section, times, language or headlines do not have the hash that was stored with them"
        yield Damage("version", url, reason, row["number"])


def _row_damage(
    db: Database, article_id: int, url: str, texts: dict[int, Article]
) -> Iterator[Damage]:
    """The other rows that do not agree with the versions; the edits only if each version is sound."""
    faults = [fetch_faults(db, article_id), sentence_faults(db, article_id, texts)]
    (latest,) = db.execute(
        "select coalesce(max(number), 0) from versions where article_id = ?", [article_id]
    ).fetchone()
    if len(texts) == latest:
        faults.append(edit_faults(db, article_id, list(texts.values())))
    for fault in chain.from_iterable(faults):
        yield Damage("rows", url, fault)


def _verified_remainder(db: Database) -> Verified:
    """The pages that no article refers to: nobody reads them, but other pages may be deltas of them."""
    with damage_located("the list of pages"):
        ids = db.execute(
            "select id from snapshots s where not exists (select 1 from fetches where snapshot_id = s.id)"
            " and not exists (select 1 from versions where snapshot_id = s.id)"
        ).fetchall()
    damages = [
        Damage("page", f"snapshot {snapshot_id}", reason)
        for (snapshot_id,) in ids
        if (reason := snapshot_damage(db, snapshot_id)) is not None
    ]
    return Verified(len(ids), 0, 0, tuple(damages))
