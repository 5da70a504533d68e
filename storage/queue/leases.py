"""Leases: a host and what is due at it, taken for one process alone."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlite_utils import Database

from scraper.urls import hostname
from storage.database import write_transaction
from storage.queue.hosts import HostState, host_state, store_host_state
from storage.queue.uptime import Uptime
from storage.timestamps import to_text
from storage.vocabulary import WATCHED

# A lease has at most this many articles of its host; then another host is taken.
MAX_ARTICLES_PER_LEASE = 20
# A backoff takes a day at most: one that ends later was written by a clock that was wrong.
MAX_PLAUSIBLE_BACKOFF = timedelta(days=2)
# The clocks of two machines may differ by this much. A lease of another machine that ends still later was
# written before its clock was set back.
MAX_CLOCK_DIFFERENCE = timedelta(hours=1)

Values = Mapping[str, str | float | None]

# A pass checks each article and source once.
DUE_CONDITION = "next_check_at <= :now and (:pass_started_at is null or checked_at is null or checked_at < :pass_started_at)"
# What a process was reading when it was killed waits for this: it may be what killed it.
CRASH_RETRY_AFTER = timedelta(minutes=10)
CRASH_REASON = "the program was killed while it checked this; it tries again after ten minutes"
# Nobody can set the uptime, and two processes read the same one. Their time of day may differ.
UNLEASED_CONDITION = (
    "(hosts.holder is null or hosts.holder = :holder or iif(hosts.lease_boot = :boot, hosts.lease_uptime <= :uptime,"
    " hosts.leased_until <= :now or hosts.leased_until > :max_lease_end))"
)
FREE_HOST_CONDITION = (
    f"({UNLEASED_CONDITION} and (hosts.backoff_until is null or hosts.backoff_until <= :now"
    " or hosts.backoff_until > :max_backoff_until))"
)


@dataclass(frozen=True, slots=True)
class LeaseClaim:
    """What a process takes leases with: its name, the time, the uptime, and how long a lease lasts."""

    holder: str
    now: datetime
    uptime: Uptime
    duration: timedelta

    def values(self) -> dict[str, str | float | None]:
        """The values that the statements bind."""
        return {
            "holder": self.holder,
            "now": to_text(self.now),
            "lease_end": to_text(self.now + self.duration),
            "max_lease_end": to_text(self.now + self.duration + MAX_CLOCK_DIFFERENCE),
            "boot": self.uptime.boot,
            "uptime": self.uptime.seconds,
            "lease_uptime": self.uptime.seconds + self.duration.total_seconds(),
            "max_backoff_until": to_text(self.now + MAX_PLAUSIBLE_BACKOFF),
        }


@dataclass(frozen=True, slots=True)
class HostWork:
    """A leased host, and what is due at it: sources (rows of `watches`) and articles (id, URL)."""

    host: str
    state: HostState
    sources: tuple[dict[str, Any], ...]
    articles: tuple[tuple[int, str], ...]


def lease_work(
    db: Database,
    claim: LeaseClaim,
    *,
    limit: int,
    busy: Collection[str] = (),
    pass_started_at: datetime | None = None,
) -> list[HostWork]:
    """Lease up to `limit` hosts where something is due, the longest overdue first.

    Leaves out the `busy` hosts, those that another process holds and those that are backing off, and with
    `pass_started_at` what was checked since then.
    """
    values = {
        **claim.values(),
        "pass_started_at": to_text(pass_started_at) if pass_started_at else None,
    }
    if limit <= 0 or not _is_any_due(db, values):
        return []
    with write_transaction(db):
        sources = _sources_due(db, values, limit + len(busy))
        first_due = {host: rows[0]["next_check_at"] for host, rows in sources.items()}
        for host, due_at in _hosts_due(db, values, limit + len(busy)):
            first_due[host] = min(due_at, first_due.get(host, due_at))
        hosts = [
            host for host in sorted(first_due, key=lambda host: first_due[host]) if host not in busy
        ]
        work = (_take_work(db, host, sources, values) for host in hosts[:limit])
        return [host_work for host_work in work if host_work is not None]


def lease_host(db: Database, host: str, claim: LeaseClaim) -> HostState | None:
    """Lease one host, whatever is due at it; gives its state, None while another process holds it."""
    with write_transaction(db):
        return _take_host(db, host, claim.values())


def leased_hosts(db: Database) -> list[tuple[str, str]]:
    """The leased hosts, each with its holder, by name."""
    return list(
        db.execute(
            "select host, holder from hosts where holder is not null order by host"
        ).fetchall()
    )


def release_host(db: Database, host: str, state: HostState, *, holder: str) -> None:
    """End the lease of a host and store its state; does nothing if another process holds it meanwhile."""
    with write_transaction(db):
        row = db.execute("select holder from hosts where host = ?", [host]).fetchone()
        if row and row[0] == holder:
            store_host_state(db, host, state)
            db.execute(
                "update hosts set leased_until = null, holder = null, lease_boot = null,"
                " lease_uptime = null, checking = null where host = ?",
                [host],
            )


def mark_checking(db: Database, host: str, url: str, *, holder: str) -> None:
    """Note which address of a host its holder checks now, before anything of it is read."""
    with write_transaction(db):
        db.execute(
            "update hosts set checking = ? where host = ? and holder = ?", [url, host, holder]
        )


def postpone_unfinished(db: Database, host: str, *, holder: str, now: datetime) -> str | None:
    """Postpone what another holder of a host was checking when it was killed, if it is still due.

    It may be what killed it. Gives its address, None if there is none.
    """
    row = db.execute(
        "select checking from hosts where host = ? and holder <> ?", [host, holder]
    ).fetchone()
    if row is None or row[0] is None:
        return None
    values = [to_text(now + CRASH_RETRY_AFTER), CRASH_REASON, row[0], to_text(now)]
    with write_transaction(db):
        db.execute(
            "update articles set next_check_at = ?, next_check_reason = ?"
            " where url = ? and next_check_at <= ?",
            values,
        )
        db.execute(
            "update watches set next_check_at = ?, reason = ? where url = ? and next_check_at <= ?",
            values,
        )
    return str(row[0])


def _is_any_due(db: Database, values: Values) -> bool:
    row = db.execute(
        f"select exists (select 1 from articles where {WATCHED} and {DUE_CONDITION}) or exists"
        f" (select 1 from watches where state = 'active' and {DUE_CONDITION})",
        dict(values),
    ).fetchone()
    return bool(row[0])


def _hosts_due(db: Database, values: Values, limit: int) -> list[tuple[str, str]]:
    """The free hosts where an article is due and since when, the longest overdue first."""
    return list(
        db.execute(
            f"select hosts.host, hosts.due_at from hosts where hosts.due_at <= :now and {FREE_HOST_CONDITION}"
            f" and exists (select 1 from articles a where a.host = hosts.host and a.{WATCHED} and {DUE_CONDITION})"
            " order by hosts.due_at limit :limit",
            {**values, "limit": limit},
        ).fetchall()
    )


def _sources_due(db: Database, values: Values, limit: int) -> dict[str, list[dict[str, Any]]]:
    """The sources that are due, by host, of the free hosts that have waited longest."""
    rows = db.execute(
        "select host from hosts where (holder is not null or backoff_until is not null)"
        f" and not {FREE_HOST_CONDITION}",
        dict(values),
    ).fetchall()
    unavailable = {row[0] for row in rows}
    sources_by_host: dict[str, list[dict[str, Any]]] = {}
    sources = db.query(
        f"select * from watches where state = 'active' and {DUE_CONDITION} order by next_check_at",
        dict(values),
    )
    for source in sources:
        host = hostname(source["url"])
        if host in unavailable:
            continue
        if host not in sources_by_host and len(sources_by_host) == limit:
            break
        sources_by_host.setdefault(host, []).append(source)
    return sources_by_host


def _take_work(
    db: Database, host: str, sources: dict[str, list[dict[str, Any]]], values: Values
) -> HostWork | None:
    if not _is_unleased(db, host, values):
        return None
    # Its last holder may have been killed on another machine, or before this one started again.
    unfinished = postpone_unfinished(db, host, holder=str(values["holder"]), now=_instant(values))
    state = _take_host(db, host, values)
    if state is None:
        return None
    articles = db.execute(
        f"select id, url from articles where host = :host and {WATCHED} and {DUE_CONDITION}"
        " order by next_check_at limit :per_host",
        {**values, "host": host, "per_host": MAX_ARTICLES_PER_LEASE},
    ).fetchall()
    due_sources = (source for source in sources.get(host, ()) if source["url"] != unfinished)
    return HostWork(host, state, tuple(due_sources), tuple(articles))


def _is_unleased(db: Database, host: str, values: Values) -> bool:
    row = db.execute(
        f"select {UNLEASED_CONDITION} from hosts where host = :host", {**values, "host": host}
    ).fetchone()
    return row is None or bool(row[0])


def _instant(values: Values) -> datetime:
    return datetime.fromisoformat(str(values["now"]))


def _take_host(db: Database, host: str, values: Values) -> HostState | None:
    """Mark a host as held, by one statement; gives its state, None if another process holds it.

    A backoff that a wrong clock has set is dropped. The clock of this process decides the state.
    """
    taken = db.execute(
        "insert into hosts (host, leased_until, holder, lease_boot, lease_uptime)"
        " values (:host, :lease_end, :holder, :boot, :lease_uptime)"
        " on conflict (host) do update set leased_until = excluded.leased_until, holder = excluded.holder,"
        " lease_boot = excluded.lease_boot, lease_uptime = excluded.lease_uptime, checking = null,"
        " backoff_until = iif(backoff_until > :max_backoff_until, null, backoff_until)"
        f" where {UNLEASED_CONDITION} returning host",
        {**values, "host": host},
    ).fetchall()
    if not taken:
        return None
    uptime = Uptime(str(values["boot"]), float(values["uptime"] or 0))
    return host_state(db, host).on_clock(_instant(values), uptime)
