"""One check: each of its outcomes is a row, and only an edit makes a version."""

import pytest

from schedules import check as checking
from schedules.check.settings import CheckSettings
from schedules.daemon.runner import check_due
from schedules.processes import LARGE_PAGE_BYTES
from storage.articles.watch import watch_article
from tests.support.checker import Checker
from tests.support.pages import article_html
from tests.support.site import Answer, Site

PNG = b"\x89PNG\r\n\x1a\n" + bytes(200)


def test_the_first_check_is_new_and_the_second_unchanged(site: Site, checker: Checker) -> None:
    url = site.page("/a", article_html())
    assert checker(url).result.outcome == "new"
    assert checker(url).result.outcome == "unchanged"
    assert checker.db["versions"].count == 1
    assert checker.db["fetches"].count == 2


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


def test_the_last_page_is_at_hand_in_the_thread_that_decides_on_a_large_page(
    site: Site, checker: Checker
) -> None:
    """Only the second answer needs the lines of the last page: the first has another headline."""
    padding = f"<!--{' ' * LARGE_PAGE_BYTES}-->"
    url = site.page("/a", article_html() + padding)
    checker(url)
    headline, note = "Harbour bridge opens after short repair", "<p>The ferry stays in service.</p>"
    edited = article_html(headline) + padding
    answers = iter((edited, edited.replace("</article>", f"{note}</article>")))
    site.answers["/a"] = lambda headers: Answer(next(answers).encode())
    assert checker(url).result.outcome == "edited"


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


def test_a_pass_ends_when_a_check_cannot_be_made(site: Site, checker: Checker) -> None:
    """An entry that no program of ours wrote must not keep a pass running forever."""
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
