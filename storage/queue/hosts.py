"""What is known of hosts from one process to the next: how they want to be treated, their robots.txt."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from storage.database import writing
from storage.timestamps import moment, moment_of


@dataclass(frozen=True, slots=True)
class HostState:
    """How a host is to be treated: requests that failed in a row, until when it is left alone and
    why, and when the last request ended."""

    failures: int = 0
    not_before: datetime | None = None
    reason: str | None = None
    asked_at: datetime | None = None


def host_state(db: Database, host: str) -> HostState:
    """The state that was stored last; a fresh one where none was."""
    row = db.execute(
        "select failures, not_before, reason, asked_at from hosts where host = ?", [host]
    ).fetchone()
    if row is None:
        return HostState()
    return HostState(row[0], moment_of(row[1]), row[2], moment_of(row[3]))


def keep_host_state(db: Database, host: str, state: HostState) -> None:
    """Write the state of a host; inside a write transaction."""
    db.execute(
        "insert into hosts (host, failures, not_before, reason, asked_at) values (?, ?, ?, ?, ?)"
        " on conflict (host) do update set failures = excluded.failures, not_before = excluded.not_before,"
        " reason = excluded.reason, asked_at = excluded.asked_at",
        [host, state.failures, _text(state.not_before), state.reason, _text(state.asked_at)],
    )


@dataclass(frozen=True, slots=True)
class StoredRobots:
    """A robots.txt as it was read; `status` is None where no answer came."""

    read_at: datetime
    status: int | None
    text: str
    reason: str | None = None
    failing_since: datetime | None = None


def stored_robots(db: Database, authority: str) -> StoredRobots | None:
    """The last answer for the robots.txt of a host and port."""
    row = db.execute(
        "select read_at, status, text, reason, failing_since from robots where authority = ?",
        [authority],
    ).fetchone()
    if row is None:
        return None
    read_at = moment_of(row[0])
    assert read_at is not None
    return StoredRobots(read_at, row[1], row[2], row[3], moment_of(row[4]))


def store_robots(db: Database, authority: str, robots: StoredRobots) -> None:
    """Write the answer for a robots.txt, in a transaction of its own."""
    with writing(db):
        db.execute(
            "insert or replace into robots (authority, read_at, status, text, reason, failing_since)"
            " values (?, ?, ?, ?, ?, ?)",
            [
                authority,
                moment(robots.read_at),
                robots.status,
                robots.text,
                robots.reason,
                _text(robots.failing_since),
            ],
        )


def left_alone(db: Database, now: str) -> list[dict[str, Any]]:
    """The hosts that are left alone just now, and why."""
    return list(
        db.query(
            "select host, failures, not_before, reason from hosts where not_before > ? order by host",
            [now],
        )
    )


def _text(at: datetime | None) -> str | None:
    return moment(at) if at else None
