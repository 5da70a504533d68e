"""Requests made by Dask workers, real processes of this machine."""

import asyncio
import json
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from schedules.check.observe import Extracted, Observation, Request
from schedules.cluster.client import open_cluster
from schedules.cluster.worker import (
    RequestBatch,
    _never_follow,
    send_batch,
)
from schedules.processes import InProcess
from scraper.fetch import Fetcher
from scraper.http.addresses import AllowedHosts
from scraper.http.limits import Limits
from storage.database import open_existing
from tests.schedules.daemon.test_daemon import ENVIRONMENT, add, variorum, write_settings
from tests.support.pages import article_html
from tests.support.site import Answer, Site
from tests.support.workers import Workers, running_workers

NOON = datetime(2026, 5, 14, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def workers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workers]:
    with running_workers(tmp_path_factory.mktemp("dask"), 2) as cluster:
        yield cluster


def run(db: Path, workers: Workers, config: Path, *options: str) -> "subprocess.Popen[str]":
    arguments = ("run", "--cluster", workers.address, "--delay", "0", "--json", *options)
    return subprocess.Popen(
        variorum(db, "--config", str(config), *arguments),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT,
    )  # fmt: skip


def count_outcomes(out: str) -> Counter[str]:
    return Counter(json.loads(line)["outcome"] for line in out.splitlines())


@pytest.mark.slow
def test_workers_record_what_one_process_records(
    site: Site, tmp_path: Path, workers: Workers
) -> None:
    """New, redirected, unchanged, edited, missing: what is recorded is what one process records."""
    paths = [f"/{number}" for number in range(6)]
    for path in paths:
        site.page(path, article_html(f"Story {path} of the day", around="<p>1 reader</p>"))
    site.answers["/old"] = Answer(status=302, headers={"Location": "/0"})
    urls = [site.url + path for path in [*paths, "/old", "/missing"]]
    config = write_settings(tmp_path, "")
    rows = []
    for name in ("alone", "workers"):
        db = tmp_path / f"{name}.db"
        outcome_counts = []
        for readers in (1, 2):
            for path in paths:
                html = article_html(f"Story {path} of the day", around=f"<p>{readers} readers</p>")
                is_edited = path == "/3" and readers == 2
                site.page(path, html.replace("Monday", "Tuesday") if is_edited else html)
            add(db, urls)
            if name == "workers":
                process = run(db, workers, config, "--once")
            else:
                process = subprocess.Popen(
                    variorum(db, "--config", str(config), "run", "--once", "--json"),
                    stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT,
                )  # fmt: skip
            out, err = process.communicate(timeout=60)
            assert (process.returncode, err) == (0, "")
            outcome_counts.append(count_outcomes(out))
        database = open_existing(db)
        tables = ("versions", "edits", "snapshots", "fetches", "aliases")
        rows.append((outcome_counts, [database[table].count for table in tables]))
    assert rows[0] == rows[1]
    assert rows[0][0][1]["edited"] == 1


@pytest.mark.slow
def test_killing_a_worker_neither_loses_nor_repeats_a_check(
    site: Site, tmp_path: Path, workers: Workers
) -> None:
    requested, release = threading.Event(), threading.Event()

    def answer(headers: dict[str, str]) -> Answer:
        requested.set()
        return Answer(article_html().encode(), stall=release)

    site.answers["/a"] = answer
    db, config = tmp_path / "v.db", write_settings(tmp_path, "check_timeout = 2.0")
    add(db, [site.url + "/a"])
    process = run(db, workers, config, "--once")
    try:
        assert requested.wait(30)
        while workers.workers:
            workers.kill_worker()
    finally:
        release.set()
    workers.start_worker()
    out, _ = process.communicate(timeout=60)
    assert count_outcomes(out) == {"new": 1}
    database = open_existing(db)
    assert (database["versions"].count, database["fetches"].count) == (1, 1)
    assert site.paths().count("/a") == 2


@pytest.mark.slow
def test_a_closed_connection_is_reopened(site: Site, workers: Workers) -> None:
    """A client of Dask closes for good when the scheduler is away for a few seconds."""
    url = site.page("/a", article_html())

    async def request_twice() -> list[Observation]:
        async with (
            Fetcher() as fetcher,
            open_cluster(
                workers.address, fetcher, lambda: NOON, InProcess(), keeps_unchanged=True
            ) as cluster,
        ):
            first = await cluster.send_by_worker(Request(url), _never_follow)
            await cluster.client.close()
            return [first, await cluster.send_by_worker(Request(url), _never_follow)]

    assert all(
        isinstance(observation.content, Extracted) for observation in asyncio.run(request_twice())
    )


@pytest.mark.slow
def test_an_unreachable_scheduler_is_a_clear_error(tmp_path: Path) -> None:
    process = subprocess.run(
        variorum(tmp_path / "v.db", "run", "--once", "--cluster", "tcp://127.0.0.1:9"),
        capture_output=True, text=True, timeout=60, env=ENVIRONMENT,
    )  # fmt: skip
    assert process.returncode == 2
    assert "no scheduler answers" in process.stderr


def test_a_worker_of_another_version_says_so() -> None:
    batch = RequestBatch("variorum 0.0", "me", Limits(), AllowedHosts(), True, ())
    refusal, replies = send_batch(batch)
    assert "the sender variorum 0.0" in refusal
    assert replies == ()


def test_the_first_batches_of_a_worker_share_one_event_loop() -> None:
    """Connections belong to the loop that made them; a worker begins with a batch in each thread."""
    program = (
        "import threading\n"
        "from concurrent.futures import ThreadPoolExecutor\n"
        "from schedules.cluster.worker import RequestBatch, send_batch, program\n"
        "from scraper.http.addresses import AllowedHosts\n"
        "from scraper.http.limits import Limits\n"
        "batch, together = RequestBatch(program(), 'me', Limits(), AllowedHosts(), True, ()), threading.Barrier(8)\n"
        "with ThreadPoolExecutor(8) as threads:\n"
        "    list(threads.map(lambda _: (together.wait(), send_batch(batch)), range(8)))\n"
        "print([thread.name for thread in threading.enumerate()].count('variorum'))\n"
    )
    process = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=30
    )
    assert (process.stdout, process.stderr) == ("1\n", "")
