"""`fetch` and `run` on a number that two fetches of one check show differently: an edit or a counter."""

import itertools
import json
import subprocess
import sys
from pathlib import Path

import pytest
from sqlite_utils import Database

from tests.support.pages import article_html
from tests.support.shell import Shell
from tests.support.site import Answer, Site

ROOT = Path(__file__).parents[3]


def page(number: str) -> str:
    """The article with another number in a sentence."""
    return article_html().replace("21 people", f"{number} people")


def serve(site: Site, *pages: str) -> None:
    """Give these pages to the next requests, one after the other, again and again."""
    bodies = itertools.cycle(pages)
    headers = {"Content-Type": "text/html; charset=utf-8"}
    site.answers["/a"] = lambda _: Answer(next(bodies).encode(), headers=headers)


def fetch(shell: Shell, url: str) -> str:
    """One check by `fetch`; gives its outcome."""
    (row,) = shell.json("fetch", url, "--json", "--delay", "0")
    return str(row["outcome"])


def edits(path: Path) -> list[tuple[str | None, str | None]]:
    """The old and the new words of every edit."""
    return Database(path).execute("select old, new from edits order by id").fetchall()


@pytest.mark.parametrize("beside", ["Monday", "Tuesday"])
def test_a_number_edited_between_two_fetches_is_logged_at_the_next_check(
    site: Site, shell: Shell, beside: str
) -> None:
    """Whether the check that saw two numbers logs another edit or not."""
    pages = [page("21"), *(page(number).replace("Monday", beside) for number in ("23", "25", "25", "25", "26"))]  # fmt: skip
    serve(site, *pages)
    url = site.url + "/a"
    outcomes = [fetch(shell, url) for _ in range(3)]
    assert outcomes == ["new", "unchanged" if beside == "Monday" else "edited", "edited"]
    assert edits(shell.db) == [("Monday", beside)] * (beside != "Monday") + [("21", "25")]
    assert shell.json("exclusions", url, "--json") == []
    serve(site, page("26").replace("Monday", beside))
    for _ in range(2):
        fetch(shell, url)
    assert edits(shell.db)[-1] == ("25", "26")


def run_once(path: Path, *, hours: float = 0) -> list[str]:
    """One `run --once`, some hours after the checks before; gives the outcomes of its checks."""
    database = Database(path)
    database.execute("update articles set next_check_at = '2020-01-01T00:00:00.000Z'")
    since = "strftime('%Y-%m-%dT%H:%M:%fZ', json_extract(evidence, '$.steady_since'), ?)"
    database.execute(
        f"update exclusions set evidence = json_set(evidence, '$.steady_since', {since})"
        " where json_extract(evidence, '$.steady_since') is not null",
        [f"-{hours} hours"],
    )
    database.close()
    variorum = [sys.executable, "-m", "variorum.cli", "--db", str(path)]
    command = [*variorum, "run", "--once", "--delay", "0", "--json"]
    ran = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)
    return [json.loads(line)["outcome"] for line in ran.stdout.splitlines()]


def test_a_number_that_ticked_at_two_checks_counts_again_once_it_stands_still(
    site: Site, shell: Shell
) -> None:
    serve(site, *map(page, ("21", "23", "25", "26", "27")))
    url = site.url + "/a"
    shell("add", url)
    assert [run_once(shell.db) for _ in range(3)] == [["new"], ["unchanged"], ["unchanged"]]
    serve(site, page("28"))
    outcomes = [run_once(shell.db, hours=3) for _ in range(4)]
    assert outcomes == [["unchanged"], ["unchanged"], ["edited"], ["unchanged"]]
    assert edits(shell.db) == [("21", "28")]
    rows = shell.json("exclusions", url, "--json")
    assert all(row["restored_at"] and row["evidence"]["is_withdrawn"] for row in rows)  # type: ignore[index]
    assert "counts again since" in shell("exclusions", url).output
