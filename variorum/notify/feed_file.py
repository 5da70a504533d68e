"""A channel that keeps the newest edits in an Atom file."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from schedules.delivery import DeliveryError
from storage.database import Database
from storage.queue.outbox import ChannelFilter, latest_edits
from variorum.config.channel import ChannelConfig
from variorum.notify.atom import edits_feed
from variorum.terminal.atomic_file import write_atomically

MAX_FEED_FILE_EDITS = 100


@dataclass(frozen=True, slots=True)
class FeedFileChannel:
    """Writes a feed of the newest edits, and replaces the file as a whole."""

    channel_filter: ChannelFilter
    digest: timedelta | None
    path: Path
    db: Database
    now: Callable[[], datetime]
    address: int = 0

    async def send(self, edits: Sequence[dict[str, Any]]) -> None:
        """Deliver edits. Raises DeliveryError if the file cannot be written."""
        latest = latest_edits(self.db, self.channel_filter, limit=MAX_FEED_FILE_EDITS)
        name, updated_at = self.channel_filter.channel, self.now().isoformat(timespec="seconds")
        try:
            write_atomically(self.path, edits_feed(latest, name=name, updated_at=updated_at))
        except OSError as error:
            raise DeliveryError(f"{self.path} cannot be written ({error.strerror})") from error


def open_feed_file(
    config: ChannelConfig, db: Database, now: Callable[[], datetime]
) -> tuple[FeedFileChannel]:
    """The channel of a setting `atom`."""
    return (FeedFileChannel(config.filter, config.digest_duration, Path(config.atom), db, now),)
