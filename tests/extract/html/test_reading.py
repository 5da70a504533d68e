"""What a reader reads where the text of the elements alone does not say: marks, hidden words, parts of a line."""

import time

import pytest

from scraper.extract import extract
from scraper.extract.html.document import Document
from scraper.extract.html.reading.stylesheet import hidden_selectors

URL = "https://example.org/ferry"


def lines(markup: str) -> list[str]:
    return list(Document(markup.encode(), URL).lines)


@pytest.mark.parametrize(
    "markup",
    [
        "<x-count>12</x-count>",
        "<count>12</count>",
        "<x-outer><x-inner>12</x-inner></x-outer>",
        "<o:p></o:p>12",
        "<amp-fit-text>12</amp-fit-text>",
        "<button>12</button>",
        "<output>12</output>",
        "<slot>12</slot>",
        "<math><mn>12</mn></math>",
        "<x-tip><template>A tip.</template>12</x-tip>",
        "<input value=9>12",
        "<select><option>9</option></select>12",
        '12<span style="visibility:hidden;position:absolute">9</span>',
        '<span aria-hidden="true">12</span><span class="sr-only">twelve</span>',
        '<span class="Count_visuallyHidden__x1">about </span>12',
        '<span style="position:absolute;left:-9999px">about </span>12',
        '<span aria-hidden="true">12</span><span class="words">12 or so</span>',
    ],
)
def test_an_element_in_a_sentence_is_part_of_it(markup: str) -> None:
    assert lines(f"<p>The ferry took {markup} people.</p>") == ["The ferry took 12 people."]


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<x-story><x-p>One.</x-p> <x-p>Two.</x-p></x-story>", ["One.", "Two."]),
        ("Zero.<x-box><p>One.</p></x-box>", ["Zero.", "One."]),
        ("<p>It sank. <button>Share</button></p><button>Share</button>", ["It sank."]),
        ("<p><button>Listen</button> The ferry sank.</p>", ["The ferry sank."]),
        ("<p><button>ferry</button> trips end.</p>", ["ferry trips end."]),
        ("<h2><button aria-expanded=false>Why?</button></h2><p>So.</p>", ["Why?", "So."]),
        ("<div>The <div style='display:inline'>ferry</div> sank.</div>", ["The ferry sank."]),
        ("<p><b style='display: block'>News</b>It sank.</p>", ["News", "It sank."]),
        ("<p>The <details><summary>hull</summary>of steel</details> broke.", ["The", "hull of steel broke."]),
        ("<p><label>Name <input></label></p>", ["Name"]),
    ],
)  # fmt: skip
def test_lines_end_where_a_reader_sees_them_end(markup: str, expected: list[str]) -> None:
    assert lines(markup) == expected


@pytest.mark.parametrize(
    "mark",
    [
        '<sup><a href="#n1">1</a></sup>',
        '<sup><a href="#n1"> 1 </a></sup>',
        '<a href="#n1"><sup>1</sup></a>',
        '<a href="#n1" role="doc-noteref">1</a>',
        '<a href="/ferry#fn1">1</a>',
        '<sup class="reference"><a href="#cite">[note 1]</a></sup>',
        '<sup><a href="#a">1</a>, <a href="#b">2</a></sup>',
        '<sup><a href="https://source.example/">†</a></sup>',
        '<span class="footnote__marker"><button>1</button></span>',
        '<span style="vertical-align: super">1</span>',
        '<button aria-describedby="n1">1</button>',
        "<foot-note>1</foot-note>",
        "<sup>[1]</sup>",
        "<sup>1)</sup>",
        "<sup>1</sup>",
    ],
)
def test_the_mark_of_a_note_is_no_part_of_a_number(mark: str) -> None:
    assert lines(f"<p>It took 12{mark} people.</p>") == ["It took 12 people."]


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("10<sup>6</sup> litres", "10⁶ litres"),
        ("10<sup>-3</sup> litres", "10⁻³ litres"),
        ("5 m<sup>2</sup>", "5 m²"),
        ("3<sup>1</sup>/<sub>2</sub> miles", "3¹/2 miles"),
        ("the 1<sup>st</sup> day", "the 1st day"),
        ("CO<sub>2</sub>", "CO2"),
        ("Ferry<sup>®</sup>", "Ferry®"),
        ('see chapter <a href="#c3">3</a>', "see chapter 3"),
        ("<math><msup><mn>10</mn><mn>6</mn></msup></math>", "10⁶"),
        ("<math><mfrac><mn>1</mn><mn>2</mn></mfrac></math>", "1/2"),
        ("<ruby>ferry<rt>boat</rt></ruby> line", "ferry(boat) line"),
        ("<ruby>ferry<rp>[</rp><rt>boat</rt><rp>]</rp></ruby> line", "ferry[boat] line"),
    ],
)
def test_powers_ordinals_and_readings_stay(markup: str, expected: str) -> None:
    assert lines(f"<p>{markup}</p>") == [expected]


def test_digits_without_a_link_are_marks_while_they_count_up() -> None:
    page = "<p>The council<sup>1</sup> bought 30<sup>2</sup> boats of 40 m<sup>3</sup> at 2<sup>2</sup> places.</p>"
    assert lines(page) == ["The council bought 30 boats of 40 m³ at 2² places."]


def test_the_arrow_back_from_a_note_is_dropped_and_the_note_stays() -> None:
    page = '<ol><li id="n1">Says the port. <a href="#r1">↩</a></li></ol>'
    assert lines(page) == ["Says the port."]


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ('<p><span aria-hidden="true">T</span><span class="visually-hidden">T</span>he ferry.</p>', "The ferry."),
        ("<p>\n<span class='cap'>\nT\n</span>he ferry.</p>", "The ferry."),
        ("<div><span>T</span><p>he ferry.</p></div>", "The ferry."),
        ("<p>\n<span class='cap'>\nT\n</span>\nhe ferry.</p>", "The ferry."),
        ("<p><span class='cap'> T </span>HE FERRY sank.</p>", "THE FERRY sank."),
        ("<div><div class='cap'>T</div><div>he ferry.</div></div>", "The ferry."),
        ("<p><b> A </b> ferry.</p>", "A ferry."),
        ("<p><b>A </b>ferry.</p>", "A ferry."),
    ],
)  # fmt: skip
def test_a_drop_cap_is_the_first_letter_of_its_word(markup: str, expected: str) -> None:
    assert lines(markup) == [expected]


def test_a_declarative_shadow_root_is_read_and_another_template_is_not() -> None:
    page = "<x-story><template shadowrootmode=open><style>p{}</style><p>One.</p></template></x-story><template><p>Two.</p></template>"
    assert lines(page) == ["One."]


@pytest.mark.parametrize(
    ("head", "markup"),
    [
        ("<style>.extra{display:none!important}</style>", '<div class="box extra"><p>Hidden.</p></div>'),
        ("<style>#extra { display: none }</style>", '<div id="extra"><p>Hidden.</p></div>'),
        ("<style>@layer base{p.extra{display:none}}</style>", '<p class="extra">Hidden.</p>'),
        ("<style>.extra{display:none}@media (max-width:9em){.extra{display:block}}</style>", '<p class="extra">Hidden.</p>'),
        ("<style>.extra{position:absolute;clip:rect(0,0,0,0)}</style>", '<span class="extra">Hidden.</span>'),
        ("", "<div hidden><p>Hidden.</p></div>"),
    ],
)  # fmt: skip
def test_what_a_style_sheet_or_an_attribute_hides_is_no_line(head: str, markup: str) -> None:
    assert lines(f"{head}<p>One.</p>{markup}<p>Two.</p>") == ["One.", "Two."]


@pytest.mark.parametrize(
    ("head", "markup"),
    [
        ("<style>@media print{.more{display:none}}</style>", '<p class="more">Shown.</p>'),
        ("<style>.more{display:none}.open .more{display:block}</style>", '<p class="more">Shown.</p>'),
        ("<style>.wall .more{display:none}</style>", '<div class="wall"><p class="more">Shown.</p></div>'),
        ("", '<div hidden="until-found"><p>Shown.</p></div>'),
        ("", "<h2><button aria-expanded=false></button></h2><div style='display:none'><p>Shown.</p></div>"),
        ("", "<button aria-controls=a></button><div id=a hidden><p>Shown.</p></div>"),
    ],
)  # fmt: skip
def test_what_a_reader_can_open_is_a_line(head: str, markup: str) -> None:
    assert lines(f"{head}<p>One.</p>{markup}<p>Two.</p>") == ["One.", "Shown.", "Two."]


def test_a_style_sheet_of_many_rules_is_read_in_bounded_time() -> None:
    sheet = "".join(f".c{at}{{display:none}}" for at in range(50_000))
    assert len(hidden_selectors([sheet]).invisible) <= 40


@pytest.mark.parametrize(
    "h1",
    [
        'Ferry stays in port<span class="sr-only">, with gallery</span>',
        '<small class="visually-hidden">Video: </small>Ferry stays in port',
        "<i hidden>Exclusive </i>Ferry stays in port",
        '<b style="display:none">Exclusive </b>Ferry stays in port',
    ],
)
def test_words_that_no_reader_sees_are_no_part_of_a_headline(h1: str) -> None:
    paragraph = "<p>The ferry to the island stays in port until the spring, since two of its planks are loose.</p>"
    page = f"<h1>{h1}</h1>{paragraph * 3}"
    assert extract(page.encode(), URL).headline == "Ferry stays in port"


PARAGRAPH = (
    "The ferry to the island stays in port until the spring, since {} of its planks are loose."
)


@pytest.mark.parametrize(
    "section",
    [
        "<section><header><h2>What happened</h2></header><p>{}</p></section>",
        "<article><header><span>10:30</span><h3>What happened</h3></header><p>{}</p></article>",
        "<section><hgroup><h2>What happened</h2></hgroup><p>{}</p></section>",
        "<p><b>What happened</b><br>{}</p>",
        "<p><strong style='display:block'>What happened</strong>{}</p>",
        "<div><strong>What happened</strong><p>{}</p></div>",
    ],
)
@pytest.mark.parametrize("start", ["", f"<p>{PARAGRAPH.format(1)}</p>"], ids=["first", "later"])
def test_the_heading_of_a_part_is_text(section: str, start: str) -> None:
    page = f"<h1>Ferry stays in port</h1>{start}{section.format(PARAGRAPH.format(2))}<p>{PARAGRAPH.format(3)}</p>"
    article = extract(f"<main><article>{page}</article></main>".encode(), URL)
    assert "What happened" in article.paragraphs
    assert article.dek is None


def test_a_line_for_screen_readers_alone_is_no_paragraph() -> None:
    lines = (
        PARAGRAPH.format(1),
        '<span class="sr-only">Goes on below the picture.</span>',
        PARAGRAPH.format(2),
    )
    text = "".join(f"<p>{line}</p>" for line in lines)
    title = '<h2 class="visually-hidden">Text of the article</h2>'
    page = f"<main><h1>Ferry stays in port</h1>{title}{text}<p class='sr-only'>The picture of the ferry.</p>{text}</main>"
    assert set(extract(page.encode(), URL).paragraphs) == {PARAGRAPH.format(1), PARAGRAPH.format(2)}


@pytest.mark.parametrize(
    "markup",
    [
        "<ruby>" + "a<rt>b</rt>" * 70_000 + "</ruby>",
        ("<x-a>" * 380 + "a" + "</x-a>" * 380) * 190,
        "<p>" + "<x-a>1</x-a>" * 70_000,
        "<p>" + "a<sup>1</sup>" * 70_000,
        "<p>" + "a <button>b</button> " * 70_000,
        "<div hidden>" * 390 + "<i></i>" * 140_000,
        "<style>"
        + ".c{display:none}" * 20_000
        + ".c{color:red}" * 20_000
        + "</style>"
        + "<p class=c>a" * 70_000,
    ],
    ids=["ruby", "nested", "unknown", "sup", "buttons", "hidden", "sheet"],
)
def test_a_hostile_page_is_read_in_bounded_time(markup: str) -> None:
    started = time.process_time()
    lines(markup)
    assert (
        time.process_time() - started < 5.0
    )  # a second and a half on a busy machine; ruby took 126 s
