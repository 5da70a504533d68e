"""No page stops the event loop for long: what a check does in this process is bounded at the limit of every size."""

import asyncio
import gzip
import time
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlite_utils import Database

from schedules.check import check
from schedules.daemon.sources import check_source
from schedules.hosts.network import Network
from schedules.hosts.politeness import Hosts
from schedules.processes import Processes, open_processes
from scraper.extract import MAX_ARTICLE_CHARACTERS, extract
from scraper.fetch import Fetcher
from scraper.http.limits import Limits
from storage.articles.stories import MAX_BOILERPLATE_PER_HOST, store_boilerplate
from storage.database import write_transaction
from storage.diff.noise.boilerplate import BoilerplateLine
from storage.queue.typed_hosts import remember_typed
from storage.queue.watches import watch_source
from storage.timestamps import to_text
from tests.support.checker import Clock
from tests.support.pages import STORIES, article_html
from tests.support.site import Answer, Site

MAX_LOOP_SECONDS = 2.0
# Nobody notices that the loop stands still for so long. Processor time: another program may run meanwhile.
MAX_STALL_SECONDS = 0.2
# To look 5,000 addresses up in the database takes a tenth of a second.
MAX_SOURCE_STALL_SECONDS = 0.4
ROOM = 5_000  # for the headline and the last line
SENTENCE = "The harbour bridge number {} opened to traffic on Monday. "


def body(unit: str, *, lines: int) -> list[str]:
    """As much text as an article may have, in so many lines of numbered or equal units."""
    total = MAX_ARTICLE_CHARACTERS - ROOM
    text = "".join(unit.format(number) for number in range(total // len(unit)))[:total]
    size = -(-len(text) // lines)
    return [text[start : start + size].strip() for start in range(0, len(text), size)]


TEXTS = {
    "many lines": body(SENTENCE, lines=9_000),
    "one line": body(SENTENCE, lines=1),
    "one word": body("a", lines=1),
    "words of one syllable": body("말 ", lines=1),
    "combining marks": body("a\u0301\u0301\u0301", lines=1),
}
READERS = "schedules.rehearsal"


def html(lines: list[str]) -> bytes:
    paragraphs = "".join(f"<p>{line}</p>" for line in lines)
    return (
        f"<html><body><article><h1>Bridge opens</h1>{paragraphs}</article></body></html>".encode()
    )


def loop_seconds(
    db: Database, site: Site, readers: Processes, answers: list[Answer]
) -> list[tuple[str, float]]:
    """The outcome of a check of each answer, and the processor time that it took in this process."""
    clock = Clock()
    remember_typed(db, [site.url + "/a"], at=clock.now())
    found = list[tuple[str, float]]()

    async def work() -> None:
        async with Fetcher() as fetcher:
            hosts = Hosts(clock.now, timedelta(0), clock.sleep)
            network = Network(fetcher, hosts, clock.now, db=db, reader=readers)
            for answer in answers:
                site.answers["/a"] = answer
                began_at = time.process_time()
                result = (await check(db, site.url + "/a", network)).result
                found.append((result.outcome, time.process_time() - began_at))
                clock.skip(hours=2)

    asyncio.run(work())
    return found


@pytest.mark.slow
@pytest.mark.parametrize("lines", TEXTS.values(), ids=TEXTS)
def test_the_longest_text_takes_the_loop_two_seconds_at_most(
    db: Database, site: Site, lines: list[str]
) -> None:
    offers = [
        BoilerplateLine(f"Offer {'a' * number}") for number in range(MAX_BOILERPLATE_PER_HOST)
    ]
    with write_transaction(db):
        store_boilerplate(db, "127.0.0.1", offers, at=Clock().now())
    kind = {"Content-Type": "text/html; charset=utf-8"}
    pages = [
        Answer(html(text), headers=kind) for text in (lines, lines, [*lines, "It is closed again."])
    ]
    with open_processes(READERS, max_seconds=3) as readers:
        found = loop_seconds(db, site, readers, pages)
    assert [outcome for outcome, _ in found[:2]] == ["new", "unchanged"]
    assert [seconds for _, seconds in found if seconds > MAX_LOOP_SECONDS] == []


@pytest.mark.slow
@pytest.mark.parametrize("what", ["page", "robots.txt"])
def test_the_largest_answer_takes_the_loop_two_seconds_at_most(
    db: Database, site: Site, what: str
) -> None:
    size = Limits().body - 1
    page = Answer(html([SENTENCE.format(1) * 4]), headers={"Content-Type": "text/html"})
    if what == "page":
        markup = b"<html><body>" + b"<div><p>x</p></div>" * (size // 19 - 1)
        page = Answer(
            gzip.compress(markup), headers={"Content-Type": "text/html", "Content-Encoding": "gzip"}
        )
    else:
        rules = b"User-agent: *\n" + b"".join(b"Disallow: /*x%d*y\n" % i for i in range(size // 20))
        site.answers["/robots.txt"] = Answer(rules)
    with open_processes(READERS, max_seconds=3) as readers:
        ((_, seconds),) = loop_seconds(db, site, readers, [page])
    assert seconds < MAX_LOOP_SECONDS


@dataclass
class LoopWatch:
    """The longest processor time that the thread of the event loop worked without a pause."""

    longest: float = 0.0

    async def watch(self) -> None:
        while True:
            began_at = time.thread_time()
            await asyncio.sleep(0.001)
            self.longest = max(self.longest, time.thread_time() - began_at)


LINKS = "".join(f'<a href="/archive/{number}">Item {number}</a> ' for number in range(20_000))


def heavy_page(number: int, *lines: str) -> str:
    """The page of a story that takes long to read, with lines of the publisher."""
    headline, *texts = STORIES[number]
    return article_html(headline, (*texts[:2], *lines, *texts[2:]), around=LINKS)


def test_the_loop_reads_no_page_whatever_it_is_for(db: Database, site: Site) -> None:
    """Heavy pages as articles, siblings, earlier responses, copies, targets of redirects and pages of an older extractor."""
    clock, watch = Clock(), LoopWatch()
    next_pitch = "Become a member of the lighthouse club and read us without an advertisement."
    urls = [f"{site.url}/news/{number}" for number in range(3)]
    stalls: dict[str, float] = {}
    outcomes: dict[str, list[str]] = {}
    remember_typed(db, urls, at=clock.now())

    def serve(*lines: str) -> None:
        for number in range(3):
            site.page(f"/news/{number}", heavy_page(number, *lines))

    async def run(network: Network) -> None:
        async def checks(step: str, *addresses: str) -> None:
            watch.longest = 0.0
            results = [(await check(db, url, network)).result for url in addresses]
            await asyncio.sleep(0.01)
            outcomes[step], stalls[step] = [one.outcome for one in results], watch.longest
            clock.skip(hours=1)

        serve()
        await checks("new", *urls)
        await checks("the same bytes", *urls)
        serve("Our letter brings the coast to 4,100 readers every morning, and it costs nothing.")
        await checks("a pitch came to all", *urls)
        serve(next_pitch)
        await checks("another pitch in its place", *urls)
        site.page(
            "/news/0",
            heavy_page(
                0,
                next_pitch,
                "The owners of the mill withdrew their complaint against the town on Friday.",
            ),
        )
        await checks("a paragraph came to one", urls[0])
        turns = iter((heavy_page(1, "The teacher has kept his name."), heavy_page(1)))
        kind = {"Content-Type": "text/html; charset=utf-8"}
        site.answers["/news/1"] = lambda _: Answer(next(turns).encode(), headers=kind)
        await checks("two responses differ", urls[1])
        site.page("/news/1", heavy_page(1, "The teacher has kept his name."))
        await checks("one of them stays", urls[1])
        db.execute("update versions set extractor = '0'")
        await checks("an older extractor", *urls)
        site.answers["/old/2"] = Answer(status=301, headers={"Location": urls[2]})
        site.page("/amp/1", heavy_page(1).replace("<head>", f'<head><link rel=canonical href="{urls[1]}">'))  # fmt: skip
        await checks("a redirect and a copy", f"{site.url}/old/2", f"{site.url}/amp/1")

    async def work() -> None:
        async with Fetcher() as fetcher:
            hosts = Hosts(clock.now, timedelta(0), clock.sleep)
            watching = asyncio.create_task(watch.watch())
            await run(Network(fetcher, hosts, clock.now, db=db, reader=readers))
            watching.cancel()

    with open_processes(READERS) as readers:
        asyncio.run(work())
    began_at = time.thread_time()
    extract(heavy_page(0).encode(), urls[0])
    limit = min((time.thread_time() - began_at) / 2, MAX_STALL_SECONDS)
    assert {step: stall for step, stall in stalls.items() if stall > limit} == {}
    assert outcomes["new"] == ["new"] * 3
    assert outcomes["a pitch came to all"] == ["unchanged"] * 3
    assert outcomes["a paragraph came to one"] == ["edited"]


def test_the_long_texts_of_a_host_do_not_stop_the_loop(db: Database, site: Site) -> None:
    """The lines that came to an article are looked for in the texts of others."""
    clock, watch = Clock(), LoopWatch()
    headline, *texts = STORIES[0]
    url = site.page("/news/0", article_html(headline, tuple(texts)))
    remember_typed(db, [url], at=clock.now())
    long_text = SENTENCE.format(1) * (MAX_ARTICLE_CHARACTERS // len(SENTENCE))
    at = to_text(clock.now())

    async def work() -> str:
        async with Fetcher() as fetcher:
            hosts = Hosts(clock.now, timedelta(0), clock.sleep)
            network = Network(fetcher, hosts, clock.now, db=db, reader=readers)
            await check(db, url, network)
            with write_transaction(db):
                for number in range(2, 62):
                    db.execute("insert into articles (id, url, host, first_seen_at, latest_version) values (?, ?, '127.0.0.1', ?, 1)", [number, f"{site.url}/{number}", at])  # fmt: skip
                    db.execute("insert into versions (article_id, number, seen_at, last_seen_at, headline, body, content_hash, extractor) values (?, 1, ?, ?, 'Bridge', ?, '', '0')", [number, at, at, long_text + str(number)])  # fmt: skip
            clock.skip(hours=1)
            added = [SENTENCE.format(number) for number in range(2, 12)]
            site.page("/news/0", article_html(headline, (*texts, *added)))
            watching = asyncio.create_task(watch.watch())
            outcome = (await check(db, url, network)).result.outcome
            await asyncio.sleep(0.01)
            watching.cancel()
            return outcome

    with open_processes(READERS) as readers:
        assert asyncio.run(work()) == "edited"
    assert watch.longest < MAX_STALL_SECONDS


WILD_RULES = "User-agent: *\nCrawl-delay: 0\n" + "".join(
    f"Disallow: /*closed{number}*{number}\n" for number in range(14_000)
)


def test_the_loop_reads_no_robots_txt_and_no_source(db: Database, site: Site) -> None:
    clock, watch = Clock(), LoopWatch()
    site.answers["/robots.txt"] = Answer(WILD_RULES.encode())
    site.page("/section", heavy_page(0))
    entries = "".join(f"<item><link>{site.url}/news/{n}</link></item>" for n in range(4_000))
    site.answers["/feed"] = Answer(f"<rss><channel>{entries}</channel></rss>".encode())
    locations = "".join(f"<url><loc>{site.url}/a/{n}-{'b' * 200}</loc></url>" for n in range(20_000))  # fmt: skip
    site.answers["/map"] = Answer(f"<urlset>{locations}</urlset>".encode())
    for path, kind in (("/section", "section"), ("/feed", "feed"), ("/map", "sitemap")):
        watch_source(db, site.url + path, kind, at=clock.now())
    counts, stalls = list[int](), list[float]()

    async def work() -> None:
        async with Fetcher() as fetcher:
            hosts = Hosts(clock.now, timedelta(0), clock.sleep)
            network = Network(fetcher, hosts, clock.now, db=db, reader=readers)
            watching = asyncio.create_task(watch.watch())
            for source in list(db.query("select * from watches")):
                watch.longest = 0.0
                counts.append(await check_source(db, source, network))
                await asyncio.sleep(0.01)
                stalls.append(watch.longest)
            assert await network.refusal(site.url + "/closed7/7") is not None
            watching.cancel()

    with open_processes(READERS) as readers:
        asyncio.run(work())
    assert counts == [0, 500, 500]
    assert [stall for stall in stalls if stall > MAX_SOURCE_STALL_SECONDS] == []


def test_a_longer_text_is_no_article(db: Database, site: Site) -> None:
    lines = [*TEXTS["one line"], SENTENCE.format(1) * 200]
    with open_processes(READERS) as readers:
        ((outcome, _),) = loop_seconds(
            db, site, readers, [Answer(html(lines), headers={"Content-Type": "text/html"})]
        )
    assert outcome == "failed"
    reason = db.execute("select reason from fetches").fetchone()[0]
    assert "characters, an article at most 1,000,000" in reason
