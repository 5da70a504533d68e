"""Broken answers and wrong pages, tried with `variorum add`, `run` and `log`."""

import gzip
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from storage.database import open_database, open_existing
from tests.support.pages import STORIES, story_html
from tests.support.site import Answer, Site

ROOT = Path(__file__).parents[3]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
HTML = {"Content-Type": "text/html; charset=utf-8"}


def variorum(path: Path, *arguments: str) -> str:
    command = [sys.executable, "-m", "variorum.cli", "--db", str(path), *arguments]
    process = subprocess.run(command, capture_output=True, text=True, env=ENVIRONMENT, timeout=60)
    assert process.returncode in (0, 1), process.stderr
    return process.stdout


def run_once(path: Path, urls: list[str]) -> dict[str, tuple[str, str]]:
    """The outcome and reason of the last check of each path, after `add` and `run --once`."""
    variorum(path, "add", *urls)
    variorum(path, "run", "--once", "--delay", "0")
    rows = open_existing(path).execute("select url, outcome, reason from fetches order by id")
    return {url.rpartition("/")[2]: (outcome, reason) for url, outcome, reason in rows}


def test_a_host_that_sends_broken_gzip_is_asked_for_its_other_articles(
    site: Site, tmp_path: Path
) -> None:
    half = gzip.compress(story_html(0).encode())[:-40]
    for number in range(4):
        site.answers[f"/broken-{number}"] = Answer(half, headers={**HTML, "Content-Encoding": "gzip"})  # fmt: skip
    site.page("/whole", story_html(1))
    outcomes = run_once(tmp_path / "v.db", [site.url + path for path in site.answers])
    assert outcomes["whole"][0] == "new"
    assert all("cut short" in outcomes[f"broken-{number}"][1] for number in range(4))


def test_a_content_type_without_a_type_is_read_as_a_page(site: Site, tmp_path: Path) -> None:
    site.answers["/a"] = Answer(story_html(2).encode(), headers={"Content-Type": "charset=utf-8"})
    assert run_once(tmp_path / "v.db", [site.url + "/a"])["a"][0] == "new"


def run_again(path: Path) -> list[str]:
    """The outcomes of `run --once` while every article is due."""
    db = open_database(path)
    db.execute("update articles set next_check_at = '2020-01-01T00:00:00.000Z'")
    db.conn.commit()
    db.close()
    return [json.loads(line)["outcome"] for line in variorum(path, "run", "--once", "--delay", "0", "--json").splitlines()]  # fmt: skip


def home(number: int) -> Answer:
    teasers = "".join(f"<p>{story[0]}. {story[1]}</p>" for story in STORIES)
    html = f"<link rel=canonical href=/><h1>The Norhaven Post</h1><main>{teasers}</main>"
    return Answer(html.encode(), headers=HTML)


def missing(number: int) -> Answer:
    return Answer(status=404)


def half_page(number: int) -> Answer:
    """The first part of a page under a length that is right for the part."""
    html = story_html(number).encode()
    return Answer(html[: len(html) * 6 // 10], headers=HTML)


def half_text(number: int) -> Answer:
    """A whole page with half of the text."""
    html = story_html(number)
    for paragraph in STORIES[number][3:]:
        html = html.replace(paragraph, "")
    return Answer(html.encode(), headers=HTML)


def next_text(number: int) -> Answer:
    """The headline of the article above the text of the next one."""
    html = story_html(number)
    for own, foreign in zip(STORIES[number][1:], STORIES[number + 1][1:], strict=True):
        html = html.replace(own, foreign)
    return Answer(html.encode(), headers=HTML)


@pytest.mark.parametrize("wrong", [home, missing, half_page, half_text, next_text])
def test_run_logs_the_edit_made_behind_a_wrong_page_and_nothing_of_the_page(
    site: Site, tmp_path: Path, wrong: Callable[[int], Answer]
) -> None:
    path, paths = tmp_path / "v.db", [f"/{number}" for number in range(4)]
    for number, place in enumerate(paths):
        site.page(place, story_html(number))
    run_once(path, [site.url + place for place in paths])
    for number, place in enumerate(paths):
        site.answers[place] = wrong(number)
    assert [run_again(path) for _ in range(3)] == [["failed"] * 4] * 3
    for number, place in enumerate(paths):
        site.page(place, story_html(number).replace("seventh day", "ninth day"))
    assert sorted(run_again(path)) == ["edited", "unchanged", "unchanged", "unchanged"]
    rows = [json.loads(line) for line in variorum(path, "log", "--json").splitlines()]
    assert [edit["new"] for edit in rows] == ["ninth"]


def test_run_finds_an_edit_behind_an_etag_that_never_changes(site: Site, tmp_path: Path) -> None:
    path = tmp_path / "v.db"

    def serve(html: str) -> None:
        def answer(headers: dict[str, str]) -> Answer:
            status = 304 if headers.get("if-none-match") == '"1"' else 200
            return Answer(html.encode(), status, {**HTML, "ETag": '"1"'})

        site.answers["/0"] = answer

    serve(story_html(0))
    run_once(path, [site.url + "/0"])
    serve(story_html(0).replace("seventh day", "ninth day"))
    assert run_again(path) == ["not_modified"]
    make_older(path, days=1)
    assert run_again(path) == ["edited"]


def make_older(path: Path, *, days: int) -> None:
    """Let what is stored be of some days before."""
    db = open_database(path)
    for table, column in (("last_pages", "fetched_at"), ("versions", "seen_at"), ("versions", "last_seen_at")):  # fmt: skip
        db.execute(f"update {table} set {column} = strftime('%Y-%m-%dT%H:%M:%fZ', {column}, '-{days} days')")  # fmt: skip
    db.conn.commit()
    db.close()
