"""A new template of a site is no edit, through `run`; what was edited meanwhile is."""

from collections.abc import Callable
from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest

from schedules.daemon.runner import check_due
from schedules.replay.rebuild import replay
from schedules.replay.settle import rebuilt_articles
from scraper.extract import extractor_for
from storage.articles.replace import replace_history
from storage.articles.watch import watch_article
from storage.queries.differences import difference
from tests.diff.siblings.stories import (
    TEMPLATES,
    Story,
    Template,
    house,
    linked,
    magazine,
    plain,
    story,
)
from tests.support.checker import Checker
from tests.support.site import Site

ARTICLES = 5
NEWS = "The owners of the mill withdrew their complaint against the town late on Friday."
PAIRS = [(old, new) for old, new in permutations(TEMPLATES, 2)]


def serve(site: Site, template: Template, edit: Callable[[Story], Story] = lambda one: one) -> None:
    for number in range(ARTICLES):
        site.page(f"/news/{number}", template(edit(story(number))))


def edited(told: Story) -> Story:
    """The third story with another number, the fifth with another paragraph."""
    if told.number == 2:
        paragraphs = tuple(text.replace("counted 702", "counted 902") for text in told.paragraphs)
        return replace(told, paragraphs=paragraphs)
    if told.number == 4:
        return replace(told, paragraphs=(*told.paragraphs[:4], NEWS, *told.paragraphs[4:]))
    return told


def run_daemon(checker: Checker, hours: tuple[float, ...]) -> None:
    for step in hours:
        checker.clock.skip(hours=step)
        checker.run(lambda network: check_due(checker.db, network, jobs=2, report=lambda _: None))


def watched(site: Site, checker: Checker, template: Template) -> None:
    """All articles in a template, checked for some hours."""
    serve(site, template)
    for number in range(ARTICLES):
        watch_article(checker.db, f"{site.url}/news/{number}", at=checker.clock.now())
    run_daemon(checker, (0, 1, 1))


def logged(checker: Checker) -> list[str]:
    return sorted(row["new"] or row["old"] for row in checker.db.query("select old, new from edits"))  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new"), PAIRS, ids=[f"{a.__name__}-{b.__name__}" for a, b in PAIRS]
)
def test_a_redesign_logs_only_what_was_edited_meanwhile(
    site: Site, checker: Checker, old: Template, new: Template
) -> None:
    watched(site, checker, old)
    serve(site, new, edited)
    run_daemon(checker, (0.5, 1, 3, 12, 30))
    assert logged(checker) == ["902", NEWS]


def test_a_field_of_the_new_template_is_in_a_technical_version(
    site: Site, checker: Checker
) -> None:
    watched(site, checker, plain)
    serve(site, linked)
    run_daemon(checker, (0.5, 12, 30))
    rows = checker.db.query("select distinct technical, template_fields from versions where number = 2")  # fmt: skip
    assert list(rows) == [
        {"technical": 1, "template_fields": '["dek", "byline", "modified_at", "section"]'}
    ]


@pytest.mark.parametrize(("old", "new"), [(plain, magazine), (magazine, plain), (linked, magazine)])
def test_a_redesign_that_moves_from_article_to_article_logs_only_what_was_edited(
    site: Site, checker: Checker, old: Template, new: Template
) -> None:
    """Nothing is known of the new template when the first article shows it."""
    watched(site, checker, old)
    for number in range(ARTICLES):
        site.page(f"/news/{number}", new(edited(story(number))))
        run_daemon(checker, (5,))
    run_daemon(checker, (12, 30))
    assert logged(checker) == ["902", NEWS]


def renamed(told: Story) -> Story:
    return replace(told, section=f"News, {told.section}")


def test_a_field_that_a_template_changes_in_one_article_after_the_other_is_taken_back_by_a_rebuild(
    site: Site, checker: Checker
) -> None:
    """The first articles are edits as long as no other one shows the same."""
    checker.settings = replace(checker.settings, learn="off")
    urls = [site.page(f"/news/{number}", linked(story(number))) for number in range(ARTICLES)]
    for numbers in ((), (), (0,), (1,), (2, 3), (4,)):
        for number in numbers:
            site.page(f"/news/{number}", linked(renamed(story(number))))
        for url in urls:
            checker(url)
        checker.clock.skip(hours=30)
    fields = "select article_id, field from edits order by id"
    assert checker.db.execute(fields).fetchall() == [(1, "section"), (2, "section")]
    path = Path(checker.db.execute("pragma database_list").fetchone()[2])
    articles = list(enumerate(urls, start=1))
    for one in rebuilt_articles(path, articles, (), jobs=1, learn="off", advance=lambda: None):
        assert one.replayed
        replace_history(checker.db, one.replayed, extractor=extractor_for(one.url, ()))
    assert checker.db.execute(fields).fetchall() == []
    technical = checker.db.execute("select count(*) from versions where technical = 1").fetchone()
    assert technical == (ARTICLES,)


def quoted(told: Story, marks: str) -> Story:
    """The story with a quotation in these marks."""
    spoken = f"{marks[0]}Nobody in town {told.number} was asked,{marks[1]} said {told.author}."
    return replace(told, paragraphs=(*told.paragraphs, spoken))


def test_marks_that_a_site_exchanges_in_all_articles_are_no_edit(
    site: Site, checker: Checker
) -> None:
    watched(site, checker, lambda told: plain(quoted(told, "“”")))
    serve(site, plain, lambda told: quoted(edited(told), '""'))
    run_daemon(checker, (0.5, 12, 30))
    assert logged(checker) == ["902", NEWS]
    for number in range(ARTICLES):
        url = f"{site.url}/news/{number}"
        assert not difference(checker.db, replay(checker.db, number + 1, url))


def test_marks_that_change_in_one_article_are_an_edit(site: Site, checker: Checker) -> None:
    watched(site, checker, lambda told: plain(quoted(told, "“”")))
    serve(site, plain, lambda told: quoted(told, '""' if told.number == 1 else "“”"))
    run_daemon(checker, (0.5, 12, 30))
    assert logged(checker) == ['"Nobody in town 1 was asked,"']


def test_a_byline_that_changes_in_one_article_is_an_edit(site: Site, checker: Checker) -> None:
    watched(site, checker, magazine)
    serve(site, magazine, lambda told: replace(told, author="Nora Vale") if told.number == 1 else told)  # fmt: skip
    run_daemon(checker, (0.5, 12, 30))
    assert logged(checker) == ["Nora Vale"]


def test_a_byline_that_changes_in_a_redesign_is_an_edit(site: Site, checker: Checker) -> None:
    watched(site, checker, linked)
    serve(site, magazine, lambda told: replace(told, author="Nora Vale") if told.number == 1 else told)  # fmt: skip
    run_daemon(checker, (0.5, 12, 30))
    assert logged(checker) == ["Nora Vale"]


def test_a_rebuild_knows_the_redesign(site: Site, checker: Checker) -> None:
    watched(site, checker, plain)
    serve(site, house, edited)
    run_daemon(checker, (0.5, 12, 30))
    for number in range(ARTICLES):
        url = f"{site.url}/news/{number}"
        assert not difference(checker.db, replay(checker.db, number + 1, url))


def test_a_caption_that_leaves_the_first_article_with_its_template_never_waits(
    site: Site, checker: Checker
) -> None:
    """Else it would be an edit at the next check, when the template is known."""
    watched(site, checker, magazine)
    site.page("/news/1", plain(story(1)))
    assert checker(f"{site.url}/news/1").result.outcome == "technical"
    pending = checker.db.execute("select count(*) from exclusions where text = ''").fetchone()
    assert pending == (0,)
    for _ in range(3):
        checker.clock.skip(hours=3)
        checker(f"{site.url}/news/1")
    assert logged(checker) == []
