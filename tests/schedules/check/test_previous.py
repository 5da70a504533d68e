"""A version is compared with what today's extractor reads from its page."""

from schedules import check as checking
from schedules.check.previous import load_previous
from schedules.check.settings import CheckSettings
from scraper.extract import extract
from scraper.extract.rules.rule import Rule, read_rules
from storage.articles.result import CheckResult
from tests.support.checker import Checker
from tests.support.pages import article_html
from tests.support.site import Answer, Site


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


def test_a_rule_that_reads_more_takes_what_the_last_page_says(site: Site, checker: Checker) -> None:
    """The text that the rule reads was edited while no rule read it: nobody knows when."""
    rules = read_rules(
        '[a]\nhosts = "127.0.0.1"\nbody = "article"\nbyline = "i::attr(title)"', "my.toml"
    )

    def check_page(desk: str, *rules: Rule) -> CheckResult:
        url = site.page("/a", article_html(around=f'<i title="{desk}">desk</i>'))
        checker.clock.skip(hours=1)
        return checker.run(
            lambda network: checking.check(
                checker.db, url, network, settings=CheckSettings(rules=rules)
            )
        ).result

    check_page("Mina Oswell")
    check_page("Jon Ferry")
    technical = check_page("Jon Ferry", *rules)
    assert technical.outcome == "technical"
    assert technical.article is not None
    assert technical.article.byline == ("Jon Ferry",)
    edited = check_page("Ada Holm", *rules)
    assert [(edit.field, edit.old, edit.new) for edit in edited.edits] == [
        ("byline", "Jon Ferry", "Ada Holm")
    ]


def test_text_that_is_added_outside_the_earlier_container_is_an_edit(
    site: Site, checker: Checker
) -> None:
    boats = "".join(f"<p>The port keeps a list of all {n} boats that crossed the harbour while the bridge was closed.</p>" for n in range(20))  # fmt: skip
    html = article_html()
    checker(site.page("/a", html))
    longer = html.replace("</body>", f"<div class=report><h2>The boats</h2>{boats}</div></body>")
    url = site.page("/a", longer)
    added = [edit.new for edit in checker(url).result.edits]
    assert len(added) == 21
    body = checker.db.execute("select body from versions where number = 2").fetchone()[0]
    assert body == extract(longer.encode(), url).body


def test_a_check_is_compared_with_the_text_of_the_last_page_that_showed_the_article(
    site: Site, checker: Checker
) -> None:
    url = site.page("/a", article_html(around="<p>17 readers</p>"))
    assert load_previous(checker.db, url, ()).page.text == ""
    checker(url)
    site.answers["/a"] = Answer(status=503)
    checker(url)
    assert load_previous(checker.db, url, ()).page.lines["17 readers"] == 1
