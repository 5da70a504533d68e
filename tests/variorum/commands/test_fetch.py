"""`fetch` and `extract`."""

import json
from pathlib import Path

import pytest

from tests.support.pages import article_html
from tests.support.shell import Shell
from tests.support.site import Answer, Site


def test_fetch_json_has_the_documented_fields(site: Site, shell: Shell) -> None:
    url = site.page("/a", article_html())
    (row,) = shell.json("fetch", url, "--json", "--delay", "0")
    assert row == {
        "url": url, "article_id": 1, "outcome": "new", "version": 1, "previous_version": None,
        "edits": [], "reason": None, "http_status": 200,
    }  # fmt: skip


def test_fetch_shows_an_edit_as_a_redline(site: Site, shell: Shell) -> None:
    url = site.page("/a", article_html())
    shell("fetch", url, "--delay", "0")
    site.page("/a", article_html().replace("21 people", "12 people"))
    assert "and [-21-]{+12+} people worked" in shell("fetch", url, "--delay", "0").output


def test_fetch_reads_urls_from_stdin_and_checks_each_once(site: Site, shell: Shell) -> None:
    urls = [site.page(f"/{n}", article_html(f"Story {n} of the day")) for n in range(3)]
    result = shell(
        "fetch", "-", "--json", "--delay", "0", stdin="\n".join([*urls, urls[0] + "#top", ""])
    )
    assert [json.loads(line)["outcome"] for line in result.stdout.splitlines()] == ["new"] * 3


def test_a_failed_check_exits_1_and_an_invalid_url_2(site: Site, shell: Shell) -> None:
    assert shell("fetch", site.url + "/none", "--delay", "0").exit_code == 1
    result = shell("fetch", "example.org/a")
    assert (result.exit_code, "must begin with http" in result.output) == (2, True)


def test_a_bulk_run_ends_with_a_summary(site: Site, shell: Shell) -> None:
    urls = [site.page(f"/{n}", article_html(f"Story {n} of the day")) for n in range(4)]
    result = shell("fetch", *urls, site.url + "/none", "--delay", "0")
    assert result.output.endswith("5 checks: 4 new, 1 failed\n")


def test_a_dry_run_records_nothing(site: Site, shell: Shell) -> None:
    url = site.page("/a", article_html())
    assert shell("fetch", url, "--dry-run", "--delay", "0").exit_code == 0
    assert not shell.db.exists()


def test_extract_reads_a_file_stdin_or_a_url(site: Site, shell: Shell, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(article_html())
    for source, stdin in (
        (str(page), None),
        ("-", article_html()),
        (site.page("/a", article_html()), None),
    ):
        result = shell("extract", source, "--json", stdin=stdin)
        assert json.loads(result.stdout)["headline"] == "Harbour bridge opens after long repair"
    assert not shell.db.exists()


def test_extract_reads_no_more_than_a_page(shell: Shell) -> None:
    """An endless file filled the memory."""
    for source, stdin in (("/dev/zero", None), ("-", b"<p>" * 4_000_000)):
        result = shell("extract", source, stdin=stdin)
        assert (result.exit_code, "larger than 10,000,000 bytes" in result.output) == (1, True)


def test_extract_reports_a_file_without_an_article(shell: Shell, tmp_path: Path) -> None:
    page = tmp_path / "page.png"
    page.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    result = shell("extract", str(page))
    assert (result.exit_code, "Traceback" in result.output) == (1, False)
    assert shell("extract", str(tmp_path / "none.html")).exit_code == 2


@pytest.mark.parametrize(
    "proxy", ["socks5://127.0.0.1:1", "ftp://127.0.0.1:1", "http://127.0.0.1:99999", "http://[::1", "http://"]
)  # fmt: skip
def test_a_proxy_that_cannot_be_used_is_an_error_in_one_line(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, proxy: str
) -> None:
    """It ended `fetch` in a traceback, or the host of the article was blamed for it."""
    monkeypatch.setenv("HTTP_PROXY", proxy)
    result = shell("fetch", "http://news.example/a")
    assert (result.exit_code, isinstance(result.exception, SystemExit)) == (2, True)
    assert "http_proxy of the environment: names no proxy" in result.output
    assert result.output.count("\n") == 1


def test_a_proxy_without_a_scheme_is_used(
    site: Site, shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", site.url.removeprefix("http://"))
    monkeypatch.delenv("NO_PROXY", raising=False)
    url = "http://93.184.215.14/news/1"
    site.answers[url] = Answer(article_html().encode(), headers={"Content-Type": "text/html"})
    assert shell("fetch", url, "--delay", "0").output.startswith("new v1")
    assert site.paths() == ["http://93.184.215.14/robots.txt", url]
