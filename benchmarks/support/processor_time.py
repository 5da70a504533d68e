"""The processor time of a program with all its processes, those that ended included. Linux only."""

from dataclasses import dataclass, field
from pathlib import Path

# The place of the session in /proc/PID/stat, after the name of the program.
SESSION = 3


@dataclass(slots=True)
class SessionTime:
    """The seconds that each process of a session had used when the kernel was last asked.

    Nobody waits for a reader of strangers' pages, so the kernel adds its time to no other process.
    What a process uses later is not counted: ask often.
    """

    session: int
    seconds: dict[int, float] = field(default_factory=dict)

    def ask(self) -> float:
        """Ask about every process of the session; the sum of all that there ever were."""
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                stat = (folder / "stat").read_text(encoding="utf-8", errors="replace")
                if int(stat.rpartition(")")[2].split()[SESSION]) == self.session:
                    nanoseconds = (folder / "schedstat").read_text(encoding="ascii").split()[0]
                    self.seconds[int(folder.name)] = int(nanoseconds) / 1e9
            except (OSError, IndexError):
                continue  # it ended meanwhile
        return sum(self.seconds.values())
