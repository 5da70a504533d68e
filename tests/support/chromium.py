"""Where this machine has a Chromium. Playwright's own browsers are not downloaded."""

import os
import shutil

BROWSER_NAMES = ("chromium", "chromium-browser", "google-chrome")


def chromium_path() -> str | None:
    """The path of the browser: $CHROMIUM, or the first on $PATH; None if there is none."""
    configured_path = os.environ.get("CHROMIUM")
    return configured_path or next(
        (path for name in BROWSER_NAMES if (path := shutil.which(name))), None
    )
