"""How long the machine runs: a clock that nobody can set, and that all its processes read."""

import platform
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path

# Linux has a clock that also counts while the machine sleeps.
UPTIME_CLOCK = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True, slots=True)
class Uptime:
    """How many seconds the machine has run since a boot, which has a name of its own."""

    boot: str
    seconds: float


def uptime() -> Uptime:
    """The uptime of this machine."""
    return Uptime(_boot(), time.clock_gettime(UPTIME_CLOCK))


@cache
def _boot() -> str:
    try:
        return BOOT_ID.read_text(encoding="ascii").strip()
    except OSError:
        return platform.node()
