"""Work on strangers' bytes that takes too long or too much ends, and nothing else does."""

import asyncio
import os
import re
import signal
import time
from collections.abc import Awaitable, Callable, Coroutine
from functools import partial
from typing import Any

import pytest

from schedules.check import Checked, check
from schedules.daemon.sources import check_source
from schedules.hosts.network import Network
from schedules.processes import InProcess, Processes, WorkEndedError, open_processes
from scraper.errors import ExtractError
from scraper.extract import extract
from scraper.extract.body.model import first_pass_scorer
from storage.queue.watches import watch_source
from tests.support.checker import Checker
from tests.support.pages import article_html
from tests.support.site import Answer, Site
from variorum.config.settings import Config
from variorum.context import open_network

HANG = partial(re.search, r"(?:a|a)*$", "a" * 60 + "b")
URL = "https://example.org/news/bridge"


def with_readers(work: Callable[[Processes], Awaitable[Any]], max_seconds: float = 10.0) -> Any:
    """What `work` returns, run with readers."""
    with open_processes(max_seconds=max_seconds) as readers:

        async def run() -> Any:
            return await work(readers)

        return asyncio.run(run())


async def outcome(readers: Processes, work: Callable[[], Any]) -> str:
    """The result of work, or what ended it."""
    try:
        return str(await readers.run(work, size=1, about=URL))
    except WorkEndedError as error:
        return str(error)


def test_a_reader_gives_what_this_process_gives() -> None:
    page = article_html().encode()
    article = with_readers(
        lambda readers: readers.run(partial(extract, page, URL), size=len(page), about=URL)
    )
    assert article == extract(page, URL)


def test_the_error_of_the_work_is_raised_here() -> None:
    with pytest.raises(ExtractError, match="the page is empty"):
        with_readers(lambda readers: readers.run(partial(extract, b"", URL), size=0, about=URL))


def test_work_that_hangs_is_ended_while_other_work_goes_on() -> None:
    async def hang_and_work(readers: Processes) -> list[str]:
        hanging = asyncio.create_task(outcome(readers, HANG))
        results = [await outcome(readers, partial(sum, [number, 1])) for number in range(3)]
        return [*results, await hanging]

    *results, ended = with_readers(hang_and_work, max_seconds=0.3)
    assert results == ["1", "2", "3"]
    assert "more than 0.3 s" in ended


def test_after_work_was_ended_the_next_work_is_done() -> None:
    async def work(readers: Processes) -> list[str]:
        works: list[Callable[[], Any]] = [HANG, HANG, HANG, partial(signal.raise_signal, 9), partial(sum, [1, 2])]  # fmt: skip
        return [await outcome(readers, one) for one in works]

    assert with_readers(work, max_seconds=0.2)[-1] == "3"


def test_work_that_takes_too_much_memory_is_ended() -> None:
    ended = with_readers(lambda readers: outcome(readers, partial(bytearray, 3_000_000_000)))
    assert ended == "reading the page took too much memory"


def test_a_reader_is_started_even_if_the_origin_was_killed() -> None:
    async def work(readers: Processes) -> str:
        os.kill(readers.origin.pid, signal.SIGKILL)
        await asyncio.to_thread(os.waitid, os.P_PID, readers.origin.pid, os.WEXITED | os.WNOWAIT)
        return await outcome(readers, partial(sum, [1, 2]))

    assert with_readers(work) == "3"


def test_a_cancelled_check_leaves_no_reader_that_works_for_the_next() -> None:
    async def work(readers: Processes) -> str:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await readers.run(partial(time.sleep, 0.5), size=1, about=URL)
        return await outcome(readers, partial(sum, [1, 2]))

    assert with_readers(work) == "3"


def test_work_about_the_same_article_is_done_by_the_same_reader() -> None:
    async def pids(readers: Processes) -> list[int]:
        def pid(about: str) -> Coroutine[Any, Any, int]:
            return readers.run(os.getpid, size=1, about=about)

        both = await asyncio.gather(pid("/one"), pid("/two"))
        return [*both, await pid("/one"), await pid("/two"), await pid("/one"), await pid("/three")]

    one, two, *later = with_readers(pids)
    assert one != two
    assert later == [one, two, one, two], "a new article goes to the reader that waits for longest"


def test_a_rehearsal_loads_what_reading_a_page_needs() -> None:
    first_pass_scorer.cache_clear()
    with open_processes("schedules.rehearsal") as readers:
        loaded = asyncio.run(readers.run(_loaded_models, size=1, about=URL))
    assert (loaded, _loaded_models()) == (1, 0)


def _loaded_models() -> int:
    return first_pass_scorer.cache_info().currsize


def test_no_reader_outlives_the_program() -> None:
    pids = with_readers(lambda readers: readers.run(os.getpid, size=1, about=URL))
    deadline = time.monotonic() + 10
    while _is_alive(pids) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not _is_alive(pids)


def test_the_origin_leaves_no_process_behind() -> None:
    with open_processes() as readers:
        pid = readers.origin.pid
        assert _is_alive(pid)
    assert not _is_alive(pid)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_work_in_this_process_gives_the_same() -> None:
    assert asyncio.run(InProcess().run(partial(sum, [1, 2]), size=1_000_000, about=URL)) == 3


def test_a_page_that_takes_too_long_is_a_failed_check(site: Site, checker: Checker) -> None:
    slow = site.page("/slow", article_html(around="<br>" * 140_000))
    quick = site.page("/quick", article_html("Another bridge opens"))
    with open_processes("schedules.rehearsal", max_seconds=0.1) as readers:

        async def check_both(network: Network) -> list[Checked]:
            network.reader = readers
            return [await check(checker.db, url, network) for url in (slow, quick)]

        failed, new = checker.run(check_both)
    assert (failed.result.outcome, new.result.outcome) == ("failed", "new")
    assert "reading the page was ended" in (failed.result.reason or "")


class EndsComparisons(InProcess):
    """Reads pages, but is ended whenever it compares two: first to see whether an edit is likely."""

    async def run(self, work: Callable[[], Any], *, size: int, about: str) -> Any:
        if "decide" in repr(work) or "seems_edited" in repr(work):
            raise WorkEndedError("comparing was ended")
        return await super().run(work, size=size, about=about)


def test_a_comparison_that_takes_too_long_is_a_failed_check(site: Site, checker: Checker) -> None:
    url = site.page("/a", article_html())
    checker(url)
    site.page("/a", article_html("Harbour bridge closes after short repair"))

    async def check_again(network: Network) -> Checked:
        network.reader = EndsComparisons()
        return await check(checker.db, url, network)

    failed = checker.run(check_again)
    assert (failed.result.outcome, failed.result.reason) == ("failed", "comparing was ended")
    assert checker(url).result.outcome == "edited"


def test_a_source_that_takes_too_long_has_failed(site: Site, checker: Checker) -> None:
    site.answers["/map"] = Answer(b"<urlset>" + b"<url><loc>/news/1</loc></url>" * 200_000)
    watch_source(checker.db, f"{site.url}/map", "sitemap", at=checker.clock.now())
    with open_processes("schedules.rehearsal", max_seconds=0.1) as readers:

        async def check_map(network: Network) -> int:
            network.reader = readers
            return await check_source(checker.db, next(checker.db.query("select * from watches")), network)  # fmt: skip

        assert checker.run(check_map) == 0
    (reason, failures) = checker.db.execute("select reason, failures from watches").fetchone()
    assert ("was ended" in reason, failures) == (True, 1)


def test_commands_read_pages_in_another_process() -> None:
    async def reading_process() -> int:
        async with open_network(Config(), None) as network:
            return await network.reader.run(os.getpid, size=1, about=URL)

    assert asyncio.run(reading_process()) != os.getpid()
