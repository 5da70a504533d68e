"""The web pages in a real Chromium; skipped without Chromium, or without Playwright to drive it."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from storage.database import open_database
from tests.support.browser import chromium_path, served
from tests.support.demo_history import make_demo_history
from tests.support.web_history import many_edits, unusual_history

playwright = pytest.importorskip(
    "playwright.sync_api", reason="no Playwright here: pip install 'variorum[browser]'"
)
axe = pytest.importorskip(
    "axe_playwright_python", reason="no axe here: pip install 'variorum[browser]'"
)
pytestmark = pytest.mark.skipif(
    chromium_path() is None, reason="no Chromium here: apt install chromium, or set $CHROMIUM"
)

PAGES = (
    "/edits?silent=1&field=headline", "/edits?kind=spelling&field=dek", "/edit/2", "/article/1",
    "/article/3?from=1&to=3&view=side", "/article/2/sentences", "/publishers",
    "/publisher/www.ansel-courier.example", "/search?q=harbour", "/search?q=people&scope=sentences", "/edit/999",
    "/variorum", "/variorum/edit_log?_facet=kind&kind=number", "/variorum/articles/1", "/variorum?sql=select+1",
)  # fmt: skip
UNUSUAL_PAGES = (
    "/", "/edit/1", "/article/1", "/article/1?view=side", "/article/1/sentences", "/article/2", "/article/3?from=1",
    "/article/4?view=side", "/publisher/often.example",
)  # fmt: skip
# All of axe's rules in light; in dark only the colours can differ.
AXE_OPTIONS = {
    "light": "{resultTypes: ['violations']}",
    "dark": "{resultTypes: ['violations'], runOnly: ['color-contrast']}",
}
WIDE, NARROW = {"width": 1200, "height": 800}, {"width": 360, "height": 740}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    yield from serve_made_database(make_demo_history, tmp_path_factory)


@pytest.fixture(scope="module")
def unusual_address(tmp_path_factory: pytest.TempPathFactory, address: str) -> Iterator[str]:
    yield from serve_made_database(lambda path: unusual_history(path).close(), tmp_path_factory)


@pytest.fixture(scope="module")
def long_address(tmp_path_factory: pytest.TempPathFactory, address: str) -> Iterator[str]:
    yield from serve_made_database(
        lambda path: many_edits(path, articles=60).close(), tmp_path_factory
    )


@pytest.fixture(scope="module")
def empty_address(tmp_path_factory: pytest.TempPathFactory, address: str) -> Iterator[str]:
    yield from serve_made_database(lambda path: open_database(path).close(), tmp_path_factory)


def serve_made_database(
    make_database: Callable[[Path], object], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The address of a site with a database that `make_database` made; it is served until the tests end."""
    path = tmp_path_factory.mktemp("browser") / "history.db"
    make_database(path)
    with served(path) as address:
        yield address


@pytest.fixture(scope="module")
def browser(address: str) -> Iterator["playwright.Browser"]:
    """One browser for all tests. `address` comes first: it cannot start inside Playwright's event loop."""
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium_path(), args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def window(browser: "playwright.Browser", address: str) -> "playwright.Page":
    """One window for all tests: opening one takes longer than most of them."""
    context = browser.new_context(base_url=address, reduced_motion="reduce")
    context.set_default_timeout(10_000)
    return context.new_page()


@pytest.fixture
def page(window: "playwright.Page") -> Iterator["playwright.Page"]:
    """The window as it was opened; the test fails if a page writes anything to its console."""
    messages: list[str] = []

    def on_message(message: object) -> None:
        messages.append(str(getattr(message, "text", message)))

    window.set_viewport_size(WIDE)
    window.emulate_media(media="screen", color_scheme="light")
    window.on("console", on_message)
    window.on("pageerror", on_message)
    yield window
    window.remove_listener("console", on_message)
    window.remove_listener("pageerror", on_message)
    assert [text for text in messages if "404" not in text] == []


@pytest.fixture(scope="module")
def axe_page(browser: "playwright.Browser", address: str) -> "playwright.Page":
    """A window for axe, whose script our own policy would keep out."""
    context = browser.new_context(base_url=address, bypass_csp=True, viewport=NARROW)
    return context.new_page()


def test_the_last_silent_headline_change_is_three_clicks_away(page: "playwright.Page") -> None:
    page.goto("/")
    page.get_by_role("link", name="Silent headlines").click()
    first = page.locator(".update").first
    assert "silent" in first.inner_text()
    first.get_by_role("link", name="headline ·").first.click()
    assert page.url.split("/")[-2] == "edit"
    assert page.locator(".redline del").count() == 1
    assert "modified timestamp unchanged" in page.locator(".facts").inner_text()


@pytest.mark.slow
def test_the_demo_database_reaches_the_same_change_in_three_clicks(
    page: "playwright.Page", tmp_path: Path
) -> None:
    path = tmp_path / "demo.db"
    command = [sys.executable, "-m", "variorum.cli", "demo", "--keep", str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    with served(path) as address:
        page.goto(address)
        page.get_by_role("link", name="Silent headlines").click()
        page.locator(".update").first.get_by_role("link", name="headline ·").first.click()
        assert (
            page.locator(".redline del").inner_text()
            == "「帰る人の目印に」 岬の灯台、三十年ぶりの明かり"
        )
        assert "silent" in page.locator(".over").inner_text()


def test_filters_narrow_the_stream(page: "playwright.Page") -> None:
    page.goto("/")
    page.get_by_text("Filter", exact=True).click()
    page.get_by_label("Kind").select_option("number")
    page.get_by_role("button", name="Show").click()
    assert page.locator(".update").count() == 1
    assert page.url.endswith("/edits?kind=number")
    assert page.get_by_label("Kind").input_value() == "number"


def test_any_two_versions_are_compared(page: "playwright.Page") -> None:
    page.goto("/article/1")
    page.get_by_label("From").select_option("1")
    page.get_by_label("To", exact=True).select_option("4")
    page.get_by_label("View").select_option("side")
    page.get_by_role("button", name="Compare").click()
    page.get_by_role("columnheader", name="Version 1").wait_for()
    deleted = page.locator(".sides tr.replace del").all_inner_texts()
    assert "있다고" in " ".join(deleted)


def test_j_and_k_move_between_edits_and_enter_opens_one(page: "playwright.Page") -> None:
    page.goto("/")
    focused_index = "[...document.querySelectorAll('.update')].indexOf(document.activeElement)"
    for key, at in (("j", 0), ("j", 1), ("j", 2), ("k", 1)):
        page.keyboard.press(key)
        assert page.evaluate(focused_index) == at
    page.keyboard.press("Enter")
    page.wait_for_url("**/article/**")


def test_the_older_link_shows_older_edits(page: "playwright.Page", long_address: str) -> None:
    page.goto(long_address)
    newest_href = page.locator(".label a").first.get_attribute("href")
    page.get_by_role("link", name="Older").click()
    assert page.locator(".update").count() >= 1
    assert newest_href not in [
        link.get_attribute("href") for link in page.locator(".label a").all()
    ]


TOOLTIP_SCRIPT = "element => getComputedStyle(element, '::after').content"


def test_hovering_over_a_sentence_shows_when_it_first_appeared(page: "playwright.Page") -> None:
    page.goto("/article/1")
    sentence = page.locator(".sentence").first
    assert sentence.evaluate(TOOLTIP_SCRIPT) == "none"
    sentence.hover()
    assert sentence.evaluate(TOOLTIP_SCRIPT).startswith('"added in version 1, seen 2026-')


@pytest.mark.parametrize("has_script", [True, False], ids=["script", "no script"])
def test_tapping_a_sentence_shows_when_it_first_appeared(
    browser: "playwright.Browser", address: str, has_script: bool
) -> None:
    context = browser.new_context(
        base_url=address, has_touch=True, is_mobile=True, viewport=NARROW, java_script_enabled=has_script,
    )  # fmt: skip
    page = context.new_page()
    page.goto("/article/1")
    page.locator(".sentence").nth(1).tap()
    assert (
        page.locator(".sentence").nth(1).evaluate(TOOLTIP_SCRIPT).startswith('"added in version 1')
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    context.close()


def test_sentences_are_one_tab_stop_and_arrows_move_between_them(page: "playwright.Page") -> None:
    page.goto("/article/1")
    page.locator("form.compare button").focus()
    page.keyboard.press("Tab")
    assert page.locator(".sentence").nth(0).evaluate(TOOLTIP_SCRIPT).startswith('"added in')
    page.keyboard.press("ArrowDown")
    assert page.locator(".sentence").nth(1).evaluate(TOOLTIP_SCRIPT).startswith('"added in')
    assert page.locator(".sentence").nth(0).evaluate(TOOLTIP_SCRIPT) == "none"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") != "sentence"


def test_side_by_side_stacks_old_above_new_on_a_phone(page: "playwright.Page") -> None:
    page.set_viewport_size(NARROW)
    page.goto("/article/1?from=1&to=4&view=side")
    row = page.locator(".sides tr.replace").first
    old, new = row.locator("td.old").bounding_box(), row.locator("td.new").bounding_box()
    assert old is not None
    assert new is not None
    assert old["y"] + old["height"] <= new["y"]
    assert min(old["width"], new["width"]) > 0.8 * NARROW["width"]
    assert not page.locator(".sides tr.equal td.new").first.is_visible()


@pytest.mark.parametrize("path", ["/article/4", "/publisher/www.ansel-courier.example"])
def test_a_chart_is_scrolled_to_its_newest_end(page: "playwright.Page", path: str) -> None:
    page.set_viewport_size(NARROW)
    page.goto(path)
    overflow = "box => box.scrollWidth - box.clientWidth"
    assert page.locator("figure .wide").evaluate(overflow) > 100
    right = "svg => svg.getBoundingClientRect().right"
    assert page.locator("figure svg").evaluate(right) <= NARROW["width"]


def test_sentences_do_not_scroll_sideways_on_a_phone(page: "playwright.Page") -> None:
    page.set_viewport_size(NARROW)
    page.goto("/article/2/sentences")
    table = page.locator(".blame")
    assert table.evaluate("table => table.parentElement.scrollWidth") <= NARROW["width"]


def test_a_page_works_without_scripts(browser: "playwright.Browser", address: str) -> None:
    context = browser.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    page.goto("/edits?publisher=www.ansel-courier.example")
    page.get_by_role("link", name="Ferry strikes pier").first.click()
    assert page.locator("#redline").is_visible()
    context.close()


def test_colour_scheme_follows_the_reader(page: "playwright.Page") -> None:
    brightness = "getComputedStyle(document.documentElement).backgroundColor.match(/\\d+/)[0]"
    page.emulate_media(color_scheme="dark")
    page.goto("/")
    assert int(page.evaluate(brightness)) < 60
    page.emulate_media(color_scheme="light")
    assert int(page.evaluate(brightness)) > 200


def test_deletions_and_insertions_differ_without_colour(page: "playwright.Page") -> None:
    page.goto("/edit/2")
    line = "element => getComputedStyle(element).textDecorationLine"
    assert page.locator(".redline del").evaluate(line) == "line-through"
    assert page.locator(".redline ins").evaluate(line) == "underline"


def test_korean_text_breaks_only_between_words(page: "playwright.Page") -> None:
    page.goto("/article/1")
    value = page.locator("h1").evaluate("element => getComputedStyle(element).wordBreak")
    assert value == "keep-all"


def test_print_shows_the_text_without_the_forms(page: "playwright.Page") -> None:
    page.emulate_media(media="print")
    page.goto("/article/1")
    assert page.locator(".text").is_visible()
    assert not page.locator("form.find, form.compare").first.is_visible()


def test_print_marks_deletions_and_insertions_in_light_colours(page: "playwright.Page") -> None:
    page.emulate_media(media="print", color_scheme="dark")
    page.set_viewport_size({"width": 700, "height": 900})
    page.goto("/article/1?view=side&from=1&to=4")
    assert page.evaluate("document.documentElement.scrollWidth") <= 700
    colour = "element => getComputedStyle(element).backgroundColor"
    for selector in ("html", ".sides tr.replace", ".sides ins", ".sides del"):
        assert page.locator(selector).first.evaluate(colour) == "rgb(255, 255, 255)"
    assert not page.locator(".site nav, footer .forms").first.is_visible()


def test_arabic_and_hebrew_are_right_to_left(page: "playwright.Page", unusual_address: str) -> None:
    way = "element => getComputedStyle(element).direction"
    for path in ("/article/1", "/article/2"):
        page.goto(unusual_address + path)
        for selector in ("h1", ".block.headline", ".update .redline >> nth=0"):
            assert page.locator(selector).first.evaluate(way) == "rtl", (path, selector)
    page.goto(f"{unusual_address}/edit/1")
    deleted, inserted = (page.locator(f".redline {tag}").bounding_box() for tag in ("del", "ins"))
    assert deleted is not None
    assert inserted is not None
    assert inserted["x"] < deleted["x"]  # who reads from the right meets the old text first


def test_any_two_of_many_versions_can_be_selected(
    page: "playwright.Page", unusual_address: str
) -> None:
    page.goto(f"{unusual_address}/article/3?from=2&to=199")
    assert page.get_by_label("From").input_value() == "2"
    page.get_by_label("From").select_option("5")
    page.get_by_role("button", name="Compare").click()
    assert page.locator("#redline").inner_text() == "Version 5 to 199"
    assert page.locator(".headlines").get_attribute("start") == "181"


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.slow
def test_a_narrow_page_does_not_scroll_sideways_and_axe_finds_nothing_serious(
    axe_page: "playwright.Page", path: str
) -> None:
    assert_fits(axe_page, path)


@pytest.mark.parametrize("path", UNUSUAL_PAGES)
@pytest.mark.slow
def test_unusual_articles_fit_and_pass_axe(
    axe_page: "playwright.Page", unusual_address: str, path: str
) -> None:
    assert_fits(axe_page, unusual_address + path)


@pytest.mark.parametrize("path", ["/", "/publishers", "/search?q=fire"])
@pytest.mark.slow
def test_an_empty_database_fits_and_passes_axe(
    axe_page: "playwright.Page", empty_address: str, path: str
) -> None:
    assert_fits(axe_page, empty_address + path)


def assert_fits(axe_page: "playwright.Page", path: str) -> None:
    """The page does not scroll sideways on a phone, and axe finds nothing serious in it."""
    axe_page.goto(path)
    assert axe_page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    axe_page.evaluate((Path(axe.__file__).parent / "axe.min.js").read_text("utf-8"))
    for scheme, rules in AXE_OPTIONS.items():
        axe_page.emulate_media(color_scheme=scheme)
        value = axe_page.evaluate(f"axe.run({rules})")["violations"]
        serious = [each for each in value if each["impact"] in ("serious", "critical")]
        assert [(each["id"], each["nodes"][0]["html"][:200]) for each in serious] == [], scheme
