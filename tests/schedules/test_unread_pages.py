"""What only stored pages can prove stays open while they take too long to read: no edit is logged then, and none lost."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import pytest

from schedules.check import Checked, check
from schedules.hosts.network import Network
from schedules.processes import InProcess, WorkEndedError, open_processes
from tests.support.checker import Checker
from tests.support.pages import STORIES, article_html
from tests.support.site import Site

PITCH = "Our letter brings the coast to 4,100 readers every morning, and it costs you nothing."
NEWS = "The owners of the mill withdrew their complaint against the town late on Friday."
# Every one of them costs a quarter of a second.
LINKS = "".join(f'<a href="/archive/{number}">Item {number}</a> ' for number in range(15_000))


class EndsReadingOf(InProcess):
    """Reads the page that was served, but is ended whenever it reads stored ones."""

    def __init__(self, work_name: str) -> None:
        self.work_name = work_name

    async def run(self, work: Callable[[], Any], *, size: int, about: str) -> Any:
        if self.work_name in repr(work):
            raise WorkEndedError("reading was ended")
        return await super().run(work, size=size, about=about)


def serve(site: Site, *lines: str, around: str = "") -> list[str]:
    """Serve three stories with lines after the second paragraph; gives their URLs."""
    stories = [(headline, (*texts[:2], *lines, *texts[2:])) for headline, *texts in STORIES[:3]]
    pages = [article_html(headline, texts, around=around) for headline, texts in stories]
    return [site.page(f"/news/{number}", page) for number, page in enumerate(pages)]


def serve_news_in_the_first(site: Site) -> None:
    serve(site, NEWS)
    for number in (1, 2):
        headline, *texts = STORIES[number]
        site.page(f"/news/{number}", article_html(headline, tuple(texts)))


def check_with(checker: Checker, reader: InProcess, url: str) -> Checked:
    async def work(network: Network) -> Checked:
        network.reader = reader
        return await check(checker.db, url, network)

    return checker.run(work)


def watch_for_hours(checker: Checker, urls: list[str]) -> None:
    for _ in range(2):
        for url in urls:
            checker(url)
        checker.clock.skip(hours=1)


def edits(checker: Checker) -> list[str | None]:
    return [row[0] for row in checker.db.execute("select new from edits").fetchall()]


def test_an_edit_waits_while_siblings_cannot_be_read(site: Site, checker: Checker) -> None:
    urls = serve(site)
    watch_for_hours(checker, urls)
    serve(site, PITCH)
    reader = EndsReadingOf("_read_siblings")
    waiting = check_with(checker, reader, urls[0]).result
    assert (waiting.outcome, edits(checker)) == ("failed", [])
    assert "take too long to read" in (waiting.reason or "")
    assert checker(urls[0]).result.outcome == "unchanged", "a sibling shows the pitch, too"


def test_an_edit_that_stays_for_hours_is_logged_though_siblings_cannot_be_read(
    site: Site, checker: Checker
) -> None:
    urls = serve(site)
    watch_for_hours(checker, urls)
    serve_news_in_the_first(site)
    outcomes = []
    for _ in range(3):
        outcomes.append(
            check_with(checker, EndsReadingOf("_read_siblings"), urls[0]).result.outcome
        )
        checker.clock.skip(hours=4)
    assert outcomes == ["failed", "failed", "edited"]
    assert edits(checker) == [NEWS]


def test_an_edit_waits_while_earlier_responses_cannot_be_read(site: Site, checker: Checker) -> None:
    (url, *_) = serve(site)
    checker(url)
    checker.clock.skip(hours=1)
    headlines = iter(("Ferries stay in port", "Ferry strike enters second week"))
    page = site.answers["/news/0"]
    assert not callable(page)
    site.answers["/news/0"] = lambda _: type(page)(
        page.body.replace(b"Ferry strike enters second week", next(headlines).encode()),
        headers=page.headers,
    )
    checker(url)
    checker.clock.skip(hours=1)
    other = article_html("Ferries stay in port", tuple(STORIES[0][1:]))
    site.page("/news/0", other)
    waiting = check_with(checker, EndsReadingOf("_read_articles"), url).result
    assert (waiting.outcome, edits(checker)) == ("failed", [])


def test_a_stored_version_that_cannot_be_read_again_is_a_failed_check(
    site: Site, checker: Checker
) -> None:
    (url, *_) = serve(site)
    checker(url)
    checker.db.execute("update versions set extractor = '0'")
    failed = check_with(checker, EndsReadingOf("_read_again"), url).result
    assert (failed.outcome, edits(checker)) == ("failed", [])
    assert "cannot be read again" in (failed.reason or "")
    assert checker(url).result.outcome == "unchanged"


def test_readers_are_ended_with_the_stored_pages_of_a_check(site: Site, checker: Checker) -> None:
    urls = serve(site, around=LINKS)
    watch_for_hours(checker, urls)
    serve(site, PITCH)
    with open_processes("schedules.rehearsal", max_seconds=0.4) as readers:

        async def work(network: Network) -> Checked:
            network.reader = readers
            return await asyncio.wait_for(check(checker.db, urls[0], network), timeout=60)

        waiting = checker.run(work).result
    assert (waiting.outcome, edits(checker)) == ("failed", [])
    assert "take too long to read" in (waiting.reason or "")


def test_a_damaged_page_of_a_sibling_is_named_and_proves_nothing(
    site: Site, checker: Checker, caplog: pytest.LogCaptureFixture
) -> None:
    first, second, _ = serve(site)
    watch_for_hours(checker, [first, second])
    serve_news_in_the_first(site)
    page = "select snapshot_id from fetches where url = ?"
    checker.db.execute(f"update snapshots set data = x'00' where id in ({page})", [second])
    with caplog.at_level(logging.WARNING, "variorum"):
        assert checker(first).result.outcome == "edited"
    assert any(f"the page of {second}" in record.message for record in caplog.records)
