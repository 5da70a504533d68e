"""Reading an `ArticleState`: each of its parts by one statement."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from itertools import takewhile
from typing import Any

from sqlite_utils import Database

from scraper.urls import hostname
from storage.articles.aliases import find_proven_article
from storage.articles.result import HostEdits, RateParameters
from storage.articles.state import (
    MAX_FAILED_CHECKS,
    ArticleState,
    FailedCheck,
    LastPage,
    Schedule,
    StoredVersion,
    Trouble,
)
from storage.articles.stories import load_boilerplate
from storage.articles.versions import article_from_row, version_row
from storage.database import damage_located
from storage.diff.noise.exclusions import Exclusions, PageNoise, PendingLine, Streak
from storage.diff.noise.pieces import text_lines
from storage.errors import DamagedError
from storage.vocabulary import ARTICLE_THERE, STILL_THERE

ARTICLE_WITH_LAST_PAGE = """
select a.id, a.url, a.host, a.state, a.latest_version,
    a.first_seen_at, a.changed_at, a.rate_shape, a.rate_scale, a.every, a.next_check_at,
    coalesce(h.edited_checks, 0.0), coalesce(h.expected_edits, 0.0),
    h.validators_hid_edit_at,
    p.fetched_at, p.page_id, p.page_sha256, p.etag, p.last_modified
from articles a left join hosts h on h.host = a.host left join last_pages p on p.article_id = a.id
where a.id = ?
"""


def article_state(db: Database, url: str) -> ArticleState:
    """What is stored under a canonical URL or a proven alias; an empty state if nothing is.

    Raises DamagedError if it is nothing that Variorum writes.
    """
    try:
        with damage_located(url):
            return _article_state(db, url)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise DamagedError(f"{url}: what is stored of it is damaged ({error!r})") from error


def _article_state(db: Database, url: str) -> ArticleState:
    row = db.execute(ARTICLE_WITH_LAST_PAGE, [find_proven_article(db, url)]).fetchone()
    if row is None:
        host = hostname(url)
        return ArticleState(
            exclusions=host_exclusions(db, host),
            schedule=Schedule(host_edits=_host_edits(db, host)),
        )
    article_id, address, host, status, number = row[:5]
    first_seen_at, changed_at, shape, scale, every, next_check_at, edited, expected = row[5:13]
    hid_edit_at, fetched_at, page_id, sha256, etag, last_modified = row[13:]
    schedule = Schedule(
        first_seen_at,
        changed_at,
        _count_edited_checks(db, article_id) if changed_at is not None else 0,
        RateParameters(shape, scale) if shape is not None else None,
        HostEdits(edited, expected),
        every,
        next_check_at,
    )
    trouble = _trouble(db, article_id)
    if number is None:
        return ArticleState(
            article_id, address, status, exclusions=host_exclusions(db, host, article_id), trouble=trouble,
            schedule=schedule,
        )  # fmt: skip
    return ArticleState(
        article_id,
        address,
        status,
        _stored_version(db, article_id, number, address),
        LastPage(fetched_at, page_id, sha256, etag, last_modified),
        _exclusions(db, article_id, host),
        trouble,
        schedule,
        hid_edit_at,
    )


def _stored_version(db: Database, article_id: int, number: int, url: str) -> StoredVersion:
    row = version_row(db, article_id, number)
    version = StoredVersion(
        number,
        article_from_row(row, url),
        row["content_hash"],
        row["extractor"],
        row["snapshot_id"],
        row["seen_at"],
        row["last_seen_at"],
    )
    if version.was_seen_again:
        return replace(version, was_compared=True)
    return replace(
        version,
        earlier_lines=_earlier_lines(db, article_id, version.seen_at),
        was_compared=_was_compared(db, article_id, version.seen_at),
    )


def _earlier_lines(db: Database, article_id: int, seen_at: str) -> frozenset[str]:
    """The lines of the latest version that a check before this time saw."""
    row = db.execute(
        "select max(number) from versions where article_id = ? and seen_at < ?",
        [article_id, seen_at],
    ).fetchone()
    if row[0] is None:
        return frozenset()
    return text_lines(article_from_row(version_row(db, article_id, row[0]), ""))


def _was_compared(db: Database, article_id: int, seen_at: str) -> bool:
    """Whether a check after this time found the latest version again."""
    rows = db.execute(
        "select fetched_at, outcome from fetches where article_id = ? and confirms is null"
        " order by id desc",
        [article_id],
    )
    later = takewhile(lambda row: row[0] > seen_at, rows)
    return any(outcome in STILL_THERE or outcome == "technical" for _, outcome in later)


def _host_edits(db: Database, host: str) -> HostEdits:
    row = db.execute(
        "select edited_checks, expected_edits from hosts where host = ?", [host]
    ).fetchone()
    return HostEdits(*row) if row else HostEdits()


def _count_edited_checks(db: Database, article_id: int) -> int:
    row = db.execute(
        "select count(distinct to_version) from edits where article_id = ?", [article_id]
    ).fetchone()
    return int(row[0])


def host_exclusions(db: Database, host: str, article_id: int | None = None) -> Exclusions:
    """What is left out of an article as of every other one of its host."""
    excluded, restored, restored_at = load_boilerplate(db, host, article_id)
    return Exclusions(restored_at=restored_at, boilerplate=excluded, restored_boilerplate=restored)


def _exclusions(db: Database, article_id: int, host: str) -> Exclusions:
    shared = host_exclusions(db, host, article_id)
    rows = [
        (kind, text, json.loads(evidence), at)
        for kind, text, evidence, at in db.execute(
            "select kind, text, evidence, restored_at from exclusions where article_id = ?",
            [article_id],
        ).fetchall()
    ]
    pending = [
        _pending_line(text, proof) for kind, text, proof, at in rows if kind == "pending" and not at
    ]
    noise = {text: proof for kind, text, proof, at in rows if kind == "volatile" and not at}
    over = [(text, proof, at) for kind, text, proof, at in rows if kind == "volatile" and at]
    restored = {text: at for text, proof, at in over if not proof.get("is_withdrawn")}
    exclusions = replace(
        shared,
        pending=tuple(pending),
        withdrawn=Counter(text for text, proof, _ in over if proof.get("is_withdrawn")),
        withdrawn_at=max((at for _, proof, at in over if proof.get("is_withdrawn")), default=""),
        restored=frozenset(restored),
        restored_at=max((shared.restored_at, *restored.values())),
    ).with_noise(tuple(_page_noise(text, proof) for text, proof in noise.items()))
    return exclusions.with_streaks(
        _streak(exclusions.streaks[text], proof)
        for text, proof in noise.items()
        if text in exclusions.streaks
    )


def _pending_line(text: str, proof: Mapping[str, Any]) -> PendingLine:
    return PendingLine(
        text,
        proof["instead_of"],
        proof["after"],
        proof["field"],
        is_apart=proof["is_apart"],
        checks=proof["checks"],
        box=proof["box"],
        reading=tuple(proof["reading"]),
        doubted_at=proof.get("doubted_at", ""),
        other_reading=proof.get("other_reading", ""),
        old_line=proof.get("old_line", ""),
        is_established=bool(proof.get("is_established")),
    )


def _page_noise(text: str, proof: Mapping[str, Any]) -> PageNoise:
    return PageNoise(
        text,
        proof["first"],
        proof["second"],
        proof["after"],
        proof.get("sibling"),
        bool(proof.get("was_stored")),
    )


def _streak(streak: Streak, proof: Mapping[str, Any]) -> Streak:
    """The streak that the evidence of a text says; no check has seen the text yet without."""
    if "steady_since" not in proof:
        return streak
    return replace(
        streak,
        checks=proof["checks"],
        since=proof["steady_since"],
        lapses=proof["lapses"],
        reading=proof.get("steady_reading"),
    )


def _trouble(db: Database, article_id: int) -> Trouble:
    rows = db.execute(
        "select fetched_at, http_status, outcome, sketch from fetches"
        " where article_id = ? and confirms is null order by id desc limit ?",
        [article_id, MAX_FAILED_CHECKS],
    )
    # Rows are read one by one: after a good check, that is one.
    failed = takewhile(lambda row: row[2] not in ARTICLE_THERE, rows)
    return Trouble(tuple(FailedCheck(*row) for row in failed))
