"""What is stored of an article, as a look needs it."""

import json
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Any

from sqlite_utils import Database

from scraper.article import Article
from scraper.urls import hostname
from storage.articles.aliases import find_article
from storage.articles.result import DOUBT, ArticleState
from storage.timestamps import parse_timestamp
from storage.vocabulary import NO_ARTICLE


@dataclass(frozen=True, slots=True)
class _Exclusions:
    """Texts of the page that are not held to be the article's: proven so and the paragraphs that such
    lines stand after; what waits to be believed, with the text it stands instead of; and when the user last
    took one back."""

    volatile: frozenset[str]
    volatile_after: frozenset[str]
    pending: dict[str, str]
    restored_at: str


def article_state(db: Database, url: str) -> ArticleState:
    """What is stored under a canonical URL or one of its aliases; empty where nothing is."""
    cursor = db.execute(
        "select a.id as article_id, a.url, a.state, a.latest_version, a.first_seen_at, a.changed_at,"
        " a.rate_shape, a.rate_scale, a.every, a.next_check_at, coalesce(h.edited_checks, 0.0) as edited_checks,"
        " coalesce(h.expected_edits, 0.0) as expected_edits, s.* from articles a left join hosts h on h.host = a.host"
        " left join last_pages s on s.article_id = a.id where a.id = ?",
        [find_article(db, url)],
    )
    values = cursor.fetchone()
    if values is None:
        return ArticleState(host_prior=_host_prior(db, hostname(url)))
    names = [column[0] for column in cursor.description]
    row = {name: value for name, value in zip(names, values, strict=True) if value is not None}
    article_id, address, number = row["article_id"], row["url"], row.get("latest_version")
    missing_since, failures, unconfirmed_since = _trouble(db, article_id)
    base = ArticleState(
        article_id=article_id,
        url=address,
        state=row["state"],
        missing_since=missing_since,
        unconfirmed_since=unconfirmed_since,
        first_seen_at=row["first_seen_at"],
        changed_at=row.get("changed_at"),
        failures=failures,
        edit_rate=(row["rate_shape"], row["rate_scale"]) if "rate_shape" in row else None,
        edited_checks=_count_edited_checks(db, article_id) if "changed_at" in row else 0,
        host_prior=(row["edited_checks"], row["expected_edits"]),
        every=row.get("every"),
        next_check_at=row.get("next_check_at"),
    )
    if number is None:
        return base
    version = version_row(db, article_id, number)
    exclusions = _exclusions(db, article_id)
    return replace(
        base,
        version=number,
        article=article_from_row(version, address),
        content_hash=version["content_hash"],
        extractor=version["extractor"],
        snapshot_id=version["snapshot_id"],
        page_id=row.get("page_id"),
        page_sha256=row.get("page_sha256"),
        etag=row.get("etag"),
        last_modified=row.get("last_modified"),
        container_path=row.get("container_path"),
        container=row.get("container"),
        ignored_places=frozenset((row.get("ignored_places") or "").split()),
        fingerprint=row.get("fingerprint"),
        extracted_at=row.get("extracted_at"),
        seen_at=version["seen_at"],
        last_seen_at=version["last_seen_at"],
        volatile=exclusions.volatile,
        volatile_after=exclusions.volatile_after,
        was_restored=exclusions.restored_at > version["last_seen_at"],
        pending=exclusions.pending,
    )


def _host_prior(db: Database, host: str) -> tuple[float, float]:
    row = db.execute(
        "select edited_checks, expected_edits from hosts where host = ?", [host]
    ).fetchone()
    return (row[0], row[1]) if row else (0.0, 0.0)


def _count_edited_checks(db: Database, article_id: int) -> int:
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


def article_from_row(version: dict[str, Any], url: str) -> Article:
    """The Article that a row of `versions` holds."""
    return Article(
        url=url,
        headline=version["headline"],
        dek=version["dek"],
        byline=tuple(json.loads(version["byline"])),
        published_at=parse_timestamp(version["published_at"]),
        modified_at=parse_timestamp(version["modified_at"]),
        section=version["section"],
        lang=version["lang"],
        paragraphs=tuple(part for part in version["body"].split("\n\n") if part),
        captions=tuple(json.loads(version["captions"])),
        headlines=json.loads(version["headlines"]),
    )


def _exclusions(db: Database, article_id: int) -> _Exclusions:
    rows = db.execute(
        "select kind, text, evidence, restored_at from exclusions where article_id = ?",
        [article_id],
    ).fetchall()
    proofs = [
        (kind, text, json.loads(evidence))
        for kind, text, evidence, restored in rows
        if not restored
    ]
    volatile = [(text, proof["after"]) for kind, text, proof in proofs if kind == "volatile"]
    return _Exclusions(
        frozenset(text for text, _ in volatile),
        frozenset(after for _, after in volatile if after is not None),
        {text: proof["instead_of"] for kind, text, proof in proofs if kind == "pending"},
        max(
            (restored for kind, _, _, restored in rows if kind == "volatile" and restored),
            default="",
        ),
    )


def _trouble(db: Database, article_id: int) -> tuple[str | None, int, str | None]:
    """Since when the address has answered nothing but 404, how many looks in a row saw no article,
    and since when the last ones were in doubt."""
    rows = db.execute(
        "select fetched_at, http_status, outcome, reason from fetches where article_id = ?"
        " order by id desc limit 20",
        [article_id],
    ).fetchall()
    unconfirmed = list(takewhile(lambda row: (row[3] or "").startswith(DOUBT), rows))
    missing = list(takewhile(lambda row: row[1] == 404, rows))
    failed = list(takewhile(lambda row: row[2] in NO_ARTICLE, rows))
    return (
        missing[-1][0] if missing else None,
        len(failed),
        unconfirmed[-1][0] if unconfirmed else None,
    )
