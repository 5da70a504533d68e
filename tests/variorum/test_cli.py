"""The command line, as a user types it."""

import importlib
import json
import subprocess
import sys
from pathlib import Path

import click
import feedparser
import pytest
from click.testing import CliRunner, Result

from tests.support.pages import article_html
from tests.support.site import Answer, Site
from variorum.cli import COMMAND_MODULES, main


class Shell:
    """Runs commands on one database in a temporary folder."""

    def __init__(self, folder: Path) -> None:
        self.db = folder / "v.db"

    def __call__(self, *arguments: str, stdin: str | bytes | None = None) -> Result:
        return CliRunner().invoke(main, ["--db", str(self.db), *arguments], input=stdin)

    def json(self, *arguments: str) -> list[dict[str, object]]:
        return [json.loads(line) for line in self(*arguments).stdout.splitlines()]


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    monkeypatch.chdir(tmp_path)
    return Shell(tmp_path)


@pytest.fixture
def edited_url(site: Site, shell: Shell) -> str:
    """The address of an article with two versions."""
    url = site.page("/a", article_html())
    shell("fetch", url, "--delay", "0")
    site.page("/a", article_html().replace("21 people", "12 people"))
    shell("fetch", url, "--delay", "0")
    return url


def test_every_command_has_help_with_an_example() -> None:
    ctx = click.Context(main)
    for name in main.list_commands(ctx):
        command = main.get_command(ctx, name)
        assert command is not None
        result = CliRunner().invoke(main, [name, "--help"])
        assert result.exit_code == 0
        assert f"variorum {name}" in result.output or name == "extract", name
        assert command.help


@pytest.mark.parametrize("module", sorted(set(COMMAND_MODULES.values())))
def test_every_command_of_a_module_is_registered_under_its_name(module: str) -> None:
    variables = vars(importlib.import_module(f"variorum.commands.{module}"))
    subcommands = {sub for one in variables.values() if isinstance(one, click.Group) for sub in one.commands.values()}  # fmt: skip
    commands = {
        name: one
        for name, one in variables.items()
        if isinstance(one, click.Command) and one not in subcommands
    }
    registered = {name for name, of in COMMAND_MODULES.items() if of == module}
    assert {one.name for one in commands.values()} == registered
    assert all(name == f"{one.name}_command" for name, one in commands.items())


@pytest.mark.parametrize(
    ("command", "forbidden_modules"),
    [
        ("list", {"httpx", "rich", "selectolax", "charset_normalizer", "variorum.commands.log"}),
        (
            "fetch http://127.0.0.1:9/",
            {
                "rich",
                "pygments",
                "charset_normalizer",
                "variorum.notify.channels",
                "storage.articles.replace",
            },
        ),
    ],
    ids=["list", "fetch"],
)
def test_a_command_imports_only_what_it_needs(
    tmp_path: Path, command: str, forbidden_modules: set[str]
) -> None:
    import_time_command = [
        sys.executable,
        "-X",
        "importtime",
        "-m",
        "variorum.cli",
        *command.split(),
    ]
    stderr = subprocess.run(
        import_time_command, cwd=tmp_path, capture_output=True, text=True, check=False
    ).stderr
    imported_modules = {line.rpartition("|")[2].strip() for line in stderr.splitlines()}
    assert "variorum.context" in imported_modules
    assert not imported_modules & forbidden_modules


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


def test_a_dry_run_records_nothing(site: Site, shell: Shell) -> None:
    url = site.page("/a", article_html())
    assert shell("fetch", url, "--dry-run", "--delay", "0").exit_code == 0
    assert not shell.db.exists()


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


def test_show_prints_each_version_and_the_raw_page(edited_url: str, shell: Shell) -> None:
    assert "21 people" in shell("show", edited_url, "--version", "1").output
    assert "12 people" in shell("show", edited_url).output
    assert shell("show", edited_url, "--version", "1", "--format", "html").output == article_html()
    (row,) = shell.json("show", edited_url, "--format", "json")
    assert row["version"] == 2
    assert shell("show", edited_url, "--version", "9").exit_code == 1


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


def test_search_finds_deleted_text(edited_url: str, shell: Shell) -> None:
    assert "Harbour bridge" in shell("search", "ferry").output
    assert "no longer" in shell("search", "--deleted", "21 people").output
    assert shell("search", "zebra").exit_code == 1


def test_stats_and_doctor_report_a_sound_history(edited_url: str, shell: Shell) -> None:
    (row,) = shell.json("stats", "--json")
    assert (row["articles"], row["edits"], row["versions"]) == (1, 1, 2)
    result = shell("doctor")
    assert (result.exit_code, "database: sound" in result.output) == (0, True)


def test_doctor_exits_1_when_a_host_shows_no_article(site: Site, shell: Shell) -> None:
    site.answers["/a"] = Answer(status=500)
    shell("add", site.url + "/a")
    for _ in range(2):
        shell("resume", site.url + "/a")
        shell("run", "--once", "--delay", "0")
    result = shell("doctor")
    assert (result.exit_code, "2 of the last 2 checks found no article" in result.output) == (
        1,
        True,
    )


def test_a_watch_is_added_paused_resumed_and_removed(site: Site, shell: Shell) -> None:
    url = site.page("/a", article_html())
    shell("add", url)
    assert [row["state"] for row in shell.json("list", "--json")] == ["active"]
    shell("pause", url)
    assert "nothing is due" in shell("run", "--once").output
    shell("resume", url)
    assert "new v1" in shell("run", "--once", "--delay", "0").output
    shell("remove", url)
    assert "nothing is due" in shell("run", "--once").output
    assert "Harbour bridge" in shell("show", url).output
    assert shell("remove", site.url + "/none").exit_code == 1


FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>News</title><link>{url}/</link>
<item><title>One</title><link>{url}/news/1?utm_source=rss</link></item>
<item><title>Two</title><link>/news/2</link></item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><entry><link href="{url}/news/1"/></entry>
<entry><link href="{url}/news/2"/></entry></feed>"""
SITEMAP = """<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<url><loc>{url}/news/1</loc></url><url><loc>{url}/news/2</loc></url></urlset>"""
INDEX = """<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>{url}/news.xml</loc>
</sitemap></sitemapindex>"""
SECTION = """<p><a href=/news/1>One</a> <a href="/news/2#c">Two</a> <a href=/about>About</a>
<a href=https://elsewhere.example/news/33333>Else</a> <a href=/photo-12345.jpg>Photo</a>
<a href=/2026/05/14/bridge>3</a>"""


@pytest.mark.parametrize(
    ("option", "source"),
    [("--feed", FEED), ("--feed", ATOM), ("--sitemap", SITEMAP), ("--sitemap", INDEX)],
    ids=["rss", "atom", "sitemap", "index"],
)
def test_a_source_adds_its_articles(site: Site, shell: Shell, option: str, source: str) -> None:
    for number in (1, 2):
        site.page(f"/news/{number}", article_html(f"Story {number} of the day"))
    site.answers["/news.xml"] = Answer(SITEMAP.format(url=site.url).encode())
    site.answers["/source"] = Answer(source.format(url=site.url).encode())
    shell("add", option, site.url + "/source")
    shell("run", "--once", "--delay", "0")
    article_urls = sorted(
        str(row["url"]) for row in shell.json("list", "--json") if row["kind"] == "article"
    )
    assert article_urls == [f"{site.url}/news/1", f"{site.url}/news/2"]


def test_a_source_cannot_add_private_addresses(site: Site, shell: Shell) -> None:
    feed_xml = ATOM.replace("{url}/news/2", "http://127.0.0.2:1/secret").format(url=site.url)
    site.answers["/source"] = Answer(feed_xml.encode())
    shell("add", "--feed", site.url + "/source")
    shell("run", "--once", "--delay", "0")
    kinds = {str(row["url"]): row["kind"] for row in shell.json("list", "--json")}
    assert kinds == {f"{site.url}/source": "feed", f"{site.url}/news/1": "article"}


def test_a_section_page_adds_the_articles_it_links_to(site: Site, shell: Shell) -> None:
    site.answers["/world"] = Answer(SECTION.encode(), headers={"Content-Type": "text/html"})
    shell("add", "--section", site.url + "/world")
    shell("run", "--once", "--delay", "0")
    article_urls = sorted(
        str(row["url"]) for row in shell.json("list", "--json") if row["kind"] == "article"
    )
    assert article_urls == [f"{site.url}/2026/05/14/bridge"]


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


def test_extract_reports_a_file_without_an_article(shell: Shell, tmp_path: Path) -> None:
    page = tmp_path / "page.png"
    page.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    result = shell("extract", str(page))
    assert (result.exit_code, "Traceback" in result.output) == (1, False)
    assert shell("extract", str(tmp_path / "none.html")).exit_code == 2


@pytest.mark.parametrize(
    "command",
    [("log",), ("list",), ("stats",), ("doctor",), ("search", "x"), ("show", "http://a/")],
)
def test_reading_commands_without_a_database_say_what_to_do(
    shell: Shell, command: tuple[str, ...]
) -> None:
    result = shell(*command)
    assert result.exit_code == 1
    assert "no database here yet" in result.output
    assert not shell.db.exists()


@pytest.mark.parametrize(
    ("text", "words"),
    [("delay = 'soon'", "delay must be a number"), ("dealy = 1", "no setting 'dealy'"), ("delay =\njobs = 1", "line 1"),
     ("jobs = 0", "between 1"),
     ("delay = nan", "between 0"), ("contact = 'péter'", "plain ASCII")],
)  # fmt: skip
def test_an_invalid_setting_is_named_in_the_error(shell: Shell, text: str, words: str) -> None:
    Path("variorum.toml").write_text(text)
    result = shell("list")
    assert (result.exit_code, words in result.output) == (2, True)


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


@pytest.mark.parametrize(
    ("arguments", "advice"),
    [
        (["log"], "check again with `variorum fetch URL`"),
        (["log", "--silent"], "leave out an option"),
        (["search", "nowhere"], "try fewer"),
        (["--config", "none.toml", "log"], "choose another file with --config"),
    ],
    ids=["log", "filter", "search", "config"],
)
def test_an_empty_result_suggests_a_next_step(
    site: Site, shell: Shell, arguments: list[str], advice: str
) -> None:
    shell("fetch", site.page("/a", article_html()), "--delay", "0")
    result = shell(*arguments)
    assert result.exit_code != 0
    assert advice in result.output


def test_rebuild_previews_and_then_applies_changes(
    site: Site, shell: Shell, tmp_path: Path
) -> None:
    url = site.page("/a", article_html())
    shell("fetch", url, "--delay", "0")
    site.page("/a", article_html().replace("next year", "this year"))
    shell("fetch", url, "--delay", "0")
    (tmp_path / "my.toml").write_text(
        '[a]\nhosts = "127.0.0.1"\nbody = "article"\ndrop = "p:last-child"'
    )
    (tmp_path / "variorum.toml").write_text('[extract]\nsites = "my.toml"')
    assert "1 article of 1 would change" in shell("rebuild", "--dry-run").output
    assert "- " in shell("rebuild", "--dry-run").output
    (row,) = shell.json("rebuild", "--json")
    assert (row["versions_before"], row["versions_after"]) == (2, 1)
    assert "0 articles of 1 changed" in shell("rebuild").output
    assert shell("log").exit_code == 1


def test_exclusions_are_listed_and_an_unknown_one_cannot_be_undone(
    site: Site, shell: Shell
) -> None:
    url = site.page("/a", article_html())
    shell("fetch", url, "--delay", "0")
    assert "nothing was left out" in shell("show", url, "--volatile").output
    assert "no such volatile text" in shell("show", url, "--volatile", "--undo", "3").output
    assert shell("show", url, "--undo", "3").exit_code == 2


def test_export_prints_every_stored_row(site: Site, shell: Shell) -> None:
    url = site.page("/a", article_html())
    shell("fetch", url, "--delay", "0")
    site.page("/a", article_html().replace("12 million", "21 million"))
    shell("fetch", url, site.page("/b", article_html("Another story")), "--delay", "0")
    rows = shell.json("export")
    counts = {table: sum(row["table"] == table for row in rows) for table in ("articles", "aliases", "versions", "fetches", "edits")}  # fmt: skip
    assert counts == {"articles": 2, "aliases": 2, "versions": 3, "fetches": 4, "edits": 1}
    assert [row["table"] for row in shell.json("export", site.url + "/b")] == [
        "articles",
        "aliases",
        "versions",
        "fetches",
    ]


def test_exported_atom_is_a_valid_feed(site: Site, shell: Shell) -> None:
    url = site.page("/a", article_html())
    shell("fetch", url, "--delay", "0")
    site.page("/a", article_html().replace("12 million", "21 million <b>&amp;"))
    shell("fetch", url, "--delay", "0")
    feed = feedparser.parse(shell("export", "--format", "atom").stdout)
    assert not feed.bozo
    assert {(entry.link, "<ins>" in entry.summary) for entry in feed.entries} == {(url, True)}


def test_an_empty_export_exits_1(site: Site, shell: Shell) -> None:
    shell("fetch", site.page("/a", article_html()), "--delay", "0")
    assert shell("export", "--format", "atom").exit_code == 1
    assert shell("export", "https://example.org/nowhere").exit_code == 1
