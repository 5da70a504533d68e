"""`log` and `diff`."""

import pytest

from tests.support.pages import article_html
from tests.support.shell import Shell
from tests.support.site import Site


def test_the_log_shows_the_headline_first_within_a_check(site: Site, shell: Shell) -> None:
    url = site.page("/a", article_html("Storm hits coast"))
    shell("fetch", url, "--delay", "0")
    site.page("/a", article_html("Storm misses coast").replace("21 people", "12 people"))
    shell("fetch", url, "--delay", "0")
    lines = [line.split(" · ")[0].strip() for line in shell("log").output.splitlines()]
    assert [line for line in lines if line in ("headline", "body")] == ["headline", "body"]


def test_diff_of_a_version_with_itself_says_it_is_the_same(edited_url: str, shell: Shell) -> None:
    assert "the two versions have the same text" in shell("diff", edited_url, "2").output


def test_the_log_shows_and_filters_edits(edited_url: str, shell: Shell) -> None:
    assert "[-21-]{+12+}" in shell("log").output
    (row,) = shell.json("log", edited_url, "--json")
    assert (row["field"], row["kind"], row["old"], row["new"]) == ("body", "number", "21", "12")
    assert shell("log", "--kind", "quote").exit_code == 1
    assert shell.json("log", "--field", "body", "--since", "1h", "--json") == [row]
    assert shell.json("log", "--silent", "--json") == []
    assert shell("log", "--since", "soon").exit_code == 2


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("terminal", "[-21-]{+12+}"),
        ("html", "<del>21</del><ins>12</ins>"),
        ("unified", "+Repairs cost 12 million crowns, the port authority said, and 12 people"),
        ("json", '"old": "21", "new": "12"'),
    ],
)
def test_diff_has_four_formats(edited_url: str, shell: Shell, form: str, expected: str) -> None:
    assert expected in shell("diff", edited_url, "--format", form).output
