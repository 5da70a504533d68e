"""Who wrote an article: a person before the house, and nobody from a list beside the text."""

import pytest

from scraper.extract.html.document import Document
from scraper.extract.metadata import read_metadata

HEADLINE = "Lantern keepers vote to light the northern pier again"
TEXT = (
    "<p>"
    + "The lantern keepers of Osk voted on Monday to light the northern pier again. " * 3
    + "</p>"
)


def byline(
    *, author: str = "", head: str = "", before: str = "", line: str = "", after: str = ""
) -> list[str]:
    json_ld = (
        f'<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "{HEADLINE}",'
        f' "author": {author}, "publisher": {{"@type": "Organization", "name": "The Osk Lantern"}}}}</script>'
    )
    html = f"""<html lang=en><head><title>{HEADLINE}</title>{json_ld if author else ""}{head}</head><body>{before}
        <article><h1>{HEADLINE}</h1>{line}{TEXT}{TEXT}{TEXT}</article>{after}</body></html>"""
    return list(
        read_metadata(Document(html.encode(), "https://www.example.org/osk/lanterns")).byline
    )


HOUSES = {
    "the paper": '{"@type": "Organization", "name": "The Osk Lantern"}',
    "its company": '{"@type": "Organization", "name": "Osk Media Ltd"}',
    "its newsroom": '[{"@type": "NewsMediaOrganization", "name": "Lantern newsroom"}]',
}


@pytest.mark.parametrize("house", HOUSES.values(), ids=HOUSES)
@pytest.mark.parametrize(
    "line",
    [
        "<p>By Ana Example</p>",
        "<p>By Ana Example in Port Ansel</p>",
        "<p>By Ana Example at the pier</p>",
        '<div><a rel="author" href="/ae">Ana Example</a></div>',
        '<span class="author-name">Ana Example</span>',
    ],
)
def test_a_person_by_the_headline_comes_before_the_house(house: str, line: str) -> None:
    assert byline(author=house, line=line) == ["Ana Example"]


def test_the_house_is_the_byline_of_a_page_that_names_nobody() -> None:
    assert byline(author=HOUSES["its company"]) == ["Osk Media Ltd"]


def test_a_person_whose_type_is_wrong_is_not_joined_by_the_house() -> None:
    author = '{"@type": "Organization", "name": "Ana Example"}'
    assert byline(author=author, line="<p>By Ana Example, Osk Lantern Radio</p>") == ["Ana Example"]


@pytest.mark.parametrize(
    "meta", ["author_name", "article:author_name", "article-author", "authors"]
)
def test_other_names_of_the_metas_of_authors_are_read(meta: str) -> None:
    assert byline(head=f'<meta name="{meta}" content="Ana Example">') == ["Ana Example"]


def test_the_author_of_an_app_is_not_that_of_the_article() -> None:
    assert byline(head='<meta name="smartbanner:author" content="Ana Example">') == []


NAMES = ("Grace Sample", "Mary Sample", "Rob Sample", "John Sample")
ITEMS = {
    "links": '<li><a rel="author" href="/v">{}</a></li>',
    "classes": '<li><span class="author">{}</span></li>',
    "columns": '<li><span class="author">{}</span> <a href="/v">Why lamps ought to be lit</a></li>',
    "boxes": '<div class="person"><a class="author" href="/v">{}</a></div>',
}


@pytest.mark.parametrize("item", ITEMS.values(), ids=ITEMS)
@pytest.mark.parametrize("side", ["before", "after"])
def test_a_list_of_columnists_is_no_byline(item: str, side: str) -> None:
    box = f'<div class="voices"><h3>Voices</h3>{"".join(map(item.format, NAMES))}</div>'
    assert byline(**{side: box}) == []
    assert byline(**{side: box}, line='<p class="byline">Ana Example</p>') == ["Ana Example"]


def test_a_list_of_authors_by_the_headline_is_the_byline() -> None:
    items = "".join(map(ITEMS["links"].format, NAMES))
    assert byline(line=f"<ul>{items}</ul>") == list(NAMES)


@pytest.mark.parametrize(
    "box",
    [
        '<div class="side"><a rel="author" href="/v">Grace Sample</a></div>',
        '<div class="voices"><span class="author">Grace Sample</span> <a href="/v">Why lamps ought to be lit</a></div>',
    ],
)
@pytest.mark.parametrize(
    "line", ['<p class="byline">Ana Example</p>', '<p><a href="/author/ae">Ana Example</a></p>']
)
def test_a_name_by_the_headline_comes_before_one_above_the_article(box: str, line: str) -> None:
    assert byline(before=box, line=line) == ["Ana Example"]
