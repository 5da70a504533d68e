"""Tables, lists and galleries among the paragraphs, and other stories on the page."""

import pytest

from scraper.article import Article
from scraper.errors import ExtractError
from scraper.extract import extract

URL = "https://www.example.org/news/lock-gates"
HEADLINE = "Lock gates to be painted green"
PARAGRAPHS = tuple(
    f"The lock keeper of gate {number} wrote to the water board that the paint had come off again in"
    f" the {season}, and the board answered that it would look at the matter in its next meeting."
    for number, season in enumerate(("spring", "summer", "autumn", "winter"), 1)
)


def article(middle: str, *, below: str = "", first: str = "p") -> Article:
    """The article with some markup between its second and its third paragraph, and below it."""
    lines = [f"<{first}>{text}</{first}>" for text in PARAGRAPHS]
    html = (
        f"<html><head><title>{HEADLINE}</title></head><body><main><article class=story><h1 class=title>{HEADLINE}</h1>"
        f"<div class=text>{''.join(lines[:2])}{middle}{''.join(lines[2:])}</div></article>{below}</main></body></html>"
    )
    return extract(html.encode(), URL)


def added(middle: str, *, below: str = "") -> list[str]:
    """The paragraphs that the markup adds to those of the article."""
    paragraphs = article(middle, below=below).paragraphs
    assert set(PARAGRAPHS) <= set(paragraphs)
    return [text for text in paragraphs if text not in PARAGRAPHS]


def test_cells_of_a_row_are_one_paragraph() -> None:
    table = "<table><tr><th>Gate</th><th>Coats</th></tr><tr><td>North</td><td><p>3</p></td></tr><tr><td>South</td><td>4</td></tr></table>"
    assert added(table) == ["Gate | Coats", "North | 3", "South | 4"]


def test_an_edited_cell_changes_its_row() -> None:
    table = "<table><tr><td>Dead</td><td>{}</td></tr><tr><td>Hurt</td><td>7</td></tr></table>"
    assert added(table.format(12)) == ["Dead | 12", "Hurt | 7"]
    assert added(table.format(21)) == ["Dead | 21", "Hurt | 7"]


def test_cells_of_a_layout_are_lines_of_their_own() -> None:
    cell = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
    page = f"<body><h1>{HEADLINE}</h1><table><tr><td>{cell}</td><td><p>One</p><p>Two</p></td></tr></table></body>"
    paragraphs = extract(page.encode(), URL).paragraphs
    assert paragraphs[:4] == PARAGRAPHS


@pytest.mark.parametrize(
    "markup",
    [
        "<ul><li>North gate</li><li>South gate</li><li>Weir</li></ul>",
        "<ol class='w-full mt-4'><li>North gate</li><li>South gate</li><li>Weir</li></ol>",
        "<div><ul><li><p>North gate</p></li><li><p>South gate</p></li><li><p>Weir</p></li></ul></div>",
        "<dl><dt>North gate</dt><dd>South gate</dd><dt>Weir</dt></dl>",
    ],
)
def test_a_list_among_the_paragraphs_is_kept(markup: str) -> None:
    assert added(markup) == ["North gate", "South gate", "Weir"]


def test_a_list_of_links_is_kept_after_a_colon() -> None:
    links = "<ul><li><a href=/1>North gate</a></li><li><a href=/2>South gate</a></li></ul>"
    assert added(f"<p>Two gates are closed:</p>{links}") == [
        "Two gates are closed:",
        "North gate",
        "South gate",
    ]
    assert added(links) == []


def test_pictures_of_a_gallery_are_captions() -> None:
    pictures = "".join(
        f"<li><h2>{at}/3 Gate in use</h2><p>A gate of the year {1900 + at}</p></li>"
        for at in (1, 2, 3)
    )
    page = article(f"<div class=photos><ul>{pictures}</ul></div>")
    assert page.paragraphs == PARAGRAPHS
    assert "A gate of the year 1901" in page.captions


def test_fractions_in_a_recipe_are_no_gallery() -> None:
    items = "<ul><li>1/4 cup of linseed oil</li><li>3/4 cup of pigment</li></ul>"
    assert added(items) == ["1/4 cup of linseed oil", "3/4 cup of pigment"]


OTHER = "".join(
    f"<p>The ferry office of pier {number} asked the town for a longer bench, and the town asked the office for"
    " a shorter letter, and both have been waiting for an answer since the end of March.</p>"
    for number in range(5)
)


@pytest.mark.parametrize(
    "below",
    [
        f"<article class=story><h1 class=title>Ferry office wants a bench</h1><div class=text>{OTHER}</div></article>",
        f"<div class=next><h1 class=next-title>Ferry office wants a bench</h1><div class=text>{OTHER}</div></div>",
        f"<div class=hentry><h2 class='title'>Ferry office wants a bench</h2>{OTHER}</div>",
    ],
)
def test_another_story_below_is_not_the_article(below: str) -> None:
    assert added("", below=below) == []


def test_parts_of_a_text_titled_with_h1_stay() -> None:
    assert added("<h1>What the keeper says</h1>") == ["What the keeper says"]


def test_a_box_of_facts_among_the_paragraphs_is_kept() -> None:
    facts = "<div class=factbox><h3>The lock in figures</h3><ul><li>12 gates</li><li>3 keepers</li></ul></div>"
    assert added(facts) == ["The lock in figures", "12 gates", "3 keepers"]


def test_a_box_for_a_newsletter_is_not_kept() -> None:
    box = "<div class=newsletter-box><h3>News of the river</h3><ul><li>Every week</li><li>Free</li></ul></div>"
    assert added(box) == []


def test_numbered_notes_below_the_text_are_kept() -> None:
    notes = "<section><ol><li id=fn1>The board counts 12 gates.</li><li id=fn2>The town counts 13.</li></ol></section>"
    lines = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
    page = f"<body><main><article><h1>{HEADLINE}</h1>{lines}{notes}</article></main></body>"
    assert extract(page.encode(), URL).paragraphs[4:] == (
        "The board counts 12 gates.",
        "The town counts 13.",
    )


def test_notes_in_an_element_of_notes_are_kept() -> None:
    notes = "<section class=footnotes><ol><li>The board counts 12 gates.</li></ol></section>"
    lines = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
    page = (
        f"<body><main><article><h1>{HEADLINE}</h1><div>{lines}{notes}</div></article></main></body>"
    )
    assert extract(page.encode(), URL).paragraphs[4:] == ("The board counts 12 gates.",)


def test_related_posts_after_a_short_text_are_left_out() -> None:
    posts = "".join(
        f"<div><h4><a href=/{at}>Older tale {at}</a></h4><p>{PARAGRAPHS[at][:120]}…</p></div>"
        for at in range(3)
    )
    lines = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
    page = f"<body><article><h1>{HEADLINE}</h1><div class=entry-content>{lines}<div class=jp-relatedposts><h3>Related</h3>{posts}</div></div></article></body>"
    assert extract(page.encode(), URL).paragraphs == PARAGRAPHS


def test_a_table_after_the_last_paragraph_is_kept() -> None:
    lines = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
    table = "<table><tr><td>North</td><td>3</td></tr><tr><td>South</td><td>4</td></tr></table>"
    page = f"<body><main><article><h1>{HEADLINE}</h1>{lines}{table}</article></main></body>"
    assert extract(page.encode(), URL).paragraphs[4:] == ("North | 3", "South | 4")


def test_a_fold_of_one_sentence_under_its_title_is_kept() -> None:
    fold = "<div class=accordion><h3>How many gates?</h3><div><p>The lock has 12 gates on the river.</p></div></div>"
    assert added(fold) == ["How many gates?", "The lock has 12 gates on the river."]


def test_the_text_of_a_page_without_paragraphs_is_its_tables() -> None:
    rows = "<tr><td>06:00</td><td>First boat through the gates</td></tr><tr><td><b>Evening</b></td></tr>"
    page = f"<table><tr><td><h1>{HEADLINE}</h1><h2>Hours of the gates</h2></td></tr><tr><td><table>{rows}</table></td></tr></table>"
    paragraphs = extract(f"<body>{page}</body>".encode(), URL).paragraphs
    assert paragraphs == ("Hours of the gates", "06:00 | First boat through the gates", "Evening")


@pytest.mark.parametrize(
    ("markup", "lines"),
    [
        (
            "<figure><table><tr><td>North</td><td>3</td></tr><tr><td>South</td><td>4</td></tr></table><figcaption>Source: board</figcaption></figure>",
            ["North | 3", "South | 4"],
        ),
        (
            "<dl><dt>Gate</dt><dd><p>Part of the lock that opens.</p></dd></dl>",
            ["Gate", "Part of the lock that opens."],
        ),
        (
            "<p>These have signed:</p><ul class=wp-block-list><li><a href=/1>Ada</a></li><li><a href=/2>Bo</a></li></ul>",
            ["These have signed:", "Ada", "Bo"],
        ),
    ],
    ids=["captioned table", "terms", "announced links"],
)
def test_a_structure_in_another_form_is_kept(markup: str, lines: list[str]) -> None:
    assert added(markup) == lines


def test_an_announced_list_at_the_end_is_kept() -> None:
    lines = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
    end = "<p>In this order:</p><ul><li>First stop: weir</li><li>Second stop: town</li></ul>"
    page = f"<body><main><article><h1>{HEADLINE}</h1><div class=text>{lines}{end}</div></article></main></body>"
    assert extract(page.encode(), URL).paragraphs[4:] == (
        "In this order:",
        "First stop: weir",
        "Second stop: town",
    )


def test_a_table_of_links_alone_is_no_article() -> None:
    links = "<table><tr><td><a href=/1>North</a></td><td><a href=/2>South</a></td></tr></table>"
    with pytest.raises(ExtractError, match="no article text"):
        extract(f"<body><h1>{HEADLINE}</h1>{links}</body>".encode(), URL)
