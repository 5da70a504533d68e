"""An edit that was taken back is recorded; a cache that has the old pages is none."""

from collections.abc import Callable
from dataclasses import replace

from schedules.replay.rebuild import replay
from storage.queries.differences import difference
from tests.diff.siblings.stories import Story, plain, story
from tests.support.checker import Checker
from tests.support.site import Answer, Site

ARTICLES = 5
NEWS = (
    "The owners withdrew their complaint against the town late on Friday.",
    "Two divers searched the basin until it was too dark to see.",
    "A neighbour filmed the arrival of the crane from her balcony.",
    "Nobody at the ministry wanted to say who had signed the order.",
    "The choir will sing in the gymnasium until the hall is dry.",
)


def with_news(told: Story) -> Story:
    return replace(told, paragraphs=(*told.paragraphs, NEWS[told.number]))


def as_it_was(told: Story) -> Story:
    return told


def serve(site: Site, change: Callable[[Story], Story], *numbers: int) -> None:
    """Serve the articles of these numbers; without any all."""
    for number in numbers or range(ARTICLES):
        site.page(f"/news/{number}", plain(change(story(number))))


def check_all(site: Site, checker: Checker, *hours: float) -> None:
    """Check every article after each of these times."""
    for step in hours:
        checker.clock.skip(hours=step)
        for number in range(ARTICLES):
            checker(f"{site.url}/news/{number}")


def watch(site: Site, checker: Checker) -> None:
    serve(site, as_it_was)
    check_all(site, checker, 0, 1)


def versions(checker: Checker) -> list[tuple[int, int | None]]:
    """The id of the article and the version that it went back to, of each version by an edit."""
    sql = "select article_id, reverts_to from versions where number > 1 and not technical order by article_id, number"
    return list(checker.db.execute(sql).fetchall())


def test_old_pages_for_everybody_are_no_edit(site: Site, checker: Checker) -> None:
    """Nothing on these pages says when they were written."""
    watch(site, checker)
    serve(site, with_news, 0, 2, 3)
    check_all(site, checker, 1)
    serve(site, as_it_was)
    check_all(site, checker, 0.5, 1, 2, 4, 6, 8)
    serve(site, with_news, 0, 2, 3)
    check_all(site, checker, 1, 6)
    assert versions(checker) == [(1, None), (3, None), (4, None)]


def test_a_rebuild_finds_no_edit_in_old_pages(site: Site, checker: Checker) -> None:
    watch(site, checker)
    serve(site, with_news, 0, 2, 3)
    check_all(site, checker, 1)
    serve(site, as_it_was)
    check_all(site, checker, 0.5, 1, 2, 4)
    for number in range(ARTICLES):
        url = f"{site.url}/news/{number}"
        assert not difference(checker.db, replay(checker.db, number + 1, url))


def test_an_edit_that_was_taken_back_counts_at_the_second_check_if_others_stay(
    site: Site, checker: Checker
) -> None:
    watch(site, checker)
    serve(site, with_news, 0, 2, 3)
    check_all(site, checker, 1)
    serve(site, as_it_was, 2)
    check_all(site, checker, 1)
    assert versions(checker) == [(1, None), (3, None), (4, None)]
    check_all(site, checker, 0.1)
    assert versions(checker) == [(1, None), (3, None), (3, 1), (4, None)]


def test_an_edit_that_was_taken_back_counts_at_once_if_the_page_is_dated_later(
    site: Site, checker: Checker
) -> None:
    texts = (as_it_was, with_news, as_it_was)
    outcomes = []
    for day, change in enumerate(texts, start=14):
        stamp = f'<meta property="article:modified_time" content="2026-05-{day}T08:00:00Z"></head>'
        site.page("/a", plain(change(story(2))).replace("</head>", stamp))
        outcomes.append(checker(site.url + "/a").result.outcome)
        checker.clock.skip(hours=1)
    assert outcomes == ["new", "edited", "edited"]


def test_an_old_page_in_both_responses_of_one_check_is_no_edit(
    site: Site, checker: Checker
) -> None:
    """A cache that answers two in five requests has both of a check in one of six."""
    old, new = story(2), with_news(story(2))
    served = (old, new, new, old, old, new, old, old, new)
    assert outcomes_of(site, checker, *served) == [
        "new",
        "edited",
        "failed",
        "unchanged",
        "failed",
        "unchanged",
    ]


def test_a_body_that_goes_back_and_forth_is_logged_there_and_back_once(
    site: Site, checker: Checker
) -> None:
    watch(site, checker)
    for change in (with_news, as_it_was, with_news, as_it_was, with_news):
        serve(site, change, 2)
        check_all(site, checker, 1, 0.1)
    assert versions(checker) == [(3, None), (3, 1)]


def test_a_text_that_came_back_for_good_counts_after_days(site: Site, checker: Checker) -> None:
    watch(site, checker)
    serve(site, with_news, 0, 2, 3)
    check_all(site, checker, 1)
    serve(site, as_it_was)
    check_all(site, checker, *(8,) * 12)
    assert versions(checker) == [(1, None), (1, 1), (3, None), (3, 1), (4, None), (4, 1)]


def test_an_old_page_and_a_new_one_in_one_check_prove_no_noise(
    site: Site, checker: Checker
) -> None:
    old, new = (plain(change(story(2))).encode() for change in (as_it_was, with_news))
    answers = iter([old, new, new, old, new, new])
    site.answers["/a"] = lambda headers: Answer(next(answers))
    outcomes = []
    for _ in range(4):
        outcomes.append(checker(site.url + "/a").result.outcome)
        checker.clock.skip(hours=1)
    assert outcomes == ["new", "edited", "failed", "unchanged"]
    assert checker.db["exclusions"].count == 0


def with_other_headline(told: Story) -> Story:
    return replace(told, headline=f"What you should know about town {told.number} tonight")


def outcomes_of(site: Site, checker: Checker, *answers: Story) -> list[str]:
    """The outcomes of checks four hours apart, until each of these pages was the answer to a request."""
    left = [plain(told).encode() for told in answers]
    site.answers["/a"] = lambda headers: Answer(left.pop(0))
    outcomes = []
    while left:
        checker.clock.skip(hours=4)
        outcomes.append(checker(site.url + "/a").result.outcome)
    return outcomes


def test_a_headline_that_two_fetches_had_in_turns_is_no_edit(site: Site, checker: Checker) -> None:
    one, other = story(2), with_other_headline(story(2))
    served = (one, other, one, other, other, one, other, other)
    assert outcomes_of(site, checker, *served) == ["new", *["unchanged"] * 4]


def test_a_headline_that_one_check_saw_beside_another_counts_at_the_second(
    site: Site, checker: Checker
) -> None:
    one, other = story(2), with_other_headline(story(2))
    outcomes = outcomes_of(site, checker, one, other, one, *[other] * 5)
    assert outcomes == ["new", "unchanged", "unchanged", "edited", "unchanged"]


def test_a_headline_that_two_checks_saw_beside_another_counts_once_it_lasts(
    site: Site, checker: Checker
) -> None:
    one, other = story(2), with_other_headline(story(2))
    outcomes = outcomes_of(site, checker, one, other, one, other, one, *[other] * 7)
    assert outcomes == ["new", *["unchanged"] * 4, "edited", "unchanged"]


def test_a_headline_that_comes_back_a_second_time_must_last(site: Site, checker: Checker) -> None:
    one, other = story(2), with_other_headline(story(2))
    served = (one, other, other, one, one, one, one, other, other, one)
    assert outcomes_of(site, checker, *served) == [
        "new",
        "edited",
        "failed",
        "edited",
        "failed",
        "unchanged",
    ]


def test_an_edit_that_one_of_two_caches_lacks_is_logged_once_it_lasts(
    site: Site, checker: Checker
) -> None:
    old, new = story(2), replace(story(2), paragraphs=(NEWS[2], *story(2).paragraphs[1:]))
    served = (old, new, old, *[new] * 6)
    outcomes = outcomes_of(site, checker, *served)
    assert outcomes == ["new", *["unchanged"] * 3, "edited"]
    edits = checker.db.execute("select old, new from edits").fetchall()
    assert edits == [(story(2).paragraphs[0], None), (None, NEWS[2])]


def test_an_old_text_waits_if_another_article_showed_both(site: Site, checker: Checker) -> None:
    watch(site, checker)
    serve(site, with_news, 0, 2, 3)
    check_all(site, checker, 1)
    both = [plain(change(story(0))).encode() for change in (as_it_was, with_news)]
    turns = iter(both)
    site.answers["/news/0"] = lambda headers: Answer(next(turns))
    checker.clock.skip(hours=1)
    assert checker(f"{site.url}/news/0").result.outcome == "failed"
    serve(site, with_news, 0)
    serve(site, as_it_was, 2)
    checker.clock.skip(hours=1)
    assert checker(f"{site.url}/news/2").result.unconfirmed
