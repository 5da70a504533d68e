"""`stats` and `doctor`."""

from tests.support.shell import Shell
from tests.support.site import Answer, Site


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
