"""Monitoring: log lines, heartbeat, metrics, and extraction quality."""

import asyncio
import json
import logging
import os
import socket
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from storage.vocabulary import OPTIONAL_FIELDS
from tests.support.checker import Checker, Clock
from tests.support.pages import article_html
from tests.support.site import Site
from variorum.config.settings import AliveConfig
from variorum.errors import ConfigError
from variorum.monitor.extraction_drop import degraded_hosts
from variorum.monitor.heartbeat import Heartbeat
from variorum.monitor.log import JsonFormatter, log_check
from variorum.monitor.metrics import serve_metrics


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_a_check_is_logged_as_one_json_line(
    site: Site, checker: Checker, caplog: pytest.LogCaptureFixture
) -> None:
    checked = checker(site.page("/a", article_html()))
    with caplog.at_level(logging.INFO, logger="variorum"):
        log_check(checked)
    line = json.loads(JsonFormatter().format(caplog.records[-1]))
    assert (line["event"], line["outcome"], line["http_status"]) == ("check", "new", 200)
    assert line["next_check_at"] > line["at"][:2]


def test_an_exception_is_logged_as_one_json_line() -> None:
    try:
        raise ValueError("no\nluck")
    except ValueError as error:
        fault = (type(error), error, error.__traceback__)
    record = logging.LogRecord("variorum", logging.ERROR, "", 0, "a tick failed", (), fault)
    text = JsonFormatter().format(record)
    assert "\n" not in text
    assert "ValueError" in json.loads(text)["fault"]


def test_heartbeat_touches_its_file_and_requests_its_url(
    site: Site, db: Database, clock: Clock, tmp_path: Path
) -> None:
    heart = Heartbeat(AliveConfig(file=str(tmp_path / "alive"), url=site.url + "/ping"), db)

    async def beat() -> None:
        heart.beat(clock.now())
        assert heart._ping_task is not None
        await heart._ping_task

    asyncio.run(beat())
    assert (tmp_path / "alive").exists()
    assert site.paths() == ["/ping"]


@pytest.mark.parametrize("is_abstract", [False, True], ids=["file", "abstract"])
def test_each_beat_feeds_the_watchdog_of_systemd(
    db: Database, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_abstract: bool
) -> None:
    name = f"variorum-{os.getpid()}" if is_abstract else str(tmp_path / "notify")
    heart = Heartbeat(AliveConfig(), db)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(f"\0{name}" if is_abstract else name)
        monkeypatch.setenv("NOTIFY_SOCKET", f"@{name}" if is_abstract else name)
        heart.beat(clock.now())
        heart.beat(clock.now())
        assert [systemd.recv(100), systemd.recv(100)] == [b"READY=1\nWATCHDOG=1", b"WATCHDOG=1"]


def test_a_watchdog_that_is_gone_is_logged_and_stops_nothing(
    db: Database,
    clock: Clock,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "gone"))
    heart = Heartbeat(AliveConfig(), db)
    heart.beat(clock.now())
    heart.beat(clock.now())
    assert caplog.text.count("takes no sign of life") == 1


def test_the_unit_restarts_a_daemon_without_signs_of_life() -> None:
    unit = (
        (Path(__file__).parents[2] / "deploy" / "variorum.service").read_text("utf-8").splitlines()
    )
    assert {"Type=notify", "NotifyAccess=main", "WatchdogSec=120", "Restart=on-failure"} <= set(
        unit
    )


def test_an_unwritable_heartbeat_file_is_logged(
    db: Database, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    Heartbeat(AliveConfig(file="/nowhere/alive"), db).beat(clock.now())
    assert "[alive] file /nowhere/alive cannot be touched" in caplog.text


def test_metrics_count_checks_and_due_articles(site: Site, checker: Checker, clock: Clock) -> None:
    port = free_port()
    metrics = serve_metrics(port)
    metrics.count(checker(site.page("/a", article_html())))
    Heartbeat(AliveConfig(), checker.db, metrics).beat(clock.now())
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
        text = answer.read().decode()
    assert 'variorum_checks_total{outcome="new"} 1.0' in text
    assert "variorum_due 0.0" in text


def test_a_metrics_port_in_use_is_a_config_error() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        with pytest.raises(ConfigError, match="cannot be opened"):
            serve_metrics(listener.getsockname()[1])


def rows(length: int, filled: int, count: int) -> list[dict[str, Any]]:
    return [{"host": "a", "length": length, **dict.fromkeys(OPTIONAL_FIELDS, filled)}] * count


@pytest.mark.parametrize(
    ("newest", "before", "expected"),
    [
        (rows(2000, 1, 20), rows(2000, 1, 60), []),
        (rows(300, 1, 20), rows(2000, 1, 60), ["the newest 20 articles have bodies of"]),
        (rows(2000, 0, 20), rows(2000, 1, 60), list(OPTIONAL_FIELDS)),
        (rows(300, 0, 20), rows(2000, 1, 10), []),
        (rows(4000, 1, 20), rows(2000, 0, 60), []),
    ],
    ids=["as before", "cut short", "fields lost", "too few to judge", "better"],
)
def test_a_drop_in_extraction_quality_is_reported(
    newest: list[dict[str, Any]], before: list[dict[str, Any]], expected: list[str]
) -> None:
    findings = [finding for _, finding in degraded_hosts(newest + before)]
    assert len(findings) == len(expected)
    assert all(map(str.startswith, findings, expected))
