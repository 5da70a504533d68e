"""One look: every way it can end is a row, and only an edit makes a version."""

import itertools
from datetime import timedelta

import pytest
from sqlite_utils import Database

from schedules import check as checking
from schedules.daemon.runner import look_at_due
from schedules.settings import Settings
from scraper.extract.rules.rule import Rule, read_rules
from scraper.fetch import Limits
from storage.articles.result import OUTCOMES
from storage.queue import watches as watch
from tests.conftest import Answer, Clock, Looker, Site, article_html

PNG = b"\x89PNG\r\n\x1a\n" + bytes(200)
LAST = "A second bridge, further up the river, will be closed for inspection in the autumn of next year."


def test_the_first_look_is_new_and_the_second_unchanged(site: Site, look: Looker) -> None:
    url = site.page("/a", article_html())
    assert look(url).look.outcome == "new"
    assert look(url).look.outcome == "unchanged"
    assert look.db["versions"].count == 1
    assert look.db["fetches"].count == 2


def test_an_edit_is_logged_after_a_second_look_agrees(site: Site, look: Looker) -> None:
    url = site.page("/a", article_html())
    look(url)
    site.page("/a", article_html().replace("21 people", "12 people"))
    checked = look(url)
    assert checked.look.outcome == "edited"
    assert [(edit.field, edit.old, edit.new) for edit in checked.look.edits] == [
        ("body", "21", "12")
    ]
    assert site.paths().count("/a") == 3


def test_what_differs_in_every_response_is_no_edit(site: Site, look: Looker) -> None:
    numbers = itertools.count(1000, 37)

    def page(headers: dict[str, str]) -> Answer:
        line = f"Our readers have shared this story with {next(numbers)} of their friends so far."
        html = article_html().replace(f"<p>{LAST}", f"<p>{line}</p><p>{LAST}")
        return Answer(html.encode(), headers={"Content-Type": "text/html"})

    site.answers["/a"] = page
    outcomes = [look(site.url + "/a").look.outcome for _ in range(4)]
    assert outcomes == ["new", "unchanged", "unchanged", "unchanged"]
    assert look.db["edits"].count == 0


def test_an_edit_seen_by_the_first_of_two_looks_only_is_not_logged_yet(
    site: Site, look: Looker
) -> None:
    url = site.page("/a", article_html())
    look(url)
    answers = iter([article_html().replace("21 people", "12 people"), None])

    def page(headers: dict[str, str]) -> Answer:
        html = next(answers)
        return Answer(html.encode()) if html else Answer(status=503)

    site.answers["/a"] = page
    checked = look(url)
    assert checked.look.outcome == "failed"
    assert "could not confirm" in (checked.look.reason or "")
    assert look.db["versions"].count == 1
    site.page("/a", article_html().replace("21 people", "12 people"))
    look.clock.skip(hours=1)
    assert look(url).look.outcome == "edited"


def test_a_304_is_not_modified(site: Site, look: Looker) -> None:
    def page(headers: dict[str, str]) -> Answer:
        if headers.get("if-none-match") == '"v1"':
            return Answer(status=304, headers={"ETag": '"v1"'})
        return Answer(article_html().encode(), headers={"ETag": '"v1"'})

    site.answers["/a"] = page
    assert [look(site.url + "/a").look.outcome for _ in range(3)] == [
        "new",
        "not_modified",
        "not_modified",
    ]


FAILURES = [
    ("403", Answer(b"no", 403), "blocked", "403"),
    ("404", Answer(b"no", 404), "failed", "404"),
    ("410", Answer(b"no", 410), "gone", "410"),
    ("429", Answer(b"slow down", 429, {"Retry-After": "120"}), "blocked", "Retry-After 120"),
    ("500", Answer(b"oops", 500), "failed", "500"),
    ("503", Answer(b"oops", 503), "blocked", "503"),
    ("an image", Answer(PNG, headers={"Content-Type": "image/png"}), "failed", "image/png"),
    ("an image called html", Answer(PNG, headers={"Content-Type": "text/html"}), "failed", ""),
    ("an empty body", Answer(b""), "failed", "no body"),
    ("a truncated body", Answer(article_html().encode(), cut=90), "failed", "broke off"),
    ("a challenge", Answer(b"<p>", 403, {"cf-mitigated": "challenge"}), "blocked", "challenge"),
    ("a challenge under 200", Answer(b"<title>Just a moment...</title><p>Checking"), "blocked", "challenge"),
    ("a soft 404", Answer("<title>404 페이지를 찾을 수 없습니다</title><p>홈으로".encode()), "failed", "404"),
    ("a deletion notice", Answer("<title>알림</title><p>삭제된 기사입니다.".encode()), "gone", "deletion notice"),
    ("a deletion notice in cp949", Answer("<title>알림</title><p>존재하지 않는 기사입니다.".encode("cp949")), "gone", "deletion"),
    ("a video page with a player's words", Answer(
        b"<title>Clip</title><script>var t = 'This article has been removed'</script><p>Watch it." + b"<li><a href=/v>Next clip</a>" * 200
        + b"<noscript>Please</noscript>"), "failed", "no "),
    ("a consent wall", Answer(b"<title>Before you continue</title><form>We value your privacy</form>"), "blocked", "consent"),
    ("a script shell", Answer(b"<title>News</title><div id=root></div><noscript>Please"), "failed", "script shell"),
    ("a redirect home", Answer(status=302, headers={"Location": "/"}), "failed", "front page"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("answer", "outcome", "reason"), [case[1:] for case in FAILURES], ids=[c[0] for c in FAILURES]
)
def test_a_failure_is_a_row_with_its_reason_and_loses_nothing(
    site: Site, look: Looker, answer: Answer, outcome: str, reason: str
) -> None:
    url = site.page("/a", article_html())
    site.page("/", "<h1>Home</h1>")
    look(url)
    site.answers["/a"] = answer
    checked = look(url)
    assert checked.look.outcome == outcome
    assert reason in (checked.look.reason or "")
    row = look.db.execute(
        "select outcome, version_id from fetches order by id desc limit 1"
    ).fetchone()
    assert row == (outcome, None)
    site.page("/a", article_html())
    look.clock.skip(days=1)
    assert look(url).look.outcome in ("unchanged", "restored")
    assert look.db["versions"].count == 1


SHORT_NEWS = [
    ("Ministry page back online", "The ministry said its page was removed by mistake and put back within the hour."),
    ("Flight 404 lands safely after engine fire", "All 120 people on board the aircraft were unhurt, the airline said."),
    ("Meta changes privacy settings for teenagers", "Accounts of people under 16 are now private from the first day on."),
]  # fmt: skip


@pytest.mark.parametrize(
    ("headline", "body"), SHORT_NEWS, ids=[headline for headline, _ in SHORT_NEWS]
)
def test_short_news_is_not_taken_for_a_notice(
    site: Site, look: Looker, headline: str, body: str
) -> None:
    assert look(site.page("/a", article_html(headline, (body,)))).look.outcome == "new"


def test_a_first_look_that_fails_is_a_row_without_an_article(site: Site, look: Looker) -> None:
    assert look(site.url + "/none").look.outcome == "failed"
    assert look.db["articles"].count == 0
    assert look.db["fetches"].count == 1


def test_a_host_that_does_not_resolve_is_a_row(look: Looker) -> None:
    checked = look("http://no-such-host.invalid/a")
    assert checked.look.outcome == "failed"
    assert "does not resolve" in (checked.look.reason or "")


def test_404_at_two_looks_is_gone_and_an_answer_restores(site: Site, look: Looker) -> None:
    url = site.page("/a", article_html())
    look(url)
    site.answers["/a"] = Answer(status=404)
    assert [look(url).look.outcome for _ in range(2)] == ["failed", "gone"]
    assert look.db.execute("select state from articles").fetchone() == ("gone",)
    site.page("/a", article_html())
    assert look(url).look.outcome == "restored"
    assert look.db.execute("select state from articles").fetchone() == ("active",)


def test_an_address_that_moved_for_good_is_kept_under_the_new_one(site: Site, look: Looker) -> None:
    url = site.page("/a", article_html())
    look(url)
    site.answers["/a"] = Answer(status=301, headers={"Location": "/b"})
    moved = site.page("/b", article_html())
    assert [look(address).look.outcome for address in (url, url, moved)] == [
        "moved",
        "unchanged",
        "unchanged",
    ]
    assert look.db.execute("select url from articles").fetchall() == [(moved,)]
    assert site.paths().count("/a") == 2


LINK = '<link rel="canonical" href="/story/1">'


def test_two_addresses_with_one_canonical_link_are_one_article(site: Site, look: Looker) -> None:
    amp = site.page("/amp/1", article_html(head=LINK))
    mobile = site.page("/mobile/1", article_html(head=LINK))
    assert [look(url).look.outcome for url in (amp, mobile, site.url + "/story/1")] == [
        "new", "unchanged", "unchanged",
    ]  # fmt: skip
    assert look.db.execute("select url from articles").fetchall() == [(amp,)]
    assert "/story/1" not in site.paths()  # it is only named, and may lead nowhere


def test_a_slug_that_changes_with_the_headline_is_no_new_article(site: Site, look: Looker) -> None:
    first = site.page("/2026/4711042-mill-burns", article_html())
    look(first)
    second = site.page("/2026/4711042-mill-burns-down", article_html())
    assert look(second).look.outcome == "unchanged"
    assert look.db["articles"].count == 1


def test_the_same_number_of_another_story_is_a_new_article(site: Site, look: Looker) -> None:
    look(site.page("/2026/4711042-mill", article_html()))
    other = tuple(
        f"Sentence {n} is of another story altogether, with its own words." for n in range(9)
    )
    assert look(site.page("/2025/4711042-owl", article_html("An owl", other))).look.outcome == "new"


def test_a_date_in_the_path_is_no_article_s_number(site: Site, look: Looker) -> None:
    look(site.page("/20260514/mill-burns", article_html()))
    other = article_html().replace("harbour", "mill").replace("12 million", "40 million")
    assert look(site.page("/20260514/bridge-opens", other)).look.outcome == "new"


def test_stories_of_one_template_stay_apart(site: Site, look: Looker) -> None:
    """Weather of two towns under one section's number: the same words but for a few in each line."""
    lines = tuple(
        f"On day {n} it will be dry in {{}}, with a light wind from the sea and some sun."
        for n in range(8)
    )
    north = article_html("Weather in the north", tuple(line.format("Norham") for line in lines))
    south = article_html("Weather in the south", tuple(line.format("Sutham") for line in lines))
    look(site.page("/10200/weather-north", north))
    assert look(site.page("/10200/weather-south", south)).look.outcome == "new"


def test_an_address_that_another_article_s_page_only_names_is_looked_at(
    site: Site, look: Looker
) -> None:
    """A wrong canonical link must not keep the article away that really stands there."""
    look(site.page("/a", article_html(head='<link rel="canonical" href="/b">')))
    other = tuple(
        f"Sentence {n} is of another story altogether, with its own words." for n in range(9)
    )
    url = site.page("/b", article_html("An owl in the library", other))
    watch.watch_article(look.db, url, at=look.clock.now())
    assert look(url).look.outcome == "new"
    assert look.db["articles"].count == 2


def test_an_address_that_an_article_names_and_that_shows_it_is_its_own(
    site: Site, look: Looker
) -> None:
    page = article_html(head='<link rel="canonical" href="/b">')
    look(site.page("/amp/a", page))
    url = site.page("/b", page)
    watch.watch_article(look.db, url, at=look.clock.now())
    assert look(url).look.outcome == "unchanged"
    assert look.db["articles"].count == 1


def test_an_article_does_not_move_to_an_address_that_is_another_s(site: Site, look: Looker) -> None:
    look(site.page("/b", article_html(head='<link rel="canonical" href="/n">')))
    other = tuple(
        f"Sentence {n} is of another story altogether, with its own words." for n in range(9)
    )
    story = article_html("An owl in the library", other)
    first = site.page("/a", story)
    look(first)
    site.page("/n", story)
    site.answers["/a"] = Answer(status=301, headers={"Location": "/n"})
    look(first)
    urls = [row[0] for row in look.db.execute("select url from articles order by id").fetchall()]
    assert urls == [site.url + "/b", site.url + "/a"]


def test_an_edit_seen_through_a_copy_s_address_is_confirmed_at_the_article_s_own(
    site: Site, look: Looker
) -> None:
    own = site.page("/story/1", article_html())
    look(own)
    copy = site.page("/mobile/1", article_html(head='<link rel="canonical" href="/story/1">'))
    site.page("/story/1", article_html().replace("12 million", "21 million"))
    assert look(copy).look.outcome == "edited"
    assert site.paths()[-3:] == ["/mobile/1", "/story/1", "/story/1"]


def test_a_timetable_given_for_another_address_is_the_article_s(site: Site, look: Looker) -> None:
    look(site.page("/story/1", article_html()))
    copy = site.page("/mobile/1", article_html(head='<link rel="canonical" href="/story/1">'))
    watch.watch_article(look.db, copy, at=look.clock.now(), every="30m")
    look(copy)
    assert look.db.execute("select url, every from articles").fetchall() == [(site.url + "/story/1", "30m")]  # fmt: skip


def test_a_look_by_hand_leaves_a_removed_article_removed(site: Site, look: Looker) -> None:
    url = site.page("/a", article_html())
    look(url)
    watch.remove(look.db, url, at=look.clock.now())
    look(url)
    row = look.db.execute("select state, next_check_at, next_check_reason from articles").fetchone()
    assert row[:2] == ("paused", None)
    assert row[2].startswith("removed by hand")


def test_a_portal_s_copy_is_the_article_and_changes_nothing(site: Site, look: Looker) -> None:
    """The copy names the publisher's address, on another host, and reads a little otherwise."""
    original = site.page("/story/1", article_html()).replace("127.0.0.1", "localhost")
    look(original)
    link = f'<link rel="canonical" href="{original}">'
    copy = site.page(
        "/portal/9", article_html(head=link).replace("Repairs cost", "(Paper) Repairs cost")
    )
    assert look(copy).look.outcome == "unchanged"
    assert look.db["articles"].count == 1
    assert look.db.execute("select count(*) from aliases").fetchone()[0] == 2


def test_a_copy_that_names_an_unknown_address_stands_for_itself(site: Site, look: Looker) -> None:
    link = '<link rel="canonical" href="https://publisher.example/story/1">'
    look(site.page("/portal/9", article_html(head=link)))
    assert [row[0] for row in look.db.execute("select url from aliases").fetchall()] == [site.url + "/portal/9"]  # fmt: skip


def test_http_and_https_are_one_article(site: Site, look: Looker) -> None:
    url = site.page("/a", article_html())
    look(url)
    found = watch.watch_article(look.db, url.replace("http:", "https:"), at=look.clock.now())
    assert found == 1
    assert look.db["articles"].count == 1


def test_one_canonical_link_on_every_page_does_not_merge_the_articles(
    site: Site, look: Looker
) -> None:
    other = ("The library was closed for a week after rain came through its old glass roof.",
             "Books had been carried to a school nearby, where the readers helped to dry them.")  # fmt: skip
    outcomes = [
        look(site.page("/a", article_html(head=LINK))).look.outcome,
        look(
            site.page("/b", article_html("Library roof lets the rain in", other, head=LINK))
        ).look.outcome,
    ]
    assert outcomes == ["new", "new"]
    assert look.db["articles"].count == 2


def test_a_watched_address_that_leads_to_a_known_article_becomes_its_alias(
    site: Site, look: Looker
) -> None:
    new = site.page("/b", article_html())
    site.answers["/a"] = Answer(status=301, headers={"Location": "/b"})
    look(new)
    watch.watch_article(look.db, site.url + "/a", at=look.clock.now())
    assert look(site.url + "/a").look.outcome == "unchanged"
    assert look.db.execute("select url from articles").fetchall() == [(new,)]


def test_a_pass_ends_where_a_look_cannot_be_made(site: Site, look: Looker) -> None:
    """An entry that no program of ours wrote must not keep a pass going round for ever."""
    good = site.page("/a", article_html())
    watch.watch_article(look.db, good, at=look.clock.now())
    watch.watch_article(look.db, "no address at all", at=look.clock.now())
    told: list[str] = []
    looks = look.run(
        lambda network: look_at_due(
            look.db, network, jobs=2, report=lambda checked: told.append(checked.look.url)
        )
    )
    assert (looks, told) == (1, [good])


def test_a_redirect_to_an_impossible_host_is_a_row(site: Site, look: Looker) -> None:
    site.answers["/a"] = Answer(status=302, headers={"Location": "http://xn--a/"})
    assert look(site.url + "/a").look.outcome == "failed"


def test_a_304_to_a_first_look_is_a_failure(site: Site, look: Looker) -> None:
    site.answers["/a"] = Answer(status=304)
    assert look(site.url + "/a").look.outcome == "failed"


def test_a_304_after_gone_restores(site: Site, look: Looker) -> None:
    url = site.page("/a", article_html(), ETag='"1"')
    look(url)
    site.answers["/a"] = Answer(status=410)
    assert look(url).look.outcome == "gone"
    site.answers["/a"] = Answer(status=304)
    assert look(url).look.outcome == "restored"
    assert look.db.execute("select state from articles").fetchone() == ("active",)


def test_a_page_that_two_looks_did_not_agree_on_is_not_trusted_to_stand(
    site: Site, look: Looker
) -> None:
    """Edited between the two looks: the second page's bytes and ETag are not the version's."""
    url = site.page("/a", article_html("Bridge opens"), ETag='"0"')
    look(url)
    pages = iter([("Bridge opens late", '"1"'), ("Bridge opens at last", '"2"')])

    def moving(headers: dict[str, str]) -> Answer:
        headline, etag = next(pages)
        return Answer(article_html(headline).encode(), headers={"ETag": etag})

    site.answers["/a"] = moving
    assert look(url).look.outcome == "unchanged"

    def standing(headers: dict[str, str]) -> Answer:
        if headers.get("if-none-match") == '"2"':
            return Answer(status=304, headers={"ETag": '"2"'})
        return Answer(article_html("Bridge opens at last").encode(), headers={"ETag": '"2"'})

    site.answers["/a"] = standing
    assert [edit.field for edit in look(url).look.edits] == ["headline"]


def test_robots_rules_are_kept(site: Site, look: Looker) -> None:
    site.page("/robots.txt", "User-agent: *\nDisallow: /private/\n")
    checked = look(site.page("/private/a", article_html()))
    assert checked.look.outcome == "refused"
    assert "/private/a" not in site.paths()


def test_a_redirect_to_where_robots_do_not_allow_is_refused(site: Site, look: Looker) -> None:
    site.page("/robots.txt", "User-agent: *\nDisallow: /private/\n")
    site.page("/private/a", article_html())
    site.answers["/a"] = Answer(status=302, headers={"Location": "/private/a"})
    assert look(site.url + "/a").look.outcome == "refused"
    assert "/private/a" not in site.paths()


def test_broken_robots_rules_mean_wait(site: Site, look: Looker) -> None:
    site.answers["/robots.txt"] = Answer(status=500)
    checked = look(site.page("/a", article_html()))
    assert (checked.look.outcome, checked.look.reason) == ("failed", "robots.txt answers 500")
    assert "/a" not in site.paths()


def test_a_host_that_asked_to_wait_is_left_alone(site: Site, look: Looker) -> None:
    site.answers["/a"] = Answer(status=429, headers={"Retry-After": "3600"})
    site.page("/b", article_html())
    outcomes = look.run(
        lambda network: _looks(look.db, network, [site.url + "/a", site.url + "/b"])
    )
    assert outcomes == ["blocked", "blocked"]
    assert "/b" not in site.paths()


def test_the_next_look_waits_as_long_as_the_host_asks(site: Site, look: Looker) -> None:
    url = site.page("/a", article_html())
    look(url)
    site.answers["/a"] = Answer(status=503, headers={"Retry-After": "7200"})
    checked = look(url)
    assert checked.look.next_check_at is not None
    assert checked.look.next_check_at - look.clock.time > timedelta(seconds=7190)


def test_two_requests_to_a_host_are_a_delay_apart(site: Site, db: Database, clock: Clock) -> None:
    look = Looker(db, clock, delay=timedelta(seconds=5))
    urls = [site.page(f"/{name}", article_html(f"Story {name} of the day")) for name in "abc"]
    look.run(lambda network: _looks(db, network, urls))
    assert len(clock.slept) == 3
    assert all(4.9 < seconds <= 5 for seconds in clock.slept)


async def _looks(db: Database, network: object, urls: list[str]) -> list[str]:
    return [(await checking.check(db, url, network)).look.outcome for url in urls]  # type: ignore[arg-type]


def test_a_better_extractor_is_technical_and_never_an_edit(site: Site, look: Looker) -> None:
    url = site.page("/a", article_html())
    look(url)
    look.db.execute("update versions set body = 'What an older extractor saw.', extractor = '0'")
    assert look(url).look.outcome == "technical"
    assert look.db.execute("select technical from versions order by number").fetchall() == [
        (0,),
        (1,),
    ]
    assert look.db["edits"].count == 0
    assert look(url).look.outcome == "unchanged"


def test_an_edit_under_a_better_extractor_is_the_edit_alone(site: Site, look: Looker) -> None:
    url = site.page("/a", article_html())
    look(url)
    look.db.execute("update versions set body = 'What an older extractor saw.', extractor = '0'")
    site.page("/a", article_html().replace("21 people", "12 people"))
    assert [(edit.old, edit.new) for edit in look(url).look.edits] == [("21", "12")]
    assert look.db.execute("select number, technical from versions order by number").fetchall() == [
        (1, 0), (2, 1), (3, 0),
    ]  # fmt: skip


def test_a_changed_site_rule_is_technical_and_never_an_edit(site: Site, look: Looker) -> None:
    url = site.page("/a", article_html())
    look(url)
    without_last = read_rules(
        '[a]\nhosts = "127.0.0.1"\nbody = "article"\ndrop = "p:last-child"', "my.toml"
    )

    def by_rules(*rules: Rule) -> str:
        return look.run(
            lambda network: checking.check(look.db, url, network, settings=Settings(rules=rules))
        ).look.outcome

    assert [by_rules(*without_last) for _ in range(2)] == ["technical", "unchanged"]
    assert [by_rules() for _ in range(2)] == ["technical", "unchanged"]
    assert look.db["edits"].count == 0


def test_a_page_that_never_ends_is_a_row(site: Site, db: Database, clock: Clock) -> None:
    site.answers["/a"] = Answer(b"<p>" + b"words " * 100_000)
    checked = Looker(db, clock, limits=Limits(body=50_000))(site.url + "/a")
    assert (checked.look.outcome, "larger than" in (checked.look.reason or "")) == ("failed", True)


def test_every_outcome_is_one_the_table_allows(db: Database) -> None:
    sql = db.execute("select sql from sqlite_master where name = 'fetches'").fetchone()[0]
    assert all(f"'{outcome}'" in sql for outcome in OUTCOMES)


STAMPED = "<meta property='article:modified_time' content='2026-05-14T09:00:00Z'>"
DISCLOSURES = {
    "a stamp that stood still": (STAMPED, STAMPED, {}, {}, 0, "stands at"),
    "a stamp that moved": (STAMPED, STAMPED.replace("T09", "T10"), {}, {}, 1, "→ 2026-05-14T10"),
    "nothing to tell": ("", "", {}, {}, None, ""),
    "a header that moved": ("", "", {"Last-Modified": "Thu, 14 May 2026 08:00:00 GMT"}, {"Last-Modified": "Thu, 14 May 2026 11:00:00 GMT"}, 1, "Last-Modified"),
    "a header of the moment": ("", "", {"Last-Modified": "Thu, 14 May 2026 12:00:00 GMT"}, {"Last-Modified": "Thu, 14 May 2026 13:00:00 GMT"}, None, ""),
}  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "before", "after", "expected", "evidence"), DISCLOSURES.values(), ids=DISCLOSURES.keys()
)  # fmt: skip
def test_an_edit_knows_whether_and_by_what_it_was_disclosed(
    site: Site,
    look: Looker,
    old: str,
    new: str,
    before: dict[str, str],
    after: dict[str, str],
    expected: int | None,
    evidence: str,
) -> None:
    html = article_html().replace("</head>", f"{old}</head>")
    look(site.page("/a", html, **before))
    look.clock.skip(hours=1)
    edited = html.replace("21 people", "12 people").replace(old, new) if old else html.replace("21 people", "12 people")  # fmt: skip
    look(site.page("/a", edited, **after))
    row = look.db.execute("select disclosed, disclosure from edit_log where field = 'body'").fetchone()  # fmt: skip
    assert row[0] == expected
    assert evidence in (row[1] or "")


def test_an_edit_of_the_headline_says_which_source_moved(site: Site, look: Looker) -> None:
    html = article_html()
    look(site.page("/a", html))
    moved = html.replace(">Harbour bridge opens after long repair</h1>", ">Harbour bridge opens at last</h1>")  # fmt: skip
    look(site.page("/a", moved))
    rows = look.db.execute("select new, source from edits where field = 'headline'").fetchall()
    assert rows == [("at last", "h1")]


def test_a_headline_taken_from_another_source_is_no_edit(site: Site, look: Looker) -> None:
    html = article_html().replace("<title>Harbour bridge opens after long repair", "<title>Bridge news of today")  # fmt: skip
    look(site.page("/a", html))
    look(site.page("/a", html.replace("<h1>", "<p>").replace("</h1>", "</p>")))
    assert look.db.execute("select count(*) from edits where field = 'headline'").fetchone() == (0,)


def test_the_text_stays_where_it_stood_when_more_grows_beside_it(site: Site, look: Looker) -> None:
    beside = "".join(f"<p>The other story, part {n}, tells at length how the fair was opened by the mayor.</p>" for n in range(30))  # fmt: skip
    html = article_html()
    look(site.page("/a", html))
    grown = html.replace("</body>", f"<div class=other>{beside}</div></body>")
    assert look(site.page("/a", grown)).look.outcome == "unchanged"
    assert look.db.execute("select count(distinct anchor) from fetches").fetchone() == (1,)


def test_the_page_of_a_look_that_saw_nothing_new_is_kept_or_not_as_the_user_likes(
    site: Site, look: Looker
) -> None:
    settings = Settings(keeps_unchanged=False)
    url = site.page("/a", article_html(around="<p>1 reader</p>"))

    def look_again() -> str:
        return look.run(
            lambda network: checking.check(look.db, url, network, settings=settings)
        ).look.outcome

    outcomes = [look_again()]
    site.page("/a", article_html(around="<p>2 readers</p>"))
    outcomes.append(look_again())
    site.page("/a", article_html(around="<p>3 readers</p>").replace("Monday", "Tuesday"))
    outcomes.append(look_again())
    assert outcomes == ["new", "unchanged", "edited"]
    kept = look.db.execute(
        "select outcome, snapshot_id is not null, bytes > 0 from fetches where confirms is null"
    ).fetchall()
    assert kept == [("new", 1, 1), ("unchanged", 0, 1), ("edited", 1, 1)]
