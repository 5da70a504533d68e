"""What one look may cost, and how we call ourselves."""

from dataclasses import dataclass

# Honest about what it is; `contact` in variorum.toml says whose it is.
USER_AGENT = "Variorum/0.1 (news edit archive{contact})"


@dataclass(frozen=True, slots=True)
class Limits:
    """What one look may cost: seconds to connect, between two reads, in all; bytes of a body."""

    connect: float = 10.0
    read: float = 20.0
    total: float = 60.0
    body: int = 10_000_000
