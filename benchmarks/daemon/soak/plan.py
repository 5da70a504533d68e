"""The plan of a soak: which fault of the machine begins when, and how long it lasts."""

import random
from dataclasses import dataclass

# A round has every fault once; they may overlap.
ROUND_SECONDS = 240.0
# The share of a round that each fault lasts at most.
MAX_SHARES = {
    "offline": 1 / 4,
    "clock": 1 / 6,
    "full disk": 1 / 8,
    "locked": 1 / 8,
    "second daemon": 1 / 4,
    "few descriptors": 1 / 6,
    "kill": 0.0,
    "terminate": 0.0,
}
# A fault lasts at least half of that. Nothing begins in the first seconds: the daemon is still starting.
FIRST_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Incident:
    """A fault of the machine: its name, when it begins in the run, and for how many seconds it lasts."""

    fault: str
    begins_at: float
    seconds: float


def make_plan(seconds: float, *, seed: int) -> tuple[Incident, ...]:
    """The faults of a run, in their order. None goes on after the run.

    >>> [incident.fault for incident in make_plan(60, seed=1)][:3]
    ['kill', 'second daemon', 'full disk']
    """
    rng = random.Random(f"plan {seed}")
    count = max(1, round(seconds / ROUND_SECONDS))
    length = (seconds - FIRST_SECONDS) / count
    plan = []
    for number in range(count):
        for fault in MAX_SHARES:
            lasts = MAX_SHARES[fault] * length * rng.uniform(0.5, 1)
            begin = FIRST_SECONDS + number * length + rng.uniform(0, length - lasts)
            plan.append(Incident(fault, begin, lasts))
    return tuple(sorted(plan, key=lambda incident: incident.begins_at))
