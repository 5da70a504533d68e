"""A stored version holds only sentences that its check was served."""

from collections.abc import Iterator, Sequence

import pytest
from sqlite_utils import Database

from schedules.replay.rebuild import replay
from scraper.extract.html.document import Document
from storage.diff.text.sentences import sentences
from storage.diff.text.visible import visible
from storage.queries.differences import difference
from storage.snapshots.store import load_snapshot
from tests.support.checker import Checker
from tests.support.pages import article_html
from tests.support.site import Answer, Site

# Lines that are foreign to the story: replaced, they wait for the next check.
FIRST = "Herring was cheap in June."
SECOND = "Two dockers broke an arm when ropes snapped."
THIRD = "Old rope makes six fine presents."
AFTER_NOON = "every day.", "every day. Shared {} times so far."
NEXT_PARAGRAPH = "<p>A second bridge"


def page_with(line: str = "", **edits: str) -> str:
    """The article with a line between its paragraphs, and words replaced."""
    html = article_html()
    if line:
        html = html.replace(NEXT_PARAGRAPH, f"<p>{line}</p>{NEXT_PARAGRAPH}")
    for old, new in edits.items():
        html = html.replace(old, new)
    return html


def serve(site: Site, pages: Sequence[str]) -> str:
    """An address that serves these pages, one per request."""
    answers: Iterator[str] = iter(pages)

    def answer(headers: dict[str, str]) -> Answer:
        return Answer(next(answers).encode(), headers={"Content-Type": "text/html; charset=utf-8"})

    site.answers["/a"] = answer
    return site.url + "/a"


def unserved_sentences(db: Database) -> set[str]:
    """The sentences of versions that no page of the check that stored them shows."""
    unserved: set[str] = set()
    rows = db.execute("select id, body, captions, headline, seen_at from versions").fetchall()
    for version_id, body, captions, headline, seen_at in rows:
        pages = db.execute(
            "select f.snapshot_id from fetches f where f.snapshot_id is not null and (f.fetched_at = ?"
            " or f.confirms = (select id from fetches where fetched_at = ?) or f.version_id = ?)",
            [seen_at, seen_at, version_id],
        ).fetchall()
        shown = " ".join(
            visible(Document(load_snapshot(db, row[0]).raw, "https://example.org/").text)
            for row in pages
        )
        texts = [headline, captions.strip("[]"), *body.split("\n\n")]
        unserved |= {
            one for text in texts for one in sentences(visible(text)) if one.strip('"') not in shown
        }
    return unserved


def logged(db: Database) -> list[tuple[str | None, str | None]]:
    return [(row[0], row[1]) for row in db.execute("select old, new from edits order by id")]


def test_an_edit_in_the_paragraph_of_a_counter_is_all_that_is_logged(
    site: Site, checker: Checker
) -> None:
    end, counter = AFTER_NOON
    pages = [page_with(**{end: counter.format(3)})]
    pages += [page_with(**{end: counter.format(n), "21 people": "23 people"}) for n in (5, 6, 8, 9)]
    url = serve(site, pages)
    outcomes = [checker(url).result.outcome for _ in range(3)]
    assert outcomes == ["new", "edited", "unchanged"]
    assert logged(checker.db) == [("21", "23")]
    assert unserved_sentences(checker.db) == set()
    assert "Shared" not in str(checker.db.execute("select body from versions order by id desc").fetchone())  # fmt: skip


def test_a_counter_that_two_checks_proved_needs_no_second_request_at_the_next_check(
    site: Site, checker: Checker
) -> None:
    end, counter = AFTER_NOON
    url = serve(site, [page_with(**{end: counter.format(n)}) for n in (3, 5, 6, 8, 9, 11, 12)])
    for _ in range(5):
        assert checker(url).recorded.version == 1
    assert len([path for path in site.paths() if path == "/a"]) == 7
    assert logged(checker.db) == []


def test_a_number_that_both_responses_have_is_an_edit_beside_a_proven_counter(
    site: Site, checker: Checker
) -> None:
    end, counter = AFTER_NOON
    pages = [page_with(**{end: counter.format(n)}) for n in (3, 5, 6)]
    pages += [page_with(**{end: counter.format(n), "12 million": "21 million"}) for n in (7, 8)]
    url = serve(site, pages)
    assert [checker(url).result.outcome for _ in range(3)] == ["new", "unchanged", "edited"]
    assert logged(checker.db) == [("12 million crowns", "21 million crowns")]


def test_what_was_stored_of_page_noise_leaves_by_a_technical_version(
    site: Site, checker: Checker
) -> None:
    end, counter = AFTER_NOON
    pages = [page_with(**{end: counter.format(n)}) for n in (3, 5, 6)]
    pages += [page_with(**{end: counter.format(n), "21 people": "23 people"}) for n in (7, 8)]
    url = serve(site, pages)
    for _ in range(3):
        checker(url)
    rows = checker.db.execute("select number, technical, body from versions").fetchall()
    assert [(number, technical) for number, technical, _ in rows] == [(1, 0), (2, 1), (3, 0)]
    assert rows[2][2] == rows[1][2].replace("21 people", "23 people")
    assert not difference(checker.db, replay(checker.db, 1, url))


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        (SECOND, [("21", "23"), (FIRST, None), (None, SECOND)]),
        (FIRST, [("21", "23")]),
        (THIRD, [("21", "23")]),
    ],
    ids=["the same", "the old line", "a third line"],
)
def test_an_edit_beside_a_pending_line_is_logged_at_once(
    site: Site, checker: Checker, last: str, expected: list[tuple[str | None, str | None]]
) -> None:
    edited = {"21 people": "23 people"}
    pages = [page_with(FIRST), *[page_with(SECOND, **edited)] * 2, *[page_with(last, **edited)] * 2]
    url = serve(site, pages)
    checker(url)
    assert checker(url).result.outcome == "edited"
    assert logged(checker.db) == [("21", "23")]
    assert unserved_sentences(checker.db) == set()
    checker(url)
    assert logged(checker.db) == expected
    assert unserved_sentences(checker.db) == set()


def test_a_headline_on_which_two_responses_disagree_is_one_that_was_served(
    site: Site, checker: Checker
) -> None:
    def page(headline: str, people: str) -> str:
        return article_html(headline).replace("21 people", people)

    pages = [page("Bridge opens", "21 people"), page("Bridge opens at last", "23 people"), page("Bridge is open", "23 people")]  # fmt: skip
    url = serve(site, pages)
    checker(url)
    checker(url)
    assert logged(checker.db) == [("21", "23")]
    assert unserved_sentences(checker.db) == set()
