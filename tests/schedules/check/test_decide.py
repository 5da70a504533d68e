"""What a check decides: edited, gone, restored, and whether an edit was disclosed."""

import itertools
from datetime import UTC, datetime

import pytest

from schedules.check.decide import RESTORED_REASON, decide
from schedules.check.observe import Extracted, Request, observe, page_of
from schedules.check.previous import Previous
from scraper.fetch import Response
from storage.articles.state import ArticleState, StoredVersion
from tests.support.checker import Checker
from tests.support.pages import article_html
from tests.support.site import Answer, Site

LAST_PARAGRAPH = "A second bridge, further up the river, will be closed for inspection in the autumn of next year."


def test_an_edit_is_logged_after_a_second_fetch_confirms_it(site: Site, checker: Checker) -> None:
    url = site.page("/a", article_html())
    checker(url)
    site.page("/a", article_html().replace("21 people", "12 people"))
    checked = checker(url)
    assert checked.result.outcome == "edited"
    assert [(edit.field, edit.old, edit.new) for edit in checked.result.edits] == [
        ("body", "21", "12")
    ]
    assert site.paths().count("/a") == 3


def test_text_that_differs_in_every_response_is_not_an_edit(site: Site, checker: Checker) -> None:
    numbers = itertools.count(1000, 37)

    def page(headers: dict[str, str]) -> Answer:
        line = f"Our readers have shared this story with {next(numbers)} of their friends so far."
        html = article_html().replace(f"<p>{LAST_PARAGRAPH}", f"<p>{line}</p><p>{LAST_PARAGRAPH}")
        return Answer(html.encode(), headers={"Content-Type": "text/html"})

    site.answers["/a"] = page
    outcomes = [checker(site.url + "/a").result.outcome for _ in range(4)]
    assert outcomes == ["new", "unchanged", "unchanged", "unchanged"]
    assert checker.db["edits"].count == 0


def test_an_edit_in_only_the_first_of_two_fetches_is_not_logged_yet(
    site: Site, checker: Checker
) -> None:
    url = site.page("/a", article_html())
    checker(url)
    answers = iter([article_html().replace("21 people", "12 people"), None])

    def page(headers: dict[str, str]) -> Answer:
        html = next(answers)
        return Answer(html.encode()) if html else Answer(status=503)

    site.answers["/a"] = page
    checked = checker(url)
    assert checked.result.outcome == "failed"
    assert "could not confirm" in (checked.result.reason or "")
    assert checker.db["versions"].count == 1
    site.page("/a", article_html().replace("21 people", "12 people"))
    checker.clock.skip(hours=1)
    assert checker(url).result.outcome == "edited"


def test_an_article_that_returns_with_another_text_is_restored_with_its_edits(
    site: Site, checker: Checker
) -> None:
    url = site.page("/a", article_html())
    checker(url)
    site.answers["/a"] = Answer(status=410)
    checker(url)
    site.page("/a", article_html().replace("21 people", "12 people"))
    result = checker(url).result
    assert (result.outcome, [edit.new for edit in result.edits]) == ("restored", ["12"])


def test_a_drastic_change_is_an_edit_once_a_later_check_sees_it_too(
    site: Site, checker: Checker
) -> None:
    url = site.page("/a", article_html())
    checker(url)
    site.page("/a", article_html(paragraphs=(LAST_PARAGRAPH,)))
    first = checker(url).result
    assert (first.outcome, first.unconfirmed) == ("failed", True)
    checker.clock.skip(seconds=10)
    assert checker(url).result.outcome == "failed"
    checker.clock.skip(minutes=5)
    assert checker(url).result.outcome == "edited"


def test_a_304_to_a_first_check_is_a_failure(site: Site, checker: Checker) -> None:
    site.answers["/a"] = Answer(status=304)
    assert checker(site.url + "/a").result.outcome == "failed"


def test_a_304_does_not_restore_what_is_gone(site: Site, checker: Checker) -> None:
    url = site.page("/a", article_html(), ETag='"1"')
    checker(url)
    site.answers["/a"] = Answer(status=410)
    assert checker(url).result.outcome == "gone"
    site.answers["/a"] = Answer(status=304)
    assert checker(url).result.outcome == "failed"
    assert checker.db.execute("select state from articles").fetchone() == ("gone",)


def test_a_second_fetch_of_the_stored_text_restores_the_article_as_the_first_does() -> None:
    """A rebuild reads two fetches of a check, though today's extractor sees no edit in the first."""
    fetched_at = datetime(2026, 5, 14, 12, tzinfo=UTC)
    page = Response("https://example.org/a", "https://example.org/a", 200, {}, article_html().encode(), 5)  # fmt: skip
    first = observe(Request(page.url), fetched_at, page)
    assert isinstance(first.content, Extracted)
    version = StoredVersion(1, first.content.article, "hash", "3", 1, "2026-05-13", "2026-05-13")
    state = ArticleState(1, page.url, status="gone", version=version)
    result = decide(Previous(state, page_of(first)), first, first, now=fetched_at)
    assert (result.outcome, result.reason) == ("restored", RESTORED_REASON)


def test_a_page_on_which_two_fetches_disagree_is_not_trusted_as_unchanged(
    site: Site, checker: Checker
) -> None:
    """Edited between the two fetches: the bytes and the ETag of the second page are not the version's."""
    url = site.page("/a", article_html("Bridge opens"), ETag='"0"')
    checker(url)
    pages = iter([("Bridge opens late", '"1"'), ("Bridge opens at last", '"2"')])

    def changing_page(headers: dict[str, str]) -> Answer:
        headline, etag = next(pages)
        return Answer(article_html(headline).encode(), headers={"ETag": etag})

    site.answers["/a"] = changing_page
    assert checker(url).result.outcome == "unchanged"

    def unchanged_page(headers: dict[str, str]) -> Answer:
        if headers.get("if-none-match") == '"2"':
            return Answer(status=304, headers={"ETag": '"2"'})
        return Answer(article_html("Bridge opens at last").encode(), headers={"ETag": '"2"'})

    site.answers["/a"] = unchanged_page
    assert [edit.field for edit in checker(url).result.edits] == ["headline"]


MODIFIED_TIME_META = "<meta property='article:modified_time' content='2026-05-14T09:00:00Z'>"
DISCLOSURES = {
    "an unchanged timestamp": (MODIFIED_TIME_META, MODIFIED_TIME_META, {}, {}, 0, "unchanged"),
    "a later timestamp": (MODIFIED_TIME_META, MODIFIED_TIME_META.replace("T09", "T10"), {}, {}, 1, "→ 2026-05-14T10"),
    "no sign": ("", "", {}, {}, None, ""),
    "a later header": ("", "", {"Last-Modified": "Thu, 14 May 2026 08:00:00 GMT"}, {"Last-Modified": "Thu, 14 May 2026 11:00:00 GMT"}, 1, "Last-Modified"),
    "a header with the time of the response": ("", "", {"Last-Modified": "Thu, 14 May 2026 12:00:00 GMT"}, {"Last-Modified": "Thu, 14 May 2026 13:00:00 GMT"}, None, ""),
}  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "before", "after", "expected", "evidence"), DISCLOSURES.values(), ids=DISCLOSURES.keys()
)  # fmt: skip
def test_an_edit_records_whether_and_how_it_was_disclosed(
    site: Site,
    checker: Checker,
    old: str,
    new: str,
    before: dict[str, str],
    after: dict[str, str],
    expected: int | None,
    evidence: str,
) -> None:
    html = article_html().replace("</head>", f"{old}</head>")
    checker(site.page("/a", html, **before))
    checker.clock.skip(hours=1)
    edited_page = html.replace("21 people", "12 people").replace(old, new) if old else html.replace("21 people", "12 people")  # fmt: skip
    checker(site.page("/a", edited_page, **after))
    row = checker.db.execute("select disclosed, disclosure from edit_log where field = 'body'").fetchone()  # fmt: skip
    assert row[0] == expected
    assert evidence in (row[1] or "")


def test_a_headline_edit_names_the_source_that_changed(site: Site, checker: Checker) -> None:
    html = article_html()
    checker(site.page("/a", html))
    moved_page = html.replace(">Harbour bridge opens after long repair</h1>", ">Harbour bridge opens at last</h1>")  # fmt: skip
    checker(site.page("/a", moved_page))
    rows = checker.db.execute("select new, source from edits where field = 'headline'").fetchall()
    assert rows == [("at last", "h1")]


def test_a_headline_from_another_source_is_not_an_edit(site: Site, checker: Checker) -> None:
    html = article_html().replace("<title>Harbour bridge opens after long repair", "<title>Bridge news of today")  # fmt: skip
    checker(site.page("/a", html))
    checker(site.page("/a", html.replace("<h1>", "<p>").replace("</h1>", "</p>")))
    assert checker.db.execute("select count(*) from edits where field = 'headline'").fetchone() == (
        0,
    )
