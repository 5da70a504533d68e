"""A world of hosts on loopback that edit their articles, and a record of what they serve.

Every host has its own address in 127.88.0.0/16. The hosts also judge their visitor: it must never
send two requests at once, or one earlier than the delay in robots.txt allows.
"""

import random
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

# A request that is early by less than this may be due to our clock.
DELAY_TOLERANCE_SECONDS = 0.015
# A second fetch confirms what the first one showed within this.
MAX_CONFIRM_SECONDS = 120.0
# Every so many hosts are found by their feed, and checked as the cadence plans.
FEED_HOST_INTERVAL = 5
SENTENCES = (
    "The harbour board met in the old customs house on the quay to hear from the engineers.",
    "Work on the sea wall had been put off twice, and the winter storms are not far away.",
    "A crane driver said that the night shift had moved more stone than in any week before.",
    "Fishermen asked for the northern basin to be kept open while the dredgers are at work.",
    "The money comes from a fund that was set up after the flood, and must be spent by spring.",
    "Residents of the lower town will be told by letter when the road along the water is closed.",
)


def soak_address(number: int) -> str:
    """The address of the n-th host.

    >>> soak_address(0), soak_address(300)
    ('127.88.0.1', '127.88.1.51')
    """
    return f"127.88.{number // 250}.{number % 250 + 1}"


@dataclass(slots=True)
class Story:
    """An article: its publication, its edits (in seconds of the run) and what was served of it.

    `served_editions` are (second, edition) of each response; the edition is None if the response was spoiled.
    """

    path: str
    published_at: datetime
    edits: tuple[float, ...]
    served_editions: list[tuple[float, int | None]] = field(default_factory=list)

    def edition(self, elapsed: float) -> int:
        """The number of edits by then.

        Between the two fetches of a check nothing is edited: a number that is new in both is page noise.
        """
        planned = sum(edit <= elapsed for edit in self.edits)
        (_, before), (at, last) = [(0.0, None), (0.0, None), *self.served_editions][-2:]
        is_confirming = last is not None and last != before and elapsed - at < MAX_CONFIRM_SECONDS
        return last if is_confirming and last is not None else planned

    def html(self, edition: int) -> bytes:
        """The page. Its third paragraph contains the edition as a number."""
        name = int(self.path.rpartition("/")[2])
        body = [f"{sentence} ({name + at})" for at, sentence in enumerate(SENTENCES)]
        body[2] = f"{SENTENCES[2]} They counted {1000 + edition} loads for wall {name}."
        paragraphs = "".join(f"<p>{line}</p>" for line in body)
        return (
            f"<!doctype html><html lang=en><head><title>Sea wall {name} is mended at last</title>"
            f'<meta property="article:published_time" content="{self.published_at.isoformat()}"></head>'
            f"<body><nav><a href=/>Home</a></nav><main><article><h1>Sea wall {name} is mended at last</h1>"
            f"{paragraphs}</article></main><aside>{random.random()} readers just now</aside></body></html>"
        ).encode()


@dataclass(slots=True)
class Host:
    """A host: its articles, the visitor's requests to it, and until when it responds with errors."""

    number: int
    delay: float
    stories: dict[str, Story] = field(default_factory=dict)
    open_requests: int = 0
    last_response_at: float = -1e9
    bad_until: float = -1e9
    bad_answer: bytes = b""
    robots_fail_until: float = -1e9

    @property
    def has_feed(self) -> bool:
        """Whether its articles are found by its feed; else they are watched one by one."""
        return self.number % FEED_HOST_INTERVAL == 0

    @property
    def has_etags(self) -> bool:
        """Whether it answers 304 to a visitor that has the current edition."""
        return self.number % 2 == 1


@dataclass(slots=True)
class SoakWorld:
    """The hosts, how often each fault occurred, and what the visitor did wrong.

    While it `is_calm`, no response fails. Once it `is_over`, every article shows its last edition.

    `stops` are the seconds at which a process of the visitor was ended. `blocked` are (begin, end) of the times when
    the visitor could write nothing (`blocks` of them go on), `outages` of those when no host could be reached.
    """

    hosts: list[Host]
    rng: random.Random
    started_at: float = field(default_factory=time.monotonic)
    is_calm: bool = False
    is_over: bool = False
    request_times: list[float] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    faults: Counter[str] = field(default_factory=Counter)
    stops: list[float] = field(default_factory=list)
    blocked: list[tuple[float, float]] = field(default_factory=list)
    blocks: int = 0
    outages: list[tuple[float, float]] = field(default_factory=list)

    @property
    def elapsed(self) -> float:
        """Seconds since the start of the run."""
        return time.monotonic() - self.started_at

    def begin_request(self, host: Host, path: str) -> None:
        """Judge the visitor by its request."""
        self.request_times.append(self.elapsed)
        host.open_requests += 1
        if host.open_requests > 1:
            self.violations.append(f"{host.open_requests} concurrent requests, one for {path}")
        wait = self.elapsed - host.last_response_at
        if wait < host.delay - DELAY_TOLERANCE_SECONDS:
            self.violations.append(f"{path} {wait:.3f} s after the last request, at {self.elapsed:.1f} s")  # fmt: skip

    def end_request(self, host: Host, at: float) -> None:
        """The response was sent, or its connection has ended: the visitor may have had it since `at`."""
        host.last_response_at = at
        host.open_requests -= 1


def make_world(*, hosts: int, articles: int, seconds: float, delay: float, seed: int) -> SoakWorld:
    """A world of articles of all ages up to ten days, each with up to four edits in `seconds`."""
    rng = random.Random(seed)
    world = SoakWorld([Host(number, delay) for number in range(hosts)], rng)
    now = datetime.now(UTC)
    for number in range(articles):
        age = timedelta(hours=10 ** rng.uniform(-0.5, 2.4))
        count = rng.choice((0, 0, 1, 2, 4))
        edits = tuple(sorted(rng.uniform(0, seconds) for _ in range(count)))
        path = f"/news/{10_000 + number}"
        world.hosts[number % hosts].stories[path] = Story(path, now - age, edits)
    return world
