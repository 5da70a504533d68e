"""The soak's short form: the daemon as a process, in a world that misbehaves, killed once."""

import asyncio
import time
from pathlib import Path

import pytest

from benchmarks.daemon.soak import SoakResult, soak
from benchmarks.daemon.soak_site import make_world


def short_soak(folder: Path) -> SoakResult:
    world = make_world(hosts=6, articles=60, seconds=10, delay=0.05, seed=3)
    return asyncio.run(
        soak(world, folder, seconds=16, kill_every=8, checks=2000, delay=0.05, every="10s")
    )


@pytest.mark.slow
def test_the_daemon_stays_polite_and_loses_no_edit(tmp_path: Path) -> None:
    started = time.monotonic()
    result = short_soak(tmp_path)
    assert result.kills >= 1
    assert result.edits > 20
    assert result.is_clean, result
    assert time.monotonic() - started < 60
