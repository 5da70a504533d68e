"""What a sibling shows, too, is the publisher's: through checks, with the requests that they cost."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from schedules.check import check
from schedules.check.settings import CheckSettings
from schedules.hosts.network import Network
from schedules.replay.rebuild import replay
from storage.articles.watch import stop_watching
from storage.queries.differences import difference
from tests.diff.siblings.stories import Story, plain, story
from tests.support.checker import Checker
from tests.support.site import Answer, Site

PITCH = (
    "<p>Our letter brings the coast to 4,100 readers every morning, and it costs you nothing.</p>"
)
OTHER_PITCH = (
    "<p>Become a member of the lighthouse club and read us without a single advertisement.</p>"
)
NOTE = "<p>Correction: an earlier version of this article gave a wrong number of visitors.</p>"
NEWS = "The owners of the mill withdrew their complaint against the town late on Friday."


def serve(site: Site, numbers: range | list[int], line: str = "", edit: Callable[[Story], Story] = lambda one: one) -> list[str]:  # fmt: skip
    """Serve these stories, with a line of the publisher's after the third paragraph; gives their URLs."""
    urls = []
    for number in numbers:
        told = edit(story(number))
        html = plain(told).replace(f"<p>{told.paragraphs[3]}", f"{line}<p>{told.paragraphs[3]}")
        urls.append(site.page(f"/news/{number}", html))
    return urls


def with_news(told: Story) -> Story:
    return replace(told, paragraphs=(*told.paragraphs[:5], NEWS, *told.paragraphs[5:]))


def check_twice(checker: Checker, urls: list[str]) -> None:
    """Two checks of each article, an hour apart, and an hour after them."""
    for _ in range(2):
        for url in urls:
            checker(url)
        checker.clock.skip(hours=1)


def pages_asked(site: Site) -> list[str]:
    """The path of every request for a page, in order."""
    return [path for path in site.paths() if path != "/robots.txt"]


def edits(checker: Checker) -> list[str]:
    return [row["new"] or row["old"] for row in checker.db.query("select old, new from edits")]


def test_a_line_that_a_sibling_shows_too_is_no_edit(site: Site, checker: Checker) -> None:
    urls = serve(site, range(3))
    check_twice(checker, urls)
    serve(site, range(3), PITCH)
    assert [checker(url).result.outcome for url in urls] == ["unchanged"] * 3
    assert edits(checker) == []


def test_the_proof_names_the_sibling(site: Site, checker: Checker) -> None:
    first, second = serve(site, range(2))
    check_twice(checker, [first, second])
    serve(site, range(2), PITCH)
    checker(first)
    evidence = checker.db.execute("select evidence from exclusions where article_id = 1")
    assert [json.loads(row[0])["sibling"] for row in evidence] == [second]


def test_the_check_of_the_sibling_is_moved_up_and_recorded(site: Site, checker: Checker) -> None:
    first, second = serve(site, range(2))
    check_twice(checker, [first, second])
    serve(site, range(2), PITCH)
    checked = checker(first)
    assert [one.result.url for one in checked.siblings] == [second]
    outcomes = checker.db.execute("select outcome from fetches where article_id = 2 and id > 4")
    assert [row[0] for row in outcomes] == ["unchanged", "unchanged"]


def with_topical_news(told: Story) -> Story:
    news = f"In other words: {told.paragraphs[2]}"
    return replace(told, paragraphs=(*told.paragraphs[:5], news, *told.paragraphs[5:]))


@pytest.mark.parametrize(
    ("edit", "requests"),
    [(with_topical_news, 3), (with_news, 5)],
    ids=["topical: one", "foreign: three"],
)
def test_a_paragraph_of_one_article_costs_a_few_more_requests(
    site: Site, checker: Checker, edit: Callable[[Story], Story], requests: int
) -> None:
    urls = serve(site, range(6))
    check_twice(checker, urls)
    serve(site, [0], edit=edit)
    site.requests.clear()
    assert checker(urls[0]).result.outcome == "edited"
    assert (len(edits(checker)), len(pages_asked(site))) == (1, requests)


def test_a_line_that_reaches_one_article_after_the_other_over_a_day_is_no_edit(
    site: Site, checker: Checker
) -> None:
    urls = serve(site, range(6), PITCH)
    check_twice(checker, urls)
    for shown in range(0, 6, 2):
        serve(site, [shown, shown + 1], OTHER_PITCH)
        for url in urls:
            checker(url)
        checker.clock.skip(hours=7)
    assert edits(checker) == []


def test_a_line_about_which_siblings_disagree_for_hours_is_an_edit(
    site: Site, checker: Checker
) -> None:
    urls = serve(site, range(4))
    check_twice(checker, urls)
    serve(site, range(2), f"<p>{NEWS}</p>")
    for hours in (1, 6):
        assert edits(checker) == []
        for url in urls[:2]:
            checker(url)
        checker.clock.skip(hours=hours)
    for url in urls[:2]:
        checker(url)
    assert edits(checker) == [NEWS, NEWS]


def test_a_sibling_fetched_minutes_ago_is_not_fetched_again(site: Site, checker: Checker) -> None:
    urls = serve(site, range(4))
    check_twice(checker, urls)
    serve(site, range(4), PITCH)
    site.requests.clear()
    for url in urls:
        checker(url)
    # Two requests for each article, and a third for those that were checked twice.
    assert len(pages_asked(site)) == 10


def test_an_article_without_a_sibling_is_edited(site: Site, checker: Checker) -> None:
    (url,) = serve(site, range(1))
    check_twice(checker, [url])
    serve(site, range(1), PITCH)
    assert checker(url).result.outcome == "edited"


def test_a_sibling_that_fails_proves_nothing(site: Site, checker: Checker) -> None:
    first, second = serve(site, range(2))
    check_twice(checker, [first, second])
    serve(site, range(2), PITCH)
    site.answers["/news/1"] = Answer(status=500)
    assert checker(first).result.outcome == "edited"


def test_the_same_text_under_another_address_is_no_sibling(site: Site, checker: Checker) -> None:
    (first,) = serve(site, range(1))
    copy = site.page("/agency/77", plain(story(0)))
    check_twice(checker, [first, copy])
    serve(site, range(1), edit=with_news)
    site.page("/agency/77", plain(with_news(story(0))))
    assert checker(first).result.outcome == "edited"


def test_an_article_of_another_host_is_no_sibling(site: Site, checker: Checker) -> None:
    (first,) = serve(site, range(1))
    elsewhere = site.page("/news/1", plain(story(1))).replace("127.0.0.1", "localhost")
    check_twice(checker, [first, elsewhere])
    serve(site, range(2), PITCH)
    assert checker(first).result.outcome == "edited"


def test_a_correction_note_in_two_articles_is_two_edits(site: Site, checker: Checker) -> None:
    urls = serve(site, range(2))
    check_twice(checker, urls)
    serve(site, range(2), NOTE)
    for url in urls:
        checker(url)
    kinds = checker.db.execute("select kind from edits").fetchall()
    assert kinds == [("correction_note",)] * 2


def test_a_paused_sibling_is_not_asked(site: Site, checker: Checker) -> None:
    first, second = serve(site, range(2))
    check_twice(checker, [first, second])
    stop_watching(checker.db, second, at=checker.clock.now())
    serve(site, range(2), PITCH)
    site.requests.clear()
    checker(first)
    assert pages_asked(site) == ["/news/0"] * 2


def test_a_dry_run_asks_no_sibling(site: Site, checker: Checker) -> None:
    first, second = serve(site, range(2))
    check_twice(checker, [first, second])
    serve(site, range(2), PITCH)
    before = checker.db["fetches"].count
    checker.run(lambda network: dry_check(checker, first, network))
    assert checker.db["fetches"].count == before


async def dry_check(checker: Checker, url: str, network: Network) -> None:
    await check(checker.db, url, network, dry_run=True)


EXCHANGES = [("all at once", [[0, 1, 2]]), ("one after the other", [[0], [0, 1], [0, 1, 2]])]


@pytest.mark.parametrize("rounds", [rounds for _, rounds in EXCHANGES], ids=[name for name, _ in EXCHANGES])  # fmt: skip
def test_an_exchanged_line_is_no_edit(site: Site, checker: Checker, rounds: list[list[int]]) -> None:  # fmt: skip
    urls = serve(site, range(3), PITCH)
    check_twice(checker, urls)
    for exchanged in rounds:
        serve(site, exchanged, OTHER_PITCH)
        for url in urls:
            checker(url)
        checker.clock.skip(hours=1)
    assert edits(checker) == []


def test_an_edit_beside_an_exchanged_line_is_logged(site: Site, checker: Checker) -> None:
    urls = serve(site, range(3), PITCH)
    check_twice(checker, urls)
    serve(site, range(3), OTHER_PITCH)
    serve(site, [1], OTHER_PITCH, with_news)
    for url in urls:
        checker(url)
    assert edits(checker) == [NEWS]


def headed(headlines: list[str]) -> Callable[[Story], Story]:
    """Stories with other headlines."""
    return lambda told: replace(told, headline=headlines[told.number])


UNRELATED = ["Bridge reopens early", "Library was sold", "Orchards win a prize"]
RELATED = ["Mill fire still burns", "Mayor visits burned mill", "Who insured that mill?"]
COUNT = "<p>Every morning we write to {} readers about what the day will bring.</p>"


def log_count(site: Site, checker: Checker, headlines: list[str], numbers: list[int]) -> list[str]:
    """The edits that are logged when a number in a line changed, in the first article and on `numbers`."""
    checker.settings = CheckSettings(learn="off")  # three articles would teach the line
    edit = headed(headlines)
    urls = serve(site, numbers, COUNT.format("683"), edit)
    check_twice(checker, urls)
    serve(site, numbers, COUNT.format("690"), edit)
    site.requests.clear()
    checker(urls[0])
    return edits(checker)


def test_a_count_that_articles_on_other_subjects_show_is_no_edit(site: Site, checker: Checker) -> None:  # fmt: skip
    assert log_count(site, checker, UNRELATED, [0, 1, 2]) == []
    assert pages_asked(site) == ["/news/0"] * 2


def test_a_count_in_articles_on_one_subject_is_an_edit(site: Site, checker: Checker) -> None:
    assert len(log_count(site, checker, RELATED, [0, 1, 2])) == 1


def test_a_count_that_one_other_article_shows_is_an_edit(site: Site, checker: Checker) -> None:
    assert len(log_count(site, checker, UNRELATED, [0, 1])) == 1


def test_a_rebuild_takes_the_same_count_for_the_publishers(site: Site, checker: Checker) -> None:
    log_count(site, checker, UNRELATED, [0, 1, 2])
    assert not difference(checker.db, replay(checker.db, 1, f"{site.url}/news/0"))


def test_a_paragraph_removed_from_both_copies_of_a_story_is_two_edits(site: Site, checker: Checker) -> None:  # fmt: skip
    def serve_copies(told: Story) -> list[str]:
        pitches = PITCH + OTHER_PITCH + COUNT.format(12) + NOTE.replace("Correction", "Read us")
        html = plain(told).replace("</div></article>", f"{pitches}</div></article>")
        return [site.page(path, html) for path in ("/news/0", "/agency/77")]

    def without_paragraph(told: Story) -> Story:
        return replace(told, paragraphs=told.paragraphs[:4] + told.paragraphs[5:])

    urls = serve_copies(with_news(story(0)))
    check_twice(checker, urls)
    serve_copies(without_paragraph(with_news(story(0))))
    for url in urls:
        checker(url)
    assert edits(checker) == [with_news(story(0)).paragraphs[4]] * 2


def test_a_paragraph_that_comes_where_a_pitch_leaves_is_an_edit(site: Site, checker: Checker) -> None:  # fmt: skip
    urls = serve(site, range(3), PITCH)
    check_twice(checker, urls)
    own = "In other words: " + story(1).paragraphs[2]
    serve(site, [0, 2])
    serve(site, [1], f"<p>{own}</p>")
    checker(urls[1])
    assert edits(checker) == [own]


TOPICAL = "In other words: " + story(0).paragraphs[2]


@pytest.mark.parametrize(
    ("exchanged", "logged"),
    [([0, 1, 2], []), ([0], [TOPICAL])],
    ids=["in the others too", "in one article"],
)
def test_the_next_check_decides_on_a_topical_line_in_the_place_of_a_pitch(
    site: Site, checker: Checker, exchanged: list[int], logged: list[str]
) -> None:
    urls = serve(site, range(3), PITCH, headed(UNRELATED))
    check_twice(checker, urls)
    serve(site, [0], f"<p>{TOPICAL}</p>", headed(UNRELATED))
    assert checker(urls[0]).result.pending
    assert edits(checker) == []
    checker.clock.skip(hours=1)
    serve(site, exchanged, f"<p>{TOPICAL}</p>", headed(UNRELATED))
    checker(urls[0])
    assert edits(checker) == logged


def test_an_edit_of_the_sibling_is_found_by_its_check(site: Site, checker: Checker) -> None:
    first, second = serve(site, range(2))
    check_twice(checker, [first, second])
    serve(site, [0], PITCH)
    serve(site, [1], PITCH, with_news)
    checked = checker(first)
    assert [one.result.outcome for one in (checked, *checked.siblings)] == ["unchanged", "edited"]


def test_a_rebuild_finds_the_same_siblings(site: Site, checker: Checker) -> None:
    urls = serve(site, range(3), PITCH)
    check_twice(checker, urls)
    serve(site, range(3), OTHER_PITCH)
    serve(site, [1], OTHER_PITCH, with_news)
    for url in urls:
        checker(url)
    for number, url in enumerate(urls, 1):
        assert not difference(checker.db, replay(checker.db, number, url))


def test_a_rebuild_takes_what_a_sibling_showed_next_for_its_answer(
    site: Site, checker: Checker
) -> None:
    first, second = serve(site, range(2))
    check_twice(checker, [first, second])
    stop_watching(checker.db, second, at=checker.clock.now())
    serve(site, range(2), PITCH)
    checker(first)
    assert len(edits(checker)) == 1
    checker.clock.skip(hours=3)
    checker(second)
    replayed = replay(checker.db, 1, first)
    assert len(difference(checker.db, replayed).removed_edits) == 1
