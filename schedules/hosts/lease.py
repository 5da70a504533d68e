"""The name under which a process leases work, and whether the process that bears it still runs."""

import os
import platform
import uuid
from datetime import timedelta
from pathlib import Path

# Marks a process whose requests are made by others, and go on for a while when it is killed.
WORKERS_MARK = "+workers"
# A process that died gives its hosts back after this; a host's queue and its last look take less.
LEASE_DURATION = timedelta(minutes=20)


def holder(mark: str = "") -> str:
    """A name for this process that no other bears: machine, process id, a random part, and a mark.

    >>> holder().count(" ")
    2
    """
    return f"{_machine()} {os.getpid()} {uuid.uuid4().hex[:8]}{mark}"


def is_dead(name: str) -> bool:
    """Has the process of this name ended? Known only of this machine; elsewhere its lease must expire.

    >>> is_dead(holder()), is_dead("elsewhere 1 0")
    (False, False)
    """
    machine, _, rest = name.partition(" ")
    pid = rest.partition(" ")[0]
    if machine != _machine() or not pid.isdigit():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except OSError:  # it runs, and is another user's
        return False
    return False


def _machine() -> str:
    """Names the machine since its last start, and the container: process ids mean nothing elsewhere."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return f"{boot}/{os.stat('/proc/self/ns/pid').st_ino}"
    except OSError:
        return platform.node().replace(" ", "-") or "unknown"
