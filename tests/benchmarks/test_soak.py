"""The soak's short form: the daemon as a process, in a world that misbehaves, killed once."""

import asyncio
import time
from pathlib import Path

from benchmarks.daemon.soak import Outcome, soak
from benchmarks.daemon.soak_site import make_world


def short_soak(folder: Path) -> Outcome:
    world = make_world(hosts=6, articles=60, seconds=10, delay=0.05, seed=3)
    return asyncio.run(
        soak(world, folder, seconds=16, kill_every=8, looks=2000, delay=0.05, every="10s")
    )


def test_the_daemon_stays_polite_and_loses_nothing(tmp_path: Path) -> None:
    begun = time.monotonic()
    outcome = short_soak(tmp_path)
    assert outcome.kills >= 1
    assert outcome.edits > 20
    assert outcome.is_clean, outcome
    assert time.monotonic() - begun < 60
