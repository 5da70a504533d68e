"""What stands in place of an article is an outcome; a story about such a thing is an article."""

from datetime import UTC, datetime

import pytest

from schedules.check.observe import Request, observe
from scraper.fetch import Redirect, Response
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
    """The outcome of a look at such a page, reached by a redirect where `to` is given."""
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


def test_a_large_deletion_is_unconfirmed_until_a_later_check_repeats_it(
    site: Site, checker: Checker
) -> None:
    url = site.page("/a", article_html(paragraphs=LONG_PARAGRAPHS))
    checker(url)
    site.page("/a", article_html(paragraphs=LONG_PARAGRAPHS[:2]))
    checked = checker(url)
    assert (checked.result.outcome, checker.db["versions"].count) == ("failed", 1)
    assert "most of the text is gone" in (checked.result.reason or "")
    assert checker(url).result.outcome == "failed"
    checker.clock.skip(minutes=5)
    assert checker(url).result.outcome == "edited"


def test_a_replaced_text_is_unconfirmed_until_a_later_check_repeats_it(
    site: Site, checker: Checker
) -> None:
    url = site.page("/a", article_html(paragraphs=LONG_PARAGRAPHS))
    checker(url)
    words = [
        "nobody",
        "expected",
        "owls",
        "beside",
        "our",
        "pond",
        "yet",
        "they",
        "flew",
        "around",
        "noon",
        "zoo",
        "staff",
        "wrote",
    ]
    other_paragraphs = tuple(
        " ".join(sorted(words * 4, key=lambda w: (n, w[n % 3 :]))) for n in range(9)
    )
    site.page("/a", article_html(paragraphs=other_paragraphs))
    assert checker(url).result.outcome == "failed"
    checker.clock.skip(minutes=5)
    assert checker(url).result.outcome == "edited"


def test_a_flash_that_grew_into_an_article_is_an_edit_at_once(site: Site, checker: Checker) -> None:
    url = site.page("/a", article_html(paragraphs=LONG_PARAGRAPHS[:1]))
    checker(url)
    site.page("/a", article_html(paragraphs=LONG_PARAGRAPHS))
    assert checker(url).result.outcome == "edited"
