"""A page that is not the article is never an edit, however long it is served; real edits are found after it."""

import json
from collections.abc import Callable
from datetime import timedelta
from itertools import count

import pytest

from storage.database import Row
from tests.support.checker import Checker
from tests.support.pages import article_html
from tests.support.site import Answer, Site

TOWNS = ("Tolvik", "Larkham", "Hornsee", "Elmstead", "Brackwater")
PATHS = tuple(f"/news/{town.lower()}" for town in TOWNS)
STORIES = (
    ("The swimming pool of Tolvik stays open until December", (
        "The council of Tolvik approved a budget on Monday that leaves the indoor swimming pool open until December.",
        "It passed by a single vote, after a debate of six hours in which members of both parties opposed the mayor.",
        "Parents had collected 2,140 signatures, and children handed them over in a wheelbarrow on the town square.",
        "The pool costs the town half a million crowns each year, which the treasurer said would be missing elsewhere.",
    )),
    ("Three firefighters hurt as a warehouse roof gives way", (
        "Three firefighters were injured on Friday night when the roof of a furniture warehouse in Larkham fell in.",
        "The blaze began shortly after nine in a storeroom on the ground floor, according to the county police.",
        "More than 80 crew members fought the flames until dawn, and two streets were evacuated during the night.",
        "Dana Pell, who led the operation, said that nobody would enter the building before engineers had seen it.",
    )),
    ("Two goods trains collide outside Hornsee", (
        "A driver broke his arm when two goods trains collided on the single track outside Hornsee on Wednesday.",
        "Investigators have secured both recorders and suspect a signal that was repaired only the week before.",
        "Passengers must use buses until the weekend; the operator expects delays of about 45 minutes.",
        "Cars with timber had tipped over onto a field, where a crane is to lift them back from Thursday on.",
    )),
    ("Elmstead finds a medieval well under its market", (
        "Workers who were laying cables under the market of Elmstead came upon a well that is seven centuries old.",
        "Archaeologists recovered leather shoes, a comb and 31 coins, most of them minted abroad, from its mud.",
        "The museum wants to keep the well visible below a pane of glass, which would cost 200,000 crowns.",
        "Stallholders fear that the dig will last into the summer, when most of their customers are tourists.",
    )),
    ("Ferry to Brackwater gets electric engines", (
        "From April on, the ferry between the islands and Brackwater will run on batteries, its owner announced.",
        "The ship is being refitted at a yard in the north and is to be tested without passengers in February.",
        "A crossing will take four minutes longer than today, but neighbours will no longer hear the engines.",
        "The county pays a third of the 9 million crowns; the rest comes from a loan that fares will repay.",
    )),
)  # fmt: skip
HOURS_OFF = (0.1, 0.5, 2, 4, 7)


def page(headline: str, paragraphs: tuple[str, ...], head: str = "") -> Answer:
    body = "".join(f"<p>{text}</p>" for text in paragraphs)
    html = (
        f"<!doctype html><html lang=en><head><title>{headline}</title>{head}</head><body>"
        f"<nav><a href=/>Home</a></nav><main><article><h1>{headline}</h1>{body}</article></main>"
        "<footer><p>Imprint</p></footer></body></html>"
    )
    return Answer(html.encode(), headers={"Content-Type": "text/html; charset=utf-8"})


def story(index: int, head: str = "") -> Answer:
    return page(*STORIES[index], head)


def canonical(url: str) -> str:
    return f'<link rel="canonical" href="{url}">'


def home(site: Site, index: int) -> Answer:
    teasers = tuple(f"{headline}. {paragraphs[0]}" for headline, paragraphs in STORIES)
    return page("The Coast Post", teasers, canonical(site.url + "/"))


def home_without_address(site: Site, index: int) -> Answer:
    return page("The Coast Post", tuple(f"{head}. {texts[0][:60]}" for head, texts in STORIES))


OTHER_STORY = (
    "A beaver family moves into the harbour",
    (
        "Anglers watched four beavers build a lodge beside the old customs quay in the past weeks.",
        "The port authority moved two moorings, and put up a fence so that nobody disturbs the young.",
        "Biologists from the university want to count the animals again before the first frost arrives.",
    ),
)


def another(site: Site, index: int) -> Answer:
    return page(*OTHER_STORY)


def another_with_its_address(site: Site, index: int) -> Answer:
    return page(*OTHER_STORY, canonical(site.url + "/news/beavers"))


def neighbour(site: Site, index: int) -> Answer:
    return story((index + 1) % len(STORIES))


def maintenance(site: Site, index: int) -> Answer:
    return page(
        "We will be back soon",
        (
            "Our technicians are moving this newspaper to new computers, and most pages cannot be read meanwhile.",
            "Subscribers do not need to do anything: accounts, newsletters and bookmarks are carried over.",
            "Thank you for your patience. The printed edition appears tomorrow morning as it always does.",
        ),
    )


def korean_maintenance(site: Site, index: int) -> Answer:
    return page(
        "서비스 점검 안내",
        (
            "보다 안정적인 서비스를 제공하기 위하여 서버를 교체하고 있어 지금은 기사를 읽으실 수 없습니다.",
            "작업은 오늘 밤 늦게 마무리될 예정이며, 구독 정보와 댓글은 그대로 유지되니 안심하시기 바랍니다.",
            "급한 소식은 전화와 전자우편으로 알려 드리겠습니다. 이용에 불편을 드려 대단히 죄송합니다.",
        ),
    )


REQUEST_NUMBERS = count(7_000, 13)


def block_page(site: Site, index: int) -> Answer:
    number = next(REQUEST_NUMBERS)
    return page(
        "Coast Post",
        (
            "This connection was stopped by the protection of our network, because it looked unusual to us.",
            f"Tell our support your number {number:x}a{number} and the minute {number % 60}, and describe what you did.",
        ),
    )


def login_wall(site: Site, index: int) -> Answer:
    headline, paragraphs = STORIES[index]
    return page(
        headline,
        (
            f"{paragraphs[0][:70]} …",
            "Please identify yourself so that we can show you the remaining paragraphs of our reports.",
        ),
    )


WORLDS = {
    function.__name__.replace("_", " "): function
    for function in (
        home, home_without_address, another, another_with_its_address, neighbour, maintenance,
        korean_maintenance, block_page, login_wall,
    )
}  # fmt: skip


@pytest.fixture
def urls(site: Site, checker: Checker) -> list[str]:
    """Five articles, each checked twice."""
    for index, path in enumerate(PATHS):
        site.answers[path] = story(index)
    urls = [site.url + path for path in PATHS]
    for _ in range(2):
        outcomes = {checker(url).result.outcome for url in urls}
        assert len(outcomes) == 1
        checker.clock.skip(hours=1)
    return urls


def edits(checker: Checker) -> list[Row]:
    return list(checker.db.query("select url, field, kind, old, new from edit_log order by id"))


@pytest.mark.parametrize("world", WORLDS)
def test_a_wrong_page_is_never_an_edit_and_real_edits_are_found_after_it(
    site: Site, checker: Checker, urls: list[str], world: str
) -> None:
    serve: Callable[[Site, int], Answer] = WORLDS[world]
    for index, path in enumerate(PATHS):
        site.answers[path] = serve(site, index)
    for hours in HOURS_OFF:
        checker.clock.skip(hours=hours)
        outcomes = {checker(url).result.outcome for url in urls}
        assert outcomes <= {"failed", "blocked"}
    for index, path in enumerate(PATHS):
        site.answers[path] = story(index)
    headline, texts = STORIES[0]
    site.answers[PATHS[0]] = page(headline, (texts[0].replace("single vote", "vote"), texts[1].replace("six", "nine"), *texts[2:]))  # fmt: skip
    checker.clock.skip(hours=1)
    assert [checker(url).result.outcome for url in urls] == ["edited", *["unchanged"] * 4]
    assert [(row["url"], row["old"], row["new"]) for row in edits(checker)] == [(urls[0], "six", "nine")]  # fmt: skip


def test_a_text_that_was_replaced_for_good_is_one_edit_within_a_day(
    site: Site, checker: Checker, urls: list[str]
) -> None:
    site.answers[PATHS[0]] = page(*OTHER_STORY)
    outcomes = []
    for _ in range(24):
        checker.clock.skip(hours=1)
        outcomes.append(checker(urls[0]).result.outcome)
    assert outcomes == ["failed"] * 6 + ["edited"] + ["unchanged"] * 17
    old, new = "\n\n".join(STORIES[0][1]), "\n\n".join(OTHER_STORY[1])
    assert edits(checker) == [
        {"url": urls[0], "field": "body", "kind": "replaced", "old": old, "new": new}
    ]


def test_a_text_for_good_under_the_headline_of_another_article_is_one_edit(
    site: Site, checker: Checker, urls: list[str]
) -> None:
    """Some headlines are used each week."""
    site.answers[PATHS[0]] = page(STORIES[1][0], OTHER_STORY[1])
    for _ in range(8):
        checker.clock.skip(hours=1)
        checker(urls[0])
    assert [row["kind"] for row in edits(checker)] == ["replaced"]


def published(checker: Checker) -> str:
    return f'<meta property="article:published_time" content="{checker.clock.time.isoformat()}">'


def test_an_unsigned_notice_at_one_address_is_no_edit_where_articles_are_dated(
    site: Site, checker: Checker
) -> None:
    site.answers["/a"] = story(0, published(checker))
    checker(site.url + "/a")
    site.answers["/a"] = maintenance(site, 0)
    for _ in range(30):
        checker.clock.skip(hours=1)
        result = checker(site.url + "/a").result
        assert (result.outcome, "no article" in (result.reason or "")) == ("failed", True)


def test_a_notice_that_bears_the_time_of_each_request_is_no_edit(
    site: Site, checker: Checker
) -> None:
    site.answers["/a"] = story(0, published(checker))
    checker(site.url + "/a")

    def notice(headers: dict[str, str]) -> Answer:
        checker.clock.skip(seconds=2)  # this is how long a request takes
        return page(*OTHER_STORY, published(checker))

    site.answers["/a"] = notice
    for _ in range(30):
        checker.clock.skip(hours=1)
        result = checker(site.url + "/a").result
        assert (result.outcome, "of the request" in (result.reason or "")) == ("failed", True)


def test_an_address_that_gets_another_dated_article_is_one_edit(
    site: Site, checker: Checker
) -> None:
    site.answers["/a"] = story(0, published(checker))
    checker(site.url + "/a")
    checker.clock.skip(hours=1)
    site.answers["/a"] = page(*OTHER_STORY, published(checker))
    for _ in range(8):
        checker.clock.skip(hours=1)
        checker(site.url + "/a")
    assert [row["kind"] for row in edits(checker)] == ["replaced"]


def test_an_article_that_is_served_bare_at_all_addresses_loses_no_field(
    site: Site, checker: Checker, urls: list[str]
) -> None:
    """It was checked first, when no other address had shown it yet."""
    headline, texts = STORIES[0]
    head = '<meta name="description" content="What the council decided."><meta property="article:section" content="Town">'
    site.answers[PATHS[0]] = page(headline, texts, head)
    assert checker(urls[0]).result.outcome == "edited"
    before = edits(checker)
    added = "Swimmers may keep their lockers, and the café will open again."
    for path in PATHS:
        site.answers[path] = page(headline, (*texts, added))
    checker.clock.skip(hours=1)
    assert checker(urls[0]).result.outcome == "edited"
    for path in PATHS:
        site.answers[path] = page(headline, (*texts, added), head)
    checker.clock.skip(hours=9)
    assert checker(urls[0]).result.outcome == "unchanged"
    assert [row["new"] for row in edits(checker)[len(before) :]] == [added]


def test_the_plan_of_an_unconfirmed_check_begins_with_minutes_and_grows(
    site: Site, checker: Checker, urls: list[str]
) -> None:
    site.answers[PATHS[0]] = maintenance(site, 0)
    waits = []
    for _ in range(8):
        plan = checker(urls[0]).result.plan
        assert plan.next_check_at is not None
        waits.append(round((plan.next_check_at - checker.clock.time) / timedelta(minutes=1)))
        checker.clock.time = plan.next_check_at
    assert waits[:7] == [5, 10, 20, 40, 80, 120, 120]


def test_a_wrong_page_teaches_no_address(site: Site, checker: Checker, urls: list[str]) -> None:
    """Else the other article, fetched later, would be taken for this one."""
    site.answers[PATHS[0]] = another_with_its_address(site, 0)
    checker(urls[0])
    site.answers["/news/beavers"] = another_with_its_address(site, 0)
    assert checker(site.url + "/news/beavers").result.outcome == "new"


def test_an_article_first_seen_while_its_site_is_wrong_is_not_new(
    site: Site, checker: Checker, urls: list[str]
) -> None:
    for path in (*PATHS, "/news/later"):
        site.answers[path] = maintenance(site, 0)
    for url in urls:
        checker(url)
    result = checker(site.url + "/news/later").result
    assert (result.outcome, checker.db["articles"].count) == ("failed", len(PATHS))


def test_a_reason_names_the_address_that_the_page_gives_as_its_own(
    site: Site, checker: Checker, urls: list[str]
) -> None:
    site.answers[PATHS[0]] = home(site, 0)
    reason = checker(urls[0]).result.reason
    assert reason == f"another page came: it names {site.url}/ as its own address"


def test_a_site_that_gives_all_its_pages_one_address_is_edited_as_any_other(
    site: Site, checker: Checker
) -> None:
    head = canonical(site.url + "/")
    site.answers["/a"] = story(0, head)
    checker(site.url + "/a")
    headline, texts = STORIES[0]
    site.answers["/a"] = page(headline, (*texts[:3], texts[3].replace("half a", "one")), head)
    checker.clock.skip(hours=1)
    assert checker(site.url + "/a").result.outcome == "edited"


def test_a_page_that_has_always_named_another_article_is_edited_as_any_other(
    site: Site, checker: Checker, urls: list[str]
) -> None:
    head = canonical(urls[1])
    site.answers["/a"] = story(0, head)
    site.answers[PATHS[0]] = maintenance(site, 0)  # its text is that of /a
    checker(site.url + "/a")
    headline, texts = STORIES[0]
    site.answers["/a"] = page(headline, (*texts[:3], texts[3].replace("half a", "one")), head)
    checker.clock.skip(hours=1)
    assert checker(site.url + "/a").result.outcome == "edited"


@pytest.mark.parametrize("share", [0.35, 0.6])
def test_half_a_page_is_never_an_edit_nor_is_the_whole_one_after_it(
    site: Site, checker: Checker, urls: list[str], share: float
) -> None:
    for index, path in enumerate(PATHS):
        whole = story(index)
        site.answers[path] = Answer(
            whole.body[: int(len(whole.body) * share)], headers=whole.headers
        )
    for hours in HOURS_OFF:
        checker.clock.skip(hours=hours)
        assert {checker(url).result.outcome for url in urls} <= {"failed", "unchanged"}
    for index, path in enumerate(PATHS):
        site.answers[path] = story(index)
    checker.clock.skip(hours=1)
    assert {checker(url).result.outcome for url in urls} == {"unchanged"}
    assert checker.db["edits"].count == 0


def test_half_a_page_at_the_first_fetch_is_not_new(site: Site, checker: Checker) -> None:
    whole = story(0)
    site.answers["/a"] = Answer(whole.body[: len(whole.body) * 6 // 10], headers=whole.headers)
    assert checker(site.url + "/a").result.outcome == "failed"
    site.answers["/a"] = whole
    assert checker(site.url + "/a").result.outcome == "new"


@pytest.mark.parametrize(
    ("status", "headers"),
    [(206, {}), (206, {"Content-Range": "bytes 0-900/1800"}), (200, {"Content-Range": "bytes 0-900/1800"})],
)  # fmt: skip
def test_an_answer_that_says_it_is_a_part_is_not_the_page(
    site: Site, checker: Checker, status: int, headers: dict[str, str]
) -> None:
    whole = story(0)
    site.answers["/a"] = Answer(whole.body, status, {**whole.headers, **headers})
    result = checker(site.url + "/a").result
    assert (result.outcome, "part of the page" in (result.reason or "")) == ("failed", True)


def test_a_template_that_drops_its_closing_tags_is_followed_after_hours(
    site: Site, checker: Checker
) -> None:
    """Some tools leave out the tags that HTML does not need."""

    def minified(texts: tuple[str, ...]) -> Answer:
        whole = page(STORIES[0][0], texts)
        return Answer(whole.body.replace(b"</body></html>", b""), headers=whole.headers)

    headline, texts = STORIES[0]
    site.answers["/a"] = page(headline, texts)
    checker(site.url + "/a")
    site.answers["/a"] = minified((*texts[:3], texts[3].replace("half a", "one")))
    outcomes = []
    for _ in range(8):
        checker.clock.skip(hours=1)
        outcomes.append(checker(site.url + "/a").result.outcome)
    assert outcomes == ["failed"] * 6 + ["edited", "unchanged"]
    site.answers["/a"] = minified((*texts[:3], texts[3].replace("half a", "two")))
    checker.clock.skip(hours=1)
    assert checker(site.url + "/a").result.outcome == "edited"


def modified(hour: int) -> str:
    return f'<meta property="article:modified_time" content="2026-05-14T{hour:02}:00:00Z">'


def test_an_older_copy_from_a_cache_is_no_edit(site: Site, checker: Checker) -> None:
    headline, texts = STORIES[0]
    old = page(headline, texts, modified(8))
    new = page(headline, (texts[0].replace("indoor ", ""), *texts[1:]), modified(10))
    outcomes = []
    for answer in (old, new, old, new, old, old, new):
        site.answers["/a"] = answer
        outcomes.append(checker(site.url + "/a").result.outcome)
        checker.clock.skip(hours=1)
    assert outcomes == ["new", "edited", "failed", "unchanged", "failed", "failed", "unchanged"]


def test_a_time_that_alone_goes_back_is_an_edit(site: Site, checker: Checker) -> None:
    headline, texts = STORIES[0]
    for answer in (page(headline, texts, modified(10)), page(headline, texts, modified(8))):
        site.answers["/a"] = answer
        result = checker(site.url + "/a").result
    assert [edit.field for edit in result.edits] == ["modified_at"]


def test_an_older_time_that_comes_with_another_field_alone_makes_no_older_copy(
    site: Site, checker: Checker
) -> None:
    """A new template may state another time for the same text."""
    headline, texts = STORIES[0]
    site.answers["/a"] = page(headline, texts, modified(10))
    checker(site.url + "/a")
    site.answers["/a"] = page(headline, texts, modified(8) + '<meta property="article:section" content="Town">')  # fmt: skip
    checker.clock.skip(hours=1)
    assert checker(site.url + "/a").result.outcome == "edited"


def statement(site: Site, index: int) -> str:
    """What a page states about an article for machines."""
    thing = {
        "@type": "NewsArticle",
        "url": site.url + PATHS[index],
        "author": {"@type": "Person", "name": f"Nora {TOWNS[index]}"},
        "articleSection": TOWNS[index],
        "datePublished": f"2026-05-0{index + 1}T08:00:00Z",
    }
    return f'<script type="application/ld+json">{json.dumps(thing)}</script>'


def test_the_statement_about_another_article_changes_no_field_of_this_one(
    site: Site, checker: Checker
) -> None:
    own = [canonical(site.url + path) for path in PATHS]
    for index, path in enumerate(PATHS):
        site.answers[path] = story(index, own[index] + statement(site, index))
        checker(site.url + path)
    headline, texts = STORIES[0]
    texts = (texts[0].replace("single vote", "vote"), texts[1].replace("six", "nine"), *texts[2:])
    outcomes = []
    for head in (statement(site, 1), statement(site, 2), statement(site, 0)):
        site.answers[PATHS[0]] = page(headline, texts, own[0] + head)
        checker.clock.skip(hours=8)
        outcomes.append(checker(site.url + PATHS[0]).result.outcome)
    assert outcomes == ["edited", "unchanged", "unchanged"]
    assert [(row["old"], row["new"]) for row in edits(checker)] == [("six", "nine")]


def test_an_older_copy_is_recognised_by_its_header_too(site: Site, checker: Checker) -> None:
    headline, texts = STORIES[0]
    old, new = page(headline, texts), page(headline, (*texts[:3], "The pool is closed."))
    old.headers["Last-Modified"] = "Thu, 14 May 2026 08:00:00 GMT"
    new.headers["Last-Modified"] = "Thu, 14 May 2026 10:00:00 GMT"
    outcomes = []
    for answer in (old, new, old, new):
        site.answers["/a"] = answer
        outcomes.append(checker(site.url + "/a").result.outcome)
        checker.clock.skip(hours=1)
    assert outcomes == ["new", "edited", "failed", "unchanged"]


@pytest.mark.parametrize("header", ["yesterday", "Thu, 14 May 2026 08:00:00", ""])
def test_a_header_that_is_no_time_casts_no_doubt(site: Site, checker: Checker, header: str) -> None:
    headline, texts = STORIES[0]
    old, new = page(headline, texts), page(headline, (*texts[:3], "The pool is closed."))
    old.headers["Last-Modified"] = "Thu, 14 May 2026 08:00:00 GMT"
    new.headers["Last-Modified"] = header
    for answer, outcome in ((old, "new"), (new, "edited")):
        site.answers["/a"] = answer
        assert checker(site.url + "/a").result.outcome == outcome


def test_two_caches_that_disagree_prove_no_page_noise(site: Site, checker: Checker) -> None:
    """Else the edited sentence would be left out of the article, and its next edit with it."""
    headline, texts = STORIES[0]
    old = page(headline, texts, modified(8))
    new = page(headline, (texts[0].replace("Monday", "Tuesday"), *texts[1:]), modified(10))
    answers = iter([old, new, new, old, new, new, old, new])
    site.answers["/a"] = lambda headers: next(answers)
    outcomes = []
    for _ in range(5):
        outcomes.append(checker(site.url + "/a").result.outcome)
        checker.clock.skip(hours=1)
    assert outcomes == ["new", "edited", "failed", "unchanged", "failed"]
    assert checker.db["exclusions"].count == 0


def test_an_edit_that_a_second_cache_lacks_is_found_later(site: Site, checker: Checker) -> None:
    """Else its sentence would count as page noise and stay out for good."""
    headline, texts = STORIES[0]
    old = page(headline, texts, modified(8))
    new = page(headline, (*texts, "A lifeguard will be on duty at all times."), modified(10))
    answers = iter([old, new, old, new, new])
    site.answers["/a"] = lambda headers: next(answers)
    outcomes = []
    for _ in range(3):
        outcomes.append(checker(site.url + "/a").result.outcome)
        checker.clock.skip(hours=1)
    assert outcomes == ["new", "failed", "edited"]
    assert checker.db["exclusions"].count == 0


def test_a_correction_note_that_a_second_cache_lacks_is_found_later(
    site: Site, checker: Checker
) -> None:
    """No page and no header says which answer is older."""
    headline, texts = STORIES[0]
    note = "Correction: an earlier version named the wrong month. The pool closes in January."
    old, new = page(headline, texts), page(headline, (*texts, note))
    answers = iter([old, new, old, new, new])
    site.answers["/a"] = lambda headers: next(answers)
    outcomes = []
    for _ in range(3):
        outcomes.append(checker(site.url + "/a").result.outcome)
        checker.clock.skip(hours=1)
    assert outcomes == ["new", "unchanged", "edited"]
    assert checker.db["exclusions"].count == 0


def test_a_text_that_is_taken_back_under_its_older_time_counts_after_days(
    site: Site, checker: Checker
) -> None:
    headline, texts = STORIES[0]
    old = page(headline, texts, modified(8))
    site.answers["/a"] = old
    checker(site.url + "/a")
    site.answers["/a"] = page(headline, (*texts[:3], "The pool is closed."), modified(10))
    checker.clock.skip(hours=1)
    assert checker(site.url + "/a").result.outcome == "edited"
    site.answers["/a"] = old
    outcomes = []
    for _ in range(8):
        checker.clock.skip(hours=8)
        outcomes.append(checker(site.url + "/a").result.outcome)
    assert outcomes == ["failed"] * 6 + ["edited", "unchanged"]
    assert checker.db.execute("select max(reverts_to) from versions").fetchone() == (1,)


MENU = "<p>News</p><p>Sport</p><p>Weather</p>"


@pytest.mark.parametrize(
    ("menu", "outcome"), [(MENU, "edited"), ("<p>News</p><p>Sailing</p>", "failed")]
)
def test_most_of_a_text_may_leave_at_once_if_the_page_around_it_stays(
    site: Site, checker: Checker, menu: str, outcome: str
) -> None:
    short, *others = STORIES[0][1]
    long = " ".join(others)
    for texts, around in (((short, long), MENU), ((short,), menu)):
        site.page("/a", article_html(STORIES[0][0], texts, around=around))
        result = checker(site.url + "/a").result
    assert result.outcome == outcome
