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

from schedules.check.batch_writer import Writer
from schedules.daemon.runner import look_at_due
from schedules.hosts.by_hand import holding
from schedules.hosts.lease import LEASE, lessee
from schedules.hosts.network import Network
from storage.database import open_database, open_existing
from storage.queries import articles as queries
from storage.queries.health import integrity
from storage.queue import watches as watch
from storage.queue.leases import lease_host, leased
from tests.conftest import Answer, Looker, Site, article_html

ROOT = Path(__file__).parents[2]
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


def hang(site: Site, path: str) -> tuple[threading.Event, threading.Event]:
    """Serve a page that does not come: an event when it is asked for, and one that lets it go."""
    asked, go = threading.Event(), threading.Event()

    def answer(headers: dict[str, str]) -> Answer:
        asked.set()
        return Answer(article_html().encode(), stall=go)

    site.answers[path] = answer
    return asked, go


def test_a_pass_that_is_given_up_leaves_no_look_under_way(site: Site, look: Looker) -> None:
    """Else its connections are closed beneath it, and the host is held to have failed."""
    asked, go = hang(site, "/a")
    watch.watch_article(look.db, site.url + "/a", at=look.clock.now())

    async def give_up(network: Network) -> int:
        whole = asyncio.create_task(look_at_due(look.db, network, jobs=1, report=print))
        await asyncio.to_thread(asked.wait, 10)
        whole.cancel()
        await asyncio.gather(whole, return_exceptions=True)
        go.set()
        return len(asyncio.all_tasks())

    assert look.run(give_up) == 1
    assert (leased(look.db), look.db["fetches"].count) == ([], 0)


def test_a_look_by_hand_takes_a_host_over_from_a_process_that_was_killed(
    site: Site, look: Looker
) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    killed = lessee().replace(f" {os.getpid()} ", f" {ended.pid} ")
    at = look.clock.now()
    lease_host(look.db, "127.0.0.1", lessee=killed, now=at, lease=LEASE)

    async def by_hand(network: Network) -> bool:
        async with (
            asyncio.timeout(5),
            holding(look.db, "127.0.0.1", network, Writer(look.db, lambda: 1)),
        ):
            return True

    assert look.run(by_hand)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_with_the_look_in_flight_recorded(
    site: Site, tmp_path: Path, number: int
) -> None:
    db = tmp_path / "v.db"
    asked, go = hang(site, "/a")
    add(db, [site.url + "/a"])
    process = start(db)
    assert asked.wait(20)
    process.send_signal(number)
    go.set()
    out, err = process.communicate(timeout=20)
    assert (process.returncode, err) == (0, "")
    assert '"outcome": "new"' in out
    assert open_existing(db)["versions"].count == 1


def test_a_look_that_hangs_is_dropped_whole_and_stays_due(site: Site, tmp_path: Path) -> None:
    db = tmp_path / "v.db"
    asked, never = hang(site, "/a")
    add(db, [site.url + "/a"])
    process = start(db)
    try:
        assert asked.wait(20)
        process.terminate()
        assert process.wait(timeout=15) == 0
    finally:
        never.set()
        process.communicate(timeout=5)
    database = open_existing(db)
    assert database["fetches"].count == 0
    assert queries.overdue(database, "2099-01-01T00:00:00Z") == 1


@pytest.mark.parametrize("synchronous", ["normal", "full"])
def test_a_kill_at_any_moment_loses_nothing_that_was_told(
    site: Site, tmp_path: Path, synchronous: str
) -> None:
    """Forty articles that change in every answer, and a SIGKILL at a random moment, again and again."""
    db = tmp_path / "v.db"
    config = write_settings(tmp_path, f"[storage]\nsynchronous = '{synchronous}'")
    dice = random.Random(4)
    for number in range(40):
        site.answers[f"/{number}"] = lambda headers, number=number: Answer(
            article_html(f"Story {number} of the day", ()).replace(
                "</h1>", "</h1>" + "".join(f"<p>Sentence {n} of this story has {dice.random()} words.</p>" for n in range(9))
            ).encode()
        )  # fmt: skip
    urls = [f"{site.url}/{number}" for number in range(40)]
    for _ in range(2):
        add(db, urls)
        process = start(db, config=config)
        seen = len(site.requests)
        wanted = seen + dice.randrange(1, 40)
        deadline = time.monotonic() + 20
        while len(site.requests) < wanted and time.monotonic() < deadline:
            threading.Event().wait(0.002)
        process.kill()
        out, _ = process.communicate(timeout=10)
        told = [json.loads(line) for line in out.splitlines() if line.endswith("}")]
        database = open_database(db)
        numbers = {row["url"]: row["versions"] for row in queries.articles(database)}
        assert all(look["version"] <= numbers[look["url"]] for look in told if look["version"])
        assert integrity(database) == []
        assert queries.gaps_in_numbers(database) == []
        database.execute("update hosts set leased_until = null")
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


def test_two_daemons_on_one_database_look_once_at_each_article(site: Site, tmp_path: Path) -> None:
    db = tmp_path / "v.db"
    urls = [
        site.page(f"/{number}", article_html(f"Story {number} of the day")) for number in range(30)
    ]
    add(db, urls)
    processes = [start(db, "--once") for _ in range(2)]
    results = [process.communicate(timeout=60) for process in processes]
    assert [process.returncode for process in processes] == [0, 0], results
    looks = Counter(path for path in site.paths() if path != "/robots.txt")
    assert looks == {f"/{number}": 1 for number in range(30)}


def write_settings(folder: Path, text: str) -> Path:
    path = folder / "variorum.toml"
    path.write_text("delay = 0\n" + text, encoding="utf-8")
    return path


def wait_for(is_so: Callable[[], bool], *, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline
        threading.Event().wait(0.02)


def test_sighup_reads_the_settings_again_and_keeps_the_schedule(site: Site, tmp_path: Path) -> None:
    db, config = tmp_path / "v.db", write_settings(tmp_path, "")
    alive, errors = tmp_path / "alive", tmp_path / "errors"
    config.write_text(f"delay = 0\n[alive]\nfile = '{alive}'", encoding="utf-8")
    url = site.page("/a", article_html())
    add(db, [url])
    with errors.open("wb") as file:
        process = subprocess.Popen(variorum(db, "--config", str(config), "run"),
            stdout=subprocess.DEVNULL, stderr=file, env=ENVIRONMENT)  # fmt: skip
        try:
            wait_for(alive.exists)
            wait_for(lambda: open_existing(db)["versions"].count == 1)
            due = open_existing(db).execute("select next_check_at from articles").fetchone()
            write_settings(tmp_path, "jobs = 'many'")
            process.send_signal(signal.SIGHUP)
            wait_for(lambda: "jobs must be a whole number" in errors.read_text())
            write_settings(tmp_path, "jobs = 3\n[[channels]]\nname = 'feed'\natom = 'edits.xml'")
            process.send_signal(signal.SIGHUP)
            wait_for(lambda: "the settings were read again" in errors.read_text())
            assert process.poll() is None
            assert open_existing(db).execute("select next_check_at from articles").fetchone() == due
            site.page("/a", article_html().replace("Monday", "Tuesday"))
            add(db, [url])
            wait_for((tmp_path / "edits.xml").exists)
        finally:
            process.terminate()
            process.wait(timeout=15)


def test_a_process_takes_over_from_one_that_was_killed(site: Site, tmp_path: Path) -> None:
    """A killed daemon's hosts are free at once on the same machine, not when its lease ends."""
    db = tmp_path / "v.db"
    asked, never = hang(site, "/a")
    add(db, [site.url + "/a"])
    process = start(db)
    assert asked.wait(20)
    process.kill()
    process.communicate(timeout=5)
    never.set()
    site.page("/a", article_html())
    subprocess.run(variorum(db, "run", "--once", "--delay", "0"), check=True, capture_output=True, env=ENVIRONMENT)  # fmt: skip
    assert open_existing(db)["versions"].count == 1
