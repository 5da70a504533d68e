"""`stats` and `doctor`."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlite_utils import Database

from storage.articles.watch import record_source_check
from storage.database import open_database
from storage.queue.watches import SourceCheck
from tests.support.pages import article_html
from tests.support.shell import Shell
from tests.support.site import Answer, Site


def test_stats_and_doctor_report_a_sound_history(edited_url: str, shell: Shell) -> None:
    (row,) = shell.json("stats", "--json")
    assert (row["articles"], row["edits"], row["versions"]) == (1, 1, 2)
    result = shell("doctor")
    assert (result.exit_code, "database: sound" in result.output) == (0, True)


def test_nothing_is_overdue_before_a_daemon_has_run(site: Site, shell: Shell) -> None:
    """Nobody has promised the checks of an article that was only fetched once, such as those of the demo."""
    shell("fetch", site.page("/a", article_html()), "--delay", "0")
    make_overdue(shell)
    result = shell("doctor")
    assert (result.exit_code, "checks: 1 check due; no `variorum run`" in result.output) == (
        0,
        True,
    )


def test_a_check_is_overdue_once_a_daemon_has_run(site: Site, shell: Shell) -> None:
    shell("fetch", site.page("/a", article_html()), "--delay", "0")
    shell("run", "--once")
    make_overdue(shell)
    result = shell("doctor")
    assert (result.exit_code, "1 check overdue by more than 15 min" in result.output) == (1, True)


def make_overdue(shell: Shell) -> None:
    db = Database(shell.db)
    db.execute("update articles set next_check_at = '2026-01-01T00:00:00.000Z'")
    db.conn.commit()


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


def test_doctor_names_the_host_that_serves_another_page(site: Site, shell: Shell) -> None:
    for number, town in enumerate(("Tolvik", "Larkham", "Hornsee")):
        text = (
            f"The mayor of {town} opened the bridge number {number} on Monday, after a long repair. "
            * 8
        )
        site.page(f"/{town}", article_html(f"{town} celebrates", (text,)))
    urls = [f"{site.url}/{town}" for town in ("Tolvik", "Larkham", "Hornsee")]
    shell("fetch", *urls, "--delay", "0")
    for url in urls:
        notice = (
            "We are moving to new machines and will be with you again tomorrow, as you know us. "
            * 8
        )
        site.page(url.removeprefix(site.url), article_html("Back soon", (notice,)))
    shell("fetch", *urls, "--delay", "0")
    result = shell("doctor")
    assert result.exit_code == 1
    assert (
        "for 3 articles the page that came was not proven to be the article, since" in result.output
    )


def test_doctor_names_the_host_whose_addresses_are_missing(site: Site, shell: Shell) -> None:
    urls = [site.page(f"/{number}", article_html(f"Bridge {number}")) for number in range(3)]
    shell("fetch", *urls, "--delay", "0")
    site.answers.clear()
    shell("fetch", *urls, "--delay", "0")
    result = shell("doctor")
    assert (result.exit_code, "for 3 articles no page came, since" in result.output) == (1, True)


def list_new_articles(shell: Shell, count: int, *, has_failed: bool = False) -> None:
    """Record a check of the only source, which lists so many articles of another site."""
    db, at = open_database(shell.db), datetime.now(UTC)
    entries = [(f"https://other.example/{number}", None) for number in range(count)]
    checked = SourceCheck(at, at + timedelta(hours=1), None, "read", has_failed=has_failed)
    record_source_check(db, 1, entries, checked)
    db.close()


def test_doctor_names_the_source_whose_articles_wait(shell: Shell) -> None:
    shell("add", "--feed", "https://example.org/feed")
    list_new_articles(shell, 50)
    list_new_articles(shell, 0, has_failed=True)
    result = shell("doctor")
    line = "feed https://example.org/feed: 30 new articles left for the next checks"
    assert (result.exit_code, line in result.output) == (0, True)
    list_new_articles(shell, 20)
    assert "left for the next checks" not in shell("doctor").output


def test_stats_are_sentences_about_each_publisher(edited_url: str, shell: Shell) -> None:
    lines = shell("stats").output.splitlines()
    assert lines[1] == "  1 article, 100% of them edited; 2 checks, 1 edit"
    assert lines[2].startswith("  edits: 0% of headlines, unknown silent,")
    assert shell("stats", "--host", "none.example").exit_code == 1


def test_doctor_names_a_channel_that_the_settings_lack(
    site: Site, shell: Shell, tmp_path: Path
) -> None:
    settings = tmp_path / "variorum.toml"
    settings.write_text("[[channels]]\nname = 'desk'\natom = 'none/edits.xml'")
    url = site.page("/a", article_html())
    shell("fetch", url, "--delay", "0")
    site.page("/a", article_html().replace("21 people", "12 people"))
    shell("fetch", url, "--delay", "0")
    settings.write_text("")
    result = shell("doctor")
    assert (result.exit_code, "1 notification pending since" in result.output) == (1, True)
    assert "discard with `variorum config forget desk`" in result.output
    assert shell("config", "forget", "desk", "--yes").output == "discarded 1 notification\n"
    assert shell("doctor").exit_code == 0
