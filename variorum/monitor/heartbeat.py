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
from storage.timestamps import to_text
from variorum.config import AliveConfig, ConfigError

log = logging.getLogger("variorum")

PING_TIMEOUT_SECONDS = 10.0
PING_INTERVAL = timedelta(minutes=1)


class JsonLines(logging.Formatter):
    """One JSON object per line: time, level, event, and the fields of a look."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": to_text(datetime.fromtimestamp(record.created, UTC)),
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


def log_check(checked: Checked) -> None:
    """One line of log for a look."""
    result, recorded = checked.result, checked.recorded
    fetch = result.fetches[0] if result.fetches else None
    fields = {
        "url": result.url,
        "article_id": recorded.article_id,
        "outcome": result.outcome,
        "http_status": fetch.http_status if fetch else None,
        "version": recorded.version,
        "edits": len(result.edits),
        "reason": result.reason,
        "elapsed_ms": fetch.elapsed_ms if fetch else None,
        "late_seconds": result.late_seconds,
        "next_check_at": to_text(result.next_check_at) if result.next_check_at else None,
    }
    log.info("look", extra={"fields": fields})


@dataclass(slots=True)
class Heartbeat:
    """Owns the signs of life: a file touched, an address pinged, gauges set, at each tick."""

    config: AliveConfig
    db: Database
    metrics: "Metrics | None" = None
    _ping_task: asyncio.Task[None] | None = None
    _pinged_at: datetime | None = None
    _reported_problems: dict[str, str] = field(default_factory=dict)

    def beat(self, now: datetime) -> None:
        """One sign of life. One that cannot be given is logged, and never ends the watch."""
        if self.config.file:
            problem = None
            try:
                Path(self.config.file).touch()
            except OSError as error:
                problem = f"the heartbeat cannot be written: {error}"
            self._report_problem("file", problem)
        if self.metrics:
            self.metrics.set_gauges(self.db, now)
        is_ping_due = self._pinged_at is None or now - self._pinged_at >= PING_INTERVAL
        if self.config.url and is_ping_due and (self._ping_task is None or self._ping_task.done()):
            self._pinged_at = now
            self._ping_task = asyncio.create_task(self._ping_url())

    async def _ping_url(self) -> None:
        """Tell the address; it may be slow, the ticks go on."""
        problem = None
        try:
            status = await post(self.config.url, b"", headers={}, timeout=PING_TIMEOUT_SECONDS)
        except FetchError as error:
            problem = f"the heartbeat's address does not answer: {error.reason}"
        else:
            if status >= 400:
                problem = f"the heartbeat's address answers {status}"
        self._report_problem("url", problem)

    def _report_problem(self, name: str, problem: str | None) -> None:
        """Log a trouble once, when it begins."""
        if problem and self._reported_problems.get(name) != problem:
            log.warning("%s", problem)
        self._reported_problems[name] = problem or ""


@dataclass(slots=True)
class Metrics:
    """Owns the Prometheus metrics, served on 127.0.0.1."""

    checks: Any
    fetch_seconds: Any
    edits: Any
    lateness: Any
    gauges: dict[str, Any]

    def count(self, checked: Checked) -> None:
        """Count one look."""
        result = checked.result
        self.checks.labels(result.outcome).inc()
        if result.fetches and result.fetches[0].elapsed_ms is not None:
            self.fetch_seconds.observe(result.fetches[0].elapsed_ms / 1000)
        if result.late_seconds is not None:
            self.lateness.observe(result.late_seconds)
        for edit in result.edits:
            self.edits.labels(edit.field, edit.kind).inc()

    def set_gauges(self, db: Database, now: datetime) -> None:
        """What waits at this tick."""
        self.gauges["due"].set(queries.overdue(db, to_text(now)))
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
