"""`show`, `blame` and `search`."""

from tests.support.pages import article_html
from tests.support.shell import Shell
from tests.support.site import Site


def test_show_prints_each_version(edited_url: str, shell: Shell) -> None:
    assert "21 people" in shell("show", edited_url, "--version", "1").output
    assert "12 people" in shell("show", edited_url).output
    assert shell("show", edited_url, "--version", "9").exit_code == 1


def test_show_prints_the_raw_page_and_json(edited_url: str, shell: Shell) -> None:
    assert shell("show", edited_url, "--version", "1", "--format", "html").output == article_html()
    (row,) = shell.json("show", edited_url, "--format", "json")
    assert row["version"] == 2


def test_search_finds_deleted_text(edited_url: str, shell: Shell) -> None:
    assert "Harbour bridge" in shell("search", "ferry").output
    assert "no longer" in shell("search", "--deleted", "21 people").output
    assert shell("search", "zebra").exit_code == 1


def test_scraped_text_cannot_control_the_terminal(site: Site, shell: Shell) -> None:
    html = article_html("Title with &#27;[31m red and &#x202e;turned text")
    shell("fetch", site.page("/a", html), "--delay", "0")
    for command in (["list"], ["show", site.url + "/a"]):
        assert not {"\x1b", "\u202e"} & set(shell(*command).output)


def test_blame_gives_the_first_and_last_version_of_a_sentence(
    edited_url: str, shell: Shell
) -> None:
    rows = shell.json("blame", edited_url, "--json")
    assert {row["added_version"] for row in rows if "12 people" in str(row["sentence"])} == {2}
    assert {row["added_version"] for row in rows if "12 people" not in str(row["sentence"])} == {1}
    (removed_row,) = shell.json("blame", edited_url, "--deleted", "--json")
    assert "21 people" in str(removed_row["sentence"])
    assert (removed_row["added_version"], removed_row["removed_version"]) == (1, 2)


def test_blame_of_an_article_without_deletions_exits_1(site: Site, shell: Shell) -> None:
    url = site.page("/a", article_html())
    shell("fetch", url, "--delay", "0")
    result = shell("blame", url, "--deleted")
    assert (result.exit_code, result.output) == (1, "no sentence was removed\n")
