"""A text that was left out as page noise, or flapped, and that later checks show steadily, is the article's."""

import itertools
from collections.abc import Callable, Sequence

import pytest

from storage.articles.exclusions import excluded_texts
from storage.diff.noise.exclusions import PageNoise
from storage.diff.steady import (
    MAX_LAPSES_ASKED_FOR,
    MAX_STEADY_CHECKS,
    MIN_STEADY_CHECKS,
    MIN_STEADY_TIME,
)
from storage.queries import articles as queries
from tests.support.checker import Checker
from tests.support.history import record_check
from tests.support.pages import article_html
from tests.support.site import Answer, Site

NEXT_PARAGRAPH = "<p>A second bridge"
ADDED = "The minister who had promised the bridge for last year resigned on Tuesday evening."
AD = "Win two nights in the hotel above the harbour with our summer quiz for readers."
HOURS_APART = MIN_STEADY_TIME.total_seconds() / 3600 / (MIN_STEADY_CHECKS - 1)


def page(line: str | None) -> str:
    """The article, with another paragraph among its own."""
    added = f"<p>{line}</p>" if line else ""
    return article_html().replace(NEXT_PARAGRAPH, added + NEXT_PARAGRAPH)


SENTENCES = (
    "",
    "The minister who had promised the bridge for last year resigned on Tuesday evening.",
    "The mayor of Norhaven called the whole bridge a scandal and asked for the accounts.",
    "A court will look into the price of the harbour bridge in the first week of June.",
)


# How each kind of text gets into the page when it flaps, and four readings of it. The first is what was stored.
TEXTS: dict[str, tuple[Callable[[str], str], Sequence[str]]] = {
    "words": (
        lambda text: article_html().replace("authority said", f"authority {text}"),
        ("said", "claimed", "denied", "guessed"),
    ),
    "numbers": (
        lambda text: article_html().replace("21 people", f"{text} people"),
        ("21", "23", "25", "27"),
    ),
    "names": (
        lambda text: article_html().replace("Mina Oswell", text),
        ("Mina Oswell", "Nora Pardee", "Jo Quell", "Ada Verrin"),
    ),
    "paragraphs": (lambda text: page(text or None), SENTENCES),
    "sentences of a paragraph": (
        lambda text: article_html().replace("every day.", f"every day. {text}".strip()),
        SENTENCES,
    ),
}  # fmt: skip
# What the two responses of each check show while the text flaps.
RHYTHMS = {
    "two new readings at one check": ["bc"],
    "two new readings at two checks": ["bc", "cb"],
    "two new readings, then another one at each check": ["bc", "dc", "cc", "bb", "cc", "bb"],
    "the old and a new reading": ["ab", "ba", "ab", "ba"],
    "another reading at each check": ["bb", "aa", "bb", "aa"],
    "everything": ["bc", "ab", "cd", "dd", "ca", "bb", "ac", "ba"],
}


def serve_in_turns(site: Site, *pages: str) -> None:
    """Give these pages to the next requests, one after the other, again and again."""
    bodies = itertools.cycle(html.encode() for html in pages)
    site.answers["/a"] = lambda headers: Answer(next(bodies))


def check_each(
    site: Site, checker: Checker, pages: Sequence[str], *, hours: float = HOURS_APART
) -> list[str]:
    """One check of each page, some hours after the one before; gives the outcomes."""
    outcomes = []
    for html in pages:
        url = site.page("/a", html)
        checker.clock.skip(hours=hours)
        outcomes.append(checker(url).result.outcome)
    return outcomes


def left_out_once(site: Site, checker: Checker, line: str = ADDED) -> None:
    """An edit that one of two responses lacks: it is left out."""
    checker(site.page("/a", page(None)))
    serve_in_turns(site, page(line), page(None))
    checker.clock.skip(hours=1)
    assert checker(site.url + "/a").result.outcome == "unchanged"
    assert [row["text"] for row in excluded_texts(checker.db, 1)] == [line]


def edits(checker: Checker) -> list[tuple[str | None, str | None]]:
    """The old and the new words of every edit."""
    return checker.db.execute("select old, new from edits order by id").fetchall()


def test_an_edit_that_one_of_two_caches_lacked_is_logged_once_it_lasts(
    site: Site, checker: Checker
) -> None:
    left_out_once(site, checker)
    outcomes = check_each(site, checker, [page(ADDED)] * (MIN_STEADY_CHECKS + 1))
    assert outcomes == ["unchanged"] * (MIN_STEADY_CHECKS - 1) + ["edited", "unchanged"]
    assert edits(checker) == [(None, ADDED)]
    assert ADDED in queries.version(checker.db, 1)["body"]


def test_a_text_that_counts_again_keeps_its_evidence(site: Site, checker: Checker) -> None:
    left_out_once(site, checker)
    check_each(site, checker, [page(ADDED)] * MIN_STEADY_CHECKS)
    [row] = excluded_texts(checker.db, 1)
    assert row["restored_at"]
    assert row["evidence"]["is_withdrawn"]
    assert row["evidence"]["checks"] == MIN_STEADY_CHECKS


def test_a_text_that_is_shown_for_minutes_stays_left_out(site: Site, checker: Checker) -> None:
    left_out_once(site, checker)
    outcomes = check_each(site, checker, [page(ADDED)] * (2 * MIN_STEADY_CHECKS), hours=0.1)
    assert set(outcomes) == {"unchanged"}


def test_an_ad_that_comes_and_goes_stays_left_out(site: Site, checker: Checker) -> None:
    left_out_once(site, checker, AD)
    shown = [page(AD)] * (MIN_STEADY_CHECKS - 1) + [page(None)]
    assert set(check_each(site, checker, shown * 4)) == {"unchanged"}
    assert edits(checker) == []


def test_an_ad_that_the_second_response_lacks_stays_left_out(site: Site, checker: Checker) -> None:
    left_out_once(site, checker, AD)
    check_each(site, checker, [page(AD)] * (MIN_STEADY_CHECKS - 1))
    serve_in_turns(site, page(AD), page(None))
    checker.clock.skip(hours=HOURS_APART)
    assert checker(site.url + "/a").result.outcome == "unchanged"
    assert set(check_each(site, checker, [page(AD)] * MIN_STEADY_CHECKS)) == {"unchanged"}


def test_a_text_of_the_first_version_comes_back_without_an_edit(
    site: Site, checker: Checker
) -> None:
    url = site.page("/a", page(ADDED))
    checker(url)
    noise = PageNoise(ADDED, first=ADDED, was_stored=True)
    record_check(checker.db, url, at=checker.clock.now(), page_noise=[noise])
    edited = page(ADDED).replace("21 people", "12 people")
    assert check_each(site, checker, [edited]) == ["edited"]
    assert ADDED not in queries.version(checker.db, 1)["body"]
    outcomes = check_each(site, checker, [edited] * MIN_STEADY_CHECKS)
    assert "technical" in outcomes
    assert ADDED in queries.version(checker.db, 1)["body"]
    assert ADDED not in {text for row in edits(checker) for text in row}


@pytest.mark.parametrize("times", [1, 2])
def test_what_a_sibling_shows_is_never_withdrawn(site: Site, checker: Checker, times: int) -> None:
    url = site.page("/a", page(None))
    checker(url)
    noise = PageNoise(AD, sibling=site.url + "/b")
    record_check(checker.db, url, at=checker.clock.now(), page_noise=[noise])
    shown = [page(AD)] * (MIN_STEADY_CHECKS * times + 1)
    assert set(check_each(site, checker, shown)) == {"unchanged"}


@pytest.mark.parametrize("text", ["a sentence", "a counter"])
def test_a_text_that_came_and_went_for_days_counts_again_once_it_lasts(
    site: Site, checker: Checker, text: str
) -> None:
    """Whoever lets it come and go for a while does not hide it for good."""
    line = {"a sentence": "{}" + ADDED, "a counter": "The flood has killed {} people in the valley."}[text]  # fmt: skip
    shown = [page(line.format(n if text == "a counter" else "")) for n in range(9)]
    checker(site.page("/a", page(None)))
    for pair in (shown[1], page(None) if text == "a sentence" else shown[2]), shown[3:5]:
        serve_in_turns(site, *pair)
        checker.clock.skip(hours=1)
        assert checker(site.url + "/a").result.outcome == "unchanged"
    check_each(site, checker, [shown[5], page(None)] * (MAX_LAPSES_ASKED_FOR + 1))
    outcomes = check_each(site, checker, [shown[6]] * (MAX_STEADY_CHECKS + 3))
    assert outcomes.count("edited") == 1
    assert edits(checker) == [(None, line.format(6 if text == "a counter" else ""))]


def test_a_text_that_was_left_out_again_after_it_counted_again_is_not_hidden_for_good(
    site: Site, checker: Checker
) -> None:
    left_out_once(site, checker)
    check_each(site, checker, [page(ADDED)] * MIN_STEADY_CHECKS + [page(None)] * 2)
    serve_in_turns(site, page(ADDED), page(None))
    checker.clock.skip(hours=60)
    checker(site.url + "/a")
    check_each(site, checker, [page(ADDED)] * MAX_STEADY_CHECKS)
    assert ADDED in queries.version(checker.db, 1)["body"]


@pytest.mark.parametrize("rhythm", RHYTHMS)
@pytest.mark.parametrize("kind", TEXTS)
def test_what_a_text_says_after_it_flapped_is_logged(
    site: Site, checker: Checker, kind: str, rhythm: str
) -> None:
    with_text, readings = TEXTS[kind]
    pages = {letter: with_text(text) for letter, text in zip("abcd", readings, strict=True)}
    serve_in_turns(site, pages["a"])
    url = site.url + "/a"
    for served in ("a", "a", *RHYTHMS[rhythm]):
        serve_in_turns(site, *(pages[letter] for letter in served))
        checker(url)
        checker.clock.skip(hours=2)
    serve_in_turns(site, pages["c"])
    for _ in range(MAX_STEADY_CHECKS + 4):
        checker.clock.skip(hours=4)
        checker(url)
    assert readings[2] in queries.version(checker.db, 1)["body"]
    logged = [row[0] for row in checker.db.execute("select new from edits order by id")]
    assert any(readings[2] in (text or "") for text in logged)
