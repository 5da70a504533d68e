"""Looks made by Dask workers, real processes of this machine."""

import asyncio
import json
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from benchmarks.support.workers import Workers, working
from schedules.check.observe import Expected, Request, Seen, seen
from schedules.cluster.client import connected
from schedules.cluster.worker import Batch, ProgramError, _stay, ask_batch, packed, unpacked
from scraper.article import Standing
from scraper.fetch import Fetcher, Page
from scraper.http.limits import Limits
from storage.database import open_existing
from tests.conftest import Answer, Site, article_html
from tests.schedules.test_daemon import ENVIRONMENT, add, variorum, write_settings

URL = "https://example.org/news/1"
NOON = datetime(2026, 5, 14, 12, tzinfo=UTC)
PAGE = Page(URL, URL, 200, {"content-type": "text/html"}, article_html().encode(), 1)


@pytest.fixture(scope="module")
def workers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workers]:
    with working(tmp_path_factory.mktemp("dask"), 2) as cluster:
        yield cluster


def run(db: Path, workers: Workers, config: Path, *options: str) -> "subprocess.Popen[str]":
    arguments = ("run", "--cluster", workers.address, "--delay", "0", "--json", *options)
    return subprocess.Popen(
        variorum(db, "--config", str(config), *arguments),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT,
    )  # fmt: skip


def outcomes(out: str) -> Counter[str]:
    return Counter(json.loads(line)["outcome"] for line in out.splitlines())


def test_workers_look_as_the_program_does_by_itself(
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
        told = []
        for readers in (1, 2):
            for path in paths:
                html = article_html(f"Story {path} of the day", around=f"<p>{readers} readers</p>")
                edited = path == "/3" and readers == 2
                site.page(path, html.replace("Monday", "Tuesday") if edited else html)
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
            told.append(outcomes(out))
        database = open_existing(db)
        tables = ("versions", "edits", "snapshots", "fetches", "aliases")
        rows.append((told, [database[table].count for table in tables]))
    assert rows[0] == rows[1]
    assert rows[0][0][1]["edited"] == 1


def test_a_worker_killed_in_the_middle_loses_no_look_and_doubles_none(
    site: Site, tmp_path: Path, workers: Workers
) -> None:
    asked, go = threading.Event(), threading.Event()

    def answer(headers: dict[str, str]) -> Answer:
        asked.set()
        return Answer(article_html().encode(), stall=go)

    site.answers["/a"] = answer
    db, config = tmp_path / "v.db", write_settings(tmp_path, "look_timeout = 2.0")
    add(db, [site.url + "/a"])
    process = run(db, workers, config, "--once")
    try:
        assert asked.wait(30)
        while workers.workers:
            workers.kill_worker()
    finally:
        go.set()
    workers.start_worker()
    out, _ = process.communicate(timeout=60)
    assert outcomes(out) == {"new": 1}
    database = open_existing(db)
    assert (database["versions"].count, database["fetches"].count) == (1, 1)
    assert site.paths().count("/a") == 2


def test_a_connection_that_was_given_up_is_made_anew(site: Site, workers: Workers) -> None:
    """A client of Dask closes for good when the scheduler is away for a few seconds."""
    url = site.page("/a", article_html())

    async def ask_twice() -> list[Seen]:
        async with (
            Fetcher() as fetcher,
            connected(workers.address, fetcher, lambda: NOON, keeps_unchanged=True) as cluster,
        ):
            first = await cluster.ask(Request(url), _stay)
            await cluster.client.close()
            return [first, await cluster.ask(Request(url), _stay)]

    assert [found.article is not None for found in asyncio.run(ask_twice())] == [True, True]


def test_a_scheduler_that_is_not_there_is_a_clear_error(tmp_path: Path) -> None:
    done = subprocess.run(
        variorum(tmp_path / "v.db", "run", "--once", "--cluster", "tcp://127.0.0.1:9"),
        capture_output=True, text=True, timeout=60, env=ENVIRONMENT,
    )  # fmt: skip
    assert done.returncode == 2
    assert "no scheduler answers" in done.stderr


def test_a_worker_of_another_version_says_so() -> None:
    batch = Batch("variorum 0.0", "me", Limits(), True, ())
    with pytest.raises(ProgramError, match=r"variorum 0\.0 asks"):
        ask_batch(batch)


def test_the_first_batches_of_a_worker_share_one_event_loop() -> None:
    """Connections belong to the loop that made them; a worker begins with a batch in each thread."""
    program = (
        "import threading\n"
        "from concurrent.futures import ThreadPoolExecutor\n"
        "from schedules.cluster.worker import Batch, ask_batch, program\n"
        "from scraper.http.limits import Limits\n"
        "batch, together = Batch(program(), 'me', Limits(), True, ()), threading.Barrier(8)\n"
        "with ThreadPoolExecutor(8) as threads:\n"
        "    list(threads.map(lambda _: (together.wait(), ask_batch(batch)), range(8)))\n"
        "print([thread.name for thread in threading.enumerate()].count('variorum'))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=30
    )
    assert (done.stdout, done.stderr) == ("1\n", "")


@pytest.mark.parametrize("keeps_unchanged", [True, False])
def test_of_an_article_that_stands_no_text_travels(keeps_unchanged: bool) -> None:
    first = seen(Request(URL), NOON, PAGE)
    assert first.article is not None
    standing = Standing(first.article, first.fetch.region or "", first.fetch.digest)
    request = Request(URL, expected=Expected(standing, None, NOON, None))
    again = seen(request, NOON + timedelta(hours=1), PAGE)
    reply = packed(request, again, keeps_unchanged=keeps_unchanged)
    assert reply.seen.article is None
    assert (reply.body is not None) == keeps_unchanged
    whole = unpacked(request, reply)
    assert whole.article is first.article
    if keeps_unchanged:
        assert whole == replace(again, shown=None)


def test_of_an_article_that_changed_all_travels() -> None:
    request = Request(URL)
    found = seen(request, NOON, PAGE)
    assert unpacked(request, packed(request, found, keeps_unchanged=False)) == replace(
        found, shown=None
    )
