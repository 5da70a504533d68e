"""Hosts that the user gave: only these may be in a private network.

A host that was public once stays so: whoever owns its name could let it lead inside later.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlite_utils import Database

from scraper.http.reach import Reach
from scraper.urls import netloc
from storage.database import write_transaction
from storage.timestamps import to_text


def remember_typed(db: Database, urls: Iterable[str], *, at: datetime) -> None:
    """Remember the hosts of addresses that the user gave, each with its port."""
    authorities = dict.fromkeys(netloc(url) for url in urls)
    with write_transaction(db):
        db.conn.executemany(
            "insert or ignore into typed_hosts (authority, typed_at) values (?, ?)",
            [(authority, to_text(at)) for authority in authorities],
        )


def typed_reach(db: Database, url: str) -> Reach:
    """Where the host of an address may be: in a private network only if the user gave it."""
    row = db.execute(
        "select 1 from typed_hosts where authority = ? and public_at is null", [netloc(url)]
    ).fetchone()
    return "private" if row else "public"


def own_reach(db: Database, url: str) -> Reach:
    """Where the host of an address of the settings may be, such as a webhook: anywhere, unless it was public."""
    row = db.execute(
        "select 1 from typed_hosts where authority = ? and public_at is not null", [netloc(url)]
    ).fetchone()
    return "public" if row else "private"


def remember_public(db: Database, url: str, *, at: datetime) -> None:
    """Remember that the host of an address is public."""
    with write_transaction(db):
        db.execute(
            "insert into typed_hosts (authority, typed_at, public_at) values (:authority, :at, :at)"
            " on conflict (authority) do update set public_at = coalesce(public_at, excluded.public_at)",
            {"authority": netloc(url), "at": to_text(at)},
        )
