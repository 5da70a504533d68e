"""The daemon while its database is locked, or its disk is full."""

import resource
import signal
import sqlite3
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from storage.database import open_existing
from tests.schedules.daemon.test_daemon import ENVIRONMENT, add, variorum, wait_for
from tests.support.pages import STORIES, story_html
from tests.support.site import Answer, Site

pytestmark = pytest.mark.slow


@contextmanager
def daemon(folder: Path, settings: str = "") -> Iterator["subprocess.Popen[str]"]:
    """A daemon with a heartbeat, whose log is the file `log`; it ends with the block."""
    config = folder / "variorum.toml"
    config.write_text(
        f"delay = 0\n{settings}\n[alive]\nfile = '{folder / 'alive'}'", encoding="utf-8"
    )
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [*variorum(folder / "v.db", "--config", str(config)), "run"],
            stdout=subprocess.DEVNULL, stderr=log, text=True, env=ENVIRONMENT,
        )  # fmt: skip
    try:
        wait_for((folder / "alive").exists)
        yield process
    finally:
        process.kill()
        process.wait()


def log_of(folder: Path) -> str:
    return (folder / "log").read_text(encoding="utf-8")


def stories(site: Site) -> list[str]:
    return [site.page(f"/{number}", story_html(number)) for number in range(len(STORIES))]


def test_a_lock_delays_neither_the_heartbeat_nor_the_end(site: Site, tmp_path: Path) -> None:
    db = tmp_path / "v.db"
    add(db, stories(site)[:1])
    with daemon(tmp_path) as process, closing(sqlite3.connect(db, isolation_level=None)) as other:
        wait_for(lambda: open_existing(db)["versions"].count == 1)
        other.execute("update articles set next_check_at = '2026-01-01T00:00:00.000Z'")
        other.execute("begin exclusive")
        beats = set[float]()

        def has_beaten_often() -> bool:
            beats.add((tmp_path / "alive").stat().st_mtime)
            return len(beats) > 5

        wait_for(has_beaten_often, seconds=12)
        assert max(beats) - min(beats) < 10
        process.send_signal(signal.SIGTERM)
        asked_at = time.monotonic()
        assert process.wait(timeout=15) == 0
        assert time.monotonic() - asked_at < 8


def test_what_was_fetched_under_a_lock_is_recorded_once_it_ends(site: Site, tmp_path: Path) -> None:
    db = tmp_path / "v.db"
    add(db, stories(site))
    with daemon(tmp_path), closing(sqlite3.connect(db, isolation_level=None)) as other:
        wait_for(lambda: "/0" in site.paths())
        other.execute("begin immediate")
        wait_for(lambda: "the database cannot be written (database is locked)" in log_of(tmp_path))
        other.execute("rollback")
        wait_for(lambda: open_existing(db)["versions"].count == len(STORIES))
    requests = Counter(path for path in site.paths() if path != "/robots.txt")
    assert requests == {f"/{number}": 1 for number in range(len(STORIES))}


def test_a_full_disk_stops_the_requests_until_there_is_room(site: Site, tmp_path: Path) -> None:
    """A limit on the size of files is what a full disk is to SQLite: no write goes through."""
    db = tmp_path / "v.db"
    urls = stories(site)
    add(db, urls[:1])
    with daemon(tmp_path) as process:
        wait_for(lambda: open_existing(db)["versions"].count == 1)
        unlimited = resource.prlimit(process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (4096, unlimited[1]))
        add(db, urls[1:])
        wait_for(lambda: "the database cannot be written" in log_of(tmp_path))
        requested = len(site.requests)
        beat = (tmp_path / "alive").stat().st_mtime
        wait_for(lambda: (tmp_path / "alive").stat().st_mtime > beat + 3)
        assert len(site.requests) == requested
        assert open_existing(db)["versions"].count == 1
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, unlimited)
        wait_for(lambda: open_existing(db)["versions"].count == len(STORIES))
        assert "the database can be written again" in log_of(tmp_path)
    requests = Counter(path for path in site.paths() if path != "/robots.txt")
    assert requests == {f"/{number}": 1 for number in range(len(STORIES))}
    assert log_of(tmp_path).count("\n") <= 3


def test_what_siblings_teach_waits_for_a_lock_as_well(site: Site, tmp_path: Path) -> None:
    """The first article of a host asks others that it links to, and none of them twice."""
    db = tmp_path / "v.db"
    paths = [f"/news/2026/05/14/{70041 + number}-story" for number in range(2)]
    links = "".join(f"<a href={path}>Next</a>" for path in paths)
    add(db, [site.page(paths[0], story_html(0).replace("<aside>", f"<aside>{links}"))])
    with closing(sqlite3.connect(db, isolation_level=None, check_same_thread=False)) as other:

        def answer(headers: dict[str, str]) -> Answer:
            other.execute("begin immediate")
            return Answer(story_html(1).encode(), headers={"Content-Type": "text/html"})

        site.answers[paths[1]] = answer
        with daemon(tmp_path, "[extract]\nlearn = 'siblings'"):
            message = "the database cannot be written (database is locked)"
            wait_for(lambda: message in log_of(tmp_path))
            other.execute("rollback")
            wait_for(lambda: open_existing(db)["versions"].count == 1)
    assert [path for path in site.paths() if path != "/robots.txt"] == paths
    assert "a tick failed" not in log_of(tmp_path)
