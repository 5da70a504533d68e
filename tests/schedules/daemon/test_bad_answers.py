"""Answers that are broken say something about a page, not about its host; tried with `variorum run`."""

import gzip
import os
import subprocess
import sys
from pathlib import Path

from storage.database import open_existing
from tests.support.pages import story_html
from tests.support.site import Answer, Site

ROOT = Path(__file__).parents[3]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
HTML = {"Content-Type": "text/html; charset=utf-8"}


def variorum(path: Path, *arguments: str) -> None:
    command = [sys.executable, "-m", "variorum.cli", "--db", str(path), *arguments]
    process = subprocess.run(command, capture_output=True, text=True, env=ENVIRONMENT, timeout=60)
    assert process.returncode in (0, 1), process.stderr


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
