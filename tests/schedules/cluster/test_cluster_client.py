"""The cluster's client, with this process as its worker: the quick form of the tests with Dask's processes."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from distributed import CancelledError
from sqlite_utils import Database

from schedules.check import check
from schedules.check.observe import Observation, Request
from schedules.cluster.client import Cluster
from schedules.cluster.worker import BatchResult, RequestBatch, _never_follow
from schedules.hosts.network import Network
from schedules.processes import InProcess
from scraper.http.limits import Limits
from storage.articles.result import CheckResult
from storage.database import open_database
from tests.support.checker import Checker, Clock
from tests.support.pages import article_html
from tests.support.site import Answer, Site


@dataclass
class LocalFuture:
    """A batch at a worker: its replies, or the loss of the worker."""

    run: Callable[[], BatchResult]
    is_lost: bool

    async def result(self) -> BatchResult:
        if self.is_lost:
            raise CancelledError("a worker was lost")
        return await asyncio.to_thread(self.run)

    def release(self) -> None:
        pass


@dataclass
class LocalClient:
    """Dask's client as the cluster uses it. This process is its worker; the first `lost` batches are lost."""

    workers: list[str] = field(default_factory=lambda: ["tcp://here"])
    lost: int = 0
    status: str = "running"
    batches: list[RequestBatch] = field(default_factory=list)

    @property
    def scheduler(self) -> "LocalClient":
        return self

    async def identity(self) -> dict[str, object]:
        return {"workers": dict.fromkeys(self.workers)}

    def submit(
        self, run: Callable[[RequestBatch], BatchResult], batch: RequestBatch, **options: object
    ) -> LocalFuture:
        self.batches.append(batch)
        return LocalFuture(partial(run, batch), len(self.batches) <= self.lost)


@asynccontextmanager
async def local_cluster(network: Network, client: LocalClient) -> AsyncIterator[Cluster]:
    async def connect() -> LocalClient:
        return client

    cluster = Cluster(client, connect, network.fetcher, network.now, network.reader)
    await cluster.start()
    network.remote = cluster.send_by_worker
    yield cluster
    await cluster.close()


@dataclass
class NamesWork(InProcess):
    """A reader that remembers what it was asked to do."""

    works: list[str] = field(default_factory=list)

    async def run(self, work: Callable[[], Any], *, size: int, about: str) -> Any:
        self.works.append(getattr(work, "func", work).__name__)
        return await super().run(work, size=size, about=about)


def test_readers_of_this_process_read_redirected_pages_and_large_replies(
    site: Site, checker: Checker
) -> None:
    large = "".join(f"<p>{random.Random(n).randbytes(200).hex()}</p>" for n in range(2_000))
    urls = [site.page("/0", article_html()), site.page("/1", article_html("Two", around=large))]
    site.answers["/old"] = Answer(status=302, headers={"Location": "/0"})
    reader = NamesWork()

    async def outcomes(network: Network) -> list[tuple[str, list[str]]]:
        network.reader = reader
        found = []
        async with local_cluster(network, LocalClient()):
            for url in (*urls, site.url + "/old"):
                reader.works.clear()
                outcome = (await check(checker.db, url, network)).result.outcome
                found.append((outcome, list(reader.works)))
        return found

    assert checker.run(outcomes) == [
        ("new", ["seems_edited"]),
        ("new", ["unpack_reply", "seems_edited"]),
        ("unchanged", ["observe"]),
    ]


def test_a_worker_in_this_process_records_what_one_process_records(
    site: Site, tmp_path: Path, clock: Clock
) -> None:
    """New, redirected, unchanged, edited and missing."""
    urls = [site.url + path for path in ("/0", "/1", "/2", "/old", "/missing")]
    site.answers["/old"] = Answer(status=302, headers={"Location": "/0"})
    client = LocalClient()

    async def outcomes(network: Network, db: Database) -> list[str]:
        return [(await check(db, url, network)).result.outcome for url in urls]

    async def outcomes_of_workers(network: Network, db: Database) -> list[str]:
        async with local_cluster(network, client):
            return await outcomes(network, db)

    rows = []
    for name, work in (("alone", outcomes), ("workers", outcomes_of_workers)):
        db = open_database(tmp_path / f"{name}.db")
        outcome_rows = []
        for day in ("Monday", "Tuesday"):
            for number in range(3):
                html = article_html(f"Story {number} of the day")
                site.page(f"/{number}", html.replace("Monday", day) if number == 1 else html)
            outcome_rows.append(Checker(db, clock).run(partial(work, db=db)))
        counts = [
            db[table].count for table in ("versions", "edits", "snapshots", "fetches", "aliases")
        ]
        rows.append((outcome_rows, counts))
        db.close()
    assert rows[0] == rows[1]
    assert rows[0][0][0] == ["new", "new", "new", "unchanged", "failed"]
    assert rows[0][0][1][1] == "edited"
    assert sum(len(batch.requests) for batch in client.batches) >= 2 * len(urls)


def test_requests_of_one_moment_to_one_shard_share_a_batch(site: Site, checker: Checker) -> None:
    client = LocalClient()
    urls = [site.page(f"/{number}", article_html()) for number in range(3)]

    async def request_all(network: Network) -> list[Observation]:
        async with local_cluster(network, client) as cluster:
            return await asyncio.gather(
                *(cluster.send_by_worker(Request(url), _never_follow) for url in urls)
            )

    observations = checker.run(request_all)
    assert [len(batch.requests) for batch in client.batches] == [3]
    assert [observation.fetch.url for observation in observations] == urls


def test_a_batch_lost_with_its_worker_is_sent_again(
    site: Site, db: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("schedules.cluster.client.EXTRACTION_SECONDS", 0.0)
    client = LocalClient(lost=1)
    url = site.page("/a", article_html())

    async def request_once(network: Network) -> tuple[Observation, float]:
        started_at = asyncio.get_running_loop().time()
        async with local_cluster(network, client) as cluster:
            observation = await cluster.send_by_worker(Request(url), _never_follow)
        return observation, asyncio.get_running_loop().time() - started_at

    observation, seconds = Checker(db, clock, limits=Limits(total=0.5)).run(request_once)
    assert observation.page is not None
    assert len(client.batches) == 2
    assert seconds >= 0.5  # the loss waits until its requests can no longer be running


def test_checks_wait_for_the_first_worker(
    site: Site, checker: Checker, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("schedules.cluster.client.WORKER_POLL_SECONDS", 0.01)
    client = LocalClient(workers=[])

    async def wait_for_worker(network: Network) -> tuple[str, ...]:
        asyncio.get_running_loop().call_later(0.05, client.workers.append, "tcp://here")
        async with local_cluster(network, client) as cluster:
            return cluster.workers

    assert checker.run(wait_for_worker) == ("tcp://here",)
    assert caplog.messages == ["there are no workers; checks wait until one is there"]


@dataclass
class SilentClient(LocalClient):
    """Its worker gives something else than the replies to a batch."""

    answer: Callable[[], Any] = dict

    def submit(
        self, run: Callable[[RequestBatch], BatchResult], batch: RequestBatch, **options: object
    ) -> LocalFuture:
        return LocalFuture(self.answer, is_lost=False)


def fail() -> None:
    raise RuntimeError("the disk of the worker is full")


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (fail, "a worker failed; its log says why"),
        (lambda: None, "a worker returned something else than replies"),
        (lambda: ("", ()), "a worker gave 0 replies to 1 requests"),
        (lambda: ("", (1, 2)), "a worker gave 2 replies to 1 requests"),
        (lambda: ("0.0", ()), "a worker runs another version of Variorum; update it first: 0.0"),
    ],
    ids=["fails", "nothing", "no-replies", "more-replies", "version"],
)
def test_a_worker_without_replies_fails_the_check_and_is_asked_again(
    site: Site, checker: Checker, answer: Callable[[], Any], reason: str
) -> None:
    url = site.page("/a", article_html())

    async def check_by(client: LocalClient, network: Network) -> CheckResult:
        async with local_cluster(network, client):
            return (await check(checker.db, url, network)).result

    failed = checker.run(partial(check_by, SilentClient(answer=answer)))
    assert (failed.outcome, failed.reason) == ("failed", reason)
    assert failed.plan.next_check_at is not None
    assert failed.plan.next_check_at - checker.clock.now() < timedelta(minutes=15)
    assert (
        checker.run(partial(check_by, LocalClient())).outcome == "new"
    )  # the host is not to blame


@dataclass
class LyingClient(LocalClient):
    """Its worker replies nonsense to the first request of a batch."""

    def submit(
        self, run: Callable[[RequestBatch], BatchResult], batch: RequestBatch, **options: object
    ) -> LocalFuture:
        def lie() -> BatchResult:
            refusal, replies = run(batch)
            return refusal, ((b"{}", None), *replies[1:])

        return LocalFuture(lie, is_lost=False)


def test_a_reply_that_is_none_fails_its_own_check_alone(site: Site, checker: Checker) -> None:
    urls = [site.page(f"/{number}", article_html()) for number in range(3)]

    async def request_all(network: Network) -> list[Observation]:
        async with local_cluster(network, LyingClient()) as cluster:
            return await asyncio.gather(
                *(cluster.send_by_worker(Request(url), _never_follow) for url in urls)
            )

    first, *others = checker.run(request_all)
    assert first.verdict is not None
    assert first.verdict.reason.startswith("a worker's reply cannot be used")
    assert first.error is None
    assert all(observation.page for observation in others)
