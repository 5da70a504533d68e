"""History read again from the stored pages."""

from collections.abc import Sequence
from functools import partial
from multiprocessing import active_children
from pathlib import Path

import pytest

from schedules import check as checking
from schedules.check.settings import CheckSettings
from schedules.replay.rebuild import replay, replay_all
from schedules.replay.settle import rebuilt_articles
from scraper.extract import extractor_for
from scraper.extract.rules.rule import Rule, read_rules
from storage.articles.replace import rebuildable, replace_history
from storage.database import open_database
from storage.diff.steady import MIN_STEADY_CHECKS
from storage.errors import ConflictError, RebuildError
from storage.queries import articles as queries
from storage.queries.differences import Difference
from storage.queries.health import integrity
from storage.search import first_hits
from tests.support.checker import Checker
from tests.support.pages import article_html
from tests.support.site import Answer, Site

RULE_WITHOUT_LAST_PARAGRAPH = read_rules('[a]\nhosts = "127.0.0.1"\nbody = "article"\ndrop = "p:last-child"', "my.toml")  # fmt: skip
PAGES = (
    article_html(),
    article_html().replace("next year", "this year"),
    article_html().replace("next year", "this year").replace("21 people", "12 people"),
    article_html(),
    article_html(),
)


def checked_article(site: Site, checker: Checker, rules: Sequence[Rule] = ()) -> str:
    """The address of an article that showed all PAGES, an hour apart, read by these rules."""
    for html in PAGES:
        url = site.page("/a", html)
        work = partial(checking.check, checker.db, url, settings=CheckSettings(rules=rules))
        checker.run(work)
        checker.clock.skip(hours=1)
    return url


def rebuild_article(checker: Checker, url: str, rules: Sequence[Rule] = ()) -> Difference:
    """What a rebuild changed."""
    path = Path(checker.db.execute("pragma database_list").fetchone()[2])
    found = list(
        rebuilt_articles(path, [(1, url)], rules, jobs=1, learn="watched", advance=lambda: None)
    )
    if not found:
        return Difference(0, 0)
    (one,) = found
    assert one.replayed
    assert one.difference is not None
    replace_history(checker.db, one.replayed, extractor=extractor_for(url, rules))
    return one.difference


def test_a_history_from_the_current_extractor_is_unchanged(site: Site, checker: Checker) -> None:
    url = checked_article(site, checker)
    before = checker.db.execute("select * from versions").fetchall()
    assert not rebuild_article(checker, url)
    assert checker.db.execute("select * from versions").fetchall() == before
    assert queries.version(checker.db, 1)["reverts_to"] == 1


def test_an_edit_that_older_rules_named_gets_todays_kind_and_keeps_its_id(
    site: Site, checker: Checker
) -> None:
    url = checked_article(site, checker)
    before = checker.db.execute("select * from edits").fetchall()
    with checker.db.conn as conn:
        conn.execute("update edits set kind = 'wording', evidence = null where old = '21'")
    changes = rebuild_article(checker, url)
    assert [(line.edit.new, line.before, line.after) for line in changes.changed_kinds] == [
        ("12", "wording", "number")
    ]
    assert checker.db.execute("select * from edits").fetchall() == before


def test_only_evidence_that_is_missing_is_no_change_to_tell_but_is_written(
    site: Site, checker: Checker
) -> None:
    url = checked_article(site, checker)
    with checker.db.conn as conn:
        conn.execute("update edits set evidence = null, differ = null")
    changes = rebuild_article(checker, url)
    assert (bool(changes), changes.changed_evidence) == (False, 4)
    assert (
        checker.db.execute("select count(*) from edits where evidence is null").fetchone()[0] == 0
    )


def test_a_text_that_counts_again_does_so_in_a_rebuild(site: Site, checker: Checker) -> None:
    url = site.page("/a", article_html())
    checker(url)
    added = article_html().replace(
        "<p>A second", "<p>The mayor resigned an hour later.</p><p>A second"
    )
    bodies = iter([added.encode(), article_html().encode()])
    site.answers["/a"] = lambda headers: Answer(next(bodies))
    checker(url)
    site.page("/a", added)
    for _ in range(MIN_STEADY_CHECKS):
        checker.clock.skip(hours=3)
        outcome = checker(url).result.outcome
    assert outcome == "edited"
    assert not rebuild_article(checker, url)


def test_edits_outside_the_article_are_removed_and_others_keep_their_ids(
    site: Site, checker: Checker
) -> None:
    url = checked_article(site, checker)
    edit_rows = checker.db.execute("select id, old, new from edits where old = '21'").fetchall()
    changes = rebuild_article(checker, url, RULE_WITHOUT_LAST_PARAGRAPH)
    assert (changes.before, changes.after) == (4, 3)
    assert {(edit.old, edit.new) for edit in changes.removed_edits} == {
        ("next", "this"),
        ("this", "next"),
    }
    rows = checker.db.execute("select id, old, new, from_version, to_version from edits").fetchall()
    assert [row[:3] for row in rows] == [*edit_rows, (rows[-1][0], "12", "21")]
    assert [row[3:] for row in rows] == [(1, 2), (2, 3)]


def test_edits_missed_by_an_older_extraction_are_added(site: Site, checker: Checker) -> None:
    url = checked_article(site, checker, RULE_WITHOUT_LAST_PARAGRAPH)
    assert checker.db["edits"].count == 2
    changes = rebuild_article(checker, url)
    assert {(edit.old, edit.new) for edit in changes.added_edits} == {
        ("next", "this"),
        ("this", "next"),
    }
    assert checker.db["versions"].count == 4


def test_a_rebuilt_history_is_sound_and_stable(site: Site, checker: Checker) -> None:
    url = checked_article(site, checker)
    rebuild_article(checker, url, RULE_WITHOUT_LAST_PARAGRAPH)
    assert not rebuild_article(checker, url, RULE_WITHOUT_LAST_PARAGRAPH)
    assert integrity(checker.db) == queries.articles_with_number_gaps(checker.db) == []
    assert first_hits(checker.db, "inspection") == []
    assert [hit.url for hit in first_hits(checker.db, "commuters")] == [url]
    version_numbers = checker.db.execute("select v.number from fetches f join versions v on v.id = f.version_id order by f.id").fetchall()  # fmt: skip
    assert version_numbers[0] == version_numbers[1] == (1,)
    assert version_numbers[-1] == (3,)


def test_the_next_check_continues_a_rebuilt_history(site: Site, checker: Checker) -> None:
    url = checked_article(site, checker)
    rebuild_article(checker, url, RULE_WITHOUT_LAST_PARAGRAPH)
    outcome = checker.run(
        lambda network: checking.check(
            checker.db, url, network, settings=CheckSettings(rules=RULE_WITHOUT_LAST_PARAGRAPH)
        )
    ).result.outcome
    assert outcome == "unchanged"


def test_an_edit_only_the_current_extraction_finds_is_still_logged_later(
    site: Site, checker: Checker
) -> None:
    """The next check sends the validators of a page that shows the stored text."""
    for number, html in enumerate((PAGES[0], PAGES[1])):
        url = site.page("/a", html, ETag=f'"{number}"')
        work = partial(
            checking.check,
            checker.db,
            url,
            settings=CheckSettings(rules=RULE_WITHOUT_LAST_PARAGRAPH),
        )
        assert checker.run(work).result.outcome in ("new", "unchanged")
        checker.clock.skip(hours=1)
    assert rebuild_article(checker, url)
    site.requests.clear()
    assert checker(url).result.outcome == "edited"
    validators = [headers.get("if-none-match") for path, headers in site.requests if path == "/a"]
    assert validators[0] == '"0"'


def test_a_check_recorded_during_a_rebuild_is_not_lost(site: Site, checker: Checker) -> None:
    url = checked_article(site, checker)
    replay_result = replay(checker.db, 1, url, RULE_WITHOUT_LAST_PARAGRAPH)
    site.page("/a", PAGES[1])
    checker(url)
    before = checker.db.execute("select number, body from versions").fetchall()
    with pytest.raises(ConflictError, match="checked it meanwhile"):
        replace_history(checker.db, replay_result, extractor="x")
    assert checker.db.execute("select number, body from versions").fetchall() == before


def test_an_article_without_stored_pages_is_reported(site: Site, checker: Checker) -> None:
    url = checked_article(site, checker)
    checker.db.execute("update versions set snapshot_id = null where number = 2")
    ((_, address, reason),) = rebuildable(checker.db)
    assert address == url
    assert reason is not None
    assert "not stored" in reason


def test_a_version_read_from_a_part_of_a_page_is_taken_back(site: Site, checker: Checker) -> None:
    """An older program took a 206 for a whole page, and stored none of it."""
    url = checked_article(site, checker)
    checker.db.execute("update versions set snapshot_id = null where number = 2")
    checker.db.execute(
        "update fetches set http_status = 206, snapshot_id = null where version_id ="
        " (select id from versions where number = 2)"
    )
    assert [reason for _, _, reason in rebuildable(checker.db)] == [None]
    changes = rebuild_article(checker, url)
    assert (changes.before, changes.after) == (4, 3)
    reasons = checker.db.execute("select reason from fetches where http_status = 206").fetchall()
    assert reasons == [("only a part of the page came (206 Partial Content)",)] * 2


def test_many_processes_give_the_same_rebuild_as_one(
    site: Site, checker: Checker, tmp_path: Path
) -> None:
    url = checked_article(site, checker)
    path = tmp_path / "variorum.db"
    articles = [(row[0], row[1]) for row in rebuildable(checker.db)] * 3
    alone = list(replay_all(path, articles, RULE_WITHOUT_LAST_PARAGRAPH, jobs=1))
    assert [(read.url, bool(read.difference)) for read in alone] == [(url, True)] * 3
    assert list(replay_all(path, articles, RULE_WITHOUT_LAST_PARAGRAPH, jobs=2)) == alone


def test_a_killed_rebuild_process_is_a_clear_error(tmp_path: Path) -> None:
    """Where the memory is at its end the system kills one of them."""
    articles = [(number, f"https://example.org/{number}") for number in range(2000)]
    path = tmp_path / "v.db"
    open_database(path).close()
    results = replay_all(path, articles, RULE_WITHOUT_LAST_PARAGRAPH, jobs=2)
    assert next(results).difference is None
    for child in active_children():
        child.kill()
    with pytest.raises(RebuildError, match="fewer --jobs"):
        list(results)
