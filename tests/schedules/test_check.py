"""One check: each of its outcomes is a row, and only an edit makes a version."""

import itertools
from datetime import timedelta

import pytest
from sqlite_utils import Database

from schedules import check as checking
from schedules.check.settings import CheckSettings
from schedules.daemon.runner import check_due
from scraper.extract.rules.rule import Rule, read_rules
from scraper.fetch import Limits
from storage.articles.watch import stop_watching, watch_article
from tests.support.checker import Checker, Clock
from tests.support.pages import article_html
from tests.support.site import Answer, Site

PNG = b"\x89PNG\r\n\x1a\n" + bytes(200)
LAST_PARAGRAPH = "A second bridge, further up the river, will be closed for inspection in the autumn of next year."


def test_the_first_check_is_new_and_the_second_unchanged(site: Site, checker: Checker) -> None:
    url = site.page("/a", article_html())
    assert checker(url).result.outcome == "new"
    assert checker(url).result.outcome == "unchanged"
    assert checker.db["versions"].count == 1
    assert checker.db["fetches"].count == 2


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


def test_a_304_is_not_modified(site: Site, checker: Checker) -> None:
    def page(headers: dict[str, str]) -> Answer:
        if headers.get("if-none-match") == '"v1"':
            return Answer(status=304, headers={"ETag": '"v1"'})
        return Answer(article_html().encode(), headers={"ETag": '"v1"'})

    site.answers["/a"] = page
    assert [checker(site.url + "/a").result.outcome for _ in range(3)] == [
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
def test_a_failure_is_a_row_with_a_reason_and_keeps_the_history(
    site: Site, checker: Checker, answer: Answer, outcome: str, reason: str
) -> None:
    url = site.page("/a", article_html())
    site.page("/", "<h1>Home</h1>")
    checker(url)
    site.answers["/a"] = answer
    checked = checker(url)
    assert checked.result.outcome == outcome
    assert reason in (checked.result.reason or "")
    row = checker.db.execute(
        "select outcome, version_id from fetches order by id desc limit 1"
    ).fetchone()
    assert row == (outcome, None)
    site.page("/a", article_html())
    checker.clock.skip(days=1)
    assert checker(url).result.outcome in ("unchanged", "restored")
    assert checker.db["versions"].count == 1


SHORT_NEWS = [
    ("Ministry page back online", "The ministry said its page was removed by mistake and put back within the hour."),
    ("Flight 404 lands safely after engine fire", "All 120 people on board the aircraft were unhurt, the airline said."),
    ("Meta changes privacy settings for teenagers", "Accounts of people under 16 are now private from the first day on."),
]  # fmt: skip


@pytest.mark.parametrize(
    ("headline", "body"), SHORT_NEWS, ids=[headline for headline, _ in SHORT_NEWS]
)
def test_a_short_article_is_not_mistaken_for_a_notice(
    site: Site, checker: Checker, headline: str, body: str
) -> None:
    assert checker(site.page("/a", article_html(headline, (body,)))).result.outcome == "new"


def test_a_failed_first_check_is_a_row_without_an_article(site: Site, checker: Checker) -> None:
    assert checker(site.url + "/none").result.outcome == "failed"
    assert checker.db["articles"].count == 0
    assert checker.db["fetches"].count == 1


def test_an_unresolvable_host_is_a_row(checker: Checker) -> None:
    checked = checker("http://no-such-host.invalid/a")
    assert checked.result.outcome == "failed"
    assert "does not resolve" in (checked.result.reason or "")


def test_two_404s_mean_gone_and_a_page_restores_the_article(site: Site, checker: Checker) -> None:
    url = site.page("/a", article_html())
    checker(url)
    site.answers["/a"] = Answer(status=404)
    assert [checker(url).result.outcome for _ in range(2)] == ["failed", "gone"]
    assert checker.db.execute("select state from articles").fetchone() == ("gone",)
    site.page("/a", article_html())
    assert checker(url).result.outcome == "restored"
    assert checker.db.execute("select state from articles").fetchone() == ("active",)


def test_a_permanent_redirect_changes_the_articles_url(site: Site, checker: Checker) -> None:
    url = site.page("/a", article_html())
    checker(url)
    site.answers["/a"] = Answer(status=301, headers={"Location": "/b"})
    moved_page = site.page("/b", article_html())
    assert [checker(address).result.outcome for address in (url, url, moved_page)] == [
        "moved",
        "unchanged",
        "unchanged",
    ]
    assert checker.db.execute("select url from articles").fetchall() == [(moved_page,)]
    assert site.paths().count("/a") == 2


CANONICAL_LINK = '<link rel="canonical" href="/story/1">'


def test_two_urls_with_one_canonical_url_are_one_article(site: Site, checker: Checker) -> None:
    amp = site.page("/amp/1", article_html(head=CANONICAL_LINK))
    mobile = site.page("/mobile/1", article_html(head=CANONICAL_LINK))
    assert [checker(url).result.outcome for url in (amp, mobile, site.url + "/story/1")] == [
        "new", "unchanged", "unchanged",
    ]  # fmt: skip
    assert checker.db.execute("select url from articles").fetchall() == [(amp,)]
    assert "/story/1" not in site.paths()  # it is only named, and may lead nowhere


def test_a_changed_slug_is_not_a_new_article(site: Site, checker: Checker) -> None:
    first = site.page("/2026/4711042-mill-burns", article_html())
    checker(first)
    second = site.page("/2026/4711042-mill-burns-down", article_html())
    assert checker(second).result.outcome == "unchanged"
    assert checker.db["articles"].count == 1


def test_the_same_number_with_another_story_is_a_new_article(site: Site, checker: Checker) -> None:
    checker(site.page("/2026/4711042-mill", article_html()))
    other_story = tuple(
        f"Sentence {n} is of another story altogether, with its own words." for n in range(9)
    )
    assert (
        checker(site.page("/2025/4711042-owl", article_html("An owl", other_story))).result.outcome
        == "new"
    )


def test_a_date_in_the_path_is_not_an_article_number(site: Site, checker: Checker) -> None:
    checker(site.page("/20260514/mill-burns", article_html()))
    other_story = article_html().replace("harbour", "mill").replace("12 million", "40 million")
    assert checker(site.page("/20260514/bridge-opens", other_story)).result.outcome == "new"


def test_articles_from_one_template_stay_separate(site: Site, checker: Checker) -> None:
    """Weather of two towns under one section's number: the same words but for a few in each line."""
    lines = tuple(
        f"On day {n} it will be dry in {{}}, with a light wind from the sea and some sun."
        for n in range(8)
    )
    north = article_html("Weather in the north", tuple(line.format("Norham") for line in lines))
    south = article_html("Weather in the south", tuple(line.format("Sutham") for line in lines))
    checker(site.page("/10200/weather-north", north))
    assert checker(site.page("/10200/weather-south", south)).result.outcome == "new"


def test_a_url_that_is_only_another_articles_canonical_link_is_checked(
    site: Site, checker: Checker
) -> None:
    """A wrong canonical link must not hide the article at its own address."""
    checker(site.page("/a", article_html(head='<link rel="canonical" href="/b">')))
    other_story = tuple(
        f"Sentence {n} is of another story altogether, with its own words." for n in range(9)
    )
    url = site.page("/b", article_html("An owl in the library", other_story))
    watch_article(checker.db, url, at=checker.clock.now())
    assert checker(url).result.outcome == "new"
    assert checker.db["articles"].count == 2


def test_a_canonical_url_that_shows_the_article_belongs_to_it(site: Site, checker: Checker) -> None:
    page = article_html(head='<link rel="canonical" href="/b">')
    checker(site.page("/amp/a", page))
    url = site.page("/b", page)
    watch_article(checker.db, url, at=checker.clock.now())
    assert checker(url).result.outcome == "unchanged"
    assert checker.db["articles"].count == 1


def test_an_article_does_not_move_to_another_articles_url(site: Site, checker: Checker) -> None:
    checker(site.page("/b", article_html(head='<link rel="canonical" href="/n">')))
    other_story = tuple(
        f"Sentence {n} is of another story altogether, with its own words." for n in range(9)
    )
    story = article_html("An owl in the library", other_story)
    first = site.page("/a", story)
    checker(first)
    site.page("/n", story)
    site.answers["/a"] = Answer(status=301, headers={"Location": "/n"})
    checker(first)
    urls = [row[0] for row in checker.db.execute("select url from articles order by id").fetchall()]
    assert urls == [site.url + "/b", site.url + "/a"]


def test_an_edit_on_a_copy_is_confirmed_at_the_articles_own_url(
    site: Site, checker: Checker
) -> None:
    own_url = site.page("/story/1", article_html())
    checker(own_url)
    copy_url = site.page("/mobile/1", article_html(head='<link rel="canonical" href="/story/1">'))
    site.page("/story/1", article_html().replace("12 million", "21 million"))
    assert checker(copy_url).result.outcome == "edited"
    assert site.paths()[-3:] == ["/mobile/1", "/story/1", "/story/1"]


def test_a_timetable_given_for_an_alias_applies_to_the_article(
    site: Site, checker: Checker
) -> None:
    checker(site.page("/story/1", article_html()))
    copy_url = site.page("/mobile/1", article_html(head='<link rel="canonical" href="/story/1">'))
    watch_article(checker.db, copy_url, at=checker.clock.now(), every="30m")
    checker(copy_url)
    assert checker.db.execute("select url, every from articles").fetchall() == [(site.url + "/story/1", "30m")]  # fmt: skip


def test_a_manual_check_leaves_a_removed_article_removed(site: Site, checker: Checker) -> None:
    url = site.page("/a", article_html())
    checker(url)
    stop_watching(checker.db, url, at=checker.clock.now())
    checker(url)
    row = checker.db.execute(
        "select state, next_check_at, next_check_reason from articles"
    ).fetchone()
    assert row[:2] == ("paused", None)
    assert row[2].startswith("you removed it on")


def test_a_portals_copy_is_the_same_article_and_not_an_edit(site: Site, checker: Checker) -> None:
    """The copy names the publisher's address, on another host, and reads a little otherwise."""
    original = site.page("/story/1", article_html()).replace("127.0.0.1", "localhost")
    checker(original)
    link = f'<link rel="canonical" href="{original}">'
    copy_url = site.page(
        "/portal/9", article_html(head=link).replace("Repairs cost", "(Paper) Repairs cost")
    )
    assert checker(copy_url).result.outcome == "unchanged"
    assert checker.db["articles"].count == 1
    assert checker.db.execute("select count(*) from aliases").fetchone()[0] == 2


def test_a_copy_with_an_unknown_canonical_url_is_its_own_article(
    site: Site, checker: Checker
) -> None:
    link = '<link rel="canonical" href="https://publisher.example/story/1">'
    checker(site.page("/portal/9", article_html(head=link)))
    assert [row[0] for row in checker.db.execute("select url from aliases").fetchall()] == [site.url + "/portal/9"]  # fmt: skip


def test_http_and_https_are_one_article(site: Site, checker: Checker) -> None:
    url = site.page("/a", article_html())
    checker(url)
    article_id = watch_article(checker.db, url.replace("http:", "https:"), at=checker.clock.now())
    assert article_id == 1
    assert checker.db["articles"].count == 1


def test_one_canonical_link_on_every_page_does_not_merge_articles(
    site: Site, checker: Checker
) -> None:
    other_story = ("The library was closed for a week after rain came through its old glass roof.",
             "Books had been carried to a school nearby, where the readers helped to dry them.")  # fmt: skip
    outcomes = [
        checker(site.page("/a", article_html(head=CANONICAL_LINK))).result.outcome,
        checker(
            site.page(
                "/b",
                article_html("Library roof lets the rain in", other_story, head=CANONICAL_LINK),
            )
        ).result.outcome,
    ]
    assert outcomes == ["new", "new"]
    assert checker.db["articles"].count == 2


def test_a_watched_url_that_redirects_to_an_article_becomes_its_alias(
    site: Site, checker: Checker
) -> None:
    new = site.page("/b", article_html())
    site.answers["/a"] = Answer(status=301, headers={"Location": "/b"})
    checker(new)
    watch_article(checker.db, site.url + "/a", at=checker.clock.now())
    assert checker(site.url + "/a").result.outcome == "unchanged"
    assert checker.db.execute("select url from articles").fetchall() == [(new,)]


def test_a_pass_ends_when_a_check_cannot_be_made(site: Site, checker: Checker) -> None:
    """An entry that no program of ours wrote must not keep a pass going round for ever."""
    good = site.page("/a", article_html())
    watch_article(checker.db, good, at=checker.clock.now())
    watch_article(checker.db, "no address at all", at=checker.clock.now())
    checked_urls: list[str] = []
    check_count = checker.run(
        lambda network: check_due(
            checker.db,
            network,
            jobs=2,
            report=lambda checked: checked_urls.append(checked.result.url),
        )
    )
    assert (check_count, checked_urls) == (1, [good])


def test_a_redirect_to_an_impossible_host_is_a_row(site: Site, checker: Checker) -> None:
    site.answers["/a"] = Answer(status=302, headers={"Location": "http://xn--a/"})
    assert checker(site.url + "/a").result.outcome == "failed"


def test_a_304_to_a_first_check_is_a_failure(site: Site, checker: Checker) -> None:
    site.answers["/a"] = Answer(status=304)
    assert checker(site.url + "/a").result.outcome == "failed"


def test_a_304_after_gone_restores(site: Site, checker: Checker) -> None:
    url = site.page("/a", article_html(), ETag='"1"')
    checker(url)
    site.answers["/a"] = Answer(status=410)
    assert checker(url).result.outcome == "gone"
    site.answers["/a"] = Answer(status=304)
    assert checker(url).result.outcome == "restored"
    assert checker.db.execute("select state from articles").fetchone() == ("active",)


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


def test_robots_rules_are_obeyed(site: Site, checker: Checker) -> None:
    site.page("/robots.txt", "User-agent: *\nDisallow: /private/\n")
    checked = checker(site.page("/private/a", article_html()))
    assert checked.result.outcome == "refused"
    assert "/private/a" not in site.paths()


def test_a_redirect_to_a_disallowed_path_is_refused(site: Site, checker: Checker) -> None:
    site.page("/robots.txt", "User-agent: *\nDisallow: /private/\n")
    site.page("/private/a", article_html())
    site.answers["/a"] = Answer(status=302, headers={"Location": "/private/a"})
    assert checker(site.url + "/a").result.outcome == "refused"
    assert "/private/a" not in site.paths()


def test_a_failing_robots_txt_means_wait(site: Site, checker: Checker) -> None:
    site.answers["/robots.txt"] = Answer(status=500)
    checked = checker(site.page("/a", article_html()))
    assert (checked.result.outcome, checked.result.reason) == ("failed", "robots.txt answers 500")
    assert "/a" not in site.paths()


def test_a_host_that_sent_retry_after_is_not_requested(site: Site, checker: Checker) -> None:
    site.answers["/a"] = Answer(status=429, headers={"Retry-After": "3600"})
    site.page("/b", article_html())
    outcomes = checker.run(
        lambda network: _check_outcomes(checker.db, network, [site.url + "/a", site.url + "/b"])
    )
    assert outcomes == ["blocked", "blocked"]
    assert "/b" not in site.paths()


def test_the_next_check_waits_as_long_as_retry_after_says(site: Site, checker: Checker) -> None:
    url = site.page("/a", article_html())
    checker(url)
    site.answers["/a"] = Answer(status=503, headers={"Retry-After": "7200"})
    checked = checker(url)
    assert checked.result.plan.next_check_at is not None
    assert checked.result.plan.next_check_at - checker.clock.time > timedelta(seconds=7190)


def test_requests_to_one_host_are_a_delay_apart(site: Site, db: Database, clock: Clock) -> None:
    checker = Checker(db, clock, delay=timedelta(seconds=5))
    urls = [site.page(f"/{name}", article_html(f"Story {name} of the day")) for name in "abc"]
    checker.run(lambda network: _check_outcomes(db, network, urls))
    assert len(clock.sleeps) == 3
    assert all(4.9 < seconds <= 5 for seconds in clock.sleeps)


async def _check_outcomes(db: Database, network: object, urls: list[str]) -> list[str]:
    return [(await checking.check(db, url, network)).result.outcome for url in urls]  # type: ignore[arg-type]


def test_a_new_extractor_gives_a_technical_version_and_no_edit(
    site: Site, checker: Checker
) -> None:
    url = site.page("/a", article_html())
    checker(url)
    checker.db.execute("update versions set body = 'What an older extractor saw.', extractor = '0'")
    assert checker(url).result.outcome == "technical"
    assert checker.db.execute("select technical from versions order by number").fetchall() == [
        (0,),
        (1,),
    ]
    assert checker.db["edits"].count == 0
    assert checker(url).result.outcome == "unchanged"


def test_an_edit_under_a_new_extractor_is_only_the_edit(site: Site, checker: Checker) -> None:
    url = site.page("/a", article_html())
    checker(url)
    checker.db.execute("update versions set body = 'What an older extractor saw.', extractor = '0'")
    site.page("/a", article_html().replace("21 people", "12 people"))
    assert [(edit.old, edit.new) for edit in checker(url).result.edits] == [("21", "12")]
    assert checker.db.execute("select number, technical from versions order by number").fetchall() == [
        (1, 0), (2, 1), (3, 0),
    ]  # fmt: skip


def test_a_changed_site_rule_gives_a_technical_version_and_no_edit(
    site: Site, checker: Checker
) -> None:
    url = site.page("/a", article_html())
    checker(url)
    without_last = read_rules(
        '[a]\nhosts = "127.0.0.1"\nbody = "article"\ndrop = "p:last-child"', "my.toml"
    )

    def check_with_rules(*rules: Rule) -> str:
        return checker.run(
            lambda network: checking.check(
                checker.db, url, network, settings=CheckSettings(rules=rules)
            )
        ).result.outcome

    assert [check_with_rules(*without_last) for _ in range(2)] == ["technical", "unchanged"]
    assert [check_with_rules() for _ in range(2)] == ["technical", "unchanged"]
    assert checker.db["edits"].count == 0


def test_a_page_that_never_ends_is_a_row(site: Site, db: Database, clock: Clock) -> None:
    site.answers["/a"] = Answer(b"<p>" + b"words " * 100_000)
    checked = Checker(db, clock, limits=Limits(body=50_000))(site.url + "/a")
    assert (checked.result.outcome, "larger than" in (checked.result.reason or "")) == (
        "failed",
        True,
    )


MODIFIED_TIME_META = "<meta property='article:modified_time' content='2026-05-14T09:00:00Z'>"
DISCLOSURES = {
    "an unchanged timestamp": (MODIFIED_TIME_META, MODIFIED_TIME_META, {}, {}, 0, "unchanged"),
    "a stamp that moved": (MODIFIED_TIME_META, MODIFIED_TIME_META.replace("T09", "T10"), {}, {}, 1, "→ 2026-05-14T10"),
    "nothing to tell": ("", "", {}, {}, None, ""),
    "a header that moved": ("", "", {"Last-Modified": "Thu, 14 May 2026 08:00:00 GMT"}, {"Last-Modified": "Thu, 14 May 2026 11:00:00 GMT"}, 1, "Last-Modified"),
    "a header of the moment": ("", "", {"Last-Modified": "Thu, 14 May 2026 12:00:00 GMT"}, {"Last-Modified": "Thu, 14 May 2026 13:00:00 GMT"}, None, ""),
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


def test_the_container_stays_when_a_larger_text_appears_beside_it(
    site: Site, checker: Checker
) -> None:
    neighbour = "".join(f"<p>The other story, part {n}, tells at length how the fair was opened by the mayor.</p>" for n in range(30))  # fmt: skip
    html = article_html()
    checker(site.page("/a", html))
    page_with_neighbour = html.replace("</body>", f"<div class=other>{neighbour}</div></body>")
    assert checker(site.page("/a", page_with_neighbour)).result.outcome == "unchanged"
    assert checker.db.execute("select count(distinct container_path) from fetches").fetchone() == (
        1,
    )


def test_keeping_the_page_of_an_unchanged_check_is_a_setting(site: Site, checker: Checker) -> None:
    settings = CheckSettings(keeps_unchanged=False)
    url = site.page("/a", article_html(around="<p>1 reader</p>"))

    def check_again() -> str:
        return checker.run(
            lambda network: checking.check(checker.db, url, network, settings=settings)
        ).result.outcome

    outcomes = [check_again()]
    site.page("/a", article_html(around="<p>2 readers</p>"))
    outcomes.append(check_again())
    site.page("/a", article_html(around="<p>3 readers</p>").replace("Monday", "Tuesday"))
    outcomes.append(check_again())
    assert outcomes == ["new", "unchanged", "edited"]
    stored_rows = checker.db.execute(
        "select outcome, snapshot_id is not null, bytes > 0 from fetches where confirms is null"
    ).fetchall()
    assert stored_rows == [("new", 1, 1), ("unchanged", 0, 1), ("edited", 1, 1)]
