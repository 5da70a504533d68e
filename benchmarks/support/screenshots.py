"""Take pictures of the web pages with the articles of the demo, for docs/.

    python -m benchmarks screenshots             the pictures that the README shows
    python -m benchmarks screenshots FOLDER      every page, light and dark, wide and narrow

The command needs Debian's `chromium`, or another browser in $CHROMIUM.
"""

import argparse
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from benchmarks.support.paths import ROOT
from tests.support.browser import chromium_path, served
from tests.support.demo_history import make_demo_history

DOCS = ROOT / "docs"
PAGES = {
    "stream": "/",
    "filtered": "/edits?silent=1&field=body",
    "edit": "/edit/2",
    "article": "/article/1",
    "article-ja": "/article/4",
    "side": "/article/3?from=1&to=3&view=side",
    "sentences": "/article/2/sentences",
    "publishers": "/publishers",
    "publisher": "/publisher/www.ansel-courier.example",
    "search": "/search?q=온실+난방비",
    "departed": "/search?q=people&among=left",
    "wrong": "/edit/999999",
}
README_SCREENSHOTS = {"stream": ("light", 900), "article-ja": ("dark", 1250)}
WIDTHS = {"wide": 1100, "narrow": 360}


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `screenshots`."""
    parser.add_argument("folder", nargs="?", type=Path, help="where every page goes")


def main(options: argparse.Namespace) -> int:
    """Take the pictures."""
    with tempfile.TemporaryDirectory() as temporary:
        path = Path(temporary) / "demo.db"
        make_demo_history(path)
        with served(path) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=chromium_path(), args=["--no-sandbox"]
            )
            if options.folder:
                options.folder.mkdir(parents=True, exist_ok=True)
                _capture_all(browser, address, options.folder)
            else:
                _capture_for_readme(browser, address)
            browser.close()
    return 0


def _capture_all(browser: Browser, address: str, folder: Path) -> None:
    for scheme in ("light", "dark"):
        for width, pixels in WIDTHS.items():
            page = browser.new_page(viewport={"width": pixels, "height": 800}, color_scheme=scheme)
            for name, path in PAGES.items():
                page.goto(address + path)
                page.screenshot(path=folder / f"{name}-{scheme}-{width}.png", full_page=True)
            page.close()


def _capture_for_readme(browser: Browser, address: str) -> None:
    for name, (scheme, height) in README_SCREENSHOTS.items():
        page = browser.new_page(viewport={"width": 960, "height": height}, color_scheme=scheme)
        page.goto(address + PAGES[name])
        page.screenshot(path=DOCS / f"web-{name.partition('-')[0]}.png")
        page.close()
