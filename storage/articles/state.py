"""What is stored of an article, as a look needs it."""

import json
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Any

from sqlite_utils import Database

from scraper.article import Article
from scraper.urls import host_name
from storage.articles.aliases import find_article
from storage.articles.result import DOUBT, Known
from storage.timestamps import parsed

FAILURES = frozenset({"failed", "blocked", "refused"})


@dataclass(frozen=True, slots=True)
class _HeldBack:
    """Texts of the page that are not held to be the article's: proven so and the paragraphs that such
    lines stand after; what waits to be believed, with the text it stands instead of; and when the user last
    took one back."""

    volatile: frozenset[str]
    volatile_after: frozenset[str]
    suspects: dict[str, str]
    undone_at: str


def known(db: Database, url: str) -> Known:
    """What is stored under a canonical URL or one of its aliases; empty where nothing is."""
    cursor = db.execute(
        "select a.id as article_id, a.url, a.state, a.latest_version, a.first_seen_at, a.changed_at,"
        " a.rate_shape, a.rate_scale, a.every, a.next_check_at, coalesce(h.edited, 0.0) as edited,"
        " coalesce(h.expected, 0.0) as expected, s.* from articles a left join hosts h on h.host = a.host"
        " left join standing s on s.article_id = a.id where a.id = ?",
        [find_article(db, url)],
    )
    found = cursor.fetchone()
    if found is None:
        return Known(habits=_habits(db, host_name(url)))
    names = [column[0] for column in cursor.description]
    row = {name: value for name, value in zip(names, found, strict=True) if value is not None}
    article_id, address, number = row["article_id"], row["url"], row.get("latest_version")
    missing_since, failures, doubted_at = _failures(db, article_id)
    base = Known(
        article_id=article_id,
        url=address,
        state=row["state"],
        missing_since=missing_since,
        doubted_at=doubted_at,
        first_seen_at=row["first_seen_at"],
        changed_at=row.get("changed_at"),
        failures=failures,
        belief=(row["rate_shape"], row["rate_scale"]) if "rate_shape" in row else None,
        edited_looks=_edited_looks(db, article_id) if "changed_at" in row else 0,
        habits=(row["edited"], row["expected"]),
        every=row.get("every"),
        next_check_at=row.get("next_check_at"),
    )
    if number is None:
        return base
    version = version_row(db, article_id, number)
    texts = _held_back(db, article_id)
    return replace(
        base,
        version=number,
        article=article_of(version, address),
        content_hash=version["content_hash"],
        extractor=version["extractor"],
        snapshot_id=version["snapshot_id"],
        page_id=row.get("page_id"),
        page_sha256=row.get("page_sha256"),
        etag=row.get("etag"),
        last_modified=row.get("last_modified"),
        anchor=row.get("anchor"),
        region=row.get("region"),
        asides=frozenset((row.get("asides") or "").split()),
        digest=row.get("digest"),
        whole_at=row.get("whole_at"),
        seen_at=version["seen_at"],
        last_seen_at=version["last_seen_at"],
        volatile=texts.volatile,
        volatile_after=texts.volatile_after,
        was_undone=texts.undone_at > version["last_seen_at"],
        suspects=texts.suspects,
    )


def _habits(db: Database, host: str) -> tuple[float, float]:
    row = db.execute("select edited, expected from hosts where host = ?", [host]).fetchone()
    return (row[0], row[1]) if row else (0.0, 0.0)


def _edited_looks(db: Database, article_id: int) -> int:
    row = db.execute(
        "select count(distinct to_version) from edits where article_id = ?", [article_id]
    ).fetchone()
    return int(row[0])


def version_row(db: Database, article_id: int, number: int) -> dict[str, Any]:
    """One row of `versions` as a dictionary."""
    cursor = db.execute(
        "select * from versions where article_id = ? and number = ?", [article_id, number]
    )
    names = [column[0] for column in cursor.description]
    return dict(zip(names, cursor.fetchone(), strict=True))


def article_of(version: dict[str, Any], url: str) -> Article:
    """The Article that a row of `versions` holds."""
    return Article(
        url=url,
        headline=version["headline"],
        dek=version["dek"],
        byline=tuple(json.loads(version["byline"])),
        published_at=parsed(version["published_at"]),
        modified_at=parsed(version["modified_at"]),
        section=version["section"],
        lang=version["lang"],
        paragraphs=tuple(part for part in version["body"].split("\n\n") if part),
        captions=tuple(json.loads(version["captions"])),
        headlines=json.loads(version["headlines"]),
    )


def _held_back(db: Database, article_id: int) -> _HeldBack:
    rows = db.execute(
        "select kind, text, evidence, undone_at from sites where article_id = ?", [article_id]
    ).fetchall()
    proofs = [
        (kind, text, json.loads(evidence)) for kind, text, evidence, undone in rows if not undone
    ]
    volatile = [(text, proof["after"]) for kind, text, proof in proofs if kind == "volatile"]
    return _HeldBack(
        frozenset(text for text, _ in volatile),
        frozenset(after for _, after in volatile if after is not None),
        {text: proof["instead_of"] for kind, text, proof in proofs if kind == "suspect"},
        max((undone for kind, _, _, undone in rows if kind == "volatile" and undone), default=""),
    )


def _failures(db: Database, article_id: int) -> tuple[str | None, int, str | None]:
    """Since when the address has answered nothing but 404, how many looks in a row saw no article,
    and since when the last ones were in doubt."""
    rows = db.execute(
        "select fetched_at, http_status, outcome, reason from fetches where article_id = ?"
        " order by id desc limit 20",
        [article_id],
    ).fetchall()
    doubted = list(takewhile(lambda row: (row[3] or "").startswith(DOUBT), rows))
    missing = list(takewhile(lambda row: row[1] == 404, rows))
    failed = list(takewhile(lambda row: row[2] in FAILURES, rows))
    return (
        missing[-1][0] if missing else None,
        len(failed),
        doubted[-1][0] if doubted else None,
    )
