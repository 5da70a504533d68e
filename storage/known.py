"""What is stored of an article, as a look needs it."""

import json
from dataclasses import replace
from itertools import takewhile
from typing import Any

from sqlite_utils import Database

from scraper.article import Article
from scraper.urls import host_name
from storage.aliases import find_article
from storage.look import DOUBT, Known
from storage.stamp import parsed

FAILURES = frozenset({"failed", "blocked", "refused"})


def known(db: Database, url: str) -> Known:
    """What is stored under a canonical URL or one of its aliases; empty where nothing is."""
    row = db.execute(
        "select a.id, a.url, a.state, a.latest_version, a.first_seen_at, a.changed_at, a.rate_shape,"
        " a.rate_scale, a.every, a.next_check_at, h.edited, h.expected from articles a"
        " left join hosts h on h.host = a.host where a.id = ?",
        [find_article(db, url)],
    ).fetchone()
    if row is None:
        return Known(habits=_habits(db, host_name(url)))
    article_id, address, state, number, first_seen_at, changed_at, shape, scale, every, due_at = (
        row[:10]
    )
    missing_since, failures, doubted_at = _failures(db, article_id)
    base = Known(
        article_id=article_id,
        url=address,
        state=state,
        missing_since=missing_since,
        doubted_at=doubted_at,
        first_seen_at=first_seen_at,
        changed_at=changed_at,
        failures=failures,
        belief=(shape, scale) if shape is not None else None,
        edited_looks=_edited_looks(db, article_id),
        habits=(row[10] or 0.0, row[11] or 0.0),
        every=every,
        next_check_at=due_at,
    )
    if number is None:
        return base
    version = version_row(db, article_id, number)
    etag, last_modified, anchor, region, digest, whole_at = _last_answer(db, article_id)
    page_id, page_sha256 = _last_page(db, article_id)
    volatile = _volatile(db, article_id)
    return replace(
        base,
        version=number,
        article=article_of(version, address),
        content_hash=version["content_hash"],
        extractor=version["extractor"],
        snapshot_id=version["snapshot_id"],
        page_id=page_id,
        page_sha256=page_sha256,
        etag=etag,
        last_modified=last_modified,
        anchor=anchor,
        region=region,
        digest=digest,
        whole_at=whole_at,
        seen_at=version["seen_at"],
        last_seen_at=version["last_seen_at"],
        volatile=frozenset(text for text, _ in volatile),
        volatile_after=frozenset(after for _, after in volatile if after is not None),
        was_undone=_was_undone(db, article_id, version["last_seen_at"]),
        suspects=_suspects(db, article_id),
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


def _last_answer(db: Database, article_id: int) -> tuple[str | None, ...]:
    """The validators of the last whole answer that held the article (a 304 must mean *that* text),
    and where on the page its text stood, by what that is told, and when it was read whole."""
    row = db.execute(
        "select etag, last_modified, anchor, region, digest, whole_at from fetches where article_id = ?"
        " and http_status = 200 and version_id is not null order by id desc limit 1",
        [article_id],
    ).fetchone()
    return tuple(row) if row else (None,) * 6


def _last_page(db: Database, article_id: int) -> tuple[int | None, str | None]:
    """The snapshot of the last answer that showed the article, and its hash."""
    row = db.execute(
        "select s.id, s.sha256 from fetches f join snapshots s on s.id = f.snapshot_id"
        " where f.article_id = ? and f.version_id is not null order by f.id desc limit 1",
        [article_id],
    ).fetchone()
    return (row[0], row[1]) if row else (None, None)


def _volatile(db: Database, article_id: int) -> list[tuple[str, str | None]]:
    """The texts proven to be the page's, and the paragraphs that such lines stand after."""
    rows = db.execute(
        "select text, evidence from sites where article_id = ? and kind = 'volatile' and undone_at is null",
        [article_id],
    ).fetchall()
    return [(text, json.loads(evidence)["after"]) for text, evidence in rows]


def _was_undone(db: Database, article_id: int, since: str) -> bool:
    row = db.execute(
        "select 1 from sites where article_id = ? and kind = 'volatile' and undone_at > ?",
        [article_id, since],
    ).fetchone()
    return row is not None


def _suspects(db: Database, article_id: int) -> dict[str, str]:
    """What the last whole look held back, and the text that it stands instead of."""
    rows = db.execute(
        "select text, evidence from sites where article_id = ? and kind = 'suspect' and undone_at is null",
        [article_id],
    ).fetchall()
    return {text: json.loads(evidence)["instead_of"] for text, evidence in rows}


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
