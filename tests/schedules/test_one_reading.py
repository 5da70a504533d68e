"""One reading: whatever way a page takes, the check logs what extraction and comparison see."""

import json
import pickle
import random
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from benchmarks.edits.road import judge
from benchmarks.pages.mutations import mutations
from schedules.check import Checked, check
from schedules.check.observe import Observation, Request
from schedules.check.request import send_request
from schedules.check.settings import CheckSettings
from schedules.cluster.reply import pack_reply, unpack_reply
from schedules.hosts.network import Network
from schedules.replay.archive import replay_captures
from schedules.replay.rebuild import replay
from scraper.extract import extract
from scraper.fetch import MayFollow
from scraper.http.charset import decode
from storage.database import open_in_memory
from storage.diff.edit import Edit
from storage.snapshots.store import Snapshot
from storage.transfer.captures import ArchivedPage
from tests.support.checker import Checker, Clock
from tests.support.pages import article_html
from tests.support.site import Answer, Site, serving

FIXTURES = sorted((Path(__file__).parents[2] / "fixtures" / "articles").glob("*/v1.html"))
HTML = "text/html; charset=utf-8"
NOON = datetime(2026, 5, 14, 12, tzinfo=UTC)
FIELDS = {"headline", "dek", "byline", "section", "published_at", "modified_at", "body", "caption"}

# An edit without the places that only a stored one has.
EditTexts = tuple[str, str, str | None, str | None]


@dataclass(frozen=True, slots=True)
class ServedText:
    """A page as the site serves it."""

    url: str
    raw: bytes
    content_type: str = HTML


@dataclass(frozen=True, slots=True)
class MutatedFixture:
    """A fixture page, and the same page with one field changed."""

    name: str
    field: str
    old: bytes
    new: bytes


@cache
def mutated_fixtures(path: Path, seed: int) -> tuple[MutatedFixture, ...]:
    """A fixture page changed in every field of its article."""
    expected = json.loads((path.parent / "expected.json").read_text(encoding="utf-8"))
    markup, _ = decode(path.read_bytes(), expected["content_type"])
    article = extract(markup.encode(), expected["url"], content_type=HTML)
    return tuple(
        MutatedFixture(path.parent.name, change.field, markup.encode(), change.markup.encode())
        for change in mutations(markup, article, random.Random(seed))
    )


def texts(edits: tuple[Edit, ...]) -> list[EditTexts]:
    return sorted(((edit.field, edit.op, edit.old, edit.new) for edit in edits), key=str)


def stored_texts(db: Database) -> list[EditTexts]:
    rows = db.execute("select field, op, old, new from edits").fetchall()
    return sorted(map(tuple, rows), key=str)


def test_the_fixtures_have_every_field_to_change() -> None:
    assert len(FIXTURES) >= 12
    assert {one.field for path in FIXTURES for one in mutated_fixtures(path, 1)} == FIELDS


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.parent.name)
@given(seed=st.integers(0, 10**6))
@settings(max_examples=2)
def test_a_check_logs_each_change_that_extraction_sees(path: Path, seed: int) -> None:
    url = "https://news.example/2026/harbour-bridge-4711"
    for page in mutated_fixtures(path, seed):
        verdict = judge(ServedText(url, page.old), ServedText(url, page.new))
        assert verdict.name != "missed", (page.field, verdict.seen)
        if verdict.name == "logged":
            assert texts(verdict.logged) == texts(verdict.seen)


@pytest.fixture(scope="module")
def shared_site() -> Iterator[Site]:
    """One web site for all examples of a property."""
    with serving() as site:
        yield site


@given(st.sampled_from(FIXTURES), st.integers(0, 10**6), st.data())
@settings(max_examples=8, suppress_health_check=[HealthCheck.too_slow])
def test_every_way_logs_the_same_edits(
    shared_site: Site, path: Path, seed: int, data: st.DataObject
) -> None:
    page = data.draw(st.sampled_from(mutated_fixtures(path, seed)))
    url = shared_site.url + path_of(page)
    expected = texts(judge(ServedText(url, page.old), ServedText(url, page.new)).logged)
    for way in (edits_of_live_checks, edits_of_a_worker, edits_of_a_rebuild, edits_of_an_import):
        assert way(shared_site, page) == expected, way.__name__


def edits_of_live_checks(site: Site, page: MutatedFixture) -> list[EditTexts]:
    with checked_twice(site, page) as checker:
        return stored_texts(checker.db)


def edits_of_a_worker(site: Site, page: MutatedFixture) -> list[EditTexts]:
    """The edits that checks log whose pages a worker reads: its replies cross a process border."""

    async def check_by_worker(checker: Checker, url: str, network: Network) -> Checked:
        async def send(request: Request, may_follow: MayFollow) -> Observation:
            now = checker.clock.now
            observation = await send_request(
                network.fetcher, now, network.reader, request, may_follow
            )
            reply = pack_reply(observation, keeps_unchanged=True)
            limits = network.fetcher.limits
            return unpack_reply(pickle.loads(pickle.dumps(reply)), request, max_body=limits.body)

        network.remote = send
        return await check(checker.db, url, network)

    with checked_twice(site, page, check_by_worker) as checker:
        return stored_texts(checker.db)


def edits_of_a_rebuild(site: Site, page: MutatedFixture) -> list[EditTexts]:
    with checked_twice(site, page) as checker:
        article_id, url = checker.db.execute("select id, url from articles").fetchone()
        replayed = replay(checker.db, article_id, url)
        return texts(tuple(edit for version in replayed.versions for edit in version.edits))


def edits_of_an_import(site: Site, page: MutatedFixture) -> list[EditTexts]:
    """The edits that an archive brings whose last capture is the changed page."""
    url, headers = site.url + path_of(page), {"content-type": HTML}
    captures = [
        ArchivedPage(url, NOON + timedelta(hours=hours), Snapshot(raw, headers))
        for hours, raw in enumerate((page.old, page.new))
    ]
    with closing(open_in_memory()) as db:
        replay_captures(db, captures, CheckSettings())
        return stored_texts(db)


async def check_here(checker: Checker, url: str, network: Network) -> Checked:
    return await check(checker.db, url, network)


@contextmanager
def checked_twice(
    site: Site,
    page: MutatedFixture,
    check_once: Callable[[Checker, str, Network], Awaitable[Checked]] = check_here,
) -> Iterator[Checker]:
    """A database in which an article was checked before its page changed, and after."""
    with closing(open_in_memory()) as db:
        checker = Checker(db, Clock(NOON))
        for raw in (page.old, page.new):
            site.answers[path_of(page)] = Answer(raw, headers={"Content-Type": HTML})
            url = site.url + path_of(page)
            checker.run(lambda network: check_once(checker, url, network))  # noqa: B023
            checker.clock.skip(hours=1)
        yield checker


def path_of(page: MutatedFixture) -> str:
    return f"/news/{page.name}-4711"


def edits_of_pages(site: Site, checker: Checker, *pages: str) -> list[list[EditTexts]]:
    """The edits that a check of each page logs, an hour apart."""
    results = []
    for html in pages:
        checker.clock.skip(hours=1)
        results.append(texts(checker(site.page("/a", html)).result.edits))
    return results


def test_a_label_that_comes_beside_another_teaser_is_logged_at_the_next_check(
    site: Site, checker: Checker
) -> None:
    edited = article_html(around="<p>Snow fell in May</p>").replace("21 people", "12 people")
    labelled = edited.replace("<p>A second", "<h2>What comes next</h2><p>A second")
    logged = edits_of_pages(site, checker, article_html(), labelled, labelled, labelled)
    assert logged == [
        [],
        [("body", "replace", "21", "12")],
        [("body", "insert", None, "What comes next")],
        [],
    ]


def test_a_sub_heading_that_moves_is_one_edit(site: Site, checker: Checker) -> None:
    heading = "<h2>What comes next</h2>"
    before = article_html().replace("<p>A second", f"{heading}<p>A second")
    after = article_html().replace("<p>Repairs", f"{heading}<p>Repairs")
    logged = edits_of_pages(site, checker, before, after, after)
    assert logged == [[], [("body", "move", "What comes next", "What comes next")], []]
