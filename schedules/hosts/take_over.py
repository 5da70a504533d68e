"""Hosts that a process held when it was killed."""

import logging
from dataclasses import replace
from datetime import timedelta

from schedules.hosts.lease import WORKERS_MARK, is_dead
from schedules.hosts.network import Network
from storage.database import Database
from storage.queue.hosts import host_state
from storage.queue.leases import leased_hosts, release_host

log = logging.getLogger("variorum")


def reclaim_dead(db: Database, network: Network) -> None:
    """Free the hosts that a process of this machine held when it was killed."""
    for host, other_holder in leased_hosts(db):
        if is_dead(other_holder):
            log.info("%s: taken over from a process that is gone", host)
            state = replace(host_state(db, host), requested_at=network.now())
            if other_holder.endswith(WORKERS_MARK):
                total = timedelta(seconds=network.fetcher.limits.total)
                why = "workers of a process that is gone may still ask it"
                state = replace(state, backoff_until=network.now() + total, reason=why)
            release_host(db, host, state, holder=other_holder)
