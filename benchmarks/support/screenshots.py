"""Pictures of the web pages, from the demo's articles; those that the README shows go to docs/.

    python -m benchmarks.support.screenshots [FOLDER]

With a folder, every page goes there in light and dark, wide and narrow. Needs Debian's `chromium`, or $CHROMIUM.
"""

import argparse
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from benchmarks.support.chromium import executable
from benchmarks.support.demo_history import make_demo_history
from benchmarks.support.served import served

DOCS = Path(__file__).parents[2] / "docs"
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


def main(folder: Path | None) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        path = Path(temporary) / "demo.db"
        make_demo_history(path)
        with served(path) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=executable(), args=["--no-sandbox"]
            )
            if folder:
                folder.mkdir(parents=True, exist_ok=True)
                _capture_all(browser, address, folder)
            else:
                _capture_for_readme(browser, address)
            browser.close()


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


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)  # fmt: skip
    parser.add_argument("folder", nargs="?", type=Path, help="where every page goes")
    main(parser.parse_args().folder)
