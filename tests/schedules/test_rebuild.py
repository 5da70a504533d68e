"""History read again from the stored pages."""

from collections.abc import Sequence
from functools import partial
from multiprocessing import active_children
from pathlib import Path

import pytest

from schedules import check as checking
from schedules.replay.rebuild import read_all, replay
from schedules.settings import Settings
from scraper.extract import extractor_for
from scraper.extract.rules.rule import Rule, read_rules
from storage.articles.replace import Difference, difference, rebuildable, rewrite
from storage.database import open_database
from storage.errors import RebuildError, StaleError
from storage.queries import articles as queries
from storage.queries.health import integrity
from storage.search import search
from tests.conftest import Looker, Site, article_html

WITHOUT_LAST = read_rules('[a]\nhosts = "127.0.0.1"\nbody = "article"\ndrop = "p:last-child"', "my.toml")  # fmt: skip
PAGES = (
    article_html(),
    article_html().replace("next year", "this year"),
    article_html().replace("next year", "this year").replace("21 people", "12 people"),
    article_html(),
)


def looked(site: Site, look: Looker, rules: Sequence[Rule] = ()) -> str:
    """The address of an article that showed all PAGES, an hour apart, read by these rules."""
    for html in PAGES:
        url = site.page("/a", html)
        work = partial(checking.check, look.db, url, settings=Settings(rules=rules))
        look.run(work)
        look.clock.skip(hours=1)
    return url


def rebuilt(look: Looker, url: str, rules: Sequence[Rule] = ()) -> Difference:
    """What a rebuild changed."""
    replayed = replay(look.db, 1, url, rules)
    found = difference(look.db, replayed)
    if found:
        rewrite(look.db, replayed, extractor=extractor_for(url, rules))
    return found


def test_a_history_that_today_s_extractor_wrote_stays(site: Site, look: Looker) -> None:
    url = looked(site, look)
    before = look.db.execute("select * from versions").fetchall()
    assert not rebuilt(look, url)
    assert look.db.execute("select * from versions").fetchall() == before
    assert queries.version(look.db, 1)["reverts_to"] == 1


def test_edits_outside_of_the_article_go_and_the_others_keep_their_ids(
    site: Site, look: Looker
) -> None:
    url = looked(site, look)
    kept = look.db.execute("select id, old, new from edits where old = '21'").fetchall()
    found = rebuilt(look, url, WITHOUT_LAST)
    assert (found.before, found.after) == (4, 3)
    assert {(key[3], key[4]) for key in found.gone} == {("next", "this"), ("this", "next")}
    rows = look.db.execute("select id, old, new, from_version, to_version from edits").fetchall()
    assert [row[:3] for row in rows] == [*kept, (rows[-1][0], "12", "21")]
    assert [row[3:] for row in rows] == [(1, 2), (2, 3)]


def test_edits_that_an_older_reading_missed_come(site: Site, look: Looker) -> None:
    url = looked(site, look, WITHOUT_LAST)
    assert look.db["edits"].count == 2
    found = rebuilt(look, url)
    assert {(key[3], key[4]) for key in found.come} == {("next", "this"), ("this", "next")}
    assert look.db["versions"].count == 4


def test_a_rebuilt_history_is_sound_and_stays(site: Site, look: Looker) -> None:
    url = looked(site, look)
    rebuilt(look, url, WITHOUT_LAST)
    assert not rebuilt(look, url, WITHOUT_LAST)
    assert integrity(look.db) == queries.gaps_in_numbers(look.db) == []
    assert list(search(look.db, "inspection")) == []
    assert [row["url"] for row in search(look.db, "commuters")] == [url]
    shown = look.db.execute("select v.number from fetches f join versions v on v.id = f.version_id order by f.id").fetchall()  # fmt: skip
    assert shown[0] == shown[1] == (1,)
    assert shown[-1] == (3,)


def test_the_next_look_goes_on_from_a_rebuilt_history(site: Site, look: Looker) -> None:
    url = looked(site, look)
    rebuilt(look, url, WITHOUT_LAST)
    outcome = look.run(
        lambda network: checking.check(look.db, url, network, settings=Settings(rules=WITHOUT_LAST))
    ).look.outcome
    assert outcome == "unchanged"


def test_an_edit_that_only_today_s_reading_sees_stays_to_be_seen(site: Site, look: Looker) -> None:
    """The validators that the next look sends are of a page that shows the text as it is held now."""
    for number, html in enumerate((PAGES[0], PAGES[1])):
        url = site.page("/a", html, ETag=f'"{number}"')
        work = partial(checking.check, look.db, url, settings=Settings(rules=WITHOUT_LAST))
        assert look.run(work).look.outcome in ("new", "unchanged")
        look.clock.skip(hours=1)
    assert rebuilt(look, url)
    site.requests.clear()
    assert look(url).look.outcome == "edited"
    asked = [headers.get("if-none-match") for path, headers in site.requests if path == "/a"]
    assert asked[0] == '"0"'


def test_a_look_that_came_meanwhile_is_not_lost(site: Site, look: Looker) -> None:
    url = looked(site, look)
    replayed = replay(look.db, 1, url, WITHOUT_LAST)
    site.page("/a", PAGES[1])
    look(url)
    before = look.db.execute("select number, body from versions").fetchall()
    with pytest.raises(StaleError, match="looked at meanwhile"):
        rewrite(look.db, replayed, extractor="x")
    assert look.db.execute("select number, body from versions").fetchall() == before


def test_an_article_without_its_pages_is_named(site: Site, look: Looker) -> None:
    url = looked(site, look)
    look.db.execute("update versions set snapshot_id = null where number = 2")
    ((_, address, why_not),) = rebuildable(look.db)
    assert address == url
    assert why_not is not None
    assert "not stored" in why_not


def test_many_processes_read_what_one_reads(site: Site, look: Looker, tmp_path: Path) -> None:
    url = looked(site, look)
    path = tmp_path / "variorum.db"
    articles = [(row[0], row[1]) for row in rebuildable(look.db)] * 3
    alone = list(read_all(path, articles, WITHOUT_LAST, jobs=1))
    assert [(read.url, bool(read.difference)) for read in alone] == [(url, True)] * 3
    assert list(read_all(path, articles, WITHOUT_LAST, jobs=2)) == alone


def test_a_reading_process_that_is_killed_is_a_clear_error(tmp_path: Path) -> None:
    """Where the memory is at its end the system kills one of them."""
    articles = [(number, f"https://example.org/{number}") for number in range(2000)]
    path = tmp_path / "v.db"
    open_database(path).close()
    reading = read_all(path, articles, WITHOUT_LAST, jobs=2)
    assert next(reading).difference is None
    for child in active_children():
        child.kill()
    with pytest.raises(RebuildError, match="fewer --jobs"):
        list(reading)
