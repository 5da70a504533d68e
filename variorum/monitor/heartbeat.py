"""Seen to be alive: a line of log per look, a heartbeat, metrics."""

import asyncio
import importlib
import json
import logging
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from schedules.check import Checked
from scraper.errors import FetchError
from scraper.fetch import post
from storage.database import Database
from storage.queries import articles as queries
from storage.queue.outbox import undelivered
from storage.timestamps import moment
from variorum.config import AliveConfig, ConfigError

log = logging.getLogger("variorum")

PING_SECONDS = 10.0
PING_EVERY = timedelta(minutes=1)


class JsonLines(logging.Formatter):
    """One JSON object per line: time, level, event, and the fields of a look."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": moment(datetime.fromtimestamp(record.created, UTC)),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            line["fault"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def log_as_json() -> None:
    """Have every log line written as JSON from now on."""
    for handler in logging.getLogger().handlers:
        handler.setFormatter(JsonLines())
    log.setLevel(logging.INFO)


def log_look(checked: Checked) -> None:
    """One line of log for a look."""
    look, recorded = checked.look, checked.recorded
    fetch = look.fetches[0] if look.fetches else None
    fields = {
        "url": look.url,
        "article_id": recorded.article_id,
        "outcome": look.outcome,
        "http_status": fetch.http_status if fetch else None,
        "version": recorded.version,
        "edits": len(look.edits),
        "reason": look.reason,
        "elapsed_ms": fetch.elapsed_ms if fetch else None,
        "late_seconds": look.late_seconds,
        "next_check_at": moment(look.next_check_at) if look.next_check_at else None,
    }
    log.info("look", extra={"fields": fields})


@dataclass(slots=True)
class Heartbeat:
    """Owns the signs of life: a file touched, an address pinged, gauges set, at each tick."""

    config: AliveConfig
    db: Database
    metrics: "Metrics | None" = None
    _ping: asyncio.Task[None] | None = None
    _pinged_at: datetime | None = None
    _troubles: dict[str, str] = field(default_factory=dict)

    def beat(self, now: datetime) -> None:
        """One sign of life. One that cannot be given is logged, and never ends the watch."""
        if self.config.file:
            trouble = None
            try:
                Path(self.config.file).touch()
            except OSError as error:
                trouble = f"the heartbeat cannot be written: {error}"
            self._tell("file", trouble)
        if self.metrics:
            self.metrics.set_gauges(self.db, now)
        is_time = self._pinged_at is None or now - self._pinged_at >= PING_EVERY
        if self.config.url and is_time and (self._ping is None or self._ping.done()):
            self._pinged_at = now
            self._ping = asyncio.create_task(self._pinged())

    async def _pinged(self) -> None:
        """Tell the address; it may be slow, the ticks go on."""
        trouble = None
        try:
            status = await post(self.config.url, b"", headers={}, timeout=PING_SECONDS)
        except FetchError as error:
            trouble = f"the heartbeat's address does not answer: {error.reason}"
        else:
            if status >= 400:
                trouble = f"the heartbeat's address answers {status}"
        self._tell("url", trouble)

    def _tell(self, name: str, trouble: str | None) -> None:
        """Log a trouble once, when it begins."""
        if trouble and self._troubles.get(name) != trouble:
            log.warning("%s", trouble)
        self._troubles[name] = trouble or ""


@dataclass(slots=True)
class Metrics:
    """Owns the Prometheus metrics, served on 127.0.0.1."""

    looks: Any
    seconds: Any
    edits: Any
    late: Any
    gauges: dict[str, Any]

    def count(self, checked: Checked) -> None:
        """Count one look."""
        look = checked.look
        self.looks.labels(look.outcome).inc()
        if look.fetches and look.fetches[0].elapsed_ms is not None:
            self.seconds.observe(look.fetches[0].elapsed_ms / 1000)
        if look.late_seconds is not None:
            self.late.observe(look.late_seconds)
        for edit in look.edits:
            self.edits.labels(edit.field, edit.kind).inc()

    def set_gauges(self, db: Database, now: datetime) -> None:
        """What waits at this tick."""
        self.gauges["due"].set(queries.overdue(db, moment(now)))
        self.gauges["undelivered"].set(sum(row["waiting"] for row in undelivered(db)))
        self.gauges["tick"].set(now.timestamp())


def serve_metrics(port: int) -> Metrics:
    """Begin serving metrics; raises ConfigError where the library or the port is not to be had."""
    try:
        prometheus = importlib.import_module("prometheus_client")
    except ImportError as error:
        raise ConfigError("metrics_port needs: pip install 'variorum[metrics]'") from error
    registry = prometheus.CollectorRegistry()
    metrics = Metrics(
        prometheus.Counter("variorum_looks", "Looks made", ["outcome"], registry=registry),
        prometheus.Histogram("variorum_look_seconds", "Time of a request", registry=registry),
        prometheus.Counter("variorum_edits", "Edits seen", ["field", "kind"], registry=registry),
        prometheus.Histogram("variorum_late_seconds", "Lateness of looks", registry=registry,
                             buckets=(1, 5, 15, 60, 300, 900, 3600, 14400, 86400)),
        {
            "due": prometheus.Gauge("variorum_due", "Articles due now", registry=registry),
            "undelivered": prometheus.Gauge("variorum_undelivered", "Announcements that wait", registry=registry),
            "tick": prometheus.Gauge("variorum_last_tick_timestamp_seconds", "The last tick", registry=registry),
        },
    )  # fmt: skip
    try:
        prometheus.start_http_server(port, addr="127.0.0.1", registry=registry)
    except OSError as error:
        raise ConfigError(f"metrics_port {port} cannot be opened ({error.strerror})") from error
    return metrics
