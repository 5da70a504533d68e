"""Hosts that a process held when it was killed."""

import logging
from dataclasses import replace
from datetime import timedelta

from schedules.hosts.lease import BY_WORKERS, is_dead
from schedules.hosts.network import Network
from storage.database import Database
from storage.queue.hosts import host_state
from storage.queue.leases import leased, release_host

log = logging.getLogger("variorum")


def take_over(db: Database, network: Network) -> None:
    """Free the hosts that a process of this machine held when it was killed."""
    for host, other in leased(db):
        if is_dead(other):
            log.info("%s: taken over from a process that is gone", host)
            state = replace(host_state(db, host), asked_at=network.now())
            if other.endswith(BY_WORKERS):
                whole = timedelta(seconds=network.fetcher.limits.whole)
                why = "workers of a process that is gone may still ask it"
                state = replace(state, not_before=network.now() + whole, reason=why)
            release_host(db, host, state, lessee=other)
