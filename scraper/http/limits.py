"""What one request may cost, and the User-Agent."""

from dataclasses import dataclass

# `contact` in variorum.toml names the owner.
USER_AGENT = "Variorum/0.1 (news edit archive{contact})"


@dataclass(frozen=True, slots=True)
class Limits:
    """What one request may cost: seconds to connect, between two reads and in all; bytes of the body."""

    connect: float = 10.0
    read: float = 20.0
    total: float = 60.0
    body: int = 10_000_000
