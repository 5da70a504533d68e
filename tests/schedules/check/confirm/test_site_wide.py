"""A fault that spoils all articles of a site, each in its own way, is no edit, through `run`; one article's change is."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from schedules.daemon.runner import check_due
from schedules.replay.rebuild import replay
from storage.articles.watch import set_state, watch_article
from storage.queries.differences import difference
from tests.diff.siblings.stories import Story, house, magazine, plain, story
from tests.support.checker import Checker
from tests.support.site import Answer, Site

ARTICLES = 5
Spoil = Callable[[Story], Story]
HOURS_OFF = (0.5, 1, 2, 4, 9, 20)


def next_story(told: Story) -> Story:
    return story((told.number + 1) % ARTICLES)


def tail_lost(told: Story) -> Story:
    return replace(told, paragraphs=told.paragraphs[:4])


def start_lost(told: Story) -> Story:
    return replace(told, paragraphs=told.paragraphs[3:])


def last_sentence_lost(told: Story) -> Story:
    *others, last = told.paragraphs
    rest = last[: last.rfind(". ") + 1]
    return replace(told, paragraphs=(*others, rest) if rest else tuple(others))


def longer_or_shorter_tail_lost(told: Story) -> Story:
    """The second half of most articles is missing; of two it is a sentence or two, a tenth of the text."""
    is_short = told.number in (1, 3)
    return last_sentence_lost(told) if is_short else tail_lost(told)


def preview(told: Story) -> Story:
    return replace(told, paragraphs=(told.paragraphs[0], "The other pages turn in our app."))


def next_text(told: Story) -> Story:
    return replace(told, paragraphs=next_story(told).paragraphs)


def other_words(told: Story) -> Story:
    """Every letter is another one, as in a translation; the numbers stay."""
    letters = str.maketrans("aeioustrnlmdhc", "eioauntrslcmhd")
    return replace(told, paragraphs=tuple(text.translate(letters) for text in told.paragraphs))


def unwatched_below(told: Story) -> Story:
    """An article that nobody watches follows below."""
    below = story(told.number + 40)
    return replace(told, paragraphs=(*told.paragraphs, below.headline, *below.paragraphs))


FAULTS = [
    tail_lost,
    longer_or_shorter_tail_lost,
    start_lost,
    preview,
    next_text,
    other_words,
    unwatched_below,
]


def serve(site: Site, change: Spoil = lambda told: told) -> None:
    for number in range(ARTICLES):
        site.page(f"/news/{number}", house(change(story(number))))


def run_daemon(checker: Checker, hours: tuple[float, ...]) -> None:
    for step in hours:
        checker.clock.skip(hours=step)
        checker.run(lambda network: check_due(checker.db, network, jobs=2, report=lambda _: None))


@pytest.fixture
def watched(site: Site, checker: Checker) -> Checker:
    """A checker whose daemon has watched the articles of the site for two hours."""
    serve(site)
    for number in range(ARTICLES):
        watch_article(checker.db, f"{site.url}/news/{number}", at=checker.clock.now())
    run_daemon(checker, (0, 1, 1))
    return checker


def logged(checker: Checker) -> list[str]:
    return sorted(row["new"] or row["old"] for row in checker.db.query("select old, new from edits"))  # fmt: skip


def edited(told: Story) -> Story:
    paragraphs = tuple(text.replace("counted 702", "counted 902") for text in told.paragraphs)
    return replace(told, paragraphs=paragraphs)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_what_a_site_does_to_all_articles_is_no_edit_and_hides_none(
    site: Site, watched: Checker, fault: Spoil
) -> None:
    serve(site, lambda told: fault(edited(told)))
    run_daemon(watched, HOURS_OFF)
    serve(site, edited)
    run_daemon(watched, (1, 6, 30))
    assert logged(watched) == ["902"]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_a_rebuild_finds_no_edit_in_what_the_site_did_to_all_articles(
    site: Site, watched: Checker, fault: Spoil
) -> None:
    serve(site, fault)
    run_daemon(watched, HOURS_OFF)
    for number in range(ARTICLES):
        url = f"{site.url}/news/{number}"
        assert not difference(watched.db, replay(watched.db, number + 1, url))


@pytest.mark.parametrize("change", [tail_lost, start_lost, unwatched_below], ids=lambda change: change.__name__)  # fmt: skip
def test_what_becomes_of_one_article_is_an_edit_at_once(
    site: Site, watched: Checker, change: Spoil
) -> None:
    serve(site, lambda told: change(told) if told.number == 2 else told)
    run_daemon(watched, (3,))
    assert logged(watched) != []


def test_reports_that_are_rewritten_alike_at_once_count_after_hours(
    site: Site, watched: Checker
) -> None:
    """Each tells its own story in nearly the words of the others, as reports of polling stations do."""

    def rewritten(told: Story) -> Story:
        lines = (
            f"When the last of the polling stations closed in {told.author}'s ward, {told.number + 611} votes were in the box.",
            f"{told.author} watched the count for the party until midnight and found no fault with any of its {told.number + 31} lists.",
            f"The recount that was demanded by {told.author} will take another {told.number + 12} days, said the clerk of the town hall.",
        )
        return replace(told, paragraphs=(*told.paragraphs[:3], *lines))

    serve(site, lambda told: rewritten(told) if told.number < 3 else told)
    outcomes: dict[int, list[str]] = {number: [] for number in range(ARTICLES)}
    for _ in range(5):
        watched.clock.skip(hours=4)
        for number, earlier in outcomes.items():
            earlier.append(watched(f"{site.url}/news/{number}").result.outcome)
    assert [earlier[0] for earlier in outcomes.values()] == ["failed"] * 3 + ["unchanged"] * 2
    assert [earlier.count("edited") for earlier in outcomes.values()] == [1, 1, 1, 0, 0]


def test_a_last_paragraph_and_a_longer_end_that_leave_at_once_count_after_hours(
    site: Site, watched: Checker
) -> None:
    serve(site, lambda told: longer_or_shorter_tail_lost(told) if told.number in (2, 3) else told)
    outcomes = []
    for _ in range(4):
        watched.clock.skip(hours=4)
        outcomes.append([watched(f"{site.url}/news/{n}").result.outcome for n in range(ARTICLES)])
    assert [row.count("edited") for row in zip(*outcomes, strict=True)] == [0, 0, 1, 1, 0]


def test_last_paragraphs_that_leave_two_articles_at_once_are_edits_at_once(
    site: Site, watched: Checker
) -> None:
    serve(site, lambda told: longer_or_shorter_tail_lost(told) if told.number in (1, 3) else told)
    run_daemon(watched, (3,))
    assert len(logged(watched)) >= 2


def test_a_text_that_a_site_shortened_for_good_counts_after_a_week(
    site: Site, watched: Checker
) -> None:
    serve(site, tail_lost)
    run_daemon(watched, (6,) * 26)
    assert logged(watched) == []
    run_daemon(watched, (6,) * 8)
    assert watched.db.execute("select count(distinct article_id) from edits").fetchone() == (ARTICLES,)  # fmt: skip


def test_an_article_that_is_checked_late_is_no_edit_while_all_others_fail(
    site: Site, watched: Checker
) -> None:
    """Every sibling failed hours ago, so one is asked again."""
    serve(site, tail_lost)
    late = f"{site.url}/news/2"
    set_state(watched.db, late, "paused", at=watched.clock.now())
    for number in (0, 1, 3, 4):
        assert watched(f"{site.url}/news/{number}").result.outcome == "failed"
    watch_article(watched.db, late, at=watched.clock.now())
    watched.clock.skip(hours=9)
    checked = watched(late)
    assert (checked.result.outcome, len(checked.siblings)) == ("failed", 1)


def test_an_article_that_changes_widely_is_an_edit_though_others_failed_hours_ago(
    site: Site, watched: Checker
) -> None:
    serve(site, tail_lost)
    late = f"{site.url}/news/2"
    set_state(watched.db, late, "paused", at=watched.clock.now())
    for number in (0, 1, 3, 4):
        watched(f"{site.url}/news/{number}")
    serve(site, lambda told: tail_lost(told) if told.number == 2 else told)
    watch_article(watched.db, late, at=watched.clock.now())
    watched.clock.skip(hours=9)
    assert watched(late).result.outcome == "edited"


def test_a_long_block_that_a_site_adds_to_all_articles_hides_no_edit(
    site: Site, watched: Checker
) -> None:
    block = story(77).paragraphs

    def with_block(told: Story) -> Story:
        return replace(told, paragraphs=(*told.paragraphs, *block))

    serve(site, with_block)
    run_daemon(watched, (3, 3, 8))
    serve(site, lambda told: with_block(edited(told)))
    run_daemon(watched, (8, 8, 30))
    assert logged(watched) == ["902"]


def test_the_next_article_below_the_own_one_is_no_edit_and_hides_none(
    site: Site, watched: Checker
) -> None:
    def endless(told: Story) -> Story:
        below = next_story(told)
        return replace(told, paragraphs=(*told.paragraphs, below.headline, *below.paragraphs))

    serve(site, lambda told: endless(edited(told)))
    run_daemon(watched, HOURS_OFF)
    assert logged(watched) == ["902"]
    serve(site, edited)
    run_daemon(watched, (1, 6, 30))
    assert logged(watched) == ["902"]


def test_a_text_in_a_wrong_encoding_is_no_edit(site: Site, watched: Checker) -> None:
    def with_umlauts(told: Story) -> Story:
        texts = (text.replace("a", "ä").replace("u", "ü") for text in told.paragraphs)
        return replace(told, paragraphs=tuple(texts))

    site.page("/solo", magazine(with_umlauts(story(9))))
    assert watched(site.url + "/solo").result.outcome == "new"
    for spoiled in (
        magazine(with_umlauts(story(9))).encode().decode("cp1252", "replace").encode(),
        magazine(with_umlauts(story(9))).encode("ascii", "replace"),
    ):
        site.answers["/solo"] = Answer(spoiled, headers={"Content-Type": "text/html; charset=utf-8"})  # fmt: skip
        for _ in range(4):
            watched.clock.skip(hours=9)
            assert watched(site.url + "/solo").result.outcome == "failed"
    assert logged(watched) == []


NUMBERS, WALLED = (1, 2, 3, 4, 5), (1, 2)
WALL = "Please identify yourself so that we can show you the remaining paragraphs."
NEWS = "Late in the evening the clerk of the harbour added that 310 more letters had come from the islands."


def walled(told: Story) -> Story:
    return replace(told, paragraphs=(*told.paragraphs[:3], WALL))


def with_news(told: Story) -> Story:
    """The story with a sentence more in the part before the wall."""
    first, second, *others = told.paragraphs
    return replace(told, paragraphs=(first, f"{second} {NEWS}", *others))


def answer(told: Story) -> Answer:
    return Answer(plain(told).encode(), headers={"Content-Type": "text/html; charset=utf-8"})


@pytest.fixture
def urls(site: Site, checker: Checker) -> list[str]:
    """Five articles, each checked twice."""
    urls = [site.page(f"/news/{number}", plain(story(number))) for number in NUMBERS]
    for _ in range(2):
        for url in urls:
            checker(url)
        checker.clock.skip(hours=1)
    return urls


def test_a_wall_behind_an_edited_beginning_is_no_edit_and_hides_none(
    site: Site, checker: Checker, urls: list[str]
) -> None:
    for number in WALLED:
        site.page(f"/news/{number}", plain(walled(story(number))))
    for url in urls[:2]:
        assert checker(url).result.outcome == "failed"
    site.page("/news/2", plain(walled(with_news(story(2)))))
    for hours in (1, 3, 5, 9, 20):
        checker.clock.skip(hours=hours)
        outcomes = [checker(url).result.outcome for url in urls]
        assert outcomes == ["failed"] * 2 + ["unchanged"] * 3
    site.page("/news/1", plain(story(1)))
    site.page("/news/2", plain(with_news(story(2))))
    checker.clock.skip(hours=1)
    assert [checker(url).result.outcome for url in urls[:2]] == ["unchanged", "edited"]
    assert logged(checker) == [NEWS]


def test_a_wall_in_the_second_response_takes_nothing_from_the_first(
    site: Site, checker: Checker, urls: list[str]
) -> None:
    told = story(1)
    edited = replace(told, paragraphs=tuple(text.replace("586 hours", "612 hours") for text in told.paragraphs))  # fmt: skip
    answers = iter([answer(one) for one in (edited, walled(edited), *(edited,) * 4)])
    site.answers["/news/1"] = lambda headers: next(answers)
    outcomes = []
    for _ in range(3):
        outcomes.append(checker(urls[0]).result.outcome)
        checker.clock.skip(hours=1)
    assert outcomes == ["failed", "unchanged", "edited"]
    assert logged(checker) == ["612"]
    assert checker.db["exclusions"].count == 0
