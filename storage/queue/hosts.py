"""The stored state of hosts: their failures, when the program backs off, and their robots.txt."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Self

from sqlite_utils import Database

from storage.database import write_transaction
from storage.queue.uptime import Uptime
from storage.timestamps import parse_instant, to_text


@dataclass(frozen=True, slots=True)
class HostState:
    """The failures of a host in a row, until when to back off and why, and when the last request ended."""

    failures: int = 0
    backoff_until: datetime | None = None
    reason: str | None = None
    requested_at: datetime | None = None
    requested_uptime: Uptime | None = None

    def on_clock(self, now: datetime, uptime: Uptime) -> Self:
        """The state for a process whose clock may differ from that of the last one.

        Then the last request ended as long ago as the uptime says, if that is less.
        """
        last = self.requested_uptime
        if last is None or last.boot != uptime.boot or self.requested_at is None:
            return self
        ended_at = now - timedelta(seconds=max(uptime.seconds - last.seconds, 0))
        return replace(self, requested_at=max(self.requested_at, ended_at))


def host_state(db: Database, host: str) -> HostState:
    """The stored state of a host; a fresh one if none is stored."""
    row = db.execute(
        "select failures, backoff_until, reason, requested_at, requested_boot, requested_uptime"
        " from hosts where host = ?",
        [host],
    ).fetchone()
    if row is None:
        return HostState()
    requested_uptime = Uptime(row[4], row[5]) if row[4] is not None else None
    return HostState(row[0], parse_instant(row[1]), row[2], parse_instant(row[3]), requested_uptime)


def store_host_state(db: Database, host: str, state: HostState) -> None:
    """Write the state of a host; inside a write transaction."""
    db.execute(
        "insert into hosts (host, failures, backoff_until, reason, requested_at, requested_boot, requested_uptime)"
        " values (?, ?, ?, ?, ?, ?, ?)"
        " on conflict (host) do update set failures = excluded.failures, backoff_until = excluded.backoff_until,"
        " reason = excluded.reason, requested_at = excluded.requested_at,"
        " requested_boot = excluded.requested_boot, requested_uptime = excluded.requested_uptime",
        [
            host,
            state.failures,
            _optional_text(state.backoff_until),
            state.reason,
            _optional_text(state.requested_at),
            state.requested_uptime.boot if state.requested_uptime else None,
            state.requested_uptime.seconds if state.requested_uptime else None,
        ],
    )


@dataclass(frozen=True, slots=True)
class StoredRobots:
    """The answer for a robots.txt; `status` is None if none came."""

    read_at: datetime
    status: int | None
    text: str
    reason: str | None = None
    failing_since: datetime | None = None


def stored_robots(db: Database, authority: str) -> StoredRobots | None:
    """The stored answer for the robots.txt of a host and port; None if it was never fetched."""
    row = db.execute(
        "select read_at, status, text, reason, failing_since from robots where authority = ?",
        [authority],
    ).fetchone()
    if row is None:
        return None
    read_at = parse_instant(row[0])
    assert read_at is not None
    return StoredRobots(read_at, row[1], row[2], row[3], parse_instant(row[4]))


def store_robots(db: Database, authority: str, robots: StoredRobots) -> None:
    """Write the answer for a robots.txt, in a transaction of its own."""
    with write_transaction(db):
        db.execute(
            "insert or replace into robots (authority, read_at, status, text, reason, failing_since)"
            " values (?, ?, ?, ?, ?, ?)",
            [
                authority,
                to_text(robots.read_at),
                robots.status,
                robots.text,
                robots.reason,
                _optional_text(robots.failing_since),
            ],
        )


def backing_off_hosts(db: Database, now: str) -> list[dict[str, Any]]:
    """The hosts that the program backs off from at this time, and why, by name."""
    return list(
        db.query(
            "select host, failures, backoff_until, reason from hosts where backoff_until > ? order by host",
            [now],
        )
    )


def _optional_text(at: datetime | None) -> str | None:
    return to_text(at) if at else None
