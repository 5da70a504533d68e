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


def test_the_log_prints_a_redline_and_json(edited_url: str, shell: Shell) -> None:
    assert "[-21-]{+12+}" in shell("log").output
    (row,) = shell.json("log", edited_url, "--json")
    assert (row["field"], row["kind"], row["old"], row["new"]) == ("body", "number", "21", "12")


@pytest.mark.parametrize(
    ("options", "count"),
    [
        (["--kind", "number"], 1),
        (["--kind", "quote"], 0),
        (["--field", "body", "--since", "1h"], 1),
        (["--since", "2100-01-01"], 0),
        (["--silent"], 0),
    ],
    ids=["kind", "another kind", "field and age", "the future", "silent"],
)
def test_the_log_is_filtered(edited_url: str, shell: Shell, options: list[str], count: int) -> None:
    assert len(shell.json("log", *options, "--json")) == count
    assert shell("log", *options).exit_code == (0 if count else 1)


def test_an_invalid_time_is_a_usage_error(edited_url: str, shell: Shell) -> None:
    result = shell("log", "--since", "soon")
    assert (result.exit_code, "give a time such as" in result.output) == (2, True)


def test_a_full_log_says_how_to_show_more(edited_url: str, shell: Shell) -> None:
    assert "show more with --limit" in shell("log", "--limit", "1").stderr


def test_diff_of_the_only_version_says_what_to_do(site: Site, shell: Shell) -> None:
    url = site.page("/a", article_html())
    shell("fetch", url, "--delay", "0")
    result = shell("diff", url)
    assert (result.exit_code, "check again with `variorum fetch URL`" in result.output) == (1, True)


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
