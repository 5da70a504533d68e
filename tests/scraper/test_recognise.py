"""A notice in place of an article is an outcome; a story about such a notice is an article."""

from datetime import UTC, datetime

import pytest

from schedules.check.observe import Request, observe
from scraper.article import Article
from scraper.fetch import Redirect, Response
from scraper.recognise import (
    check_article,
    check_lines,
    check_response,
    classify_empty,
    states_date,
)
from tests.support.checker import Checker
from tests.support.pages import article_html
from tests.support.site import Site

URL = "https://news.example.org/2024/05/03/mill-fire-123456"
NAV = (
    "<nav>" + "".join(f"<a href='/{name}'>{name}</a> " for name in ("politics", "sport")) + "</nav>"
)
FOOT = "<footer><p>© Example News. Terms of use. Privacy policy. Cookie settings.</p></footer>"
STORY = article_html()
TEASERS = "".join(
    f"<article><a href='/a/{n}'><h3>Another headline number {n} about the town</h3></a>"
    f"<p>A teaser for story number {n} that is long enough to look like a text of its own.</p></article>"
    for n in range(8)
)


def page(title: str, text: str, extra: str = "") -> str:
    return (
        f"<title>{title} - Example News</title><meta property='og:title' content='{title}'>{NAV}<main>"
        f"<article><h1>{title}</h1><p>{text}</p></article></main>{extra}{FOOT}"
    )


def outcome(html: str, *, to: str | None = None, headers: dict[str, str] | None = None) -> str:
    """The outcome of a check that gets a page, by a redirect if `to` is given."""
    redirects = (Redirect(URL, 302, to),) if to else ()
    answer = Response(URL, to or URL, 200, {"content-type": "text/html", **(headers or {})}, html.encode(), 5, redirects)  # fmt: skip
    verdict = observe(Request(URL), datetime(2024, 5, 4, tzinfo=UTC), answer).verdict
    return verdict.outcome if verdict else "article"


NOTICES = [
    ("gone", "Mill fire", "This article has been removed at the request of the publisher. We apologise."),
    ("gone", "Mill fire", "This story is no longer available. It was taken down for legal reasons."),
    ("gone", "공장 화재로 12명 사망", "이 기사는 작성자의 요청으로 삭제되었습니다. 이용에 불편을 드려 죄송합니다."),
    ("gone", "공장 화재로 12명 사망", "본 기사는 조정에 따라 열람이 차단된 기사입니다. 양해 바랍니다."),
    ("gone", "알림", "존재하지 않는 기사입니다. 주소를 다시 확인해 주시기 바랍니다."),
    ("gone", "Feuer in der Mühle", "Dieser Artikel wurde entfernt. Wir bitten um Verständnis."),
    ("gone", "Incendie", "Cet article a été supprimé à la demande de la rédaction."),
    ("gone", "火災", "この記事は削除されました。ご迷惑をおかけして申し訳ありません。"),
    ("gone", "火灾", "该文章已被删除。如有疑问请联系本站编辑部，谢谢您的理解。"),
    ("failed", "Page not found", "Sorry, the page you were looking for could not be found."),
    ("failed", "Oops!", "We can’t find that page. The link you followed may be broken."),
    ("failed", "Huch!", "Diese Seite existiert nicht oder nicht mehr. Zurück zur Startseite."),
    ("failed", "안내", "요청하신 페이지를 찾을 수 없습니다. 주소를 다시 확인해 주세요."),
    ("failed", "오류", "잘못된 접근입니다. 이전 페이지로 돌아가 주시기 바랍니다."),
    ("failed", "抱歉", "您访问的文章不存在，地址可能有误，请返回首页继续浏览。"),
    ("failed", "점검 안내", "시스템 점검 중입니다. 이용에 불편을 드려 죄송합니다."),
    ("blocked", "Access Denied", "You don't have permission to access this page on this server. Reference 18.5c"),
    ("blocked", "One more step", "Please complete the security check to access the site today."),
    ("blocked", "접근 차단", "고객님의 요청이 웹 방화벽 보안 정책에 의해 차단되었습니다."),
    ("blocked", "Nur einen Moment…", "Bestätigen Sie, dass Sie ein Mensch sind. Das dauert einige Sekunden."),
    ("blocked", "Willkommen", "Wir und unsere 230 Partner verwenden Cookies. Mit „Alle akzeptieren“ willigen Sie ein."),
    ("blocked", "Votre consentement", "Nous demandons votre consentement pour utiliser des cookies sur votre appareil."),
    ("blocked", "공장 화재", "회원에게만 제공되는 특별한 콘텐츠입니다. 로그인 후 이용하실 수 있습니다."),
]  # fmt: skip


@pytest.mark.parametrize(
    ("expected", "title", "text"), NOTICES, ids=[f"{n[0]}: {n[2][:30]}" for n in NOTICES]
)
def test_a_notice_is_not_an_article(expected: str, title: str, text: str) -> None:
    assert outcome(page(title, text)) == expected


STORIES = [
    ("Story was removed from the site, minister says", "A minister said on Monday that the paper had deleted a story about him."),
    ("삭제된 기사, 되살아났다", "지난해 삭제된 기사가 법원 판결로 되살아났다고 언론사가 월요일 밝혔다."),
    ("공장 화재", "삭제된 게시물 때문에 수사가 늦어졌다고 경찰이 월요일 밝혔다."),
    ("記事は削除、新聞社が謝罪", "新聞社は月曜日、誤報とされた記事を削除し謝罪した。社長が会見した。"),
    ("Artikel wurde gelöscht: Streit um Zensur", "Die Zeitung hat am Montag einen Artikel über den Minister gelöscht."),
    ("Page not found: how news vanishes", "A quarter of all pages of the last ten years are gone, a study found."),
    ("404", "A film with the title 404 opens the festival on Monday, its director said."),
    ("Privacy settings: five things to change", "Your phone tells more than you think, and cookies are only a part of it."),
    ("Before you continue to cook", "Cookies need a cool dough and a hot oven, says the baker of the year."),
    ("Why captchas are getting harder", "“Are you a robot?” Millions are asked this every day, a study says."),
]  # fmt: skip


@pytest.mark.parametrize(("title", "text"), STORIES, ids=[story[0] for story in STORIES])
def test_a_short_article_about_removed_pages_is_an_article(title: str, text: str) -> None:
    time = "<time datetime='2024-05-03T10:00:00Z'>3 May 2024</time>"
    assert outcome(page(title, f"{text}</p><p>It goes on.", time)) == "article"


@pytest.mark.parametrize("title", ["Page not found", "Seite nicht gefunden"])
def test_teasers_under_a_404_are_not_an_article(title: str) -> None:
    assert outcome(f"<title>{title}</title>{NAV}<h1>{title}</h1>{TEASERS}{FOOT}") == "failed"


def test_a_deletion_notice_above_teasers_means_gone() -> None:
    html = f"<title>뉴스</title>{NAV}<main><p>삭제된 기사입니다.</p></main>{TEASERS}{FOOT}"
    assert outcome(html) == "gone"


@pytest.mark.parametrize(
    "line",
    [
        "This post has been removed by a moderator.",
        "해당 글은 운영 원칙에 따라 삭제될 수 있습니다.",
    ],
)
def test_a_removed_comment_under_an_article_is_not_a_notice(line: str) -> None:
    comments = f"<section><h2>Comments</h2><p>{line}</p><p>I liked it.</p></section>"
    assert outcome(STORY.replace("</main>", f"</main>{comments}")) == "article"


@pytest.mark.parametrize(
    ("words", "expected"), [("삭제된 기사입니다.", "gone"), ("로그인이 필요합니다.", "failed")]
)
def test_an_alert_in_a_script_is_read_as_a_notice(words: str, expected: str) -> None:
    assert outcome(f"<script>alert('{words}');location.href='/';</script>") == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/", "failed"),
        ("/?from=404", "failed"),
        ("/politics", "failed"),
        ("/section/list.html?sec=1", "failed"),
        ("/error/notfound.html", "failed"),
        ("/login?next=/2024/05/03/mill-fire-123456", "blocked"),
        ("/2024/05/03/mill-fire-in-town-123456", "article"),
        ("/?id=123456", "article"),
    ],
)
def test_a_redirect_away_from_the_article_is_recognised(path: str, expected: str) -> None:
    assert outcome(STORY, to=f"https://news.example.org{path}") == expected


def test_a_bot_protection_header_on_an_allowed_response_does_not_block() -> None:
    assert outcome(STORY, headers={"x-datadome": "protected"}) == "article"


LONG_PARAGRAPHS = tuple(
    f"Paragraph {n} tells in some more words how the harbour bridge was mended over the last two years."
    for n in range(8)
)


def test_a_teaser_before_a_paywall_is_blocked_and_not_an_edit(site: Site, checker: Checker) -> None:
    url = site.page("/a", article_html(paragraphs=LONG_PARAGRAPHS))
    checker(url)
    site.page(
        "/a", article_html(paragraphs=(*LONG_PARAGRAPHS[:2], "Subscribe to continue reading."))
    )
    checked = checker(url)
    assert (checked.result.outcome, checker.db["versions"].count) == ("blocked", 1)
    site.page("/a", article_html(paragraphs=LONG_PARAGRAPHS))
    assert checker(url).result.outcome == "unchanged"


def test_a_flash_that_grew_into_an_article_is_an_edit_at_once(site: Site, checker: Checker) -> None:
    url = site.page("/a", article_html(paragraphs=LONG_PARAGRAPHS[:1]))
    checker(url)
    site.page("/a", article_html(paragraphs=LONG_PARAGRAPHS))
    assert checker(url).result.outcome == "edited"


def response(
    status: int = 200,
    body: str = STORY,
    *,
    url: str = URL,
    to: str | None = None,
    content_type: str = "text/html",
    **headers: str,
) -> Response:
    redirects = (Redirect(url, 302, to),) if to else ()
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(url, to or url, status, {"content-type": content_type, **names}, body.encode(), 5, redirects)  # fmt: skip


def verdict(answer: Response) -> tuple[str, str]:
    result = check_response(answer)
    return (result.outcome, result.reason) if result else ("article", "")


@pytest.mark.parametrize(
    ("status", "outcome", "words"),
    [
        (200, "article", ""),
        (203, "article", ""),
        (299, "article", ""),
        (199, "failed", "unexpected status 199"),
        (300, "failed", "unexpected status 300"),
        (301, "failed", "unexpected status 301"),
        (400, "failed", "unexpected status 400"),
        (401, "blocked", "requires a login"),
        (402, "blocked", "requires payment"),
        (403, "blocked", "access is forbidden"),
        (404, "failed", "404 Not Found"),
        (405, "blocked", "405: the server does not accept it"),
        (410, "gone", "410 Gone"),
        (429, "blocked", "too many requests"),
        (451, "blocked", "legal reasons"),
        (500, "failed", "the server answers 500"),
        (503, "blocked", "asks to wait"),
        (504, "failed", "the server answers 504"),
    ],
)
def test_a_status_has_an_outcome_and_a_reason(status: int, outcome: str, words: str) -> None:
    assert verdict(response(status))[0] == outcome
    assert words in verdict(response(status))[1]


def test_the_wait_that_a_block_asks_for_is_part_of_its_reason() -> None:
    assert verdict(response(429, retry_after="120"))[1].endswith("(Retry-After 120)")


@pytest.mark.parametrize(
    ("name", "value"),
    [("cf_mitigated", "Challenge"), ("x_amzn_waf_action", "challenge"), ("x_amzn_waf_action", "captcha")],
)  # fmt: skip
def test_a_challenge_header_blocks_whatever_the_status(name: str, value: str) -> None:
    for status in (200, 403, 503):
        assert verdict(response(status, **{name: value}))[0] == "blocked"


@pytest.mark.parametrize(
    ("content_type", "outcome"),
    [("text/html; charset=euc-kr", "article"), ("application/xhtml+xml", "article"), ("text/plain", "article"),
     ("", "article"), ("charset=utf-8", "article"), ("application/pdf", "failed"), ("image/jpeg; q=html", "failed")],
)  # fmt: skip
def test_only_a_web_page_may_be_an_article(content_type: str, outcome: str) -> None:
    assert verdict(response(content_type=content_type))[0] == outcome


@pytest.mark.parametrize("body", ["", " \n\t"])
def test_an_answer_without_a_body_is_a_failure(body: str) -> None:
    assert verdict(response(body=body)) == ("failed", "the answer has no body")


@pytest.mark.parametrize(
    ("url", "to", "outcome"),
    [
        (URL, "https://consent.example.com/v2/collect?to=x", "blocked"),
        (URL, "https://cmp.example.com/v2/collect", "blocked"),
        (URL, "https://www.news.example.org/privacy/2024/mill-123456", "article"),
        (URL, "https://portal.example.com/news/mill-123456", "article"),
        ("https://news.example.org/login/123456", "https://news.example.org/login/123457", "article"),
        ("https://news.example.org/error/123456", "https://news.example.org/error/123457", "article"),
        ("https://news.example.org/politics", "https://news.example.org/sport", "article"),
        ("https://news.example.org/", "https://news.example.org/en/", "article"),
        ("https://news.example.org/", "https://consent.example.com/", "blocked"),
    ],
)  # fmt: skip
def test_a_redirect_is_judged_by_where_it_came_from(url: str, to: str, outcome: str) -> None:
    assert verdict(response(url=url, to=to))[0] == outcome


def test_an_address_of_a_login_page_without_a_redirect_is_no_block() -> None:
    assert verdict(response(url="https://news.example.org/login")) == ("article", "")


DATED = "<time datetime='2024-05-03T10:00:00Z'>3 May 2024</time>"
NOTICE = "This article has been removed at the request of the publisher."
LONG_STORY = (
    "The mill at the harbour burnt down on Monday and nobody was hurt, said the mayor. " * 9
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (NOTICE, "gone"),
        (f"{LONG_STORY[:100]} {NOTICE}", "gone"),
        (f"{LONG_STORY[:160]} {NOTICE}", "article"),
        (f"{NOTICE} {LONG_STORY}", "article"),
    ],
    ids=["alone", "early", "late", "with a long text"],
)
def test_a_deletion_notice_under_a_date_means_gone(text: str, expected: str) -> None:
    assert outcome(page("Mill fire", text, DATED)) == expected


@pytest.mark.parametrize(("length", "expected"), [(700, "gone"), (701, None)])
def test_a_notice_has_no_more_than_700_characters(length: int, expected: str | None) -> None:
    text = f"{NOTICE} ".ljust(length, "x")
    article = Article(URL, "Mill fire", paragraphs=(text,), sources={"published_at": "json-ld"})
    result = check_article(response(), article)
    assert (result.outcome if result else None) == expected


def test_a_deletion_notice_in_quotation_marks_is_a_story() -> None:
    text = f"“{NOTICE}” read the page of the paper on Monday, and nobody could say why."
    assert outcome(page("Mill fire", f"{text}</p><p>It goes on.", DATED)) == "article"


@pytest.mark.parametrize(
    ("html", "outcome", "words"),
    [
        ("<script>window._cf_chl_opt={}</script><p>Wait", "blocked", "challenge page"),
        ("<script>alert('로그인이 필요합니다')</script>", "failed", "the page only says: 로그인이 필요합니다"),
        ("<title>Page not found</title>" + "<p>Teaser. " * 400, "failed", "a page that says 404"),
        ("<title>News</title>" + "<p>Teaser. " * 400, "failed", "nothing found"),
        ("<div id='root'></div>", "failed", "a script shell"),
        ("<noscript>Please enable it</noscript>", "failed", "a script shell"),
        ("<noscript>" + "Please enable it. " * 60 + "</noscript>", "failed", "a script shell"),
        ("<div id='root'>" + "<p>Menu entry. " * 60 + "</div>", "failed", "nothing found"),
        ("<p>Scheduled maintenance until noon", "failed", "the site is out of service"),
        ("<p>We use cookies. Accept all? Our partners need your consent to store data", "blocked", "consent wall"),
    ],
)  # fmt: skip
def test_a_page_without_an_article_is_classified(html: str, outcome: str, words: str) -> None:
    result = classify_empty(response(body=html), "nothing found")
    assert result.outcome == outcome
    assert words in result.reason


def test_a_wall_of_one_sentence_is_for_members_only() -> None:
    article = Article(
        URL, "Mill fire", paragraphs=("Subscribe to continue reading.", "Already a subscriber?")
    )
    result = check_article(response(), article)
    assert result is not None
    assert (result.outcome, result.reason.partition(":")[0]) == ("blocked", "for members only")


@pytest.mark.parametrize(
    ("source", "is_dated"),
    [("json-ld", True), ("meta article:published_time", True), ("microdata", True), ("time", True),
     ("visible", False), ("url", False), ("", False)],
)  # fmt: skip
def test_a_date_counts_if_a_template_writes_it(source: str, is_dated: bool) -> None:
    article = Article(URL, "Mill fire", paragraphs=("Text.",), sources={"published_at": source})
    assert states_date(article) is is_dated


@pytest.mark.parametrize(
    ("lines", "is_gone"),
    [
        (["삭제된 기사입니다.", "Text."], True),
        (["Text.", "삭제된 기사입니다."], False),
        (["삭제된 기사입니다."], False),
        ([NOTICE.ljust(200, "."), "Text."], True),
        ([NOTICE.ljust(201, "."), "Text."], False),
        ([f"“{NOTICE}” it said", "Text."], False),
    ],
    ids=["above", "below", "text in a script", "as long as a line may be", "longer", "a quotation"],
)
def test_a_notice_counts_above_the_text(lines: list[str], is_gone: bool) -> None:
    result = check_lines(lines, Article(URL, "Mill fire", paragraphs=("Text.",)))
    assert (result.outcome if result else None) == ("gone" if is_gone else None)
