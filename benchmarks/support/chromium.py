"""Where this machine has a Chromium; Playwright's own are not downloaded."""

import os
import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome")


def executable() -> str | None:
    """The path of the browser: $CHROMIUM, or the first on the path; None where there is none."""
    named = os.environ.get("CHROMIUM")
    return named or next((found for name in NAMES if (found := shutil.which(name))), None)
