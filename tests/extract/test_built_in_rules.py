"""Every built-in site rule, on a page in its site's shape, by the commands that people use.

The pages in `fixtures/rules/` tell one invented story. Each has a table of the built-in rules as its
name, and the fields that this table names.
"""

import json
import re
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scraper.extract.rules.rule import Rule, read_rules
from storage.database import open_database
from tests.support.shell import Shell
from tests.support.site import Site

ROOT = Path(__file__).parents[2]
PAGES = {page.stem: page for page in (ROOT / "fixtures" / "rules").glob("*.html")}
RULES = {
    re.search(r"\[(.+)\]$", rule.name)[1]: rule  # type: ignore[index] # a name ends with its table
    for file in (ROOT / "scraper" / "extract" / "rules" / "sites").glob("*.toml")
    for rule in read_rules(file.read_text(encoding="utf-8"), file.name)
}
# Of each field: its name in `edits`, its key in a rule, a text on the pages, and that text edited.
EDITS = [
    ("headline", "headline", "다리 2년 만에", "다리 3년 만에"),
    ("dek", "dek", "두 달 앞당겨", "석 달 앞당겨"),
    ("byline", "byline", "김보기", "박살핌"),
    ("caption", "caption", "차들이 지나고", "버스들이 지나고"),
    ("published_at", "published", "8:05", "8:15"),
    ("modified_at", "modified", "9:10", "9:40"),
    ("body", "body", "날마다 21명이", "날마다 12명이"),
]


@pytest.fixture
def host_on_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every host name leads to this machine, so that a page is fetched under its publisher's name."""
    resolve = socket.getaddrinfo

    def loopback(host: Any, *args: Any, **keywords: Any) -> Any:
        return resolve("127.0.0.1", *args, **keywords)

    monkeypatch.setattr(socket, "getaddrinfo", loopback)


@pytest.fixture
def serve(site: Site, host_on_loopback: None) -> Callable[[Rule, str], str]:
    """Serves a page under the host of a rule and gives its address."""

    def serve_page(rule: Rule, html: str) -> str:
        port = site.page("/news/1", html).rsplit(":", 1)[1]
        return f"http://www.{rule.hosts[0]}:{port}"

    return serve_page


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """A shell whose current folder and database are fresh."""
    monkeypatch.chdir(tmp_path)
    return Shell(tmp_path)


def edits_of(table: str, html: str) -> list[tuple[str, str, str]]:
    """The fields of a page that can be edited, each with its text and the text edited.

    The page has at least the fields of its rule. A field that the rule does not name is edited if the
    page has it, as the general extraction reads it.
    """
    rule, result = RULES[table], []
    for field, key, old, new in EDITS:
        is_on_page = old in html
        assert is_on_page or not getattr(rule, key) or key == "modified"
        if is_on_page:
            result.append((field, old, new))
    return result


def test_every_built_in_rule_has_a_page() -> None:
    assert PAGES
    assert PAGES.keys() == RULES.keys()


@pytest.mark.slow  # seven fetches for each of 32 pages
@pytest.mark.parametrize("table", sorted(RULES))
def test_fetch_logs_an_edit_of_each_field_that_a_rule_reads(
    table: str, shell: Shell, serve: Callable[[Rule, str], str]
) -> None:
    rule, html = RULES[table], PAGES[table].read_text(encoding="utf-8")
    url = serve(rule, html)
    [first] = shell.json("fetch", url, "--json", "--delay", "0")
    assert first["outcome"] == "new"
    assert json.loads(shell("extract", url, "--json").output)["sources"]["body"] == rule.name
    for field, old, new in edits_of(table, html):
        html = html.replace(old, new)
        serve(rule, html)
        [checked] = shell.json("fetch", url, "--json", "--delay", "0")
        edited_fields = {edit["field"] for edit in checked["edits"]}  # type: ignore[attr-defined]
        assert (checked["outcome"], edited_fields) == ("edited", {field})


@pytest.mark.parametrize("table", sorted(RULES))
def test_run_logs_no_edit_while_only_the_ranking_moves(
    table: str, shell: Shell, serve: Callable[[Rule, str], str]
) -> None:
    rule, html = RULES[table], PAGES[table].read_text(encoding="utf-8")
    shell("add", serve(rule, html))
    assert "new v1" in shell("run", "--once", "--delay", "0").output
    serve(rule, html.replace("시장 사퇴 뒤 첫 회의, 예산안은 뒤로", "가을 항만 축제 다음 주 개막"))
    make_due(shell)
    assert "unchanged" in shell("run", "--once", "--delay", "0").output
    serve(rule, html.replace("날마다 21명이", "날마다 12명이"))
    make_due(shell)
    assert "edited v2" in shell("run", "--once", "--delay", "0").output


def make_due(shell: Shell) -> None:
    """Bring the next check of every article forward to the year 2000."""
    with open_database(shell.db).conn as connection:
        connection.execute("update articles set next_check_at = '2000-01-01T00:00:00Z'")
