"""A name that a publisher takes away from a reporter's articles is news; a new form of all bylines is not."""

import pytest

from schedules.check.settings import CheckSettings
from tests.support.checker import Checker
from tests.support.pages import STORIES, article_html
from tests.support.site import Answer, Site

HOURS = 3
REPORTERS = ("Ada Quell", "Ada Quell", "Ada Quell", "Ada Quell", "Tom Verrin", "Jo Pardee")


def publish(site: Site, names: tuple[str, ...]) -> list[str]:
    """Serve a story under each name, "" for none; gives their URLs."""
    urls = []
    for number, name in enumerate(names):
        headline, *paragraphs = STORIES[number]
        html = article_html(headline, tuple(paragraphs))
        byline = f"<div class=byline>By <a rel=author href=/p>{name}</a></div>" if name else ""
        urls.append(site.page(f"/news/{number}", html.replace("</h1>", f"</h1>{byline}")))
    return urls


def logged(site: Site, checker: Checker, before: tuple[str, ...], now: tuple[str, ...]) -> list[str]:  # fmt: skip
    """The articles of which an edit is logged after their names changed at once."""
    checker.settings = CheckSettings(learn="off")
    urls = publish(site, before)
    for names in (before, now, now):
        publish(site, names)
        for url in urls:
            checker(url)
        checker.clock.skip(hours=2)
    query = "select url from edit_log where field = 'byline' order by url"
    return [row["url"].rpartition("/")[2] for row in checker.db.query(query)]


@pytest.mark.parametrize("name", ["", "Harbour newsroom"])
def test_a_name_that_leaves_all_articles_of_one_reporter_is_an_edit_of_each(
    site: Site, checker: Checker, name: str
) -> None:
    now = tuple(name if one == "Ada Quell" else one for one in REPORTERS)
    assert logged(site, checker, REPORTERS, now) == ["0", "1", "2", "3"]


def test_a_house_that_signs_all_articles_otherwise_is_no_edit(site: Site, checker: Checker) -> None:
    assert logged(site, checker, ("Harbour Desk",) * 5, ("Harbour newsroom",) * 5) == []


def test_an_ending_that_all_names_get_is_no_edit(site: Site, checker: Checker) -> None:
    ended = tuple(f"{name}, Harbour Post" for name in REPORTERS)
    assert logged(site, checker, REPORTERS, ended) == []


def page(site: Site, names: tuple[str, ...], number: int) -> bytes:
    """The page of a story under its name."""
    publish(site, names)
    return bytes(site.answers[f"/news/{number}"].body)


def outcomes(checker: Checker, url: str, times: int) -> list[str]:
    found = []
    for _ in range(times):
        checker.clock.skip(hours=HOURS)
        found.append(checker(url).result.outcome)
    return found


def test_a_byline_that_one_of_two_responses_lacks_elsewhere_must_be_missing_for_long(
    site: Site, checker: Checker
) -> None:
    """Both responses to a check of one article may lack it by chance."""
    checker.settings = CheckSettings(learn="off")
    signed, unsigned = page(site, REPORTERS, 5), page(site, (*REPORTERS[:5], ""), 5)
    urls = publish(site, REPORTERS)
    for url in urls:
        checker(url)
    turns = iter((unsigned, signed))
    site.answers["/news/5"] = lambda headers: Answer(next(turns))
    assert outcomes(checker, urls[5], 1) == ["unchanged"]
    publish(site, ("", *REPORTERS[1:]))
    assert outcomes(checker, urls[0], 2) == ["unchanged"] * 2
    publish(site, REPORTERS)
    assert outcomes(checker, urls[0], 1) == ["unchanged"]
    publish(site, ("", *REPORTERS[1:]))
    assert outcomes(checker, urls[0], 6) == [*["unchanged"] * 4, "edited", "unchanged"]


def test_a_byline_that_leaves_one_article_is_an_edit_at_once_and_must_stay_when_it_returns(
    site: Site, checker: Checker
) -> None:
    checker.settings = CheckSettings(learn="off")
    urls = publish(site, REPORTERS)
    for url in urls:
        checker(url)
    publish(site, ("", *REPORTERS[1:]))
    assert outcomes(checker, urls[0], 1) == ["edited"]
    publish(site, REPORTERS)
    assert outcomes(checker, urls[0], 6) == [*["unchanged"] * 4, "edited", "unchanged"]
