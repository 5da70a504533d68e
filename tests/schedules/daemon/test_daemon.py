"""The daemon as a process of its own: signals, kills, and two at once."""

import asyncio
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from schedules.daemon.runner import check_due
from schedules.hosts.network import Network
from storage.articles.watch import watch_article
from storage.database import open_database, open_existing
from storage.queries import articles as queries
from storage.queries.health import integrity
from storage.queue.leases import leased_hosts
from tests.support.checker import Checker
from tests.support.pages import article_html
from tests.support.site import Answer, Site

ROOT = Path(__file__).parents[3]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}


def variorum(db: Path, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "variorum.cli", "--db", str(db), *arguments]


def add(db: Path, urls: list[str]) -> None:
    subprocess.run(variorum(db, "add", *urls), check=True, capture_output=True, env=ENVIRONMENT)


def start(db: Path, *options: str, config: Path | None = None) -> "subprocess.Popen[str]":
    settings = ("--config", str(config)) if config else ()
    return subprocess.Popen(
        variorum(db, *settings, "run", "--delay", "0", "--json", *options),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT,
    )  # fmt: skip


def serve_stalled_page(site: Site, path: str) -> tuple[threading.Event, threading.Event]:
    """Serve a page that stalls; gives an event set when it is requested, and one that releases it."""
    requested, release = threading.Event(), threading.Event()

    def answer(headers: dict[str, str]) -> Answer:
        requested.set()
        return Answer(article_html().encode(), stall=release)

    site.answers[path] = answer
    return requested, release


def test_a_cancelled_pass_leaves_no_check_running(site: Site, checker: Checker) -> None:
    """Else its connections would be closed under it, and the host would count as failed."""
    requested, release = serve_stalled_page(site, "/a")
    watch_article(checker.db, site.url + "/a", at=checker.clock.now())

    async def give_up(network: Network) -> int:
        run_task = asyncio.create_task(check_due(checker.db, network, jobs=1, report=print))
        await asyncio.to_thread(requested.wait, 10)
        run_task.cancel()
        await asyncio.gather(run_task, return_exceptions=True)
        release.set()
        return len(asyncio.all_tasks())

    assert checker.run(give_up) == 1
    assert (leased_hosts(checker.db), checker.db["fetches"].count) == ([], 0)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_records_the_check_in_flight_and_exits(
    site: Site, tmp_path: Path, number: int
) -> None:
    db = tmp_path / "v.db"
    requested, release = serve_stalled_page(site, "/a")
    add(db, [site.url + "/a"])
    process = start(db)
    assert requested.wait(20)
    process.send_signal(number)
    release.set()
    out, err = process.communicate(timeout=20)
    assert (process.returncode, err) == (0, "")
    assert '"outcome": "new"' in out
    assert open_existing(db)["versions"].count == 1


@pytest.mark.slow
def test_a_hanging_check_is_dropped_and_stays_due(site: Site, tmp_path: Path) -> None:
    db = tmp_path / "v.db"
    requested, release = serve_stalled_page(site, "/a")
    add(db, [site.url + "/a"])
    process = start(db)
    try:
        assert requested.wait(20)
        process.terminate()
        assert process.wait(timeout=15) == 0
    finally:
        release.set()
        process.communicate(timeout=5)
    database = open_existing(db)
    assert database["fetches"].count == 0
    assert queries.overdue(database, "2099-01-01T00:00:00Z") == 1


@pytest.mark.parametrize("synchronous", ["normal", "full"])
@pytest.mark.slow
def test_a_kill_loses_no_check_that_was_reported(
    site: Site, tmp_path: Path, synchronous: str
) -> None:
    """Forty articles that change in every answer, and a SIGKILL at a random moment, again and again."""
    db = tmp_path / "v.db"
    config = write_settings(tmp_path, f"[storage]\nsynchronous = '{synchronous}'")
    rng = random.Random(4)
    for number in range(40):
        site.answers[f"/{number}"] = lambda headers, number=number: Answer(
            article_html(f"Story {number} of the day", ()).replace(
                "</h1>", "</h1>" + "".join(f"<p>Sentence {n} of this story has {rng.random()} words.</p>" for n in range(9))
            ).encode()
        )  # fmt: skip
    urls = [f"{site.url}/{number}" for number in range(40)]
    for _ in range(2):
        add(db, urls)
        process = start(db, config=config)
        request_count = len(site.requests)
        kill_after = request_count + rng.randrange(1, 40)
        deadline = time.monotonic() + 20
        while len(site.requests) < kill_after and time.monotonic() < deadline:
            threading.Event().wait(0.002)
        process.kill()
        out, _ = process.communicate(timeout=10)
        reported_checks = [json.loads(line) for line in out.splitlines() if line.endswith("}")]
        database = open_database(db)
        numbers = {row["url"]: row["versions"] for row in queries.articles(database)}
        assert all(
            check["version"] <= numbers[check["url"]]
            for check in reported_checks
            if check["version"]
        )
        assert integrity(database) == []
        assert queries.articles_with_number_gaps(database) == []
        database.execute("update hosts set holder = null")
        database.close()
    done = subprocess.run(
        variorum(db, "run", "--once", "--delay", "0"),
        capture_output=True,
        text=True,
        env=ENVIRONMENT,
        timeout=60,
    )
    assert done.returncode == 0
    assert open_existing(db)["versions"].count >= 40


@pytest.mark.slow
def test_two_daemons_check_each_article_once(site: Site, tmp_path: Path) -> None:
    db = tmp_path / "v.db"
    urls = [
        site.page(f"/{number}", article_html(f"Story {number} of the day")) for number in range(30)
    ]
    add(db, urls)
    processes = [start(db, "--once") for _ in range(2)]
    results = [process.communicate(timeout=60) for process in processes]
    assert [process.returncode for process in processes] == [0, 0], results
    check_counts = Counter(path for path in site.paths() if path != "/robots.txt")
    assert check_counts == {f"/{number}": 1 for number in range(30)}


def write_settings(folder: Path, text: str) -> Path:
    path = folder / "variorum.toml"
    path.write_text("delay = 0\n" + text, encoding="utf-8")
    return path


def wait_for(condition: Callable[[], bool], *, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        threading.Event().wait(0.02)


@pytest.mark.slow
def test_sighup_reloads_the_settings_and_keeps_the_schedule(site: Site, tmp_path: Path) -> None:
    db, config = tmp_path / "v.db", write_settings(tmp_path, "")
    heartbeat, errors = tmp_path / "alive", tmp_path / "errors"
    config.write_text(f"delay = 0\n[alive]\nfile = '{heartbeat}'", encoding="utf-8")
    url = site.page("/a", article_html())
    add(db, [url])
    with errors.open("wb") as file:
        process = subprocess.Popen(variorum(db, "--config", str(config), "run"),
            stdout=subprocess.DEVNULL, stderr=file, env=ENVIRONMENT)  # fmt: skip
        try:
            wait_for(heartbeat.exists)
            wait_for(lambda: open_existing(db)["versions"].count == 1)
            due = open_existing(db).execute("select next_check_at from articles").fetchone()
            write_settings(tmp_path, "jobs = 'many'")
            process.send_signal(signal.SIGHUP)
            wait_for(lambda: "jobs must be a whole number" in errors.read_text())
            write_settings(tmp_path, "jobs = 3\n[[channels]]\nname = 'feed'\natom = 'edits.xml'")
            process.send_signal(signal.SIGHUP)
            wait_for(lambda: "the settings were reloaded" in errors.read_text())
            assert process.poll() is None
            assert open_existing(db).execute("select next_check_at from articles").fetchone() == due
            site.page("/a", article_html().replace("Monday", "Tuesday"))
            add(db, [url])
            wait_for((tmp_path / "edits.xml").exists)
        finally:
            process.terminate()
            process.wait(timeout=15)


def test_a_process_reclaims_hosts_of_a_killed_process(site: Site, tmp_path: Path) -> None:
    """A killed daemon's hosts are free at once on the same machine, not when its lease ends.

    Only what it was checking waits: it may be what killed it.
    """
    db = tmp_path / "v.db"
    requested, release = serve_stalled_page(site, "/a")
    add(db, [site.url + "/a", site.page("/b", article_html("Another bridge opens"))])
    process = start(db)
    assert requested.wait(20)
    process.kill()
    process.communicate(timeout=5)
    release.set()
    site.page("/a", article_html())
    subprocess.run(variorum(db, "run", "--once", "--delay", "0"), check=True, capture_output=True, env=ENVIRONMENT)  # fmt: skip
    rows = open_existing(db).execute("select url, checked_at is null from articles order by url")
    assert rows.fetchall() == [(f"{site.url}/a", 1), (f"{site.url}/b", 0)]
