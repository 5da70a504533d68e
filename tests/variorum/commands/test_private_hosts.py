"""What strangers name in a private network is never asked; what the user names is."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.pages import article_html
from tests.support.shell import Shell
from tests.support.site import Answer, Names, Site, serving

FEED = "<rss version='2.0'><channel><title>News</title>{items}</channel></rss>"
ITEM = "<item><link>{url}</link></item>"
# 127.0.0.1 stands for the internet.
SETTINGS = 'allow_private = ["127.0.0.1"]\ndelay = 0.0\n'


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Names:
    return Names(monkeypatch)


@pytest.fixture
def inside(site: Site) -> Iterator[Site]:
    """A site in a private network, on the port of the public one."""
    with serving("127.0.0.2", port_of(site)) as private_site:
        private_site.page("/news/1", article_html("Payroll console of November"))
        yield private_site


@pytest.fixture
def settings(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "variorum.toml").write_text(SETTINGS, encoding="utf-8")


def port_of(site: Site) -> int:
    return int(site.url.rpartition(":")[2])


def run_twice(shell: Shell) -> None:
    """Read what is watched, and check what that has added."""
    for _ in range(2):
        assert shell("run", "--once").exit_code == 0


def reasons(shell: Shell) -> dict[str, str]:
    return {
        str(row["url"]): str(row.get("next_check_reason")) for row in shell.json("list", "--json")
    }


def outcomes(shell: Shell) -> list[tuple[str, str]]:
    with sqlite3.connect(shell.db) as db:
        return db.execute("select outcome, reason from fetches order by id").fetchall()


@pytest.mark.usefixtures("settings")
def test_a_feed_leads_to_no_name_that_turns_private(
    site: Site, inside: Site, shell: Shell, names: Names
) -> None:
    port = port_of(site)
    names.addresses = {"evil.example": "127.0.0.1", "later.example": ""}
    urls = [f"http://{host}:{port}/news/1" for host in ("later.example", "127.0.0.2", "[::ffff:127.0.0.2]")]  # fmt: skip
    items = "".join(ITEM.format(url=url) for url in urls)
    site.answers["/rss.xml"] = Answer(FEED.format(items=items).encode())
    shell("add", "--feed", f"http://evil.example:{port}/rss.xml")
    assert shell("run", "--once").exit_code in (0, 1)
    names.addresses["later.example"] = "127.0.0.2"
    with sqlite3.connect(shell.db) as db:
        db.execute("update articles set next_check_at = '2020-01-01T00:00:00.000Z'")
        db.execute("update hosts set backoff_until = null, failures = 0")
        db.execute("delete from robots")
    shell("run", "--once")
    assert inside.requests == []
    assert set(reasons(shell)) == {urls[0], f"http://evil.example:{port}/rss.xml"}
    outcome, reason = outcomes(shell)[-1]
    assert (outcome, "private address 127.0.0.2" in reason) == ("refused", True)


@pytest.mark.usefixtures("settings")
def test_a_public_page_leads_to_no_private_host_of_the_user(
    site: Site, inside: Site, shell: Shell, names: Names
) -> None:
    """The user's own private host is no more open to strangers than another one."""
    names.addresses = {"evil.example": "127.0.0.1", "intranet.example": "127.0.0.2"}
    port = port_of(site)
    shell("fetch", f"http://intranet.example:{port}/news/1")
    asked = len(inside.requests)
    assert "/news/1" in inside.paths()
    secret = f"http://intranet.example:{port}/news/2"
    site.answers["/rss.xml"] = Answer(FEED.format(items=ITEM.format(url=secret)).encode())
    site.answers["/a"] = Answer(status=302, headers={"Location": secret})
    shell("add", "--feed", f"http://evil.example:{port}/rss.xml")
    shell("fetch", f"http://evil.example:{port}/a")
    run_twice(shell)
    assert "/news/2" not in [path for path in inside.paths()[asked:] if path != "/robots.txt"]


@pytest.mark.usefixtures("settings")
def test_a_public_host_of_the_user_must_not_turn_private(
    site: Site, inside: Site, shell: Shell, names: Names
) -> None:
    url = f"http://turning.example:{port_of(site)}/news/1"
    site.page("/news/1", article_html())
    names.addresses = {"turning.example": "127.0.0.1"}
    assert shell("fetch", url).exit_code == 0
    names.addresses = {"turning.example": "127.0.0.2"}
    result = shell("fetch", url)
    assert (result.exit_code, "allow_private" in result.output) == (1, True)
    assert inside.requests == []


def test_an_imported_address_is_private_until_the_user_gives_it(
    site: Site, shell: Shell, tmp_path: Path
) -> None:
    url = site.page("/news/1", article_html())
    shell("fetch", url, "--delay", "0")
    history = tmp_path / "history.jsonl"
    shell("export", "--output", str(history))
    other = Shell(tmp_path / "other")
    other.db.parent.mkdir()
    assert other("import", str(history)).exit_code == 0
    asked = len(site.requests)
    with sqlite3.connect(other.db) as db:
        db.execute("update articles set state = 'active', next_check_at = '2020-01-01T00:00:00.000Z'")  # fmt: skip
    other("run", "--once")
    assert len(site.requests) == asked
    assert other("fetch", url, "--delay", "0").exit_code == 0
    assert "/news/1" in site.paths()[asked:]


def test_a_source_of_the_user_may_be_private_and_list_its_own_articles(
    site: Site, shell: Shell
) -> None:
    url = site.page("/news/1", article_html())
    site.answers["/rss.xml"] = Answer(FEED.format(items=ITEM.format(url=url)).encode())
    shell("add", "--feed", site.url + "/rss.xml")
    shell("run", "--once", "--delay", "0")
    shell("run", "--once", "--delay", "0")
    assert [json.loads(line)["url"] for line in shell("log", "--json").stdout.splitlines()] == []
    assert "/news/1" in site.paths()
