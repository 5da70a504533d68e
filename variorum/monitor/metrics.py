"""Metrics of the daemon for Prometheus, served on 127.0.0.1."""

import importlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from schedules.check import Checked
from storage.database import Database
from storage.queries import articles as queries
from storage.queue.outbox import undelivered
from storage.timestamps import to_text
from variorum.errors import ConfigError

LATENESS_BUCKETS_SECONDS = (1, 5, 15, 60, 300, 900, 3600, 14400, 86400)


@dataclass(slots=True)
class Metrics:
    """Owns the Prometheus metrics."""

    checks: Any
    fetch_seconds: Any
    edits: Any
    lateness: Any
    gauges: dict[str, Any]

    def count(self, checked: Checked) -> None:
        """Count one check with its edits."""
        result = checked.result
        self.checks.labels(result.outcome).inc()
        if result.fetches and result.fetches[0].elapsed_ms is not None:
            self.fetch_seconds.observe(result.fetches[0].elapsed_ms / 1000)
        if result.plan.late_seconds is not None:
            self.lateness.observe(result.plan.late_seconds)
        for edit in result.edits:
            self.edits.labels(edit.field, edit.kind).inc()

    def set_gauges(self, db: Database, now: datetime) -> None:
        """Set the gauges to what is due and pending at this tick."""
        self.gauges["due"].set(queries.overdue(db, to_text(now)))
        self.gauges["undelivered"].set(sum(row["waiting"] for row in undelivered(db)))
        self.gauges["tick"].set(now.timestamp())


def serve_metrics(port: int) -> Metrics:
    """Start to serve metrics. Raises ConfigError if the library is missing or the port is taken."""
    try:
        prometheus = importlib.import_module("prometheus_client")
    except ImportError as error:
        raise ConfigError("metrics_port needs: pip install 'variorum[metrics]'") from error
    registry = prometheus.CollectorRegistry()
    metrics = _create_metrics(prometheus, registry)
    try:
        prometheus.start_http_server(port, addr="127.0.0.1", registry=registry)
    except OSError as error:
        raise ConfigError(
            f"metrics_port {port} cannot be opened ({error.strerror}); choose another port"
        ) from error
    return metrics


def _create_metrics(prometheus: Any, registry: Any) -> Metrics:
    def gauge(name: str, description: str) -> Any:
        return prometheus.Gauge(name, description, registry=registry)

    return Metrics(
        checks=prometheus.Counter("variorum_checks", "Checks made", ["outcome"], registry=registry),
        fetch_seconds=prometheus.Histogram(
            "variorum_fetch_seconds", "Duration of a fetch", registry=registry
        ),
        edits=prometheus.Counter(
            "variorum_edits", "Edits recorded", ["field", "kind"], registry=registry
        ),
        lateness=prometheus.Histogram(
            "variorum_late_seconds",
            "Lateness of checks",
            registry=registry,
            buckets=LATENESS_BUCKETS_SECONDS,
        ),
        gauges={
            "due": gauge("variorum_due", "Articles due now"),
            "undelivered": gauge("variorum_undelivered", "Pending notifications"),
            "tick": gauge("variorum_last_tick_timestamp_seconds", "Time of the last tick"),
        },
    )
