"""The site of a world: a server on loopback whose answers follow a made clock."""

import asyncio
import contextlib
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from benchmarks.wrong.markup import Frame, document, links, menu, page_text, render
from benchmarks.wrong.replies.answers import WireAnswer, html_answer
from benchmarks.wrong.stories import Story

MAX_REQUESTS = 100_000
MAX_SITE_SECONDS = 1800
STORY_PATH = re.compile(r"/(?:news|amp/news|print/news)/(\d+)$")


@dataclass(slots=True)
class MadeClock:
    """A clock that the benchmark sets. Sleeping moves it forward."""

    time: datetime

    def now(self) -> datetime:
        """The time, a millisecond later at each call."""
        self.time += timedelta(milliseconds=1)
        return self.time

    async def sleep(self, seconds: float) -> None:
        """Move the clock forward instead of waiting."""
        self.time += timedelta(seconds=seconds)


@dataclass(frozen=True, slots=True)
class Visit:
    """A request for an article: its path, the headers in lower case, and how many came before it."""

    path: str
    headers: Mapping[str, str]
    count: int


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request for an article and what it was given."""

    at: float
    number: int
    path: str
    answer: WireAnswer


Reply = Callable[["Scene", Story, Visit], WireAnswer]


@dataclass(slots=True)
class Scene:
    """The articles of a site, the clock, how the site answers, and every answer that it gave."""

    frame: Frame
    stories: dict[int, Story]
    clock: MadeClock
    reply: Reply
    front: Callable[["Scene"], WireAnswer]
    exchanges: list[Exchange] = field(default_factory=list)
    _pages: dict[tuple[object, ...], str] = field(default_factory=dict)

    @property
    def hours(self) -> float:
        """The hour of the run."""
        return (self.clock.time - self.frame.started_at) / timedelta(hours=1)

    def ordered(self) -> list[Story]:
        """The articles by number."""
        return list(self.stories.values())

    def neighbour(self, story: Story, step: int = 1) -> Story:
        """Another article of the site, some places further."""
        stories = self.ordered()
        return stories[(stories.index(story) + step) % len(stories)]

    def html(self, story: Story, *, at: float | None = None, frame: Frame | None = None) -> str:
        """The page of an article as it is now; or at another hour, in another frame."""
        hours = self.hours if at is None else at
        frame = frame or self.frame
        text = story.text(hours)
        key = (story.number, id(text), int(hours), frame)
        if key not in self._pages:
            self._pages[key] = render(page_text(story, self.ordered(), hours, frame), frame)
        return self._pages[key]

    def good(self, story: Story) -> WireAnswer:
        """The answer of the site when nothing is wrong."""
        if story.is_gone(self.hours):
            return self.missing()
        return html_answer(self.html(story))

    def missing(self, status: int = 404) -> WireAnswer:
        """The site's page for an address where nothing is."""
        ranking = links([(f"/news/{one.number}", one.first.headline) for one in self.ordered()[:6]])
        body = f"<header>{menu(self.frame)}</header><main><h1>{status}</h1></main><aside>{ranking}</aside>"
        return html_answer(document(str(status), body, "", self.frame), status)

    def answer(self, path: str, headers: Mapping[str, str]) -> WireAnswer:
        """The answer to a request; those for articles are noted."""
        if path == "/":
            return self.front(self)
        match = STORY_PATH.match(path.partition("?")[0])
        story = self.stories.get(int(match[1])) if match else None
        if story is None:
            return self.missing()
        answer = self.reply(self, story, Visit(path, headers, len(self.exchanges)))
        self.exchanges.append(Exchange(self.hours, story.number, path, answer))
        return answer

    def restyled(self, style: str, head: str) -> Frame:
        """The frame of the site in another template, with these parts in the head."""
        return replace(self.frame, style=style, head=frozenset(head.split()))


@contextmanager
def serving_scene(answer: Callable[[str, Mapping[str, str]], WireAnswer]) -> Iterator[str]:
    """Serve on a free port of 127.0.0.1 while the block runs; yields the base URL."""
    loop, ready, ports = asyncio.new_event_loop(), threading.Event(), []
    stop = asyncio.Event()

    async def serve() -> None:
        visit = _visit_handler(answer)
        server = await asyncio.start_server(visit, "127.0.0.1", 0)
        ports.append(server.sockets[0].getsockname()[1])
        ready.set()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(MAX_SITE_SECONDS):
                await stop.wait()
        server.close()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),), daemon=True)
    thread.start()
    ready.wait(10)
    try:
        yield f"http://127.0.0.1:{ports[0]}"
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(timeout=10)
        loop.close()


def _visit_handler(answer: Callable[[str, Mapping[str, str]], WireAnswer]):  # type: ignore[no-untyped-def]  # a callback of asyncio's
    requests = 0

    async def visit(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal requests
        ends = (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError)
        with contextlib.suppress(*ends):  # the visitor has gone, or the benchmark is over
            while requests < MAX_REQUESTS:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
                requests += 1
                pairs = (line.partition(":") for line in head[1:] if line)
                headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
                response = answer(head[0].split(" ")[1], headers)
                writer.write(response.wire())
                await writer.drain()
                if not response.has_length:
                    break
        writer.close()

    return visit
