"""What of an h1 is the headline: not its kickers and badges, nor the name of a blog or a section."""

import pytest

from scraper.extract.html.document import Document
from scraper.extract.metadata import read_metadata

HEADLINE = "Lantern keepers vote to light the northern pier again"
OG_TITLE = f'<meta property="og:title" content="{HEADLINE}">'
URL = "https://www.example.org/osk/lanterns"


def headline(body: str, *, title: str = HEADLINE, head: str = "") -> str | None:
    html = f"<html lang=en><head><title>{title}</title>{head}</head><body>{body}</body></html>"
    return read_metadata(Document(html.encode(), URL)).headline


LABELS = {
    "a kicker": '<span class="kicker">Harbour</span> ',
    "a kicker without a space": '<span class="overline">Harbour</span>',
    "a block": "<div>Harbour</div>",
    "small print": "<small>Harbour</small> ",
    "a link": '<a href="/harbour">Harbour</a> ',
    "a badge": '<b class="badge">Live</b> ',
    "a badge and a kicker": '<i class="badge">Live</i><span class="kicker">Harbour</span> ',
    "a kicker and a bar": "<span>Harbour</span> | ",
    "a kicker with a colon": "<span>Harbour:</span> ",
}


@pytest.mark.parametrize("label", LABELS.values(), ids=LABELS)
@pytest.mark.parametrize("text", [HEADLINE, f"<span>{HEADLINE}</span>", f"<div>{HEADLINE}</div>"])
def test_a_label_that_another_title_lacks_is_no_part_of_the_headline(label: str, text: str) -> None:
    assert headline(f"<h1>{label}{text}</h1>") == HEADLINE
    assert (
        headline(f"<h1><span>{label}{text}</span></h1>", title=f"{HEADLINE} | Osk Lantern")
        == HEADLINE
    )
    assert (
        headline(f"<h1>{label}{text}</h1>", title=f"Harbour: {HEADLINE}", head=OG_TITLE) == HEADLINE
    )


@pytest.mark.parametrize(
    "label",
    [
        ' <span class="badge">Live</span>',
        "<br><small>By Ana Example</small>",
        '<sup class="new">New</sup>',
    ],
)
def test_a_label_after_the_headline_is_no_part_of_it(label: str) -> None:
    assert headline(f"<h1>{HEADLINE}{label}</h1>") == HEADLINE


def test_a_badge_goes_without_another_title() -> None:
    assert (
        headline(
            f'<h1><b class="label">Updated</b> {HEADLINE}</h1>', title="Osk: Lantern keepers vote"
        )
        == HEADLINE
    )


@pytest.mark.parametrize(
    "text",
    [
        "<em>Lantern keepers</em> vote to light the northern pier again",
        "<span>L</span>antern keepers vote to light the northern pier again",
        "Lantern keepers vote to light the northern <b>pier again</b>",
    ],
)
def test_the_words_of_the_headline_stay_whatever_their_elements(text: str) -> None:
    assert headline(f"<h1>{text}</h1>") == HEADLINE
    assert headline(f"<h1>{text}</h1>", title="Osk Lantern") == HEADLINE


def test_a_kicker_that_every_title_has_stays() -> None:
    full = f"Harbour: {HEADLINE}"
    html = f"<h1><span>Harbour</span>: {HEADLINE}</h1>"
    assert headline(html, title=full, head=f'<meta property="og:title" content="{full}">') == full


NAMES = {
    "a link to the front page": '<h1><a href="/">The Osk Notebook</a></h1>',
    "a link around it": '<a href="https://www.example.org/"><h1>The Osk Notebook</h1></a>',
    "no link": "<h1>The Osk Notebook</h1>",
}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
@pytest.mark.parametrize(
    "title",
    [
        f"{HEADLINE} | The Osk Notebook",
        f"The Osk Notebook » Archive » {HEADLINE}",
        f"The Osk Notebook - {HEADLINE}",
    ],
)
@pytest.mark.parametrize("heading", ["h2", "h3"])
def test_the_name_of_a_blog_is_not_the_headline(name: str, title: str, heading: str) -> None:
    assert headline(f"{name}<{heading}>{HEADLINE}</{heading}>", title=title) == HEADLINE


def test_the_name_of_a_blog_before_a_colon_is_not_the_headline_of_an_entry() -> None:
    title = f"The Osk Notebook: {HEADLINE}"
    assert (
        headline(f'<h1>The Osk Notebook</h1><h3 class="entry-title">{HEADLINE}</h3>', title=title)
        == HEADLINE
    )


@pytest.mark.parametrize("section", ["Transportation", "transport and harbour", "News"])
@pytest.mark.parametrize("heading", [f"<h1>{HEADLINE}</h1>", f"<h2>{HEADLINE}</h2>"])
def test_the_name_of_a_section_is_not_the_headline(section: str, heading: str) -> None:
    title = f"{section} - {HEADLINE} - Osk Lantern, all the news of the coast"
    html = f"<div><h1>{section.lower()}</h1></div><div>{heading}</div>"
    assert headline(html, title=title) == HEADLINE
    assert (
        headline(html, title=title, head=f'<meta property="og:title" content="{title}">')
        == HEADLINE
    )


def test_a_standfirst_in_the_title_is_not_the_headline() -> None:
    dek = "Four winters after the last lamp was carried into the town hall and forgotten"
    html = f"<h1>Lanterns return</h1><h2>{dek}</h2>"
    assert headline(html, title=f"Lanterns return: {dek}") == "Lanterns return"
