"""What a soak came to: its figures, and everything that the daemon did wrong."""

from dataclasses import dataclass, field

MAX_SHOWN = 5
# A daemon that took more memory than this would grow.
MAX_DAEMON_MEGABYTES = 250


@dataclass(slots=True)
class SoakResult:
    """The figures of a soak. `wrongs` are the things done wrong, by their kind."""

    requests: int = 0
    checks: int = 0
    planned_edits: int = 0
    served_edits: int = 0
    confirmed_edits: int = 0
    edits: int = 0
    messages: int = 0
    repeated_messages: int = 0
    page_faults: dict[str, int] = field(default_factory=dict)
    machine_faults: dict[str, int] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)
    outcomes: dict[str, int] = field(default_factory=dict)
    lives: int = 0
    failed_starts: int = 0
    longest_stop: float = 0.0
    longest_beat: float = 0.0
    longest_return: float = 0.0
    late_median: float = 0.0
    late_p95: float = 0.0
    peak_megabytes: float = 0.0
    reader_megabytes: float = 0.0
    memory_growth: float = 1.0
    wrongs: dict[str, list[str]] = field(default_factory=dict)

    def wrong(self, kind: str, text: str) -> None:
        """Enter something that was done wrong."""
        self.wrongs.setdefault(kind, []).append(text)

    @property
    def is_clean(self) -> bool:
        """Whether nothing was done wrong."""
        return not self.wrongs


def report(result: SoakResult) -> None:
    """Print the figures of a soak."""
    print(f"{result.checks} checks, {result.requests} requests; outcomes {result.outcomes}")
    print(f"faults of pages {result.page_faults}; of the machine {result.machine_faults}")
    for fault, reason in result.skipped.items():
        print(f"not tried: {fault} ({reason})")
    print(f"edits: {result.planned_edits} made, {result.served_edits} of them shown, {result.confirmed_edits} twice in a row without a stop, {result.edits} logged")  # fmt: skip
    print(
        f"messages: {result.messages}, {result.repeated_messages} of them again under the same id"
    )
    print(f"{result.lives} lives, {result.failed_starts} of them could not start while nothing could be written; longest stop {result.longest_stop:.1f} s, longest time without a sign of life"
          f" {result.longest_beat:.1f} s, longest return from an outage {result.longest_return:.1f} s")  # fmt: skip
    print(
        f"checks late by {result.late_median:.1f} s at the median, {result.late_p95:.1f} s at 95 %"
    )
    print(f"memory: daemon {result.peak_megabytes:.0f} MB at most, a reader {result.reader_megabytes:.0f} MB;"
          f" the end of the longest life has {result.memory_growth:.2f} times its second quarter")  # fmt: skip
    for kind, texts in result.wrongs.items():
        print(f"WRONG {kind}: {len(texts)}  {'; '.join(texts[:MAX_SHOWN])}")
    if result.is_clean:
        print("nothing was lost, doubled, or asked for at once")
